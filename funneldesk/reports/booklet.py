"""The booklet of managers: all reports of its pages, counted from the same facts (1.12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from funneldesk.domain.booklet import Booklet, HangingDeal, ManagerPart
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Population, Report, ReportRequest
from funneldesk.reports import probability
from funneldesk.reports.active_funnel import age_days
from funneldesk.reports.advice import Case, advise
from funneldesk.reports.built import label_of
from funneldesk.reports.catalog import compute, deals_behind
from funneldesk.reports.outlook import PACE

Told = Callable[[int, int], None]


def build(facts: FunnelFacts, request: ReportRequest, told: Told) -> Booklet:
    """The booklet of one funnel; `facts` are unfiltered by manager and hold moves, activities and ledger.

    `request` is that of `managers`: its period, population and conditions go for all pages.  Its
    `managers` choose whose pages there are; everybody is compared with the whole team all the same.
    Forecast and plan are of months: the forecast of the month of T, the plan of the last month of the
    period that has begun.  `told(done, total)` is called between the pages; what it raises ends the work.
    Deals that hang are told by the limits of the whole team.
    """
    team = replace(request, managers=(), rule=None, by=(), compare=None)
    asked = _requests(team, facts.as_of)
    told(0, 1)
    whole = {key: compute(facts, each) for key, each in asked.items()}
    hanging = _hanging(facts, asked["active"])
    owners = _owners(facts, whole["managers"])
    wanted = set(request.managers)
    chosen = [(owner, name) for owner, name in owners if not wanted or owner in wanted]
    parts = []
    for done, (owner, name) in enumerate(chosen):
        told(done + 1, len(chosen) + 1)
        parts.append(_part(facts, whole, asked, owner, name, tuple(hanging.get(owner, ()))))
    return Booklet(**whole, parts=tuple(parts))


def _requests(team: ReportRequest, as_of: int) -> dict[str, ReportRequest]:
    """The question of each report of the team, by its place in the booklet."""
    ended = team.end is not None and team.end <= as_of
    staged = team.population or Population.COHORT
    plain = replace(team, population=None)
    closed = staged if staged in (Population.COHORT, Population.FINISHED) else Population.FINISHED
    alike = staged if staged in (Population.COHORT, Population.FINISHED, Population.SNAPSHOT) else None
    # the forecast by pace, as the chance of a plan is counted: the two must not contradict each other
    return {
        "managers": replace(team, name="managers"),
        "strategy": replace(plain, name="strategy"),
        "plan": replace(plain, name="plan-fact", start=None, end=team.end if ended else None),
        "leaks": replace(team, name="leaks", population=alike),
        "funnel": replace(team, name="stage-funnel", population=staged),
        "times": replace(team, name="stage-times", population=staged),
        "lost": replace(team, name="lost", population=closed, by=("reason",)),
        "active": replace(plain, name="active-funnel"),
        "forecast": replace(plain, name="forecast", start=None, end=None, by=(PACE,)),
    }


def _owners(facts: FunnelFacts, managers: Report) -> list[tuple[int, str]]:
    """The managers of the comparison in its order, with their ids; deals of nobody have no page."""
    owners = {deal.owner for deal in facts.deals if deal.owner is not None}
    ids = {label_of(facts.managers, owner): owner for owner in sorted(owners)}
    return [(ids[row["manager"]], row["manager"]) for row in managers.rows if row["manager"] in ids]


def _part(
    facts: FunnelFacts,
    whole: dict[str, Report],
    asked: dict[str, ReportRequest],
    owner: int,
    name: str,
    hanging: tuple[HangingDeal, ...],
) -> ManagerPart:
    own = narrowed(facts, owner)
    mine = {
        key: compute(own, replace(asked[key], managers=(owner,)))
        for key in ("funnel", "times", "lost", "forecast")
    }
    case = Case(name, whole, mine, hanging)
    return ManagerPart(name, **mine, hanging=hanging, advice=advise(case))


def narrowed(facts: FunnelFacts, owner: int) -> FunnelFacts:
    """The facts of one manager's deals; the chance of a stage stays the whole funnel's."""
    deals = tuple(deal for deal in facts.deals if deal.owner == owner)
    ids = {deal.id for deal in deals}
    chances = facts.probabilities
    if chances is None and facts.probability_source == "history":
        chances = tuple(probability.chosen(facts))
    return replace(
        facts,
        deals=deals,
        moves=tuple(move for move in facts.moves if move.deal_id in ids),
        probabilities=chances,
        whole=facts.whole or facts,
    )


def _hanging(facts: FunnelFacts, request: ReportRequest) -> dict[int | None, list[HangingDeal]]:
    """The deals behind the number of hanging ones, by owner, the dearest first."""
    deals = {deal.id: deal for deal in facts.deals}
    found: dict[int | None, list[HangingDeal]] = defaultdict(list)
    for deal_id in deals_behind(facts, request, None, "hanging"):
        deal = deals[deal_id]
        found[deal.owner].append(_hangs(facts, deal))
    for own in found.values():
        own.sort(key=lambda each: (-(each.amount or 0), -each.days))
    return found


def _hangs(facts: FunnelFacts, deal: DealFact) -> HangingDeal:
    stage = facts.stages[deal.stage - 1].name
    return HangingDeal(deal.id, stage, deal.amount, age_days(deal, facts.as_of) or 0.0)
