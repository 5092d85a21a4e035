"""The calendar months of many moments at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from funneldesk.domain import clock

if TYPE_CHECKING:
    import numpy as np

# A clock set back at midnight repeats the end of a day: near such an edge each moment is asked for itself.
_NEAR = clock.DAY // 4


def months_of(moments: Sequence[int] | np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """Per moment its month in `zone`, counted from the year 0: 12 * year + month - 1."""
    import numpy as np

    at = np.asarray(moments, dtype=np.int64)
    if not len(at):
        return at
    first, last = _month(int(at.min()), zone), _month(int(at.max()), zone)
    edges = np.array(
        [clock.start_of_day(date(n // 12, n % 12 + 1, 1), zone) for n in range(first, last + 2)], np.int64
    )
    found: np.ndarray = first - 1 + np.searchsorted(edges, at, side="right")
    for edge in edges.tolist():
        before, after = (clock.from_micros(edge + shift).astimezone(zone) for shift in (-_NEAR, _NEAR))
        if before.utcoffset() != after.utcoffset():
            for place in np.flatnonzero(np.abs(at - edge) < _NEAR).tolist():
                found[place] = _month(int(at[place]), zone)
    return found


def _month(at: int, zone: ZoneInfo) -> int:
    day = clock.local_date(at, zone)
    return 12 * day.year + day.month - 1


def month_label(month: int) -> str:
    """The name of a month of `months_of`: 2026-02."""
    return f"{month // 12}-{month % 12 + 1:02}"
