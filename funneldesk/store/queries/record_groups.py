"""A list cut into groups by any field, and what records add up to."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.client_list import code_of, ref_of
from funneldesk.domain.condition import ValueType
from funneldesk.domain.condition_fields import custom_id
from funneldesk.domain.record_list import RecordGroup
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.database import read_info
from funneldesk.store.queries.calculated_sql import is_calculated, worked_out
from funneldesk.store.queries.condition_sql import built_in_sql, converted, custom_owner
from funneldesk.store.queries.conditions import known_fields

_CLIENTS = ("company", "person")


def grouped(conn: sa.Connection, kind: str, ids: Sequence[int], by: str) -> list[RecordGroup]:
    """The records of `ids` (codes where `kind` is client) by the value of the field `by`.

    Groups come in the order of their values, dates by month with the newest first, "none" last.
    """
    type_ = known_fields(conn, kind)[by]
    read = _reader(type_, read_info(conn).zone)
    found: dict[Any, list[int]] = {}
    sums: dict[Any, int] = {}
    values = _values(conn, kind, by)
    for record_id in ids:
        raw, amount = values.get(record_id, (None, None))
        key = read(raw)
        found.setdefault(key, []).append(record_id)
        sums[key] = sums.get(key, 0) + (amount or 0)
    rank = _ranks(conn, by)
    dated = type_ in (ValueType.DAY, ValueType.MOMENT)
    keys = sorted(
        (key for key in found if key is not None), key=lambda key: rank.get(key, (1, key)), reverse=dated
    )
    keys += [None] if None in found else []
    return [RecordGroup(key, tuple(found[key]), sums[key]) for key in keys]


def amount_of(conn: sa.Connection, kind: str, ids: Sequence[int]) -> int | None:
    """What deals, or the open deals of clients, add up to; None where a kind has no amounts."""
    if kind == "lead":
        return None
    total = 0
    for each in _CLIENTS if kind == "client" else (kind,):
        mine = [ref_of(i)[1] for i in ids if ref_of(i)[0] == each] if kind == "client" else ids
        amount = converted(conn, clock.now())
        query = sa.select(sa.func.sum(amount)).select_from(t.deals)
        if each == "deal":
            query = query.where(among(t.deals.c.id, mine))
        else:
            query = query.where(among(t.deals.c[f"{each}_id"], mine), t.deals.c.status == "open")
        total += int(conn.scalar(query) or 0)
    return total


def _values(conn: sa.Connection, kind: str, by: str) -> dict[int, tuple[Any, int | None]]:
    """Record -> (value of the field, amount)."""
    found: dict[int, tuple[Any, int | None]] = {}
    for each in _CLIENTS if kind == "client" else (kind,):
        table = t.table_of(each)
        amount: Any = sa.null()
        if each == "deal":
            amount = converted(conn, clock.now())
        elif each != "lead":
            amount = built_in_sql(conn, each, "open_sum", clock.now())
        value, source = _value(conn, each, by)
        query = sa.select(table.c.id, value, amount).select_from(source)
        for record_id, value, money in conn.execute(query):
            found[code_of(each, record_id) if kind == "client" else record_id] = (
                value, None if money is None else int(money),
            )  # fmt: skip
    return found


def _value(conn: sa.Connection, kind: str, by: str) -> tuple[Any, sa.FromClause]:
    """The value of a field, and what it is selected from."""
    table, field = t.table_of(kind), custom_id(by)
    if field is not None and is_calculated(conn, field):
        owner = custom_owner(conn, kind, field)
        if owner is not None:
            every = worked_out(conn, field, clock.now())
            return every.c.v, table.outerjoin(every, every.c.o == owner)
    return _expression(conn, kind, by), table


def _expression(conn: sa.Connection, kind: str, by: str) -> Any:
    field = custom_id(by)
    if field is not None:
        owner = custom_owner(conn, kind, field)
        if owner is None:
            return sa.null()
        column = t.custom_values.c
        mine = sa.select(column.value).where(column.field_id == field, column.record_id == owner).limit(1)
        return mine.correlate(t.table_of(kind)).scalar_subquery()
    if by in ("phone", "email", "website") and kind != "lead":
        points = t.contact_points.c
        mine = sa.select(sa.func.min(points.value)).where(
            points.kind == by, points[f"{kind}_id"] == t.table_of(kind).c.id
        )
        return mine.correlate(t.table_of(kind)).scalar_subquery()
    return built_in_sql(conn, kind, by, clock.now())


def _reader(type_: ValueType, zone: ZoneInfo) -> Callable[[Any], Any]:
    if type_ is ValueType.MOMENT:
        return lambda raw: None if raw is None else clock.local_date(raw, zone).isoformat()[:7]
    if type_ is ValueType.DAY:
        return lambda raw: str(raw)[:7] if raw else None
    if type_ is ValueType.SEVERAL:
        return _several
    if type_ is ValueType.FLAG:
        return lambda raw: None if raw in (None, "") else int(str(raw) in ("1", "True"))
    if type_ in (ValueType.NUMBER, ValueType.MONEY):
        return lambda raw: None if raw in (None, "") else float(raw)
    return lambda raw: None if raw in (None, "") else raw


def _several(raw: Any) -> str | None:
    if not raw:
        return None
    try:
        parts = json.loads(raw)
    except ValueError:
        parts = str(raw).split(",")
    return ", ".join(sorted(str(part) for part in parts)) or None


def _ranks(conn: sa.Connection, by: str) -> dict[Any, tuple[int, Any]]:
    """The order of a small list, where the field is one."""
    tables = {"manager": t.managers, "source": t.sources, "product": t.products}
    if by in tables:
        query = sa.select(tables[by].c.id).order_by(tables[by].c.folded)
    elif by == "stage":
        query = sa.select(t.stages.c.id).order_by(t.stages.c.funnel_id, t.stages.c.position)
    elif by in ("funnel", "lost_reason"):
        table = t.funnels if by == "funnel" else t.loss_reasons
        query = sa.select(table.c.id).order_by(table.c.position)
    else:
        return {}
    return {found: (0, place) for place, found in enumerate(conn.scalars(query))}
