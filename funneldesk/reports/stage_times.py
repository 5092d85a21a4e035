"""`stage-times`: how long deals stay in each stage, those still there counted too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports import deal_columns
from funneldesk.reports.built import Built, Line, counts, days, text
from funneldesk.reports.columns import Stays, columns, places_in, stays
from funneldesk.reports.happened import inside
from funneldesk.reports.population import known, select_staged
from funneldesk.reports.statistics import Survival, kaplan_meier, mean, median

if TYPE_CHECKING:
    import numpy as np

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
    import numpy as np

    facts = funnels[0]
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
    timed = looked_at & np.isfinite(found.days)
    lines: list[Line] = []
    curves: dict[str, tuple[tuple[float, float], ...]] = {}
    for rank, stage in enumerate(facts.stages, start=1):
        line, survival = _line(stage.name, found, timed & (found.rank == rank), by_id)
        lines.append(line)
        curves[stage.name] = _drawn(survival)
    excluded = excluded | {"no_time": int(looked_at.sum() - timed.sum())}
    return Built(_COLUMNS, lines, excluded=excluded, extra={"curves": curves})


def _line(
    name: str, found: Stays, here: np.ndarray, by_id: dict[int, DealFact] | None
) -> tuple[Line, Survival]:
    """The line of a stage; deals that came as columns are only counted."""
    import numpy as np

    over, running = here & found.over, here & ~found.over
    lengths = np.sort(found.days[over])
    completed = lengths.tolist()
    survival = kaplan_meier(lengths, found.days[running])
    line = Line()
    line.put(stage=name, visits=int(here.sum()))
    if by_id is None:
        line.put(censored=int(running.sum()))
    else:
        line.count("censored", [by_id[deal] for deal in found.deal[running].tolist()])
    line.put(**{key: survival.quantile(q) for key, q in _QUANTILES.items()})
    line.put(completed_median=median(completed), completed_mean=mean(completed), longest=survival.longest)
    return line, survival


def _drawn(survival: Survival) -> tuple[tuple[float, float], ...]:
    """The curve for a chart: of steps too small to see only every so many are kept, and the last."""
    times, shares = survival.times, survival.shares.tolist()
    kept: list[tuple[float, float]] = []
    last, place = 1.0, 0
    while place < len(times):
        # the shares only fall: the first that lies low enough is found by halving
        place = bisect_left(shares, True, place, key=lambda share: last - share >= _VISIBLE)
        place = min(place, len(times) - 1)
        last = shares[place]
        kept.append((float(times[place]), last))
        place += 1
    return tuple(kept)
