"""The dialog for a new company or person; clients that may be the same are shown while typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import ElidedLabel, Heading, PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.domain.client_list import ClientChoices
    from funneldesk.store.database import Database
    from funneldesk.store.queries.clients import Double

PAUSE_MS = 200


class NewClientDialog(QDialog):
    """`made` carries kind and id of the new client, `known` those of a double that was chosen instead."""

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
        super().__init__(parent)
        self._context = context
        self._kind = kind
        self._company = company
        title = _("New company") if kind == "company" else _("New person")
        self.setWindowTitle(title)
        self.setMinimumWidth(context.theme.px(520))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4 + SPACE, SPACE_4, SPACE_4 + SPACE, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(Heading(title, 2))
        if company is not None:
            column.addWidget(ElidedLabel(company[1], "quiet"))
        self.form = Form(context.theme)
        self._add_rows(name)
        column.addWidget(self.form)
        column.addWidget(self._warning())
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(push_button(_("Cancel"), self.reject))
        self.button = PrimaryButton(_("Add"), self.accept, theme=context.theme, icon="plus")
        self.button.setDefault(True)
        foot.addWidget(self.button)
        column.addLayout(foot)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look_for_doubles)
        self.form.changed.connect(lambda _key: self._timer.start())
        self._read_choices()
        if name:
            self.look_for_doubles()

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

    def _warning(self) -> QFrame:
        self.warning = QFrame()
        self.warning.setProperty("role", "banner")
        column = QVBoxLayout(self.warning)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE)
        column.addWidget(PlainLabel(_("There may be this client already:"), "strong"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        column.addLayout(self._lines)
        self.warning.hide()
        return self.warning

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

    def look_for_doubles(self) -> None:
        """Ask whether somebody has this name, phone, e-mail or tax number."""
        values = self.form.values()
        contacts = self._contacts(values)

        def read(db: Database) -> Sequence[Double]:
            from funneldesk.services import clients

            return clients.similar(
                db, name=values["name"] or "", tax_id=values.get("tax_id") or "", contacts=contacts
            )

        self._context.tasks.read(read, self._show_doubles, receiver=self, key="client-doubles")

    def _show_doubles(self, doubles: Sequence[Double]) -> None:
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for double in doubles:
            self._lines.addWidget(self._double_line(double))
        self.warning.setVisible(bool(doubles))

    def _double_line(self, double: Double) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(ElidedLabel(double.name), 1)
        row.addWidget(Quiet(same_words(double.why)))
        row.addWidget(push_button(_("Open"), lambda: self._take_known(double), role="link"))
        return line

    def _take_known(self, double: Double) -> None:
        self.reject()
        self.known.emit(double.kind, double.id)

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


def same_words(why: str) -> str:
    """What is equal with a double, in words."""
    return {
        "tax_id": _("same tax number"),
        "phone": _("same phone"),
        "email": _("same e-mail"),
        "website": _("same site"),
        "name": _("same name"),
    }.get(why, "")
