"""The route of a deal: its stages in order, those passed, where it stands or was lost, those to come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from funneldesk.domain.funnel import Stage
from funneldesk.text import _, format_days
from funneldesk.ui.theme import SMALL, Theme
from funneldesk.ui.widgets.labels import plain_tooltip

LEAST = 8  # signs of a name that is cut; fewer say less than the number of the stage
_POINT = 7  # how far an arrow's tip stands out
_CROSS, _BESIDE = 8, 5  # the sign of a loss, and the room between it and the name


def _struck(font: QFont) -> QFont:
    font.setStrikeOut(True)
    return font


class StageStrip(QWidget):
    """Arrows side by side; a click on one asks for the move (`wished`), keys left and right choose one."""

    wished = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stages: Sequence[Stage] = ()
        self._current: int | None = None
        self._status = "open"
        self._days: Mapping[int, float] = {}
        self._without: frozenset[int] = frozenset()
        self._lost_from: int | None = None
        self._hover = -1
        self._cursor = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(26))

    def show_route(
        self,
        stages: Sequence[Stage],
        current: int | None,
        status: str,
        days: Mapping[int, float],
        without: frozenset[int] = frozenset(),
        lost_from: int | None = None,
    ) -> None:
        """Show stages in order, where the deal stands, the days it spent in each, those it does without.

        `lost_from`: where a deal was when it was lost; None = at no stage, or it is not known.
        """
        self._without = without
        self._lost_from = lost_from if status == "lost" else None
        self._stages, self._current, self._status, self._days = stages, current, status, days
        self.setEnabled(bool(stages))
        self.setAccessibleName(", ".join(self.describe(i) for i in range(len(stages))))
        self.update()

    def describe(self, place: int) -> str:
        """A stage in words: name, state, days."""
        stage = self._stages[place]
        text = f"{place + 1}. {stage.name}"
        days = self._days.get(stage.id)
        if days is not None:
            text += " · " + _("{days} days").format(days=format_days(days))
        if stage.id == self._current:
            text += " · " + _("the deal is here")
        elif stage.id == self._lost_from:
            text += " · " + _("the deal was lost here")
        elif stage.id in self._without:
            text += " · " + _("the deal does without it")
        return text

    def place_at(self, x: float) -> int:
        """Which stage lies at a place, -1 for none."""
        if not self._stages or self.width() <= 0:
            return -1
        return min(max(int(x * len(self._stages) / self.width()), 0), len(self._stages) - 1)

    def area(self, place: int) -> QRect:
        """Where a stage is painted."""
        step = self.width() / len(self._stages)
        left = round(place * step)
        return QRect(left, 0, round((place + 1) * step) - left, self.height())

    def labels(self) -> list[str]:
        """What stands on the arrows: names, cut at their ends, or numbers where too little would be left."""
        metrics, names = QFontMetrics(self._theme.font(SMALL)), [stage.name for stage in self._stages]
        shown = [
            metrics.elidedText(name, Qt.TextElideMode.ElideRight, self._inside(place).width())
            for place, name in enumerate(names)
        ]
        if any(text != name and len(text) < LEAST for text, name in zip(shown, names, strict=True)):
            return [str(place + 1) for place in range(len(names))]
        return shown

    def _inside(self, place: int) -> QRect:
        lost = self._theme.px(_CROSS) + _BESIDE if self._stages[place].id == self._lost_from else 0
        return self.area(place).adjusted((_POINT + 4 if place else 5) + lost, 0, -_POINT, 0)

    def _reached(self) -> int:
        ids = [stage.id for stage in self._stages]
        if self._status == "won":
            return len(ids)
        at = self._lost_from if self._status == "lost" else self._current
        return ids.index(at) if at in ids else -1

    def cross(self) -> QRectF | None:
        """Where the sign of a loss is drawn: before the words of its stage; None where there is none."""
        place = self._reached()
        if self._status != "lost" or place < 0:
            return None
        inside, size = self._inside(place), self._theme.px(_CROSS)
        words = QFontMetrics(self._theme.font(SMALL)).horizontalAdvance(self.labels()[place])
        left = inside.center().x() - min(words, inside.width()) / 2 - _BESIDE - size
        return QRectF(left, (self.height() - size) / 2, size, size)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(300, self._theme.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(SMALL))
        reached = self._reached()
        for place, label in enumerate(self.labels()):
            self._paint_stage(painter, place, label, reached)

    def _paint_stage(self, painter: QPainter, place: int, label: str, reached: int) -> None:
        theme, area = self._theme, self.area(place)
        here = place == reached and self._status == "open"
        done = place < reached
        fill = theme.accent_fill if here else theme.selected if done else theme.sunken
        if place in (self._hover, self._cursor if self.hasFocus() else -1) and not here:
            fill = theme.hover
        left, right = area.left(), area.right() - 1
        top, bottom, middle = 0.5, self.height() - 0.5, self.height() / 2
        first, last = place == 0, place == len(self._stages) - 1
        shape = QPolygonF(
            [
                QPointF(left, top),
                QPointF(right - (0 if last else _POINT), top),
                QPointF(right, middle if not last else top),
                *([QPointF(right, bottom)] if last else []),
                QPointF(right - (0 if last else _POINT), bottom),
                QPointF(left, bottom),
                *([] if first else [QPointF(left + _POINT, middle)]),
            ]
        )
        lost = self._stages[place].id == self._lost_from
        painter.setPen(theme.color("accent_fill" if here else "lost_text" if lost else "line"))
        painter.setBrush(QColor(fill))
        painter.drawPolygon(shape)
        if lost:
            self._paint_cross(painter)
        painter.setPen(QColor(theme.on_accent if here else theme.text if done or lost else theme.quiet))
        if self._stages[place].id in self._without and not here:
            painter.setPen(QColor(theme.disabled))
            painter.setFont(_struck(theme.font(SMALL)))
        else:
            painter.setFont(theme.font(SMALL))
        painter.drawText(self._inside(place), int(Qt.AlignmentFlag.AlignCenter), label)

    def _paint_cross(self, painter: QPainter) -> None:
        box = self.cross()
        if box is not None:
            pen = QPen(self._theme.color("lost_text"), 2.0 * self._theme.scale)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self.place_at(event.position().x())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and place >= 0:
            self.wished.emit(self._stages[place].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step and self._stages:
            start = self._cursor if self._cursor >= 0 else self._reached()
            self._cursor = min(max(start + step, 0), len(self._stages) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor >= 0:
            self.wished.emit(self._stages[self._cursor].id)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place = self.place_at(event.pos().x())
            if place >= 0:
                QToolTip.showText(event.globalPos(), plain_tooltip(self.describe(place)), self)
                return True
        return super().event(event)
