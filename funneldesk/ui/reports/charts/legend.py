"""The key of a chart: outside the data, painted the same on screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from funneldesk.ui.reports.charts.look import Look

SAMPLE = 22
LINE = 36  # of a line, so that its dashes are seen
GAP = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample and its meaning: a fill (with stripes), a line, or a sign in the text itself."""

    text: str
    fill: QColor | None = None
    hatch: QBrush | None = None
    line: QPen | None = None
    upright: bool = False  # the line stands, as in the chart


def legend_rows(entries: Sequence[Entry], look: Look, width: float) -> list[list[tuple[float, Entry]]]:
    """The entries in lines not wider than `width`, each with its place from the left."""
    metrics = look.metrics(look.small())
    rows: list[list[tuple[float, Entry]]] = []
    x = 0.0
    for entry in entries:
        wide = _sample(entry, look) + metrics.horizontalAdvance(entry.text)
        if not rows or (x + wide > width and rows[-1]):
            rows.append([])
            x = 0.0
        rows[-1].append((x, entry))
        x += wide + look.px(GAP)
    return rows


def _sample(entry: Entry, look: Look) -> float:
    """The room of what stands before the words."""
    if entry.line is not None and not entry.upright:
        return look.px(LINE)
    return look.px(SAMPLE) if entry.fill is not None or entry.line is not None else 0.0


def legend_height(entries: Sequence[Entry], look: Look, width: float) -> float:
    """How high the entries are at that width."""
    return len(legend_rows(entries, look, width)) * look.px(18)


def paint_legend(painter: QPainter, area: QRectF, entries: Sequence[Entry], look: Look) -> None:
    """Paint the entries into `area`."""
    painter.setFont(look.small())
    step = look.px(18)
    for number, row in enumerate(legend_rows(entries, look, area.width())):
        top = area.top() + number * step
        for x, entry in row:
            left = area.left() + x
            box = QRectF(left, top + step / 2 - look.px(5), look.px(14), look.px(10))
            if entry.fill is not None:
                painter.setPen(look.outline())
                painter.setBrush(entry.fill)
                painter.drawRect(box)
                if entry.hatch is not None:
                    painter.setBrush(entry.hatch)
                    painter.drawRect(box)
            if entry.line is not None:
                painter.setPen(entry.line)
                middle = top + step / 2
                long = 6.0 if entry.upright else (LINE - 6) / 2
                half = QPointF(0, look.px(long)) if entry.upright else QPointF(look.px(long), 0)
                at = QPointF(left + look.px(8.5 if entry.upright else long), middle)
                painter.drawLine(at - half, at + half)
            painter.setPen(look.color("quiet"))
            text = QRectF(left + _sample(entry, look), top, area.width(), step)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.text)


class Legend(QWidget):
    """The key under a chart on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._look: Look | None = None

    def set_entries(self, entries: Sequence[Entry], look: Look) -> None:
        """Show these."""
        self._entries, self._look = list(entries), look
        self.setVisible(bool(entries))
        self.update()

    def fit(self, width: int) -> None:
        """Be as high as the entries need at that width."""
        self.setFixedHeight(self.heightForWidth(width))

    # Qt overrides

    def heightForWidth(self, width: int) -> int:
        return round(legend_height(self._entries, self._look, width)) if self._look else 0

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._look is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_legend(painter, QRectF(self.rect()), self._entries, self._look)
