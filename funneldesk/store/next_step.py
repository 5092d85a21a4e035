"""The next step of a deal, kept on the deal from its activities so that boards need no join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.transaction import Transaction

KEPT = ("next_due_at", "next_activity_id", "last_done_at")
MANY = 200  # from so many deals on, a change is kept as a batch
_CHUNK = 500


def next_steps(conn: sa.Connection, deal_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By deal: the next planned activity (undated ones last), when it is due, when one was last done."""
    column = t.activities.c
    found: dict[int, dict[str, Any]] = {i: dict.fromkeys(KEPT) for i in deal_ids}
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
    columns = t.deals.c
    kept = {
        row[0]: list(row[1:])
        for row in tx.conn.execute(
            sa.select(columns.id, *[columns[name] for name in KEPT]).where(among(columns.id, deal_ids))
        )
    }
    wanted = next_steps(tx.conn, sorted(kept))  # deals that are gone have none
    differing = [deal for deal in wanted if kept[deal] != [wanted[deal][name] for name in KEPT]]
    if len(differing) < MANY:
        for deal in differing:
            tx.put("deal", deal, wanted[deal])
    else:
        rows = [[wanted[deal][name] for name in KEPT] for deal in differing]
        tx.bulk_update("deal", KEPT, differing, rows)
