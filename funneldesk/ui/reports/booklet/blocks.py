"""What a page of the booklet is put together of: blocks of a known height, under or beside each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from funneldesk.ui.reports.paper import INK, LINE, QUIET, WRAP, Paper, write

GAP = 16.0
BIG = 13.0
OUTLINED = "#e3e7ed"


@dataclass(frozen=True, slots=True)
class Block:
    """Something to draw into a box of this height and of the width it was made for."""

    height: float
    draw: Callable[[QPainter, QRectF], None]


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its name over it and what it is compared with under it."""

    label: str
    text: str
    note: str = ""


def words(
    paper: Paper, width: float, text: str, size: float, *, bold: bool = False, color: str = INK
) -> Block:
    """A paragraph."""
    font = paper.font(size, bold=bold)

    def draw(painter: QPainter, box: QRectF) -> None:
        write(painter, box, text, font, color, WRAP)

    return Block(paper.text_height(text, font, width), draw)


def heading(paper: Paper, width: float, text: str) -> Block:
    """The name of what follows, over a line."""
    inner = words(paper, width, text, 11, bold=True)
    line = paper.look.px(3)

    def draw(painter: QPainter, box: QRectF) -> None:
        inner.draw(painter, box)
        painter.setPen(QPen(QColor(LINE), paper.look.px(0.75)))
        y = box.top() + inner.height + line
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    return Block(inner.height + 2 * line, draw)


def stack(paper: Paper, blocks: Sequence[Block], gap: float = 4) -> Block:
    """Blocks under each other."""
    space = paper.look.px(gap)
    height = sum(block.height for block in blocks) + space * max(0, len(blocks) - 1)

    def draw(painter: QPainter, box: QRectF) -> None:
        y = box.top()
        for block in blocks:
            block.draw(painter, QRectF(box.left(), y, box.width(), block.height))
            y += block.height + space

    return Block(height, draw)


def beside(paper: Paper, blocks: Sequence[tuple[Block, float]]) -> Block:
    """Blocks beside each other, each with the width it was made for."""
    space = paper.look.px(GAP)

    def draw(painter: QPainter, box: QRectF) -> None:
        x = box.left()
        for block, width in blocks:
            block.draw(painter, QRectF(x, box.top(), width, block.height))
            x += width + space

    return Block(max(block.height for block, _width in blocks), draw)


def split(paper: Paper, *shares: float) -> list[float]:
    """The widths of columns that share the page, with gaps between them."""
    inside = paper.width - paper.look.px(GAP) * (len(shares) - 1)
    return [inside * share / sum(shares) for share in shares]


def tiles(paper: Paper, shown: Sequence[Tile], in_a_row: int) -> Block:
    """Numbers in rows; each column as wide as it needs, each number as large as its column allows."""
    look = paper.look
    small = paper.font(8.5)
    gap = look.px(10)
    widths = _tile_widths(paper, shown, in_a_row, gap)
    lines = [shown[start : start + in_a_row] for start in range(0, len(shown), in_a_row)]
    text_high = look.px(19)

    def highest(texts: Sequence[str]) -> float:
        pairs = zip(texts, widths, strict=False)
        return max((paper.text_height(text, small, wide - gap) for text, wide in pairs if text), default=0.0)

    heads = [highest([tile.label for tile in line]) for line in lines]
    notes = [highest([tile.note for tile in line]) for line in lines]
    left = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignVCenter)

    def draw(painter: QPainter, box: QRectF) -> None:
        y = box.top()
        for line, head, note in zip(lines, heads, notes, strict=True):
            x = box.left()
            for tile, wide in zip(line, widths, strict=False):
                inside = wide - gap
                write(painter, QRectF(x, y, inside, head), tile.label, small, QUIET, WRAP)
                font = _tile_font(paper, tile.text, inside)
                write(painter, QRectF(x, y + head, inside, text_high), tile.text, font, INK, left)
                write(painter, QRectF(x, y + head + text_high, inside, note), tile.note, small, QUIET, WRAP)
                x += wide
            y += head + text_high + note + look.px(6)

    return Block(sum(heads) + sum(notes) + (text_high + look.px(6)) * len(lines), draw)


def _tile_widths(paper: Paper, shown: Sequence[Tile], in_a_row: int, gap: float) -> list[float]:
    small, big = paper.look.metrics(paper.font(8.5)), paper.look.metrics(paper.font(BIG, bold=True))
    wide = [0.0] * in_a_row
    for number, tile in enumerate(shown):
        words_wide = max(small.horizontalAdvance(tile.label), small.horizontalAdvance(tile.note)) / 2
        want = max(big.horizontalAdvance(tile.text), words_wide, paper.look.px(44)) + gap
        wide[number % in_a_row] = max(wide[number % in_a_row], want)
    over = paper.width - sum(wide)
    if over < 0:
        return [each * paper.width / sum(wide) for each in wide]
    return [each + over / in_a_row for each in wide]


def _tile_font(paper: Paper, text: str, width: float) -> QFont:
    size = BIG
    while size > 8 and paper.look.metrics(paper.font(size, bold=True)).horizontalAdvance(text) > width:
        size -= 0.5
    return paper.font(size, bold=True)


def numbered(paper: Paper, width: float, sentences: Sequence[str]) -> Block:
    """Sentences with their numbers before them."""
    shift = paper.look.px(18)
    font = paper.font(10, bold=True)

    def item(number: int, text: str) -> Block:
        inner = words(paper, width - shift, text, 10)

        def draw(painter: QPainter, box: QRectF) -> None:
            write(painter, box, f"{number}.", font, INK, int(Qt.AlignmentFlag.AlignLeft))
            inner.draw(painter, box.adjusted(shift, 0, 0, 0))

        return Block(inner.height, draw)

    return stack(paper, [item(number, text) for number, text in enumerate(sentences, start=1)], 4)


def over_outline(painter: QPainter, paper: Paper, area: QRectF, own: float, usual: float) -> None:
    """A bar from the left over a grey outline, both shares of the area's width."""
    look = paper.look
    painter.setPen(QPen(QColor(QUIET), look.px(0.75)))
    painter.setBrush(QColor(OUTLINED))
    painter.drawRect(QRectF(area.left(), area.top(), area.width() * usual, area.height()))
    inset = area.height() * 0.22
    painter.setPen(QPen(look.color("fill_outline"), look.px(0.75)))
    painter.setBrush(look.color("won"))
    painter.drawRect(QRectF(area.left(), area.top() + inset, area.width() * own, area.height() - 2 * inset))


def place(paper: Paper, block: Block, gap: float = 10) -> None:
    """Put a block on the paper, on the next page when it does not fit on this one."""
    paper.place(block.height, block.draw, gap)
