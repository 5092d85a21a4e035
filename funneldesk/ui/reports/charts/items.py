"""Items of a fixed size in pixels: words and symbols, painted as text and paths so that they print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

Piece = tuple[str, QFont, QColor]


class Words(pg.GraphicsObject):
    """Plain words at a point: lines of pieces, each with its font and colour.

    pyqtgraph's own TextItem drops the painter's transform when first painted, which moves it in print.
    """

    def __init__(
        self,
        lines: Sequence[Sequence[Piece]],
        anchor: tuple[float, float],
        gap: float = 0,
        back: QColor | None = None,
        spare: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(20)
        self._whole, self._spare, self._gap = [list(line) for line in lines], tuple(spare), gap
        self._anchor, self._back = anchor, back
        self._lay(self._whole)

    def _lay(self, lines: list[list[Piece]]) -> None:
        self._lines = lines
        self._heights = [
            max((QFontMetricsF(f).height() for _t, f, _c in line), default=0.0) for line in lines
        ]
        self._widths = [sum(QFontMetricsF(f).horizontalAdvance(t) for t, f, _c in line) for line in lines]
        wide, high = max(self._widths, default=0.0), sum(self._heights)
        x, y = self._anchor
        self._area = QRectF(self._gap - x * wide, -y * high, wide, high)

    def fit(self, room: float) -> None:
        """Leave out pieces of the last line, in the order of `spare`, until it needs no more than `room`."""
        if not self._spare:
            return
        self.prepareGeometryChange()
        *before, last = self._whole
        for count in range(len(self._spare) + 1):
            gone = self._spare[:count]
            self._lay([*before, [piece for place, piece in enumerate(last) if place not in gone]])
            if self.size()[0] <= room:
                return

    def text(self) -> str:
        """What it says."""
        return "\n".join("".join(text for text, _font, _color in line) for line in self._lines)

    def size(self) -> tuple[float, float]:
        """How far it reaches to the right of its point, and its height, in pixels."""
        return self._area.right(), self._area.height()

    def starts_at_left(self) -> bool:
        """Whether the words begin at their point."""
        return self._anchor[0] == 0

    # Qt overrides

    def boundingRect(self) -> QRectF:
        return self._area.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, *_rest: Any) -> None:
        if self._back is not None:
            painter.fillRect(self._area, self._back)
        y = self._area.top()
        for line, high, wide in zip(self._lines, self._heights, self._widths, strict=True):
            x = self._area.left() + (self._area.width() - wide) * self._anchor[0]
            ascent = max((QFontMetricsF(font).ascent() for _t, font, _c in line), default=0.0)
            for text, font, color in line:
                painter.setFont(font)
                painter.setPen(color)
                painter.drawText(QPointF(x, y + ascent), text)
                x += QFontMetricsF(font).horizontalAdvance(text)
            y += high


class Mark(pg.GraphicsObject):
    """One symbol; scatter items of pyqtgraph paint pixmaps, which print as pictures."""

    def __init__(self, shape: Any, size: float, fill: QColor, outline: QPen) -> None:
        super().__init__()
        self.setFlag(self.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(10)
        self._shape, self._size, self._fill, self._outline = shape, size, fill, outline

    # Qt overrides

    def boundingRect(self) -> QRectF:
        half = self._size / 2 + 2
        return QRectF(-half, -half, 2 * half, 2 * half)

    def paint(self, painter: QPainter, *_rest: Any) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self._outline)
        pen.setCosmetic(False)
        pen.setWidthF(self._outline.widthF() / self._size)
        painter.scale(self._size, self._size)
        painter.setPen(pen)
        painter.setBrush(self._fill)
        painter.drawPath(self._shape)
