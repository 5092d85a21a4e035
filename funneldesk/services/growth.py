"""How far back undo reaches, and the base kept small: chosen in the settings, done after the day's backup."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from funneldesk.domain import clock
from funneldesk.errors import UserError
from funneldesk.store import growth
from funneldesk.store.database import Database, read_setting, write_setting
from funneldesk.store.growth import REACH_KEY, Weight

log = logging.getLogger(__name__)

DAYS_KEY, MOST_KEY = "journal.days", "journal.megabytes"
DAYS, MEGABYTES = 90, 200  # where nobody has chosen
MEGABYTE = 1_000_000
_WORTH = 8 * MEGABYTE  # so much empty room is worth writing the file anew ...
_SHARE = 5  # ... when it is at least a fifth of it


@dataclass(frozen=True, slots=True)
class Rule:
    """Undo reaches back so many days (0 = without end), its journal takes up at most so many megabytes."""

    days: int = DAYS
    megabytes: int = MEGABYTES


def rule_of(db: Database) -> Rule:
    """What is chosen for a base."""
    return Rule(int(db.setting(DAYS_KEY, DAYS)), int(db.setting(MOST_KEY, MEGABYTES)))


def choose(db: Database, rule: Rule) -> None:
    """Choose how far back undo reaches.  What is beyond goes with the next backup of a day, not at once."""
    with db.maintenance() as conn:
        write_setting(conn, DAYS_KEY, rule.days)
        write_setting(conn, MOST_KEY, rule.megabytes)


def weight(db: Database) -> Weight:
    """How much the journal takes up, and since when undo reaches."""
    with db.read() as conn:
        return growth.weigh(conn, int(read_setting(conn, REACH_KEY, 0)))


def tend(db: Database, *, now: datetime | None = None) -> bool:
    """Keep the journal within its bounds, and write the file anew when much of it is empty; whether it was.

    To be called when a backup was just made: it still holds what goes.  Days count back from the newest
    change when that is earlier than now: a clock that runs ahead must not let go of everything.
    """
    if db.read_only:
        return False
    rule = rule_of(db)
    moment = clock.to_micros(now or datetime.now(UTC))
    with db.maintenance() as conn:
        newest = growth.newest_at(conn)
        latest = moment if newest is None else min(moment, newest)
        before = latest - rule.days * clock.DAY if rule.days else None
        reach = int(read_setting(conn, REACH_KEY, 0))
        cut = growth.trim(conn, before, rule.megabytes * MEGABYTE, reach)
        if cut != reach:
            write_setting(conn, REACH_KEY, cut)
    with db.read() as conn:
        free, whole = growth.free_bytes(conn)
    if free < _WORTH or free * _SHARE < whole:
        return False
    try:
        db.compact()
    except UserError:  # a full disk; the base is as it was
        log.warning("the base could not be written anew", exc_info=True)
        return False
    return True
