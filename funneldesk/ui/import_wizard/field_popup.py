"""The list of fields a column can go to, searched by typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from funneldesk.domain.folding import fold
from funneldesk.text import _
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.popup_filter import Popup

_KEY = Qt.ItemDataRole.UserRole
OUT = ""  # the key of "leave out"


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the list: the key, its words, an icon, whether it is in use already."""

    key: str
    words: str
    icon: str = ""
    quiet: bool = False


class FieldPopup(Popup):
    """Opens under a cell; Enter or a click takes the line."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        choices: Sequence[Choice],
        current: str,
        take: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._take = take
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Find a field"))
        self.field.setAccessibleName(_("Find a field"))
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setProperty("role", "plain")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        for choice in choices:
            item = QListWidgetItem(choice.words)
            item.setData(_KEY, choice.key)
            item.setSizeHint(QSize(0, theme.px(28)))
            if choice.icon:
                item.setIcon(theme_icon(theme, choice.icon))
            if choice.quiet:
                item.setForeground(QColor(theme.quiet))
            self.list.addItem(item)
            if choice.key == current:
                self.list.setCurrentItem(item)
        self.list.itemClicked.connect(self._chosen)
        self.list.setFixedHeight(min(len(choices), 11) * theme.px(28) + 6)
        self.setFixedWidth(theme.px(300))
        self.column.addWidget(self.field)
        self.column.addWidget(self.list)

    def open_at(self, widget: QWidget) -> None:
        """Show under a widget, ready to type."""
        self.open_under(widget)
        if self.list.currentItem() is not None:
            self.list.scrollToItem(self.list.currentItem(), QListWidget.ScrollHint.PositionAtCenter)
        self.field.setFocus()

    def _narrow(self, text: str) -> None:
        words = fold(text).split()
        first = None
        for i in range(self.list.count()):
            item = self.list.item(i)
            there = all(word in fold(item.text()) for word in words)
            item.setHidden(not there)
            if there and first is None and item.data(_KEY) != OUT:
                first = item
        if first is not None:
            self.list.setCurrentItem(first)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is None or item.isHidden():
            return
        key = str(item.data(_KEY))
        self.close()
        self._take(key)

    def _step(self, by: int) -> None:
        row = self.list.currentRow()
        while 0 <= (row := row + by) < self.list.count():
            if not self.list.item(row).isHidden():
                self.list.setCurrentRow(row)
                return

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._chosen(self.list.currentItem())
                return True
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if by:
                self._step(by)
                return True
        return False
