"""`sources`: what each source brings: leads, deals, wins and money."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.facts import FunnelFacts
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
from funneldesk.reports.slices import judge
from funneldesk.reports.statistics import wilson


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per source (None = no source, the last), by revenue; money in minor units.

    `leads` counts cases: a lead with its deal, or a deal without a lead.  `qualified`: the lead is
    qualified or there is a deal.  `rate` is won of leads with its Wilson range; `q` and `flag`
    compare it with all other sources together.  Costs are not kept yet: `cost` and `roi` are None.
    """
    cases, excluded = arrivals(funnels, request)
    by_source: dict[int | None, list[Case]] = {}
    for case in cases:
        by_source.setdefault(case.source, []).append(case)
    names = {key: name for facts in funnels for key, name in facts.sources.items()}
    with_leads = any(case.lead is not None for case in cases)
    lines = []
    for source, own in by_source.items():
        line = _line(own, with_leads)
        line.put(source=label_of(names, source), cost=None, roi=None)
        lines.append(line)
    lines.sort(key=_by_revenue)
    slices = [(line.values["won"], line.values["leads"]) for line in lines]
    for line, verdict in zip(lines, judge(slices, request.minimum_n), strict=True):
        line.put(q=verdict.q, flag=verdict.flag)
    won = [c.deal for c in cases if c.deal is not None and c.deal.status == "won"]
    numbers = _numbers(with_leads)
    tail = (Column("q", Type.P), Column("flag", Type.FLAG), *money("revenue", "cost"), *rates("roi"))
    return Built(
        (*text("source"), *numbers, *tail),
        lines,
        (*numbers, *money("revenue")),
        _line(cases, with_leads),
        excluded | missing_money(won),
    )


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
