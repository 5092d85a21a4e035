"""What open deals promise for a period: each with its chance, and whole futures drawn from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.funnel import CLOSES
from funneldesk.reports import draws, probability
from funneldesk.reports.ageing import chances, chances_within, stays_by_rank
from funneldesk.reports.learnt import learnt
from funneldesk.reports.population import closed
from funneldesk.reports.season import at_least, season_of
from funneldesk.reports.statistics import median, win_incidence
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


@dataclass(slots=True)
class Weighed:
    """Open deals with their chance to be won in the period, by id."""

    deals: list[DealFact]
    chance: dict[int, float] = field(default_factory=dict)
    by_pace: dict[int, float] = field(default_factory=dict)
    by_age: dict[int, float] = field(default_factory=dict)  # to be won at all
    overdue: set[int] = field(default_factory=set)
    undated: int = 0  # not counted for want of a date


class Outlook:
    """What a funnel's own history says of its open deals at T."""

    def __init__(self, facts: FunnelFacts, period: Period) -> None:
        import numpy as np

        self.facts, self.period = facts, period
        told = learnt(facts)
        mine = told.decided(facts.as_of, facts.training_months)
        won = mine & told.won
        self.decided = int(np.count_nonzero(mine))
        self._came, self._came_won = (at_least(told.reach[own], facts.k) for own in (mine, won))
        self.template = probability.template(facts)
        self.history = probability.drawn(self._came, self._came_won, self.template)
        self.chosen = probability.chosen(facts)
        self.aged = self.decided >= ENOUGH
        amounts = told.amount[won]
        self.won_amounts: list[float] = amounts[np.isfinite(amounts)].tolist()
        self.typical = median(self.won_amounts) or 0.0
        moves = (facts.whole or facts).moves
        self.timeline = timeline(moves, told.id[told.staged], told.amount[told.staged])
        self.usable = np.isin(self.timeline.deals, told.id[told.known])
        self.season = season_of(facts, told)
        self.stays = stays_by_rank(
            self.timeline, self.usable, facts.as_of, facts.k,
            training=probability.training_days(facts.training_months),
        )  # fmt: skip

    def weigh(self, deals: Sequence[DealFact], way: str) -> Weighed:
        """The chances of open deals (each in a stage), by `dates`, `dated` (dates alone) or `pace`."""
        weighed = Weighed(list(deals))
        here: list[list[DealFact]] = [[] for _rank in range(self.facts.k + 1)]
        for deal in deals:
            here[deal.stage].append(deal)
        falls_in = cache(self._falls_in)  # thousands of deals, a few hundred days
        for rank in range(1, self.facts.k + 1):
            self._weigh(weighed, here[rank], rank, way, falls_in)
        return weighed

    def _weigh(
        self, weighed: Weighed, here: Sequence[DealFact], rank: int, way: str,
        falls_in: Callable[[str], tuple[bool, bool]],
    ) -> None:  # fmt: skip
        import numpy as np

        facts, period = self.facts, self.period
        ages = np.array(
            [0.0 if d.entered_at is None else max(0.0, (facts.as_of - d.entered_at) / DAY) for d in here]
        )
        by_age = chances(self.stays[rank], ages, self.history[rank - 1]).tolist()
        within = chances_within(self.stays[rank], ages, self.chosen[rank - 1], period.left).tolist()
        for deal, at_all, pace in zip(here, by_age, within, strict=True):
            weighed.by_age[deal.id] = at_all
            if period.left <= 0:
                pace = 0.0
            weighed.by_pace[deal.id] = chance = pace
            if deal.expected_close is None:
                if way == DATED:
                    chance = 0.0
                    weighed.undated += 1
            elif way != PACE and period.left > 0:
                inside, overdue = falls_in(deal.expected_close)
                if overdue:
                    weighed.overdue.add(deal.id)
                chance = (at_all if self.aged else self.chosen[rank - 1]) if inside else 0.0
            weighed.chance[deal.id] = chance

    def _falls_in(self, expected_close: str) -> tuple[bool, bool]:
        """Whether a day lies in the period (an overdue one is taken to it), and whether it is overdue."""
        day = clock.start_of_day(date.fromisoformat(expected_close), ZoneInfo(self.facts.zone))
        overdue = day + DAY <= self.facts.as_of
        return overdue or day < self.period.end, overdue

    def money_of(self, deal: DealFact) -> float:
        """The amount of a deal, the median won one where it has none; minor units."""
        return self.typical if deal.amount is None else float(deal.amount)

    def evidence(self) -> list[draws.Evidence]:
        """By place of the stage: what its chance rests on; ten imagined deals where none is decided."""
        return [
            draws.Evidence(won, n) if n else draws.Evidence(chance * 10, 10)
            for chance, n, won in zip(self.template, self._came, self._came_won, strict=True)
        ]

    def bets(self, weighed: Weighed) -> draws.Bets:
        """The open deals as they are drawn."""
        import numpy as np

        deals = weighed.deals
        return draws.Bets(
            np.array([weighed.chance[deal.id] for deal in deals], dtype=float),
            np.array([self.money_of(deal) for deal in deals], dtype=float),
            np.array([deal.stage - 1 for deal in deals], dtype=np.int64),
        )

    def new_business(self, owner: int | None = None) -> float:
        """Wins expected of deals yet to come (to an owner): arrivals per day * sum over days d of F(end - d).

        Arrivals are those of the last 60 days, where seasons are confirmed in proportion to the months
        they fall in; F is the Aalen-Johansen share won by age.
        """
        facts = self.facts
        since = facts.as_of - ARRIVALS_DAYS * DAY
        whole = [d for d in facts.deals if d.staged and d.created_at is not None]
        own = [d for d in whole if owner is None or d.owner == owner]
        recent = sum(1 for deal in own if deal.created_at is not None and deal.created_at > since)
        ages: dict[str, list[float]] = {"won": [], "lost": [], "open": []}
        ended = {deal.id for deal in closed(whole)}
        for deal in whole:
            end = deal.closed_at if deal.id in ended else facts.as_of
            if end is not None and deal.created_at is not None and end >= deal.created_at:
                ages[deal.status].append((end - deal.created_at) / DAY)
        curve = win_incidence(ages["won"], ages["lost"], ages["open"])
        weight = self._season_weight()
        left = int(self.period.left)
        # `day` days before the end: that many days are left to win
        return recent / ARRIVALS_DAYS * sum(_share(curve, n + 0.5) * weight(left - n) for n in range(left))

    def _season_weight(self) -> Callable[[int], float]:
        """By days from T: the arrivals of that day in those of the last 60 days."""
        if not self.season.used:
            return lambda _days: 1.0
        today = clock.local_date(self.facts.as_of, ZoneInfo(self.facts.zone))
        past = [self.season.weight(today - timedelta(days=n)) for n in range(ARRIVALS_DAYS)]
        usual = sum(past) / len(past)
        return lambda days: self.season.weight(today + timedelta(days=days)) / usual if usual else 1.0


def _share(curve: Sequence[tuple[float, float]], age: float) -> float:
    found = 0.0
    for at, share in curve:
        if at > age:
            break
        found = share
    return found


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
        own = [d for d in in_stages(outlook.facts.deals) if owner is None or d.owner == owner]
        weighed = outlook.weigh(own, PACE)
        many, much = draws.draw(outlook.bets(weighed), outlook.evidence(), seed + 2 * place)
        more, richer = draws.draw_new(outlook.new_business(owner), outlook.won_amounts, seed + 2 * place)
        won = [d for d in won_within(outlook.facts, outlook.period) if owner is None or d.owner == owner]
        count = count + many + more + len(won)
        money = money + much + richer + sum(d.amount or 0 for d in won)
    return Future(count, money)
