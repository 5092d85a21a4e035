"""The likely cause of a leak or a boost: whose deals, from where, since when, and why (1.11)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.goals import Mark
from funneldesk.reports.cuts import Cell, Cuts
from funneldesk.reports.statistics import common_odds_ratio

# in what else a slice may differ; first where mixes are looked for
_WITHIN = {
    "manager": ("source", "product", "month"),
    "source": ("manager", "product", "month"),
    "product": ("manager", "source", "month"),
    "month": ("source", "manager", "product"),
    "mark": (),
}
LEAST_IN_PART = 5
MOST_OF_IT = 0.6  # of the missing deals
GONE = 0.5  # of the logarithm of the plain odds ratio
OUT_OF_PROPORTION = 1.5  # times the part's share of the deals
LEAST_REASONS, COMMON_REASON = 5, 0.4
MARK_BEFORE = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Cause:
    """What a finding likely comes from.

    `mix`: it is gone within the slices of `by`.  `part`: most of it lies in one of them (`count` deals).
    `mark`: since that change.  `reason`: what `count` of the lost ones name.  None: nothing stands out.
    """

    code: str | None = None
    by: str | None = None
    label: str | None = None
    count: int | None = None


def likely(cell: Cell, cuts: Cuts, facts: FunnelFacts) -> Cause:
    """The first cause that the deals themselves tell of, the one that takes the finding away before all."""
    for by in _WITHIN[cell.by]:
        if by != "month" and _explained(cell, cuts, by):
            return Cause("mix", by)
    if cell.by == "month":
        mark = _mark_near(cell.label, cuts.marks)
        if mark is not None:
            return Cause("mark", "mark", mark.title)
    for by in _WITHIN[cell.by]:
        part = _part(cell, cuts, by)
        if part is not None:
            mark = _mark_near(part.label, cuts.marks) if by == "month" else None
            return part if mark is None else Cause("mark", "mark", mark.title, part.count)
    return _reason(cell, facts)


def _explained(cell: Cell, cuts: Cuts, by: str) -> bool:
    """Whether the difference disappears or turns round within the slices of `by` (Mantel-Haenszel).

    It is gone when the odds ratio within them may well be 1 and lies at most half as far from it.
    """
    key_of = cuts.key_of(by)
    tables: dict[object, list[int]] = {}
    groups = (cell.advanced, cell.lost, cell.other_advanced, cell.other_lost)
    for place, deals in enumerate(groups):
        for deal in deals:
            tables.setdefault(key_of(deal, cell.rank), [0, 0, 0, 0])[place] += 1
    shared = [(a, b, c, d) for a, b, c, d in tables.values() if a + b and c + d]
    if len(tables) < 2 or sum(a + b for a, b, _c, _d in shared) < LEAST_IN_PART:
        return False
    plain = common_odds_ratio(
        [(sum(a), sum(b), sum(c), sum(d)) for a, b, c, d in [zip(*shared, strict=True)]]
    )
    within = common_odds_ratio(shared)
    if plain is None or within is None:
        return False
    odds, low, high = within
    # what is uncertain only because it is cut into small pieces is not explained
    gone = abs(math.log(odds)) <= GONE * abs(math.log(plain[0]))
    return (odds > 1) != (plain[0] > 1) or (gone and low <= 1 <= high)


def _part(cell: Cell, cuts: Cuts, by: str) -> Cause | None:
    """The one slice of `by` in which most of the missing (or additional) deals lie, if there is one."""
    reference = cell.verdict.reference
    if reference is None:
        return None
    key_of = cuts.key_of(by)
    sizes: Counter[object] = Counter()
    on: Counter[object] = Counter()
    for deals, went in ((cell.advanced, 1), (cell.lost, 0)):
        for deal in deals:
            key = key_of(deal, cell.rank)
            sizes[key] += 1
            on[key] += went
    if len(sizes) < 2:
        return None
    whole = abs(cell.resolved * reference - len(cell.advanced))
    turn = 1 if cell.verdict.flag == "leak" else -1
    missing = {key: turn * (n * reference - on[key]) for key, n in sizes.items() if n >= LEAST_IN_PART}
    worst = max(missing, key=lambda key: missing[key], default=None)
    if worst is None or not whole:
        return None
    share, of_deals = missing[worst] / whole, sizes[worst] / cell.resolved
    label = cuts.label(by, worst)
    if label is None or share < MOST_OF_IT or share < OUT_OF_PROPORTION * of_deals:
        return None
    return Cause("part", by, label, sizes[worst])


def _mark_near(month: str | None, marks: Sequence[Mark]) -> Mark | None:
    """The last change marked in a month (`YYYY-MM`) or in the 31 days before it."""
    if month is None:
        return None
    first = date.fromisoformat(f"{month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    near = [mark for mark in marks if first - MARK_BEFORE <= date.fromisoformat(mark.day) < after]
    return near[-1] if near else None


def _reason(cell: Cell, facts: FunnelFacts) -> Cause:
    """The reason that the lost ones of a leak name most, if it stands out."""
    if cell.verdict.flag != "leak":
        return Cause()
    lost: list[DealFact] = cell.lost
    named = Counter(deal.loss_reason_id for deal in lost if deal.loss_reason_id is not None)
    if not named:
        return Cause()
    reason, count = named.most_common(1)[0]
    if len(lost) < LEAST_REASONS or count < COMMON_REASON * len(lost):
        return Cause()
    return Cause("reason", "reason", facts.reasons.get(reason, str(reason)), count)
