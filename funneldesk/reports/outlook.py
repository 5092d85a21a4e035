"""What open deals promise for a period: each with its chance, and whole futures drawn from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.funnel import CLOSES
from funneldesk.reports import draws, probability
from funneldesk.reports.ageing import (
    Seen,
    Stays,
    chances,
    chances_seen,
    chances_within,
    in_steps,
    stays_by_rank,
)
from funneldesk.reports.learnt import Learnt, learnt, of_deals
from funneldesk.reports.past_stays import past_stays
from funneldesk.reports.population import values_of
from funneldesk.reports.season import Season, at_least, season_of
from funneldesk.reports.statistics import win_incidence_until
from funneldesk.reports.timeline import timeline

if TYPE_CHECKING:
    import numpy as np

ENOUGH = 50  # decided deals in the training window from which age is looked at
ARRIVALS_DAYS = 60
DATES, DATED, PACE = CLOSES


@dataclass(frozen=True, slots=True)
class Period:
    """The period of a forecast, and what is left of it at T in days."""

    start: int
    end: int
    left: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """Open deals, and of each in arrays the chance to be won in the period and the money, minor units."""

    deals: Sequence[DealFact]
    rank: np.ndarray
    amount: np.ndarray  # the median won one where it is not known
    chance: np.ndarray
    by_pace: np.ndarray
    by_age: np.ndarray  # to be won at all
    overdue: np.ndarray  # of bool
    undated: int = 0  # not counted for want of a date

    def of_rank(self, rank: int) -> np.ndarray:
        """The places of the deals in a stage."""
        import numpy as np

        return np.flatnonzero(self.rank == rank)


class Outlook:
    """What a funnel's own history says of its open deals at T."""

    def __init__(self, facts: FunnelFacts, period: Period) -> None:
        import numpy as np

        self.facts, self.period = facts, period
        self._told = told = learnt(facts)
        mine = told.decided(facts.as_of, facts.training_months)
        won = mine & told.won
        self.decided = int(np.count_nonzero(mine))
        self._came, self._came_won = (at_least(told.reach[own], facts.k) for own in (mine, won))
        self.template = probability.template(facts)
        self.history = probability.drawn(self._came, self._came_won, self.template)
        self.chosen = probability.chosen(facts)
        self.aged = self.decided >= ENOUGH
        amounts = told.amount[won]
        self.won_amounts = amounts = amounts[np.isfinite(amounts)]
        self.typical = float(np.median(amounts)) if len(amounts) else 0.0
        moves = (facts.whole or facts).moves
        self.timeline = timeline(moves, told.id[told.staged], told.amount[told.staged])
        self.usable = np.isin(self.timeline.deals, told.id[told.known])
        self.past = past_stays(self.timeline, self.usable, facts, period.end - facts.as_of)
        self._seen: Seen | None = None
        self._training = probability.training_days(facts.training_months)
        self._stays: list[Stays] = []

    @cached_property
    def season(self) -> Season:
        """The seasons of all deals of the funnel."""
        return season_of(self.facts, self._told)

    @cached_property
    def _ended(self) -> list[Stays]:
        own = self.timeline, self.usable, self.facts.as_of, self.facts.k
        return stays_by_rank(*own, training=self._training, only_ended=True)

    @cached_property
    def _arriving(self) -> Learnt:
        """The deals by which new business is foretold: those that are looked at."""
        return self._told if self.facts.whole is None else of_deals(self.facts.deals)

    def weigh(self, deals: Sequence[DealFact], way: str) -> Weighed:
        """The chances of open deals (each in a stage), by `dates`, `dated` (dates alone) or `pace`."""
        import numpy as np

        rank, amount, ages = self._standing(deals)
        pace, at_all = self._paced(rank, ages), np.zeros(len(deals))
        for place in range(self.facts.k):
            own = np.flatnonzero(rank == place + 1)
            at_all[own] = chances(self._ended[place + 1], ages[own], self.history[place])
        closes = list(values_of(deals, "expected_close"))
        undated = np.fromiter((close is None for close in closes), bool, len(deals))
        overdue, chance = np.zeros(len(deals), dtype=bool), pace.copy()
        if way == DATED:
            chance[undated] = 0.0
        if way != PACE and self.period.left > 0:
            falls_in = {close: self._falls_in(close) for close in set(closes) - {None}}
            falls_in[None] = False, False
            told = np.array([falls_in[close] for close in closes], dtype=bool).reshape(-1, 2)
            inside, overdue = told[:, 0], told[:, 1]
            hoped = at_all if self.aged else np.array([0.0, *self.chosen])[rank]
            chance = np.where(undated, chance, np.where(inside, hoped, 0.0))
        missing = int(np.count_nonzero(undated)) if way == DATED else 0
        return Weighed(deals, rank, amount, chance, pace, at_all, overdue, missing)

    def paced(self, deals: Sequence[DealFact]) -> draws.Bets:
        """Open deals (each in a stage) with their chances by pace, as they are drawn."""
        rank, amount, ages = self._standing(deals)
        return draws.Bets(self._paced(rank, ages), amount, rank - 1)

    def _standing(self, deals: Sequence[DealFact]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of each deal the rank of its stage, the money and how many days it has been there."""
        import numpy as np

        rank = np.fromiter(values_of(deals, "stage"), np.int64, len(deals))
        amount = np.nan_to_num(np.fromiter(values_of(deals, "amount"), float, len(deals)), nan=self.typical)
        entered = np.fromiter(values_of(deals, "entered_at"), float, len(deals))
        return rank, amount, np.nan_to_num(np.maximum(0.0, (self.facts.as_of - entered) / DAY))

    def _paced(self, rank: np.ndarray, ages: np.ndarray) -> np.ndarray:
        import numpy as np

        pace = np.zeros(len(rank))
        if self.period.left > 0:
            for each in range(1, self.facts.k + 1):
                own = np.flatnonzero(rank == each)
                pace[own] = self._within(each, ages[own])
        return pace

    def _within(self, rank: int, ages: np.ndarray) -> np.ndarray:
        """The chances of deals of these ages in a stage to be won until the end of the period."""
        facts, centre = self.facts, self.chosen[rank - 1]
        if self.past is not None:
            if self._seen is None:
                self._seen = self.past.seen(facts.as_of, self.period.end - facts.as_of, self._training)
            if in_steps(len(ages), self._seen.count[rank]):
                return chances_seen(self._seen, rank, self._seen.steps.of(ages), centre)
        if not self._stays:
            own = self.timeline, self.usable, facts.as_of, facts.k
            self._stays = stays_by_rank(*own, training=self._training)
        return chances_within(self._stays[rank], ages, centre, self.period.left)

    def _falls_in(self, expected_close: str) -> tuple[bool, bool]:
        """Whether a day lies in the period (an overdue one is taken to it), and whether it is overdue."""
        day = clock.start_of_day(date.fromisoformat(expected_close), ZoneInfo(self.facts.zone))
        overdue = day + DAY <= self.facts.as_of
        return overdue or day < self.period.end, overdue

    def evidence(self) -> list[draws.Evidence]:
        """By place of the stage: what its chance rests on; ten imagined deals where none is decided."""
        return [
            draws.Evidence(won, n) if n else draws.Evidence(chance * 10, 10)
            for chance, n, won in zip(self.template, self._came, self._came_won, strict=True)
        ]

    def won(self) -> list[DealFact]:
        """The deals won in the period."""
        import numpy as np

        if self.facts.whole is not None or self.facts.learnt is not None:
            return won_within(self.facts, self.period)
        told, period = self._told, self.period
        there = told.won & told.staged & (told.closed >= period.start) & (told.closed < period.end)
        return [self.facts.deals[place] for place in np.flatnonzero(there).tolist()]

    def open_of(self, owner: int | None) -> list[DealFact]:
        """The open deals in a stage (of an owner)."""
        return self._open if owner is None else self._open_by_owner[owner]

    def won_of(self, owner: int | None) -> list[DealFact]:
        """The deals won in the period (by an owner)."""
        return self._won if owner is None else self._won_by_owner[owner]

    @cached_property
    def _open(self) -> list[DealFact]:
        return in_stages(self.facts.deals)

    @cached_property
    def _open_by_owner(self) -> Mapping[int | None, list[DealFact]]:
        return _by_owner(self._open)

    @cached_property
    def _won(self) -> list[DealFact]:
        return self.won()

    @cached_property
    def _won_by_owner(self) -> Mapping[int | None, list[DealFact]]:
        return _by_owner(self._won)

    def new_business(self, owner: int | None = None) -> float:
        """Wins expected of deals yet to come (to an owner): arrivals per day * sum over days d of F(end - d).

        Arrivals are those of the last 60 days, where seasons are confirmed in proportion to the months
        they fall in; F is the Aalen-Johansen share won by age.
        """
        import numpy as np

        told = self._arriving
        recent = told.staged & (told.created > self.facts.as_of - ARRIVALS_DAYS * DAY)
        if owner is not None:
            recent &= told.owner == owner
        return int(np.count_nonzero(recent)) / ARRIVALS_DAYS * self._won_of_one_a_day

    @cached_property
    def _won_of_one_a_day(self) -> float:
        import numpy as np

        told = self._arriving
        came = told.staged & np.isfinite(told.created)
        end = np.where(told.open, self.facts.as_of, told.closed)
        seen = came & (end >= told.created)
        ages = (end - told.created) / DAY
        won, lost = told.won, ~(told.won | told.open)
        left = int(self.period.left)
        at, shares = win_incidence_until(left, *(ages[seen & each] for each in (won, lost, told.open)))
        weight = self._season_weight()
        asked = np.searchsorted(at, np.arange(left) + 0.5, side="right")
        # `day` days before the end: that many days are left to win
        by_day: list[float] = np.append(0.0, shares)[asked].tolist()
        return sum(share * weight(left - n) for n, share in enumerate(by_day))

    def _season_weight(self) -> Callable[[int], float]:
        """By days from T: the arrivals of that day in those of the last 60 days."""
        if not (self.facts.season and self.season.used):
            return lambda _days: 1.0
        today = clock.local_date(self.facts.as_of, ZoneInfo(self.facts.zone))
        past = [self.season.weight(today - timedelta(days=n)) for n in range(ARRIVALS_DAYS)]
        usual = sum(past) / len(past)
        return lambda days: self.season.weight(today + timedelta(days=days)) / usual if usual else 1.0


def _by_owner(deals: Sequence[DealFact]) -> Mapping[int | None, list[DealFact]]:
    found = defaultdict[int | None, list[DealFact]](list)
    for deal in deals:
        found[deal.owner].append(deal)
    return found


def bets(weighed: Weighed) -> draws.Bets:
    """Open deals as they are drawn."""
    return draws.Bets(weighed.chance, weighed.amount, weighed.rank - 1)


def in_stages(deals: Sequence[DealFact]) -> list[DealFact]:
    """The open deals that stand in a stage."""
    return [deal for deal in deals if deal.staged and deal.status == "open" and deal.stage > 0]


def won_within(facts: FunnelFacts, period: Period) -> list[DealFact]:
    """The deals won in the period."""
    return [
        deal
        for deal in facts.deals
        if deal.status == "won"
        and deal.staged
        and deal.closed_at is not None
        and period.start <= deal.closed_at < period.end
    ]


@dataclass(frozen=True, slots=True)
class Future:
    """Drawn ends of a period: how many deals are won, and their money in minor units."""

    count: np.ndarray
    money: np.ndarray


def futures(outlooks: Sequence[Outlook], owner: int | None, seed: int) -> Future:
    """10,000 ends of the period over several funnels: won so far, open deals by pace, new business.

    `owner` None = of all.
    """
    import numpy as np

    count, money = np.zeros(draws.DRAWS), np.zeros(draws.DRAWS)
    for place, outlook in enumerate(outlooks):
        own = outlook.open_of(owner)
        many, much = draws.draw(outlook.paced(own), outlook.evidence(), seed + 2 * place)
        more, richer = draws.draw_new(outlook.new_business(owner), outlook.won_amounts, seed + 2 * place)
        won = outlook.won_of(owner)
        count = count + many + more + len(won)
        money = money + much + richer + sum(d.amount or 0 for d in won)
    return Future(count, money)
