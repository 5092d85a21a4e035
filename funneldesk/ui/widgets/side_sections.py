"""A page of many parts: their names at the left, the chosen one at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.ui.theme import SPACE_3, SPACE_4, SPACE_6, Theme
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

LIST_WIDTH = 208


class SideSections(QWidget):
    """`add` the parts in their order; the first is shown until another one is chosen."""

    def __init__(self, theme: Theme, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys: list[str] = []
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.stack = QStackedWidget()
        self.list.currentRowChanged.connect(self.stack.setCurrentIndex)
        side = QWidget()
        side.setFixedWidth(theme.px(LIST_WIDTH) + SPACE_4)
        names = QVBoxLayout(side)
        names.setContentsMargins(SPACE_4, SPACE_3, 0, SPACE_4)
        names.setSpacing(SPACE_3)
        names.addWidget(Heading(title))
        names.addWidget(self.list, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self.stack, 1)

    def add(self, key: str, title: str, *parts: QWidget, words: str = "", width: int = 560) -> None:
        """A part under its heading, with a sentence on what it is for; `width` is given for 100 %."""
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_6, SPACE_4, SPACE_6, SPACE_6)
        column.setSpacing(SPACE_3)
        column.addWidget(Heading(title, 2))
        if words:
            sentence = Quiet(words, wrap=True)
            sentence.setMaximumWidth(self._theme.px(width))
            column.addWidget(sentence)
        for part in parts:
            part.setMaximumWidth(self._theme.px(width))
            column.addWidget(part)
        column.addStretch(1)
        item = QListWidgetItem(title)
        item.setSizeHint(QSize(0, self._theme.px(30)))
        self._keys.append(key)
        self.stack.addWidget(ScrollArea(inner))
        self.list.addItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def show_section(self, key: str) -> None:
        """Bring a part to the front."""
        if key in self._keys:
            self.list.setCurrentRow(self._keys.index(key))

    def section(self) -> str:
        """The part in front."""
        return self._keys[self.list.currentRow()]
