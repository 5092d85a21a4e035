"""The rows of a table on paper: which stand on which page, how close, and how they are drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from funneldesk.report_words import Shown
from funneldesk.ui.reports.paper import INK, LINE, QUIET, STRIPE, Paper, write

PAD = 5.0
GUTTER = 8.0  # before words that follow a number
GAPS = (7.0, 5.5, 4.0)  # what a row has above and below its words; a smaller one where it saves a page
HARDLY = 0.5  # of its last page a table fills, so that its rows rather stand closer
FIRST_ROWS = 4  # so many begin a table at the foot of a page


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words; `strong` = a total."""

    cells: list[str]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns with their heads and widths, and the size of the font that lets them fit."""

    columns: list[Shown]
    heads: list[list[str]]
    widths: list[float]
    size: float
    fits: bool

    def shift(self, place: int) -> float:
        """What a column leaves free at its left, so that words do not cling to the number before them."""
        return GUTTER if after_number(self.columns, place) else 0.0

    def right(self, box: QRectF) -> float:
        """Where its lines end."""
        return box.left() + sum(self.widths)


def after_number(columns: list[Shown], place: int) -> bool:
    """Whether a column of words stands right of one of numbers."""
    return place > 0 and columns[place - 1].numeric and not columns[place].numeric


@dataclass(frozen=True, slots=True)
class Row:
    """A row ready to be drawn: `same` of its first cells are those of the row above."""

    line: Line
    font: QFont
    same: int
    height: float  # of its words
    full: float  # of its words at the top of a page, where nothing is left out


@dataclass(frozen=True, slots=True)
class Laid:
    """A table ready to be put on the paper."""

    grid: Grid
    rows: list[Row]
    head: float
    bold: QFont

    def height(self, gap: float, most: int | None = None) -> float:
        """How high its heads and its rows are, at most so many of them."""
        return self.head + sum(row.height + gap for row in self.rows[:most])


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a table stands: the height between its rows, whether it leaves this page, where others begin."""

    gap: float
    leaves: bool
    starts: frozenset[int]
    rest: float  # what is left of its last page

    @property
    def pages(self) -> int:
        """How many pages more than this one it takes."""
        return self.leaves + len(self.starts)


def add_rows(paper: Paper, laid: Laid, above: float, add_title: Callable[[], None]) -> None:
    """The rows under a title that is `above` high, with their heads on every page.

    What a row says again is left out but at the top of a page.
    """
    plan = _planned(paper, laid, above)
    if plan.leaves:
        paper.next_page()
    add_title()
    _add_head(paper, laid)
    rows = laid.rows
    named = max(row.same for row in rows)
    for number, row in enumerate(rows):
        if number in plan.starts:
            paper.next_page()
            _add_head(paper, laid)
        top = number == 0 or number in plan.starts
        same, height = (0, row.full) if top else (row.same, row.height)
        goes_on = number + 1 < len(rows) and number + 1 not in plan.starts
        under = rows[number + 1].same if goes_on else 0
        shade = named if number % 2 == 1 else None
        _add_row(paper, laid.grid, row, height + plan.gap, same, under, shade)


def _planned(paper: Paper, laid: Laid, above: float) -> _Plan:
    """Its rows as far from each other as can be, closer where that saves a page of little more than air."""
    plans = [_plan(paper, laid, above, paper.look.px(gap)) for gap in GAPS]
    usual = plans[0]
    if usual.rest < paper.page_room() * (1 - HARDLY):
        return usual
    return next((plan for plan in plans if plan.pages < usual.pages), usual)


def _plan(paper: Paper, laid: Laid, above: float, gap: float) -> _Plan:
    whole = above + laid.height(gap)
    stays_whole = whole <= paper.page_room() and paper.room() < paper.page_room() / 2
    leaves = paper.room() < (whole if stays_whole else above + laid.height(gap, FIRST_ROWS))
    rest = (paper.page_room() if leaves else paper.room()) - above - laid.head
    starts = set()
    rows = laid.rows
    for number, row in enumerate(rows):
        after = rows[number + 1 : number + 2]
        # neither the last row stands alone on a page, nor the sum of a group
        sums = bool(after) and after[0].same > 0 and after[0].line.strong and not row.line.strong
        needed = row.height + gap
        if sums or number == len(rows) - 2:
            needed += after[0].height + gap
        if number and needed > rest:
            starts.add(number)
            rest = paper.page_room() - laid.head
        top = number == 0 or number in starts
        rest -= (row.full if top else row.height) + gap
    return _Plan(gap, leaves, frozenset(starts), rest)


def left_out(cells: list[str], same: int) -> list[str]:
    """The cells of a row but those that say again what stands above."""
    return [""] * same + cells[same:]


def _add_head(paper: Paper, laid: Laid) -> None:
    cells = ["\n".join(head) for head in laid.grid.heads]

    def draw(painter: QPainter, box: QRectF) -> None:
        _cells(paper, painter, box, laid.grid, cells, laid.bold, QUIET, Qt.AlignmentFlag.AlignBottom)
        painter.setPen(QPen(QColor(INK), paper.look.px(1)))
        painter.drawLine(box.bottomLeft(), QPointF(laid.grid.right(box), box.bottom()))

    paper.place(laid.head, draw)


def _add_row(
    paper: Paper, grid: Grid, row: Row, height: float, same: int, next_same: int, shade: int | None
) -> None:
    """Draw a row; `shade` = grey from that column on, right of the names that stand for several rows."""

    def draw(painter: QPainter, box: QRectF) -> None:
        if shade is not None:
            left = box.left() + sum(grid.widths[:shade])
            line = paper.look.px(0.5)  # the lines between rows are not painted over
            inside = QRectF(left, box.top() + line, grid.right(box) - left, box.height() - 2 * line)
            painter.fillRect(inside, QColor(STRIPE))
        cells = left_out(row.line.cells, same)
        _cells(paper, painter, box, grid, cells, row.font, INK, Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(QPen(QColor(LINE), paper.look.px(0.5)))
        # the line above a total; under another row beside what the next one does not say again
        y, cut = (box.top(), same) if row.line.strong else (box.bottom(), next_same)
        painter.drawLine(QPointF(box.left() + sum(grid.widths[:cut]), y), QPointF(grid.right(box), y))

    paper.place(height, draw)


def _cells(
    paper: Paper,
    painter: QPainter,
    box: QRectF,
    grid: Grid,
    cells: list[str],
    font: QFont,
    color: str,
    upright: Qt.AlignmentFlag,
) -> None:
    x, pad = box.left(), paper.look.px(PAD)
    for place, (shown, wide, text) in enumerate(zip(grid.columns, grid.widths, cells, strict=True)):
        side = Qt.AlignmentFlag.AlignRight if shown.numeric else Qt.AlignmentFlag.AlignLeft
        flags = int(side) | int(upright) | (0 if shown.numeric else int(Qt.TextFlag.TextWordWrap))
        left = pad + paper.look.px(grid.shift(place))
        inside = QRectF(x + left, box.top(), wide - left - pad, box.height() - pad * 0.4)
        write(painter, inside, text, font, color, flags)
        x += wide
