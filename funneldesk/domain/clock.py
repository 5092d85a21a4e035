"""Moments as microseconds since 1970 in UTC, the form in which they are stored and counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SECOND = 1_000_000
DAY = 86_400 * SECOND
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRIDAY = 4


def to_micros(moment: datetime) -> int:
    """An aware datetime -> microseconds since the epoch; a naive one is a bug and refused."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime: a moment needs its time zone")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime:
    """Microseconds since the epoch -> an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def now() -> int:
    """This moment in microseconds since the epoch."""
    return to_micros(datetime.now(UTC))


def start_of_day(day: date, zone: ZoneInfo) -> int:
    """00:00 of `day` in `zone` as microseconds; a skipped midnight gives the first moment after it."""
    return to_micros(datetime.combine(day, time.min, zone).astimezone(UTC))


def local_date(micros: int, zone: ZoneInfo) -> date:
    """The calendar day of a moment in `zone`."""
    return from_micros(micros).astimezone(zone).date()


def working_days(as_of: int, start: int, end: int, zone: ZoneInfo) -> int:
    """Mondays to Fridays of [start, end) that are not over at `as_of`: the day of it counts."""
    day = max(local_date(as_of, zone), local_date(start, zone))
    last = local_date(end - 1, zone)
    return sum(1 for n in range((last - day).days + 1) if (day + timedelta(days=n)).weekday() <= _FRIDAY)
