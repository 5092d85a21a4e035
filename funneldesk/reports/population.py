"""Which deals a report looks at, and how many were left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from operator import itemgetter
from typing import Any

from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact, Part
from funneldesk.domain.results import Population, ReportRequest


@dataclass(frozen=True, slots=True)
class Selection:
    """The deals of a population, and the counts of those left out by cause."""

    deals: list[DealFact]
    excluded: dict[str, int]


def has_period(request: ReportRequest) -> bool:
    """Whether any bound of a period is given; without one nothing is filtered by date."""
    return request.start is not None or request.end is not None


def within(at: int | None, request: ReportRequest) -> bool:
    """Whether the moment lies in [start, end); an unknown one only where no period is asked."""
    if at is None:
        return not has_period(request)
    if request.start is not None and at < request.start:
        return False
    return request.end is None or at < request.end


def select(
    deals: Iterable[DealFact],
    request: ReportRequest,
    population: Population,
    moves: Sequence[MoveFact] = (),
) -> Selection:
    """The deals of `population` in the asked period (DEFINITIONS: populations).

    Cohort: created in it.  Finished: last closed in it, closed still.  Active: open at T,
    whatever the period.  Snapshot: all that exist at T.  Activity: with any move in it.
    """
    if population is Population.COHORT:
        return _cohort(deals, request)
    if population is Population.FINISHED:
        ended = closed(deals)
        if not has_period(request):
            return Selection(ended, {"no_closed_at": 0})
        undated = number(deal for deal in ended if deal.closed_at is None)
        kept = [deal for deal in ended if within(deal.closed_at, request)]
        return Selection(kept, {"no_closed_at": undated})
    if population is Population.ACTIVE:
        return Selection([deal for deal in deals if deal.status == "open"], {})
    if population is Population.ACTIVITY:
        from funneldesk.reports.columns import columns
        from funneldesk.reports.happened import inside

        told = columns(moves)
        moved = set(told.deal[told.counts & inside(told.at, request)].tolist())
        return Selection([deal for deal in deals if deal.id in moved], {})
    return Selection(list(deals), {})


def _cohort(deals: Iterable[DealFact], request: ReportRequest) -> Selection:
    if not has_period(request):
        return Selection(list(deals), {"no_created_at": 0})
    kept: list[DealFact] = []
    undated = 0
    for deal in deals:
        if deal.created_at is None:
            undated += deal.n
        elif within(deal.created_at, request):
            kept.append(deal)
    return Selection(kept, {"no_created_at": undated})


def part_of(request: ReportRequest, population: Population, _as_of: int) -> Part | None:
    """The deals that `select` looks at, for a report that looks at no others; None = at all of them."""
    if population is Population.ACTIVE:
        return Part(open=True)
    if not has_period(request) or population not in (Population.COHORT, Population.FINISHED):
        return None
    created = population is Population.COHORT
    return Part(request.start, request.end, created=created, closed=not created)


def created_in(request: ReportRequest, _population: Population, _as_of: int) -> Part | None:
    """The deals created in the period, if one is asked for."""
    return Part(request.start, request.end, created=True) if has_period(request) else None


def select_staged(facts: FunnelFacts, request: ReportRequest, population: Population) -> Selection:
    """As `select`, for a report by stage: deals without stages are left out and counted.

    Deals with an unknown path stay in (they count in won, lost and money); their number is in
    `excluded.unknown_path`, and whoever counts stages takes `known` of the deals.
    """
    chosen = select(facts.deals, request, population, facts.moves)
    staged = list(filter(_STAGED, chosen.deals))
    excluded = dict(chosen.excluded)
    excluded["no_stages"] = number(filterfalse(_STAGED, chosen.deals))
    excluded["unknown_path"] = number(filterfalse(_PATH_KNOWN, staged))
    return Selection(staged, excluded)


_N, _STAGED, _PATH_KNOWN = (
    itemgetter(DealFact._fields.index(name)) for name in ("n", "staged", "path_known")
)  # fmt: skip


def values_of(deals: Iterable[DealFact], name: str) -> Iterator[Any]:
    """A field of each of the deals: for many, faster than asking each by name."""
    return map(itemgetter(DealFact._fields.index(name)), deals)


def number(deals: Iterable[DealFact]) -> int:
    """How many deals the facts stand for."""
    return sum(map(_N, deals))


def known(deals: Iterable[DealFact]) -> list[DealFact]:
    """Those whose path through the stages is known."""
    return list(filter(_PATH_KNOWN, deals))


def closed(deals: Iterable[DealFact]) -> list[DealFact]:
    """Those won or lost at T."""
    return [deal for deal in deals if deal.status != "open"]


def with_status(deals: Iterable[DealFact], status: str) -> list[DealFact]:
    """Those with the status (open, won, lost) at T."""
    return [deal for deal in deals if deal.status == status]


def all_deals(funnels: Sequence[FunnelFacts]) -> list[DealFact]:
    """The deals of several funnels together."""
    return [deal for facts in funnels for deal in facts.deals]
