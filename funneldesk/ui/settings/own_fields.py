"""Own fields of every kind of record, in Settings: made, ordered, changed, removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTabBar, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.field_words import type_title
from funneldesk.text import N_, _
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database

KINDS = (
    ("company", N_("Companies")),
    ("person", N_("People")),
    ("lead", N_("Leads")),
    ("deal", N_("Deals")),
    ("product", N_("Products")),
    ("invoice", N_("Invoices")),
    ("payment", N_("Payments")),
)


class OwnFieldsSection(QWidget):
    """A tab per kind of record, the fields in their order, and what can be done with the one chosen."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._fields: list[CustomField] = []
        theme = context.theme
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setAccessibleName(_("Own fields"))
        for _kind, title in KINDS:
            self.tabs.addTab(_(title))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Own fields"))
        row = theme.px(26)
        self.list.setStyleSheet(f"QListView::item {{ height: {row}px; padding-left: 4px; }}")
        self.list.setFixedHeight(row * 10 + SPACE_2)
        self.note = Quiet(_("No own fields yet. Add one, and it stands on all of these."),
                          wrap=True)  # fmt: skip
        self.add_button = push_button(_("Add…"), self.add, theme=theme, icon="plus")
        self.edit_button = push_button(_("Change…"), self.edit, theme=theme, icon="pencil")
        self.remove_button = push_button(_("Remove"), self.remove, theme=theme, icon="trash-2")
        self.up_button = IconButton(theme, "arrow-up", _("Move up"), lambda: self.move_by(-1))
        self.down_button = IconButton(theme, "arrow-down", _("Move down"), lambda: self.move_by(1))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        for button in (self.add_button, self.edit_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.up_button)
        buttons.addWidget(self.down_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        for part in (self.tabs, self.list, self.note):
            column.addWidget(part)
        column.addLayout(buttons)
        self.tabs.currentChanged.connect(lambda _index: self.reload())
        self.list.currentRowChanged.connect(lambda _row: self._enable())
        self.list.itemDoubleClicked.connect(lambda _item: self.edit())
        context.hub.changed.connect(self._changed)
        self.reload()

    @property
    def kind(self) -> str:
        """The kind of record in front."""
        return KINDS[self.tabs.currentIndex()][0]

    def reload(self) -> None:
        """Read the fields anew."""
        kind = self.kind

        def read(db: Database) -> list[CustomField]:
            from funneldesk.services import fields

            return fields.of_kind(db, kind)

        self._context.tasks.read(read, self._show, receiver=self, key="own-fields")

    def _changed(self, change: Change) -> None:
        if change.touches("custom_field"):
            self.reload()

    def _show(self, fields: list[CustomField]) -> None:
        chosen = self.chosen()
        self._fields = fields
        self.list.clear()
        for field in fields:
            item = QListWidgetItem(f"{field.name}  ·  {type_title(field.type)}")
            self.list.addItem(item)
            if chosen is not None and chosen.id == field.id:
                self.list.setCurrentItem(item)
        self.list.setVisible(bool(fields))
        self.note.setVisible(not fields)
        self._enable()

    def chosen(self) -> CustomField | None:
        """The field that is chosen."""
        row = self.list.currentRow()
        return self._fields[row] if 0 <= row < len(self._fields) else None

    def _enable(self) -> None:
        row, writable = self.list.currentRow(), not self._context.read_only
        self.add_button.setEnabled(writable)
        for button in (self.edit_button, self.remove_button):
            button.setEnabled(writable and row >= 0)
        self.up_button.setEnabled(writable and row > 0)
        self.down_button.setEnabled(writable and 0 <= row < len(self._fields) - 1)

    # -- what a person does -------------------------------------------------------------------

    def add(self) -> None:
        """The dialog of a new field."""
        self._open(None)

    def edit(self) -> None:
        """The dialog of the field chosen: name, type, choices."""
        field = self.chosen()
        if field is not None and not self._context.read_only:
            self._open(field)

    def _open(self, field: CustomField | None) -> None:
        if field is not None and field.type == FieldType.CALCULATED:
            from funneldesk.ui.clients.formula import FormulaDialog

            formula = FormulaDialog(self._context, self, self.kind, 0, field=field)
            formula.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            formula.open()
            return
        from funneldesk.ui.settings.field_dialog import OwnFieldDialog

        dialog = OwnFieldDialog(self._context, self.kind, field, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def remove(self) -> None:
        """Remove the field chosen with its values; the toast brings them back."""
        field = self.chosen()
        if field is not None:
            self._write(lambda fields, db, actor: fields.delete(db, field.id, actor=actor))

    def move_by(self, by: int) -> None:
        """Put the field chosen further up (-1) or down (1)."""
        field = self.chosen()
        if field is not None:
            self._write(lambda fields, db, actor: fields.move(db, field.id, by, actor=actor), toast=False)

    def _write(self, use: Callable[..., Change], *, toast: bool = True) -> None:
        def write(db: Database, actor: object) -> Change:
            from funneldesk.services import fields

            return use(fields, db, actor)

        save(self._context, write, self, toast=toast)
