"""The day of a manager: what is overdue and due, what nobody has planned, what was given to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.lead import OFF_KEY
from funneldesk.store.database import Database, read_setting
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
    """The lists of a day; nothing stands in two of them but what was given to others."""

    overdue: Part
    today: Part
    leads: Part
    without_step: Part
    stale: Part
    given: Part
    done: int = 0  # activities done today

    @property
    def left(self) -> int:
        """What is still to be looked at before the day is at zero."""
        waiting = sum(1 for line in self.given.lines if line.done_at is not None)
        parts = (self.overdue, self.today, self.leads, self.without_step, self.stale)
        return sum(part.count for part in parts) + waiting


def day(
    db: Database,
    *,
    zone: ZoneInfo,
    manager_id: int | None = None,
    giver_id: int | None = None,
    now: int | None = None,
) -> Day:
    """The lists at `now` (None = this moment); with `manager_id` only theirs.

    `given` holds what `giver_id` has given to others.  Where leads are switched off there are no new ones.

    Overdue is what was due before this moment, a whole-day activity only once its day is over.
    """
    moment = clock.now() if now is None else now
    today = clock.local_date(moment, zone)
    start = clock.start_of_day(today, zone)
    end = clock.start_of_day(today + timedelta(days=1), zone)
    with db.read() as conn:
        _count, due = queries.planned(conn, start, end, manager_id, 10_000)
        before, late = queries.planned(conn, None, start, manager_id, LINES)
        given = (0, []) if giver_id is None else queries.given_by(conn, giver_id, LINES)
        off = bool(read_setting(conn, OFF_KEY, False))
        passed = [line for line in due if not line.all_day and (line.due_at or 0) < moment]
        ahead = [line for line in due if line.all_day or (line.due_at or 0) >= moment]
        return Day(
            Part(before + len(passed), tuple([*late, *passed][:LINES])),
            Part(len(ahead), tuple(ahead[:LINES])),
            Part(0, ()) if off else _part(queries.new_leads(conn, manager_id, LINES)),
            _part(queries.without_step(conn, manager_id, moment, LINES)),
            _part(queries.stale(conn, manager_id, moment, LINES)),
            _part(given),
            queries.done_between(conn, start, end, manager_id),
        )


def subject(db: Database, kind: str, record_id: int) -> AgendaLine | None:
    """What something can be written down about; None when it is gone."""
    with db.read() as conn:
        return queries.subject(conn, kind, record_id)


def reminders(db: Database, *, manager_id: int | None = None, now: int | None = None) -> Part:
    """What is to be told of now, the latest first."""
    moment = clock.now() if now is None else now
    with db.read() as conn:
        return _part(queries.to_remind(conn, manager_id, moment, LINES))


def calendar(
    db: Database, first: date, days: int, *, zone: ZoneInfo, manager_id: int | None = None
) -> list[AgendaLine]:
    """The activities of `days` days from `first` on, in the zone of the base."""
    start = clock.start_of_day(first, zone)
    end = clock.start_of_day(first + timedelta(days=days), zone)
    with db.read() as conn:
        return queries.between(conn, start, end, manager_id)


def _part(found: queries.Found) -> Part:
    return Part(found[0], tuple(found[1]))
