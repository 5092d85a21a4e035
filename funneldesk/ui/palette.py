"""The command palette: type a few letters of any action, or of any client, deal or lead."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from funneldesk.domain.folding import fold
from funneldesk.text import _
from funneldesk.ui.actions import Actions
from funneldesk.ui.global_search import ICONS, Hit, SearchFn
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.popup_filter import Popup

LEAST = 2  # letters from which records are looked for
RECORDS = 8
WAIT_MS = 120


class Palette(Popup):
    """Lists what can be done now, and under it the records found; Enter does it or opens it.

    `opened` carries the kind and id of a record.
    """

    opened = Signal(str, int)

    def __init__(
        self, theme: Theme, actions: Actions, window: QWidget, tasks: TaskRunner, search: SearchFn
    ) -> None:
        super().__init__(window)
        self._tasks, self._search = tasks, search
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._theme = theme
        actions.refresh()
        actions.draw_icons()
        self._actions: list[QAction] = [
            entry.action for entry in actions.entries() if entry.palette and entry.action.isEnabled()
        ]
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("What do you want to do, or whom do you look for?"))
        self.field.setAccessibleName(self.field.placeholderText())
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
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MS)
        self._wait.timeout.connect(self.look)
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
        if len(text.strip()) >= LEAST:
            self._wait.start()

    def look(self) -> None:
        """Look for records with what is typed."""
        text = self.field.text().strip()
        if len(text) < LEAST:
            return

        def take(hits: Sequence[Hit]) -> None:
            if self.field.text().strip() == text:
                self._show_records(hits)

        self._tasks.read(lambda db: list(self._search(db, text, RECORDS)), take, receiver=self, key="palette")

    def _show_records(self, hits: Sequence[Hit]) -> None:
        row = self._theme.px(30)
        if hits and self.list.count():
            line = QListWidgetItem(_("Clients, deals and leads"))
            line.setFlags(Qt.ItemFlag.NoItemFlags)  # a heading is passed over
            line.setSizeHint(QSize(0, row))
            self.list.addItem(line)
        for hit in hits:
            text = f"{hit.name}   {hit.more}" if hit.more else hit.name
            item = QListWidgetItem(theme_icon(self._theme, ICONS.get(hit.kind, "search")), text)
            item.setData(Qt.ItemDataRole.UserRole, (hit.kind, hit.id))
            item.setSizeHint(QSize(0, row))
            self.list.addItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        if not self.list.count():
            nothing = QListWidgetItem(_("Nothing found. Try fewer letters, or the digits of a phone."))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            nothing.setSizeHint(QSize(0, row))
            self.list.addItem(nothing)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is None or not item.flags():
            return
        what = item.data(Qt.ItemDataRole.UserRole)
        self.close()
        if isinstance(what, int):
            self._actions[what].trigger()
        else:
            self.opened.emit(*what)

    def _step(self, by: int) -> None:
        count = self.list.count()
        row = (self.list.currentRow() + by) % count
        if not self.list.item(row).flags():
            row = (row + by) % count
        self.list.setCurrentRow(row)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if step and self.list.count():
                self._step(step)
                return True
        return False
