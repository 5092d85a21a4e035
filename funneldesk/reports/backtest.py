"""Past forecasts made again with what was known then, and held against what came (DEFINITIONS: forecast).

The close that was expected then is not kept, so every open deal counts with its chance to be won in
the month; only deals open at its beginning are looked at, in the forecast and in what came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.reports import draws
from funneldesk.reports.ageing import Stays, chances_seen, chances_within, in_steps, stays_by_rank
from funneldesk.reports.past_stays import PastStays
from funneldesk.reports.probability import training_days
from funneldesk.reports.timeline import OPEN, WON, Standing, Timeline

if TYPE_CHECKING:
    import numpy as np

LEAST_MONTHS = 6
MOST_MONTHS = 18
LEAST_DECIDED = 30  # deals that had ended before a month, or there was nothing to forecast from
DRAWS = 2_000
GOOD = 0.7  # share of months inside the range below which it is widened


class Month(NamedTuple):
    """One forecast of the past and what came: deals and minor units."""

    month: str
    count_p10: float
    count_p50: float
    count_p90: float
    won: int
    amount_p10: float
    amount_p50: float
    amount_p90: float
    amount: float


@dataclass(frozen=True, slots=True)
class Grade:
    """How past forecasts fared: shares of months inside the printed (widened) range, None of too few."""

    months: tuple[Month, ...] = ()
    count_share: float | None = None
    amount_share: float | None = None
    raw_share: float | None = None  # of amounts, before widening
    count_factor: float = 1.0
    amount_factor: float = 1.0


def grade(
    facts: FunnelFacts, history: Timeline, usable: np.ndarray, stays: PastStays | None, seed: int
) -> Grade:
    """Forecast each of the last months at its beginning and compare; widen where too few lie inside.

    `stays`: of the `usable` deals of the history, where there are so many (`past_stays`).
    """
    spans = _months(facts.as_of, ZoneInfo(facts.zone))
    past = _Past(facts, history, usable, stays, spans)
    months = tuple(
        found for start, end in spans if (found := _month(facts, history, past, start, end, seed)) is not None
    )
    if len(months) < LEAST_MONTHS:
        return Grade(months)
    raw = _share([(m.amount_p10, m.amount, m.amount_p90) for m in months])
    amount_factor = _factor([(m.amount_p10, m.amount_p50, m.amount_p90, m.amount) for m in months])
    count_factor = _factor([(m.count_p10, m.count_p50, m.count_p90, m.won) for m in months])
    widened = tuple(_widened(m, count_factor, amount_factor) for m in months)
    return Grade(
        widened,
        _share([(m.count_p10, m.won, m.count_p90) for m in widened]),
        _share([(m.amount_p10, m.amount, m.amount_p90) for m in widened]),
        raw,
        count_factor,
        amount_factor,
    )


def _months(as_of: int, zone: ZoneInfo) -> list[tuple[int, int]]:
    """The last whole months before T, the earliest first."""
    last = clock.local_date(as_of, zone).replace(day=1)
    firsts = [last]
    for _each in range(MOST_MONTHS):
        before = firsts[-1]
        firsts.append(date(before.year - (before.month == 1), (before.month - 2) % 12 + 1, 1))
    starts = [clock.start_of_day(day, zone) for day in reversed(firsts)]
    return list(pairwise(starts))


def _month(
    facts: FunnelFacts, history: Timeline, past: _Past, start: int, end: int, seed: int
) -> Month | None:
    import numpy as np

    training = training_days(facts.training_months)
    ended = past.ended_by(start - 1, start - training * DAY)
    if ended.many < LEAST_DECIDED:
        return None
    typical = float(np.median(ended.known)) if len(ended.known) else 0.0
    evidence, centres = [], []
    for stage, n, won in zip(facts.stages, ended.came, ended.came_won, strict=True):
        prior = stage.probability
        evidence.append(draws.Evidence(won, n) if n else draws.Evidence(prior * 10, 10))
        centres.append((won + 10 * prior) / (n + 10))
    here = past.staged.stood(start - 1)
    here = here[np.argsort(past.rank[here], kind="stable")]
    rank, deal = past.rank[here], past.staged.deal[here]
    ages = np.nan_to_num((start - past.staged.at[here]) / DAY, posinf=0.0)
    chance = past.chances(start, end, training, rank, ages, centres)
    bets = draws.Bets(chance, _worth(past.worth[here], typical), rank.astype(np.int64) - 1)
    was_open = np.zeros(len(history.deals), dtype=bool)
    was_open[deal] = True
    came_in = past.won.stood(end - 1)
    came_in = past.won.rows[came_in[was_open[past.won.deal[came_in]]]]
    _counted, summed = draws.draw(bets, evidence, seed, DRAWS)
    low, middle, high = draws.quantiles(draws.poisson_binomial(bets.chance))
    p10, p50, p90 = (float(each) for each in np.quantile(summed, (0.1, 0.5, 0.9)))
    name = f"{clock.local_date(start, ZoneInfo(facts.zone)):%Y-%m}"
    money_won = float(_worth(history.amount[came_in], typical).sum())
    return Month(name, low, middle, high, len(came_in), p10, p50, p90, money_won)


class _Ended(NamedTuple):
    """Deals that had ended: how many; by rank 1..k how many came to the stage and were won of them; money."""

    many: int
    came: list[int]
    came_won: list[int]
    known: np.ndarray  # what those won were worth, where it is known; minor units


class _Past:
    """A history as it is asked at the beginnings of the months `spans`.

    `staged` = the moves to a stage with a rank, `won` = those to a win; `rank` and `worth` are of the
    staged ones.
    """

    def __init__(
        self, facts: FunnelFacts, history: Timeline, usable: np.ndarray, stays: PastStays | None,
        spans: Sequence[tuple[int, int]],
    ) -> None:  # fmt: skip
        import numpy as np

        self._facts, self._history, self._usable, self._stays = facts, history, usable, stays
        first, last = spans[0][0] - 1, spans[-1][1] - 1
        history.look_at([moment - 1 for span in spans for moment in span])
        is_open, is_won = history.kind == OPEN, history.kind == WON
        self.won = Standing(history, is_won, first, last)
        in_stages = is_open & (history.rank > 0) & (history.rank <= facts.k)
        self.staged = Standing(history, in_stages, first, last)
        self.rank = history.rank[self.staged.rows]
        self.worth = history.amount[self.staged.rows]
        self._ended = Standing(history, ~is_open & usable[history.deal], first, last)
        won = is_won[self._ended.rows]
        self._won_for = np.where(won, history.amount[self._ended.rows], np.nan)
        # how far they came is the same at any moment, where moves are in order of time
        self._end = self._ends(self._ended.rows, last) if history.in_order() else None

    def ended_by(self, moment: int, since: float) -> _Ended:
        """The deals with a known path that had ended then, not before `since`."""
        import numpy as np

        k = self._facts.k
        there = self._ended.stood(moment, since)
        ends = self._ends(self._ended.rows[there], moment) if self._end is None else self._end[there]
        by_reach = np.bincount(ends, minlength=2 * (k + 2)).reshape(-1, 2)
        # of those that came to a stage all that came there or further
        came = by_reach[::-1].cumsum(axis=0)[::-1]
        amounts = self._won_for[there]
        return _Ended(
            len(there),
            came[1 : k + 1].sum(axis=1).tolist(),
            came[1 : k + 1, 1].tolist(),
            amounts[np.isfinite(amounts)],
        )

    def _ends(self, rows: np.ndarray, moment: int) -> np.ndarray:
        """Of some ends: twice the rank that the deal had reached, and one more of a win."""
        import numpy as np

        reach = np.clip(self._history.reach(rows, moment, self._facts.k), 0, self._facts.k + 1)
        found: np.ndarray = 2 * reach.astype(np.int64) + (self._history.kind[rows] == WON)
        return found

    def chances(
        self, start: int, end: int, training: float, ranks: np.ndarray, ages: np.ndarray,
        centres: Sequence[float],
    ) -> np.ndarray:  # fmt: skip
        """By what was known before `start`, the chances of deals by rank and age to be won before `end`.

        `ranks` rise; `centres`: by rank the chance of the stage.
        """
        import numpy as np

        facts, horizon = self._facts, (end - start) / DAY
        seen = None if self._stays is None else self._stays.seen(start - 1, end - start, training)
        told: list[Stays] = []
        found = np.zeros(len(ages))
        bounds = np.searchsorted(ranks, np.arange(1, facts.k + 2))
        steps = None if seen is None else seen.steps.of(ages)
        for rank, (low, high) in enumerate(pairwise(bounds.tolist()), start=1):
            own, centre = ages[low:high], centres[rank - 1]
            if seen is not None and steps is not None and in_steps(len(own), seen.count[rank]):
                found[low:high] = chances_seen(seen, rank, steps[low:high], centre)
                continue
            if not told:
                told = stays_by_rank(self._history, self._usable, start - 1, facts.k, horizon, training)
            found[low:high] = chances_within(told[rank], own, centre, horizon)
        return found


def _worth(amounts: np.ndarray, typical: float) -> np.ndarray:
    """The money, the typical sum where it is not known."""
    import numpy as np

    found: np.ndarray = np.nan_to_num(amounts, nan=typical)
    return found


def _share(rows: list[tuple[float, float, float]]) -> float:
    return sum(1 for low, came, high in rows if low <= came <= high) / len(rows)


def _factor(rows: list[tuple[float, float, float, float]]) -> float:
    """By how much the ranges must be spread around their middle to hold 80 % of what came; 1 = as they are.

    Rows: P10, P50, P90, what came.
    """
    if _share([(low, came, high) for low, _middle, high, came in rows]) >= GOOD:
        return 1.0
    needed = []
    for low, middle, high, came in rows:
        half = (high - middle) if came > middle else (middle - low)
        needed.append(abs(came - middle) / half if half > 0 else (0.0 if came == middle else float("inf")))
    finite = sorted(each for each in needed if each < float("inf"))
    if not finite:
        return 1.0
    place = min(len(finite) - 1, max(0, -(-len(rows) * 4 // 5) - 1))
    return max(1.0, finite[place])


def _widened(month: Month, count_factor: float, amount_factor: float) -> Month:
    def around(low: float, middle: float, high: float, factor: float) -> tuple[float, float]:
        return max(0.0, middle - (middle - low) * factor), middle + (high - middle) * factor

    count_low, count_high = around(month.count_p10, month.count_p50, month.count_p90, count_factor)
    low, high = around(month.amount_p10, month.amount_p50, month.amount_p90, amount_factor)
    return month._replace(count_p10=count_low, count_p90=count_high, amount_p10=low, amount_p90=high)
