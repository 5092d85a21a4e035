"""A list of records in the settings: one line each; added, changed, removed, moved by buttons and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QListWidget,
    QPushButton,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from funneldesk.text import _
from funneldesk.ui.clients.common import save
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.domain.change import Change
    from funneldesk.store.database import Database
    from funneldesk.store.transaction import Actor
    from funneldesk.ui.context import AppContext

R = TypeVar("R")


class RecordList(QWidget, Generic[R]):
    """What the lists of the settings share; one that is derived says what is read, told and done.

    Enter, F2 and a double click change the line, Delete removes it.  Whatever comes from elsewhere (`kinds`
    of records) is read anew; the line stays selected by its record, else by its place.
    """

    kinds: tuple[str, ...] = ()
    ordered = False  # two arrows move the line

    def __init__(
        self, context: AppContext, name: str, rows: int, about: str = "", tabs: Iterable[str] = ()
    ) -> None:
        super().__init__()
        self._context = context
        self.records: Sequence[R] = ()
        theme = context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        if about:
            column.addWidget(Quiet(about, wrap=True))
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(name)
        for title in tabs:
            self.tabs.addTab(title)
        self.tabs.setVisible(self.tabs.count() > 0)
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        height = theme.px(26)
        self.list.setStyleSheet(f"QListView::item {{ height: {height}px; padding-left: 4px; }}")
        self.list.setFixedHeight(height * rows + SPACE_2)
        self.note = Quiet(wrap=True)
        for part in (self.tabs, self.list, self.note):
            column.addWidget(part)
        self.add_button = push_button(_("Add…"), self.add, theme=theme, icon="plus")
        self.change_button = push_button(_("Change…"), self.change, theme=theme, icon="pencil")
        self.remove_button = push_button(_("Remove"), self.remove, theme=theme, icon="trash-2")
        self.up = IconButton(theme, "arrow-up", _("Move up"), lambda: self.move_by(-1))
        self.down = IconButton(theme, "arrow-down", _("Move down"), lambda: self.move_by(1))
        buttons = FlowLayout(spacing=SPACE_2)
        for button in (self.add_button, self.change_button, *self.more_buttons(), self.remove_button):
            buttons.addWidget(button)
        for arrow in (self.up, self.down):
            buttons.addWidget(arrow)
            arrow.setVisible(self.ordered)
        column.addLayout(buttons)
        keys = {Qt.Key.Key_Return: self.change, Qt.Key.Key_F2: self.change, Qt.Key.Key_Delete: self.remove}
        for key, act in keys.items():
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)
        self.tabs.currentChanged.connect(self._turn)
        self.list.currentRowChanged.connect(lambda _row: self.enable())
        self.list.itemDoubleClicked.connect(lambda _item: self.change())
        context.hub.changed.connect(self._changed)
        self.enable()
        self.reload()

    # -- what a list says of itself -----------------------------------------------------------

    def reader(self) -> Callable[[Database], Sequence[R]]:
        """What reads the records that are to be shown now, in the reading thread."""
        raise NotImplementedError

    def line(self, record: R) -> str:
        """The record in a line."""
        raise NotImplementedError

    def nothing(self) -> str:
        """What is said where there are none."""
        raise NotImplementedError

    def dialog(self, record: R | None) -> QDialog:
        """The dialog of a record, or of a new one."""
        raise NotImplementedError

    def removal(self, record: R) -> Callable[[Database, Actor], Change]:
        """What takes the record away."""
        raise NotImplementedError

    def moving(self, record: R, by: int) -> Callable[[Database, Actor], Change]:
        """What puts the record further up (-1) or down (1)."""
        raise NotImplementedError

    def more_buttons(self) -> Sequence[QPushButton]:
        """Buttons between Change and Remove."""
        return ()

    # -- showing ------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the records anew."""
        key = f"settings-{type(self).__name__}"
        self._context.tasks.read(self.reader(), self._take, receiver=self, key=key)

    def _turn(self, _tab: int) -> None:
        self.records = ()  # nothing of the other tab can be changed while this one is read
        self.list.clear()
        self.enable()
        self.reload()

    def _changed(self, change: Change) -> None:
        if any(change.touches(kind) for kind in self.kinds):
            self.reload()

    def _take(self, found: Sequence[R]) -> None:
        known, place = _identity(self.chosen()), self.list.currentRow()
        self.records = found
        self.list.clear()
        self.list.addItems([self.line(record) for record in found])
        places = [row for row, record in enumerate(found) if _identity(record) == known]
        self.list.setCurrentRow(places[0] if places else min(place, len(found) - 1))
        self.list.setVisible(bool(found))
        self.note.setText(self.nothing())
        self.note.setVisible(not found)
        self.enable()

    def chosen(self) -> R | None:
        """The record that is selected."""
        row = self.list.currentRow()
        return self.records[row] if 0 <= row < len(self.records) else None

    def enable(self) -> None:
        """Let the buttons be pressed that can do something."""
        row, writable = self.list.currentRow(), not self._context.read_only
        there = writable and self.chosen() is not None
        self.add_button.setEnabled(writable)
        for button in (self.change_button, self.remove_button):
            button.setEnabled(there)
        self.up.setEnabled(there and row > 0)
        self.down.setEnabled(there and row < len(self.records) - 1)

    # -- what a person does -------------------------------------------------------------------

    def add(self) -> None:
        """The dialog of a new record."""
        self._open(None)

    def change(self) -> None:
        """The dialog of the record chosen."""
        if self.chosen() is not None:
            self._open(self.chosen())

    def _open(self, record: R | None) -> None:
        if not self._context.read_only:
            dialog = self.dialog(record)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def remove(self) -> None:
        """Take the record chosen away; the toast brings it back."""
        record = self.chosen()
        if record is not None:
            self.write(self.removal(record))

    def move_by(self, by: int) -> None:
        """Put the record chosen further up (-1) or down (1)."""
        record = self.chosen()
        if record is not None:
            self.write(self.moving(record, by), toast=False)

    def write(self, work: Callable[[Database, Actor], Change], *, toast: bool = True) -> None:
        """Write in the writing thread, unless the base can only be read."""
        if not self._context.read_only:
            save(self._context, work, self, toast=toast)


def _identity(record: Any) -> tuple[type[Any], int] | None:
    return None if record is None else (type(record), record.id)
