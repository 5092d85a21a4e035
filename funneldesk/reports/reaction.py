"""`reaction`: how soon somebody answers a new lead (DEFINITIONS: reaction)."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, counts, label_of, text
from funneldesk.reports.cases import Case, arrivals
from funneldesk.reports.moves import effective
from funneldesk.reports.statistics import percentiles

HOUR = DAY / 24
_NUMBERS = (
    *counts("leads", "answered", opens=False),
    Column("median_hours", Type.NUMBER),
    Column("p90_hours", Type.NUMBER),
    *counts("unanswered", "unanswered_day", opens=False),
    *counts("deals"),
)
_COLUMNS = (*text("manager"), *_NUMBERS)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per manager of the leads (and deals without one) that arrived in the period; hours.

    The reaction is the first activity or the first move after the arrival.  `unanswered` have had
    none until T, `unanswered_day` of them for more than a day; `deals`: those that are deals.
    """
    cases, excluded = arrivals(funnels, request)
    dated = [case for case in cases if case.arrived is not None]
    excluded["no_created_at"] += len(cases) - len(dated)
    waited = waits(funnels, dated)
    by_manager: dict[int | None, list[tuple[Case, float | None]]] = {}
    for pair in zip(dated, waited, strict=True):
        by_manager.setdefault(pair[0].manager, []).append(pair)
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    lines = []
    for manager, own in by_manager.items():
        line = _line(own, funnels[0].as_of)
        line.put(manager=label_of(names, manager))
        lines.append(line)
    lines.sort(key=_by_leads)
    totals = _line(list(zip(dated, waited, strict=True)), funnels[0].as_of)
    return Built(_COLUMNS, lines, _NUMBERS, totals, excluded)


def _line(cases: Sequence[tuple[Case, float | None]], as_of: int) -> Line:
    line = Line()
    hours = [wait for _, wait in cases if wait is not None]
    waiting = [case for case, wait in cases if wait is None]
    line.put(leads=len(cases), answered=len(hours), unanswered=len(waiting))
    middle, late = percentiles(hours, (0.5, 0.9))
    line.put(median_hours=middle, p90_hours=late)
    line.put(unanswered_day=sum(1 for case in waiting if as_of - (case.arrived or 0) > DAY))
    line.count("deals", [case.deal for case, _ in cases if case.deal is not None])
    return line


def waits(funnels: Sequence[FunnelFacts], cases: Sequence[Case]) -> list[float | None]:
    """Of each case the hours until the first activity or move after it arrived; None = none yet."""
    of_deal: dict[int, list[int]] = {}
    of_lead: dict[int, list[int]] = {}
    for facts in funnels:
        for activity in facts.activities:
            if activity.deal_id is not None:
                of_deal.setdefault(activity.deal_id, []).append(activity.done_at)
            if activity.lead_id is not None:
                of_lead.setdefault(activity.lead_id, []).append(activity.done_at)
        for deal_id, own in effective(facts.moves).items():
            of_deal.setdefault(deal_id, []).extend(
                move.at for place, move in enumerate(own) if place and move.at is not None
            )
    found: list[float | None] = []
    for case in cases:
        arrived = case.arrived or 0
        times = of_deal.get(case.deal.id, []) if case.deal is not None else []
        if case.lead is not None:
            times = [*times, *of_lead.get(case.lead.id, [])]
            if case.deal is not None and case.deal.created_at is not None:
                times = [*times, case.deal.created_at]  # to be made a deal is a move too
        after = [at for at in times if at >= arrived]
        found.append((min(after) - arrived) / HOUR if after else None)
    return found


def _by_leads(line: Line) -> tuple[bool, int, str]:
    name = line.values["manager"]
    return name is None, -line.values["leads"], name or ""
