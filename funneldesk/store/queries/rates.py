"""Currency rates: every sum of a report or a board is in the accounting currency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.money import convert
from funneldesk.store import tables as t
from funneldesk.store.database import read_info


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of a base: by currency the days from which they hold and the rates."""

    currency: str
    zone: ZoneInfo
    by_currency: Mapping[str, tuple[list[str], list[Decimal]]]

    def convert(self, minor: int, currency: str | None, at: int | None) -> int | None:
        """`minor` of `currency` in minor units of the accounting currency at the rate of the day of `at`.

        `at` None = the newest rate.  None when there is no rate for that day.
        """
        if currency is None or currency == self.currency:
            return minor
        known = self.by_currency.get(currency)
        if known is None:
            return None
        days, rates = known
        place = len(days) if at is None else bisect_right(days, clock.local_date(at, self.zone).isoformat())
        if place == 0:
            return None
        return convert(minor, currency, self.currency, rates[place - 1])


def rates(conn: sa.Connection) -> Rates:
    """All rates of the base."""
    info = read_info(conn)
    column = t.currency_rates.c
    found: dict[str, tuple[list[str], list[Decimal]]] = {}
    for row in conn.execute(sa.select(column.currency, column.day, column.rate).order_by(column.day)):
        days, values = found.setdefault(row.currency, ([], []))
        days.append(row.day)
        values.append(Decimal(row.rate))
    return Rates(info.currency, info.zone, found)
