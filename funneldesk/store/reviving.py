"""Records that others point at and that are gone: brought back from the journal, or stood in for.

A deal is worth more than the funnel that it lost: what cannot stand without a record must not go with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.team import Source
from funneldesk.store import tables as t
from funneldesk.store.findings import Dangling
from funneldesk.store.salvage_rows import fits, recalled
from funneldesk.store.transaction import Transaction


def bring_back(tx: Transaction, lost: Sequence[Dangling]) -> int:
    """Put the missing records that the journal knows as it saw them last; returns how many."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for each in lost:
        wanted[each.target].update(each.missing)
    # what is brought back may point at what comes back after it
    tx.conn.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    raw: Any = tx.conn.connection.driver_connection
    count = 0
    for kind, ids in wanted.items():
        cls, table = t.KINDS[kind]
        columns = [table.c[name] for name in t.COLUMNS[kind]]
        for _record, image in recalled(raw, kind, sorted(ids)):
            values, _emptied = fits(columns, [image.get(column.name) for column in columns])
            if values is not None:
                tx.insert(cls(**dict(zip(t.COLUMNS[kind], values, strict=True))))
                count += 1
    return count


def stand_in(tx: Transaction, lost: Sequence[Dangling]) -> int:
    """Where others cannot stand without a record, put one that only has its number; returns how many."""
    needed: dict[str, set[int]] = defaultdict(set)
    for each in lost:
        if not t.table_of(each.kind).c[each.column].nullable:
            needed[each.target].update(each.missing)
    count = 0
    for record in sorted(needed["funnel"]):
        tx.insert(Funnel(id=record, name=f"#{record}", position=_next(tx, t.funnels)))
        if not tx.all(Stage, funnel_id=record):
            tx.insert(Stage(funnel_id=record, name="#1", slot=0, position=1))
        count += 1
    for record in sorted(needed["custom_field"]):
        column = t.custom_values.c
        of = tx.conn.scalar(sa.select(column.record_kind).where(column.field_id == record))
        tx.insert(
            CustomField(
                id=record, record_kind=of or "company", name=f"#{record}", type=FieldType.TEXT,
                position=_next(tx, t.custom_fields),
            )
        )  # fmt: skip
        count += 1
    for record in sorted(needed["source"]):
        tx.insert(Source(id=record, name=f"#{record}"))
        count += 1
    return count


def _next(tx: Transaction, table: sa.Table) -> int:
    return int(tx.conn.scalar(sa.select(sa.func.max(table.c.position))) or 0) + 1
