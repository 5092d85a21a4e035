"""`manager-matrix`: stages by managers: how many, how much, and how well they pass it on (1.12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from funneldesk.domain.facts import DealFact, FunnelFacts
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
from funneldesk.reports.leaks import Traced, credited
from funneldesk.reports.population import closed, known, number, select, select_staged
from funneldesk.reports.probability import chosen as chosen_probability
from funneldesk.reports.probability import history, of_deal, weigh
from funneldesk.reports.slices import judge
from funneldesk.reports.steps import COUNTED, Step

_COLUMNS = (
    *text("stage", "manager"),
    *counts("count"),
    *rates("share"),
    *money("amount", "expected_amount"),
    *rates("probability", "step_conversion"),
    *counts("advanced", "resolved"),
    Column("q", Type.P),
    Column("flag", Type.FLAG),
)

Owners = list[int | None]


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per stage and manager, then the team's (`scope` tells manager, unassigned and team apart).

    Count, amount and expected amount (sum of p * amount of open deals) are of the owner's deals and
    add up to the team.  `probability` is the funnel's chosen one.  The step is resolved (A/(A+L))
    over all deals created in the period, credited to whoever brought the deal into the stage (1.11).
    """
    facts, rule = funnels[0], rule or Rule.CURRENT
    chosen = select_staged(facts, request, population)
    steps = _credited_steps(facts, request)
    chances, chance = chosen_probability(facts), of_deal(facts)
    owners = _owners(facts, chosen.deals, steps)
    lines = []
    for rank in range(1, facts.k + 1):
        stage = _Stage(facts.stages[rank - 1].name, chances[rank - 1], chance)
        here = [deal for deal in chosen.deals if COUNTED[rule](deal, rank)]
        lines += _stage_lines(facts, stage, here, owners, steps[rank - 1], request.minimum_n)
    return Built(
        _COLUMNS,
        lines,
        excluded=chosen.excluded | missing_money(chosen.deals),
        extra={"own_probability": _own_probability(facts, owners)},
    )


class _Stage(NamedTuple):
    name: str
    probability: float
    chance: Callable[[DealFact], float | None]


def _stage_lines(
    facts: FunnelFacts,
    stage: _Stage,
    here: list[DealFact],
    owners: Owners,
    credited: dict[int | None, Step],
    minimum_n: int,
) -> list[Line]:
    nothing = Step([], [], [], [])
    lines = []
    for owner in owners:
        own = [deal for deal in here if deal.owner == owner]
        line = _cell(stage, own, number(here), credited.get(owner, nothing))
        line.put(manager=label_of(facts.managers, owner), scope="unassigned" if owner is None else "manager")
        lines.append(line)
    slices = [(line.values["advanced"], line.values["resolved"]) for line in lines]
    for line, verdict in zip(lines, judge(slices, minimum_n), strict=True):
        line.put(q=verdict.q, flag=verdict.flag)
    whole = Step(*([deal for each in credited.values() for deal in each[part]] for part in range(4)))
    team = _cell(stage, here, number(here), whole)
    team.put(manager=None, scope="team", q=None, flag=None)
    return [*lines, team]


def _cell(stage: _Stage, deals: list[DealFact], whole: int, went: Step) -> Line:
    line = Line()
    line.put(stage=stage.name, manager=None)
    line.put(share=ratio(line.count("count", deals), whole))
    line.put(amount=amount_of(deals), expected_amount=weigh(deals, stage.chance))
    line.put(probability=stage.probability, step_conversion=went.conversion)
    line.count("advanced", went.advanced)
    line.count("resolved", went.advanced + went.lost)
    return line


def _credited_steps(facts: FunnelFacts, request: ReportRequest) -> list[dict[int | None, Step]]:
    """By rank: actor -> the step of the deals that actor brought into the stage."""
    cohort = known(select(facts.deals, request, Population.COHORT).deals)
    traced = Traced([deal for deal in cohort if deal.staged])
    return [
        {actor: traced.step(places, rank) for actor, places in by_actor.items()}
        for rank, by_actor in enumerate(credited(facts, traced), start=1)
    ]


def _owners(facts: FunnelFacts, deals: list[DealFact], steps: list[dict[int | None, Step]]) -> Owners:
    seen = {deal.owner for deal in deals}.union(*steps)
    return sorted(seen, key=lambda each: (each is None, label_of(facts.managers, each) or "", each or 0))


def _own_probability(facts: FunnelFacts, owners: Owners) -> dict[str, list[float]]:
    """Each manager's own chance by rank, from all resolved deals, shrunk to the funnel's (1.7)."""
    centre = chosen_probability(facts)
    ended = [deal for deal in known(closed(facts.deals)) if deal.staged]
    return {
        name: history([deal for deal in ended if deal.owner == owner], centre)
        for owner in owners
        if (name := label_of(facts.managers, owner)) is not None
    }
