"""`active-funnel`: what is under way at T, stage by stage, and what of it hangs."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports.built import Built, Line, amount_of, counts, days, missing_money, money, text
from funneldesk.reports.columns import columns, stays
from funneldesk.reports.population import known, select_staged
from funneldesk.reports.probability import of_deal, weigh
from funneldesk.reports.statistics import kaplan_meier

_COLUMNS = (
    *text("stage"),
    *counts("open"),
    *money("amount", "expected_amount"),
    *days("oldest_days"),
    *counts("hanging"),
    *days("hanging_after"),
)
_TOTALS = (*counts("open"), *money("amount", "expected_amount"), *counts("hanging"))
ENOUGH_VISITS = 20


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by stage; money in minor units, `expected_amount` = sum of p * amount, ages in days.

    `oldest_days` is the longest current stay in the stage.  A deal hangs when its stay is longer
    than `hanging_after`: the Kaplan-Meier p90 of the stage's stays, or with fewer than 20 of them
    twice the median; None = no deal can be told to hang yet.
    """
    facts = funnels[0]
    chosen = select_staged(facts, request, population)
    chance = of_deal(facts)
    limits = hanging_limits(facts)
    by_rank: list[list[DealFact]] = [[] for _ in range(facts.k + 1)]
    for deal in chosen.deals:
        by_rank[max(deal.stage, 0)].append(deal)
    lines, hanging = [], []
    for rank, stage in enumerate(facts.stages, start=1):
        here, limit = by_rank[rank], limits[rank - 1]
        line = Line()
        line.put(stage=stage.name)
        line.count("open", here)
        line.put(amount=amount_of(here), expected_amount=weigh(here, chance), hanging_after=limit)
        ages = [(deal, age) for deal in here if (age := age_days(deal, facts.as_of)) is not None]
        line.put(oldest_days=max((age for _, age in ages), default=None))
        late = [deal for deal, age in ages if limit is not None and age > limit]
        line.count("hanging", late)
        hanging += late
        lines.append(line)
    totals = Line()
    totals.count("open", chosen.deals)
    totals.put(amount=amount_of(chosen.deals), expected_amount=weigh(chosen.deals, chance))
    totals.count("hanging", hanging)
    timeless = sum(1 for deal in chosen.deals if deal.entered_at is None)
    excluded = chosen.excluded | {"unknown_path": len(by_rank[0]), "no_time": timeless}
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded | missing_money(chosen.deals))


def age_days(deal: DealFact, as_of: int) -> float | None:
    """How long an open deal has been in its stage at `as_of`; None where it is not known."""
    return None if deal.entered_at is None else max(0.0, (as_of - deal.entered_at) / DAY)


def hanging_limits(facts: FunnelFacts) -> list[float | None]:
    """By stage the days after which a deal hangs there (DEFINITIONS: time in a stage); None = not known.

    Deals on hold wait because they are to: as on the board and in Today, they never hang.
    """
    import numpy as np

    found = stays(columns(facts.moves).of(known(facts.deals)).effective(), facts.as_of)
    timed = np.isfinite(found.days)
    limits: list[float | None] = []
    for rank, stage in enumerate(facts.stages, start=1):
        if stage.hold:
            limits.append(None)
            continue
        here = timed & (found.rank == rank)
        survival = kaplan_meier(found.days[here & found.over], found.days[here & ~found.over])
        if here.sum() >= ENOUGH_VISITS:
            limits.append(survival.quantile(0.9))
        else:
            median = survival.quantile(0.5)
            limits.append(None if median is None else 2 * median)
    return limits
