"""Conditions on deals as lists, reports and the command line give them: field = value."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.queries.calculated_sql import is_calculated, worked_out

_OWN = ("title", "external_id", "currency", "demand", "comment", "competitor")
_NAMED = {
    "manager": (t.managers, t.deals.c.manager_id),
    "source": (t.sources, t.deals.c.source_id),
    "product": (t.products, t.deals.c.product_id),
    "lost_reason": (t.loss_reasons, t.deals.c.loss_reason_id),
}
_OF_COMPANY = ("city", "region", "country", "size", "category", "tax_id")
FIELDS = (*_OWN, *_NAMED, "client", *_OF_COMPANY)


def deal_condition(conn: sa.Connection, field: str, value: str) -> sa.ColumnElement[bool]:
    """The condition that a deal's `field` is `value` (letter case and marks ignored; empty = nothing there).

    Raises UserError `filter.unknown` with the fields there are.
    """
    if field.startswith("custom:") or field not in FIELDS:
        return _custom(conn, field.removeprefix("custom:"), value)
    if field in _NAMED:
        table, column = _NAMED[field]
        if not value:
            return column.is_(None)
        return column.in_(sa.select(table.c.id).where(table.c.folded == fold(value)))
    if field in _OWN:
        return _equal(conn, t.deals.c[field], t.deals.c.id, value)
    ids = t.deals.c.company_id
    name = "name" if field == "client" else field
    if not value and field == "client":
        return ids.is_(None)
    matching = _matching(conn, t.companies.c[name], t.companies.c.id, value)
    if field != "client":
        return among(ids, matching)
    people = _matching(conn, t.people.c.name, t.people.c.id, value)
    return among(ids, matching) | among(t.deals.c.person_id, people)


def _equal(
    conn: sa.Connection, column: sa.Column[str], id_column: sa.Column[int], value: str
) -> sa.ColumnElement[bool]:
    return among(id_column, _matching(conn, column, id_column, value))


def _matching(conn: sa.Connection, column: sa.Column[str], ids: sa.Column[int], value: str) -> list[int]:
    """Ids of rows whose text folds to that of `value`; SQLite's own lower() knows only ASCII."""
    wanted = fold(value)
    return [row[0] for row in conn.execute(sa.select(ids, column)) if fold(row[1] or "") == wanted]


def _custom(conn: sa.Connection, name: str, value: str) -> sa.ColumnElement[bool]:
    field = t.custom_fields.c
    known = conn.execute(sa.select(field.id, field.record_kind, field.folded)).all()
    fields = [row for row in known if row.folded == fold(name)]
    if not fields:
        raise UserError("filter.unknown", name=name, known=[*FIELDS, *[row.folded for row in known]])
    wanted = fold(value)
    deals = t.deals.c
    owners = {
        "deal": deals.id, "company": deals.company_id, "person": deals.person_id, "product": deals.product_id,
    }  # fmt: skip
    conditions = []
    for row in fields:
        if row.record_kind not in owners:
            continue
        conditions.append(_has(conn, owners[row.record_kind], row.id, wanted))
    return sa.or_(sa.false(), *conditions)


def _has(
    conn: sa.Connection, owner: sa.ColumnElement[int | None], field_id: int, wanted: str
) -> sa.ColumnElement[bool]:
    """The condition that the own field of `owner` folds to `wanted`; a calculated one as it would be kept."""
    if not is_calculated(conn, field_id):
        values = t.custom_values.c
        mine = values.field_id == field_id
        # the different values are few, and an index tells which records have each
        every = conn.execute(sa.select(values.value).distinct().where(mine)).cursor.fetchall()
        alike = [value for (value,) in every if fold(value) == wanted]
        return owner.in_(sa.select(values.record_id).where(mine, among(values.value, alike)))
    told = worked_out(conn, field_id, clock.now()).c
    found = conn.execute(sa.select(told.o, told.v).where(told.v.is_not(None)))
    texts = ((i, f"{v:.15g}" if isinstance(v, float) else str(v)) for i, v in found)
    return among(owner, [i for i, v in texts if fold(v) == wanted])
