"""`velocity`: what the open deals promise per day, beside what was really won per day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts, Part
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports.built import (
    Built,
    Line,
    amount_of,
    counts,
    days,
    missing_money,
    money,
    rates,
    ratio,
)
from funneldesk.reports.cycle import bad_cycles, cycle_days
from funneldesk.reports.population import all_deals, select, with_status
from funneldesk.reports.statistics import mean, wilson

WINDOW_DAYS = 90
POINT = 0.01
SHORTEST = 2.0  # days of a cycle that can be a day shorter
_COLUMNS = (
    *counts("open", "won", "lost"),
    *rates("win_rate", "win_rate_low", "win_rate_high"),
    *money("won_average"),
    *days("cycle_mean_days"),
    *money("velocity_per_day", "won_per_day"),
    *money("point_worth", "day_worth"),
    *days("window_days"),
)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """One row: open deals at T * win rate * average won amount / mean cycle days.

    Rate, average and cycle are of the window: the period asked for, else the 90 days before T.
    No wins -> 0; a cycle below a day counts as a day; None where wins have no amount or no cycle.
    `won_per_day` is the money won in the window per day of it.  `point_worth` and `day_worth` are what the
    velocity would grow by, per day, with a win rate one point higher and a cycle one day shorter (None of a
    cycle under two days: there is no day to spare).  Money in minor units.
    """
    as_of = funnels[0].as_of
    start, end = window(request, as_of)
    deals = all_deals(funnels)
    chosen = select(deals, replace(request, start=start, end=end), population)
    won, lost = with_status(chosen.deals, "won"), with_status(chosen.deals, "lost")
    line = Line()
    line.count("open", with_status(deals, "open"))
    line.count("won", won)
    line.count("lost", lost)
    low, high = wilson(len(won), len(won) + len(lost))
    rate = ratio(len(won), len(won) + len(lost))
    line.put(win_rate=rate, win_rate_low=low, win_rate_high=high)
    average = mean([deal.amount for deal in won if deal.amount is not None])
    cycle = mean([each for deal in won if (each := cycle_days(deal)) is not None])
    line.put(won_average=average, cycle_mean_days=cycle)
    pace = _velocity(line.values["open"], rate, average, cycle)
    line.put(velocity_per_day=pace, point_worth=None, day_worth=None)
    if pace and rate and cycle is not None:
        line.put(point_worth=pace * POINT / rate if rate + POINT <= 1 else None)
        line.put(day_worth=pace / (cycle - 1) if cycle >= SHORTEST else None)
    length = max((min(end, as_of) - start) / DAY, 0.0)
    line.put(won_per_day=ratio(float(amount_of(won)), length), window_days=length)
    excluded = {**chosen.excluded, **missing_money(won)}
    excluded["negative_cycle"] = bad_cycles(won)["negative_cycle"]
    return Built(_COLUMNS, [line], excluded=excluded, period=(start, end))


def window(request: ReportRequest, as_of: int) -> tuple[int, int]:
    """The period that is looked at: the bounds asked for, the missing ones so that it has 90 days."""
    end = as_of if request.end is None else request.end
    return (end - WINDOW_DAYS * DAY if request.start is None else request.start), end


def part(request: ReportRequest, _population: Population, as_of: int) -> Part:
    """The deals that are looked at: the open ones and those closed in the window."""
    start, end = window(request, as_of)
    return Part(start, end, closed=True, open=True)


def _velocity(
    open_deals: int, rate: float | None, average: float | None, cycle: float | None
) -> float | None:
    if not rate:
        return 0.0
    if average is None or cycle is None:
        return None
    return open_deals * rate * average / max(cycle, 1.0)
