"""`stage-times`: how long deals stay in each stage, those still there counted too."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports.built import Built, Line, counts, days, text
from funneldesk.reports.moves import Visit, effective, length_days, visits
from funneldesk.reports.population import known, select_staged, within
from funneldesk.reports.statistics import Survival, kaplan_meier, mean, median

_COLUMNS = (
    *text("stage"),
    *counts("visits", opens=False),
    *counts("censored"),
    *days("p25", "p50", "p75", "p90", "completed_median", "completed_mean", "longest"),
)
_VISIBLE = 0.001  # of the height of a chart
_QUANTILES = {"p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by stage in days, by Kaplan-Meier over visits; a visit still open at T is censored.

    All visits of the population's deals; of the population `activity`, those begun in the period.
    A percentile is None when the curve does not come so low: more than `longest`.  `extra.curves`:
    stage -> ((days, share still there), ...), thinned to what a chart can show.
    """
    facts = funnels[0]
    chosen = select_staged(facts, request, population)
    by_id = {deal.id: deal for deal in known(chosen.deals)}
    found = visits(effective(move for move in facts.moves if move.deal_id in by_id))
    if population is Population.ACTIVITY:
        found = [visit for visit in found if within(visit.entered, request)]
    timed: list[list[tuple[Visit, float]]] = [[] for _ in range(facts.k + 1)]
    for visit in found:
        length = length_days(visit, facts.as_of)
        if length is not None:
            timed[visit.rank].append((visit, length))
    lines: list[Line] = []
    curves: dict[str, tuple[tuple[float, float], ...]] = {}
    for rank, stage in enumerate(facts.stages, start=1):
        line, survival = _line(stage.name, timed[rank], by_id)
        lines.append(line)
        curves[stage.name] = _drawn(survival)
    excluded = chosen.excluded | {"no_time": len(found) - sum(map(len, timed))}
    return Built(_COLUMNS, lines, excluded=excluded, extra={"curves": curves})


def _line(name: str, stayed: list[tuple[Visit, float]], by_id: dict[int, DealFact]) -> tuple[Line, Survival]:
    completed = [length for visit, length in stayed if visit.over]
    running = [(visit, length) for visit, length in stayed if not visit.over]
    survival = kaplan_meier(completed, [length for _, length in running])
    line = Line()
    line.put(stage=name, visits=len(stayed))
    line.count("censored", [by_id[visit.deal_id] for visit, _ in running])
    line.put(**{key: survival.quantile(q) for key, q in _QUANTILES.items()})
    line.put(completed_median=median(completed), completed_mean=mean(completed), longest=survival.longest)
    return line, survival


def _drawn(survival: Survival) -> tuple[tuple[float, float], ...]:
    """The curve for a chart: of steps too small to see only every so many are kept, and the last."""
    kept: list[tuple[float, float]] = []
    last = 1.0
    for point in survival.curve:
        if last - point[1] >= _VISIBLE or point is survival.curve[-1]:
            kept.append(point)
            last = point[1]
    return tuple(kept)
