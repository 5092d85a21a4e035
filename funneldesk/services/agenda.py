"""The day of a manager: what is overdue, what is for today, which deals have no next step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.store.database import Database
from funneldesk.store.queries import agenda as queries
from funneldesk.store.queries.agenda import AgendaLine

LINES = 100


@dataclass(frozen=True, slots=True)
class Part:
    """One list of the day: how many there are and the first lines."""

    count: int
    lines: tuple[AgendaLine, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The three lists."""

    overdue: Part
    today: Part
    without_step: Part


def day(db: Database, *, zone: ZoneInfo, manager_id: int | None = None, now: int | None = None) -> Day:
    """The lists at `now` (None = this moment); with `manager_id` only theirs.

    Overdue is what was due before this moment, a whole-day activity only once its day is over.
    """
    moment = clock.now() if now is None else now
    today = clock.local_date(moment, zone)
    start = clock.start_of_day(today, zone)
    end = clock.start_of_day(today + timedelta(days=1), zone)
    with db.read() as conn:
        _count, due = queries.planned(conn, start, end, manager_id, 10_000)
        before, late = queries.planned(conn, None, start, manager_id, LINES)
        missing, deals = queries.without_step(conn, manager_id, LINES)
    passed = [line for line in due if not line.all_day and (line.due_at or 0) < moment]
    ahead = [line for line in due if line.all_day or (line.due_at or 0) >= moment]
    return Day(
        Part(before + len(passed), tuple([*late, *passed][:LINES])),
        Part(len(ahead), tuple(ahead[:LINES])),
        Part(missing, tuple(deals)),
    )
