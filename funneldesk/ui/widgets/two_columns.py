"""Two columns, each with its scroll bar; where it is narrow, the second under the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.scroll import ScrollArea

LEAST = 280  # of one column, at letters of 100 %


class TwoColumns(QWidget):
    """Holds the widgets of the left and of the right column, from top to bottom."""

    def __init__(self, theme: Theme, left: Sequence[QWidget], right: Sequence[QWidget]) -> None:
        super().__init__()
        self._least = 2 * theme.px(LEAST)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_4)
        self._first, self._second = _column(left), _column(right)
        self._areas = tuple(ScrollArea(_topped(column)) for column in (self._first, self._second))
        for area in self._areas:
            row.addWidget(area, 1)

    def is_one(self) -> bool:
        """Whether all stands in one column now."""
        return self._areas[1].isHidden()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        one = event.size().width() < self._least
        if one == self.is_one():
            return
        focus = self.focusWidget()
        inner = self._areas[0 if one else 1].widget()
        assert inner is not None
        layout = inner.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.count() - 1, self._second)
        self._areas[1].setVisible(not one)
        if focus is not None:  # it was lost with the column that moved
            focus.setFocus()


def _column(widgets: Sequence[QWidget]) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_3)
    for widget in widgets:
        layout.addWidget(widget)
    return column


def _topped(column: QWidget) -> QWidget:
    """A widget with a column at its top, the scroll bar a little off."""
    inner = QWidget()
    layout = QVBoxLayout(inner)
    layout.setContentsMargins(0, 0, SPACE_2, 0)
    layout.setSpacing(SPACE_3)
    layout.addWidget(column)
    layout.addStretch(1)
    return inner
