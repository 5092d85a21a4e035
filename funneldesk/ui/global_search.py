"""The search field of the window: companies, people and deals while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from funneldesk.text import _
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import SPACE, SPACE_2, Theme
from funneldesk.ui.widgets.labels import Quiet
from funneldesk.ui.widgets.searchbox import SearchBox

if TYPE_CHECKING:
    from funneldesk.store.database import Database

LIMIT = 12
ICONS = {"company": "building-2", "person": "user", "deal": "briefcase", "lead": "inbox"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found: its kind, id, name, and a quiet second text (town, stage, amount)."""

    kind: str
    id: int
    name: str
    more: str = ""


SearchFn = Callable[["Database", str, int], Sequence[Hit]]


class GlobalSearch(SearchBox):
    """`opened` carries the kind and id of the record a person chose."""

    opened = Signal(str, int)

    def __init__(self, theme: Theme, tasks: TaskRunner, search: SearchFn, parent: QWidget) -> None:
        super().__init__(theme, _("Search everything (Ctrl+K)"), parent)
        self._theme = theme
        self._tasks = tasks
        self._search = search
        self._drop: QFrame | None = None
        self._list: QListWidget | None = None
        self._note: Quiet | None = None
        self.searched.connect(self._ask)
        self.key_down.connect(lambda: self._step(1))
        self.returnPressed.connect(self._open_current)

    def results(self) -> QListWidget | None:
        """The list of what was found, once anything was searched."""
        return self._list

    def _ask(self, text: str) -> None:
        if not text:
            self._hide()
            return
        self._tasks.read(
            lambda db: list(self._search(db, text, LIMIT)), self._show, receiver=self, key="global-search"
        )

    def _make(self) -> tuple[QFrame, QListWidget, Quiet]:
        if self._drop is None or self._list is None or self._note is None:
            window = self.window()
            self._drop = QFrame(window)
            self._drop.setProperty("role", "popup")
            column = QVBoxLayout(self._drop)
            column.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
            self._list = QListWidget()
            self._list.setProperty("role", "plain")
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.setIconSize(QSize(self._theme.px(16), self._theme.px(16)))
            self._list.setUniformItemSizes(True)
            self._list.itemClicked.connect(self._open)
            self._note = Quiet(_("Nothing found. Try fewer letters, or the digits of a phone."))
            self._note.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
            column.addWidget(self._list)
            column.addWidget(self._note)
            window.installEventFilter(self)
        return self._drop, self._list, self._note

    def _show(self, hits: Sequence[Hit]) -> None:
        if not self.text().strip():
            return
        drop, listing, note = self._make()
        listing.clear()
        for hit in hits:
            text = f"{hit.name}   {hit.more}" if hit.more else hit.name
            item = QListWidgetItem(theme_icon(self._theme, ICONS.get(hit.kind, "search")), text)
            item.setData(Qt.ItemDataRole.UserRole, (hit.kind, hit.id))
            item.setSizeHint(QSize(0, self._theme.px(30)))
            listing.addItem(item)
        listing.setVisible(bool(hits))
        listing.setFixedHeight(len(hits) * self._theme.px(30) + 4)
        note.setVisible(not hits)
        if hits:
            listing.setCurrentRow(0)
        spot = self.mapTo(self.window(), QPoint(0, self.height() + SPACE))
        drop.setFixedWidth(max(self.width(), self._theme.px(420)))
        drop.move(spot)
        drop.setFixedHeight((listing.height() if hits else note.sizeHint().height()) + 2 * SPACE + 2)
        drop.show()
        drop.raise_()

    def _hide(self) -> None:
        if self._drop is not None:
            self._drop.hide()

    def _step(self, by: int) -> None:
        if self._list is not None and self._list.count():
            row = (self._list.currentRow() + by) % self._list.count()
            self._list.setCurrentRow(row)

    def _open_current(self) -> None:
        if self._list is not None and self._drop is not None and self._drop.isVisible():
            item = self._list.currentItem()
            if item is not None:
                self._open(item)

    def _open(self, item: QListWidgetItem) -> None:
        kind, record_id = item.data(Qt.ItemDataRole.UserRole)
        self._hide()
        self.opened.emit(kind, record_id)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up:
            self._step(-1)
            return
        if event.key() == Qt.Key.Key_Escape:
            self._hide()
            if not self.text():
                self.clearFocus()
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.Resize):
            self._hide()
        return False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._hide()
