"""The chance of a win by the age of a deal in its stage, and of a win within so many days.

DEFINITIONS: win probability, source 3.  An open deal that has been in its stage for `a` days is
compared with the stays in that stage that lasted longer than `a`.

The chance of a win at all looks at the stays of deals that have ended.  The chance of a win within
`h` days looks at all stays, of deals still open too, that were `a` days old at least `h` days ago, so that
it is known of each what the next `h` days brought.  (Of ended deals alone it would leave out just those
that hang, and foretold a third too many wins on the sample base.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneldesk.domain.clock import DAY
from funneldesk.reports.age_steps import POWERS, AgeSteps, coarse
from funneldesk.reports.statistics import shrink
from funneldesk.reports.timeline import OPEN, WON, Timeline

if TYPE_CHECKING:
    import numpy as np

SHRINK = 10.0
TRAINING_DAYS = 365
_CELLS = 2_000_000  # of one comparison ages x stays; above it ages are taken in steps


@dataclass(frozen=True, slots=True)
class Stays:
    """The stays in one stage as they were known at a moment T: arrays of one length, in days.

    `begun` is counted back from T (10 = ten days before it).  `length` is inf while the deal is there,
    `to_close` inf while it is open.
    """

    begun: np.ndarray
    length: np.ndarray
    to_close: np.ndarray
    won: np.ndarray
    ended: np.ndarray  # the deal had ended at T, not longer before it than the training window
    training: float = TRAINING_DAYS  # how many days before T are learnt from
    count: int = 0  # of all there were, those too old to be looked at included


def stays_by_rank(
    history: Timeline,
    usable: np.ndarray,
    moment: int,
    k: int,
    horizon: float | None = None,
    training: float = TRAINING_DAYS,
    *,
    only_ended: bool = False,
) -> list[Stays]:
    """The stays known at `moment` by rank 0..k (0 is empty), but those that began at an unknown time.

    `usable`: per deal of the history, whether its path is known.  With a `horizon` (days) those that ended
    too long ago for `chances_within` it to look at them are left out; with `only_ended` those that `chances`
    does not look at.
    """
    import numpy as np

    standing = history.standing(moment)
    there = (standing >= 0) & usable
    last = np.maximum(standing, 0)
    closed = there & (history.kind[last] != OPEN)
    recent = closed & (history.at[last] >= moment - training * DAY)
    close_at = np.where(closed, history.at[last], np.inf)
    won = closed & (history.kind[last] == WON)
    visits = history.visits(usable)
    stay = visits.at <= moment
    counts = np.bincount(visits.rank[stay], minlength=k + 1).tolist()
    if horizon is not None:
        stay &= visits.left >= moment - (training + horizon + 1) * DAY
    if only_ended:
        stay &= recent[visits.deal]
    rows = np.flatnonzero(stay)
    rows = rows[np.argsort(visits.rank[rows], kind="stable")]
    ends = np.searchsorted(visits.rank[rows], np.arange(k + 2))
    begun, left, deal = visits.at[rows], visits.left[rows], visits.deal[rows]
    left = np.where(left <= moment, left, np.inf)
    days = ((moment - begun) / DAY, (left - begun) / DAY, (close_at[deal] - begun) / DAY)
    whole = Stays(*days, won[deal], recent[deal], training)
    return [_part(whole, slice(ends[rank], ends[rank + 1]), counts[rank]) for rank in range(k + 1)]


def _part(whole: Stays, rows: slice, count: int) -> Stays:
    return Stays(
        whole.begun[rows],
        whole.length[rows],
        whole.to_close[rows],
        whole.won[rows],
        whole.ended[rows],
        whole.training,
        count,
    )


def chances(stays: Stays, ages: np.ndarray, stage_chance: float) -> np.ndarray:
    """The chance to be won of each age (days): (won + 10*p)/(n + 10) over the n stays longer than it.

    Of deals that have ended in the training window; p is `stage_chance` (0..1).
    """
    import numpy as np

    ended = stays.ended
    length, won = stays.length[ended], stays.won[ended]
    order = np.argsort(length)
    wins_from = np.concatenate((np.cumsum(won[order][::-1])[::-1], [0]))
    place = np.searchsorted(length[order], ages, side="right")
    found: np.ndarray = (wins_from[place] + SHRINK * stage_chance) / (len(length) - place + SHRINK)
    return found


def chances_within(stays: Stays, ages: np.ndarray, stage_chance: float, horizon: float) -> np.ndarray:
    """The chance of each age (days) to be won within `horizon` days: (won + 10*c)/(n + 10).

    c is the chance at a lesser age, the power of two days below, estimated in the same way down to the
    share of all observed stays won within the horizon of their beginning: few stays last very long,
    and drawn to the average of all, the hanging deals of a stage would foretell wins that never come.
    Without any observed stay: `stage_chance`.
    """
    import numpy as np

    oldest = stays.training + horizon
    fresh = (stays.begun >= horizon) & (stays.begun <= oldest)
    if not fresh.any():
        return np.full(len(ages), stage_chance)
    centre = float((stays.won & (stays.to_close <= horizon))[fresh].mean())
    asked = coarse(ages) if in_steps(len(ages), max(stays.count, len(stays.length))) else ages
    different, back = np.unique(asked, return_inverse=True)
    every = np.union1d(2.0 ** np.arange(POWERS), different)
    wins, all_ = _observed(_by_length(stays), every, horizon, oldest)
    found = _drawn(every, wins, all_, centre)
    result: np.ndarray = found[np.searchsorted(every, different)][back]
    return result


@dataclass(frozen=True, slots=True)
class Seen:
    """What the stays known at a moment say of the days after each age, by rank 0..k."""

    steps: AgeSteps
    count: list[int]  # of all stays
    fresh: np.ndarray  # how many began at least the horizon ago, and in the training window
    fresh_won: np.ndarray  # of them, those won within the horizon of their beginning
    wins: np.ndarray  # by step too: of the stays that count for that age, those won within the horizon of it
    all: np.ndarray  # and how many count


def chances_seen(seen: Seen, rank: int, steps: np.ndarray, stage_chance: float) -> np.ndarray:
    """As `chances_within`, of ages that are told by their places among the steps."""
    import numpy as np

    if not seen.fresh[rank]:
        return np.full(len(steps), stage_chance)
    centre = float(seen.fresh_won[rank] / seen.fresh[rank])
    found: np.ndarray = _drawn(seen.steps.days, seen.wins[rank], seen.all[rank], centre)[steps]
    return found


def _drawn(ages: np.ndarray, wins: np.ndarray, all_: np.ndarray, centre: float) -> np.ndarray:
    """The chance of each age (in order, the powers of two among them), drawn to that of a lesser one."""
    import numpy as np

    centres = [centre]
    for place in np.searchsorted(ages, 2.0 ** np.arange(POWERS)):
        centres.append(shrink(float(wins[place]), float(all_[place]), centres[-1], SHRINK))
    below = np.clip(np.floor(np.log2(np.maximum(ages, 0.5))) + 1, 0, POWERS).astype(int)
    found: np.ndarray = (wins + SHRINK * np.array(centres)[below]) / (all_ + SHRINK)
    return found


def in_steps(ages: int, stays: int) -> bool:
    """Whether so many ages are taken in steps rather than compared each with so many stays."""
    return ages * stays > _CELLS


ByLength = tuple["np.ndarray", "np.ndarray", "np.ndarray"]


def _by_length(stays: Stays) -> ByLength:
    """Length, beginning, and days to the win (inf without one) of the stays, the shortest first."""
    import numpy as np

    order = np.argsort(stays.length)
    to_win = np.where(stays.won, stays.to_close, np.inf)
    return stays.length[order], stays.begun[order], to_win[order]


def _observed(
    by_length: ByLength, ages: np.ndarray, horizon: float, oldest: float
) -> tuple[np.ndarray, np.ndarray]:
    """Per age, of the stays so old whose next `horizon` days are known: those won in them, and all.

    `ages` in order.  A stay counts for the ages below its length, of which the next days were all seen
    (not above begun - horizon) within the training window (not below begun - oldest), and as a win from the
    age on from which the horizon reaches its win.
    """
    import numpy as np

    if not len(ages):
        return np.zeros(0), np.zeros(0)
    length, begun, to_win = by_length
    # most have ended long enough ago, but not too long: they count for all ages below their length
    plain = (begun - oldest <= ages[0]) & (length <= begun - horizon)
    until = np.concatenate(([0], np.cumsum(plain)))
    plainly = until[-1] - until[np.searchsorted(length, ages, side="right")]

    def counted(rows: np.ndarray, *, won: bool) -> np.ndarray:
        first = np.searchsorted(ages, begun[rows] - oldest, side="left")
        if won:
            first = np.maximum(first, np.searchsorted(ages, to_win[rows] - horizon, side="left"))
        end = np.minimum(
            np.searchsorted(ages, length[rows], side="left"),
            np.searchsorted(ages, begun[rows] - horizon, side="right"),
        )
        some = first < end
        begins, ends = (np.bincount(each[some], minlength=len(ages) + 1) for each in (first, end))
        found: np.ndarray = np.cumsum(begins - ends)[:-1]
        return found

    wins = counted(np.flatnonzero(to_win - horizon < length), won=True)
    return wins, plainly + counted(np.flatnonzero(~plain), won=False)
