"""Small bars side by side: the same rows in every column, so that they are compared both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFont

from funneldesk.text import _
from funneldesk.ui.reports.charts.canvas import Canvas, Spot
from funneldesk.ui.reports.charts.look import Look, wrapped, wrapped_all
from funneldesk.ui.reports.charts.sheet import Sheet

PAGE = 800  # of a page's width at 100 % what the columns and the names at their left share
NARROWEST = 116
THICK = 16
LETTERS = 24  # of a line over a column
LEFT, LONGEST = 0.46, 0.46  # where bars begin left of a column's middle, and a full one, in columns


@dataclass(frozen=True, slots=True)
class Cell:
    """A bar of a row of the report (`share` of a full one, None = no data) and what is said of it."""

    row: int
    share: float | None
    text: str
    key: str
    tip: str
    opens: bool
    more: str = ""
    below: str = ""
    stroke: float | None = None  # another number, on the scale of the bar


@dataclass(frozen=True, slots=True)
class Grid:
    """The names down and across, and the cells by (place down, place across); `high` pixels a row."""

    names: Sequence[str]
    heads: Sequence[str]
    cells: Mapping[tuple[int, int], Cell]
    high: float
    full: bool = False  # bars are parts of a whole, which is drawn behind them


def draw(sheet: Sheet, grid: Grid) -> None:
    """On the screen all columns in one plot that is moved along, on paper as many as a page holds.

    Without columns nothing is drawn.
    """
    if not grid.heads:
        return
    wide = _column(sheet.look, grid)
    every = list(range(len(grid.heads)))
    most = len(every)
    if sheet.look.paper:
        most = max(1, int((PAGE - _side(sheet.look, grid)) / wide))
    parts = -(-len(every) // most)
    size = -(-len(every) // parts)
    for start in range(0, len(every), size):
        _part(sheet, grid, every[start : start + size], wide)


def _fonts(look: Look) -> tuple[QFont, QFont, QFont]:
    return look.font(12), look.font(12, bold=True), look.small()


def _column(look: Look, grid: Grid) -> float:
    """The pixels that a column needs for its head, its longest bar with the number, and the words below."""
    plain, bold, small = (look.metrics(font) for font in _fonts(look))
    heads = [plain.horizontalAdvance(line) for head in grid.heads for line in _head(head).split("\n")]
    said = [bold.horizontalAdvance(c.text) + small.horizontalAdvance(c.more) for c in grid.cells.values()]
    below = [small.horizontalAdvance(cell.below) for cell in grid.cells.values()]
    beside = max(said, default=0) + look.px(12)
    needed = max([*heads, *below, beside / (0.5 + LEFT - LONGEST)], default=0) + look.px(12)
    return max(NARROWEST, needed / look.px(1))


def _side(look: Look, grid: Grid) -> float:
    """How wide the names at the left are."""
    metrics = look.metrics(_fonts(look)[0])
    lines = [line for name in wrapped_all(grid.names) for line in name.split("\n")]
    return max(map(metrics.horizontalAdvance, lines), default=0) / look.px(1) + 16


def _head(name: str) -> str:
    return wrapped(name, LETTERS)


def _part(sheet: Sheet, grid: Grid, columns: Sequence[int], wide: float) -> None:
    look, count = sheet.look, len(grid.names)
    heads = [_head(grid.heads[column]) for column in columns]
    above = 16 * max((head.count("\n") + 1 for head in heads), default=1) + 6
    panel = sheet.panel(height=grid.high * count + above, width=wide * len(columns) + 160)
    panel.columns, panel.column = len(columns), wide
    canvas = panel.canvas
    canvas.view((-0.5, len(columns) - 0.5), (-0.5 - above / grid.high, count - 0.5), down=True)
    canvas.categories(grid.names, [float(i) for i in range(count)])
    strokes: list[tuple[Spot, Spot]] = []
    for at, column in enumerate(columns):
        canvas.words(at - LEFT, -0.5, heads[at], anchor=(0, 1), font=_fonts(look)[0])
        cells = [(y, grid.cells[y, column]) for y in range(count) if (y, column) in grid.cells]
        _bars(canvas, look, grid, at, cells)
        for y, cell in cells:
            _cell(canvas, look, grid, at, y, cell)
            if cell.stroke is not None:
                x, middle = at - LEFT + cell.stroke * LONGEST, y - _lift(cell)
                half = (THICK / 2 + 2) / grid.high
                strokes.append(((x, middle - half), (x, middle + half)))
    canvas.strokes(strokes, look.pen("text", 3))


def _bars(canvas: Canvas, look: Look, grid: Grid, at: int, cells: Sequence[tuple[int, Cell]]) -> None:
    known = [(y - _lift(cell), cell.share) for y, cell in cells if cell.share is not None]
    places, shares = [y for y, _share in known], [share for _y, share in known]
    starts, thick = [at - LEFT] * len(known), THICK / grid.high
    if grid.full:
        canvas.bars(starts, places, [LONGEST] * len(known), thick, look.color("sunken"))
    canvas.bars(starts, places, [share * LONGEST for share in shares], thick, look.color("won"))


def _lift(cell: Cell) -> float:
    return 0.16 if cell.below else 0.0


def _cell(canvas: Canvas, look: Look, grid: Grid, at: int, y: int, cell: Cell) -> None:
    left, middle = at - LEFT, y - _lift(cell)
    plain, bold, small = _fonts(look)
    if cell.share is None:
        canvas.words(left, middle, _("no data"), more=cell.more, token="quiet", font=plain)
    else:
        end = 1.0 if grid.full else max(cell.share, cell.stroke or 0.0)
        canvas.words(left + end * LONGEST, middle, cell.text, more=cell.more, font=bold, gap=6)
    if cell.below:
        canvas.words(left, y + 0.24, cell.below, token="quiet", font=small)
    canvas.hit((at - 0.5, at + 0.5), (y - 0.5, y + 0.5), cell.row, cell.key, cell.tip, opens=cell.opens)
