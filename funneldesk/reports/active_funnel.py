"""`active-funnel`: what is under way at T, stage by stage, and what of it hangs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, Groups
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports import deal_columns
from funneldesk.reports.built import Built, Line, amount_of, counts, days, missing_money, money, text
from funneldesk.reports.columns import Columns, columns, places_in, stays
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
    if deal_columns.told(facts):
        parts, excluded = _told(facts, request)
    else:
        parts, excluded = _one_by_one(facts, request)
    chance = of_deal(facts)
    lines = []
    for stage, part in zip(facts.stages, parts[1:], strict=True):
        line = Line()
        line.put(stage=stage.name)
        line.count("open", part.deals)
        line.put(amount=amount_of(part.deals), expected_amount=weigh(part.deals, chance))
        line.put(hanging_after=part.limit, oldest_days=part.oldest)
        line.count("hanging", part.late)
        lines.append(line)
    every = [deal for part in parts for deal in part.deals]
    totals = Line()
    totals.count("open", every)
    totals.put(amount=amount_of(every), expected_amount=weigh(every, chance))
    totals.count("hanging", [deal for part in parts for deal in part.late])
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded | missing_money(every))


class _Part(NamedTuple):
    """The open deals of a stage (or of none that is known), one by one or alike, and which of them hang."""

    deals: Sequence[DealFact]
    late: Sequence[DealFact] = ()
    limit: float | None = None
    oldest: float | None = None


def _one_by_one(facts: FunnelFacts, request: ReportRequest) -> tuple[list[_Part], dict[str, int]]:
    """By rank from 0 (no stage), and what is left out or has no time."""
    chosen = select_staged(facts, request, Population.ACTIVE)
    by_rank: list[list[DealFact]] = [[] for _ in range(facts.k + 1)]
    for deal in chosen.deals:
        by_rank[max(deal.stage, 0)].append(deal)
    parts = [_Part(by_rank[0])]
    moves = columns(facts.moves).of(known(facts.deals))
    for here, limit in zip(by_rank[1:], _limits(facts, moves), strict=True):
        ages = [(deal, age) for deal in here if (age := age_days(deal, facts.as_of)) is not None]
        late = [deal for deal, age in ages if limit is not None and age > limit]
        parts.append(_Part(here, late, limit, max((age for _, age in ages), default=None)))
    timeless = sum(1 for deal in chosen.deals if deal.entered_at is None)
    return parts, chosen.excluded | {"unknown_path": len(by_rank[0]), "no_time": timeless}


def _told(facts: FunnelFacts, request: ReportRequest) -> tuple[list[_Part], dict[str, int]]:
    """The same from columns."""
    import numpy as np

    deals = deal_columns.deals_of(facts, request)
    staged, excluded = deal_columns.select_staged(deals, request, Population.ACTIVE)
    moves = columns(facts.moves)
    of, is_known = places_in(deals.id, moves.deal)
    limits = _limits(
        facts, moves.where(is_known & deals.known[of]) if len(deals.id) else moves.where(is_known)
    )
    own = deals.where(staged)
    timed = own.entered != NONE
    age = np.where(timed, np.maximum(0.0, (facts.as_of - np.where(timed, own.entered, 0)) / DAY), np.nan)
    alike = Groups()
    parts = [_Part(deal_columns.grouped(own.where(own.stage <= 0), alike))]
    for rank, limit in enumerate(limits, start=1):
        here = own.stage == rank
        late = here & (age > limit) if limit is not None else np.zeros(len(age), dtype=bool)
        ages = age[here & timed]
        parts.append(
            _Part(
                deal_columns.grouped(own.where(here), alike),
                deal_columns.grouped(own.where(late), alike),
                limit,
                float(ages.max()) if len(ages) else None,
            )
        )
    return parts, excluded | {"unknown_path": int((own.stage <= 0).sum()), "no_time": int((~timed).sum())}


def age_days(deal: DealFact, as_of: int) -> float | None:
    """How long an open deal has been in its stage at `as_of`; None where it is not known."""
    return None if deal.entered_at is None else max(0.0, (as_of - deal.entered_at) / DAY)


def hanging_limits(facts: FunnelFacts) -> list[float | None]:
    """By stage the days after which a deal hangs there (DEFINITIONS: time in a stage); None = not known.

    Deals on hold wait because they are to: as on the board and in Today, they never hang.
    """
    return _limits(facts, columns(facts.moves).of(known(facts.deals)))


def _limits(facts: FunnelFacts, moves: Columns) -> list[float | None]:
    import numpy as np

    found = stays(moves.effective(), facts.as_of)
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
