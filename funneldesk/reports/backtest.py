"""Past forecasts made again with what was known then, and held against what came (DEFINITIONS: forecast).

The close that was expected then is not kept, so every open deal counts with its chance to be won in
the month; only deals open at its beginning are looked at, in the forecast and in what came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.reports import draws
from funneldesk.reports.ageing import chances_within, stays_by_rank
from funneldesk.reports.probability import training_days
from funneldesk.reports.timeline import OPEN, WON, Timeline

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


def grade(facts: FunnelFacts, history: Timeline, usable: np.ndarray, seed: int) -> Grade:
    """Forecast each of the last months at its beginning and compare; widen where too few lie inside."""
    months = tuple(
        found
        for start, end in _months(facts.as_of, ZoneInfo(facts.zone))
        if (found := _month(facts, history, usable, start, end, seed)) is not None
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
    facts: FunnelFacts, history: Timeline, usable: np.ndarray, start: int, end: int, seed: int
) -> Month | None:
    import numpy as np

    training = training_days(facts.training_months)
    standing, later = history.standing(start - 1), history.standing(end - 1)
    at = np.maximum(standing, 0)
    there = standing >= 0
    ended = there & usable & (history.kind[at] != OPEN)
    ended &= history.at[at] >= start - training * DAY
    if not len(ended) or int(ended.sum()) < LEAST_DECIDED:
        return None
    stays = stays_by_rank(history, usable, start - 1, facts.k, (end - start) / DAY, training)
    wins = ended & (history.kind[at] == WON)
    known = history.amount[at[wins]]
    known = known[np.isfinite(known)]
    typical = float(np.median(known)) if len(known) else 0.0
    worth = np.nan_to_num(history.amount, nan=typical)
    reach = _reach(history, start - 1, facts.k)
    bets: list[draws.Open] = []
    evidence = []
    for rank in range(1, facts.k + 1):
        here = there & (history.kind[at] == OPEN) & (history.rank[at] == rank)
        came = ended & (reach >= rank)
        n, won = int(came.sum()), int((came & wins).sum())
        prior = facts.stages[rank - 1].probability
        evidence.append(draws.Evidence(won, n) if n else draws.Evidence(prior * 10, 10))
        ages = np.nan_to_num((start - history.at[at[here]]) / DAY, posinf=0.0)
        for chance, money in zip(
            chances_within(stays[rank], ages, (won + 10 * prior) / (n + 10), (end - start) / DAY),
            worth[at[here]],
            strict=True,
        ):
            bets.append(draws.Open(float(chance), float(money), rank - 1))
    was_open = there & (history.kind[at] == OPEN) & (history.rank[at] > 0)
    came_in = was_open & (history.kind[np.maximum(later, 0)] == WON)
    _counted, summed = draws.draw(bets, evidence, seed, DRAWS)
    low, middle, high = draws.quantiles(draws.poisson_binomial([bet.chance for bet in bets]))
    p10, p50, p90 = (float(each) for each in np.quantile(summed, (0.1, 0.5, 0.9)))
    name = f"{clock.local_date(start, ZoneInfo(facts.zone)):%Y-%m}"
    money_won = float(worth[np.maximum(later, 0)[came_in]].sum())
    return Month(name, low, middle, high, int(came_in.sum()), p10, p50, p90, money_won)


def _reach(history: Timeline, moment: int, k: int) -> np.ndarray:
    """Per deal the highest rank of any open stage entered until `moment`; k+1 for one that stood won."""
    import numpy as np

    until = (history.at <= moment) & (history.kind == OPEN)
    reach = np.maximum.reduceat(np.where(until, np.maximum(history.rank, 0), 0), history.first)
    standing = history.standing(moment)
    won = (standing >= 0) & (history.kind[np.maximum(standing, 0)] == WON)
    reach[won] = k + 1
    return reach


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
