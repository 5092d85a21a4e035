"""`dynamics`: created, won and lost by week, month or quarter of the base's calendar (PRODUCT E)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import chain
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule
from funneldesk.reports.built import (
    Built,
    Line,
    amount_of,
    counts,
    missing_money,
    money,
    rates,
    ratio,
    text,
)
from funneldesk.reports.population import all_deals, has_period, select
from funneldesk.reports.statistics import wilson

SPANS = ("week", "month", "quarter")
MOST_EMPTY = 600  # a wrong date centuries away must not bring thousands of empty rows
_NUMBERS = (
    *counts("created", "won", "lost"),
    *money("won_amount"),
    *rates("win_rate", "win_rate_low", "win_rate_high"),
)
_COLUMNS: tuple[Column, ...] = (*text("period"), *_NUMBERS, *text("marks"))

ByDay = dict[date, list[DealFact]]  # by the first day of a span


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per calendar span, the earliest first, also those in between in which nothing happened.

    Created by the day of creation; won and lost by the day of the close, if closed still at T.
    Labels: 2026-W05 (ISO week), 2026-02, 2026-Q1.  The win rate is of the deals closed in the span.
    `marks` are the changes marked on its days, of these funnels or of all.
    """
    span = (request.by or ("month",))[0]
    zone = ZoneInfo(funnels[0].zone)
    deals = all_deals(funnels)
    starts = [deal for each in funnels for deal in (each.deals if each.begun is None else each.begun)]
    begun, ended = select(starts, request, Population.COHORT), select(deals, request, population)
    day_of = cache(lambda at: first_day(at, span, zone))
    created: ByDay = {}
    ends: dict[str, ByDay] = {"won": {}, "lost": {}}
    undated = {"no_created_at": 0, "no_closed_at": 0}
    for deal in begun.deals:
        if deal.created_at is None:
            undated["no_created_at"] += deal.n
        else:
            created.setdefault(day_of(deal.created_at), []).append(deal)
    for deal in ended.deals:
        if deal.closed_at is None:
            undated["no_closed_at"] += deal.n
        else:
            ends[deal.status].setdefault(day_of(deal.closed_at), []).append(deal)
    lines = []
    marks = _marks(funnels, span)
    won, lost = ends["won"], ends["lost"]
    for day in _days(sorted(created.keys() | won.keys() | lost.keys()), span):
        line = _line(created.get(day, []), won.get(day, []), lost.get(day, []))
        line.put(period=span_label(day, span), marks=marks.get(day))
        lines.append(line)
    if has_period(request):
        undated = {**begun.excluded, **ended.excluded}
    came, wins, losses = (list(chain.from_iterable(each.values())) for each in (created, won, lost))
    excluded = undated | missing_money(wins)
    totals = _line(came, wins, losses)
    return Built(_COLUMNS, lines, _NUMBERS, totals, excluded, {"by": (span,)})


def _line(created: list[DealFact], won: list[DealFact], lost: list[DealFact]) -> Line:
    line = Line()
    line.count("created", created)
    wins = line.count("won", won)
    ends = wins + line.count("lost", lost)
    low, high = wilson(wins, ends)
    rate = ratio(wins, ends)
    line.put(won_amount=amount_of(won), win_rate=rate, win_rate_low=low, win_rate_high=high)
    return line


def _marks(funnels: Sequence[FunnelFacts], span: str) -> dict[date, str]:
    """By first day of a span the titles of the changes marked in it, in the order of their days."""
    wanted = {facts.funnel_id for facts in funnels}
    found: dict[date, list[str]] = {}
    for mark in sorted(funnels[0].ledger.marks, key=lambda mark: (mark.day, mark.id)):
        if mark.funnel_id is None or mark.funnel_id in wanted:
            found.setdefault(_first_of(date.fromisoformat(mark.day), span), []).append(mark.title)
    return {day: "; ".join(titles) for day, titles in found.items()}


def first_day(at: int, span: str, zone: ZoneInfo) -> date:
    """The first day of the week, month or quarter in which a moment lies, by the clocks of `zone`."""
    return _first_of(clock.local_date(at, zone), span)


def _first_of(day: date, span: str) -> date:
    if span == "week":
        return day - timedelta(days=day.weekday())
    if span == "month":
        return day.replace(day=1)
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def spans(request: ReportRequest, zone: ZoneInfo) -> Callable[[int], int]:
    """A function: a moment -> the first of the span after its own."""
    span = (request.by or ("month",))[0]
    days: dict[int, date] = {}  # of what it gave, which it is asked for next

    def after(at: int) -> int:
        day = _next(days.get(at) or first_day(at, span, zone), span)
        moment = clock.start_of_day(day, zone)
        days[moment] = day
        return moment

    return after


def span_label(first: date, span: str) -> str:
    """The name of a span by its first day: 2026-W05, 2026-02, 2026-Q1."""
    if span == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return f"{first:%Y-%m}" if span == "month" else f"{first.year}-Q{(first.month + 2) // 3}"


def _next(first: date, span: str) -> date:
    if span == "week":
        return first + timedelta(days=7)
    months = first.month - 1 + (1 if span == "month" else 3)
    return date(first.year + months // 12, months % 12 + 1, 1)


def _days(found: list[date], span: str) -> list[date]:
    """`found` with the empty spans between its first and last."""
    if not found:
        return []
    days = [found[0]]
    while days[-1] < found[-1]:
        if len(days) >= MOST_EMPTY:
            return found
        days.append(_next(days[-1], span))
    return days
