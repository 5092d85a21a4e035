"""Which automatic backups are kept: daily, weekly, monthly; the newest three never go."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime

NEWEST = 3
DAYS, WEEKS, MONTHS = 7, 5, 12


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """Of the moments at which backups were made, those whose backups stay.

    The newest three; the last one of each of the seven newest days on which one was made, of five ISO weeks,
    of twelve months.
    """
    newest_first = sorted(set(moments), reverse=True)
    stay = set(newest_first[:NEWEST])
    for count, span in ((DAYS, _day), (WEEKS, _week), (MONTHS, _month)):
        seen: set[Hashable] = set()
        for moment in newest_first:
            name = span(moment)
            if name in seen:
                continue
            if len(seen) == count:
                break
            seen.add(name)
            stay.add(moment)
    return stay


def _day(moment: datetime) -> Hashable:
    return moment.date()


def _week(moment: datetime) -> Hashable:
    return moment.isocalendar()[:2]


def _month(moment: datetime) -> Hashable:
    return moment.year, moment.month
