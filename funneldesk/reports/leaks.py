"""`leaks`: which manager, source, product or month loses more at a step than the others (1.11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import (
    Built,
    Line,
    counts,
    label_of,
    mean_amount,
    missing_money,
    money,
    rates,
    text,
)
from funneldesk.reports.columns import brought_by, columns
from funneldesk.reports.dynamics import first_day, span_label
from funneldesk.reports.population import known, number, select_staged, with_status
from funneldesk.reports.probability import chosen as chosen_probability
from funneldesk.reports.slices import Verdict, judge
from funneldesk.reports.steps import Step, step

SLICES = ("manager", "source", "product", "month")
_COLUMNS = (
    *text("slice", "step"),
    *counts("advanced", "resolved"),
    *rates("rate", "low", "high", "reference"),
    Column("q", Type.P),
    *rates("shrunk"),
    Column("flag", Type.FLAG),
    *money("cost"),
)
_TOTALS = (*rates("pooled_rate"), *counts("tested", opens=False))

Parts = dict[Any, list[DealFact]]


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per slice and step; leaks first, the dearest on top, then by step and slice.

    The resolved step conversion of each slice against all other slices together: Fisher exact,
    Benjamini-Hochberg over the slices of one step, shrunk by moments.  A step is credited to the
    actor of the first entry; source, product and month of creation are the deal's.  `cost` of a
    leak = n * (reference - shrunk) * p of the next stage * average won amount, in minor units.
    """
    facts = funnels[0]
    by = (request.by or ("manager",))[0]
    chosen = select_staged(facts, request, population)
    traced = known(chosen.deals)
    label = slice_label(facts, by)
    chances = [*chosen_probability(facts)[1:], 1.0]
    won = with_status(chosen.deals, "won")
    average = mean_amount(won)
    ranked: list[tuple[int, Line]] = []
    advanced = resolved = 0
    for rank, own in enumerate(parts(facts, by, traced), start=1):
        keys = sorted(own, key=lambda key: (label(key) is None, label(key) or ""))
        steps = [step(own[key], rank) for key in keys]
        verdicts = judge([(number(each.advanced), each.resolved) for each in steps], request.minimum_n)
        for key, each, verdict in zip(keys, steps, verdicts, strict=True):
            line = _line(each, verdict)
            line.put(slice=label(key), step=facts.stages[rank - 1].name)
            line.put(cost=_cost(each, verdict, chances[rank - 1], average))
            ranked.append((rank, line))
            advanced, resolved = advanced + number(each.advanced), resolved + each.resolved
    ranked.sort(key=lambda pair: (-(pair[1].values["cost"] or 0.0), pair[0]))
    lines = [line for _, line in ranked]
    totals = Line()
    # of several steps together it would be no conversion of anything
    totals.put(pooled_rate=advanced / resolved if facts.k == 1 and resolved else None)
    totals.put(tested=sum(1 for line in lines if line.values["q"] is not None))
    excluded = chosen.excluded | missing_money(won)
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded, {"by": (by,)})


def _line(each: Step, verdict: Verdict) -> Line:
    line = Line()
    low, high = each.interval
    line.count("advanced", each.advanced)
    line.count("resolved", each.advanced + each.lost)
    line.put(rate=each.conversion, low=low, high=high, reference=verdict.reference)
    line.put(q=verdict.q, shrunk=verdict.shrunk, flag=verdict.flag)
    return line


def _cost(each: Step, verdict: Verdict, chance: float, average: float | None) -> float | None:
    if verdict.flag != "leak" or verdict.reference is None or verdict.shrunk is None or average is None:
        return None
    return each.resolved * (verdict.reference - verdict.shrunk) * chance * average


def parts(facts: FunnelFacts, by: str, deals: Sequence[DealFact]) -> list[Parts]:
    """By rank: slice -> its deals that reached the stage."""
    if by == "manager":
        return credited(facts, deals)
    found: list[Parts] = [{} for _ in facts.stages]
    key_of = slice_key(facts, by)
    for deal in deals:
        key = key_of(deal)
        for part in found[: deal.reach]:
            part.setdefault(key, []).append(deal)
    return found


def credited(facts: FunnelFacts, deals: Sequence[DealFact]) -> list[Parts]:
    """By rank: whoever brought them into the stage -> the deals that reached it."""
    found: list[Parts] = []
    actors = brought_by(columns(facts.moves).effective(), deals, facts.k)
    for rank, brought in enumerate(actors, start=1):
        part: Parts = {}
        for deal, actor in zip(deals, brought.tolist(), strict=True):
            if deal.reach >= rank:
                part.setdefault(None if actor == NONE else actor, []).append(deal)
        found.append(part)
    return found


def slice_key(facts: FunnelFacts, by: str) -> Callable[[DealFact], Any]:
    """To which slice a deal belongs by source, product or month of creation."""
    if by == "source":
        return lambda deal: deal.source_id
    if by == "product":
        return lambda deal: deal.product_id
    zone = ZoneInfo(facts.zone)

    def month(deal: DealFact) -> str | None:
        at = deal.created_at
        return None if at is None else span_label(first_day(at, "month", zone), "month")

    return month


def slice_label(facts: FunnelFacts, by: str) -> Callable[[Any], str | None]:
    """How a slice is called; None = of nobody, without a source ..."""
    names = {"manager": facts.managers, "source": facts.sources, "product": facts.products}.get(by)
    return (lambda key: key) if names is None else (lambda key: label_of(names, key))
