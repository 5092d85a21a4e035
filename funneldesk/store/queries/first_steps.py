"""Which first steps a base shows as taken."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.store import tables as t


def taken(conn: sa.Connection) -> frozenset[str]:
    """Of `client`, `deal`, `call` those that there is one of; a call counts planned or done."""
    acts = t.activities.c
    asked = {
        "client": [sa.select(t.companies.c.id), sa.select(t.people.c.id)],
        "deal": [sa.select(t.deals.c.id)],
        "call": [sa.select(acts.id).where(acts.kind == "call", acts.due_at.is_not(None))],
    }
    return frozenset(
        key for key, queries in asked.items() if any(conn.scalar(q.limit(1)) is not None for q in queries)
    )


def newest_deal(conn: sa.Connection) -> int:
    """The deal made last that is open; 0 = there is none."""
    deals = t.deals.c
    return conn.scalar(sa.select(sa.func.max(deals.id)).where(deals.status == "open")) or 0
