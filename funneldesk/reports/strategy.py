"""`strategy`: many deals with little work each, or few with much: how each manager sells (1.12)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, amount_of, counts, label_of, missing_money, money, text
from funneldesk.reports.columns import distinct
from funneldesk.reports.deal_columns import read_done
from funneldesk.reports.population import all_deals, closed, select, with_status
from funneldesk.reports.statistics import median

MONTH_DAYS = 365.25 / 12
LEAST_CLOSED = 10
LEAST_MANAGERS = 3
APART = 0.32  # in powers of two: a quarter more, a fifth less
_COLUMNS = (
    *text("manager"),
    *counts("deals", "closed"),
    Column("volume", Type.NUMBER),
    Column("depth", Type.NUMBER),
    *text("strategy"),
    Column("wins_per_month", Type.NUMBER),
    *money("revenue_per_month", "revenue_per_activity", "profit_per_activity"),
)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per owner, by revenue: deals per month (`volume`) and median activities per closed deal.

    Of deals created in the period; its months are those gone by (from the first creation without a
    period).  `strategy`: wide-shallow, deep-few, intensive, under-loaded or balanced against the
    medians of the managers with 10 closed deals (`usual`); None without three of them.  Profit is not kept:
    `profit_per_activity` is None, `revenue_per_activity` stands beside it.  Money in minor units.
    """
    chosen = select(all_deals(funnels), request, population)
    by_owner: dict[int | None, list[DealFact]] = {}
    for deal in chosen.deals:
        by_owner.setdefault(deal.owner, []).append(deal)
    done = _done(funnels)
    months = _months(chosen.deals, request, funnels[0].as_of)
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    lines = []
    for owner, deals in by_owner.items():
        line = _line(deals, done, months)
        line.put(manager=label_of(names, owner))
        lines.append(line)
    usual = _usual(lines)
    if usual is not None:
        _name_strategies(lines, *usual)
    lines.sort(key=_by_revenue)
    excluded = chosen.excluded | missing_money(with_status(chosen.deals, "won"))
    return Built(_COLUMNS, lines, excluded=excluded, extra={"usual": usual})


def _done(funnels: Sequence[FunnelFacts]) -> Counter[int]:
    """How many activities were done for each deal."""
    import numpy as np

    table = funnels[0].done
    if table is None:
        return Counter(a.deal_id for facts in funnels for a in facts.activities if a.deal_id is not None)
    ids = read_done(table)["deal"]
    deals, which = distinct(ids[ids != NONE])
    many = np.bincount(which, minlength=len(deals))
    return Counter(dict(zip(deals.tolist(), many.tolist(), strict=True)))


def _months(deals: Sequence[DealFact], request: ReportRequest, as_of: int) -> float:
    begun = [deal.created_at for deal in deals if deal.created_at is not None]
    start = request.start if request.start is not None else min(begun, default=as_of)
    end = as_of if request.end is None else min(request.end, as_of)
    # less than a month is counted as one: two deals in two days are not thirty a month
    return max((end - start) / DAY / MONTH_DAYS, 1.0)


def _line(deals: list[DealFact], done: Counter[int], months: float) -> Line:
    line = Line()
    ended, won = closed(deals), with_status(deals, "won")
    line.count("deals", deals)
    line.count("closed", ended)
    revenue, activities = amount_of(won), sum(done[deal.id] for deal in deals)
    line.put(volume=len(deals) / months, depth=median([done[deal.id] for deal in ended]), strategy=None)
    line.put(wins_per_month=len(won) / months, revenue_per_month=revenue / months)
    line.put(revenue_per_activity=revenue / activities if activities else None, profit_per_activity=None)
    return line


def _told(lines: Sequence[Line]) -> list[Line]:
    """The managers with enough closed deals to tell how they sell."""
    return [
        line for line in lines if line.values["closed"] >= LEAST_CLOSED and line.values["manager"] is not None
    ]


def _usual(lines: Sequence[Line]) -> tuple[float, float] | None:
    """The medians of volume and depth; None without three managers that can be told, or where one is 0."""
    told = _told(lines)
    volume, depth = (median([line.values[key] for line in told]) for key in ("volume", "depth"))
    return (volume, depth) if len(told) >= LEAST_MANAGERS and volume and depth else None


def _name_strategies(lines: Sequence[Line], volume: float, depth: float) -> None:
    for line in _told(lines):
        line.put(strategy=name_of(line.values["volume"] / volume, line.values["depth"] / depth))


def name_of(volume: float, depth: float) -> str:
    """The strategy of somebody with `volume` and `depth` times the medians."""
    v, d = (math.log2(each) if each > 0 else -math.inf for each in (volume, depth))
    wide, narrow = v >= APART, v <= -APART
    deep, shallow = d >= APART, d <= -APART
    if wide and shallow:
        return "wide-shallow"
    if narrow and deep:
        return "deep-few"
    if wide and deep:
        return "intensive"
    return "under-loaded" if narrow and shallow else "balanced"


def takes_many(volume: float, usual: float) -> bool:
    """Whether somebody has so many more deals than `usual` that it is a way of working."""
    return usual > 0 and volume > 0 and math.log2(volume / usual) >= APART


def _by_revenue(line: Line) -> tuple[bool, float, str]:
    name = line.values["manager"]
    return name is None, -line.values["revenue_per_month"], name or ""
