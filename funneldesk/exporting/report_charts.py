"""The native charts of a report's spreadsheet; they point at its cells and follow them."""

from __future__ import annotations

from dataclasses import dataclass

from funneldesk.exporting.chart_specials import SPECIAL
from funneldesk.exporting.chart_tables import MOST, Written
from funneldesk.exporting.sheet_charts import Chart, as_range

_DUE = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "no_due_date")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A chart straight from the columns of a table: of too many rows the first, or the `newest`."""

    kind: str  # bar (lying), column (standing), line, ranges: see `Chart`
    category: str
    series: tuple[str, ...]
    stacked: bool = False
    newest: bool = False
    filled: bool = False  # a row with none of it has no bar


# Not of `week`, `lost-words` and `audit`: their rows are texts, each of another thing.
# `manager-matrix` and `cross-table` have theirs beside their grid.
_CHARTS: dict[str, tuple[_Kind, ...]] = {
    "stage-funnel": (_Kind("bar", "stage", ("count",)),),
    "finished-funnel": (
        _Kind("bar", "stage", ("passed", "lost"), stacked=True),
        _Kind("bar", "stage", ("passed_amount", "lost_amount"), stacked=True),
    ),
    "managers": (
        _Kind("bar", "manager", ("won", "lost", "open"), stacked=True),
        _Kind("bar", "manager", ("won_amount",)),
    ),
    "stage-times": (_Kind("bar", "stage", ("p50", "p90")),),
    "cycle": (_Kind("column", "outcome", ("p25", "p50", "p75", "p90")),),
    "lost": (_Kind("bar", "label", ("lost",)), _Kind("bar", "label", ("lost_amount",))),
    "key-stage": (_Kind("line", "stage", ("probability",)),),
    "active-funnel": (_Kind("bar", "stage", ("open",)), _Kind("bar", "stage", ("amount",))),
    "sources": (_Kind("bar", "source", ("leads", "won")), _Kind("bar", "source", ("revenue",))),
    "dynamics": (_Kind("column", "period", ("created", "won", "lost"), newest=True),),
    "leads-deals": (
        _Kind("column", "period", ("lead_amount", "direct_amount"), stacked=True, newest=True),
        _Kind("column", "period", ("lead_won", "direct_won"), stacked=True, newest=True),
    ),
    "wins-when": (_Kind("column", "label", ("closed", "won")), _Kind("column", "label", ("win_rate",))),
    "receivables": (_Kind("bar", "label", _DUE, stacked=True, filled=True),),
    "reaction": (
        _Kind("bar", "manager", ("answered", "unanswered"), stacked=True),
        _Kind("bar", "manager", ("median_hours", "p90_hours")),
    ),
    "reverse-plan": (_Kind("bar", "stage", ("need", "need_80", "need_90")),),
    "forecast": (_Kind("bar", "stage", ("expected_amount",)),),
    "past-forecasts": (_Kind("ranges", "month", ("amount_p10", "won_amount", "amount_p90")),),
}


def charts_of(table: Written) -> list[Chart]:
    """The charts of a table, none of one that has no rows."""
    if not table.report.rows:
        return []
    plain = [made for each in _CHARTS.get(table.report.name, ()) if (made := _plain(table, each))]
    special = SPECIAL.get(table.report.name)
    return plain + (special(table) if special else [])


def _plain(table: Written, chart: _Kind) -> Chart | None:
    # of figures that were chosen by hand those that are there
    keys = [key for key in chart.series if table.has(key) or not table.report.chosen]
    if not keys or not table.has(chart.category, *keys):
        return None
    told = [
        place
        for place, row in enumerate(table.report.rows)
        if not chart.filled or any((row[key] or 0) > 0 for key in keys)
    ]
    rows = told[-MOST:] if chart.newest else told[:MOST]
    if not rows:
        return None
    if chart.stacked:  # a part that nobody has is no part
        keys = [key for key in keys if any(table.report.rows[row][key] for row in rows)] or keys[:1]
    # of losses by two or three things each bar has all its names
    names = [c.key for c in table.report.columns if c.key.startswith(f"{chart.category}_")]
    until = max((chart.category, *names), key=table.place)
    series = [table.series(key, rows, chart.category, n, until=until) for n, key in enumerate(keys)]
    title = " / ".join(table.label(table.report.column(key)) for key in keys)
    if chart.kind == "ranges":
        series, title = list(as_range(series)), table.title
    elif table.below:
        title = f"{table.title}: {title}"
    title = table.titled(title, len(told) - len(rows))
    return Chart(chart.kind, title, tuple(series), chart.stacked)
