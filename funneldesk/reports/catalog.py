"""All reports by name: what each may be asked for, how it is computed, and the deals behind its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funneldesk.domain.deal_table import LEARNT, MONEY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.move_table import CLOSING
from funneldesk.domain.results import Population, Report, ReportRequest, Rule
from funneldesk.errors import UserError
from funneldesk.reports import (
    active_funnel,
    activities,
    audit,
    cross,
    cycle,
    dynamics,
    finished_funnel,
    forecast,
    key_stage,
    leads_deals,
    leaks,
    lost,
    lost_history,
    lost_words,
    manager_matrix,
    managers,
    plan_fact,
    prospects,
    reaction,
    receivables,
    reverse_plan,
    sources,
    stage_funnel,
    stage_times,
    standards,
    strategy,
    unsuccessful,
    velocity,
    week,
    wins_when,
)
from funneldesk.reports.built import Built, freeze, same_row
from funneldesk.reports.groupings import NAMES
from funneldesk.reports.population import created_in, part_of
from funneldesk.reports.report_info import ReportInfo as ReportInfo

ALL_POPULATIONS = tuple(Population)
ALL_RULES = tuple(Rule)
_STATES = (Population.COHORT, Population.FINISHED, Population.SNAPSHOT, Population.ACTIVE)
_CLOSED = (Population.FINISHED, Population.COHORT)


def _catalog(*infos: ReportInfo) -> dict[str, ReportInfo]:
    return {info.name: info for info in infos}


CATALOG: Mapping[str, ReportInfo] = _catalog(
    ReportInfo(
        "stage-funnel",
        stage_funnel.build,
        Population.COHORT,
        ALL_POPULATIONS,
        Rule.REACHED,
        ALL_RULES,
        own_figure=True,
        by_stage=True,
        looks_at=("reach",),
        move_columns=("at", CLOSING, "counts"),
        deal_columns=MONEY,
    ),
    ReportInfo(
        "finished-funnel",
        finished_funnel.build,
        Population.FINISHED,
        _CLOSED,
        by_stage=True,
        looks_at=("end",),
    ),
    ReportInfo(
        "managers",
        managers.build,
        Population.COHORT,
        _STATES,
        Rule.REACHED,
        (Rule.REACHED,),
        part=managers.part,
        learns=True,
    ),
    ReportInfo(
        "manager-matrix",
        manager_matrix.build,
        Population.ACTIVE,
        _STATES,
        Rule.CURRENT,
        ALL_RULES,
        turns=True,
        by_stage=True,
        moves=True,
        moves_of=created_in,
        move_columns=("actor",),
        brought=manager_matrix.asks,
        deal_columns=MONEY,
    ),
    ReportInfo(
        "stage-times", stage_times.build, Population.COHORT, ALL_POPULATIONS, by_stage=True,
        moves=True, move_columns=("at", "counts"), deal_columns=(), stays_of_every=False,
    ),
    ReportInfo(
        "cycle", cycle.build, Population.FINISHED, _CLOSED, part=cycle.part,
    ),
    ReportInfo(
        "lost",
        lost.build,
        Population.FINISHED,
        _CLOSED,
        by=NAMES,
        by_default=("stage",),
        by_most=3,
        looks_at=("traits",),
    ),
    ReportInfo(
        "cross-table", cross.build, Population.COHORT, _STATES, by=cross.WAYS, by_default=cross.WAYS[:2],
        by_most=2, crossed=True, chances=False,
        looks_at=("traits",),  # whether a loss has any reason
    ),
    ReportInfo(
        "key-stage", key_stage.build, Population.FINISHED, _CLOSED, Rule.REACHED, (Rule.REACHED,),
        by_stage=True, looks_at=("reach",),
    ),
    ReportInfo(
        "active-funnel", active_funnel.build, Population.ACTIVE, (Population.ACTIVE,),
        by_stage=True, moves=True, move_columns=("at",), deal_columns=(*MONEY, "entered"),
        stays_of_every=True,
    ),
    ReportInfo(
        "velocity", velocity.build, Population.FINISHED, (Population.FINISHED,), part=velocity.part,
    ),
    ReportInfo(
        "dynamics",
        dynamics.build,
        Population.FINISHED,
        (Population.FINISHED,),
        by=dynamics.SPANS,
        spans=dynamics.spans,
        by_default=("month",),
        by_most=1,
        marks=True,
    ),
    ReportInfo(
        "sources",
        sources.build,
        Population.COHORT,
        (Population.COHORT,),
        Rule.REACHED,
        (Rule.REACHED,),
        leads=True,
        ledger=True,
        margins=True,
    ),
    ReportInfo(
        "leaks",
        leaks.build,
        Population.COHORT,
        (Population.COHORT, Population.FINISHED, Population.SNAPSHOT),
        Rule.REACHED,
        (Rule.REACHED,),
        by=leaks.SLICES,
        by_default=("manager",),
        by_most=1,
        by_stage=True,
        part=part_of,
        moves=True,
        move_columns=("actor",),
        brought=leaks.asks,
    ),
    ReportInfo(
        "audit",
        audit.build,
        Population.COHORT,
        (Population.COHORT, Population.FINISHED, Population.SNAPSHOT),
        Rule.REACHED,
        (Rule.REACHED,),
        by_stage=True,
        moves=True,
        move_columns=("at", "actor", "counts"),
        done_by_deal=True,
        marks=True,
        sentences=True,
    ),
    ReportInfo(
        "strategy", strategy.build, Population.COHORT, (Population.COHORT, Population.FINISHED),
        done_by_deal=True, part=part_of,
    ),
    ReportInfo(
        "lost-words", lost_words.build, Population.FINISHED, _CLOSED, words=True, part=part_of,
    ),
    ReportInfo(
        "lost-history", lost_history.build, Population.FINISHED, _CLOSED, activities=True, clients=True,
    ),
    ReportInfo(
        "activities",
        activities.build,
        Population.COHORT,
        (Population.COHORT, Population.FINISHED, Population.SNAPSHOT),
        by_stage=True,
        moves=True,
        activities=True,
        move_columns=("at",),
        deal_columns=(),
    ),
    ReportInfo(
        "reaction",
        reaction.build,
        Population.COHORT,
        (Population.COHORT,),
        moves=True,
        leads=True,
        activities=True,
        move_columns=("at",),
        deal_columns=("lead",),
    ),
    ReportInfo(
        "week",
        week.build,
        Population.FINISHED,
        (Population.FINISHED,),
        moves=True,
        activities=True,
        done_in=week.bounds,
        stories=True,
    ),
    ReportInfo(
        "standards",
        standards.build,
        Population.COHORT,
        (Population.COHORT,),
        moves=True,
        leads=True,
        activities=True,
        clients=True,
        ledger=True,
        move_columns=("at",),
    ),
    ReportInfo(
        "leads-deals", leads_deals.build, Population.FINISHED, (Population.FINISHED,),
        leads=True, part=part_of,
    ),
    ReportInfo(
        "wins-when",
        wins_when.build,
        Population.FINISHED,
        (Population.FINISHED,),
        by=wins_when.WAYS,
        by_default=wins_when.WAYS[:1],
        by_most=1,
        part=part_of,
        activities=True,
    ),
    ReportInfo(
        "plan-fact",
        plan_fact.build,
        Population.FINISHED,
        (Population.FINISHED,),
        moves=True,
        activities=True,
        done_in=plan_fact.bounds,
        ledger=True,
        learns=True,
        move_columns=("at",),
        apart=plan_fact.looked_at,
        learnt=(*LEARNT, "owner"),
        only=plan_fact.without_chances,
    ),
    ReportInfo(
        "receivables",
        receivables.build,
        Population.SNAPSHOT,
        (Population.SNAPSHOT,),
        by=receivables.GROUPINGS,
        by_default=("client",),
        by_most=1,
        ledger=True,
    ),
    ReportInfo(
        "forecast",
        forecast.build,
        Population.ACTIVE,
        (Population.ACTIVE,),
        by=forecast.WAYS,
        by_default=(forecast.WAYS[0],),
        by_most=1,
        by_stage=True,
        moves=True,
        learns=True,
        foretells=True,
        goal=True,
        move_columns=("at", "amount"),
        apart=forecast.looked_at,
    ),
    ReportInfo(
        "reverse-plan",
        reverse_plan.build,
        Population.SNAPSHOT,
        (Population.SNAPSHOT, Population.COHORT, Population.FINISHED),
        by=prospects.WAYS,
        by_default=prospects.WAYS[:1],
        by_most=1,
        by_stage=True,
        goal=True,
        looks_at=("reach",),
    ),
)  # fmt: skip


def info_of(request: ReportRequest) -> ReportInfo:
    """The entry of the asked report; UserError report.unknown, .population, .rule or .by if it cannot be."""
    info = CATALOG.get(request.name)
    if info is None:
        raise UserError("report.unknown", name=request.name, known=tuple(CATALOG))
    if request.population is not None and request.population not in info.populations:
        known = tuple(map(str, info.populations))
        raise UserError("report.population", name=info.name, population=str(request.population), known=known)
    if request.rule is not None and info.rules and request.rule not in info.rules:
        known = tuple(map(str, info.rules))
        raise UserError("report.rule", name=info.name, rule=str(request.rule), known=known)
    unknown = [each for each in request.by if not info.groups_by(each)]
    if unknown or len(request.by) > info.by_most or len(set(request.by)) < len(request.by):
        raise UserError("report.by", name=info.name, by=",".join(request.by), known=info.by)
    return info


def _build(funnels: Sequence[FunnelFacts], request: ReportRequest) -> tuple[ReportInfo, Built]:
    info = info_of(request)
    if info.one_funnel(request) and len(funnels) != 1:
        raise ValueError(f"{request.name} is a report on one funnel")
    population = request.population or info.population
    return info, info.build(funnels, request, population, request.rule or info.rule)


def compute(facts: FunnelFacts, request: ReportRequest) -> Report:
    """The report that `request` names, on one funnel."""
    return compute_all([facts], request)


def compute_all(funnels: Sequence[FunnelFacts], request: ReportRequest) -> Report:
    """The report over several funnels; one only where it counts stages (ValueError otherwise)."""
    info, built = _build(funnels, request)
    rule = (request.rule or info.rule) if info.rules else None
    return freeze(built, funnels, request, str(request.population or info.population), rule)


def deals_behind(
    facts: FunnelFacts, request: ReportRequest, row_index: int | None, key: str
) -> tuple[int, ...]:
    """The ids of the deals counted in a number of `compute`; row None = the totals.

    KeyError where the number opens no deals.
    """
    return deals_behind_all([facts], request, row_index, key)


def deals_behind_all(
    funnels: Sequence[FunnelFacts],
    request: ReportRequest,
    row_index: int | None,
    key: str,
    *,
    shown: Report | None = None,
) -> tuple[int, ...]:
    """As `deals_behind`, over several funnels; with `shown` its row, () where that is there no more."""
    if unsuccessful.is_key(key):
        return unsuccessful.deals_behind(funnels[0], unsuccessful.asked(request, info_of(request)), key)
    _, built = _build(funnels, request)
    if shown is not None and row_index is not None:
        row_index = same_row(built, shown, row_index)
        if row_index is None:
            return ()
    line = built.totals if row_index is None else built.lines[row_index]
    return tuple(deal.id for deal in line.behind.get(key, ()))
