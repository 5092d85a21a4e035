"""Own fields of deals and of their clients, for the cards of a board."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.deal import Status
from funneldesk.store import tables as t
from funneldesk.store.queries.calculated_sql import is_calculated, worked_out
from funneldesk.store.queries.condition_sql import custom_owner

Values = dict[int, dict[int, str]]


def own_values(conn: sa.Connection, funnel_id: int, fields: Sequence[int]) -> Values:
    """Field -> open deal of a funnel -> its value as it is kept; money of formulas in minor units."""
    return {field: _of_field(conn, funnel_id, field) for field in fields}


def _of_field(conn: sa.Connection, funnel_id: int, field: int) -> dict[int, str]:
    owner = custom_owner(conn, "deal", field)
    if owner is None:
        return {}
    deals, values = t.deals.c, t.custom_values.c
    open_ = sa.and_(deals.funnel_id == funnel_id, deals.status == str(Status.OPEN))
    if is_calculated(conn, field):
        every = worked_out(conn, field, clock.now())
        query = (
            sa.select(deals.id, every.c.v)
            .join(every, every.c.o == owner)
            .where(open_, every.c.v.is_not(None))
        )
        return {deal: _text(value) for deal, value in conn.execute(query)}
    kept = sa.and_(values.record_id == owner, values.field_id == field)
    query = sa.select(deals.id, values.value).join(t.custom_values, kept).where(open_)
    return {row[0]: row[1] for row in conn.execute(query)}


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
