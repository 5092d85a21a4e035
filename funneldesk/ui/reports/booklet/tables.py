"""Small tables of the booklet: the font as large as fits, names in several lines, a column may be drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from funneldesk.ui.reports.booklet.blocks import Block
from funneldesk.ui.reports.paper import INK, LINE, QUIET, Paper, write
from funneldesk.ui.reports.print_heads import head_lines

SIZES = (9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
PAD = 4.0
GUTTER = 6.0  # before words that follow a number
HEADS = (2, 3)  # lines of a head; more of them where that makes the letters larger
LEAST_NAME = 64.0
LEAST_DRAWN = 110.0
FLAGS = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class Col:
    """A column: its head, its cells in words, or `paint`, which draws the cell of a row."""

    label: str
    cells: Sequence[str] = ()
    numeric: bool = False
    paint: Callable[[QPainter, QRectF, int], None] | None = None


def table(
    paper: Paper, width: float, columns: Sequence[Col], *, strong: Sequence[int] = (), row_height: float = 0
) -> Block:
    """A table of `width`; `strong` rows are bold (totals); low rows (`row_height` px) have small letters."""
    size, heads, widths = _fit(paper, width, columns, row_height / 2 + 1 if row_height else SIZES[0])
    font, bold = paper.font(size), paper.font(size, bold=True)
    rows = max(len(column.cells) for column in columns)
    least = QFontMetricsF(bold).lineSpacing()
    pad = paper.look.px(2 * PAD)
    head_high = least * max(head.count("\n") + 1 for head in heads) + paper.look.px(5)
    heights = [
        max(
            least,
            paper.look.px(row_height - 5),
            *(
                paper.text_height(
                    column.cells[row],
                    bold if row in strong else font,
                    wide - pad - _gutter(paper, columns, at),
                )
                for at, (column, wide) in enumerate(zip(columns, widths, strict=True))
                if column.paint is None
            ),
        )
        + paper.look.px(5)
        for row in range(rows)
    ]

    def draw(painter: QPainter, box: QRectF) -> None:
        head = QRectF(box.left(), box.top(), width, head_high)
        _cells(painter, paper, head, columns, widths, heads, bold, QUIET)
        _line(painter, paper, head, INK, 1)
        y = head.bottom()
        for row, height in enumerate(heights):
            line = QRectF(box.left(), y, width, height)
            cells = ["" if column.paint else column.cells[row] for column in columns]
            _cells(painter, paper, line, columns, widths, cells, bold if row in strong else font, INK)
            x = box.left()
            for column, wide in zip(columns, widths, strict=True):
                if column.paint is not None:
                    column.paint(painter, QRectF(x, y, wide, height), row)
                x += wide
            _line(painter, paper, line, LINE, 0.5)
            y += height

    return Block(head_high + sum(heights), draw)


def _cells(
    painter: QPainter,
    paper: Paper,
    box: QRectF,
    columns: Sequence[Col],
    widths: Sequence[float],
    cells: Sequence[str],
    font: QFont,
    color: str,
) -> None:
    x, pad = box.left(), paper.look.px(PAD)
    for at, (column, wide, text) in enumerate(zip(columns, widths, cells, strict=True)):
        side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
        left = pad + _gutter(paper, columns, at)
        inside = QRectF(x + left, box.top(), wide - left - pad, box.height())
        if text:
            write(painter, inside, text, font, color, FLAGS | int(side))
        x += wide


def _gutter(paper: Paper, columns: Sequence[Col], at: int) -> float:
    """What a column leaves free at its left, so that words do not cling to the number before them."""
    after = at > 0 and columns[at - 1].numeric and not columns[at].numeric and columns[at].paint is None
    return paper.look.px(GUTTER) if after else 0.0


def _line(painter: QPainter, paper: Paper, box: QRectF, color: str, thick: float) -> None:
    painter.setPen(QPen(QColor(color), paper.look.px(thick)))
    painter.drawLine(QPointF(box.left(), box.bottom()), QPointF(box.right(), box.bottom()))


def _fit(
    paper: Paper, width: float, columns: Sequence[Col], largest: float
) -> tuple[float, list[str], list[float]]:
    """The largest font, the heads and the widths with which the table is as wide as it may be."""
    # names in one line are worth a somewhat smaller font
    sizes = [size for size in SIZES if size <= largest]
    tried = [
        *((size, most, False) for size in sizes if size >= 7.5 for most in HEADS),
        *((size, most, True) for size in sizes if size < 9.0 for most in HEADS),
    ]
    heads, wide = [column.label for column in columns], [1.0] * len(columns)
    for size, most, squeezed in tried:
        heads = ["\n".join(head_lines(column.label, most)) for column in columns]
        wide, least = _natural(paper, columns, heads, size)
        over = sum(wide) - width
        for place in sorted(range(len(wide)), key=lambda place: -wide[place]) if squeezed else ():
            cut = min(max(over, 0.0), max(0.0, wide[place] - least[place]))
            wide[place] -= cut
            over -= cut
        if over <= 0.5:
            drawn = [place for place, column in enumerate(columns) if column.paint is not None]
            wider = drawn or range(len(wide))
            for place in wider:
                wide[place] -= over / len(wider)
            return size, heads, wide
    scale = width / sum(wide)
    return SIZES[-1], heads, [each * scale for each in wide]


def _natural(
    paper: Paper, columns: Sequence[Col], heads: Sequence[str], size: float
) -> tuple[list[float], list[float]]:
    """How wide each column wants to be, and how narrow it may be made."""
    metrics = QFontMetricsF(paper.font(size, bold=True))
    pad = paper.look.px(2 * PAD) + 1
    wide, least = [], []
    for at, (column, head) in enumerate(zip(columns, heads, strict=True)):
        texts = head.split("\n") + list(column.cells if column.paint is None else ())
        want = max(metrics.horizontalAdvance(text) for text in texts) + pad + _gutter(paper, columns, at)
        if column.paint is not None:
            want = max(want, paper.look.px(LEAST_DRAWN))
        names = not column.numeric and column.paint is None
        wide.append(want)
        least.append(min(want, paper.look.px(LEAST_NAME)) if names else want)
    return wide, least
