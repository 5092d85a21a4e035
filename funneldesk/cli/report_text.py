"""A report as plain text: what the window and the print say of it, in columns of letters."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from funneldesk import report_words as words
from funneldesk.domain.results import Report
from funneldesk.report_words.cells import UNKNOWN
from funneldesk.text import _


def plain(report: Report, zone: ZoneInfo) -> str:
    """The report with its head and its rule, its totals, and what else it tells under them."""
    found = [f"{each.sign} {words.finding_text(each)}" for each in words.findings(report)]
    losses = words.unsuccessful_report(report)
    parts = [
        words.header_block(report, zone),
        words.note_sentences(report),
        found or _lines(report),
        _totals(report),
        [words.unsuccessful_title(report), *_lines(losses)] if losses is not None else [],
        words.excluded_sentences(report),
        *_ahead(report, zone),
        *_compared(report, zone),
        *_season(report),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def _totals(report: Report) -> list[str]:
    """The totals of which something is known; none where nothing was counted at all."""
    if not report.rows and not any(report.totals.values()):
        return []
    known = [each for each in words.figures(report) if each.text != UNKNOWN]
    return [f"{each.label}: {each.text}" + (f" ({each.note})" if each.note else "") for each in known]


def _ahead(report: Report, zone: ZoneInfo) -> list[list[str]]:
    found: list[list[str]] = []
    if words.ahead_title(report):
        found.append([words.ahead_title(report), words.ahead_note(report, zone)])
        found += [_lines(made) for made in (words.ahead_work(report), words.ahead_stages(report)) if made]
    prospects = words.prospects_report(report)
    if prospects is not None:
        found += [[words.prospects_title(report), words.prospects_note(report)], _lines(prospects)]
    return found


def _compared(report: Report, zone: ZoneInfo) -> list[list[str]]:
    other = words.comparison_report(report)
    if other is None:
        return []
    return [[words.comparison_title(report, zone), words.comparison_note(report)], _lines(other)]


def _season(report: Report) -> list[list[str]]:
    if not words.season_title(report):
        return []
    tables = words.season_report(report), words.season_chances(report)
    found = [_lines(each) for each in tables if each is not None]
    return [[words.season_title(report), words.season_note(report)], *found]


def _lines(report: Report) -> list[str]:
    """The table, the totals last where they have its columns."""
    if not report.rows:
        return [_("There is nothing to list in this period and with these filters.")]
    columns = words.shown_columns(report)
    heads = [each.label for each in columns]
    lines = [[each.text(report, row) for each in columns] for row in report.rows]
    if words.has_total_row(report):
        lines.append(words.total_cells(report, columns))
    widths = [max(map(len, cells)) for cells in zip(heads, *lines, strict=True)]

    def shown(cells: list[str]) -> str:
        parts = [
            cell.rjust(width) if column.numeric else cell.ljust(width)
            for cell, width, column in zip(cells, widths, columns, strict=True)
        ]
        return "  ".join(parts).rstrip()

    return [shown(heads), "  ".join("-" * width for width in widths), *map(shown, lines)]
