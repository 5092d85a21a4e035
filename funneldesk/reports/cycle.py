"""`cycle`: how long it takes from creation to a win, and to a loss (DEFINITIONS: cycle and velocity)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, Part
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports.built import Built, Line, counts, days, text
from funneldesk.reports.population import all_deals, closed, part_of, select, with_status
from funneldesk.reports.statistics import mean, percentiles, win_incidence

_COLUMNS = (*text("outcome"), *counts("n"), *days("mean", "p25", "p50", "p75", "p90"))
_SHARES = (0.25, 0.5, 0.75, 0.9)


def cycle_days(deal: DealFact) -> float | None:
    """Closed minus created in days; None while open, where a date is unknown, or where negative."""
    if deal.status == "open" or deal.closed_at is None or deal.created_at is None:
        return None
    length = (deal.closed_at - deal.created_at) / DAY
    return length if length >= 0 else None


def bad_cycles(deals: Iterable[DealFact]) -> dict[str, int]:
    """How many of the closed deals have no cycle: a date is unknown, or they end before they begin."""
    without = [deal for deal in deals if deal.status != "open" and cycle_days(deal) is None]
    no_created = sum(1 for deal in without if deal.created_at is None)
    no_closed = sum(1 for deal in without if deal.created_at is not None and deal.closed_at is None)
    return {
        "no_created_at": no_created,
        "no_closed_at": no_closed,
        "negative_cycle": len(without) - no_created - no_closed,
    }


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Two rows, won and lost, in days: sample percentiles by linear interpolation.

    `extra`: `win_by_age`, the share won by age with loss as a competing end (Aalen-Johansen) over
    all deals created in the period, and `negative`, the deals whose dates contradict each other.
    """
    deals = all_deals(funnels)
    chosen = select(deals, request, population)
    ended = closed(chosen.deals)
    bad = bad_cycles(ended)
    # Of a cohort, the undated were left out before; of the finished, here.
    excluded = {**chosen.excluded, **{k: n + chosen.excluded.get(k, 0) for k, n in bad.items()}}
    negative = [d.id for d in ended if d.closed_at and d.created_at and d.closed_at < d.created_at]
    cohort = select(deals, request, Population.COHORT).deals
    return Built(
        _COLUMNS,
        [_line(outcome, with_status(ended, outcome)) for outcome in ("won", "lost")],
        excluded=excluded,
        extra={"win_by_age": _by_age(cohort, funnels[0].as_of), "negative": tuple(negative)},
    )


def part(request: ReportRequest, population: Population, as_of: int) -> Part | None:
    """The deals that are looked at: of the population and, for the share by age, of the cohort."""
    found = part_of(request, population, as_of)
    return None if found is None else replace(found, created=True)


def _line(outcome: str, deals: list[DealFact]) -> Line:
    line = Line()
    timed = [(deal, length) for deal in deals if (length := cycle_days(deal)) is not None]
    lengths = [length for _, length in timed]
    line.put(outcome=outcome)
    line.count("n", [deal for deal, _ in timed])
    line.put(mean=mean(lengths))
    line.put(**dict(zip(("p25", "p50", "p75", "p90"), percentiles(lengths, _SHARES), strict=True)))
    return line


def _by_age(deals: Iterable[DealFact], as_of: int) -> tuple[tuple[float, float], ...]:
    lengths: dict[str, list[float]] = {"won": [], "lost": [], "open": []}
    for deal in deals:
        if deal.status != "open":
            length = cycle_days(deal)
        else:
            length = None if deal.created_at is None else max(0.0, (as_of - deal.created_at) / DAY)
        if length is not None:
            lengths[deal.status].append(length)
    return win_incidence(lengths["won"], lengths["lost"], lengths["open"])
