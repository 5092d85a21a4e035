"""Own fields of every kind of record, in Settings: made, ordered, changed, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from funneldesk.domain.change import Change
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.field_words import type_title
from funneldesk.text import N_, _
from funneldesk.ui.context import AppContext
from funneldesk.ui.settings.record_list import RecordList

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.transaction import Actor

KINDS = (
    ("company", N_("Companies")),
    ("person", N_("People")),
    ("lead", N_("Leads")),
    ("deal", N_("Deals")),
    ("product", N_("Products")),
    ("invoice", N_("Invoices")),
    ("payment", N_("Payments")),
)


class OwnFieldsSection(RecordList[CustomField]):
    """A tab per kind of record, the fields in their order, and what can be done with the one chosen."""

    kinds = ("custom_field",)
    ordered = True

    def __init__(self, context: AppContext) -> None:
        super().__init__(context, _("Own fields"), 10, tabs=[_(title) for _kind, title in KINDS])

    @property
    def kind(self) -> str:
        """The kind of record in front."""
        return KINDS[self.tabs.currentIndex()][0]

    def reader(self) -> Callable[[Database], Sequence[CustomField]]:
        """The fields of the tab in front."""
        kind = self.kind

        def read(db: Database) -> Sequence[CustomField]:
            from funneldesk.services import fields

            return fields.of_kind(db, kind)

        return read

    def line(self, field: CustomField) -> str:
        """Its name and what it holds."""
        return f"{field.name}  ·  {type_title(field.type)}"

    def nothing(self) -> str:
        """What one would be."""
        return _("No own fields yet. Add one, and it stands on all of these.")

    def dialog(self, field: CustomField | None) -> QDialog:
        """Name, type and choices, or the formula of a calculated one."""
        if field is not None and field.type == FieldType.CALCULATED:
            from funneldesk.ui.clients.formula import FormulaDialog

            return FormulaDialog(self._context, self, self.kind, 0, field=field)
        from funneldesk.ui.settings.field_dialog import OwnFieldDialog

        return OwnFieldDialog(self._context, self.kind, field, self)

    def removal(self, field: CustomField) -> Callable[[Database, Actor], Change]:
        """It goes with its values."""

        def write(db: Database, actor: Actor) -> Change:
            from funneldesk.services import fields

            return fields.delete(db, field.id, actor=actor)

        return write

    def moving(self, field: CustomField, by: int) -> Callable[[Database, Actor], Change]:
        """Shown sooner or later on cards and in forms."""

        def write(db: Database, actor: Actor) -> Change:
            from funneldesk.services import fields

            return fields.move(db, field.id, by, actor=actor)

        return write
