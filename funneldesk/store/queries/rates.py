"""The currency rates of a base."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.domain.rates import Rates, make_rates
from funneldesk.store import tables as t
from funneldesk.store.database import read_info

__all__ = ["Rates", "rates"]


def rates(conn: sa.Connection) -> Rates:
    """All rates of the base."""
    info = read_info(conn)
    column = t.currency_rates.c
    rows = conn.execute(sa.select(column.currency, column.day, column.rate).order_by(column.day))
    return make_rates(info.currency, info.zone, [(row.currency, row.day, row.rate) for row in rows])
