"""The part of the deals that a report of a period looks at, so that no others are read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import Part
from funneldesk.store import tables as t

_FEW = 4  # of so many deals one: then their moves are found faster by an index than by reading all


def in_part(part: Part | None, *, as_kept: bool) -> list[sa.ColumnElement[bool]]:
    """The condition that a deal is in it, or may be; none where that is not told by what is kept of now."""
    if part is None or not (as_kept or part.lasting):
        return []
    deal = t.deals.c
    found = _any(part, deal)
    if not part.buyers:
        return [found]
    other = t.deals.alias("other").c
    by_client = [
        deal[name].in_(sa.select(other[name]).where(other[name].isnot(None), _any(part, other)))
        for name in ("company_id", "person_id")
    ]
    return [sa.or_(found, sa.and_(deal.status == str(Status.WON), sa.or_(*by_client)))]


def _any(part: Part, deal: Any) -> sa.ColumnElement[bool]:
    found = []
    if part.created:
        found.append(_within(part, deal.created_at))
    if part.closed:
        found.append(sa.and_(deal.status != str(Status.OPEN), _within(part, deal.closed_at)))
    if part.open:
        found.append(deal.status == str(Status.OPEN))
    return sa.or_(*found)


def _within(part: Part, moment: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.or_(moment.is_(None), sa.and_(sa.true(), *_bounds(part, moment)))


def _bounds(part: Part, moment: sa.ColumnElement[Any]) -> list[sa.ColumnElement[bool]]:
    bounds = [] if part.start is None else [moment >= part.start]
    return bounds if part.end is None else [*bounds, moment < part.end]


def few_created(conn: sa.Connection, funnel_id: int, part: Part | None) -> list[sa.ColumnElement[bool]]:
    """The condition that a deal was created in the period, where that leaves few deals; else none."""
    if part is None:
        return []
    deal = t.deals.c
    inside = _bounds(part, deal.created_at)
    many = conn.scalar(sa.select(sa.func.count()).where(deal.funnel_id == funnel_id, *inside))
    highest = conn.scalar(sa.select(sa.func.max(deal.id)))
    return inside if (many or 0) * _FEW <= (highest or 0) else []
