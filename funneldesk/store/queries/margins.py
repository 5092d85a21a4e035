"""What deals earn by their lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

import sqlalchemy as sa

from funneldesk.domain.items import DealItem, totals
from funneldesk.store import tables as t
from funneldesk.store.queries.rates import Rates
from funneldesk.store.transaction import select_records


class _Deal(Protocol):
    """What is asked of a deal."""

    @property
    def id(self) -> int: ...
    @property
    def currency(self) -> str | None: ...
    @property
    def closed_at(self) -> int | None: ...


def deal_margins(conn: sa.Connection, deals: Sequence[_Deal], money: Rates) -> dict[int, int]:
    """By deal that has lines with known costs: its margin in minor units of the accounting currency.

    At the rate of the close, of now while it is open.
    """
    by_id = {deal.id: deal for deal in deals}
    found = {}
    items = select_records(conn, DealItem, order=t.deal_items.c.deal_id)
    for deal_id, own in groupby(items, key=lambda item: item.deal_id):
        deal, margin = by_id.get(deal_id), totals(own).margin
        if deal is not None and margin is not None:
            converted = money.convert(margin, deal.currency, deal.closed_at)
            if converted is not None:
                found[deal_id] = converted
    return found
