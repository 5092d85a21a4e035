"""The command palette: type a few letters of any action."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from funneldesk.domain.folding import fold
from funneldesk.text import _
from funneldesk.ui.actions import Actions
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.popup_filter import Popup


class Palette(Popup):
    """Lists what can be done now; Enter does it."""

    def __init__(self, theme: Theme, actions: Actions, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = theme
        actions.refresh()
        actions.draw_icons()
        self._actions: list[QAction] = [
            entry.action for entry in actions.entries() if entry.palette and entry.action.isEnabled()
        ]
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("What do you want to do?"))
        self.field.textChanged.connect(self._fill)
        self.field.returnPressed.connect(self._run)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setProperty("role", "plain")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _item: self._run())
        self.list.setFixedHeight(theme.px(30) * 10)
        self.column.addWidget(self.field)
        self.column.addWidget(self.list)
        self.setFixedWidth(min(theme.px(520), window.width() - 40))
        self._fill("")

    def open_over(self, window: QWidget) -> None:
        """Show in the upper middle of the window."""
        self.adjustSize()
        middle = window.mapToGlobal(window.rect().center())
        top = window.mapToGlobal(window.rect().topLeft()).y() + self._theme.px(64)
        self.move(middle.x() - self.width() // 2, top)
        self.show()
        self.field.setFocus()

    def _fill(self, text: str) -> None:
        words = fold(text).split()
        self.list.clear()
        for number, action in enumerate(self._actions):
            name = action.text().replace("&", "")
            if all(word in fold(name) for word in words):
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                item = QListWidgetItem(action.icon(), f"{name}   {keys}" if keys else name)
                item.setData(Qt.ItemDataRole.UserRole, number)
                item.setSizeHint(QSize(0, self._theme.px(30)))
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        action = self._actions[item.data(Qt.ItemDataRole.UserRole)]
        self.close()
        action.trigger()

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        return False
