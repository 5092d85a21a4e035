"""The words of reports, shared by screen, print, spreadsheet and command line."""

from __future__ import annotations

from funneldesk.report_words.cells import cell_text, figures, flag_text, money_head
from funneldesk.report_words.labels import (
    column_label,
    group_title,
    grouping_title,
    report_answer,
    report_group,
    report_title,
)
from funneldesk.report_words.sentences import (
    excluded_sentences,
    header_block,
    note_sentences,
    period_text,
    population_sentence,
    population_title,
    rule_hint,
    rule_sentence,
    rule_title,
)

__all__ = [
    "cell_text",
    "column_label",
    "excluded_sentences",
    "figures",
    "flag_text",
    "group_title",
    "grouping_title",
    "header_block",
    "money_head",
    "note_sentences",
    "period_text",
    "population_sentence",
    "population_title",
    "report_answer",
    "report_group",
    "report_title",
    "rule_hint",
    "rule_sentence",
    "rule_title",
]
