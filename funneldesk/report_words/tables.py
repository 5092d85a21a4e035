"""A report as a table for people: the columns that are shown, ranges folded into one, what is too few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from funneldesk.domain.results import Column, Report, Type
from funneldesk.report_words.cells import RANGES, cell_text, money_head, range_text, whole_money
from funneldesk.report_words.labels import QUARTERS
from funneldesk.text import _

FEW = 10
_HIDDEN = ("rank",)
# shown only where something is known: costs and profit are not kept by everybody
_WHERE_KNOWN = (
    "cost", "roi", "roi_of", "projected", "cost_per_lead", "cost_per_win", "profit_per_activity", "p_age",
    "chance", "gap", "per_day", "marks",
)  # fmt: skip
# numbers that are told in words already
_TOLD_NUMBERS = ("now", "before", "change", "season_arrivals", "season_wins", *QUARTERS)
# the audit says the rest in sentences
_OF_AUDIT = (
    "kind", "by", "slice", "step", "count", "rate", "low", "high", "reference", "q",
    "cost", "worth", "amount",
)  # fmt: skip
# sums that most bases never have
_WHERE_ANY = ("no_due_date", "credit")
# rate -> the columns that together are its n
_N_OF: dict[str, tuple[str, ...]] = {
    "win_rate": ("won", "lost"),
    "conversion": ("entered",),
    "loss_rate": ("base",),
    "probability": ("resolved",),
    "own_share": ("count",),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A column of the table on screen and paper; `range_of` = it holds the 95 % range of that rate.

    `cents` = some of its sums have cents, so that all show them and stand under each other.
    """

    column: Column
    label: str
    numeric: bool
    range_of: str = ""
    cents: bool = False

    def text(self, report: Report, row: Mapping[str, Any]) -> str:
        """The cell in words; a rate without cases has no range."""
        if self.range_of:
            return range_text(row, self.range_of) or "–"
        return cell_text(report, self.column, row.get(self.column.key), row, cents=self.cents or None)


def shown_columns(report: Report) -> list[Shown]:
    """The columns in their order; the low and the high end of a range stand in one."""
    lows = {low: key for key, (low, _high) in RANGES.items()}
    highs = {high for _low, high in RANGES.values()}
    keys = {column.key for column in report.columns}
    found = []
    for column in report.columns:
        if column.key == "entered" and "count" in keys and report.rule == "reached":
            continue  # the same number as `count`
        if column.key in _HIDDEN or (column.key in highs and column.type is Type.RATE):
            continue
        if report.name == "audit" and column.key not in _OF_AUDIT:
            continue
        if column.key in _WHERE_KNOWN and all(row.get(column.key) is None for row in report.rows):
            continue
        if column.key in _WHERE_ANY and not any(row.get(column.key) for row in report.rows):
            continue
        numeric = column.type not in (Type.TEXT, Type.FLAG) or column.key in _TOLD_NUMBERS
        if column.key in lows and column.type is Type.RATE:
            found.append(Shown(column, _("95% range"), True, lows[column.key]))
        else:
            cents = not whole_money(report, column.key)
            found.append(Shown(column, money_head(report, column), numeric, cents=cents))
    if report.chosen:
        kept = [shown for shown in found if not shown.numeric or shown.column.key in report.chosen]
        if any(shown.numeric for shown in kept):  # of another report's figures none is left: then all
            return kept
    return found


def with_chosen(report: Report) -> Report:
    """`report` for a file: of its figures only the chosen ones."""
    if not report.chosen or not any(_is_figure(c) and c.key in report.chosen for c in report.columns):
        return report
    wanted = {*report.chosen, *(high for low, high in RANGES.values() if low in report.chosen)}
    dropped = {c.key for c in report.columns if _is_figure(c) and c.key not in wanted}
    columns = tuple(c for c in report.columns if c.key not in dropped)
    rows = tuple({key: value for key, value in row.items() if key not in dropped} for row in report.rows)
    totals = columns if report.total_columns == report.columns else report.total_columns
    return replace(report, columns=columns, rows=rows, total_columns=totals)


def _is_figure(column: Column) -> bool:
    return column.type not in (Type.TEXT, Type.FLAG)


def has_total_row(report: Report) -> bool:
    """Whether the totals are a row of the table."""
    return bool(report.rows) and report.total_columns == report.columns


def total_name(first: Shown) -> str:
    """What stands in the first column of the totals."""
    return _("Team") if first.column.key == "manager" else _("Total")


def total_cells(report: Report, columns: Sequence[Shown]) -> list[str]:
    """The totals as the last row of the table."""
    return [total_name(columns[0]), *(shown.text(report, report.totals) for shown in columns[1:])]


def opens_deals(report: Report, row: Mapping[str, Any], shown: Shown) -> bool:
    """Whether a cell's number leads to deals; of a week's activities it does not."""
    activities = report.name == "week" and row.get("section") in ("done", "promised")
    return shown.column.opens and not shown.range_of and not activities and bool(row.get(shown.column.key))


def is_few(report: Report, row: Mapping[str, Any], key: str) -> bool:
    """Whether a rate rests on fewer than ten cases, so that it is written in grey."""
    if key in ("step_conversion", "step_low"):
        keys: tuple[str, ...] = ("resolved",) if "resolved" in row else ("advanced", "lost")
    elif key in ("p25", "p50", "p75", "p90", "mean", "completed_median", "completed_mean"):
        keys = ("visits",) if "visits" in row else ("n",)
    elif key in ("rate", "low"):
        keys = ("resolved",) if "resolved" in row else ("leads",)
    else:
        keys = _N_OF.get(key.replace("_low", ""), ())
    if key == "probability" and report.name != "key-stage":
        return False
    if not keys or any(row.get(name) is None for name in keys):
        return False
    return sum(int(row[name]) for name in keys) < FEW
