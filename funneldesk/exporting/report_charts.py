"""The native charts of a report's spreadsheet; they point at its cells and follow them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.results import Column, Report

# Okabe-Ito: told apart without seeing colour, outlined because some are pale on white.
_COLOURS = {
    "passed": "#0072B2",
    "passed_amount": "#0072B2",
    "won": "#0072B2",
    "lost": "#E69F00",
    "lost_amount": "#E69F00",
    "open": "#56B4E9",
    # beside `won` in one chart
    "created": "#56B4E9",
    "leads": "#56B4E9",
}
_SERIES = ("#0072B2", "#56B4E9", "#E69F00", "#009E73")
_OUTLINE = "#222222"


@dataclass(frozen=True, slots=True)
class _Chart:
    kind: str  # bar (lying), column (standing), line
    category: str
    series: tuple[str, ...]
    stacked: bool = False


_CHARTS: dict[str, tuple[_Chart, ...]] = {
    "stage-funnel": (_Chart("bar", "stage", ("count",)),),
    "finished-funnel": (
        _Chart("bar", "stage", ("passed", "lost"), stacked=True),
        _Chart("bar", "stage", ("passed_amount", "lost_amount"), stacked=True),
    ),
    "managers": (
        _Chart("bar", "manager", ("won", "lost", "open"), stacked=True),
        _Chart("bar", "manager", ("won_amount",)),
    ),
    "stage-times": (_Chart("bar", "stage", ("p50", "p90")),),
    "cycle": (_Chart("column", "outcome", ("p25", "p50", "p75", "p90")),),
    "lost": (_Chart("bar", "label", ("lost",)), _Chart("bar", "label", ("lost_amount",))),
    "key-stage": (_Chart("line", "stage", ("probability",)),),
    "active-funnel": (_Chart("bar", "stage", ("open",)), _Chart("bar", "stage", ("amount",))),
    "sources": (_Chart("bar", "source", ("leads", "won")),),
    "dynamics": (_Chart("column", "period", ("created", "won", "lost")),),
}


def add_charts(
    book: Any, sheet: Any, report: Report, label: Callable[[Column], str], first: int, last: int
) -> None:
    """Put the report's charts right of its table (rows `first`..`last`, counted from 0)."""
    if last < first:
        return
    place = {column.key: number for number, column in enumerate(report.columns)}
    top = first - 1
    for chart in _CHARTS.get(report.name, ()):
        if chart.category in place and all(key in place for key in chart.series):
            drawn = _draw(book, sheet.get_name(), chart, report, label, place, first, last)
            sheet.insert_chart(top, len(report.columns) + 1, drawn)
            top += 20


def colour_of(key: str, number: int) -> str:
    """The colour of a series by what it counts, else by its number in the chart (from 0)."""
    return _COLOURS.get(key, _SERIES[number % len(_SERIES)])


def _last_name(category: str, place: dict[str, int]) -> int:
    return max(place[key] for key in place if key == category or key.startswith(f"{category}_"))


def _draw(
    book: Any,
    sheet: str,
    chart: _Chart,
    report: Report,
    label: Callable[[Column], str],
    place: dict[str, int],
    first: int,
    last: int,
) -> Any:
    options = {"type": chart.kind, **({"subtype": "stacked"} if chart.stacked else {})}
    drawn = book.add_chart(options)
    for number, key in enumerate(chart.series):
        colour = colour_of(key, number)
        series: dict[str, Any] = {
            "name": label(report.column(key)),
            # of losses by two or three things each bar has all its names
            "categories": [sheet, first, place[chart.category], last, _last_name(chart.category, place)],
            "values": [sheet, first, place[key], last, place[key]],
            "gap": 40,
            "fill": {"color": colour},
            "border": {"color": _OUTLINE, "width": 0.5},
            "data_labels": {"value": True},
        }
        if chart.kind == "line":
            series.update(line={"color": colour, "width": 2}, marker={"type": "circle"})
            del series["fill"], series["border"], series["gap"]
        drawn.add_series(series)
    names = " / ".join(label(report.column(key)) for key in chart.series)
    drawn.set_title({"name": names, "name_font": {"size": 11}, "overlay": False})
    if len(chart.series) == 1:
        drawn.set_legend({"none": True})
    else:
        drawn.set_legend({"position": "bottom"})
    if chart.kind == "bar":
        drawn.set_y_axis({"reverse": True})
        drawn.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}}, "min": 0})
    drawn.set_size({"width": 560, "height": 380})
    return drawn
