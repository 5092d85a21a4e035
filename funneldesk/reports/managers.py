"""`managers`: who has, wins and loses how much, compared with the team (DEFINITIONS: comparing slices)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import (
    Built,
    Line,
    amount_of,
    counts,
    days,
    label_of,
    missing_money,
    money,
    rates,
    ratio,
    text,
)
from funneldesk.reports.cycle import bad_cycles, cycle_days
from funneldesk.reports.population import all_deals, select, with_status
from funneldesk.reports.probability import weigh, weigh_all
from funneldesk.reports.slices import judge
from funneldesk.reports.statistics import mean, median, wilson

_COLUMNS = (
    *text("manager"),
    *counts("deals", "open", "won", "lost"),
    *rates("win_rate", "win_rate_low", "win_rate_high"),
    Column("q", Type.P),
    Column("flag", Type.FLAG),
    *money("won_amount", "expected_amount"),
    *days("cycle_median_days"),
    *counts("repeat"),
    *money("won_average"),
)

Client = tuple[str, int]


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per owner (at T while open, at the close afterwards; None = nobody), by won money.

    `q` and `flag` compare the win rate with all other owners together; `expected_amount` is the
    sum of p * amount over open deals by each funnel's chosen probability.  `repeat` are deals of
    clients who had a deal won before this one was created, whoever won it.  Money in minor units.
    """
    chosen = select(all_deals(funnels), request, population)
    by_owner: dict[int | None, list[DealFact]] = {}
    for deal in chosen.deals:
        by_owner.setdefault(deal.owner, []).append(deal)
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    chance = weigh_all(funnels)
    bought = _first_wins(funnels)
    lines = [_line(label_of(names, owner), deals, chance, bought) for owner, deals in by_owner.items()]
    lines.sort(key=_by_money)
    slices = [(line.values["won"], line.values["won"] + line.values["lost"]) for line in lines]
    for line, verdict in zip(lines, judge(slices, request.minimum_n), strict=True):
        line.put(q=verdict.q, flag=verdict.flag)
    team = _line(None, chosen.deals, chance, bought)
    team.put(q=None, flag=None)
    return Built(
        columns=_COLUMNS,
        lines=lines,
        total_columns=_COLUMNS,
        totals=team,
        excluded=chosen.excluded | missing_money(chosen.deals) | _no_cycle(chosen.deals),
    )


def _line(
    name: str | None,
    deals: list[DealFact],
    chance: Callable[[DealFact], float | None],
    bought: dict[Client, int],
) -> Line:
    line = Line()
    won, lost = with_status(deals, "won"), with_status(deals, "lost")
    line.put(manager=name)
    line.count("deals", deals)
    line.count("open", with_status(deals, "open"))
    line.count("won", won)
    line.count("lost", lost)
    low, high = wilson(len(won), len(won) + len(lost))
    line.put(win_rate=ratio(len(won), len(won) + len(lost)), win_rate_low=low, win_rate_high=high)
    line.put(q=None, flag=None)
    line.put(won_amount=amount_of(won), expected_amount=weigh(deals, chance))
    line.put(cycle_median_days=median([each for deal in won if (each := cycle_days(deal)) is not None]))
    line.count("repeat", [deal for deal in deals if _again(deal, bought)])
    line.put(won_average=mean([deal.amount for deal in won if deal.amount is not None]))
    return line


def _first_wins(funnels: Sequence[FunnelFacts]) -> dict[Client, int]:
    """When each client's first deal was won, over all deals, whatever part of them is looked at."""
    first: dict[Client, int] = {}
    for deal in all_deals([facts.whole or facts for facts in funnels]):
        client = _client(deal)
        if client is not None and deal.status == "won" and deal.closed_at is not None:
            first[client] = min(first.get(client, deal.closed_at), deal.closed_at)
    return first


def _client(deal: DealFact) -> Client | None:
    if deal.company_id is not None:
        return "company", deal.company_id
    return None if deal.person_id is None else ("person", deal.person_id)


def _again(deal: DealFact, bought: dict[Client, int]) -> bool:
    client = _client(deal)
    if client is None or deal.created_at is None or client not in bought:
        return False
    return bought[client] < deal.created_at


def _by_money(line: Line) -> tuple[bool, float, str]:
    name = line.values["manager"]
    return name is None, -line.values["won_amount"], name or ""


def _no_cycle(deals: list[DealFact]) -> dict[str, int]:
    # Undated deals are told of by the population; here only what contradicts itself.
    return {"negative_cycle": bad_cycles(with_status(deals, "won"))["negative_cycle"]}
