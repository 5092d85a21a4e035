"""The list of imports, and what one of them made."""

from __future__ import annotations

from funneldesk.domain.import_log import ImportLine, MadeRecord
from funneldesk.store.database import Database
from funneldesk.store.queries import import_log as queries


def lines(db: Database) -> list[ImportLine]:
    """Every import, the newest first."""
    with db.read() as conn:
        return queries.import_lines(conn)


def made(db: Database, entry: int) -> list[MadeRecord]:
    """What an import made and is still there."""
    with db.read() as conn:
        return queries.made_records(conn, entry)
