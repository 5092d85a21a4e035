"""The moves of many deals as columns, for questions about many past moments at once.

Times are microseconds in float64 (exact to the microsecond until the year 2255); -inf = unknown, which
lies before any moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from funneldesk.domain.facts import MoveFact
from funneldesk.domain.move_table import NONE
from funneldesk.reports.columns import LOST, OPEN, WON, by_deal, columns, places_in

if TYPE_CHECKING:
    import numpy as np

__all__ = ["LOST", "OPEN", "WON", "Timeline", "timeline"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Effective moves by deal and seq: those to the place a deal is already in are left out."""

    deals: np.ndarray  # ids, one per deal
    first: np.ndarray  # where each deal's moves begin
    deal: np.ndarray  # per move: the place of its deal in `deals`
    at: np.ndarray
    kind: np.ndarray
    rank: np.ndarray
    amount: np.ndarray  # minor units, nan = unknown
    # what has been asked already: the end of one month is the beginning of the next
    _stood: dict[int, np.ndarray] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)

    def standing(self, moment: int) -> np.ndarray:
        """Per deal the place of its last move until `moment`, -1 where it was not there yet."""
        import numpy as np

        if not len(self.deals):
            return np.zeros(0, dtype=np.int64)
        if self.in_order():
            rows = self.stood(moment)
            standing = np.full(len(self.deals), -1)
            standing[self.deal[rows]] = rows
            return standing
        if moment not in self._stood:
            self.look_at([moment])
        return self._stood[moment]

    def look_at(self, moments: Iterable[int]) -> None:
        """Find `standing` of many moments in one go through moves that are not in order of time."""
        import numpy as np

        asked = np.array(sorted(set(moments)), dtype=np.int64)
        if not len(self.deals) or not len(asked) or self.in_order():
            return
        # of each move the first of the moments that it comes before, of each deal how many until each moment
        which = np.searchsorted(asked, self.at, side="left")
        wide = len(asked) + 1
        many = np.bincount(self.deal * wide + which, minlength=len(self.deals) * wide)
        until = many.reshape(len(self.deals), wide).cumsum(axis=1)
        for place, moment in enumerate(asked.tolist()):
            self._stood[moment] = np.where(until[:, place] > 0, self.first + until[:, place] - 1, -1)

    def in_order(self) -> bool:
        """Whether no deal has a move before its last one."""
        import numpy as np

        if "in order" not in self._kept:
            again = self.deal[1:] != self.deal[:-1]
            self._kept["in order"] = bool(np.all(again | (self.at[1:] >= self.at[:-1])))
        return bool(self._kept["in order"])

    def stood(self, moment: int) -> np.ndarray:
        """The last moves until `moment` of the deals there then, in the order of deals."""
        import numpy as np

        if not self.in_order():
            standing = self.standing(moment)
            return standing[standing >= 0]
        if moment not in self._stood:
            self._stood.clear()
            self._stood[moment] = np.flatnonzero((self.at <= moment) & (self.until() > moment))
        return self._stood[moment]

    def until(self) -> np.ndarray:
        """Per move the time of the deal's next one; inf for its last."""
        import numpy as np

        if "until" not in self._kept:
            until = np.full(len(self.at), np.inf)
            until[:-1] = np.where(self.deal[1:] == self.deal[:-1], self.at[1:], np.inf)
            self._kept["until"] = until
        found: np.ndarray = self._kept["until"]
        return found

    def reach(self, rows: np.ndarray, moment: int, k: int) -> np.ndarray:
        """The highest rank of any open stage that the deals at `rows` had entered by `moment`; k+1 if won."""
        import numpy as np

        if "ranked" not in self._kept:
            self._kept["ranked"] = np.where(self.kind == OPEN, np.maximum(self.rank, 0), 0)
        ranked = self._kept["ranked"]
        if self.in_order():
            # of each from the first move of its deal until it; what lies between them is not looked at
            ends = np.column_stack((self.first[self.deal[rows]], rows + 1)).ravel()
            top = np.maximum.reduceat(np.append(ranked, 0), ends)[::2] if len(rows) else ranked[:0]
        else:
            top = np.maximum.reduceat(np.where(self.at <= moment, ranked, 0), self.first)[self.deal[rows]]
        found: np.ndarray = np.where(self.kind[rows] == WON, k + 1, top)
        return found

    def visits(self, usable: np.ndarray) -> Visits:
        """The stays in stages of the `usable` deals; asked again, of the same deals."""
        if "visits" not in self._kept:
            self._kept["visits"] = _visits(self, usable)
        found: Visits = self._kept["visits"]
        return found


class Standing:
    """Some moves of a history (`which`, of bool), asked at many moments which of them are their deals' last.

    `rows`: their places among all moves, but of those that are the last at no moment from `first` to `last`.
    """

    def __init__(self, history: Timeline, which: np.ndarray, first: int, last: int) -> None:
        import numpy as np

        if history.in_order():
            which = which & (history.at <= last) & (history.until() > first)
        self._history, self.rows = history, np.flatnonzero(which)
        self.at, self.deal = history.at[self.rows], history.deal[self.rows]
        self._until = history.until()[self.rows]

    def stood(self, moment: int, since: float | None = None) -> np.ndarray:
        """The places among `rows` of the last moves until `moment`, not before `since`, by deal."""
        import numpy as np

        if self._history.in_order():
            there = (self.at <= moment) & (self._until > moment)
        else:
            there = self._history.standing(moment)[self.deal] == self.rows
        return np.flatnonzero(there if since is None else there & (self.at >= since))


@dataclass(frozen=True, slots=True)
class Visits:
    """Stays in stages with a rank that began at a known time, by deal."""

    deal: np.ndarray  # the place of the deal
    rank: np.ndarray  # small numbers, so that they are sorted in one pass
    at: np.ndarray
    left: np.ndarray  # inf where it is not known


def _visits(history: Timeline, usable: np.ndarray) -> Visits:
    import numpy as np

    here = (history.kind == OPEN) & (history.rank > 0) & np.isfinite(history.at) & usable[history.deal]
    rows = np.flatnonzero(here)
    at, left, rank = history.at[rows], history.until()[rows], history.rank[rows]
    left[left == -np.inf] = np.inf
    return Visits(history.deal[rows], rank, at, left)


def timeline(moves: Sequence[MoveFact], ids: np.ndarray, worth: np.ndarray) -> Timeline:
    """The columns of `moves` (by deal and seq), of the deals with these ids.

    `worth`: what each is worth now (minor units, nan = unknown), where the history keeps nothing.
    """
    import numpy as np

    found = columns(moves)
    _first, deals, many = by_deal(found.deal)
    place, mine = places_in(ids, deals)
    if not mine.all():
        found = found.where(np.repeat(mine, many))
        place = place[mine]
    found = found.effective()
    first, deals, many = by_deal(found.deal)
    deal = np.repeat(np.arange(len(deals)), many)
    amount = np.repeat(worth[place] if len(ids) else np.zeros(0), many)
    return Timeline(
        deals,
        first,
        deal,
        np.where(found.at == NONE, -np.inf, found.at.astype(float)),
        found.kind.astype(np.int8),  # small numbers: each month of the past reads hundreds of thousands
        found.rank.astype(np.int16),
        np.where(found.amount == NONE, amount, found.amount.astype(float)),
    )
