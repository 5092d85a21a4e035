"""The stays of a whole history, asked at many past moments what the next days brought at each age.

The same counts as `ageing.chances_within` makes of the stays known at one moment (a test holds them against
each other), for ages taken in its steps: how many steps a stay lasted is looked up once for all moments.  Of
a stay that was over a horizon before the moment everything that matters is known; one that lasted then counts
for the ages up to the one it had.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.reports.age_steps import AgeSteps
from funneldesk.reports.ageing import Seen, in_steps
from funneldesk.reports.timeline import WON, Timeline

if TYPE_CHECKING:
    import numpy as np

_MONTH = 32 * DAY  # as long as any, with the hour of a clock that is put back


@dataclass(frozen=True, slots=True)
class _Stays:
    """Arrays of one length; times in microseconds."""

    at: np.ndarray
    left: np.ndarray  # inf while the deal is there
    key: np.ndarray  # rank * width + how many steps it lasted

    def where(self, rows: np.ndarray | slice) -> Self:
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, slots=True)
class _Won(_Stays):
    won: np.ndarray  # when the deal was won


class PastStays:
    """The stays of the `usable` deals of a history in order of time until T, in stages of rank 1..k.

    `longest`: the horizon that is asked for at most, microseconds.
    """

    def __init__(self, history: Timeline, usable: np.ndarray, k: int, as_of: int, longest: int) -> None:
        import numpy as np

        visits = history.visits(usable)
        known = history.at[np.isfinite(history.at)]
        self.steps = AgeSteps((as_of - known.min(initial=as_of)) / DAY)
        self._k, self._width = k, len(self.steps.days) + 1
        last = np.append(history.first[1:], len(history.at)) - 1
        won_at = np.where(history.kind[last] == WON, history.at[last], np.inf)
        key = visits.rank.astype(np.int64) * self._width
        key += self.steps.below((visits.left - visits.at) / DAY)  # it counts for the ages below its length
        by_rank = np.argsort(visits.rank, kind="stable")
        ends = np.bincount(visits.rank, minlength=k + 1).cumsum()[:-1]
        self._begun = [np.sort(each) for each in np.split(visits.at[by_rank], ends)]
        self._passing, self._lost_again = _passing(history, visits.deal, _Stays(visits.at, visits.left, key))
        won = won_at[visits.deal]
        soon = np.flatnonzero((won <= visits.left + longest) & np.isfinite(won))
        wins = _Won(visits.at[soon], visits.left[soon], key[soon], won[soon])
        self._won = wins.where(np.argsort(wins.left))
        early = wins.where(np.flatnonzero(wins.won - wins.at <= longest))
        self._won_early = early.where(np.argsort(early.at))
        order = np.argsort(visits.left)
        self._stays = _Stays(visits.at[order], visits.left[order], key[order])
        # of the first stays how many there are of each stage and length; what has been asked already
        self._first, self._counts = [0], [np.zeros((k + 1) * self._width, dtype=np.int64)]

    def seen(self, moment: int, horizon: int, training: float) -> Seen:
        """What is known at `moment` of the next `horizon` microseconds, from `training` days before it."""
        import numpy as np

        until, since = float(moment - horizon), moment - horizon - training * DAY
        shape = (self._k + 1, self._width)
        stays = self._stays
        low, high = np.searchsorted(stays.left, (since, until), side="right").tolist()
        ends = self._counted(high) - self._counted(low)
        there = high + np.flatnonzero(stays.at[high:] <= until)
        still = stays.where(there)
        lasts = self.steps.until((until - still.at) / DAY)
        ends += np.bincount(self._base(still.key) + lasts, minlength=len(ends))
        begins = np.zeros(len(ends), dtype=np.int64)
        begins[:: self._width] = ends.reshape(shape).sum(axis=1)
        # each counts from the age it had a training window ago, mostly none
        old, olds = stays.where(low + np.flatnonzero(stays.at[low:high] < since)), still.at < since
        for key, at, end in (
            (old.key, old.at, old.key - self._base(old.key)),
            (still.key[olds], still.at[olds], lasts[olds]),
        ):
            first = np.minimum(self.steps.below((since - at) / DAY), end)
            begins += np.bincount(self._base(key) + first, minlength=len(ends))
            begins -= np.bincount(self._base(key), minlength=len(ends))
        all_ = (begins - ends).reshape(shape).cumsum(axis=1)[:, :-1]
        again = self._passing.where((self._passing.won <= moment) & (self._lost_again > moment))
        fresh = np.array([_between(begun, since, until) for begun in self._begun])
        fresh_won = np.zeros(len(fresh), dtype=np.int64)
        early = slice(*_edges(self._won_early.at, since, until))
        for won in (self._won_early.where(early), again):
            soon = (won.won - won.at <= horizon) & (won.at >= since) & (won.at <= until)
            fresh_won += np.bincount(won.key[soon] // self._width, minlength=len(fresh))
        count = [int(np.searchsorted(begun, moment, side="right")) for begun in self._begun]
        return Seen(self.steps, count, fresh, fresh_won, self._wins(again, moment, horizon, since), all_)

    def _counted(self, many: int) -> np.ndarray:
        """Of the first `many` stays how many there are of each stage and length."""
        import numpy as np

        place = bisect_right(self._first, many) - 1
        known, found = self._first[place], self._counts[place]
        if known < many:
            found = found + np.bincount(self._stays.key[known:many], minlength=len(found))
            self._first.insert(place + 1, many)
            self._counts.insert(place + 1, found)
        return found

    def _base(self, key: np.ndarray) -> np.ndarray:
        """Where the counts of the stage of each begin."""
        found: np.ndarray = key // self._width * self._width
        return found

    def _wins(self, again: _Won, moment: int, horizon: int, since: float) -> np.ndarray:
        """By rank and step of age, of the stays that count for it: those won within the horizon of it."""
        import numpy as np

        until = moment - horizon
        won = self._won
        low, high = np.searchsorted(won.left, (since, until), side="right").tolist()
        over = low + np.flatnonzero(won.won[low:high] - won.left[low:high] <= horizon)
        there = high + np.flatnonzero((won.at[high:] <= until) & (won.won[high:] <= moment))
        found = np.zeros((self._k + 1) * self._width, dtype=np.int64)
        for part in (won.where(over), won.where(there), again.where(again.at <= until)):
            base = self._base(part.key)
            end, lasts = part.key - base, part.left > until
            end[lasts] = self.steps.until((until - part.at[lasts]) / DAY)
            # from the age on from which the horizon reaches the win, and that it had a training window ago
            first = np.maximum(part.won - horizon, since) - part.at
            begin = self.steps.below(first / DAY)
            some = begin < end
            found += np.bincount((base + begin)[some], minlength=len(found))
            found -= np.bincount((base + end)[some], minlength=len(found))
        return found.reshape(-1, self._width).cumsum(axis=1)[:, :-1]


def past_stays(history: Timeline, usable: np.ndarray, facts: FunnelFacts, longest: int) -> PastStays | None:
    """The stays of a history so large that ages are taken in steps; None of others, or where time goes back.

    `longest`: as of PastStays, where that is more than a month.
    """
    if not (in_steps(len(history.deals), len(history.at)) and history.in_order()):
        return None
    return PastStays(history, usable, facts.k, facts.as_of, max(longest, _MONTH))


def _edges(ordered: np.ndarray, since: float, until: float) -> tuple[int, int]:
    """Where those in [since, until] begin and end."""
    import numpy as np

    return int(np.searchsorted(ordered, since, "left")), int(np.searchsorted(ordered, until, "right"))


def _between(ordered: np.ndarray, since: float, until: float) -> int:
    low, high = _edges(ordered, since, until)
    return max(0, high - low)


def _passing(history: Timeline, whose: np.ndarray, stays: _Stays) -> tuple[_Won, np.ndarray]:
    """The stays before each win that did not last, with that win; and when it was over.

    `whose`: the deals of the stays.
    """
    import numpy as np

    wins = np.flatnonzero((history.kind == WON) & np.isfinite(history.until()))
    theirs = np.zeros(len(history.deals), dtype=bool)
    theirs[history.deal[wins]] = True
    place = np.flatnonzero(theirs[whose])
    place = place[np.argsort(whose[place])]
    low, high = (np.searchsorted(whose[place], history.deal[wins], side) for side in ("left", "right"))
    many = high - low
    of = np.repeat(np.arange(len(wins)), many)
    rows = place[np.arange(len(of)) - np.repeat(many.cumsum() - many, many) + np.repeat(low, many)]
    found = stays.where(rows)
    win = wins[of]
    before = found.at <= history.at[win]
    passing = _Won(found.at, found.left, found.key, history.at[win]).where(before)
    return passing, history.until()[win][before]
