"""`manager-matrix`: stages by managers: how many, how much, and how well they pass it on (1.12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from funneldesk.domain.brought import BroughtAsked, BroughtTable
from funneldesk.domain.facts import DealFact, FunnelFacts, Groups
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Column, Population, Report, ReportRequest, Rule, Type
from funneldesk.reports import brought, deal_columns
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
    worth_known,
)
from funneldesk.reports.columns import LOST, brought_to, columns, distinct
from funneldesk.reports.happened import inside
from funneldesk.reports.leaks import Traced, credited
from funneldesk.reports.population import (
    Selection,
    closed,
    has_period,
    known,
    number,
    select,
    select_staged,
)
from funneldesk.reports.probability import chosen as chosen_probability
from funneldesk.reports.probability import history, of_deal, weigh
from funneldesk.reports.slices import judge
from funneldesk.reports.steps import COUNTED

if TYPE_CHECKING:
    import numpy as np

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
_TURNED = (*text("manager", "stage"), *_COLUMNS[2:])

UPRIGHT = 6  # columns that can be read on an upright page

Owners = list[int | None]


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per stage and manager, then the team's (`scope` tells manager, unassigned and team apart).

    Count, amount and expected amount (sum of p * amount of open deals) are of the owner's deals and
    add up to the team.  `probability` is the funnel's chosen one.  The step is resolved (A/(A+L))
    over all deals created in the period, credited to whoever brought the deal into the stage (1.11).
    Turned, the same rows come manager by manager.
    """
    facts, rule = funnels[0], rule or Rule.CURRENT
    if facts.brought is not None:
        chosen, steps = select_staged(facts, request, population), _kept_steps(facts.brought, facts.k)
    elif deal_columns.told(facts):
        facts, chosen, steps = _told(facts, request, population)
    else:
        chosen, steps = select_staged(facts, request, population), _credited_steps(facts, request)
    chances, chance = chosen_probability(facts), of_deal(facts)
    owners = _owners(facts, chosen.deals, steps)
    lines = []
    for rank in range(1, facts.k + 1):
        stage = _Stage(facts.stages[rank - 1].name, chances[rank - 1], chance)
        here = [deal for deal in chosen.deals if COUNTED[rule](deal, rank)]
        lines += _stage_lines(facts, stage, here, owners, steps[rank - 1], request.minimum_n)
    if request.turned:
        lines = _by_manager(lines, len(owners) + 1)
    return Built(
        _TURNED if request.turned else _COLUMNS,
        lines,
        excluded=chosen.excluded | missing_money(chosen.deals),
        extra={"own_probability": _own_probability(facts, owners), "turned": request.turned},
    )


def _by_manager(rows: Sequence[Any], wide: int) -> list[Any]:
    """Rows stage by stage, `wide` of each, manager by manager."""
    return [row for place in range(wide) for row in rows[place::wide]]


def for_page(report: Report) -> Report:
    """The matrix turned where stages need fewer columns than managers, and these more than a page has."""
    wide = len({(row["scope"], row["manager"]) for row in report.rows})
    if report.extra["turned"] or wide <= UPRIGHT or len(report.rows) // wide >= wide:
        return report
    rows = tuple(_by_manager(report.rows, wide))
    return replace(report, columns=_TURNED, rows=rows, extra={**report.extra, "turned": True})


def asks(request: ReportRequest, population: Population) -> BroughtAsked | None:
    """All deals by owner, and who brought those created in the period; None where only some are counted.

    The chances of a manager are of all that were ever closed.
    """
    by = {"owner", "reach"} if request.rule in (None, Rule.CURRENT, Rule.REACHED) else {"owner", "visited"}
    if has_period(request) and population in (Population.COHORT, Population.FINISHED):
        return None
    cohort = Groups(dated="created_at", start=request.start, end=request.end)
    return BroughtAsked(Groups(frozenset(by)), cohort)


def _kept_steps(table: BroughtTable, k: int) -> Steps:
    return [
        {actor: _Went(each.on, each.lost) for actor, each in by_actor.items()}
        for by_actor in brought.steps(table, k)
    ]


class _Went(NamedTuple):
    """How many of those brought into a stage went on, and were lost there; the deals where they are known."""

    on: int
    lost: int
    advanced: Sequence[DealFact] | None = None
    resolved: Sequence[DealFact] | None = None


Steps = list[dict[int | None, _Went]]
_BY_OWNER = Groups(frozenset({"owner"}))


def _told(
    facts: FunnelFacts, request: ReportRequest, population: Population
) -> tuple[FunnelFacts, Selection, Steps]:
    """The same from columns: the deals in groups by owner, those chosen, and the steps counted."""
    deals = deal_columns.deals_of(facts, request)
    staged, excluded = deal_columns.select_staged(deals, request, population)
    chosen = Selection(deal_columns.grouped(deals.where(staged), _BY_OWNER), excluded)
    every = replace(facts, deals=tuple(deal_columns.grouped(deals, _BY_OWNER)))
    cohort = deals.where(inside(deals.created, request) & deals.known & deals.staged)
    by_rank = brought_to(columns(facts.moves), cohort.id, cohort.reach, facts.k)
    return every, chosen, _went_by_actor(by_rank, cohort.reach, cohort.kind == LOST)


def _went_by_actor(by_rank: Sequence[np.ndarray], reach: np.ndarray, lost: np.ndarray) -> Steps:
    """By rank: actor -> how many deals went on from the stage and were lost there."""
    import numpy as np

    steps: Steps = []
    for rank, actor in enumerate(by_rank, start=1):
        here = reach >= rank
        actors, who = distinct(actor[here])
        names = [None if each == NONE else each for each in actors.tolist()]
        # of each actor those that wait, went on and were lost
        end = np.where(reach[here] > rank, 1, np.where(lost[here], 2, 0))
        counts = np.bincount(who * 3 + end, minlength=len(names) * 3).reshape(-1, 3)
        told = zip(names, counts.tolist(), strict=True)
        steps.append({name: _Went(on, off) for name, (_wait, on, off) in told})
    return steps


class _Stage(NamedTuple):
    name: str
    probability: float
    chance: Callable[[DealFact], float | None]


def _stage_lines(
    facts: FunnelFacts,
    stage: _Stage,
    here: list[DealFact],
    owners: Owners,
    credited: dict[int | None, _Went],
    minimum_n: int,
) -> list[Line]:
    nothing = _Went(0, 0, (), ())
    lines = []
    for owner in owners:
        own = [deal for deal in here if deal.owner == owner]
        line = _cell(stage, own, number(here), credited.get(owner, nothing))
        line.put(manager=label_of(facts.managers, owner), scope="unassigned" if owner is None else "manager")
        lines.append(line)
    slices = [(line.values["advanced"], line.values["resolved"]) for line in lines]
    for line, verdict in zip(lines, judge(slices, minimum_n), strict=True):
        line.put(q=verdict.q, flag=verdict.flag)
    whole = _Went(sum(each.on for each in credited.values()), sum(each.lost for each in credited.values()))
    if all(each.advanced is not None for each in credited.values()):
        advanced = [deal for each in credited.values() for deal in each.advanced or ()]
        resolved = [deal for each in credited.values() for deal in each.resolved or ()]
        whole = whole._replace(advanced=advanced, resolved=resolved)
    team = _cell(stage, here, number(here), whole)
    team.put(manager=None, scope="team", q=None, flag=None)
    return [*lines, team]


def _cell(stage: _Stage, deals: list[DealFact], whole: int, went: _Went) -> Line:
    line = Line()
    line.put(stage=stage.name, manager=None)
    line.put(share=ratio(line.count("count", deals), whole))
    told = worth_known(deals)
    line.put(amount=amount_of(deals) if told else None)
    line.put(expected_amount=weigh(deals, stage.chance) if told else None)
    line.put(probability=stage.probability, step_conversion=ratio(went.on, went.on + went.lost))
    line.put(advanced=went.on, resolved=went.on + went.lost)
    if went.advanced is not None and went.resolved is not None:
        line.count("advanced", went.advanced)
        line.count("resolved", went.resolved)
    return line


def _credited_steps(facts: FunnelFacts, request: ReportRequest) -> Steps:
    """By rank: actor -> the step of the deals that actor brought into the stage."""
    cohort = known(select(facts.deals, request, Population.COHORT).deals)
    traced = Traced([deal for deal in cohort if deal.staged])
    return [
        {actor: _went(*map(traced.at, traced.went(places, rank))) for actor, places in by_actor.items()}
        for rank, by_actor in enumerate(credited(facts, traced), start=1)
    ]


def _went(advanced: list[DealFact], lost: list[DealFact]) -> _Went:
    return _Went(len(advanced), len(lost), advanced, advanced + lost)


def _owners(facts: FunnelFacts, deals: list[DealFact], steps: Steps) -> Owners:
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
