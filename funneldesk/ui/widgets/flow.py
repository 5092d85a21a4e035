"""A layout that puts widgets in a line and goes on in the next one where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QWidget

_Line = list[tuple[QLayoutItem, QSize]]


class FlowLayout(QLayout):
    """From left to right, then from top to bottom; each widget keeps the size it asks for.

    Lower widgets stand in the middle of their line, hidden ones take no place.  With `end` the last widget
    goes to the right edge while everything fits into one line.  After `part` the next widgets begin a line
    of their own where both parts fit into one each; else they follow, if that saves a line.
    """

    def __init__(self, parent: QWidget | None = None, spacing: int = 8, *, end: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._end = end
        self._part = 0  # widgets of the first part
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def part(self) -> None:
        """Here the first part ends."""
        self._part = len(self._items)

    # Qt overrides

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's own name
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        y, lines = rect.y(), self._lines(rect.width())
        for line in lines:
            high = max(size.height() for _item, size in line)
            x = rect.x()
            for place, (item, size) in enumerate(line):
                if self._end and len(lines) == 1 and place and place == len(line) - 1:
                    x = rect.right() + 1 - size.width()
                if move:
                    item.setGeometry(QRect(QPoint(x, y + (high - size.height()) // 2), size))
                x += size.width() + self.spacing()
            y += high + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _lines(self, width: int) -> list[_Line]:
        whole = _wrapped(self._items, width, self.spacing())
        if not self._part:
            return whole
        first, second = self._items[: self._part], self._items[self._part :]
        parts = _wrapped(first, width, self.spacing()) + _wrapped(second, width, self.spacing())
        return parts if len(parts) <= max(2, len(whole)) else whole


class HeadRow(QWidget):
    """The head of a page: `left` and `right` side by side, or `right` under `left` where it is narrow."""

    def __init__(self, left: Sequence[QWidget], right: Sequence[QWidget], spacing: int = 8) -> None:
        super().__init__()
        both = FlowLayout(self, spacing, end=True)
        for widgets in (left, right):
            both.addWidget(part_of(*widgets, spacing=spacing))


def part_of(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """Widgets that stay side by side."""
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return part


def _wrapped(items: Sequence[QLayoutItem], width: int, spacing: int) -> list[_Line]:
    lines: list[_Line] = []
    x = 0
    for item in items:
        if item.isEmpty():
            continue
        hint = item.sizeHint()
        size = QSize(min(hint.width(), max(width, item.minimumSize().width())), hint.height())
        if not lines or x + size.width() > width:
            lines.append([])
            x = 0
        lines[-1].append((item, size))
        x += size.width() + spacing
    return lines
