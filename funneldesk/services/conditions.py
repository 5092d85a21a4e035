"""What can be asked of clients, leads and deals, and how many of them answer."""

from __future__ import annotations

from funneldesk.domain.condition import Group
from funneldesk.domain.condition_fields import AskField
from funneldesk.store.database import Database
from funneldesk.store.queries import condition_fields, conditions


def catalogue(db: Database, kind: str) -> list[AskField]:
    """Every field of `kind` (company, person, client = both, lead, deal) with what there is to choose."""
    with db.read() as conn:
        return condition_fields.catalogue(conn, kind)


def count(db: Database, kind: str, tree: Group) -> int:
    """How many records pass.  Raises UserError `condition.gone`, `condition.unreadable`."""
    with db.read() as conn:
        return conditions.count(conn, kind, tree)
