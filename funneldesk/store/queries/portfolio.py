"""What each manager carries, and what of it a transfer would move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.portfolio import Load, Wish
from funneldesk.store import tables as t
from funneldesk.store.queries.rates import rates


def loads(conn: sa.Connection, now: int) -> list[Load]:
    """The load of every manager, and of nobody (id 0) when something has no manager; by name."""
    clients = _counts(conn, t.companies) + _counts(conn, t.people)
    leads = _counts(conn, t.leads, t.leads.c.closed_at.is_(None))
    acts = t.activities.c
    planned = _counts(conn, t.activities, acts.done_at.is_(None), acts.kind != "note")
    late = _counts(conn, t.activities, acts.done_at.is_(None), acts.kind != "note", acts.due_at < now)
    d, known = t.deals.c, rates(conn)
    deals: dict[int, int] = {}
    sums: dict[int, int] = {}
    query = sa.select(d.manager_id, d.currency, sa.func.count(), sa.func.sum(d.amount))
    for who, currency, count, total in conn.execute(
        query.where(d.status == "open").group_by(d.manager_id, d.currency)
    ):
        deals[who or 0] = deals.get(who or 0, 0) + count
        sums[who or 0] = sums.get(who or 0, 0) + (known.convert(int(total or 0), currency, None) or 0)
    found = [
        Load(
            manager_id=i, name=name, active=active, clients=clients.get(i, 0), leads=leads.get(i, 0),
            deals=deals.get(i, 0), amount=sums.get(i, 0), planned=planned.get(i, 0), late=late.get(i, 0),
        )
        for i, name, active in [*_managers(conn), (0, "", True)]
    ]  # fmt: skip
    return [load for load in found if load.manager_id or load.carries()]


class _Counts(dict[int, int]):
    def __add__(self, other: _Counts) -> _Counts:
        return _Counts({key: self.get(key, 0) + other.get(key, 0) for key in {*self, *other}})


def _counts(conn: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> _Counts:
    who = table.c.manager_id
    query = sa.select(who, sa.func.count()).where(*where).group_by(who)
    return _Counts({manager or 0: count for manager, count in conn.execute(query)})


def _managers(conn: sa.Connection) -> list[tuple[int, str, bool]]:
    c = t.managers.c
    return [tuple(row) for row in conn.execute(sa.select(c.id, c.name, c.active).order_by(c.folded))]


def moving(conn: sa.Connection, wish: Wish) -> dict[str, list[int]]:
    """Kind -> ids of what a wish moves, in order."""
    found: dict[str, list[int]] = {}
    clients = {kind: _clients(conn, kind, wish) for kind in ("company", "person")}
    if wish.clients:
        found |= clients
    narrowed = bool(wish.cities or wish.source_ids or wish.categories)
    if wish.deals:
        d = t.deals.c
        query = sa.select(d.id).where(_of(d.manager_id, wish.from_id), d.status == "open")
        if wish.funnel_ids:
            query = query.where(d.funnel_id.in_(wish.funnel_ids))
        if narrowed:
            query = query.where(_about(d, wish))
        found["deal"] = _ids(conn, query)
    if wish.activities:
        a = t.activities.c
        query = sa.select(a.id).where(_of(a.manager_id, wish.from_id), a.done_at.is_(None), a.kind != "note")
        if narrowed:
            query = query.where(_about(a, wish))
        found["activity"] = _ids(conn, query)
    if wish.leads:
        c = t.leads.c
        query = sa.select(c.id).where(_of(c.manager_id, wish.from_id), c.closed_at.is_(None))
        if wish.source_ids:
            query = query.where(c.source_id.in_(wish.source_ids))
        found["lead"] = _ids(conn, query)
    return {kind: ids for kind, ids in found.items() if ids}


def _of(column: sa.Column[Any], manager_id: int) -> sa.ColumnElement[bool]:
    return column == manager_id if manager_id else column.is_(None)


def _clients(conn: sa.Connection, kind: str, wish: Wish) -> list[int]:
    c = t.table_of(kind).c
    query = sa.select(c.id).where(_of(c.manager_id, wish.from_id), *_narrow(c, wish))
    if wish.only_without_deals:
        query = query.where(~sa.exists().where(t.deals.c[f"{kind}_id"] == c.id, t.deals.c.status == "open"))
    return _ids(conn, query)


def _narrow(c: Any, wish: Wish) -> Sequence[sa.ColumnElement[bool]]:
    pairs = ((c.city, wish.cities), (c.source_id, wish.source_ids), (c.category, wish.categories))
    return [column.in_(values) for column, values in pairs if values]


def _about(c: Any, wish: Wish) -> sa.ColumnElement[bool]:
    """A deal or an activity is moved when its client fits the conditions."""
    companies = sa.select(t.companies.c.id).where(*_narrow(t.companies.c, wish))
    people = sa.select(t.people.c.id).where(*_narrow(t.people.c, wish))
    return sa.or_(c.company_id.in_(companies), sa.and_(c.company_id.is_(None), c.person_id.in_(people)))


def _ids(conn: sa.Connection, query: sa.Select[Any]) -> list[int]:
    return list(conn.scalars(query.order_by(query.selected_columns.id)))
