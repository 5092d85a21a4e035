"""The seasons of a funnel: how a month differs from the year around it (DEFINITIONS: seasons, 1.8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.goals import month_after
from funneldesk.reports.statistics import mean, shrink

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


def season_of(facts: FunnelFacts) -> Season:
    """The seasons of all deals of the funnel until T, whatever part of it is looked at."""
    whole = facts.whole or facts
    zone = ZoneInfo(facts.zone)
    deals = [deal for deal in whole.deals if deal.staged]
    begun = sorted(_month(d.created_at, zone) for d in deals if d.created_at is not None)
    last = month_after(_month(facts.as_of, zone), -1)
    months: list[str] = []
    if begun:
        month = month_after(begun[0])  # the first one was perhaps not whole
        while month <= last:
            months.append(month)
            month = month_after(month)
    if facts.season_months:
        months = months[-facts.season_months :]

    def index(at: Callable[[DealFact], int | None], kept: Sequence[DealFact]) -> tuple[float, ...] | None:
        counted = Counter(_month(moment, zone) for deal in kept if (moment := at(deal)) is not None)
        return month_index([counted[each] for each in months], int(months[0][5:])) if months else None

    won = [
        deal
        for deal in deals
        if deal.status == "won"
        and not (facts.season_months and months and _month(deal.closed_at or 0, zone) < months[0])
    ]
    arrivals = index(lambda deal: deal.created_at, deals)
    wins = index(lambda deal: deal.closed_at, won) if len(won) >= LEAST_WINS * len(months) else None
    used = bool(facts.season and arrivals is not None)
    weak = LEAST <= len(months) < FULL
    ended = deals
    if facts.season_months and months:
        ended = [d for d in deals if d.closed_at is not None and _month(d.closed_at, zone) >= months[0]]
    return Season(len(months), weak, arrivals, wins, _chances(ended, facts.k, zone), used)


def _month(at: int, zone: ZoneInfo) -> str:
    return f"{clock.local_date(at, zone):%Y-%m}"


def _chances(deals: Sequence[DealFact], k: int, zone: ZoneInfo) -> tuple[tuple[float | None, ...], ...]:
    """By quarter of the close and stage: won of those resolved with that reach, drawn to the year's."""
    ended = [d for d in deals if d.path_known and d.status != "open" and d.closed_at is not None]
    quarters: list[list[DealFact]] = [[], [], [], []]
    for deal in ended:
        quarters[(clock.local_date(deal.closed_at or 0, zone).month - 1) // 3].append(deal)
    found = []
    for own in quarters:
        row: list[float | None] = []
        for rank in range(1, k + 1):
            n, won = _reached(ended, rank)
            here, here_won = _reached(own, rank)
            row.append(shrink(here_won, here, won / n, SHRINK) if n else None)
        found.append(tuple(row))
    return tuple(found)


def _reached(deals: Sequence[DealFact], rank: int) -> tuple[int, int]:
    came = [deal for deal in deals if deal.reach >= rank]
    return len(came), sum(1 for deal in came if deal.status == "won")
