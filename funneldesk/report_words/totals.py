"""The totals that stand above a report."""

from __future__ import annotations

from dataclasses import dataclass

from funneldesk.domain.results import Report, Type
from funneldesk.report_words.cells import RANGES, cell_text, column_head, range_text
from funneldesk.report_words.labels import column_label
from funneldesk.report_words.sentences import is_young
from funneldesk.text import _, format_money, with_currency

# totals without a value that say nothing
_WHERE_KNOWN = (
    "pooled_rate", "target_amount", "plan", "plan_chance", "backtest", "overall_conversion", "maturity",
)  # fmt: skip
_OVERDUE = ("d1_30", "d31_60", "d61_90", "d90_plus")
# the middle of a range of futures -> its ends, shown beside it
SPREADS = {"count_p50": ("count_p10", "count_p90"), "amount_p50": ("amount_p10", "amount_p90")}


@dataclass(frozen=True, slots=True)
class Figure:
    """A total as it stands above a report: its key, name, value, and its range when it has one."""

    key: str
    label: str
    text: str
    note: str = ""
    opens: bool = False


def figures(report: Report) -> list[Figure]:
    """The totals in words, a rate together with its range; nothing where the totals are a row.

    But what is owed in all stands above too, with how much of it is overdue.
    """
    if report.total_columns == report.columns:
        return _owed(report) if report.name == "receivables" else []
    folded = {key for low_high in RANGES.values() for key in low_high}
    ends = {key for low_high in SPREADS.values() for key in low_high}
    found = []
    for column in report.total_columns:
        if (column.key in folded and column.type is Type.RATE) or column.key in ends:
            continue
        if column.key == "won_by_rule" and report.totals.get("won_by_rule") == report.totals.get("won"):
            continue
        if column.key == "maturity" and report.comparison is None and is_young(report):
            continue  # a note says it
        value = report.totals.get(column.key)
        if value is None and (column.type is Type.TEXT or column.key in _WHERE_KNOWN):
            continue
        text = cell_text(report, column, value, report.totals)
        if column.type is Type.MONEY and value is not None:
            text = with_currency(text, report.currency)
        note = range_text(report.totals, column.key) or _spread_text(report, column.key)
        found.append(Figure(column.key, column_head(report, column.key), text, note, column.opens))
    return found


def _owed(report: Report) -> list[Figure]:
    totals = report.totals
    overdue = sum(totals[key] for key in _OVERDUE)
    shown = [("total", totals["total"], column_label("total")), ("overdue", overdue, _("Overdue"))]
    return [Figure(key, label, format_money(value, report.currency)) for key, value, label in shown]


def _spread_text(report: Report, key: str) -> str:
    """The ends of a range of futures as "56–70", empty where there are none."""
    if key not in SPREADS:
        return ""
    ends = [cell_text(report, report.column(end), report.totals.get(end)) for end in SPREADS[key]]
    return "–".join(ends)
