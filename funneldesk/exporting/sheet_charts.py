"""Native charts of a spreadsheet: what one is made of, and how it is put beside its table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

OUTLINE = "#222222"
NEUTRAL = "#9AA0A6"
# Okabe-Ito: told apart without seeing colour, outlined because some are pale on white
SERIES = ("#0072B2", "#56B4E9", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#D55E00", NEUTRAL)
_MOST_LABELS = 60  # numbers that can still be read beside each other
_GRID = {"visible": True, "line": {"color": "#DDDDDD"}}
_ROW = 20  # pixels of a usual row of a sheet


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells of some rows of a sheet, from 0, in the columns `left`..`right`; `data` = what they hold.

    The data is asked for only where the rows do not follow each other: a spreadsheet that does not
    look such cells up itself still has their numbers.
    """

    sheet: str
    rows: tuple[int, ...]
    left: int
    right: int
    data: tuple[Any, ...] = ()

    @property
    def many(self) -> int:
        """How many cells there are."""
        return len(self.rows) * (self.right - self.left + 1)

    def reference(self) -> list[Any] | str:
        """As xlsxwriter wants it: the ends of a range, or a formula of several."""
        from xlsxwriter.utility import quote_sheetname, xl_range_abs

        spans = [
            (span[0][1], span[-1][1])
            for _key, own in groupby(enumerate(self.rows), lambda pair: pair[1] - pair[0])
            for span in [list(own)]
        ]
        if len(spans) == 1:
            return [self.sheet, spans[0][0], self.left, spans[0][1], self.right]
        name = quote_sheetname(self.sheet)
        areas = (f"{name}!{xl_range_abs(top, self.left, end, self.right)}" for top, end in spans)
        return f"=({','.join(areas)})"


@dataclass(frozen=True, slots=True)
class Series:
    """Bars or points of one colour; `name` in words or as the cell (row, column) that holds it."""

    name: str | tuple[int, int]
    categories: Cells
    values: Cells
    code: str  # the number format of the cells, so of their labels
    colour: str = SERIES[0]
    each: tuple[str, ...] = ()  # a colour for each bar instead
    mark: str = ""  # only marks, no bars and no line: the shape
    labelled: bool = True


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; `kind`: bar (lying), column (standing), line, scatter, ranges (from the first series to
    the last of each category, the others as marks).
    """

    kind: str
    title: str
    series: tuple[Series, ...]
    stacked: bool = False
    axes: tuple[str, str] = ("", "")  # the names of the lower and the left one
    middle: tuple[float, float] | None = None  # where the axes of a scatter cross


def as_range(series: Sequence[Series]) -> tuple[Series, ...]:
    """Series of a chart of ranges: its ends as strokes, in case a program draws no bars between them."""
    ends = (0, len(series) - 1)
    marks = ("diamond", "long_dash")
    return tuple(
        replace(each, mark="short_dash", labelled=False, colour=OUTLINE)
        if n in ends
        else replace(each, mark=marks[n - 1])
        for n, each in enumerate(series)
    )


class Beside:
    """Puts charts right of what stands in a sheet, one under the other."""

    def __init__(self, book: Any, sheet: Any, column: int, top: int) -> None:
        self._book, self._sheet, self._column, self._top = book, sheet, column, top

    def put(self, charts: Iterable[Chart]) -> None:
        """Draw these under those that were put before."""
        for chart in charts:
            wide, high = _size(chart)
            drawn = _drawn(self._book, self._sheet.get_name(), chart)
            drawn.set_size({"width": wide, "height": high})
            options = {"description": chart.title}
            self._sheet.insert_chart(self._top, self._column, drawn, options)
            self._top += -(-high // _ROW) + 1


def _size(chart: Chart) -> tuple[int, int]:
    """Width and height in pixels, with room for every category."""
    many = max(series.values.many for series in chart.series)
    beside = 1 if chart.stacked or chart.kind in ("line", "ranges") else len(chart.series)
    if chart.kind == "bar":
        return 560, min(1100, max(380, 130 + many * max(26, 18 * beside)))
    if chart.kind == "scatter":
        return 640, 420
    return min(1100, max(560, 120 + many * max(34, 22 * beside))), 400 if chart.kind == "ranges" else 380


def _drawn(book: Any, sheet: str, chart: Chart) -> Any:
    kind = {"ranges": "line"}.get(chart.kind, chart.kind)
    drawn = book.add_chart({"type": kind, **({"subtype": "stacked"} if chart.stacked else {})})
    points = sum(series.values.many for series in chart.series)
    for series in chart.series:
        drawn.add_series(_options(sheet, chart, series, points <= _MOST_LABELS))
    drawn.set_title({"name": chart.title, "name_font": {"size": 11}, "overlay": False})
    single = len(chart.series) == 1 or chart.kind == "scatter"
    drawn.set_legend({"none": True} if single else {"position": "bottom"})
    _axes(drawn, chart)
    if chart.kind == "ranges":
        bars = {"fill": {"color": SERIES[1]}, "border": {"color": OUTLINE, "width": 0.5}}
        drawn.set_up_down_bars({"up": bars, "down": bars})
    return drawn


def _axes(drawn: Any, chart: Chart) -> None:
    code = chart.series[0].code
    lower: dict[str, Any] = {"name": chart.axes[0]} if chart.axes[0] else {}
    left: dict[str, Any] = {"name": chart.axes[1]} if chart.axes[1] else {}
    if chart.kind == "bar":
        left |= {"reverse": True}
        lower |= {"major_gridlines": _GRID, "min": 0, "num_format": code}
    elif chart.kind == "scatter":
        numbers = {"min": 0, "num_format": "General", "label_position": "low"}
        lower, left = lower | numbers, left | numbers | {"major_gridlines": {"visible": False}}
        if chart.middle is not None:
            dashed = {"color": OUTLINE, "dash_type": "dash"}
            lower |= {"crossing": chart.middle[0], "line": dashed}
            left |= {"crossing": chart.middle[1], "line": dashed}
    else:
        left |= {"major_gridlines": _GRID, "num_format": code}
        if chart.kind == "column":
            left |= {"min": 0}
        elif code.endswith("%"):
            left |= {"min": 0, "max": 1}
    drawn.set_x_axis(lower)
    drawn.set_y_axis(left)


def _options(sheet: str, chart: Chart, series: Series, room: bool) -> dict[str, Any]:
    """The series as xlsxwriter wants it."""
    fill = {"fill": {"color": series.colour}, "border": {"color": OUTLINE, "width": 0.5}}
    found: dict[str, Any] = {
        "name": series.name if isinstance(series.name, str) else [sheet, *series.name],
        "categories": series.categories.reference(),
        "values": series.values.reference(),
    }
    for key, cells in (("categories", series.categories), ("values", series.values)):
        if isinstance(found[key], str):
            found[f"{key}_data"] = list(cells.data)
    if chart.kind == "line":
        found |= {"line": {"color": series.colour, "width": 2}, "marker": {"type": "circle"}}
    elif series.mark:
        found |= {"line": {"none": True}, "marker": {"type": series.mark, "size": 9, **fill}}
    else:
        found |= {"gap": 40, **fill}
    if series.each:
        border = {"color": OUTLINE, "width": 0.5}
        found["points"] = [{"fill": {"color": colour}, "border": border} for colour in series.each]
    if chart.kind == "scatter":
        found["data_labels"] = {"series_name": True, "value": False, "position": "right"}
    elif series.labelled and room:
        # a part of a bar that is not there needs no 0
        code = f"{series.code};-{series.code};" if chart.stacked else series.code
        found["data_labels"] = {"value": True, "num_format": code}
        if chart.stacked and _is_dark(series.colour):
            found["data_labels"]["font"] = {"color": "#FFFFFF"}
        if series.mark:
            found["data_labels"]["position"] = "right"
    return found


def _is_dark(colour: str) -> bool:
    """Whether black numbers on it are hard to read."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 100


def grid_chart(sheet: str, title: str, size: tuple[int, int], code: str, *, stacked: bool) -> Chart | None:
    """Bars of a grid of numbers that begins in the first cell of its sheet, with its names around it.

    `size`: its lines and heads without their sums; `stacked` where its numbers add up.  The heads give
    the colours, the lines where there are too many heads; None where both are more than are told apart.
    """
    down, across = size
    if not down or not across or min(down, across) > len(SERIES):
        return None
    lines, series = tuple(range(1, down + 1)), []
    by_head = across <= len(SERIES)
    for number in range(across if by_head else down):
        at = number + 1
        names = Cells(sheet, lines, 0, 0) if by_head else Cells(sheet, (0,), 1, across)
        values = Cells(sheet, lines, at, at) if by_head else Cells(sheet, (at,), 1, across)
        series.append(Series((0, at) if by_head else (at, 0), names, values, code, SERIES[number]))
    return Chart("bar", title, tuple(series), stacked=stacked)
