"""The fields that conditions of a kind of record can name, each with what there is to choose from."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.condition import ValueType
from funneldesk.domain.condition_fields import OWNERS, AskField, built_in, custom_type
from funneldesk.domain.deal import Status
from funneldesk.domain.fields import FieldType
from funneldesk.domain.lead import LeadStatus
from funneldesk.store import tables as t
from funneldesk.store.database import read_info
from funneldesk.store.queries.calculated_sql import asked_types
from funneldesk.store.queries.card import custom_fields
from funneldesk.store.queries.import_log import import_lines

Options = tuple[tuple[int | str, str], ...]
_IN_USE = 500  # texts offered of a field in use
_SMALL = {
    "manager": t.managers, "source": t.sources, "product": t.products, "lost_reason": t.loss_reasons,
}  # fmt: skip
_FIXED = {
    "lead_status": tuple(LeadStatus), "status": tuple(Status), "kind": ("company", "person"),
    "roles": ("client", "partner", "supplier"),
}  # fmt: skip
_OF_CLIENT = ("city", "region", "country", "size", "category")


def catalogue(conn: sa.Connection, kind: str) -> list[AskField]:
    """Every field of `kind` ("client" = companies and people) in the order in which it is offered.

    The names of built-in fields and of fixed choices are words, so they are left empty here.
    """
    found = [
        AskField(key, type_, options=_options(conn, key, type_)) for key, type_ in built_in(kind).items()
    ]
    worked_out = asked_types(conn, *OWNERS[kind])
    for field in custom_fields(conn, *OWNERS[kind]):
        if field.type == FieldType.CALCULATED:
            if field.id in worked_out:
                asked = AskField(f"field:{field.id}", worked_out[field.id], field.name, field.record_kind)
                found.append(replace(asked, calculated=True))
            continue
        found.append(
            AskField(
                f"field:{field.id}", custom_type(field.type), field.name, field.record_kind,
                tuple((str(v), str(v)) for v in json.loads(field.options or "[]")),
            )
        )  # fmt: skip
    return found


def _options(conn: sa.Connection, key: str, type_: ValueType) -> Options:
    if key in _FIXED:
        return tuple((str(value), "") for value in _FIXED[key])
    if key in _SMALL:
        table = _SMALL[key]
        rows = conn.execute(sa.select(table.c.id, table.c.name).order_by(table.c.folded))
        return tuple((row.id, row.name) for row in rows)
    if key == "funnel":
        funnels = sa.select(t.funnels.c.id, t.funnels.c.name).order_by(t.funnels.c.position)
        return tuple((row.id, row.name) for row in conn.execute(funnels))
    if key == "stage":
        return _stages(conn)
    if key == "import":
        return _imports(conn)
    if key == "currency":
        return _in_use(conn, sa.select(t.deals.c.currency.label("v")).distinct())
    bare = key.removeprefix("client_")
    if type_ is ValueType.CHOICE and bare in _OF_CLIENT:
        tables = [table for table in (t.companies, t.people) if bare in table.c]
        return _in_use(conn, sa.union(*[sa.select(table.c[bare].label("v")).distinct() for table in tables]))
    return ()


def _imports(conn: sa.Connection) -> Options:
    """The imports that hold, the newest first, by file and time."""
    zone = read_info(conn).zone
    return tuple(
        (line.entry, f"{line.file} · {clock.from_micros(line.at).astimezone(zone):%Y-%m-%d %H:%M}")
        for line in import_lines(conn)
        if line.state == "done"
    )


def _stages(conn: sa.Connection) -> Options:
    stages, funnels = t.stages.c, t.funnels.c
    several = (conn.scalar(sa.select(sa.func.count()).select_from(t.funnels)) or 0) > 1
    query = (
        sa.select(stages.id, stages.name, funnels.name.label("funnel"))
        .join(t.funnels, funnels.id == stages.funnel_id)
        .where(stages.archived.is_(False))
        .order_by(funnels.position, stages.position)
    )
    return tuple((r.id, f"{r.name} · {r.funnel}" if several else r.name) for r in conn.execute(query))


def _in_use(conn: sa.Connection, values: Any) -> Options:
    inner = values.subquery()
    query = sa.select(inner.c.v).where(inner.c.v.is_not(None), inner.c.v != "").order_by(inner.c.v)
    return tuple((str(v), str(v)) for v in conn.scalars(query.limit(_IN_USE)))
