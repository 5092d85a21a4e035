"""`forecast`: what will have been won at the end of a period (DEFINITIONS: forecast)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts, Part
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports import backtest, draws
from funneldesk.reports.built import Built, Line, amount_of, counts, money, rates, text
from funneldesk.reports.outlook import DATED, DATES, PACE, Outlook, Period, Weighed, bets, in_stages
from funneldesk.reports.population import select_staged

if TYPE_CHECKING:
    import numpy as np

WAYS = (DATES, DATED, PACE)
_COLUMNS = (
    *text("stage"),
    *counts("open"),
    *money("amount"),
    *rates("probability", "p_template", "p_history", "p_age"),
    Column("expected_count", Type.NUMBER),
    *money("expected_amount"),
    *counts("overdue"),
)


def period_of(request: ReportRequest, as_of: int, zone: ZoneInfo) -> Period:
    """[start, end): the bounds asked for; a missing one is that of the month in which T lies."""
    today = clock.local_date(as_of, zone)
    first = today.replace(day=1)
    start = clock.start_of_day(first, zone) if request.start is None else request.start
    end = request.end
    if end is None:
        end = clock.start_of_day((first + timedelta(days=32)).replace(day=1), zone)
    return Period(start, end, max(0.0, (end - as_of) / DAY))


def looked_at(request: ReportRequest, as_of: int, zone: ZoneInfo) -> Part:
    """The deals that are looked at one by one: open ones, and those closed in the period."""
    period = period_of(request, as_of, zone)
    return Part(period.start, period.end, closed=True, open=True)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by stage of the open deals at T; the totals speak of the whole period, won so far included.

    By `dates` a deal with an expected close counts with its chance when that day lies in the period (one
    that is overdue is taken to the period and counted in `overdue`), a deal without one with its chance
    to be won until the end of the period; by `pace` all count in the second way, and that way
    is what the past is graded by; by `dated` a deal without a date does not count (`no_expected_close`).
    Without a way asked for it is the funnel's own.  Without an amount a deal is taken for the median won one.
    `expected_count` is in deals, money in minor units, chances 0..1.  `backtest` is the share of earlier
    months whose result lies in the range this method gave for them.
    """
    facts = funnels[0]
    zone = ZoneInfo(facts.zone)
    period = period_of(request, facts.as_of, zone)
    chosen = select_staged(facts, request, Population.ACTIVE)
    deals = in_stages(chosen.deals)
    way = (request.by or (facts.expected_close,))[0]
    outlook = Outlook(facts, period)
    weighed = outlook.weigh(deals, way)
    lines = [_line(outlook, weighed, rank) for rank in range(1, facts.k + 1)]
    excluded = chosen.excluded | {
        "unknown_path": len(chosen.deals) - len(deals),
        "assumed_amount": sum(1 for deal in deals if deal.amount is None),
    }
    if way == DATED:
        excluded["no_expected_close"] = weighed.undated
    totals, extra = _totals(outlook, request, weighed)
    extra["by"] = (way,)
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


def _line(outlook: Outlook, weighed: Weighed, rank: int) -> Line:
    line = Line()
    places = weighed.of_rank(rank)
    here = [weighed.deals[place] for place in places.tolist()]
    line.put(stage=outlook.facts.stages[rank - 1].name)
    line.count("open", here)
    aged = _sum(weighed.by_age[places]) / len(here) if here and outlook.aged else None
    line.put(
        amount=amount_of(here),
        probability=outlook.chosen[rank - 1],
        p_template=outlook.template[rank - 1],
        p_history=outlook.history[rank - 1],
        p_age=aged,
        expected_count=_sum(weighed.chance[places]),
        expected_amount=_sum(weighed.chance[places] * weighed.amount[places]),
    )
    late = places[weighed.overdue[places]]
    line.count("overdue", [weighed.deals[place] for place in late.tolist()])
    return line


def _sum(values: np.ndarray) -> float:
    """One after the other: an array's own sum ends in other digits."""
    found: float = sum(values.tolist())
    return found


def _totals(outlook: Outlook, request: ReportRequest, weighed: Weighed) -> tuple[Line, dict[str, object]]:
    import numpy as np

    facts = outlook.facts
    won = outlook.won()
    won_amount = amount_of(won)
    graded = backtest.grade(facts, outlook.timeline, outlook.usable, outlook.past, request.seed)
    counted, summed = draws.draw(bets(weighed), outlook.evidence(), request.seed)
    masses = draws.poisson_binomial(weighed.chance)
    expected_new = 0.0
    if request.new_business:
        expected_new = outlook.new_business()
        more, richer = draws.draw_new(expected_new, outlook.won_amounts, request.seed)
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
    extra: dict[str, object] = {
        "method": "age" if outlook.aged else facts.probability_source,
        "decided": outlook.decided,
        "new_business": expected_new,
        "with_new_business": request.new_business,
        "backtest": graded.months,
        "count_share": graded.count_share,
        "raw_share": graded.raw_share,
        "widened": graded.amount_factor,
        "training_months": facts.training_months,
        "season_months": facts.season_months,
        "season": outlook.season,
        "pace_count": len(won) + _sum(weighed.by_pace[np.argsort(weighed.rank, kind="stable")]),
        "pace_amount": won_amount + _sum(weighed.by_pace * weighed.amount),
    }
    return totals, extra


def _plan_chance(request: ReportRequest, counted: object, summed: object) -> float | None:
    import numpy as np

    if request.plan_amount is not None:
        return float(np.mean(np.asarray(summed) >= request.plan_amount))
    if request.plan is not None:
        return float(np.mean(np.rint(np.asarray(counted)) >= request.plan))
    return None
