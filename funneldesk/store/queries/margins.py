"""What deals earn by their lines."""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa

from funneldesk.domain.items import DealItem, totals
from funneldesk.store import tables as t
from funneldesk.store.queries.rates import Rates
from funneldesk.store.transaction import select_records


def deal_margins(conn: sa.Connection, funnel_id: int, money: Rates) -> dict[int, int]:
    """By deal of a funnel that has lines with known costs: its margin in the accounting currency.

    At the rate of the close, of now while it is open.
    """
    deal = t.deals.c
    with_lines = deal.id.in_(sa.select(t.deal_items.c.deal_id))
    query = sa.select(deal.id, deal.currency, deal.closed_at).where(deal.funnel_id == funnel_id, with_lines)
    by_id = {row.id: row for row in conn.execute(query)}
    found = {}
    items = select_records(conn, DealItem, order=t.deal_items.c.deal_id)
    for deal_id, own in groupby(items, key=lambda item: item.deal_id):
        row, margin = by_id.get(deal_id), totals(own).margin
        if row is not None and margin is not None:
            converted = money.convert(margin, row.currency, row.closed_at)
            if converted is not None:
                found[deal_id] = converted
    return found
