"""What the search finds of a record beside its own columns: contacts, own fields, notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import compress
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Edit, Op
from funneldesk.domain.fields import FieldType
from funneldesk.store import tables as t
from funneldesk.store.among import among

Within = Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool]]
Owners = dict[str, set[int]]
_NOTE = "note"
_LINKS = {"contact_point": ("company_id", "person_id"),
          "activity": ("company_id", "person_id", "deal_id", "lead_id")}  # fmt: skip
_TEXTS = ("subject", "comment", "result")
# Types of own fields that a person looks for by what is written in them.
_WRITTEN = (
    FieldType.TEXT, FieldType.LINK, FieldType.CHOICE, FieldType.MULTI_CHOICE, FieldType.NUMBER
)  # fmt: skip
KINDS = (*_LINKS, "custom_value")
SEARCHED = ("company", "person", "lead", "deal")  # the kinds of record that the search finds


def more_texts(conn: sa.Connection, kind: str, within: Within) -> dict[int, list[str]]:
    """Record -> the texts of its own fields and notes, for the records that `within` lets through."""
    found: dict[int, list[str]] = defaultdict(list)
    values, fields = t.custom_values.c, t.custom_fields.c
    query = (
        sa.select(values.record_id, values.value)
        .join(t.custom_fields, fields.id == values.field_id)
        .where(values.record_kind == kind, fields.type.in_(_WRITTEN), within(values.record_id))
    )
    for owner, text in conn.execute(query.order_by(values.id)):
        found[owner].append(text)
    notes = t.activities.c
    owner_column = notes[f"{kind}_id"]
    query = sa.select(owner_column, *[notes[name] for name in _TEXTS])
    for owner, *texts in conn.execute(
        query.where(notes.kind == _NOTE, owner_column.is_not(None), within(owner_column)).order_by(notes.id)
    ):
        found[owner].extend(text for text in texts if text)
    return found


def owners_of_columns(kind: str, data: Mapping[str, Sequence[Any]]) -> Owners:
    """Whose text rows of `kind` belong to, by column a value per row."""
    found: Owners = defaultdict(set)
    if kind == "custom_value":
        for owner, record_id in set(zip(data["record_kind"], data["record_id"], strict=True)):
            if owner in SEARCHED and record_id:
                found[owner].add(record_id)
        return found
    notes = [what == _NOTE for what in data.get("kind", ())] if kind == "activity" else None
    for link in _LINKS[kind]:
        column = data.get(link, ())
        ids = set(filter(None, column if notes is None else compress(column, notes)))
        if ids:
            found[link.removesuffix("_id")] = ids
    return found


def touched_owners(conn: sa.Connection, edit: Edit, wanted: Owners) -> None:
    """Add the records whose text an edit of a contact, an own field's value or a note changes."""
    if edit.op is Op.RANGE:
        for owner, ids in (edit.before or {}).items():
            if owner in SEARCHED:
                wanted[owner].update(ids)
        return
    images: list[Mapping[str, Any]] = [dict(image) for image in (edit.before, edit.after) if image]
    if edit.op is Op.BATCH:
        columns = (edit.after or {}).get("columns", ())
        if edit.kind == "activity" and not {*columns} & {*_TEXTS, *_LINKS["activity"], "kind"}:
            return
        images = []
    if edit.op is Op.CUT:
        whole = edit.before or {"columns": (), "rows": ()}
        images = [dict(zip(whole["columns"], row, strict=True)) for row in whole["rows"]]
    if edit.op in (Op.BATCH, Op.UPDATE):
        table = t.table_of(edit.kind)
        ids = edit.ids if edit.op is Op.BATCH else (edit.record_id,)
        rows = [dict(row) for row in conn.execute(sa.select(table).where(among(table.c.id, ids))).mappings()]
        images = [*rows, *({**row, **image} for row in rows for image in images)]
        if edit.op is Op.BATCH:
            images += _before_batch(edit, rows)
    for image in images:
        for owner, record_id in _owners(image, edit.kind):
            wanted[owner].add(record_id)


def _before_batch(edit: Edit, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows of a batch as they were before and after it, whichever way it was applied."""
    now = {row["id"]: row for row in rows}
    found: list[Mapping[str, Any]] = []
    for image in (edit.before, edit.after):
        if image:
            for record_id, values in zip(image["ids"], image["rows"], strict=True):
                found.append({**now.get(record_id, {}), **dict(zip(image["columns"], values, strict=True))})
    return found


def _owners(image: Mapping[str, Any], kind: str) -> Iterator[tuple[str, int]]:
    if kind == "custom_value":
        if image.get("record_kind") in SEARCHED and image.get("record_id"):
            yield image["record_kind"], image["record_id"]
        return
    if kind == "activity" and image.get("kind") != _NOTE:
        return
    for column in _LINKS[kind]:
        if image.get(column):
            yield column.removesuffix("_id"), image[column]
