"""`leaks`: which manager, source, product or month loses more at a step than the others (1.11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from funneldesk.domain.brought import BroughtAsked
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports import brought
from funneldesk.reports.built import (
    Built,
    Line,
    counts,
    label_of,
    mean_amount,
    missing_money,
    money,
    rates,
    ratio,
    text,
)
from funneldesk.reports.columns import brought_to, columns, distinct
from funneldesk.reports.months import month_label, months_of
from funneldesk.reports.population import known, select_staged, values_of, with_status
from funneldesk.reports.probability import chosen as chosen_probability
from funneldesk.reports.report_info import chosen_groups
from funneldesk.reports.slices import Verdict, judge
from funneldesk.reports.statistics import wilson

if TYPE_CHECKING:
    import numpy as np

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

Parts = dict[Any, "np.ndarray"]


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
    label = slice_label(facts, by)
    chances = [*chosen_probability(facts)[1:], 1.0]
    won = with_status(chosen.deals, "won")
    average = mean_amount(won)
    ranked: list[tuple[int, Line]] = []
    advanced = resolved = 0
    for rank, own in enumerate(_went(facts, by, known(chosen.deals)), start=1):
        keys = sorted(own, key=lambda key: (label(key) is None, label(key) or ""))
        verdicts = judge([(own[key].on, own[key].resolved) for key in keys], request.minimum_n)
        for key, verdict in zip(keys, verdicts, strict=True):
            x, n = own[key].on, own[key].resolved
            line = _line(own[key], verdict)
            line.put(slice=label(key), step=facts.stages[rank - 1].name)
            line.put(cost=_cost(n, verdict, chances[rank - 1], average))
            ranked.append((rank, line))
            advanced, resolved = advanced + x, resolved + n
    ranked.sort(key=lambda pair: (-(pair[1].values["cost"] or 0.0), pair[0]))
    lines = [line for _, line in ranked]
    totals = Line()
    # of several steps together it would be no conversion of anything
    totals.put(pooled_rate=advanced / resolved if facts.k == 1 and resolved else None)
    totals.put(tested=sum(1 for line in lines if line.values["q"] is not None))
    excluded = chosen.excluded | missing_money(won)
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded, {"by": (by,)})


class _Went(NamedTuple):
    """How many went on, and of how many it is known; those deals, and the lost ones, where they are known."""

    on: int
    resolved: int
    deals: tuple[list[DealFact], list[DealFact]] | None = None


def asks(request: ReportRequest, population: Population) -> BroughtAsked | None:
    """The deals of the population, and who brought them: when they are cut by nothing else."""
    if request.by not in ((), ("manager",)):
        return None
    groups = chosen_groups({"reach"}, population, request)
    return BroughtAsked(groups, groups)


def _went(facts: FunnelFacts, by: str, deals: Sequence[DealFact]) -> list[dict[Any, _Went]]:
    """By rank: slice -> how many of its deals went on."""
    if facts.brought is not None:
        told = brought.steps(facts.brought, facts.k)
        return [{key: _Went(each.on, each.on + each.lost) for key, each in own.items()} for own in told]
    traced = Traced(deals)
    return [
        {key: _counted(traced, *traced.went(places, rank)) for key, places in own.items()}
        for rank, own in enumerate(parts(facts, by, traced), start=1)
    ]


def _counted(traced: Traced, on: np.ndarray, lost: np.ndarray) -> _Went:
    x = traced.number(on)
    return _Went(x, x + traced.number(lost), (traced.at(on), traced.at(lost)))


def _line(went: _Went, verdict: Verdict) -> Line:
    line = Line()
    x, n, deals = went
    low, high = wilson(x, n)
    line.put(advanced=x, resolved=n)
    if deals is not None:
        advanced, lost = deals
        line.count("advanced", advanced, x)
        line.count("resolved", advanced + lost, n)
    line.put(rate=ratio(x, n), low=low, high=high, reference=verdict.reference)
    line.put(q=verdict.q, shrunk=verdict.shrunk, flag=verdict.flag)
    return line


def _cost(n: int, verdict: Verdict, chance: float, average: float | None) -> float | None:
    if verdict.flag != "leak" or verdict.reference is None or verdict.shrunk is None or average is None:
        return None
    return n * (verdict.reference - verdict.shrunk) * chance * average


class Traced:
    """Deals with a known path, to be cut into slices and steps by their places in the list."""

    def __init__(self, deals: Sequence[DealFact]) -> None:
        import numpy as np

        self.deals = deals
        self._deals = np.fromiter(deals, dtype=object, count=len(deals))
        self.id, self.reach, self._n = (
            np.fromiter(values_of(deals, name), dtype=np.int64, count=len(deals))
            for name in ("id", "reach", "n")
        )
        lost = map("lost".__eq__, values_of(deals, "status"))
        self._lost = np.fromiter(lost, dtype=bool, count=len(deals))

    def number(self, places: np.ndarray) -> int:
        """How many deals those at some places stand for."""
        return int(self._n[places].sum())

    def at(self, places: np.ndarray) -> list[DealFact]:
        """The deals at some places."""
        found: list[DealFact] = self._deals[places].tolist()
        return found

    def went(self, places: np.ndarray, rank: int) -> tuple[np.ndarray, np.ndarray]:
        """Which of those that reached a stage went on, and which were lost there."""
        reach = self.reach[places]
        return places[reach > rank], places[(reach == rank) & self._lost[places]]


def parts(facts: FunnelFacts, by: str, traced: Traced) -> list[Parts]:
    """By rank: slice -> the places of its deals that reached the stage."""
    if by == "manager":
        return credited(facts, traced)
    keys, names = _keys(facts, by, traced.deals)
    return [_divided(traced, rank, keys, names) for rank in range(1, facts.k + 1)]


def credited(facts: FunnelFacts, traced: Traced) -> list[Parts]:
    """By rank: whoever brought them into the stage -> the places of the deals that reached it."""
    actors = brought_to(columns(facts.moves), traced.id, traced.reach, facts.k)
    nobody = {NONE: None}
    return [_divided(traced, rank, brought, nobody) for rank, brought in enumerate(actors, start=1)]


def _divided(traced: Traced, rank: int, keys: np.ndarray, names: Mapping[int, Any]) -> Parts:
    """The deals that reached a stage by key, the keys as they come; `names` of keys that are no ids."""
    import numpy as np

    here = np.flatnonzero(traced.reach >= rank)
    different, which = distinct(keys[here])
    # few mostly, and short numbers are sorted much faster
    order = np.argsort(which.astype(np.uint16) if len(different) <= 1 << 16 else which, kind="stable")
    bounds = np.cumsum(np.bincount(which, minlength=len(different)))[:-1]
    divided = [places for places in np.split(here[order], bounds) if len(places)]
    divided.sort(key=lambda places: int(places[0]))
    return {names.get(key := int(keys[places[0]]), key): places for places in divided}


def _keys(facts: FunnelFacts, by: str, deals: Sequence[DealFact]) -> tuple[np.ndarray, dict[int, Any]]:
    """A number per deal for its slice, and what the numbers mean that are no ids."""
    import numpy as np

    if by in ("source", "product"):
        ids = (NONE if value is None else value for value in values_of(deals, f"{by}_id"))
        return np.fromiter(ids, dtype=np.int64, count=len(deals)), {NONE: None}
    found = np.full(len(deals), NONE)
    dated = [place for place, deal in enumerate(deals) if deal.created_at is not None]
    found[dated] = months_of([deals[place].created_at or 0 for place in dated], ZoneInfo(facts.zone))
    names = {month: month_label(month) for month in np.unique(found[dated]).tolist()}
    return found, {NONE: None, **names}


def slice_key(facts: FunnelFacts, by: str) -> Callable[[DealFact], Any]:
    """To which slice a deal belongs by source, product or month of creation."""
    if by == "source":
        return lambda deal: deal.source_id
    if by == "product":
        return lambda deal: deal.product_id
    moments = [deal.created_at for deal in facts.deals if deal.created_at is not None]
    months = months_of(moments, ZoneInfo(facts.zone)).tolist()
    names = {month: month_label(month) for month in set(months)}
    by_moment = {at: names[month] for at, month in zip(moments, months, strict=True)}
    return lambda deal: None if deal.created_at is None else by_moment[deal.created_at]


def slice_label(facts: FunnelFacts, by: str) -> Callable[[Any], str | None]:
    """How a slice is called; None = of nobody, without a source ..."""
    names = {"manager": facts.managers, "source": facts.sources, "product": facts.products}.get(by)
    return (lambda key: key) if names is None else (lambda key: label_of(names, key))
