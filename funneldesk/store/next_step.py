"""The next step of a deal, kept on the deal from its activities so that boards need no join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.store import tables as t
from funneldesk.store.transaction import Transaction

_CHUNK = 500


def next_steps(conn: sa.Connection, deal_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By deal: the next planned activity (undated ones last), when it is due, when one was last done."""
    column = t.activities.c
    found: dict[int, dict[str, Any]] = {
        i: {"next_due_at": None, "next_activity_id": None, "last_done_at": None} for i in deal_ids
    }
    for start in range(0, len(deal_ids), _CHUNK):
        part = deal_ids[start : start + _CHUNK]
        planned = (
            sa.select(column.deal_id, column.due_at, column.id)
            .where(column.deal_id.in_(part), column.done_at.is_(None), column.kind != "note")
            .order_by(column.deal_id, sa.nulls_last(column.due_at.desc()), column.id.desc())
        )
        for deal, due, activity in conn.execute(planned):  # the earliest comes last and stays
            kept = found[deal]
            if due is not None or kept["next_activity_id"] is None:
                kept["next_due_at"], kept["next_activity_id"] = due, activity
        last = (
            sa.select(column.deal_id, sa.func.max(column.done_at))
            .where(column.deal_id.in_(part), column.done_at.is_not(None))
            .group_by(column.deal_id)
        )
        for deal, done in conn.execute(last):
            found[deal]["last_done_at"] = done
    return found


def refresh_deals(tx: Transaction, deal_ids: Sequence[int]) -> None:
    """Write the kept next step of deals where it differs; journalled like any edit."""
    alive = set(tx.conn.scalars(sa.select(t.deals.c.id).where(t.deals.c.id.in_(list(deal_ids)[:30_000]))))
    for deal, values in next_steps(tx.conn, [i for i in deal_ids if i in alive]).items():
        tx.put("deal", deal, values)
