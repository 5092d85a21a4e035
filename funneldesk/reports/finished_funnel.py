"""`finished-funnel`: of the deals that ended, how many passed each stage and how many it lost (1.3)."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports.built import Built, Line, amount_of, counts, missing_money, money, rates, ratio, text
from funneldesk.reports.population import closed, known, number, select_staged, with_status
from funneldesk.reports.statistics import wilson

_COLUMNS = (
    *text("stage"),
    *counts("entered", "passed", "lost"),
    *rates("conversion", "conversion_low", "conversion_high"),
    *money("passed_amount", "lost_amount"),
)
_TOTALS = (
    *counts("finished", "won", "lost", "lost_at_creation"),
    *money("won_amount", "lost_amount"),
    *rates("win_rate", "win_rate_low", "win_rate_high"),
)


def end_rank(deal: DealFact, stages: int) -> int:
    """Where a closed deal ended: K+1 when won, else the stage it was lost at (0 = at creation)."""
    return stages + 1 if deal.status == "won" else deal.lost_at or 0


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """Rows by stage: entered = passed + lost, and what passed one stage entered the next (1.3).

    Deals with an unknown path count in the totals but in no row.  Money in minor units.
    """
    facts = funnels[0]
    chosen = select_staged(facts, request, population)
    finished = closed(chosen.deals)
    excluded = dict(chosen.excluded)
    traced = known(finished)
    excluded["unknown_path"] = number(finished) - number(traced)
    lines = [_line(stage.name, rank, traced, facts.k) for rank, stage in enumerate(facts.stages, start=1)]
    totals = Line()
    won, lost = with_status(finished, "won"), with_status(finished, "lost")
    ended, wins = totals.count("finished", finished), totals.count("won", won)
    totals.count("lost", lost)
    totals.count("lost_at_creation", [deal for deal in traced if end_rank(deal, facts.k) == 0])
    totals.put(won_amount=amount_of(won), lost_amount=amount_of(lost))
    low, high = wilson(wins, ended)
    totals.put(win_rate=ratio(wins, ended), win_rate_low=low, win_rate_high=high)
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded | missing_money(finished))


def _line(name: str, rank: int, traced: list[DealFact], stages: int) -> Line:
    line = Line()
    entered = [deal for deal in traced if end_rank(deal, stages) >= rank]
    passed = [deal for deal in entered if end_rank(deal, stages) > rank]
    lost = [deal for deal in entered if end_rank(deal, stages) == rank]
    line.put(stage=name)
    came, went = line.count("entered", entered), line.count("passed", passed)
    line.count("lost", lost)
    low, high = wilson(went, came)
    line.put(conversion=ratio(went, came), conversion_low=low, conversion_high=high)
    line.put(passed_amount=amount_of(passed), lost_amount=amount_of(lost))
    return line
