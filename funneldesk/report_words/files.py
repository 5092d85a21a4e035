"""The words of a report's spreadsheet, and the report written in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.results import Column, Report, Type
from funneldesk.exporting.report_xlsx import ReportWords, TableWords, write_report
from funneldesk.report_words.ahead import (
    ahead_note,
    ahead_stages,
    ahead_title,
    ahead_work,
    prospects_note,
    prospects_report,
    prospects_title,
)
from funneldesk.report_words.audit import with_sentences
from funneldesk.report_words.cells import cell_text, money_head, whole_money
from funneldesk.report_words.comparison import comparison_title, comparison_words
from funneldesk.report_words.cross import cross_words
from funneldesk.report_words.forecast import past_forecasts, past_title
from funneldesk.report_words.head import filter_texts
from funneldesk.report_words.labels import report_title
from funneldesk.report_words.season import season_words
from funneldesk.report_words.sentences import (
    excluded_sentences,
    note_sentences,
    period_text,
    population_sentence,
    rule_sentence,
)
from funneldesk.report_words.spans import is_span
from funneldesk.report_words.tables import has_total_row, with_chosen
from funneldesk.report_words.unsuccessful import unsuccessful_report, unsuccessful_title
from funneldesk.text import N_, _, currency_sign, format_datetime, ngettext

_CODES = ("finding", "cause")
# a range is one line on the screen, named by its middle; here each number has a line of its own
_MIDDLES = {"count_p50": N_("Wins, at least (5 of 10)"), "amount_p50": N_("Amount, at least (5 of 10)")}


def file_words(report: Report, zone: ZoneInfo) -> ReportWords:
    """Everything that a report's file says, in the language chosen."""
    notes = [
        (_("Funnel"), report.funnel or _("all")),
        (_("Period"), period_text(report.start, report.end, zone)),
        (_("As of"), format_datetime(report.as_of, zone)),
    ]
    filters = filter_texts(report)
    if filters:
        notes.append((_("Filters"), "; ".join(filters)))
    if report.comparison is not None:
        notes.append((_("Comparison"), comparison_title(report, zone)))
    counted = [sentence for sentence in (population_sentence(report), rule_sentence(report)) if sentence]
    notes.append((_("Counted"), " ".join(counted).removeprefix(_("Counted") + ": ")))
    left = [*excluded_sentences(report), *note_sentences(report)]
    if left:
        notes.append((_("Remarks"), " ".join(left)))

    def shown(row: Mapping[str, Any], column: Column) -> str:
        value = row.get(column.key)
        if value is not None and is_span(report, column.key, row):
            return str(value)  # codes of spans stand in their order when a person sorts them
        return cell_text(report, column, value, row)

    return ReportWords(
        title=report_title(report.name),
        notes=notes,
        labels={c.key: _head(report, c) for c in (*report.columns, *report.total_columns)},
        totals=_("Team") if has_total_row(report) and report.columns[0].key == "manager" else _("Total"),
        whole_money=whole_money(report),
        sheet=report_title(report.name),
        compared=comparison_words(report, zone),
        season=season_words(report),
        cross=cross_words(report),
        matrix=_("Matrix"),
        middle=_("middle of the team"),
        more=_more,
        below=_below(report, zone),
        text_of=shown,
    )


def _head(report: Report, column: Column) -> str:
    if column.key not in _MIDDLES:
        return money_head(report, column)
    sign = f", {currency_sign(report.currency)}" if column.type is Type.MONEY else ""
    return _(_MIDDLES[column.key]) + sign


def _more(count: int) -> str:
    text = ngettext("{count} more row in the table", "{count} more rows in the table", count)
    return text.format(count=count)


def _below(report: Report, zone: ZoneInfo) -> list[TableWords]:
    """The lost deals by reason under a stage funnel, what the goal still takes under a reverse plan,
    how past forecasts fared under a new one.
    """
    note = ahead_note(report, zone) if ahead_title(report) else ""
    parts = (
        (unsuccessful_title(report), "", unsuccessful_report(report)),
        (ahead_title(report), note, ahead_work(report)),
        ("" if ahead_work(report) else ahead_title(report), note, ahead_stages(report)),
        (prospects_title(report), prospects_note(report), prospects_report(report)),
        (past_title(report), "", past_forecasts(report)),
    )
    return [_table_words(title, said, table) for title, said, table in parts if table is not None]


def _table_words(title: str, note: str, table: Report) -> TableWords:
    def shown(row: Mapping[str, Any], column: Column) -> str:
        if is_span(table, column.key, row):
            return str(row[column.key])
        return cell_text(table, column, row.get(column.key), row)

    heads = {column.key: money_head(table, column) for column in table.columns}
    return TableWords(title, table, heads, shown, note if title else "", _("Total"))


def write_xlsx(report: Report, path: Path, zone: ZoneInfo) -> None:
    """Write a report as .xlsx in the language chosen; UserError export.failed where it cannot be."""
    told = with_sentences(report)
    # the codes of findings are for those who script; a person reads the sentences
    shown = tuple(column for column in told.columns if told.name != "audit" or column.key not in _CODES)
    told = replace(told, columns=shown)
    told = with_chosen(told)
    write_report(path, told, file_words(told, zone))
