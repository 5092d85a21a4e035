"""Deals as lists and exports show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.condition_fields import built_in, custom_id
from funneldesk.domain.folding import fold
from funneldesk.domain.record_list import DealFilter
from funneldesk.store import search
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.queries.condition_sql import built_in_sql, custom_owner
from funneldesk.store.queries.conditions import deal_clause
from funneldesk.store.queries.custom import custom_sort, custom_texts

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class DealRow:
    """One line of a list of deals; names instead of ids, money in minor units of its currency."""

    id: int
    external_id: str | None
    title: str
    client: str
    funnel: str
    stage: str | None
    status: str
    amount: int | None
    currency: str | None
    manager: str | None
    source: str | None
    product: str | None
    created_at: int | None
    closed_at: int | None
    expected_close: str | None
    lost_reason: str | None
    comment: str | None


def rows(conn: sa.Connection, deal_ids: Sequence[int]) -> list[DealRow]:
    """The lines of the given deals in the given order; deals that are gone are left out."""
    found: dict[int, DealRow] = {}
    for start in range(0, len(deal_ids), _CHUNK):
        part = list(deal_ids[start : start + _CHUNK])
        for row in conn.execute(_query().where(t.deals.c.id.in_(part))):
            found[row[0]] = DealRow(*row)
    return [found[i] for i in deal_ids if i in found]


def _query() -> sa.Select[Any]:
    d = t.deals.c
    return sa.select(
        d.id,
        d.external_id,
        d.title,
        sa.func.coalesce(t.companies.c.name, t.people.c.name, ""),
        t.funnels.c.name,
        t.stages.c.name,
        d.status,
        d.amount,
        d.currency,
        t.managers.c.name,
        t.sources.c.name,
        t.products.c.name,
        d.created_at,
        d.closed_at,
        d.expected_close,
        t.loss_reasons.c.name,
        sa.func.coalesce(d.loss_comment, d.comment),
    ).select_from(_joined())


def _joined() -> Any:
    """Deals with everything that they name."""
    d = t.deals.c
    return (
        t.deals.join(t.funnels, t.funnels.c.id == d.funnel_id)
        .outerjoin(t.stages, t.stages.c.id == d.stage_id)
        .outerjoin(t.companies, t.companies.c.id == d.company_id)
        .outerjoin(t.people, t.people.c.id == d.person_id)
        .outerjoin(t.managers, t.managers.c.id == d.manager_id)
        .outerjoin(t.sources, t.sources.c.id == d.source_id)
        .outerjoin(t.products, t.products.c.id == d.product_id)
        .outerjoin(t.loss_reasons, t.loss_reasons.c.id == d.loss_reason_id)
    )


# The list of deals on the screen ---------------------------------------------------


def deal_ids(
    conn: sa.Connection, flt: DealFilter, sort: str = "created", *, descending: bool = True
) -> list[int]:
    """Ids of the deals that pass, in order; unknown values come last.

    `sort` is one of `condition_fields.built_in("deal")` or ``field:<custom field id>``.
    """
    d = t.deals.c
    key, joined = _sort_key(conn, sort)
    query = sa.select(d.id).select_from(joined)
    places = ((d.funnel_id, flt.funnel_ids), (d.stage_id, flt.stage_ids))
    for column, wanted in ((d.status, flt.statuses), *places):
        if wanted:
            query = query.where(column.in_(wanted))
    if flt.manager_ids:
        mine = d.manager_id.in_([i for i in flt.manager_ids if i])
        query = query.where(sa.or_(mine, d.manager_id.is_(None)) if 0 in flt.manager_ids else mine)
    if flt.where:
        query = query.where(deal_clause(conn, flt.where))
    if fold(flt.text):
        hits = {search.hit_of(i).id for i in search.find_ids(conn, flt.text, ["deal"], None)}
        query = query.where(sa.or_(among(d.id, hits), _client_found(conn, flt.text)))
    order = [key.is_(None), key.desc() if descending else key, d.id.desc() if descending else d.id]
    return list(conn.scalars(query.order_by(*order)))


def count_deals(conn: sa.Connection) -> int:
    """How many deals there are."""
    return conn.scalar(sa.select(sa.func.count()).select_from(t.deals)) or 0


def _client_found(conn: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    """Deals of a client that is found by the text."""
    found = [search.hit_of(i) for i in search.find_ids(conn, text, ["company", "person"], None)]
    return sa.or_(
        among(t.deals.c.company_id, [h.id for h in found if h.kind == "company"]),
        among(t.deals.c.person_id, [h.id for h in found if h.kind == "person"]),
    )


def _sort_key(conn: sa.Connection, sort: str) -> tuple[Any, Any]:
    d = t.deals.c
    joined = {
        "manager": (t.managers, d.manager_id), "source": (t.sources, d.source_id),
        "product": (t.products, d.product_id), "lost_reason": (t.loss_reasons, d.loss_reason_id),
    }  # fmt: skip
    if sort in joined:
        table, column = joined[sort]
        return table.c.folded, t.deals.outerjoin(table, table.c.id == column)
    if sort == "stage":
        place = t.stages.c.funnel_id * 1_000 + t.stages.c.position
        return place, t.deals.outerjoin(t.stages, t.stages.c.id == d.stage_id)
    if sort == "funnel":
        return t.funnels.c.position, t.deals.outerjoin(t.funnels, t.funnels.c.id == d.funnel_id)
    if sort == "client":
        both = t.deals.outerjoin(t.companies, t.companies.c.id == d.company_id).outerjoin(
            t.people, t.people.c.id == d.person_id
        )
        return sa.func.coalesce(t.companies.c.sort_key, t.people.c.sort_key), both
    if sort == "title":
        return d.sort_key, t.deals
    field = custom_id(sort)
    if field is None:
        if sort not in built_in("deal"):
            raise ValueError(f"no such column to sort by: {sort}")
        return built_in_sql(conn, "deal", sort, clock.now()), t.deals
    owner = custom_owner(conn, "deal", field)
    kind = conn.scalar(sa.select(t.custom_fields.c.record_kind).where(t.custom_fields.c.id == field))
    one = custom_sort(conn, field, str(kind))
    return one.c.v, t.deals.outerjoin(one, one.c.o == owner)


@dataclass(frozen=True, slots=True)
class ListedDeal:
    """A row of the list on the screen; times in microseconds UTC, money in minor units."""

    id: int
    title: str
    client: str
    funnel: str
    stage: str
    status: str
    amount: int | None
    currency: str
    manager: str
    source: str
    product: str
    lost_reason: str
    created_at: int | None
    closed_at: int | None
    entered_at: int | None
    expected_close: str
    next_due_at: int | None
    next_kind: str
    next_subject: str
    next_all_day: bool
    last_done_at: int | None
    competitor: str
    demand: str
    city: str
    custom: Mapping[int, str]


def listed(conn: sa.Connection, deal_ids: Sequence[int]) -> dict[int, ListedDeal]:
    """The rows of one page by id; a deal that is gone is missing."""
    d, step = t.deals.c, t.activities.c
    query = (
        sa.select(
            d.id, d.title, sa.func.coalesce(t.companies.c.name, t.people.c.name, ""), t.funnels.c.name,
            sa.func.coalesce(t.stages.c.name, ""), d.status, d.amount, sa.func.coalesce(d.currency, ""),
            sa.func.coalesce(t.managers.c.name, ""), sa.func.coalesce(t.sources.c.name, ""),
            sa.func.coalesce(t.products.c.name, ""), sa.func.coalesce(t.loss_reasons.c.name, ""),
            d.created_at, d.closed_at, d.entered_at, sa.func.coalesce(d.expected_close, ""), d.next_due_at,
            sa.func.coalesce(step.kind, ""), sa.func.coalesce(step.subject, ""),
            sa.func.coalesce(step.all_day, sa.false()), d.last_done_at, sa.func.coalesce(d.competitor, ""),
            sa.func.coalesce(d.demand, ""), sa.func.coalesce(t.companies.c.city, t.people.c.city, ""),
            d.product_id, d.company_id, d.person_id,
        )
        .select_from(_joined().outerjoin(t.activities, step.id == d.next_activity_id))
        .where(among(d.id, deal_ids))
    )  # fmt: skip
    rows = conn.execute(query).all()
    custom = _custom_of(conn, rows)
    found: dict[int, list[Any]] = {row[0]: [*row[:-3], custom.get(row[0], {})] for row in rows}
    return {deal: ListedDeal(*values) for deal, values in found.items()}


def _custom_of(conn: sa.Connection, rows: Sequence[Any]) -> dict[int, dict[int, str]]:
    """Values of the custom fields of deals, of their clients and of their products, by deal."""
    found: dict[int, dict[int, str]] = {}
    for kind, place in (("product", -3), ("company", -2), ("person", -1), ("deal", 0)):
        owners: dict[int, list[int]] = {}
        for row in rows:
            if row[place] is not None:
                owners.setdefault(row[place], []).append(row[0])
        for owner, texts in custom_texts(conn, kind, owners).items():
            for deal in owners[owner]:
                found.setdefault(deal, {}).update(texts)
    return found
