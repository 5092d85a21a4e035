"""Scrolls the board while something is dragged near its edges, sideways and up and down."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

EDGE = 56  # pixels from an edge within which it scrolls
FASTEST = 28  # pixels per step at the very edge
STEP_MS = 16


class AutoScroller(QObject):
    """Told where the mouse is during a drag, it scrolls until the drag ends or leaves the edge."""

    def __init__(
        self,
        across: QAbstractScrollArea,
        lists: Callable[[], Sequence[QAbstractScrollArea]],
        floor: Callable[[], int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._across = across
        self._lists = lists
        self._floor = floor  # the screen's y below which the drop zones lie
        self._pos: QPoint | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.timeout.connect(self.step)

    def move_to(self, pos: QPoint) -> None:
        """The mouse is here (on the screen)."""
        self._pos = pos
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """The drag has ended."""
        self._pos = None
        self._timer.stop()

    def active(self) -> bool:
        """Whether it watches a drag."""
        return self._timer.isActive()

    def step(self) -> None:
        """Scroll once by how near the edges are."""
        if self._pos is None:
            return
        view = self._across.viewport()
        spot = view.mapFromGlobal(self._pos)
        _scroll(self._across.horizontalScrollBar(), _speed(spot.x(), 0, view.width()))
        for area in self._lists():
            inner = area.viewport()
            local = inner.mapFromGlobal(self._pos)
            if 0 <= local.x() < inner.width():
                bottom = min(inner.height(), inner.mapFromGlobal(QPoint(0, self._floor())).y())
                if -EDGE <= local.y() <= bottom + EDGE:
                    _scroll(area.verticalScrollBar(), _speed(local.y(), 0, bottom))


def _speed(at: int, low: int, high: int) -> int:
    """Pixels per step at a place between two edges: negative towards the low one."""
    if high - low < 2 * EDGE:
        return 0
    if at < low + EDGE:
        return -round(FASTEST * min(1.0, (low + EDGE - at) / EDGE))
    if at > high - EDGE:
        return round(FASTEST * min(1.0, (at - high + EDGE) / EDGE))
    return 0


def _scroll(bar: QScrollBar, by: int) -> None:
    if by:
        bar.setValue(bar.value() + by)
