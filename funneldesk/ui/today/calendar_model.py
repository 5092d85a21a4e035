"""Where the activities of a week or month lie: days, minutes, lanes.  No painting here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.ui.clients.due import Due

if TYPE_CHECKING:
    from funneldesk.store.queries.agenda import AgendaLine

DAY_MINUTES = 24 * 60
SNAP = 15  # minutes
USUAL = 30  # how long an activity is that does not say


@dataclass(frozen=True, slots=True)
class Item:
    """An activity on its day: minutes from midnight, lane of how many lanes that lie side by side."""

    line: AgendaLine
    day: date
    start: int  # minutes from midnight; 0 when for the whole day
    minutes: int
    lane: int = 0
    lanes: int = 1

    @property
    def all_day(self) -> bool:
        """Whether it has no time."""
        return self.line.all_day

    @property
    def end(self) -> int:
        """Minutes from midnight, at most the end of the day."""
        return min(self.start + self.minutes, DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the calendar: a day, with a beginning and a length or for the whole day."""

    day: date
    start: int | None = None
    minutes: int = USUAL

    def due(self) -> Due:
        """As a step is planned."""
        if self.start is None:
            return Due(self.day)
        start = min(max(self.start, 0), DAY_MINUTES - 1)
        return Due(self.day, time(start // 60, start % 60))

    def moved(self, days: int = 0, minutes: int = 0) -> Slot:
        """So many days and minutes later, kept inside the day."""
        start = self.start
        if start is not None:
            start = min(max(start + minutes, 0), DAY_MINUTES - SNAP)
        return Slot(self.day + timedelta(days=days), start, self.minutes)

    def stretched(self, by: int) -> Slot:
        """So many minutes longer, at least one step."""
        return Slot(self.day, self.start, max(SNAP, self.minutes + by))


def slot_of(item: Item) -> Slot:
    """Where an item is."""
    return Slot(item.day, None if item.all_day else item.start, item.minutes)


def items_of(lines: Iterable[AgendaLine], zone: ZoneInfo) -> list[Item]:
    """The items of activities, with lanes for those that overlap."""
    by_day: dict[date, list[Item]] = {}
    for line in lines:
        if line.due_at is None:
            continue
        local = clock.from_micros(line.due_at).astimezone(zone)
        start = 0 if line.all_day else local.hour * 60 + local.minute
        by_day.setdefault(local.date(), []).append(Item(line, local.date(), start, line.minutes or USUAL))
    found: list[Item] = []
    for day in sorted(by_day):
        found += [item for item in by_day[day] if item.all_day]
        found += _in_lanes(sorted((i for i in by_day[day] if not i.all_day), key=lambda i: (i.start, i.end)))
    return found


def _in_lanes(items: Sequence[Item]) -> list[Item]:
    """Put items that overlap side by side; a group that overlaps nothing else has its own lanes."""
    found: list[Item] = []
    group: list[tuple[Item, int]] = []
    ends: list[int] = []
    for item in items:
        if ends and item.start >= max(ends):
            found += _spread(group, len(ends))
            group, ends = [], []
        lane = next((n for n, end in enumerate(ends) if end <= item.start), len(ends))
        end = max(item.end, item.start + SNAP)
        if lane == len(ends):
            ends.append(end)
        else:
            ends[lane] = end
        group.append((item, lane))
    return found + _spread(group, len(ends))


def _spread(group: Sequence[tuple[Item, int]], lanes: int) -> list[Item]:
    return [Item(i.line, i.day, i.start, i.minutes, lane, lanes) for i, lane in group]


def snap(minutes: float) -> int:
    """The nearest step."""
    return min(max(round(minutes / SNAP) * SNAP, 0), DAY_MINUTES)


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def month_start(day: date) -> date:
    """The Monday on or before the first of a day's month: six weeks from there hold the month."""
    return week_of(day.replace(day=1))


def next_month(day: date, by: int) -> date:
    """The first of the month so many months on."""
    month = day.year * 12 + day.month - 1 + by
    return date(month // 12, month % 12 + 1, 1)
