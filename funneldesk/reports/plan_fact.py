"""`plan-fact`: what was planned for a month, what was done, and the chance to make it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import ActivityFact, DealFact, FunnelFacts, Part
from funneldesk.domain.goals import Measure, Plan, month_after, month_days
from funneldesk.domain.money import from_minor
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, amount_of, counts, label_of, missing_money, rates, text
from funneldesk.reports.outlook import Future, Outlook, Period, futures
from funneldesk.reports.population import all_deals, has_period

MEASURES = tuple(str(each) for each in Measure)
_KINDS = {Measure.CALLS: "call", Measure.MEETINGS: "meeting"}
_PLANNED = frozenset(_KINDS.values())
_ORDER = {measure: place for place, measure in enumerate(MEASURES)}
MOST_MONTHS = 60
_COLUMNS = (
    *text("manager", "month", "measure"),
    Column("plan", Type.NUMBER),
    Column("fact", Type.NUMBER),
    *rates("share", "chance"),
    Column("gap", Type.NUMBER),
    Column("per_day", Type.COUNT),
    *counts("deals"),
)


@dataclass(frozen=True, slots=True)
class _Month:
    name: str
    start: int
    end: int


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per manager (None = the team), month and measure that has a plan or a fact, by month.

    `plan`, `fact` and `gap` (what is missing) of money are in units of the currency.  Won money and deals
    count for the owner at the close (`deals` are those); calls and meetings for who did them.
    `share` = fact / plan.  `per_day` of calls and meetings: the gap by the working days left of the month
    (Monday to Friday, the day of T included), rounded up; None of a month that is over.  `chance`, of money
    and deals of the month in which T lies: the share of 10,000 drawn futures in which won so far, open deals
    by pace and new business reach the plan.
    Without a period: the month of T.
    """
    first = funnels[0]
    zone = ZoneInfo(first.zone)
    months = _months(request, first.as_of, zone)
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    wanted = set(request.managers)
    wins = _won_in(all_deals(funnels), months)
    work = _done_in(first.activities, months)
    lines: list[Line] = []
    for month, won, done in zip(months, wins, work, strict=True):
        plans = [plan for plan in first.ledger.plans if plan.month == month.name]
        chances = _chances(funnels, request, month, plans)
        days = clock.working_days(first.as_of, month.start, month.end, zone)
        lines += _rows(first.currency, days, month, plans, won, done, names, wanted, chances)
    lines.sort(key=lambda line: (line.values["month"], line.values["manager"] is not None,
        line.values["manager"] or "", _ORDER[line.values["measure"]]))  # fmt: skip
    excluded = missing_money(deal for won in wins for deal in won)
    return Built(_COLUMNS, lines, excluded=excluded, period=(months[0].start, months[-1].end))


def bounds(request: ReportRequest, as_of: int, zone: ZoneInfo) -> tuple[int, int]:
    """[start, end) of the months that are looked at."""
    months = _months(request, as_of, zone)
    return months[0].start, months[-1].end


def looked_at(request: ReportRequest, as_of: int, zone: ZoneInfo) -> Part:
    """The deals that are looked at one by one: open ones, and those closed in the months."""
    return Part(*bounds(request, as_of, zone), closed=True, open=True)


def without_chances(request: ReportRequest, as_of: int, zone: ZoneInfo, plans: Sequence[Plan]) -> Part | None:
    """The deals that are looked at where no chance is asked for; None where one is."""
    wanted = request.managers
    own = [plan for plan in plans if not wanted or plan.manager_id in wanted]
    for month in _months(request, as_of, zone):
        if month.start <= as_of < month.end and _weighed(plan for plan in own if plan.month == month.name):
            return None
    return Part(*bounds(request, as_of, zone), closed=True)


def _months(request: ReportRequest, as_of: int, zone: ZoneInfo) -> list[_Month]:
    this = f"{clock.local_date(as_of, zone):%Y-%m}"
    first = last = this
    if has_period(request):
        last = this if request.end is None else f"{clock.local_date(request.end - 1, zone):%Y-%m}"
        first = last if request.start is None else f"{clock.local_date(request.start, zone):%Y-%m}"
    found: list[_Month] = []
    name = first
    while name <= last and len(found) < MOST_MONTHS:
        start, end = month_days(name)
        found.append(_Month(name, clock.start_of_day(start, zone), clock.start_of_day(end, zone)))
        name = month_after(name)
    return found or [_Month(this, *_bounds(this, zone))]


def _bounds(month: str, zone: ZoneInfo) -> tuple[int, int]:
    start, end = month_days(month)
    return clock.start_of_day(start, zone), clock.start_of_day(end, zone)


Chances = dict[tuple[int | None, str], float]
Done = Mapping[tuple[int | None, str], int]  # by who did it and the kind, how many


def _won_in(deals: Iterable[DealFact], months: Sequence[_Month]) -> list[list[DealFact]]:
    """By month, of which one follows the other, the deals won in it."""
    found: list[list[DealFact]] = [[] for _month in months]
    starts, end = [month.start for month in months], months[-1].end
    for deal in deals:
        closed = deal.closed_at
        if deal.status == "won" and closed is not None and starts[0] <= closed < end:
            found[bisect_right(starts, closed) - 1].append(deal)
    return found


def _done_in(activities: Iterable[ActivityFact], months: Sequence[_Month]) -> list[Done]:
    """By month how much of what is planned was done."""
    found = [Counter[tuple[int | None, str]]() for _month in months]
    starts, end = [month.start for month in months], months[-1].end
    for _id, kind, at, who, *_whom in activities:
        if kind in _PLANNED and starts[0] <= at < end:
            found[bisect_right(starts, at) - 1][who, kind] += 1
    return list(found)


def _rows(
    currency: str,
    days: int,
    month: _Month,
    plans: Sequence[Plan],
    won: Sequence[DealFact],
    done: Done,
    names: dict[int, str],
    wanted: set[int],
    chances: Chances,
) -> list[Line]:
    planned = {(plan.manager_id, plan.measure): plan.value for plan in plans}
    people: set[int | None] = {plan.manager_id for plan in plans} | {d.owner for d in won}
    people |= {who for who, _kind in done} | {None}
    if wanted:
        people = {each for each in people if each in wanted}
    lines = []
    for manager in people:
        own = [d for d in won if manager is None or d.owner == manager]
        mine = {
            kind: sum(many for (who, what), many in done.items() if what == kind and manager in (None, who))
            for kind in _PLANNED
        }
        for measure in MEASURES:
            plan = planned.get((manager, measure))
            if plan is None and manager is None:
                plan = _summed(planned, measure)
            line = _line(currency, measure, plan, own, mine)
            if plan is None and not line.values["fact"]:
                continue
            line.put(manager=label_of(names, manager), month=month.name, measure=measure)
            if manager is None:
                line.put(scope="team")
            line.put(
                chance=chances.get((manager, measure)), per_day=_a_day(line.values["gap"], measure, days)
            )
            lines.append(line)
    return lines


def _a_day(gap: int | None, measure: str, days: int) -> int | None:
    return -(-gap // days) if gap is not None and days and measure in _KINDS else None


def _summed(planned: dict[tuple[int | None, str], int], measure: str) -> int | None:
    """The plan of the team where none is set for it: that of its managers together."""
    own = [value for (manager, what), value in planned.items() if what == measure and manager is not None]
    return sum(own) if own else None


def _line(
    currency: str, measure: str, plan: int | None, won: Sequence[DealFact], done: Mapping[str, int]
) -> Line:
    line = Line()
    if measure == Measure.MONEY:
        fact = amount_of(won)
    elif measure == Measure.DEALS:
        fact = len(won)
    else:
        fact = done[_KINDS[Measure(measure)]]
    line.put(share=fact / plan if plan else None)
    for key, value in (
        ("plan", plan),
        ("fact", fact),
        ("gap", None if plan is None else max(0, plan - fact)),
    ):
        units = value is not None and measure == Measure.MONEY
        line.values[key] = _units(value, currency) if units and value is not None else value
    line.count("deals", won if measure in (Measure.MONEY, Measure.DEALS) else [])
    return line


def _units(minor: int, currency: str) -> int | float:
    units = from_minor(minor, currency)
    return int(units) if units == units.to_integral_value() else float(units)


def _weighed(plans: Iterable[Plan]) -> list[Plan]:
    """Those of what deals bring: of them the chance is told."""
    return [plan for plan in plans if plan.measure in (Measure.MONEY, Measure.DEALS)]


def _chances(
    funnels: Sequence[FunnelFacts], request: ReportRequest, month: _Month, plans: Sequence[Plan]
) -> Chances:
    """The chance of each plan of won money or deals, when the month is the one in which T lies."""
    as_of = funnels[0].as_of
    if not month.start <= as_of < month.end:
        return {}
    asked = {(p.manager_id, p.measure): p.value for p in _weighed(plans)}
    if not asked:
        return {}
    for measure in (str(Measure.MONEY), str(Measure.DEALS)):
        summed = _summed({(p.manager_id, p.measure): p.value for p in plans}, measure)
        if summed is not None:
            asked.setdefault((None, measure), summed)
    found: Chances = {}
    drawn: dict[int | None, Future] = {}
    left = max(0.0, (month.end - as_of) / DAY)
    outlooks = [Outlook(facts, Period(month.start, month.end, left)) for facts in funnels]
    for (manager, measure), value in asked.items():
        if manager not in drawn:
            drawn[manager] = futures(outlooks, manager, request.seed)
        future = drawn[manager]
        counted = future.money if measure == Measure.MONEY else future.count
        found[manager, measure] = float((counted >= value).mean())
    return found
