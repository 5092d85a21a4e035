"""The words of a comparison with an earlier period, as a table of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.results import Column, Compared, Comparison, Report, Span, Type
from funneldesk.exporting.report_compared import ComparisonWords, compared_column
from funneldesk.report_words.cells import cell_text, money_head
from funneldesk.report_words.labels import column_label
from funneldesk.report_words.sentences import period_text
from funneldesk.report_words.totals import Figure
from funneldesk.text import N_, _, format_number, format_points, with_currency

_VERDICTS: dict[str, str] = {
    "higher": N_("▲ higher, more than chance"),
    "lower": N_("▼ lower, more than chance"),
    "none": N_("may be chance"),
    "few": N_("too few"),
}
_SPANS: dict[str, str] = {
    Span.PREVIOUS: N_("the period before"),
    Span.YEAR: N_("the same period a year ago"),
    Span.ANY: N_("another period"),
}
_COLUMNS = tuple(Column(key, Type.TEXT) for key in ("row", "figure", "now", "before", "change", "verdict"))


def span_title(span: str) -> str:
    """What is compared with, as a choice."""
    return _(_SPANS[span]) if span in _SPANS else span


def comparison_title(report: Report, zone: ZoneInfo) -> str:
    """The head over the comparison."""
    other = report.comparison
    if other is None:
        return ""
    days = period_text(other.start, other.end, zone)
    return _("Compared with {span}: {days}").format(span=span_title(other.span), days=days)


def comparison_note(report: Report) -> str:
    """How the earlier period is looked at; whether both are of one length."""
    other = report.comparison
    told = [
        _(
            "The earlier period stands as it did equally long after its beginning, so that both had the same "
            "time. Percents differ by more than chance where chance alone would make such a difference less "
            "than 5 times in 100; from ten cases on in both."
        )
        if other is None or other.span is not Span.ANY
        else _(
            "The other period stands as it did equally long after its end (while this one still runs: "
            "after its beginning). Percents differ by more than chance where chance alone would make such a "
            "difference less than 5 times in 100; from ten cases on in both."
        )
    ]
    if other is not None and other.span is Span.ANY and not _as_long(report, other):
        told.append(_("The periods are not of one length: compare percents and days, not counts and sums."))
    return " ".join(told)


def _as_long(report: Report, other: Comparison) -> bool:
    """Whether both periods last equally long, give or take what months differ by (a tenth)."""
    if None in (report.start, other.start, other.end):
        return True
    own = (report.end or report.as_of) - (report.start or 0)
    return abs((other.end or 0) - (other.start or 0) - own) <= own / 10


def comparison_report(report: Report) -> Report | None:
    """The comparison as a table of words; None without one."""
    other = report.comparison
    if other is None:
        return None
    rows = tuple(_row(report, line) for line in other.rows)
    return replace(
        report,
        columns=_COLUMNS,
        rows=rows,
        total_columns=(),
        totals={},
        excluded={},
        extra={},
        comparison=None,
    )


def comparison_words(report: Report, zone: ZoneInfo) -> ComparisonWords | None:
    """The words of the comparison's sheet in a spreadsheet; None without one."""
    other = report.comparison
    if other is None:
        return None
    heads = ("row", "figure", "now", "before", "change", "p", "verdict")
    told = [(_name(report, line), _figure(report, line), _verdict(line)) for line in other.rows]
    return ComparisonWords(
        sheet=_("Comparison"),
        title=comparison_title(report, zone),
        note=comparison_note(report),
        heads=[column_label(key) for key in heads],
        rows=told,
        points=_("{points} points"),
    )


def _figure(report: Report, line: Compared) -> str:
    return money_head(report, compared_column(report, line))


def _verdict(line: Compared) -> str:
    return _(_VERDICTS[line.verdict]) if line.verdict else ""


def _row(report: Report, line: Compared) -> dict[str, Any]:
    column = compared_column(report, line)
    said = "–" if line.change is None else _signed(report, column, line)
    return {
        "row": _name(report, line),
        "figure": _figure(report, line),
        "now": cell_text(report, column, line.now) if line.now is not None else "–",
        "before": cell_text(report, column, line.before) if line.before is not None else "–",
        "change": said,
        "verdict": _verdict(line),
    }


def _signed(report: Report, column: Column, line: Compared) -> str:
    change = line.change or 0
    if column.type in (Type.RATE, Type.POINTS):
        return format_points(change)
    if column.type is Type.DAYS:  # as exact as the two lengths beside it are written
        longest = max(abs(line.now or 0), abs(line.before or 0))
        words = format_number(change, 1 if round(longest, 1) < 10 else 0)
    else:
        words = cell_text(report, column, change)
    return f"+{words}" if change > 0 and words != "0" else words


def _name(report: Report, line: Compared) -> str:
    if not line.label:
        return _("Total")
    values = dict(zip(report.naming(), line.label, strict=True))
    return " · ".join(cell_text(report, report.column(key), value, values) for key, value in values.items())


def with_before(report: Report, figures: list[Figure]) -> list[Figure]:
    """The totals, each with what it was in the period compared with."""
    if report.comparison is None:
        return figures
    old = {line.key: line for line in report.comparison.rows if not line.label}
    found = []
    for figure in figures:
        line = old.get(figure.key)
        if line is not None and line.before is not None:
            column = next(column for column in report.total_columns if column.key == figure.key)
            was = cell_text(report, column, line.before)
            if column.type is Type.MONEY:
                was = with_currency(was, report.currency)
            arrow = "" if not line.change else "▲ " if line.change > 0 else "▼ "
            note = _("{arrow}was {value}").format(arrow=arrow, value=was)
            figure = replace(figure, note=f"{figure.note} · {note}" if figure.note else note)
        found.append(figure)
    return found
