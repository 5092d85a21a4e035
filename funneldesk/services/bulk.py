"""One change to many records: a field, a manager, tags."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.fields import CustomField, CustomValue, FieldType
from funneldesk.domain.folding import fold
from funneldesk.domain.naming import checked_name
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.services.fields import add_field, canonical
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.database import Database
from funneldesk.store.queries.differing import differing
from funneldesk.store.removal import MANY as MANY
from funneldesk.store.transaction import Actor, Transaction

Ref = tuple[str, int]  # (company, person, lead or deal; id)
_PLACE = ("address", "city", "region", "country", "category", "source_id", "manager_id", "comment")
# The columns that may be set for many at once, by kind.
COLUMNS: dict[str, tuple[str, ...]] = {
    "company": (*_PLACE, "size"),
    "person": (*_PLACE, "position"),
    "lead": ("source_id", "manager_id", "comment"),
    "deal": (
        "source_id", "manager_id", "product_id", "expected_close", "demand", "competitor", "comment"
    ),
}  # fmt: skip
_WORD = {"company": "clients", "person": "clients", "lead": "leads", "deal": "deals"}


def set_column(
    db: Database, refs: Sequence[Ref], column: str, value: Any, *, actor: Actor | None = None
) -> Change:
    """Set one column of many records; those of a kind that lacks it stay as they are."""
    with db.transaction(_label(refs), actor=actor) as tx:
        for kind, ids in _by_kind(refs).items():
            if column in COLUMNS[kind]:
                _set(tx, kind, column, differing(tx.conn, kind, ids, column, value), value)
    return tx.change


def count_changes(db: Database, refs: Sequence[Ref], column: str, value: Any) -> int:
    """How many records `set_column` would change."""
    with db.read() as conn:
        return sum(
            len(differing(conn, kind, ids, column, value))
            for kind, ids in _by_kind(refs).items()
            if column in COLUMNS[kind]
        )


def assign(db: Database, refs: Sequence[Ref], manager_id: int, *, actor: Actor | None = None) -> Change:
    """Give records to a manager."""
    with db.transaction(_label(refs), actor=actor) as tx:
        manager = tx.get(Manager, manager_id)
        code = f"{_WORD[refs[0][0]]}.assigned" if refs else "clients.assigned"
        tx.label = Label(code, {"count": len(refs), "manager": manager.name})
        for kind, ids in _by_kind(refs).items():
            _set(tx, kind, "manager_id", differing(tx.conn, kind, ids, "manager_id", manager_id), manager_id)
    return tx.change


def set_custom(
    db: Database, refs: Sequence[Ref], field_id: int, value: str, *, actor: Actor | None = None
) -> Change:
    """Set a custom field of many records ("" = take it away); those of another kind stay as they are."""
    with db.transaction(_label(refs), actor=actor) as tx:
        field = tx.get(CustomField, field_id)
        if field.type == FieldType.CALCULATED:
            raise UserError("field.calculated", name=field.name)
        kept = canonical(field, value.strip()) if value.strip() else None
        ids = [i for kind, i in refs if kind == field.record_kind]
        put_values(tx, field, dict.fromkeys(ids, kept))
    return tx.change


def tag(
    db: Database,
    refs: Sequence[Ref],
    name: str,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    actor: Actor | None = None,
) -> Change:
    """Put tags on many records and take others away.

    Tags are a custom field of several choices called `name`; it is made for every kind of record
    concerned that has none, and a new tag becomes one of its choices.  Raises `name.taken` where a
    field of that name is of another type.
    """
    with db.transaction(_label(refs), actor=actor) as tx:
        for kind, ids in _by_kind(refs).items():
            put_tags(tx, kind, ids, name, add=add, remove=remove)
    return tx.change


def put_tags(
    tx: Transaction,
    kind: str,
    ids: Sequence[int],
    name: str,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
) -> int:
    """As `tag`, for records of one kind inside a transaction; how many are other than before."""
    field = _tag_field(tx, kind, name, add)
    if field is None:
        return 0
    now = _values(tx, field, ids)
    wanted: dict[int, tuple[str, float | None] | None] = {}
    for record_id in ids:
        have = json.loads(now[record_id].value) if record_id in now else []
        tags = list(dict.fromkeys([*(x for x in have if x not in remove), *add]))
        if tags != have:
            wanted[record_id] = (json.dumps(tags, ensure_ascii=False), None) if tags else None
    put_values(tx, field, wanted)
    return len(wanted)


def put_values(
    tx: Transaction, field: CustomField, wanted: dict[int, tuple[str, float | None] | None]
) -> None:
    """Make the values of a field equal to `wanted`: record -> (kept form, number) or None for nothing."""
    now = _values(tx, field, list(wanted))
    gone = [now[i].id for i, value in wanted.items() if value is None and i in now]
    tx.bulk_delete("custom_value", sorted(gone))
    changed = {now[i].id: value for i, value in wanted.items()
               if value is not None and i in now and (now[i].value, now[i].number) != value}  # fmt: skip
    ids = sorted(changed)
    tx.bulk_update("custom_value", ["value", "number"], ids, [list(changed[i] or ()) for i in ids])
    fresh = [(i, value) for i, value in sorted(wanted.items()) if value is not None and i not in now]
    if fresh:
        first = tx.reserve("custom_value", len(fresh))
        columns = ("id", "field_id", "record_kind", "record_id", "value", "number")
        rows = [(first + n, field.id, field.record_kind, i, *value) for n, (i, value) in enumerate(fresh)]
        tx.bulk_insert("custom_value", columns, rows)


def _values(tx: Transaction, field: CustomField, ids: Sequence[int]) -> dict[int, CustomValue]:
    column = t.custom_values.c
    found = tx.select(CustomValue, column.field_id == field.id, among(column.record_id, ids))
    return {value.record_id: value for value in found}


def _tag_field(tx: Transaction, kind: str, name: str, add: Sequence[str]) -> CustomField | None:
    known = next((f for f in tx.all(CustomField, record_kind=kind) if f.folded == fold(name)), None)
    if known is None:
        if not add:
            return None
        made = add_field(tx, kind, name, FieldType.MULTI_CHOICE, options=add)
        return tx.get(CustomField, made)
    if known.type != FieldType.MULTI_CHOICE:
        raise UserError("name.taken", name=name)
    options = json.loads(known.options or "[]")
    more = [tag for tag in add if tag not in options]
    if more:
        for tag in more:
            checked_name(tag)
        tx.update(CustomField, known.id, options=json.dumps([*options, *more], ensure_ascii=False))
    return known


def _by_kind(refs: Sequence[Ref]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for kind, record_id in refs:
        found.setdefault(kind, []).append(record_id)
    return found


def _set(tx: Transaction, kind: str, column: str, ids: Sequence[int], value: Any) -> None:
    if len(ids) >= MANY:  # a whole list is kept as one batch of before and after
        tx.bulk_update(kind, [column], ids, [[value]] * len(ids))
        return
    for record_id in ids:
        tx.update(t.KINDS[kind][0], record_id, **{column: value})


def _label(refs: Sequence[Ref]) -> Label:
    word = _WORD[refs[0][0]] if refs else "clients"
    return Label(f"{word}.changed", {"count": len(refs)})
