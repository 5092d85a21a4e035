"""The seasons of a funnel: how a month differs from the year around it (DEFINITIONS: seasons, 1.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from funneldesk.domain.facts import FunnelFacts
from funneldesk.reports.learnt import Learnt, learnt
from funneldesk.reports.months import months_of
from funneldesk.reports.statistics import mean, shrink

if TYPE_CHECKING:
    import numpy as np

YEAR = 12
FULL, LEAST = 24, 12  # whole months from which an index is sure, and from which there is any
LEAST_WINS = 5  # a month on average; of fewer the months only show chance
SHRINK = 20.0  # imagined deals at the year's rate


@dataclass(frozen=True, slots=True)
class Season:
    """Indices by month from January, 1 = an average month; None of too few whole `months`.

    `wins` also None of less than five a month.  `weak`: of less than two years, drawn towards 1.
    `chances`: by quarter of the close the chance to win from each stage.
    """

    months: int
    weak: bool
    arrivals: tuple[float, ...] | None
    wins: tuple[float, ...] | None
    chances: tuple[tuple[float | None, ...], ...]
    used: bool  # confirmed for the funnel: new business is expected by it

    def weight(self, day: date) -> float:
        """How many deals arrive in the month of a day, in those of an average month."""
        return 1.0 if self.arrivals is None else self.arrivals[day.month - 1]


def month_index(values: Sequence[float], first: int) -> tuple[float, ...] | None:
    """The index of each calendar month, from consecutive months beginning with calendar month `first` (1-12).

    From 24 on the mean over the years of value / centred mean of twelve months (half a month at either
    end), brought to 1 on average; from 12 to 23 the month's share of all, drawn towards 1 by
    years / (years + 1); None of fewer, or of nothing at all.
    """
    count = len(values)
    if count < LEAST or not sum(values):
        return None
    ratios: list[list[float]] = [[] for _ in range(YEAR)]
    if count < FULL:
        whole = sum(values) / count
        for place, value in enumerate(values):
            ratios[(first - 1 + place) % YEAR].append(value / whole)
        trust = count / YEAR / (count / YEAR + 1)
        return tuple(1 + ((mean(own) or 0.0) - 1) * trust for own in ratios)
    for place in range(YEAR // 2, count - YEAR // 2):
        around = values[place - 6 : place + 7]
        middle = (sum(around) - (around[0] + around[-1]) / 2) / YEAR
        if middle:
            ratios[(first - 1 + place) % YEAR].append(values[place] / middle)
    raw = [1.0 if (own := mean(each)) is None else own for each in ratios]
    level = sum(raw) / YEAR
    return tuple(each / level for each in raw) if level else None


def season_of(facts: FunnelFacts, told: Learnt | None = None) -> Season:
    """The seasons of all deals of the funnel until T, whatever part of it is looked at.

    `told`: those deals, where they have been read already.
    """
    import numpy as np

    told = told or learnt(facts)
    zone = ZoneInfo(facts.zone)
    created = _months(told.created[told.staged], zone)
    last = int(months_of([facts.as_of], zone)[0]) - 1
    first = int(created.min()) + 1 if len(created) else last + 1  # the first one was perhaps not whole
    if facts.season_months:
        first = max(first, last + 1 - facts.season_months)
    count = max(0, last - first + 1)

    def index(happened: np.ndarray) -> tuple[float, ...] | None:
        if not count:
            return None
        inside = happened[(happened >= first) & (happened <= last)]
        return month_index(np.bincount(inside - first, minlength=count).tolist(), first % YEAR + 1)

    ended = np.flatnonzero(told.staged & np.isfinite(told.closed))
    closes = _months(told.closed[ended], zone)
    if facts.season_months and count:
        late = closes >= first
        ended, closes = ended[late], closes[late]
    won = told.won[ended]
    arrivals = index(created)
    undated = np.count_nonzero(told.staged & told.won & ~np.isfinite(told.closed))
    many = np.count_nonzero(won) + (0 if facts.season_months and count else undated)
    wins = index(closes[won]) if many >= LEAST_WINS * count else None
    used = bool(facts.season and arrivals is not None)
    weak = LEAST <= count < FULL
    resolved = told.known[ended] & ~told.open[ended]
    quarters = closes[resolved] % YEAR // 3
    chances = _chances(quarters, told.reach[ended][resolved], won[resolved], facts.k)
    return Season(count, weak, arrivals, wins, chances, used)


def _months(moments: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """The months of those that are known."""
    import numpy as np

    return months_of(moments[np.isfinite(moments)].astype(np.int64), zone)


def _chances(
    quarter: np.ndarray, reach: np.ndarray, won: np.ndarray, k: int
) -> tuple[tuple[float | None, ...], ...]:
    """By quarter of the close and stage: won of those resolved with that reach, drawn to the year's."""
    import numpy as np

    ranks = k + 2
    cells = (quarter * 2 + won) * ranks + np.clip(reach, 0, k + 1)
    by_reach = np.bincount(cells, minlength=8 * ranks).reshape(4, 2, ranks)
    # by rank 1..k those that have reached it: all, and won ones
    won_of = by_reach[:, 1, ::-1].cumsum(axis=1)[:, ::-1][:, 1 : k + 1]
    all_of = by_reach.sum(axis=1)[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1 : k + 1]
    year = list(zip(all_of.sum(axis=0).tolist(), won_of.sum(axis=0).tolist(), strict=True))
    return tuple(
        tuple(
            shrink(mine_won, mine, all_won / n, SHRINK) if n else None
            for mine, mine_won, (n, all_won) in zip(here, here_won, year, strict=True)
        )
        for here, here_won in zip(all_of.tolist(), won_of.tolist(), strict=True)
    )


def at_least(reach: np.ndarray, k: int) -> list[int]:
    """By rank 1..k how many have reached it."""
    import numpy as np

    ranks = np.bincount(np.clip(reach, 0, k + 1), minlength=k + 2)
    return [int(ranks[rank:].sum()) for rank in range(1, k + 1)]
