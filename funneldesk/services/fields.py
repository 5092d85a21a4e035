"""Custom fields: added, renamed, their values set."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from funneldesk.domain.card import FieldValue
from funneldesk.domain.change import Change, Label
from funneldesk.domain.fields import CustomField, CustomValue, FieldType
from funneldesk.domain.folding import fold
from funneldesk.domain.naming import checked_choices, checked_name
from funneldesk.errors import UserError
from funneldesk.services import ordering
from funneldesk.store.database import Database
from funneldesk.store.queries import card
from funneldesk.store.transaction import Actor, Transaction

KINDS = ("company", "person", "lead", "deal", "product", "invoice", "payment")
_YES = frozenset({"1", "true", "yes", "да", "tak"})


def add(
    db: Database,
    record_kind: str,
    name: str,
    type_: FieldType = FieldType.TEXT,
    *,
    options: Sequence[str] = (),
    actor: Actor | None = None,
) -> Change:
    """Add a field to a kind of record.

    Raises `name.empty`, `name.long`, `name.taken`, `field.no_options`.
    """
    fresh = checked_name(name)
    with db.transaction(Label("field.created", {"name": fresh}), actor=actor) as tx:
        add_field(tx, record_kind, fresh, type_, options=options)
    return tx.change


def add_field(
    tx: Transaction,
    record_kind: str,
    name: str,
    type_: FieldType = FieldType.TEXT,
    *,
    options: Sequence[str] = (),
) -> int:
    """As `add` inside a transaction; returns the id."""
    if record_kind not in KINDS:
        raise ValueError(f"no custom fields on {record_kind}")
    kept = checked_choices(options)
    if type_ in (FieldType.CHOICE, FieldType.MULTI_CHOICE) and not kept:
        raise UserError("field.no_options")
    if type_ == FieldType.CALCULATED:
        raise ValueError("a calculated field is made by services.calculated")
    known = tx.all(CustomField, record_kind=record_kind)
    if any(f.folded == fold(name) for f in known):
        raise UserError("name.taken", name=name)
    return tx.insert(
        CustomField(
            record_kind=record_kind,
            name=checked_name(name),
            type=str(type_),
            options=json.dumps(kept, ensure_ascii=False) if kept else None,
            position=max((f.position for f in known), default=-1) + 1,
        )
    )


def rename(db: Database, field_id: int, name: str, *, actor: Actor | None = None) -> Change:
    """Rename a field.  Raises `name.empty`, `name.long`, `name.taken`."""
    with db.transaction(Label("field.changed", {"name": name.strip()}), actor=actor) as tx:
        rename_field(tx, tx.get(CustomField, field_id), name)
    return tx.change


def rename_field(tx: Transaction, field: CustomField, name: str) -> None:
    """As `rename` inside a transaction."""
    fresh = checked_name(name, field.name)
    others = [f for f in tx.all(CustomField, record_kind=field.record_kind) if f.id != field.id]
    if any(f.folded == fold(fresh) for f in others):
        raise UserError("name.taken", name=fresh)
    tx.update(CustomField, field.id, name=fresh)


def delete(db: Database, field_id: int, *, actor: Actor | None = None) -> Change:
    """Remove a field with all its values."""
    with db.transaction(Label("field.deleted"), actor=actor) as tx:
        field = tx.get(CustomField, field_id)
        tx.label = Label("field.deleted", {"name": field.name})
        tx.bulk_delete("custom_value", [value.id for value in tx.all(CustomValue, field_id=field_id)])
        tx.delete(CustomField, field_id)
    return tx.change


def of_kind(db: Database, record_kind: str) -> list[CustomField]:
    """The fields of a kind of record, in their order."""
    with db.read() as conn:
        return card.custom_fields(conn, record_kind)


def move(db: Database, field_id: int, by: int, *, actor: Actor | None = None) -> Change:
    """Put a field further down (1) or up (-1) among those of its kind of record."""
    with db.transaction(Label("field.changed"), actor=actor) as tx:
        field = tx.get(CustomField, field_id)
        tx.label = Label("field.changed", {"name": field.name})
        ordering.shift(tx, CustomField, field_id, by, record_kind=field.record_kind)
    return tx.change


def set_value(
    db: Database, field_id: int, record_kind: str, record_id: int, value: str, *, actor: Actor | None = None
) -> Change:
    """Set the value of a field on a record; "" takes it away.  Raises `field.unreadable`."""
    with db.transaction(Label("field.changed"), actor=actor) as tx:
        field = tx.get(CustomField, field_id)
        tx.label = Label("field.changed", {"name": field.name})
        put_value(tx, field, record_kind, record_id, value)
    return tx.change


def put_value(tx: Transaction, field: CustomField, record_kind: str, record_id: int, value: str) -> None:
    """As `set_value` inside a transaction."""
    if field.type == FieldType.CALCULATED:
        raise UserError("field.calculated", name=field.name)
    known = tx.all(CustomValue, record_kind=record_kind, record_id=record_id, field_id=field.id)
    text = value.strip()
    if not text:
        for old in known:
            tx.delete(CustomValue, old.id)
        return
    shown, number = canonical(field, text)
    if known:
        tx.update(CustomValue, known[0].id, value=shown, number=number)
        return
    mine: dict[str, Any] = {"field_id": field.id, "record_kind": record_kind, "record_id": record_id}
    tx.insert(CustomValue(**mine, value=shown, number=number))


def put_own(tx: Transaction, record_kind: str, record_id: int, own: Mapping[int, str]) -> None:
    """Set several fields of a record: id of the field -> value, "" takes it away."""
    for field_id, value in own.items():
        put_value(tx, tx.get(CustomField, field_id), record_kind, record_id, value)


def remove_values(tx: Transaction, record_kind: str, record_id: int) -> None:
    """Take away all that a record has in its fields, when it goes."""
    for value in tx.all(CustomValue, record_kind=record_kind, record_id=record_id):
        tx.delete(CustomValue, value.id)


def values_of(db: Database, record_kind: str, record_id: int) -> tuple[FieldValue, ...]:
    """The fields of a kind of record with what one record (0 = a new one) has in them."""
    with db.read() as conn:
        return card.field_values(conn, record_kind, record_id)


def canonical(field: CustomField, text: str) -> tuple[str, float | None]:
    """The form a value is kept in and its number for sorting (days for dates).

    Numbers with a point, money in minor units as a whole number, dates ISO, yes/no as 1 or 0,
    several choices as a JSON list.  Raises `field.unreadable`.
    """
    try:
        if field.type == FieldType.NUMBER:
            number = float(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
            if not math.isfinite(number):
                raise ValueError(text)
            return f"{number:.15g}", number
        if field.type == FieldType.MONEY:
            minor = int(text)
            return str(minor), float(minor)
        if field.type == FieldType.DATE:
            day = date.fromisoformat(text)
            return day.isoformat(), float(day.toordinal())
    except ValueError as error:
        raise UserError("field.unreadable", value=text, name=field.name) from error
    if field.type == FieldType.YES_NO:
        yes = fold(text) in _YES
        return ("1" if yes else "0"), float(yes)
    if field.type == FieldType.MULTI_CHOICE:
        return _several(text), None
    return text, None


def _several(text: str) -> str:
    """Several choices as a JSON list, whether they come as one or with semicolons."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        found = [part.strip() for part in text.split(";") if part.strip()]
    return json.dumps([str(part) for part in found], ensure_ascii=False)
