"""The chip of conditions, as lists, boards and reports have it, and the dialog behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.condition_words import Teller
from funneldesk.domain.condition import EVERYTHING, Group
from funneldesk.domain.condition_fields import AskField
from funneldesk.errors import UserError
from funneldesk.text import _, error_text, format_number, ngettext
from funneldesk.ui.conditions.builder import GroupBox
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.labels import Heading, Quiet, plain_tooltip
from funneldesk.ui.widgets.popup_filter import FilterChip
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.store.database import Database

COUNT_MS = 200  # after the last keystroke
_LETTERS = 42  # of the conditions told on the chip


class ConditionDialog(Dialog):
    """Builds conditions and tells how many records fit; `chosen` when they are to be used."""

    help_page = "deals"

    chosen = Signal(object)  # Group

    def __init__(
        self,
        context: AppContext,
        kind: str,
        fields: Sequence[AskField],
        tree: Group,
        parent: QWidget,
        title: str = "",
    ) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._kind = kind
        theme = context.theme
        self.setWindowTitle(title or _("Conditions"))
        self.setMinimumSize(theme.px(600), theme.px(300))
        self.resize(theme.px(760), theme.px(440))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(Heading(title or _("Conditions"), 2))
        inner = QWidget()
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(0, 0, SPACE_3, 0)
        self.box = GroupBox(theme, kind, fields, context.currency)
        inside.addWidget(self.box)
        inside.addStretch(1)
        column.addWidget(ScrollArea(inner), 1)
        foot = QHBoxLayout()
        self.found = Quiet()
        foot.addWidget(self.found, 1)
        foot.addWidget(push_button(_("Remove all"), self._clear))
        foot.addWidget(push_button(_("Cancel"), self.reject))
        self.button = PrimaryButton(_("Apply"), self._choose)
        self.button.setDefault(True)
        foot.addWidget(self.button)
        column.addLayout(foot)
        QShortcut(QKeySequence("Ctrl+Return"), self, self._choose)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(COUNT_MS)
        self._wait.timeout.connect(self.count)
        self.box.set_group(tree)
        self.box.changed.connect(self._wait.start)
        self.count()

    def count(self) -> None:
        """Ask how many records fit."""
        kind, tree = self._kind, self.box.group()

        def read(db: Database) -> int:
            from funneldesk.services import conditions

            return conditions.count(db, kind, tree)

        self._context.tasks.read(read, self._told, self._failed, receiver=self, key="condition-count")

    def _told(self, count: int) -> None:
        words = ngettext("{count} record fits", "{count} records fit", count)
        self.found.setText(words.format(count=format_number(count)))

    def _failed(self, error: Exception) -> None:
        self.found.setText(error_text(error) if isinstance(error, UserError) else "")

    def _clear(self) -> None:
        self.chosen.emit(EVERYTHING)
        self.accept()

    def _choose(self) -> None:
        self.chosen.emit(self.box.group())
        self.accept()


class ConditionChip(FilterChip):
    """`tree()` is what is asked of records of `kind` (client, lead, deal); `changed` when it is another."""

    def __init__(
        self,
        context: AppContext,
        kind: str,
        parent: QWidget | None = None,
        *,
        letters: int = _LETTERS,
        title: str = "",
        icon: str = "list-filter",
    ) -> None:
        self.title = title or _("Conditions")
        self._context = context
        self.kind = kind
        self._letters = letters
        self._tree = EVERYTHING
        self._told = ""
        super().__init__(context.theme, self.title, icon, parent)

    def tree(self) -> Group:
        """What is asked."""
        return self._tree

    def set_tree(self, tree: Group, *, tell: bool = True) -> None:
        """Ask for something else; conditions on fields that are gone are left out and that is said."""
        if tree == self._tree:
            return
        self._tree = tree
        if tell:
            self.changed.emit()
        self._read(self._name_it)

    def clear(self) -> None:
        """Ask for nothing."""
        self.set_tree(EVERYTHING)

    def switch_off(self, reason: str) -> None:
        """Cannot be used now, and why; "" = it can."""
        self.setEnabled(not reason)
        self.setAccessibleDescription(reason)
        self.setToolTip(plain_tooltip(reason or self._told))

    def _read(self, take: Callable[[list[AskField]], None]) -> None:
        kind = self.kind

        def read(db: Database) -> list[AskField]:
            from funneldesk.services import conditions

            return conditions.catalogue(db, kind)

        self._context.tasks.read(read, take, receiver=self)

    def _name_it(self, fields: Sequence[AskField]) -> None:
        gone = {c.field for c in self._tree.conditions()} - {field.key for field in fields}
        if gone:
            self._context.toast(_("A condition on a field that is not there any more was left out."))
            self.set_tree(self._tree.without(gone))
            return
        words = Teller(self.kind, fields, self._context.currency).tell(self._tree)
        self._show(words if len(words) <= self._letters else f"{words[: self._letters - 1]}…")
        self.setAccessibleName(f"{self.title}: {words}" if words else self.title)
        self._told = words
        self.setToolTip(plain_tooltip(self.accessibleDescription() or words))

    def _open(self) -> None:
        self._read(lambda fields: self.open_dialog(fields).setFocus())

    def open_dialog(self, fields: Sequence[AskField]) -> ConditionDialog:
        """The builder with what is asked now."""
        dialog = ConditionDialog(self._context, self.kind, fields, self._tree, self, self.title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self.set_tree)
        dialog.open()
        return dialog
