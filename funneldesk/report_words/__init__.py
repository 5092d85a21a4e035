"""The words of reports, shared by screen, print, spreadsheet and command line."""

from __future__ import annotations

from funneldesk.report_words.ahead import (
    ahead_note,
    ahead_stages,
    ahead_title,
    ahead_work,
    prospects_note,
    prospects_report,
    prospects_title,
)
from funneldesk.report_words.audit import Finding, deals_text, finding_text, findings, with_sentences
from funneldesk.report_words.cells import UNKNOWN, cell_text, flag_text, money_head
from funneldesk.report_words.comparison import (
    comparison_note,
    comparison_report,
    comparison_title,
    span_title,
    with_before,
)
from funneldesk.report_words.cross import sum_of
from funneldesk.report_words.groupings import grouping_title
from funneldesk.report_words.head import filter_texts, funnel_text, header_block, moment_text
from funneldesk.report_words.labels import (
    column_label,
    group_title,
    report_answer,
    report_group,
    report_title,
)
from funneldesk.report_words.season import (
    season_chances,
    season_chances_title,
    season_note,
    season_report,
    season_title,
)
from funneldesk.report_words.sentences import (
    excluded_sentences,
    note_sentences,
    period_text,
    population_sentence,
    population_title,
    rule_hint,
    rule_sentence,
    rule_title,
)
from funneldesk.report_words.spans import long_span_text, span_text
from funneldesk.report_words.tables import (
    Shown,
    has_total_row,
    is_few,
    opens_deals,
    shown_columns,
    total_cells,
    total_name,
    with_chosen,
)
from funneldesk.report_words.totals import figures
from funneldesk.report_words.unsuccessful import reason_of, unsuccessful_report, unsuccessful_title
from funneldesk.report_words.week import Person, manager_of, people, team_key, team_report, team_title

__all__ = [
    "UNKNOWN",
    "Finding",
    "Person",
    "Shown",
    "ahead_note",
    "ahead_stages",
    "ahead_title",
    "ahead_work",
    "cell_text",
    "column_label",
    "comparison_note",
    "comparison_report",
    "comparison_title",
    "deals_text",
    "excluded_sentences",
    "figures",
    "filter_texts",
    "finding_text",
    "findings",
    "flag_text",
    "funnel_text",
    "group_title",
    "grouping_title",
    "has_total_row",
    "header_block",
    "is_few",
    "long_span_text",
    "manager_of",
    "moment_text",
    "money_head",
    "note_sentences",
    "opens_deals",
    "people",
    "period_text",
    "population_sentence",
    "population_title",
    "prospects_note",
    "prospects_report",
    "prospects_title",
    "reason_of",
    "report_answer",
    "report_group",
    "report_title",
    "rule_hint",
    "rule_sentence",
    "rule_title",
    "season_chances",
    "season_chances_title",
    "season_note",
    "season_report",
    "season_title",
    "shown_columns",
    "span_text",
    "span_title",
    "sum_of",
    "team_key",
    "team_report",
    "team_title",
    "total_cells",
    "total_name",
    "unsuccessful_report",
    "unsuccessful_title",
    "with_before",
    "with_chosen",
    "with_sentences",
]
