"""One plot: bars, words, lines and marks put on a kept PlotWidget, and what lies under the mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from funneldesk.ui.reports.charts.items import Mark, Piece, Words
from funneldesk.ui.reports.charts.look import Look, heading, wrapped_all
from funneldesk.ui.widgets.labels import plain_tooltip

Number = float | int
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of the plot that answers the mouse: row of the report (None = totals) and key."""

    area: QRectF  # in the plot's units
    row: int | None
    key: str
    tip: str
    opens: bool


class NumberAxis(pg.AxisItem):
    """An axis of numbers written by `write` (the language's separators, percent)."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.write: Callable[[float], str] = str

    # pyqtgraph's names

    def drawPicture(self, p: Any, axisSpec: Any, tickSpecs: Any, textSpecs: Any) -> None:  # noqa: N802, N803
        # ticks of no length would still be drawn as dots
        super().drawPicture(p, axisSpec, [], textSpecs)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [self.write(value * scale) for value in values]


class Canvas(pg.PlotWidget):
    """`opened` carries (row or None, key) of a number that was clicked."""

    opened = Signal(object, str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        axes = {"left": NumberAxis("left"), "bottom": NumberAxis("bottom"), "top": NumberAxis("top")}
        super().__init__(parent, axisItems=axes, background=look.back, enableMenu=False)
        self.look = look
        self.hits: list[Hit] = []
        self._kept: list[Any] = []
        self._within: list[tuple[Words, float]] = []
        self._least: float | None = None
        self._left = 0.0
        item = self.getPlotItem()
        item.hideButtons()
        item.setMouseEnabled(False, False)
        item.setContentsMargins(0, 0, 0, 0)
        self.getViewBox().setDefaultPadding(0)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scene().sigMouseMoved.connect(self._hover)
        self.scene().sigMouseClicked.connect(self._click)
        self.begin(look)

    # -- drawing ------------------------------------------------------------------------------

    def begin(self, look: Look) -> None:
        """Take everything off, ready for another report."""
        self.look = look
        for item in self._kept:
            self.removeItem(item)
        self._kept.clear()
        self._within.clear()
        self._least = None
        self.hits.clear()
        self.setBackground(look.back)
        self.invertY(False)
        for side in ("left", "bottom", "top"):
            axis = self.getAxis(side)
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTickPen(QPen(Qt.PenStyle.NoPen))
            axis.setTextPen(look.color("text"))
            axis.setStyle(tickFont=look.small(), tickLength=0, hideOverlappingLabels=False)
            axis.setTicks(None)
            axis.setGrid(False)
        self.hideAxis("bottom")
        self.hideAxis("top")
        self.hideAxis("left")

    def add(self, item: Any) -> None:
        """Put a pyqtgraph item on the plot; its Python reference is kept."""
        self._kept.append(item)
        self.addItem(item, ignoreBounds=True)

    def view(self, x: tuple[Number, Number], y: tuple[Number, Number], *, down: bool = False) -> None:
        """What part of the plane is shown; `down` = y grows downwards."""
        self.invertY(down)
        self.setXRange(*x, padding=0)
        self.setYRange(*y, padding=0)

    def fit(self, least: float, left: float = 0.0) -> None:
        """Show from `left` to `least` or so much more that the words right of the bars have room."""
        self._least, self._left = least, left
        self._make_room()

    def _make_room(self) -> None:
        wide = self.getViewBox().width()
        if self._least is None or wide < 2:
            return
        most = self._least
        for item in self._kept:
            if isinstance(item, Words) and item.starts_at_left() and item.x() > 0:
                # words at x end at (x - left) / (most - left) * wide + their width
                free = max(wide * 0.2, wide - item.size()[0] - 4)
                most = max(most, self._left + (item.x() - self._left) * wide / free)
        self.setXRange(self._left, most, padding=0)
        for item in self._kept:
            if isinstance(item, Words) and item.starts_at_left():
                item.fit(wide * (1 - (item.x() - self._left) / (most - self._left)) - 4)
        for item, within in self._within:
            item.setVisible(item.size()[0] + 4 <= wide * within / (most - self._left))

    def bars(
        self,
        starts: Sequence[Number],
        middles: Sequence[float],
        widths: Sequence[Number],
        thick: float,
        brush: QBrush | QColor | None = None,
        *,
        brushes: Sequence[Any] | None = None,
        hatch: QBrush | None = None,
    ) -> Any:
        """Horizontal bars from `starts`, one item for all; gives the item."""
        common: dict[str, Any] = {
            "x0": list(starts),
            "y": list(middles),
            "width": list(widths),
            "height": thick,
        }
        fills = {"brushes": list(brushes)} if brushes is not None else {"brush": brush}
        item = pg.BarGraphItem(**common, **fills, pen=self.look.outline())
        self.add(item)
        if hatch is not None:
            self.add(pg.BarGraphItem(**common, brush=hatch, pen=self.look.outline()))
        return item

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        more: str | Sequence[str] = "",
        spare: Sequence[int] = (),
        anchor: tuple[float, float] = (0, 0.5),
        token: str = "text",
        color: QColor | None = None,
        font: QFont | None = None,
        gap: float = 0,
        backed: bool = False,
        within: float | None = None,
    ) -> Words:
        """Plain words `gap` pixels from a point, quiet ones (`more`) after them; `backed` covers lines.

        Where there is no room, the pieces of `more` whose places are in `spare` are left out in that order;
        words in a bar that is `within` long are left out where they are longer.
        """
        strong = font or self.look.font()
        pieces: list[list[Piece]] = [
            [(line, strong, color or self.look.color(token))] for line in text.split("\n")
        ]
        for piece in [more] if isinstance(more, str) else more:
            if piece:
                pieces[-1].append((piece, self.look.small(), self.look.color("quiet")))
        back = self.look.back if backed else None
        item = Words(pieces, anchor, self.look.px(gap), back, [place + 1 for place in spare])
        item.setPos(x, y)
        self.add(item)
        if within is not None:
            self._within.append((item, within))
        return item

    def line(self, xs: Sequence[float], ys: Sequence[float], pen: QPen) -> Any:
        """A line through points; gives the item."""
        item = pg.PlotDataItem(x=list(xs), y=list(ys), pen=pen, antialias=True)
        self.add(item)
        return item

    def strokes(self, ends: Sequence[tuple[Spot, Spot]], pen: QPen) -> None:
        """Lines from a point to another, as one item however many they are."""
        if ends:
            xs, ys = zip(*(spot for pair in ends for spot in pair), strict=True)
            self.add(pg.PlotCurveItem(x=list(xs), y=list(ys), connect="pairs", pen=pen, antialias=True))

    def mark(self, x: float, y: float, symbol: str, fill: QColor, size: float = 12) -> None:
        """A symbol at a point: o, s, t (triangle down), t1 (up), d, star."""
        shape = pg.graphicsItems.ScatterPlotItem.Symbols[symbol]
        item = Mark(shape, self.look.px(size), fill, self.look.outline())
        item.setPos(x, y)
        self.add(item)

    def hit(
        self,
        x: tuple[Number, Number],
        y: tuple[Number, Number],
        row: int | None,
        key: str,
        tip: str,
        *,
        opens: bool = True,
    ) -> None:
        """Let an area answer the mouse."""
        area = QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0])
        self.hits.append(Hit(area, row, key, tip, opens))

    def categories(self, names: Sequence[str], places: Sequence[float], *, side: str = "left") -> None:
        """Names along an axis, in full: broken into lines, and the axis as wide as they need."""
        self.showAxis(side)
        axis = self.getAxis(side)
        shown = wrapped_all(names) if side == "left" else [heading(name) for name in names]
        axis.setTicks([list(zip(places, shown, strict=True))])
        font = self.look.font(12)
        axis.setStyle(tickFont=font, tickTextOffset=round(self.look.px(8)), autoExpandTextSpace=False)
        metrics = QFontMetricsF(font)
        lines = [line for text in shown for line in text.split("\n")]
        if side == "left":
            widest = max((metrics.horizontalAdvance(line) for line in lines), default=0)
            axis.setWidth(round(widest + self.look.px(16)))
        else:
            most = max((text.count("\n") + 1 for text in shown), default=1)
            axis.setHeight(round(metrics.lineSpacing() * most + self.look.px(10)))

    def numbers(self, side: str, write: Callable[[float], str], *, room: float = 44) -> None:
        """A quiet axis of numbers."""
        self.showAxis(side)
        axis = self.getAxis(side)
        axis.write = write
        axis.setTextPen(self.look.color("quiet"))
        axis.setPen(self.look.pen("line"))
        axis.setStyle(
            tickFont=self.look.small(), tickTextOffset=round(self.look.px(4)), autoExpandTextSpace=False
        )
        if side == "left":
            axis.setWidth(round(self.look.px(room)))
        else:
            axis.setHeight(round(self.look.px(22)))

    # -- the mouse ----------------------------------------------------------------------------

    def hit_at(self, position: QPointF) -> Hit | None:
        """What answers at a point of the scene."""
        if not self.getViewBox().sceneBoundingRect().contains(position):
            return None
        spot = self.getViewBox().mapSceneToView(position)
        return next((hit for hit in self.hits if hit.area.contains(spot)), None)

    def _hover(self, position: QPointF) -> None:
        hit = self.hit_at(position)
        can_open = hit is not None and hit.opens
        self.setCursor(Qt.CursorShape.PointingHandCursor if can_open else Qt.CursorShape.ArrowCursor)
        if hit is None or not hit.tip:
            QToolTip.hideText()
            return
        spot = self.viewport().mapToGlobal(self.mapFromScene(position))
        QToolTip.showText(spot, plain_tooltip(hit.tip).replace("\n", "<br>"), self)

    def _click(self, event: Any) -> None:
        hit = self.hit_at(event.scenePos())
        if hit is not None and hit.opens and event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.opened.emit(hit.row, hit.key)

    # Qt overrides

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_least"):
            self._make_room()

    def wheelEvent(self, event: Any) -> None:
        # the page scrolls, the chart does not
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        QToolTip.hideText()
        super().leaveEvent(event)
