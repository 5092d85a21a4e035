"""`wins-when`: wins by weekday and hour of the first contact, by number of contacts, by their age."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from funneldesk.domain.clock import DAY, from_micros
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, amount_of, counts, missing_money, money, rates, ratio, text
from funneldesk.reports.population import all_deals, select, with_status
from funneldesk.reports.slices import judge
from funneldesk.reports.statistics import wilson

WAYS = ("weekday", "hour", "attempt", "age")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ATTEMPTS = ((5, None), (10, "6-10"), (20, "11-20"))
_AGES = ((7, "0-7"), (30, "8-30"), (90, "31-90"))
_NUMBERS = (*counts("closed", "won"), *rates("win_rate", "win_rate_low", "win_rate_high"))
_COLUMNS = (*text("label"), *_NUMBERS, Column("q", Type.P), Column("flag", Type.FLAG), *money("won_amount"))


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per weekday (mon..sun), hour (00..23), number of contacts or age in days; None = no contact.

    Of the deals closed in the period.  A contact is something done on the deal up to its close; weekday
    and hour are those of the first, by the clocks of the base; the age is from the first to the close.
    The verdict is that of leaks: one family, the others are the reference.
    """
    way = (request.by or WAYS[:1])[0]
    zone = ZoneInfo(funnels[0].zone)
    contacts: dict[int, list[int]] = {}
    for facts in funnels:
        for activity in facts.activities:
            if activity.deal_id is not None:
                contacts.setdefault(activity.deal_id, []).append(activity.done_at)
    chosen = select(all_deals(funnels), request, Population.FINISHED)
    by_label: dict[tuple[int, str | None], list[DealFact]] = {}
    for deal in chosen.deals:
        own = [at for at in contacts.get(deal.id, ()) if deal.closed_at is None or at <= deal.closed_at]
        by_label.setdefault(_LABELS[way](deal, own, zone), []).append(deal)
    lines = []
    for (_place, label), deals in sorted(by_label.items(), key=lambda item: item[0][0]):
        line = _line(deals)
        line.put(label=label)
        lines.append(line)
    slices = [(line.values["won"], line.values["closed"]) for line in lines]
    for line, verdict in zip(lines, judge(slices, request.minimum_n), strict=True):
        line.put(q=verdict.q, flag=verdict.flag)
    excluded = {**chosen.excluded, **missing_money(with_status(chosen.deals, "won"))}
    return Built(_COLUMNS, lines, _NUMBERS, _line(chosen.deals), excluded, {"by": (way,)})


def _line(deals: Sequence[DealFact]) -> Line:
    line = Line()
    won = with_status(deals, "won")
    line.count("closed", deals)
    line.count("won", won)
    low, high = wilson(len(won), len(deals))
    line.put(win_rate=ratio(len(won), len(deals)), win_rate_low=low, win_rate_high=high)
    line.put(won_amount=amount_of(won))
    return line


Label = tuple[int, str | None]
_LAST = 10**6


def _weekday(deal: DealFact, own: Sequence[int], zone: ZoneInfo) -> Label:
    if not own:
        return _LAST, None
    day = from_micros(min(own)).astimezone(zone).weekday()
    return day, DAYS[day]


def _hour(deal: DealFact, own: Sequence[int], zone: ZoneInfo) -> Label:
    if not own:
        return _LAST, None
    hour = from_micros(min(own)).astimezone(zone).hour
    return hour, f"{hour:02}"


def _attempt(deal: DealFact, own: Sequence[int], zone: ZoneInfo) -> Label:
    count = len(own)
    if not count:
        return _LAST, None
    for most, label in _ATTEMPTS:
        if count <= most:
            return count if label is None else most, str(count) if label is None else label
    return _LAST - 1, "21+"


def _age(deal: DealFact, own: Sequence[int], zone: ZoneInfo) -> Label:
    if not own or deal.closed_at is None:
        return _LAST, None
    days = (deal.closed_at - min(own)) / DAY
    for most, label in _AGES:
        if days < most + 1:
            return most, label
    return _LAST - 1, "91+"


_LABELS: dict[str, Callable[[DealFact, Sequence[int], ZoneInfo], Label]] = {
    "weekday": _weekday,
    "hour": _hour,
    "attempt": _attempt,
    "age": _age,
}
