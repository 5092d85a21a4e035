"""What the stage board shows."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.store import tables as t

_STEP = 1024.0
_deals = t.deals.c


def deal_title(conn: sa.Connection, deal_id: int) -> str:
    """The title of a deal, empty when it is gone."""
    return conn.scalar(sa.select(_deals.title).where(_deals.id == deal_id)) or ""


def top_position(conn: sa.Connection, funnel_id: int, stage_id: int | None) -> float:
    """A position above every card of a column."""
    first = conn.scalar(sa.select(sa.func.min(_deals.position)).where(*_column(funnel_id, stage_id)))
    return 0.0 if first is None else float(first) - _STEP


def free_positions(
    conn: sa.Connection,
    funnel_id: int,
    stage_id: int,
    moving: Sequence[int],
    before_id: int | None,
    count: int,
) -> list[float]:
    """`count` rising positions right above the card `before_id` (None = above all, 0 = below all)."""
    others = [*_column(funnel_id, stage_id), _deals.id.not_in(list(moving))]
    low: float | None
    high: float | None
    if before_id is None:
        low, high = None, conn.scalar(sa.select(sa.func.min(_deals.position)).where(*others))
    elif before_id == 0:  # below all
        low, high = conn.scalar(sa.select(sa.func.max(_deals.position)).where(*others)), None
    else:
        high = conn.scalar(sa.select(_deals.position).where(_deals.id == before_id))
        if high is None:
            return free_positions(conn, funnel_id, stage_id, moving, None, count)
        low = conn.scalar(sa.select(sa.func.max(_deals.position)).where(*others, _deals.position < high))
    if low is None and high is None:
        return [_STEP * n for n in range(count)]
    if low is None:
        assert high is not None
        return [high - _STEP * (count - n) for n in range(count)]
    if high is None:
        return [low + _STEP * (n + 1) for n in range(count)]
    step = (high - low) / (count + 1)
    return [low + step * (n + 1) for n in range(count)]


def _column(funnel_id: int, stage_id: int | None) -> list[sa.ColumnElement[bool]]:
    return [_deals.funnel_id == funnel_id, _deals.status == str(Status.OPEN), _deals.stage_id == stage_id]
