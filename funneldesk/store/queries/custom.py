"""Values of custom fields as lists need them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.queries.calculated import calculated
from funneldesk.store.queries.calculated_sql import is_calculated, worked_out
from funneldesk.store.queries.card import custom_fields


def custom_texts(conn: sa.Connection, kind: str, ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Record -> field -> the value as it is kept."""
    values = t.custom_values.c
    query = sa.select(values.record_id, values.field_id, values.value).where(
        values.record_kind == kind, among(values.record_id, ids)
    )
    found: dict[int, dict[int, str]] = {}
    for record, field, value in conn.execute(query):
        found.setdefault(record, {})[field] = value
    for record, more in calculated(conn, kind, list(ids), custom_fields(conn, kind)).items():
        found.setdefault(record, {}).update(more)
    return found


def custom_sort(conn: sa.Connection, field_id: int, kind: str) -> sa.Subquery:
    """(o = record, v = what its value is sorted by): numbers by size, everything else as text."""
    if is_calculated(conn, field_id, kind):
        return worked_out(conn, field_id, clock.now())
    values = t.custom_values.c
    shown = sa.func.coalesce(sa.func.printf("%024.4f", values.number), values.value)
    query = sa.select(values.record_id.label("o"), sa.func.min(shown).label("v"))
    mine = query.where(values.field_id == field_id, values.record_kind == kind)
    return mine.group_by(values.record_id).subquery()
