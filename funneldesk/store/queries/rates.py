"""The currency rates of a base."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.domain.rates import Rates, make_rates
from funneldesk.store import tables as t
from funneldesk.store.database import BaseInfo, read_info

__all__ = ["Rates", "rates"]


_rate = t.currency_rates.c
_BY_DAY = sa.select(_rate.currency, _rate.day, _rate.rate).order_by(_rate.day)


def rates(conn: sa.Connection, info: BaseInfo | None = None) -> Rates:
    """All rates of the base; `info` where it has been read already."""
    info = info or read_info(conn)
    return make_rates(
        info.currency, info.zone, [(code, day, rate) for code, day, rate in conn.execute(_BY_DAY)]
    )
