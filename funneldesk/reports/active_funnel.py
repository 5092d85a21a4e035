"""`active-funnel`: what is under way at T, stage by stage, and what of it hangs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, Groups
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports import deal_columns, lengths
from funneldesk.reports.built import Built, Line, amount_of, counts, days, missing_money, money, text
from funneldesk.reports.columns import Columns, columns, places_in, stays
from funneldesk.reports.lengths import Lengths
from funneldesk.reports.population import known, number, select_staged
from funneldesk.reports.probability import of_deal, weigh

if TYPE_CHECKING:
    import numpy as np

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
    if facts.stays is not None:
        parts, excluded = _kept(facts, request)
    elif deal_columns.told(facts):
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
        _hanging(line, [part])
        lines.append(line)
    every = [deal for part in parts for deal in part.deals]
    totals = Line()
    totals.count("open", every)
    totals.put(amount=amount_of(every), expected_amount=weigh(every, chance))
    _hanging(totals, parts)
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded | missing_money(every))


class _Part(NamedTuple):
    """The open deals of a stage (or of none that is known), one by one or alike, and which of them hang."""

    deals: Sequence[DealFact]
    late: Sequence[DealFact] | int = ()  # or how many, where the deals come alike
    limit: float | None = None
    oldest: float | None = None


def _hanging(line: Line, parts: Sequence[_Part]) -> None:
    late = [part.late for part in parts]
    counted = sum(each for each in late if isinstance(each, int))
    deals = [deal for each in late if not isinstance(each, int) for deal in each]
    line.put(hanging=line.count("hanging", deals) + counted)


def _kept(facts: FunnelFacts, request: ReportRequest) -> tuple[list[_Part], dict[str, int]]:
    """By rank from 0, from deals alike and what is kept of their stays."""
    import numpy as np

    assert facts.stays is not None
    chosen = select_staged(facts, request, Population.ACTIVE)
    by_rank: list[list[DealFact]] = [[] for _ in range(facts.k + 1)]
    for deal in chosen.deals:
        by_rank[deal.stage].append(deal)
    entered: list[list[np.ndarray]] = [[] for _ in range(facts.k + 1)]
    for each in facts.stays.lasting:
        if each.staged:
            entered[each.rank].append(lengths.numbers_of(each.entered))
    limits = [None, *_limits(facts, lengths.kept(facts, staged=False))]
    parts, timeless = [], 0
    for deals, found, limit in zip(by_rank, entered, limits, strict=True):
        since = np.concatenate([*found, np.empty(0, dtype=np.int64)])
        timed = since[since != NONE]
        timeless += len(since) - len(timed)
        ages = np.maximum(0.0, (facts.as_of - timed) / DAY)
        late = 0 if limit is None else int((ages > limit).sum())
        parts.append(_Part(deals, late, limit, float(ages.max()) if len(ages) else None))
    return parts, chosen.excluded | {"unknown_path": number(by_rank[0]), "no_time": timeless}


def _one_by_one(facts: FunnelFacts, request: ReportRequest) -> tuple[list[_Part], dict[str, int]]:
    """By rank from 0 (no stage), and what is left out or has no time."""
    chosen = select_staged(facts, request, Population.ACTIVE)
    by_rank: list[list[DealFact]] = [[] for _ in range(facts.k + 1)]
    for deal in chosen.deals:
        by_rank[max(deal.stage, 0)].append(deal)
    parts = [_Part(by_rank[0])]
    moves = columns(facts.moves).of(known(facts.deals))
    for here, limit in zip(by_rank[1:], _limits(facts, _lengths(facts, moves)), strict=True):
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
    moves = moves.where(is_known & deals.known[of]) if len(deals.id) else moves.where(is_known)
    limits = _limits(facts, _lengths(facts, moves))
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


def _lengths(facts: FunnelFacts, moves: Columns) -> list[Lengths]:
    """By rank from 1 how long deals were in the stage."""
    found = stays(moves.effective(), facts.as_of)
    return [lengths.of_moves(found, found.rank == rank) for rank in range(1, facts.k + 1)]


def _limits(facts: FunnelFacts, by_stage: Sequence[Lengths]) -> list[float | None]:
    """By stage the days after which a deal hangs there (DEFINITIONS: time in a stage); None = not known.

    Deals on hold wait because they are to: as on the board and in Today, they never hang.
    """
    limits: list[float | None] = []
    for stage, found in zip(facts.stages, by_stage, strict=True):
        if stage.hold:
            limits.append(None)
            continue
        survival = found.survival()
        if found.count >= ENOUGH_VISITS:
            limits.append(survival.quantile(0.9))
        else:
            median = survival.quantile(0.5)
            limits.append(None if median is None else 2 * median)
    return limits
