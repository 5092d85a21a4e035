"""Own fields as rows of a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from funneldesk.domain.card import FieldValue
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.text import _, format_number
from funneldesk.ui.clients.custom import MultiChoice, options_of
from funneldesk.ui.clients.formula import calculated_words
from funneldesk.ui.context import AppContext
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from funneldesk.store.database import Database

OWN = "own:"


class OwnRows:
    """The fields of one kind of record under the other rows of `form`; `done` when they are there."""

    def __init__(
        self,
        context: AppContext,
        form: Form,
        kind: str,
        record_id: int,
        receiver: QWidget,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        self._context = context
        self._form = form
        self._done = done
        self._known: dict[int, str] = {}

        def read(db: Database) -> tuple[FieldValue, ...]:
            from funneldesk.services import fields

            return fields.values_of(db, kind, record_id)

        context.tasks.read(read, self._take, receiver=receiver)

    def changed(self) -> dict[int, str]:
        """What a person has put in or taken out, by field; call `form.check()` first."""
        values = self._form.values()
        typed = {i: str(values[f"{OWN}{i}"] or "") for i in self._known}
        return {i: value for i, value in typed.items() if value != self._known[i]}

    def _take(self, found: Sequence[FieldValue]) -> None:
        for each in found:
            field, key = each.field, f"{OWN}{each.field.id}"
            if field.type == FieldType.CALCULATED:
                if each.value:
                    label = PlainLabel(calculated_words(each.value, self._context.currency))
                    self._form.add_widget(key, field.name, label, lambda: None)
                continue
            add_own_row(self._form, key, field, self._context.currency, each.value)
            self._known[field.id] = str(self._form.values()[key] or "")
        if found:
            self._done()


def without_own(values: dict[str, object]) -> dict[str, object]:
    """The values of a form but those of own fields."""
    return {key: value for key, value in values.items() if not key.startswith(OWN)}


def add_own_row(form: Form, key: str, field: CustomField, currency: str, value: str = "") -> None:
    """The row of one field; what it gives is in the form in which `services.fields` takes values."""
    label = field.name
    if field.type == FieldType.MONEY:
        money = form.add_money(key, label, currency, int(value) if value.lstrip("-").isdigit() else None)
        form.read_as(key, _as_text(money.value))
    elif field.type == FieldType.DATE:
        form.add_date(key, label, value or None)
    elif field.type == FieldType.CHOICE:
        form.add_choice(key, label, options_of(field), value or None)
    elif field.type == FieldType.YES_NO:
        form.add_choice(key, label, (("1", _("Yes")), ("0", _("No"))), value or None)
    elif field.type == FieldType.MULTI_CHOICE:
        several = MultiChoice(options_of(field))
        several.setProperty("role", "field")  # framed like the other rows of a form
        several.set_json(value)
        chosen = [value]
        several.picked.connect(lambda picked: chosen.__setitem__(0, str(picked)))
        form.add_widget(key, label, several, lambda: chosen[0] or None)
    elif field.type == FieldType.NUMBER:
        form.add_text(key, label, _number(value))
    else:
        form.add_text(key, label, value)


def _as_text(read: Callable[[], int | None]) -> Callable[[], str | None]:
    def value() -> str | None:
        minor = read()
        return None if minor is None else str(minor)

    return value


def _number(value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    return format_number(number, len(value.partition(".")[2]))
