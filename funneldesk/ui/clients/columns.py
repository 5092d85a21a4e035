"""The columns of the client list, and its rows put into words (in the reading thread)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from funneldesk.domain.client_list import ClientRow
from funneldesk.domain.condition import ValueType
from funneldesk.domain.condition_fields import custom_type
from funneldesk.domain.fields import CustomField
from funneldesk.domain.formula import decode
from funneldesk.domain.formula_kinds import asked_as
from funneldesk.domain.money import from_minor
from funneldesk.text import _, activity_kind, format_date, format_date_short, format_number
from funneldesk.ui.clients.common import due_words, sums_text
from funneldesk.ui.context import AppContext
from funneldesk.ui.widgets.paged_model import TableColumn

if TYPE_CHECKING:
    from funneldesk.store.database import Database


def kind_words(kind: str) -> str:
    """Company or person, in words."""
    return _("Company") if kind == "company" else _("Person")


def make_columns(fields: Sequence[CustomField]) -> list[TableColumn]:
    """The columns, custom fields behind the built-in ones; a field of both kinds has one column."""
    found = [
        TableColumn("name", _("Name"), 210),
        TableColumn("kind", _("Kind"), 84),
        TableColumn("phone", _("Phone"), 146),
        TableColumn("city", _("City"), 118),
        TableColumn("manager", _("Manager"), 130),
        TableColumn("next_step", _("Next step"), 190),
        TableColumn("open_deals", _("Open deals"), 96, numeric=True),
        TableColumn("open_sum", _("Open sum"), 134, numeric=True),
        TableColumn("last_contact", _("Last contact"), 122),
        TableColumn("email", _("E-mail"), 190, shown=False),
        TableColumn("source", _("Source"), 130, shown=False),
        TableColumn("created", _("Created"), 110, shown=False),
        TableColumn("category", _("Category"), 120, shown=False),
        TableColumn("tax_id", _("Tax number"), 120, shown=False),
    ]
    return [*found, *custom_columns(fields)]


def custom_columns(fields: Sequence[CustomField]) -> list[TableColumn]:
    """The columns of custom fields; calculated ones as what their formulas give."""
    found = []
    for field in fields:
        asked = asked_as(field, fields) if field.type == "calculated" else custom_type(field.type)
        numeric = asked in (ValueType.NUMBER, ValueType.MONEY)
        column = TableColumn(f"field:{field.id}", field.name, 120, numeric=numeric, shown=False)
        found.append(column if asked is not None else replace(column, sortable=False))
    return found


def row_fetcher(
    context: AppContext, fields: Sequence[CustomField]
) -> Callable[[Database, Sequence[int]], Mapping[int, Mapping[str, Any]]]:
    """What the table calls for a page of rows."""
    known = {field.id: field for field in fields}

    def fetch(db: Database, codes: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        from funneldesk.services import cards

        return {code: row_words(context, row, known) for code, row in cards.client_rows(db, codes).items()}

    return fetch


def row_words(context: AppContext, row: ClientRow, fields: Mapping[int, CustomField]) -> dict[str, Any]:
    """A row as texts by column."""
    zone = context.zone
    found: dict[str, Any] = {
        "name": f"{row.name} · {row.company}" if row.company else row.name,
        "kind": kind_words(row.kind),
        "kind.color": "quiet",
        "phone": row.phone,
        "email": row.email,
        "city": row.city,
        "manager": row.manager,
        "source": row.source,
        "open_deals": format_number(row.open_deals) if row.open_deals else "",
        "open_sum": sums_text(row.open_sums, context.currency),
        "last_contact": format_date_short(row.last_contact, zone) if row.last_contact is not None else "",
        "created": format_date(row.created_at, zone) if row.created_at is not None else "",
        "category": row.category,
        "tax_id": row.tax_id,
    }
    if row.open_deals:
        found["open_deals.raw"] = Decimal(row.open_deals)
    if len(row.open_sums) == 1:
        code, minor = row.open_sums[0]
        found["open_sum.raw"] = from_minor(minor, code or context.currency)
    if row.next_kind:
        when = due_words(row.next_at, zone)
        subject = row.next_subject or activity_kind(row.next_kind)
        found["next_step"] = f"{when.text} · {subject}"
        found["next_step.color"] = when.token
    for field_id, value in row.custom.items():
        if field_id in fields:
            found[f"field:{field_id}"] = value_words(fields[field_id], value, context.currency)
            found[f"field:{field_id}.raw"] = raw_value(fields[field_id], value, context.currency)
    return found


def raw_value(field: CustomField, value: str, currency: str) -> Decimal | None:
    """The number that a custom field keeps or gives, None when it is none."""
    try:
        if field.type == "calculated":
            kind, text = decode(value)
            return Decimal(text) if kind in ("number", "money") else None
        if field.type == "number":
            return Decimal(value)
        return from_minor(int(value), currency) if field.type == "money" else None
    except (ValueError, ArithmeticError):
        return None


def value_words(field: CustomField, value: str, currency: str) -> str:
    """The kept value of a custom field as it is shown; an unreadable one is shown as it is."""
    from datetime import date

    from funneldesk.text import format_money

    if not value:
        return ""
    try:
        if field.type == "calculated":
            from funneldesk.ui.clients.formula import calculated_words

            return calculated_words(value, currency)
        if field.type == "number":
            number = Decimal(value)
            return format_number(number, max(0, -int(number.as_tuple().exponent)))
        if field.type == "money":
            return format_money(int(value), currency)
        if field.type == "date":
            return format_date(date.fromisoformat(value))
        if field.type == "yes_no":
            return _("Yes") if value == "1" else _("No")
        if field.type == "multi_choice":
            return ", ".join(str(v) for v in json.loads(value))
    except (ValueError, ArithmeticError, TypeError):
        return value
    return value
