"""A list of things to tick."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget


class TickList(QListWidget):
    """A click anywhere on a line ticks it, not only one on its small box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QListWidgetItem | None = None

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self.itemAt(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        line = item if left and item is self._pressed else None
        before = line.checkState() if line is not None else None
        super().mouseReleaseEvent(event)
        if line is not None and line.checkState() == before:  # the box has not taken the click
            ticked = before == Qt.CheckState.Checked
            line.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
