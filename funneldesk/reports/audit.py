"""`audit`: what stands out in a funnel, what it costs, where it likely comes from (1.11, 1.17)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports import shape
from funneldesk.reports.built import Built, Line, counts, missing_money, money, rates, text
from funneldesk.reports.causes import likely
from funneldesk.reports.cuts import WIN_RATE, Cell, Cuts, won_average
from funneldesk.reports.population import known, select_staged, with_status
from funneldesk.reports.probability import chosen as chosen_probability
from funneldesk.reports.slices import FALSE_DISCOVERIES
from funneldesk.reports.statistics import benjamini_hochberg, wilson

KINDS = ("leak", "hanging", "step", "volume", "key", "boost", "people", "record", "nothing")
_TEXTS = ("kind", "finding", "by", "slice", "step")
_COLUMNS = (
    *text(*_TEXTS),
    *counts("count"),
    *counts("advanced", "resolved", opens=False),
    *rates("rate", "low", "high", "reference"),
    Column("q", Type.P),
    *rates("shrunk"),
    Column("flag", Type.FLAG),
    *money("cost", "worth", "amount"),
    *rates("share"),
    Column("usual", Type.NUMBER),
    Column("month_deals", Type.NUMBER),
    Column("days", Type.DAYS),
    *text("cause", "cause_by", "cause_label"),
    *counts("cause_count", opens=False),
)
_TOTALS = (
    *counts("deals"),
    *counts("leaks", "boosts", "tested", "unsure", opens=False),
    *money("cost"),
    *text("key_stage", "turning_point"),
)
_EMPTY = {column.key: None for column in _COLUMNS}


@dataclass(frozen=True, slots=True)
class _Price:
    """What a missing deal of a step would have brought: chance from the next stage on, by won average."""

    chances: Sequence[float]
    average: float | None

    def of(self, cell: Cell) -> float | None:
        verdict = cell.verdict
        if self.average is None or verdict.reference is None or verdict.shrunk is None:
            return None
        chance = 1.0 if cell.rank == WIN_RATE else self.chances[cell.rank - 1]
        return cell.resolved * abs(verdict.reference - verdict.shrunk) * chance * self.average


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per finding, what to do first on top: leaks by their cost, what hangs, where most is lost ...

    Leaks and boosts are those of `leaks` in every cut (and of the win rates, and of 90 days on either side
    of a marked change) that stay likely when all comparisons of this page are taken as one family: `q` is
    of that family, `unsure` counts those that do not stay.  `cost` (of a leak) and `worth` (of a boost)
    = n * |reference - shrunk| * p of the next stage * average won amount, minor units; those whose
    `cause` is `mix` come last.  `count` are the deals to open, `amount` is theirs.  `totals.cost` is the
    greatest sum of leaks by one cut, for other cuts count the same deals again.
    """
    facts = funnels[0]
    chosen = select_staged(facts, request, population)
    traced = known(chosen.deals)
    cuts = Cuts(facts, traced, request)
    weeks = shape.weekly(facts)
    cells = list(cuts.cells())
    sure = benjamini_hochberg([cell.verdict.p or 0.0 for cell in cells] + [week.p for week in weeks])
    price = _Price([*chosen_probability(facts)[1:], 1.0], won_average(chosen.deals))
    flagged = [pair for pair in zip(cells, sure, strict=False) if pair[0].verdict.flag in ("leak", "boost")]
    lines = [
        _found(cell, q, price, cuts, facts)
        for cell, q in _once([pair for pair in flagged if pair[1] <= FALSE_DISCOVERIES])
    ]
    odd = [(week, q) for week, q in zip(weeks, sure[len(cells) :], strict=True) if q <= FALSE_DISCOVERIES]
    lines += [shape.week_line(facts, week, q) for week, q in odd]
    lines += shape.hanging(facts, request)
    lines += shape.worst_steps(facts, traced)
    key, key_name, turning = shape.deciding(facts, request)
    lines += [key] if key is not None else []
    lines += shape.people(facts, request, population, cells)
    lines += shape.without_reason(chosen.deals)
    if chosen.deals and not any(line.values["kind"] in ("leak", "boost", "volume") for line in lines):
        lines.append(shape.finding("nothing", "nothing" if sure else "too_few", resolved=len(sure)))
    for line in lines:
        line.values = _EMPTY | line.values
    lines.sort(key=_urgency)
    totals = Line()
    totals.count("deals", chosen.deals)
    kinds = [line.values["kind"] for line in lines]
    totals.put(leaks=kinds.count("leak"), boosts=kinds.count("boost"), tested=len(sure))
    totals.put(unsure=sum(1 for _cell, q in flagged if q > FALSE_DISCOVERIES))
    totals.put(cost=_whole_cost(lines), key_stage=key_name, turning_point=turning)
    excluded = chosen.excluded | missing_money(with_status(chosen.deals, "won"))
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded)


def _once(found: list[tuple[Cell, float]]) -> list[tuple[Cell, float]]:
    """Without the win rates of those whose steps tell more of the same."""
    told = {(cell.label, cell.verdict.flag) for cell, _q in found if cell.by == "manager" and cell.rank}
    return [
        (cell, q) for cell, q in found if cell.rank != WIN_RATE or (cell.label, cell.verdict.flag) not in told
    ]


def _found(cell: Cell, q: float, price: _Price, cuts: Cuts, facts: FunnelFacts) -> Line:
    verdict, leaks = cell.verdict, cell.verdict.flag == "leak"
    rate_only = cell.rank == WIN_RATE
    place = "rate" if rate_only else shape.kind_of(facts, cell.rank)
    low, high = wilson(len(cell.advanced), cell.resolved)
    cause, money_of = likely(cell, cuts, facts), price.of(cell)
    line = shape.finding(
        verdict.flag, f"leak_{place}" if leaks else f"boost_{cell.by}", cell.lost if leaks else cell.advanced,
        by=cell.by, slice=cell.label, step=None if rate_only else facts.stages[cell.rank - 1].name,
        advanced=len(cell.advanced), resolved=cell.resolved, rate=cell.rate, low=low, high=high,
        reference=verdict.reference, q=q, shrunk=verdict.shrunk, flag=verdict.flag,
    )  # fmt: skip
    line.put(**{"cost" if leaks else "worth": money_of})
    line.put(cause=cause.code, cause_by=cause.by, cause_label=cause.label, cause_count=cause.count)
    return line


def _urgency(line: Line) -> tuple[bool, int, float, float]:
    known = line.values
    stake = known["cost"] or known["worth"] or known["amount"] or 0.0
    return known["cause"] == "mix", KINDS.index(known["kind"]), -stake, -known["count"]


def _whole_cost(lines: Sequence[Line]) -> float | None:
    by_cut: dict[str, float] = {}
    for line in lines:
        known = line.values
        if known["cost"] is not None and known["cause"] != "mix":
            by_cut[known["by"]] = by_cut.get(known["by"], 0.0) + known["cost"]
    return max(by_cut.values(), default=None)
