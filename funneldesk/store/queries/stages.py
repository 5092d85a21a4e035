"""What stands in the stages of funnels: their open deals, and how many of them there are."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.store import tables as t

_deals = t.deals.c


def open_deals(conn: sa.Connection, stage_id: int) -> list[int]:
    """The open deals of a stage, from the top of its column."""
    query = (
        sa.select(_deals.id)
        .where(_deals.stage_id == stage_id, _deals.status == str(Status.OPEN))
        .order_by(_deals.position, _deals.id)
    )
    return list(conn.scalars(query))


def open_counts(conn: sa.Connection) -> dict[int, int]:
    """Stage id -> number of its open deals, for stages that have any."""
    query = (
        sa.select(_deals.stage_id, sa.func.count())
        .where(_deals.status == str(Status.OPEN), _deals.stage_id.is_not(None))
        .group_by(_deals.stage_id)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def deal_counts(conn: sa.Connection) -> dict[int, int]:
    """Funnel id -> number of all its deals, open and closed, for funnels that have any."""
    query = sa.select(_deals.funnel_id, sa.func.count()).group_by(_deals.funnel_id)
    return {row[0]: row[1] for row in conn.execute(query)}
