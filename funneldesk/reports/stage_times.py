"""`stage-times`: how long deals stay in each stage, those still there counted too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports import deal_columns, lengths
from funneldesk.reports.built import Built, Line, counts, days, text
from funneldesk.reports.columns import columns, places_in, stays
from funneldesk.reports.happened import inside
from funneldesk.reports.lengths import Lengths
from funneldesk.reports.population import known, select_staged
from funneldesk.reports.statistics import Survival

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
    running: Sequence[Sequence[DealFact] | None]
    if facts.stays is None:
        stages, running, excluded = _by_moves(facts, request, population)
    else:
        excluded = select_staged(facts, request, population).excluded
        stages, running = lengths.kept(facts, staged=True), [None] * facts.k
    lines: list[Line] = []
    curves: dict[str, tuple[tuple[float, float], ...]] = {}
    for stage, found, deals in zip(facts.stages, stages, running, strict=True):
        line, survival = _line(stage.name, found, deals)
        lines.append(line)
        curves[stage.name] = _drawn(survival)
    excluded = excluded | {"no_time": sum(found.unknown for found in stages)}
    return Built(_COLUMNS, lines, excluded=excluded, extra={"curves": curves})


def _by_moves(
    facts: FunnelFacts, request: ReportRequest, population: Population
) -> tuple[list[Lengths], list[Sequence[DealFact] | None], dict[str, int]]:
    """By rank the lengths and, where they come one by one, the deals still there; what is left out."""
    import numpy as np

    moves = columns(facts.moves)
    by_id: dict[int, DealFact] | None = None
    if deal_columns.told(facts):
        deals = deal_columns.deals_of(facts, request)
        staged, excluded = deal_columns.select_staged(deals, request, population, moves)
        moves = moves.where(places_in(deals.id[staged & deals.known], moves.deal)[1])
    else:
        chosen = select_staged(facts, request, population)
        by_id, excluded = {deal.id: deal for deal in known(chosen.deals)}, chosen.excluded
        moves = moves.of(list(by_id.values()))
    found = stays(moves.effective(), facts.as_of)
    looked_at = np.ones(len(found.deal), dtype=bool)
    if population is Population.ACTIVITY:
        looked_at = inside(found.entered, request)
    stages: list[Lengths] = []
    running: list[Sequence[DealFact] | None] = []
    for rank in range(1, facts.k + 1):
        here = looked_at & (found.rank == rank)
        stages.append(lengths.of_moves(found, here))
        lasting = found.deal[here & ~found.over & (found.length != NONE)]
        running.append(None if by_id is None else [by_id[deal] for deal in lasting.tolist()])
    return stages, running, excluded


def _line(name: str, found: Lengths, running: Sequence[DealFact] | None) -> tuple[Line, Survival]:
    """The line of a stage; of deals that came all at once those still there are only counted."""
    survival = found.survival()
    line = Line()
    line.put(stage=name, visits=found.count)
    if running is None:
        line.put(censored=len(found.lasting))
    else:
        line.count("censored", running)
    line.put(**{key: survival.quantile(q) for key, q in _QUANTILES.items()})
    line.put(completed_median=found.median(), completed_mean=found.mean(), longest=survival.longest)
    return line, survival


def _drawn(survival: Survival) -> tuple[tuple[float, float], ...]:
    """The curve for a chart: of steps too small to see only every so many are kept, and the last."""
    times, shares = survival.times, survival.shares.data
    kept: list[tuple[float, float]] = []
    last, place, step, end = 1.0, 0, 1, len(times) - 1
    while place <= end:
        # the shares only fall: the first that lies low enough is found by halving, of about as many as before
        high = place + step
        while high < end and last - shares[high] < _VISIBLE:
            high += step
        found = bisect_left(shares, True, place, min(high, end), key=lambda share: last - share >= _VISIBLE)
        step = found - place + 1
        place, last = found + 1, shares[found]
        kept.append((float(times[found]), last))
    return tuple(kept)
