"""`reverse-plan`: how many deals each stage needs so that the goal is met (DEFINITIONS: reverse plan)."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, counts, mean_amount, money, rates, text
from funneldesk.reports.population import select_staged, with_status
from funneldesk.reports.probability import chosen as chosen_probability
from funneldesk.reports.statistics import least_trials, whole_up

DEFAULT_WINS = 10
_COLUMNS = (
    *text("stage"),
    *rates("probability"),
    Column("need", Type.COUNT),
    Column("need_80", Type.COUNT),
    Column("need_90", Type.COUNT),
)
_TOTALS = (*counts("target_wins", opens=False), *money("target_amount", "won_average"))


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by stage: entries needed for the target by the chance to win from there.

    `need` = ceil(W / p), an even chance; `need_80` and `need_90`: the smallest N with
    P(Binomial(N, p) >= W) of 80 and 90 %; None where p is 0.  W is `request.plan`, or
    `request.plan_amount` / the average won amount of the population, or 10.  Money in minor units.
    """
    facts = funnels[0]
    won = with_status(select_staged(facts, request, population).deals, "won")
    average = mean_amount(won)
    target = _target(request, average)
    lines = []
    for stage, chance in zip(facts.stages, chosen_probability(facts), strict=True):
        line = Line()
        line.put(stage=stage.name, probability=chance, need=None, need_80=None, need_90=None)
        if target is not None and chance > 0:
            line.put(need=whole_up(target / chance))
            line.put(need_80=least_trials(target, chance, 0.8), need_90=least_trials(target, chance, 0.9))
        lines.append(line)
    totals = Line()
    totals.put(target_wins=target, target_amount=request.plan_amount, won_average=average)
    return Built(_COLUMNS, lines, _TOTALS, totals)


def _target(request: ReportRequest, average: float | None) -> int | None:
    if request.plan is not None:
        return request.plan
    if request.plan_amount is None:
        return DEFAULT_WINS
    return whole_up(request.plan_amount / average) if average else None
