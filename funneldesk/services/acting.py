"""Who does what is done here."""

from __future__ import annotations

from funneldesk.domain.team import Manager
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, select_records


def actor(db: Database, manager_id: int | None) -> Actor:
    """The manager at this computer as the one who acts; nobody in particular when None or gone."""
    if manager_id is None:
        return Actor()
    with db.read() as conn:
        found = select_records(conn, Manager, t.managers.c.id == manager_id)
    return Actor(manager_id, found[0].name) if found else Actor()
