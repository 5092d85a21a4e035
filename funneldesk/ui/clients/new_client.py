"""The dialog for a new company or person; clients that may be the same are shown while typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from funneldesk.domain.change import Change
from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.doubles.warning import DoublesWarning
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from funneldesk.domain.client_list import ClientChoices
    from funneldesk.store.database import Database


class NewClientDialog(Dialog):
    """`made` carries kind and id of the new client, `known` those of a double that was chosen instead."""

    help_page = "clients"

    made = Signal(str, int)
    known = Signal(str, int)

    def __init__(
        self,
        context: AppContext,
        kind: str,
        parent: QWidget | None = None,
        *,
        name: str = "",
        company: tuple[int, str] | None = None,
    ) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._kind = kind
        self._company = company
        title = _("New company") if kind == "company" else _("New person")
        column = self.headed(title, 520)
        if company is not None:
            column.addWidget(ElidedLabel(company[1], "quiet"))
        self.form = Form(context.theme)
        self._add_rows(name)
        column.addWidget(self.form)
        usable = ("person",) if company is not None and kind == "person" else ()
        self.warning = DoublesWarning(context, self._typed, usable)
        self.warning.opened.connect(self._take_known)
        self.warning.used.connect(self._use)
        column.addWidget(self.warning)
        column.addStretch(1)
        self.button = PrimaryButton(_("Add"), self.accept, theme=context.theme, icon="plus")
        self.warning.shown.connect(lambda on: self.button.setText(_("Add anyway") if on else _("Add")))
        self.add_foot(column, self.button)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)
        self.form.changed.connect(lambda _key: self.warning.typing())
        self._read_choices()
        if name:
            self.warning.look()

    def _add_rows(self, name: str) -> None:
        form = self.form
        form.add_text("name", _("Name") if self._kind == "company" else _("Full name"), name, required=True)
        if self._kind == "person":
            form.add_text("position", _("Position"))
        form.add_text("phone", _("Phone"))
        form.add_text("email", _("E-mail"))
        if self._kind == "company":
            form.add_text("website", _("Site"))
            form.add_text("tax_id", _("Tax number"))
        form.add_text("city", _("City"))
        form.add_choice("manager_id", _("Manager"), (), None)
        form.add_choice("source_id", _("Source"), (), None)

    def _read_choices(self) -> None:
        def read(db: Database) -> tuple[ClientChoices, int, list[Any]]:
            from funneldesk.services import cards

            return cards.client_choices(db)

        self._context.tasks.read(read, self._take_choices, receiver=self)

    def _take_choices(self, found: tuple[ClientChoices, int, list[Any]]) -> None:
        from funneldesk.ui.widgets.fields import ChoiceField

        for key, options, value in (
            ("manager_id", found[0].managers, self._context.me),
            ("source_id", found[0].sources, None),
        ):
            field = self.form.field(key)
            assert isinstance(field, ChoiceField)
            field.set_options(options)
            field.set_value(value)

    # -- doubles ------------------------------------------------------------------------------

    def _typed(self) -> dict[str, Any]:
        values = self.form.values()
        return {
            "name": values["name"] or "",
            "tax_id": values.get("tax_id") or "",
            "city": values["city"] or "",
            "contacts": self._contacts(values),
        }

    def _take_known(self, kind: str, client_id: int) -> None:
        self.reject()
        self.known.emit(kind, client_id)

    def _use(self, kind: str, client_id: int, _name: str) -> None:
        """The person who is there already becomes one of this company."""
        assert self._company is not None
        company_id = self._company[0]

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import clients

            return clients.update(db, (kind, client_id), company_id=company_id, actor=actor)

        def done(_change: Change) -> None:
            super(NewClientDialog, self).accept()
            self.made.emit(kind, client_id)

        save(self._context, write, self, done, self._failed)

    # -- saving -------------------------------------------------------------------------------

    def _contacts(self, values: dict[str, Any]) -> list[tuple[str, str]]:
        return [(kind, values[kind]) for kind in ("phone", "email", "website") if values.get(kind)]

    def _save(self) -> None:
        values = self.form.values()
        contacts = self._contacts(values)
        plain = {k: v for k, v in values.items() if k not in ("phone", "email", "website") and v is not None}
        kind = self._kind
        if self._company is not None:
            plain["company_id"] = self._company[0]

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import clients

            make = clients.create_company if kind == "company" else clients.create_person
            return make(db, contacts=contacts, actor=actor, **plain)

        self.button.setEnabled(False)
        save(self._context, write, self, self._done, self._failed)

    def _done(self, change: Change) -> None:
        super().accept()
        self.made.emit(self._kind, change.new_id(self._kind))

    def _failed(self, error: Exception) -> None:
        self.button.setEnabled(True)
        if isinstance(error, UserError):
            self.form.set_error("name", error_text(error))

    # Qt overrides

    def accept(self) -> None:
        """Make the client when nothing is missing."""
        if self.form.check() and self.button.isEnabled():
            self._save()

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        field = self.form.field("name")
        assert isinstance(field, QLineEdit)
        field.setFocus()
