"""Past forecasts made again with what was known then, and held against what came (DEFINITIONS: forecast).

The close that was expected then is not kept, so every open deal counts with its chance to be won in
the month; only deals open at its beginning are looked at, in the forecast and in what came.
"""

from __future__ import annotations

from collections.abc import Callable
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
from funneldesk.reports.season import at_least
from funneldesk.reports.timeline import OPEN, WON, Timeline

if TYPE_CHECKING:
    import numpy as np

_Chances = Callable[[int, "np.ndarray", float], "np.ndarray"]

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


def grade(facts: FunnelFacts, history: Timeline, usable: np.ndarray, seed: int) -> Grade:
    """Forecast each of the last months at its beginning and compare; widen where too few lie inside."""
    spans = _months(facts.as_of, ZoneInfo(facts.zone))
    history.look_at([moment - 1 for span in spans for moment in span])
    stays = _Stays(facts, history, usable, max(end - start for start, end in spans))
    months = tuple(
        found
        for start, end in spans
        if (found := _month(facts, history, stays, start, end, seed)) is not None
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
    facts: FunnelFacts, history: Timeline, stays: _Stays, start: int, end: int, seed: int
) -> Month | None:
    import numpy as np

    training = training_days(facts.training_months)
    standing, later = history.stood(start - 1), history.stood(end - 1)
    ended = standing[stays.resolved[standing]]
    ended = ended[history.at[ended] >= start - training * DAY]
    if len(ended) < LEAST_DECIDED:
        return None
    is_won = stays.won[ended]
    known = history.amount[ended[is_won]]
    known = known[np.isfinite(known)]
    typical = float(np.median(known)) if len(known) else 0.0
    standing_at = standing[stays.staged[standing]]
    ranks = history.rank[standing_at]
    reach = history.reach(ended, start - 1, facts.k)
    came, came_won = at_least(reach, facts.k), at_least(reach[is_won], facts.k)
    bets: list[draws.Bets] = []
    evidence = []
    chances = stays.asked(start, end, training)
    for rank, n, won in zip(range(1, facts.k + 1), came, came_won, strict=True):
        here = standing_at[ranks == rank]
        prior = facts.stages[rank - 1].probability
        evidence.append(draws.Evidence(won, n) if n else draws.Evidence(prior * 10, 10))
        ages = np.nan_to_num((start - history.at[here]) / DAY, posinf=0.0)
        chance = chances(rank, ages, (won + 10 * prior) / (n + 10))
        bets.append(draws.Bets(chance, _worth(history, here, typical), np.full(len(here), rank - 1)))
    every = draws.together(bets)
    was_open = np.zeros(len(history.deals), dtype=bool)
    was_open[history.deal[standing_at]] = True
    came_in = later[stays.won[later]]
    came_in = came_in[was_open[history.deal[came_in]]]
    _counted, summed = draws.draw(every, evidence, seed, DRAWS)
    low, middle, high = draws.quantiles(draws.poisson_binomial(every.chance))
    p10, p50, p90 = (float(each) for each in np.quantile(summed, (0.1, 0.5, 0.9)))
    name = f"{clock.local_date(start, ZoneInfo(facts.zone)):%Y-%m}"
    money_won = float(_worth(history, came_in, typical).sum())
    return Month(name, low, middle, high, len(came_in), p10, p50, p90, money_won)


class _Stays:
    """The stays of the history, for the chances of many months; per move what each month asks of it.

    `resolved` = to an end, of a usable deal; `won` = to a win; `staged` = to a stage with a rank.
    """

    def __init__(self, facts: FunnelFacts, history: Timeline, usable: np.ndarray, longest: int) -> None:
        self._facts, self._history, self._usable = facts, history, usable
        self.won = history.kind == WON
        self.resolved = (history.kind != OPEN) & usable[history.deal]
        self.staged = (history.kind == OPEN) & (history.rank > 0)
        many = in_steps(len(history.deals), len(history.at)) and history.in_order()
        self._past = PastStays(history, usable, facts.k, facts.as_of, longest) if many else None

    def asked(self, start: int, end: int, training: float) -> _Chances:
        """What was known before `start`: a function of rank, ages and the stage's chance."""
        facts, horizon = self._facts, (end - start) / DAY
        told: list[Stays] = []
        seen = None if self._past is None else self._past.seen(start - 1, end - start, training)

        def chances(rank: int, ages: np.ndarray, stage_chance: float) -> np.ndarray:
            if seen is not None and in_steps(len(ages), seen.count[rank]):
                return chances_seen(seen, rank, ages, stage_chance)
            if not told:
                told.extend(stays_by_rank(self._history, self._usable, start - 1, facts.k, horizon, training))
            return chances_within(told[rank], ages, stage_chance, horizon)

        return chances


def _worth(history: Timeline, moves: np.ndarray, typical: float) -> np.ndarray:
    """The money of the deals at some of their moves, the typical sum where it is not known."""
    import numpy as np

    found: np.ndarray = np.nan_to_num(history.amount[moves], nan=typical)
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
