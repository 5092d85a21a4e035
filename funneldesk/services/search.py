"""Search over everything: clients, deals and leads by any part of what is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from funneldesk.collector import collector_paused
from funneldesk.domain.lead import OFF_KEY
from funneldesk.store import search as index
from funneldesk.store import search_later
from funneldesk.store.database import Database, read_setting
from funneldesk.store.queries import found as queries

_SLICE = 5_000
_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Found:
    """A record found: its kind and id, what it is called, and a quiet second text."""

    kind: str
    id: int
    title: str
    subtitle: str = ""

    @property
    def name(self) -> str:
        """The title, as the window's search field calls it."""
        return self.title

    @property
    def more(self) -> str:
        """The subtitle, as the window's search field calls it."""
        return self.subtitle


def search(db: Database, text: str, limit: int = 12) -> list[Found]:
    """The best `limit` records for what is typed, each kind having its share; empty text finds nothing.

    No leads where leads are switched off.
    """
    with db.read() as conn:
        leads = not read_setting(conn, OFF_KEY, False)
        return [Found(*line) for line in queries.found(conn, text, limit, leads=leads)]


def fill(db: Database, count: int = _SLICE) -> bool:
    """Bring `count` of what a large import has left for later into the index; whether there is more."""
    if db.read_only:
        return False
    with db.read() as conn:
        if not search_later.spans(conn):
            return False
    with collector_paused(), db.maintenance() as conn:
        return index.fill(conn, count)


def fill_all(db: Database) -> None:
    """Bring in all that was left for later, where nobody waits for other writes meanwhile."""
    while fill(db, _AT_ONCE):
        pass
