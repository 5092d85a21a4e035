"""Currency rates: every sum of a report or a board is in the accounting currency."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.money import convert


class Rates(NamedTuple):
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

    def newest(self, currency: str) -> Decimal | None:
        """The newest rate of a currency."""
        known = self.by_currency.get(currency)
        return known[1][-1] if known and known[1] else None


def make_rates(currency: str, zone: ZoneInfo, rows: Iterable[tuple[str, str, str]]) -> Rates:
    """Rates from (currency, ISO day, decimal text) in order of day."""
    found: dict[str, tuple[list[str], list[Decimal]]] = {}
    for code, day, rate in rows:
        days, values = found.setdefault(code, ([], []))
        days.append(day)
        values.append(Decimal(rate))
    return Rates(currency, zone, found)
