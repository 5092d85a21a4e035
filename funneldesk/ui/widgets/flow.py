"""A layout that puts widgets in a line and goes on in the next one where the window is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QLayoutItem, QWidget

_Line = list[tuple[QLayoutItem, QSize]]
_REASONS = (QEvent.Type.Resize, QEvent.Type.LayoutRequest)  # of another width of a search field


class FlowLayout(QLayout):
    """From left to right, then from top to bottom; each widget keeps the size it asks for.

    Lower widgets stand in the middle of their line, hidden ones take no place.  After `part` the next
    widgets begin a line of their own where both parts fit into one each; else they follow, if that saves a
    line.  With `end` all stays in one line where it fits, the second part (without parts the last widget)
    at the right edge.
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

    def wide(self, first: int = 0) -> int:
        """How wide the widgets from the `first` on are in one line."""
        return _wide([item.sizeHint() for item in self._items[first:] if not item.isEmpty()], self.spacing())

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
            x, edge = rect.x(), self._at_edge(line) if self._end and len(lines) == 1 else 0
            for place, (item, size) in enumerate(line):
                if edge and place == edge:
                    x = rect.right() + 1 - _wide([size for _item, size in line[edge:]], self.spacing())
                if move:
                    item.setGeometry(QRect(QPoint(x, y + (high - size.height()) // 2), size))
                x += size.width() + self.spacing()
            y += high + self.spacing()
        return max(0, y - self.spacing() - rect.y())

    def _at_edge(self, line: _Line) -> int:
        """From which place on a line goes to the right edge; 0 = nothing does."""
        if not self._part:
            return len(line) - 1
        return sum(not item.isEmpty() for item in self._items[: self._part]) % len(line)

    def _lines(self, width: int) -> list[_Line]:
        whole = _wrapped(self._items, width, self.spacing())
        if not self._part or (self._end and len(whole) == 1):
            return whole
        first, second = self._items[: self._part], self._items[self._part :]
        parts = _wrapped(first, width, self.spacing()) + _wrapped(second, width, self.spacing())
        return parts if len(parts) <= max(2, len(whole)) else whole


class HeadRow(QWidget):
    """The head of a page: `left` and `right` side by side, or `right` under `left` where it is narrow.

    A `search` at the right is `most` wide, and narrower where that saves a line, but not than `least`.
    """

    def __init__(
        self,
        left: Sequence[QWidget],
        right: Sequence[QWidget],
        spacing: int = 8,
        *,
        search: QWidget | None = None,
        least: int = 0,
        most: int = 0,
    ) -> None:
        super().__init__()
        self._flow = FlowLayout(self, spacing, end=True)
        self._search, self._least, self._most = search, least, most
        self._part = len(left)
        for widget in left:
            self._flow.addWidget(widget)
        self._flow.part()
        for widget in right:
            self._flow.addWidget(widget)
        if search is not None:
            search.setFixedWidth(most)

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        if event.type() in _REASONS and self._search is not None:
            own, flow = self._search.minimumWidth(), self._flow
            rooms = (self.width() - flow.wide(first) + own for first in (0, self._part))
            room = next((room for room in rooms if room >= self._least), self.width())
            self._search.setFixedWidth(min(room, self._most))
        return super().event(event)


def part_of(*widgets: QWidget, spacing: int = 8) -> QWidget:
    """Widgets that stay side by side."""
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for widget in widgets:
        row.addWidget(widget)
    return part


def _wide(sizes: Sequence[QSize], spacing: int) -> int:
    return sum(size.width() for size in sizes) + spacing * max(0, len(sizes) - 1)


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
