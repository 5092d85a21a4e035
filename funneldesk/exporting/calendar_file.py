"""Planned activities as an .ics file for other calendars: meetings and calls as events, tasks as to-dos."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.exporting.files import atomic_write

if TYPE_CHECKING:
    from icalendar import Component

USUAL_MINUTES = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `due_at` in microseconds, `due_local` and `due_zone` as the person meant the time."""

    uid: str
    task: bool
    summary: str
    description: str
    due_at: int
    all_day: bool
    minutes: int | None = None
    due_local: str | None = None
    due_zone: str | None = None


def write_ics(path: Path, entries: Iterable[Entry], zone: ZoneInfo, *, now: int | None = None) -> int:
    """Write the entries; returns how many.  Names with line breaks stay inside their line.

    A time is written in the zone it was meant in, so that a change of clock rules does not move it.
    Raises UserError export.failed.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//FunnelDesk//EN")
    calendar.add("version", "2.0")
    stamp = clock.from_micros(clock.now() if now is None else now)
    count = 0
    for entry in entries:
        calendar.add_component(_component(entry, zone, stamp))
        count += 1
    calendar.add_missing_timezones()
    atomic_write(path, calendar.to_ical())
    return count


def _component(entry: Entry, zone: ZoneInfo, stamp: datetime) -> Component:
    from icalendar import Event, Todo

    found: Component = Todo() if entry.task else Event()
    found.add("uid", entry.uid)
    found.add("dtstamp", stamp.astimezone(UTC))
    found.add("summary", _one_line(entry.summary))
    if entry.description:
        found.add("description", _plain(entry.description))
    start = _start(entry, zone)
    length = timedelta(minutes=entry.minutes or USUAL_MINUTES)
    if entry.task:
        found.add("due", start.date() if entry.all_day else start)
    elif entry.all_day:
        found.add("dtstart", start.date())
        found.add("dtend", start.date() + timedelta(days=1))
    else:
        found.add("dtstart", start)
        found.add("dtend", start + length)
    return found


def _start(entry: Entry, zone: ZoneInfo) -> datetime:
    meant = _zone(entry.due_zone, zone)
    if entry.due_local:
        local = datetime.fromisoformat(entry.due_local)
        return local.replace(tzinfo=meant)
    return clock.from_micros(entry.due_at).astimezone(meant)


def _zone(name: str | None, other: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else other
    except (ValueError, OSError, KeyError):  # a zone that this system does not know
        return other


def _plain(text: str) -> str:
    """Line breaks of one kind, other control characters gone: readers must find no line of ours in them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or c == "\t" or (c.isprintable() or c == "\u00a0"))


def _one_line(text: str) -> str:
    return " ".join(_plain(text).split())
