"""`sources`: what each source brings: leads, deals, wins and money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.goals import cost_within
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import (
    Built,
    Line,
    amount_of,
    counts,
    label_of,
    missing_money,
    money,
    rates,
    ratio,
    text,
)
from funneldesk.reports.cases import Case, arrivals
from funneldesk.reports.probability import weigh, weigh_all
from funneldesk.reports.slices import judge
from funneldesk.reports.statistics import wilson


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per source (None = no source, the last), by revenue; money in minor units.

    `leads` counts cases: a lead with its deal, or a deal without a lead.  `qualified`: the lead is
    qualified or there is a deal.  `rate` is won of leads with its Wilson range; `q` and `flag`
    compare it with all other sources together.  `cost` is what the source cost in the period, spread by
    day (None = nothing kept).  `roi` = (margin - cost) / cost where the margin of every win is known, else
    (revenue - cost) / cost; `roi_of` says of what, margin or revenue.  No cost, no return; no wins: -1.
    `projected` = the return of revenue with the expected amount of the open deals added.  A cost is of all
    cases of its source: where only part of them is looked at, it and what follows from it are None.
    """
    cases, excluded = arrivals(funnels, request)
    by_source: dict[int | None, list[Case]] = {}
    for case in cases:
        by_source.setdefault(case.source, []).append(case)
    days_, chance = _days(funnels[0], request), weigh_all(funnels)
    names = {key: name for facts in funnels for key, name in facts.sources.items()}
    with_leads = any(case.lead is not None for case in cases)
    lines, untold, in_part = [], 0, _in_part(request)
    for source, own in by_source.items():
        line = _line(own, with_leads)
        line.put(source=label_of(names, source))
        own_costs = [cost for cost in funnels[0].ledger.costs if cost.source_id == source]
        cost = float(cost_within(own_costs, *days_))
        untold += bool(cost and in_part)
        _return(line, own, 0.0 if in_part else cost, chance)
        lines.append(line)
    lines.sort(key=_by_revenue)
    slices = [(line.values["won"], line.values["leads"]) for line in lines]
    for line, verdict in zip(lines, judge(slices, request.minimum_n), strict=True):
        line.put(q=verdict.q, flag=verdict.flag)
    won = [c.deal for c in cases if c.deal is not None and c.deal.status == "won"]
    numbers = _numbers(with_leads)
    tail = (
        Column("q", Type.P),
        Column("flag", Type.FLAG),
        *money("revenue", "cost", "cost_per_lead", "cost_per_win"),
        *rates("roi"),
        *text("roi_of"),
        *rates("projected"),
    )
    return Built(
        (*text("source"), *numbers, *tail),
        lines,
        (*numbers, *money("revenue")),
        _line(cases, with_leads),
        excluded
        | missing_money(won)
        | {"cost_no_rate": funnels[0].ledger.costs_without_rate, "cost_of_all": untold},
    )


def _in_part(request: ReportRequest) -> bool:
    """Whether the cases of a source are narrowed by more than time."""
    asked = {field for field, _value in request.where}
    asked |= {condition.field for condition in request.condition.conditions()}
    return bool(request.managers or asked - {"source"})


def _days(facts: FunnelFacts, request: ReportRequest) -> tuple[date | None, date]:
    """The days over which costs are taken: those of the period, not beyond T."""
    zone = ZoneInfo(facts.zone)
    until = clock.local_date(facts.as_of, zone) + timedelta(days=1)
    start = None if request.start is None else clock.local_date(request.start, zone)
    end = until if request.end is None else min(until, clock.local_date(request.end, zone))
    return start, end


def _return(
    line: Line,
    cases: Sequence[Case],
    cost: float,
    chance: Callable[[DealFact], float | None],
) -> None:
    """Put what the source cost (minor units, 0 = nothing known) and what came of it."""
    line.put(cost=None, cost_per_lead=None, cost_per_win=None, roi=None, roi_of=None, projected=None)
    if not cost:
        return
    deals = [case.deal for case in cases if case.deal is not None]
    won = [deal for deal in deals if deal.status == "won"]
    margins = [deal.margin for deal in won]
    revenue = line.values["revenue"]
    line.put(cost=cost, cost_per_lead=ratio(cost, len(cases)), cost_per_win=ratio(cost, len(won)))
    known = [margin for margin in margins if margin is not None]
    if won and len(known) == len(won):
        line.put(roi=(sum(known) - cost) / cost, roi_of="margin")
    else:
        line.put(roi=(revenue - cost) / cost, roi_of="revenue")
    if len(deals) > len(won) and any(deal.status == "open" for deal in deals):
        line.put(projected=(revenue + weigh(deals, chance) - cost) / cost)


def _numbers(with_leads: bool) -> tuple[Column, ...]:
    return (
        *counts("leads", opens=not with_leads),
        *counts("qualified", opens=False),
        *counts("deals", "won"),
        *rates("rate", "low", "high"),
    )


def _line(cases: Sequence[Case], with_leads: bool) -> Line:
    line = Line()
    deals = [case.deal for case in cases if case.deal is not None]
    won = [deal for deal in deals if deal.status == "won"]
    if with_leads:
        line.put(leads=len(cases))
    else:
        line.count("leads", deals)
    line.put(qualified=sum(1 for case in cases if case.qualified))
    line.count("deals", deals)
    line.count("won", won)
    low, high = wilson(len(won), len(cases))
    line.put(rate=ratio(len(won), len(cases)), low=low, high=high, revenue=amount_of(won))
    return line


def _by_revenue(line: Line) -> tuple[bool, int, int, str]:
    name = line.values["source"]
    return name is None, -line.values["revenue"], -line.values["leads"], name or ""
