"""Leads that came and activities that were done, as reports count them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.done_table import DONE, DoneTable
from funneldesk.domain.facts import ActivityFact, LeadFact, PlannedFact
from funneldesk.domain.folding import fold
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.queries.told import or_none, told

_FEW = 2  # of so many deals one: then what was done for them is found faster by an index


def lead_facts(
    conn: sa.Connection,
    as_of: int,
    where: Sequence[tuple[str, str]],
    managers: Sequence[int],
    deal_ids: set[int],
    *,
    all_funnels: bool,
    by_deal_only: bool = False,
) -> tuple[LeadFact, ...]:
    """The leads created until T that pass the filters, as they are kept now.

    A lead passes by its own source and manager.  What only a deal has (a product, a funnel) it
    passes by its deal: one of `deal_ids`; of several funnels, a lead without a deal is of all.  With
    `by_deal_only` (conditions on deals) none passes without one.
    """
    column = t.leads.c
    query = sa.select(
        column.id,
        sa.type_coerce(column.created_at, sa.Integer),
        column.status,
        column.source_id,
        column.manager_id,
        column.deal_id,
    ).where(sa.or_(column.created_at.is_(None), column.created_at <= as_of))
    if managers:
        query = query.where(sa.or_(column.manager_id.in_(managers), column.deal_id.isnot(None)))
    for field, value in where:
        if field == "source":
            named = sa.select(t.sources.c.id).where(t.sources.c.folded == fold(value))
            query = query.where(column.source_id.in_(named) if value else column.source_id.is_(None))
        else:
            by_deal_only = True
    rows: Any = conn.execute(query).cursor
    found = list(map(LeadFact._make, rows))
    narrowed = by_deal_only or managers or where or not all_funnels
    return tuple(
        lead
        for lead in found
        if lead.deal_id in deal_ids or (not by_deal_only and (lead.deal_id is None or not narrowed))
    )


def activity_facts(
    conn: sa.Connection,
    as_of: int,
    span: tuple[int, int] | None = None,
    of_deals: Collection[int] | None = None,
) -> tuple[ActivityFact, ...]:
    """Everything done until T but notes, in order of id; with a `span` only what was done in it.

    By time they would lie in memory in another order than they were made: to walk through two million then
    takes longer than to make them.
    With `of_deals` only what was done for these may be looked at: so nothing else is read where they are few.
    """
    column = t.activities.c
    # by no index of times: to look up most rows one by one takes twice as long as reading the table
    until = [column.done_at + 0 <= as_of, column.kind != ActivityKind.NOTE]
    if span is not None:
        until += [column.done_at >= span[0], column.done_at < span[1]]
    until += _of_few(conn, of_deals)
    query = (
        sa.select(
            column.id,
            column.kind,
            sa.type_coerce(column.done_at, sa.Integer),
            column.manager_id,
            column.deal_id,
            column.lead_id,
            column.company_id,
            column.person_id,
        )
        .where(*until)
        .order_by(column.id)
    )
    rows: Any = conn.execute(query).cursor  # plain tuples of the driver one after the other, as of deals
    return tuple(map(ActivityFact._make, rows))


def _of_few(conn: sa.Connection, deals: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    """The condition that something was done for one of these deals, where they are few; else none."""
    if deals is None:
        return []
    highest = conn.scalar(sa.select(sa.func.max(t.deals.c.id))) or 0
    return [among(t.activities.c.deal_id, deals)] * (len(deals) * _FEW <= highest)


def done_table(
    conn: sa.Connection,
    as_of: int,
    names: Sequence[str] = DONE,
    of_deals: Collection[int] | None = None,
) -> DoneTable:
    """The same as the columns of these `names`, in whatever order the base has them."""
    column = t.activities.c
    kinds = tuple(str(kind) for kind in ActivityKind if kind is not ActivityKind.NOTE)
    kept: dict[str, sa.ColumnElement[Any]] = {
        "deal": column.deal_id,
        "lead": column.lead_id,
        "done": column.done_at,
        "kind": sa.case({kind: place for place, kind in enumerate(kinds)}, value=column.kind),
    }
    few = _of_few(conn, of_deals)
    # by no index of times: to look up most rows of the table one by one takes longer than reading it
    where = [column.done_at + 0 <= as_of, column.kind != ActivityKind.NOTE, *few]
    asked = {name: or_none(name, kept[name]) for name in names}
    return DoneTable(told(conn, asked, where, None if few else column.id), kinds)


def planned_facts(conn: sa.Connection, start: int, end: int) -> tuple[PlannedFact, ...]:
    """What is planned for [start, end) and not done, in order of time."""
    column = t.activities.c
    query = (
        sa.select(column.manager_id, column.due_at, column.kind, column.subject, column.deal_id)
        .where(column.done_at.is_(None), column.due_at >= start, column.due_at < end)
        .order_by(column.due_at, column.id)
    )
    return tuple(map(PlannedFact._make, conn.execute(query)))


def loss_comments(conn: sa.Connection) -> dict[int, str]:
    """By deal the comment of its loss, where there is one."""
    column = t.deals.c
    rows = conn.execute(sa.select(column.id, column.loss_comment).where(column.loss_comment.is_not(None)))
    return {row.id: row.loss_comment for row in rows}


def closed_words(conn: sa.Connection, start: int, end: int) -> tuple[dict[int, str], dict[int, str]]:
    """By deal closed in [start, end): its title, and the comment of a loss."""
    column = t.deals.c
    rows = conn.execute(
        sa.select(column.id, column.title, column.loss_comment).where(
            column.closed_at >= start, column.closed_at < end
        )
    ).all()
    return {row.id: row.title for row in rows}, {row.id: row.loss_comment for row in rows if row.loss_comment}
