"""Six zones, the nights on which their clocks change, and a clock that is set back."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.deal import StageMove
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.services import activities, bases, deals, history, reporting
from funneldesk.services.activities import About
from funneldesk.services.deals import WON, NewDeal, stage
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import agenda
from funneldesk.store.transaction import select_records
from tests.campaign.outcome import Outcome

# A zone, and days on which its clock changes: by an hour, by half an hour, at midnight, never.
ZONES = {
    "Europe/Warsaw": ("2025-03-30", "2025-10-26"),
    "America/New_York": ("2025-03-09", "2025-11-02"),
    "Australia/Lord_Howe": ("2025-04-06", "2025-10-05"),
    "America/Santiago": ("2025-04-06", "2025-09-07"),
    "Africa/Cairo": ("2025-04-25", "2025-10-31"),
    "Asia/Kolkata": ("2025-06-01", "2025-11-01"),
}


def time_cases(count: int, folder: Path) -> Outcome:
    """Deals moved, meetings planned and reports counted around those nights."""
    outcome, rng = Outcome(), random.Random(4)
    real = clock.now
    dbs = {
        name: bases.new_base(
            folder / f"{name.replace('/', '-')}.funneldesk", template="simple", language="en", zone=name
        )
        for name in ZONES
    }
    try:
        for number in outcome.numbers(count):
            name = list(ZONES)[number % len(ZONES)]
            outcome.tried += 1
            for word in _case(dbs[name], ZoneInfo(name), rng):
                outcome.wrong.append(f"case {number}, {name}: {word}")
        clock.now = real
        for name, db in dbs.items():
            for word in _whole(db, ZoneInfo(name)):
                outcome.wrong.append(f"{name}: {word}")
    finally:
        clock.now = real
        for db in dbs.values():
            db.close()
    return outcome


def _case(db: Database, zone: ZoneInfo, rng: random.Random) -> list[str]:
    day = datetime.fromisoformat(rng.choice(ZONES[zone.key]))
    local = day + timedelta(minutes=rng.randint(-26 * 60, 26 * 60))
    moment = clock.to_micros(local.replace(tzinfo=zone))
    wrong: list[str] = []

    def ticking() -> int:
        """A clock that goes on by minutes and hours, and at times is set back by up to two hours."""
        nonlocal moment
        step = rng.randint(-7_200, -1) if rng.random() < 0.3 else rng.randint(1, 20_000)
        moment += step * clock.SECOND
        return moment

    clock.now = ticking
    made = deals.create(db, NewDeal("A deal", amount=rng.randint(1, 900)), funnel_id=1).new_id("deal")
    for place in (stage(2), stage(3), stage(1), stage(2), WON):
        deals.move(db, [made], place)
    with db.read() as conn:
        moves = select_records(conn, StageMove, t.stage_moves.c.deal_id == made, order=t.stage_moves.c.seq)
    times = [move.at or 0 for move in moves]
    spent = [after - before for before, after in pairwise(times)]
    if times != sorted(times):
        wrong.append("moves are out of order")
    if min(spent) < 0 or sum(spent) != times[-1] - times[0]:
        wrong.append(f"times in stages do not add up: {spent}")
    if [move.seq for move in moves] != list(range(6)):
        wrong.append("a move is missing")
    newest = history.entries(db, 6)
    if [line.id for line in newest] != sorted((line.id for line in newest), reverse=True):
        wrong.append("the journal is out of order")
    wrong += _meeting(db, zone, made, day + timedelta(minutes=rng.randint(0, 24 * 60 - 1)))
    wrong += _midnight(zone, times)
    return wrong


def _meeting(db: Database, zone: ZoneInfo, deal: int, wall: datetime) -> list[str]:
    """A meeting stands in its day at the time it was meant for, and undo and redo leave it there."""
    due = clock.to_micros(wall.replace(tzinfo=zone))
    change = activities.plan(
        db, ActivityKind.MEETING, About(deal_id=deal), text="Meet", due_at=due,
        due_local=wall.isoformat(timespec="minutes"), due_zone=zone.key,
    )  # fmt: skip
    history.undo(db)
    history.redo(db)
    shown = clock.from_micros(due).astimezone(zone)
    start, end = (clock.start_of_day(shown.date() + timedelta(days=n), zone) for n in (0, 1))
    with db.read() as conn:
        found = [
            line
            for line in agenda.between(conn, start, end, None)
            if line.activity_id == change.new_id("activity")
        ]
        meant = agenda.meant_times(conn, None)[change.new_id("activity")]
    wrong = []
    if len(found) != 1:
        wrong.append("the meeting is not in its day")
    if meant != (wall.isoformat(timespec="minutes"), zone.key):
        wrong.append(f"the meeting was meant for {wall}, not {meant}")
    skipped = shown.replace(tzinfo=None) - wall  # the hour that is not there is taken as the one after it
    if skipped and not timedelta(0) < skipped <= timedelta(hours=1):
        wrong.append(f"{wall} became {shown}")
    return wrong


def _midnight(zone: ZoneInfo, moments: list[int]) -> list[str]:
    """Every moment lies in its local day, and in one only."""
    wrong = []
    for moment in moments:
        day = clock.local_date(moment, zone)
        if not clock.start_of_day(day, zone) <= moment < clock.start_of_day(day + timedelta(days=1), zone):
            wrong.append(f"{moment} is not in {day}")
    return wrong


def _whole(db: Database, zone: ZoneInfo) -> list[str]:
    """The checks, and that a report by days adds up to the report of the whole time."""
    wrong = [str(problem) for problem in bases.check(db).problems[:3]]
    with db.read() as conn:
        column = t.stage_moves.c
        won = list(conn.scalars(sa.select(column.at).where(column.to_kind == "won")))
    by_day = Counter(clock.local_date(at, zone) for at in won)
    days = sorted(by_day)
    counted = sum(_won(db, day, day + timedelta(days=1), zone) for day in days)
    whole = _won(db, days[0], days[-1] + timedelta(days=1), zone)
    if not counted == whole == len(won):
        wrong.append(f"won by days {counted}, in all {whole}, moves {len(won)}")
    return wrong


def _won(db: Database, start: date, end: date, zone: ZoneInfo) -> int:
    first, last = clock.start_of_day(start, zone), clock.start_of_day(end, zone)
    asked = ReportRequest(name="managers", funnel_id=1, start=first, end=last, population=Population.FINISHED)
    return int(reporting.run(db, asked).totals["won"])
