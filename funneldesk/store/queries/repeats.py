"""Deals that are to be started again: which are due, which are planned for a client."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.domain.repeat import Repeat
from funneldesk.store import tables as t
from funneldesk.store.transaction import select_records

_repeats = t.repeats.c


def due_repeats(conn: sa.Connection, day: str) -> list[Repeat]:
    """Those whose day (ISO) has come and that are no deal yet, the earliest first."""
    where = (_repeats.made_deal_id == 0, _repeats.due_day <= day)
    return select_records(conn, Repeat, *where, order=_repeats.due_day)


def planned_repeats(conn: sa.Connection) -> list[Repeat]:
    """Those that are still to come, the earliest first."""
    return select_records(conn, Repeat, _repeats.made_deal_id == 0, order=_repeats.due_day)
