"""Which column of which table points at which kind of record, foreign keys and softer pointers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from funneldesk.store import tables as t
from funneldesk.store.among import among

_SOFT = (("lead", "deal_id", "deal"), ("deal", "lead_id", "lead"))
# ids that may outlive what they point at
_LOOSE = (("stage", "manager_id", "manager"), ("activity", "given_by_id", "manager"))


@dataclass(frozen=True, slots=True)
class Pointer:
    """`table.column` holds ids of `target`; `kind` is what the table keeps ("" = no record of ours)."""

    kind: str
    table: sa.Table
    column: str
    target: str

    def where(self) -> Any:
        """The pointing column."""
        return self.table.c[self.column]


def _kind_of(table: Any) -> str:
    return next((kind for kind, (_cls, own) in t.KINDS.items() if own.name == table.name), "")


@cache
def pointers() -> tuple[Pointer, ...]:
    """All of them."""
    found = []
    for table in t.metadata.tables.values():
        for column in table.columns:
            for key in column.foreign_keys:
                target = _kind_of(key.column.table)
                if target:
                    found.append(Pointer(_kind_of(table), table, column.name, target))
    found += [Pointer(kind, t.table_of(kind), column, target) for kind, column, target in _SOFT]
    return tuple(found)


def pointing(
    conn: sa.Connection, made: Mapping[str, set[int]], loosened: Mapping[tuple[str, str], Iterable[int]]
) -> dict[str, set[int]]:
    """The records among `made` that something outside of `made` points at, by kind.

    `loosened` (kind, column) -> records whose pointer is about to go elsewhere: they do not count.
    """
    found: dict[str, set[int]] = {}
    for pointer in pointers():
        ids = made.get(pointer.target)
        if not ids:
            continue
        query = sa.select(pointer.where()).distinct().where(among(pointer.where(), ids))
        inside = {*made.get(pointer.kind, ()), *loosened.get((pointer.kind, pointer.column), ())}
        if inside:
            query = query.where(sa.not_(among(pointer.table.c.id, inside)))
        found.setdefault(pointer.target, set()).update(conn.scalars(query))
    for table in t.metadata.tables.values():
        if not {"record_kind", "record_id"} <= set(table.c.keys()):
            continue
        inside = made.get(_kind_of(table), set())
        outside = sa.not_(among(table.c.id, inside)) if inside else sa.true()
        for kind, ids in made.items():
            query = sa.select(table.c.record_id).distinct().where(table.c.record_kind == kind)
            hits = set(conn.scalars(query.where(outside))) & ids
            if hits:
                found.setdefault(kind, set()).update(hits)
    return found


def parents(conn: sa.Connection, kind: str, ids: Iterable[int]) -> dict[str, set[int]]:
    """What these records point at, by kind."""
    found: dict[str, set[int]] = {}
    mine = [pointer for pointer in pointers() if pointer.kind == kind]
    table = t.table_of(kind)
    for pointer in mine:
        query = sa.select(pointer.where()).distinct().where(among(table.c.id, ids))
        found.setdefault(pointer.target, set()).update(i for i in conn.scalars(query) if i is not None)
    if kind == "custom_value":
        values = t.custom_values.c
        query = sa.select(values.record_kind, values.record_id).where(among(values.id, ids))
        for of, record in conn.execute(query):
            found.setdefault(of, set()).add(record)
    return found


def referring(conn: sa.Connection, kind: str, record_id: int) -> dict[tuple[str, str], list[int]]:
    """What points at a record: (kind, column) -> ids, loose pointers too; no empty columns."""
    columns = [(p.kind, p.column) for p in pointers() if p.target == kind and p.kind]
    columns += [(of, column) for of, column, target in _LOOSE if target == kind]
    found = {}
    for of, column in columns:
        table = t.table_of(of).c
        query = sa.select(table.id).where(table[column] == record_id).order_by(table.id)
        if ids := list(conn.scalars(query)):
            found[of, column] = ids
    return found


def there(conn: sa.Connection, kind: str, ids: Iterable[int]) -> set[int]:
    """Those of `ids` that are in the base."""
    column = t.table_of(kind).c.id
    return set(conn.scalars(sa.select(column).where(among(column, ids))))
