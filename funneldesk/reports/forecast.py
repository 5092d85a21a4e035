"""`forecast`: what will have been won at the end of a period (DEFINITIONS: win probability and forecast)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports import backtest, draws, probability
from funneldesk.reports.ageing import chances, chances_within, stays_by_rank
from funneldesk.reports.built import Built, Line, amount_of, counts, money, rates, text
from funneldesk.reports.population import closed, select_staged, with_status
from funneldesk.reports.statistics import median, win_incidence
from funneldesk.reports.timeline import timeline

ENOUGH = 50  # decided deals in the training window from which age is looked at
ARRIVALS_DAYS = 60
DATES, PACE = "dates", "pace"
WAYS = (DATES, PACE)
_COLUMNS = (
    *text("stage"),
    *counts("open"),
    *money("amount"),
    *rates("probability", "p_template", "p_history", "p_age"),
    Column("expected_count", Type.NUMBER),
    *money("expected_amount"),
    *counts("overdue"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """The period of a forecast, and what is left of it at T in days."""

    start: int
    end: int
    left: float


def period_of(request: ReportRequest, as_of: int, zone: ZoneInfo) -> Period:
    """[start, end): the bounds asked for; a missing one is that of the month in which T lies."""
    today = clock.local_date(as_of, zone)
    first = today.replace(day=1)
    start = clock.start_of_day(first, zone) if request.start is None else request.start
    end = request.end
    if end is None:
        end = clock.start_of_day((first + timedelta(days=32)).replace(day=1), zone)
    return Period(start, end, max(0.0, (end - as_of) / DAY))


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by stage of the open deals at T; the totals speak of the whole period, won so far included.

    By `dates` a deal with an expected close counts with its chance when that day lies in the period (one
    that is overdue is taken to the period and counted in `overdue`), a deal without one with its chance
    to be won until the end of the period; by `pace` all count in the second way, and that way
    is what the past is graded by.  Without an amount a deal is taken for the median won one.
    `expected_count` is in deals, money in minor units, chances 0..1.  `backtest` is the share of earlier
    months whose result lies in the range this method gave for them.
    """
    facts = funnels[0]
    zone = ZoneInfo(facts.zone)
    period = period_of(request, facts.as_of, zone)
    chosen = select_staged(facts, request, Population.ACTIVE)
    deals = [deal for deal in chosen.deals if deal.stage > 0]
    weighed = Weighed(facts, period, deals, (request.by or (DATES,))[0])
    lines = [_line(facts, weighed, rank) for rank in range(1, facts.k + 1)]
    excluded = chosen.excluded | {
        "unknown_path": len(chosen.deals) - len(deals),
        "assumed_amount": sum(1 for deal in deals if deal.amount is None),
    }
    totals, extra = _totals(facts, request, period, weighed)
    return Built(
        _COLUMNS, lines, _total_columns(request), totals, excluded, extra, (period.start, period.end)
    )


def _total_columns(request: ReportRequest) -> tuple[Column, ...]:
    in_money = request.plan_amount is not None
    return (
        *counts("won_count"),
        *money("won_amount"),
        *counts("open"),
        *(Column(f"count_{share}", Type.COUNT) for share in ("p10", "p50", "p90")),
        *money("amount_p10", "amount_p50", "amount_p90"),
        Column("plan", Type.MONEY if in_money else Type.COUNT),
        *rates("plan_chance", "backtest"),
    )


class Weighed:
    """Open deals with their chance to be won in the period."""

    def __init__(self, facts: FunnelFacts, period: Period, deals: Sequence[DealFact], way: str) -> None:
        import numpy as np

        self.deals = list(deals)
        whole = facts.whole or facts
        self.decided = probability.resolved(whole)
        self.template = probability.template(facts)
        self.history = probability.history(self.decided, self.template)
        self.chosen = probability.chosen(facts)
        self.aged = len(self.decided) >= ENOUGH
        won = [deal.amount for deal in self.decided if deal.status == "won" and deal.amount is not None]
        self.typical = median(won) or 0.0
        self.won_amounts = won
        worth = {deal.id: deal.amount for deal in whole.deals if deal.staged}
        self.timeline = timeline(whole.moves, worth)
        known = {deal.id for deal in whole.deals if deal.path_known}
        self.usable = np.array([int(each) in known for each in self.timeline.deals], dtype=bool)
        self.stays = stays_by_rank(self.timeline, self.usable, facts.as_of, facts.k)
        self.way = way
        self.chance: dict[int, float] = {}
        self.by_pace: dict[int, float] = {}
        self.by_age: dict[int, float] = {}
        self.overdue: set[int] = set()
        for rank in range(1, facts.k + 1):
            self._weigh(facts, period, [deal for deal in self.deals if deal.stage == rank], rank)

    def _weigh(self, facts: FunnelFacts, period: Period, here: Sequence[DealFact], rank: int) -> None:
        import numpy as np

        ages = np.array(
            [0.0 if d.entered_at is None else max(0.0, (facts.as_of - d.entered_at) / DAY) for d in here]
        )
        by_age = chances(self.stays[rank], ages, self.history[rank - 1])
        within = chances_within(self.stays[rank], ages, self.chosen[rank - 1], period.left)
        zone = ZoneInfo(facts.zone)
        for place, deal in enumerate(here):
            self.by_age[deal.id] = float(by_age[place])
            whole = float(by_age[place]) if self.aged else self.chosen[rank - 1]
            pace = float(within[place]) if period.left > 0 else 0.0
            self.by_pace[deal.id] = self.chance[deal.id] = pace
            if self.way == DATES and period.left > 0 and deal.expected_close is not None:
                self.chance[deal.id] = whole if self._falls_in(deal, period, facts.as_of, zone) else 0.0

    def _falls_in(self, deal: DealFact, period: Period, as_of: int, zone: ZoneInfo) -> bool:
        """Whether the expected close lies in the period; an overdue one is taken to it."""
        assert deal.expected_close is not None
        day = clock.start_of_day(date.fromisoformat(deal.expected_close), zone)
        if day + DAY <= as_of:
            self.overdue.add(deal.id)
            return True
        return day < period.end

    def money_of(self, deal: DealFact) -> float:
        """The amount of a deal, the median won one where it has none; minor units."""
        return self.typical if deal.amount is None else float(deal.amount)

    def evidence(self) -> list[draws.Evidence]:
        """By place of the stage: what its chance rests on; ten imagined deals where none is decided."""
        found = []
        for rank, stage_chance in enumerate(self.template, start=1):
            n = sum(1 for deal in self.decided if deal.reach >= rank)
            won = sum(1 for deal in self.decided if deal.reach >= rank and deal.status == "won")
            found.append(draws.Evidence(won, n) if n else draws.Evidence(stage_chance * 10, 10))
        return found


def _line(facts: FunnelFacts, weighed: Weighed, rank: int) -> Line:
    here = [deal for deal in weighed.deals if deal.stage == rank]
    line = Line()
    line.put(stage=facts.stages[rank - 1].name)
    line.count("open", here)
    aged = sum(weighed.by_age[deal.id] for deal in here) / len(here) if here and weighed.aged else None
    line.put(
        amount=amount_of(here),
        probability=weighed.chosen[rank - 1],
        p_template=weighed.template[rank - 1],
        p_history=weighed.history[rank - 1],
        p_age=aged,
        expected_count=sum(weighed.chance[deal.id] for deal in here),
        expected_amount=sum(weighed.chance[deal.id] * weighed.money_of(deal) for deal in here),
    )
    line.count("overdue", [deal for deal in here if deal.id in weighed.overdue])
    return line


def _totals(
    facts: FunnelFacts, request: ReportRequest, period: Period, weighed: Weighed
) -> tuple[Line, dict[str, object]]:
    import numpy as np

    won = [
        deal
        for deal in with_status(facts.deals, "won")
        if deal.staged and deal.closed_at is not None and period.start <= deal.closed_at < period.end
    ]
    won_amount = amount_of(won)
    graded = backtest.grade(facts, weighed.timeline, weighed.usable, request.seed)
    bets = [draws.Open(weighed.chance[d.id], weighed.money_of(d), d.stage - 1) for d in weighed.deals]
    counted, summed = draws.draw(bets, weighed.evidence(), request.seed)
    masses = draws.poisson_binomial([bet.chance for bet in bets])
    expected_new = 0.0
    if request.new_business:
        expected_new = _new_business(facts, period)
        more, richer = draws.draw_new(expected_new, weighed.won_amounts, request.seed)
        counted, summed = counted + more, summed + richer
        masses = np.convolve(masses, draws.poisson(expected_new))
    low, middle, high = draws.spread(masses, graded.count_factor)
    counted = draws.widen(counted, graded.count_factor) + len(won)
    summed = draws.widen(summed, graded.amount_factor) + won_amount
    totals = Line()
    totals.count("won_count", won)
    totals.count("open", weighed.deals)
    ranges = np.quantile(summed, (0.1, 0.5, 0.9))
    totals.put(
        won_amount=won_amount,
        count_p10=len(won) + low,
        count_p50=len(won) + middle,
        count_p90=len(won) + high,
        **{f"amount_{key}": float(each) for key, each in zip(("p10", "p50", "p90"), ranges, strict=True)},
        plan=request.plan_amount if request.plan_amount is not None else request.plan,
        plan_chance=_plan_chance(request, counted, summed),
        backtest=graded.amount_share,
    )
    extra = {
        "method": "age" if weighed.aged else facts.probability_source,
        "decided": len(weighed.decided),
        "new_business": expected_new,
        "backtest": graded.months,
        "count_share": graded.count_share,
        "raw_share": graded.raw_share,
        "widened": graded.amount_factor,
        "by": (weighed.way,),
        "pace_count": len(won) + sum(weighed.by_pace.values()),
        "pace_amount": won_amount + sum(weighed.by_pace[d.id] * weighed.money_of(d) for d in weighed.deals),
    }
    return totals, extra


def _plan_chance(request: ReportRequest, counted: object, summed: object) -> float | None:
    import numpy as np

    if request.plan_amount is not None:
        return float(np.mean(np.asarray(summed) >= request.plan_amount))
    if request.plan is not None:
        return float(np.mean(np.rint(np.asarray(counted)) >= request.plan))
    return None


def _new_business(facts: FunnelFacts, period: Period) -> float:
    """Wins expected of deals yet to come: arrivals per day (60 days) * sum over days d of F(end - d)."""
    since = facts.as_of - ARRIVALS_DAYS * DAY
    whole = [deal for deal in facts.deals if deal.staged and deal.created_at is not None]
    recent = sum(1 for deal in whole if deal.created_at is not None and deal.created_at > since)
    ages: dict[str, list[float]] = {"won": [], "lost": [], "open": []}
    ended = {deal.id for deal in closed(whole)}
    for deal in whole:
        end = deal.closed_at if deal.id in ended else facts.as_of
        if end is not None and deal.created_at is not None and end >= deal.created_at:
            ages[deal.status].append((end - deal.created_at) / DAY)
    curve = win_incidence(ages["won"], ages["lost"], ages["open"])
    return recent / ARRIVALS_DAYS * sum(_share(curve, day + 0.5) for day in range(int(period.left)))


def _share(curve: Sequence[tuple[float, float]], age: float) -> float:
    found = 0.0
    for at, share in curve:
        if at > age:
            break
        found = share
    return found
