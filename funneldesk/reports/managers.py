"""`managers`: who has, wins and loses how much, compared with the team (DEFINITIONS: comparing slices)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from funneldesk.domain.facts import DealFact, FunnelFacts, Part
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
from funneldesk.reports.population import all_deals, part_of, select, with_status
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


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per owner (at T while open, at the close afterwards; None = nobody), by won money.

    `q` and `flag` compare the win rate with all other owners together; `expected_amount` is the
    sum of p * amount over open deals by each funnel's chosen probability.  `repeat` are deals of
    clients who had a deal won before this one was created, whoever won it.  Money in minor units.
    """
    chosen = select(all_deals(funnels), request, population)
    team = _Part(chosen.deals, _repeats(chosen.deals, _first_wins(funnels)))
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    chance = weigh_all(funnels)
    lines = [_line(label_of(names, owner), part, chance) for owner, part in team.by_owner().items()]
    lines.sort(key=_by_money)
    slices = [(line.values["won"], line.values["won"] + line.values["lost"]) for line in lines]
    for line, verdict in zip(lines, judge(slices, request.minimum_n), strict=True):
        line.put(q=verdict.q, flag=verdict.flag)
    totals = _line(None, team, chance)
    totals.put(q=None, flag=None)
    return Built(
        columns=_COLUMNS,
        lines=lines,
        total_columns=_COLUMNS,
        totals=totals,
        excluded=chosen.excluded | missing_money(chosen.deals) | _no_cycle(team.won),
    )


class _Part:
    """Deals by their status; `repeat` are those of clients who had bought before."""

    def __init__(self, deals: list[DealFact], repeat: list[DealFact]) -> None:
        self.deals, self.repeat = deals, repeat
        self.open, self.won, self.lost = (with_status(deals, status) for status in ("open", "won", "lost"))

    def by_owner(self) -> dict[int | None, _Part]:
        """The parts of the owners, in the order in which they come."""
        deals, repeat = (_owned(each) for each in (self.deals, self.repeat))
        return {owner: _Part(own, repeat.get(owner, [])) for owner, own in deals.items()}


def part(request: ReportRequest, population: Population, as_of: int) -> Part | None:
    """The deals that are looked at: of the population and, for what is bought again, earlier ones."""
    found = part_of(request, population, as_of)
    return None if found is None else replace(found, buyers=True)


def _owned(deals: list[DealFact]) -> dict[int | None, list[DealFact]]:
    found: dict[int | None, list[DealFact]] = {}
    for deal in deals:
        owner = deal.owner
        if owner in found:
            found[owner].append(deal)
        else:
            found[owner] = [deal]
    return found


def _line(name: str | None, part: _Part, chance: Callable[[DealFact], float | None]) -> Line:
    line = Line()
    won, lost = part.won, part.lost
    line.put(manager=name)
    line.count("deals", part.deals)
    line.count("open", part.open)
    line.count("won", won)
    line.count("lost", lost)
    low, high = wilson(len(won), len(won) + len(lost))
    line.put(win_rate=ratio(len(won), len(won) + len(lost)), win_rate_low=low, win_rate_high=high)
    line.put(q=None, flag=None)
    line.put(won_amount=amount_of(won), expected_amount=weigh(part.open, chance))
    line.put(cycle_median_days=median([each for deal in won if (each := cycle_days(deal)) is not None]))
    line.count("repeat", part.repeat)
    line.put(won_average=mean([deal.amount for deal in won if deal.amount is not None]))
    return line


def _first_wins(funnels: Sequence[FunnelFacts]) -> dict[int | None, int]:
    """When each client's first deal was won, over all deals, whatever part of them is looked at."""
    first: dict[int | None, int] = {}
    for deal in with_status(all_deals([facts.whole or facts for facts in funnels]), "won"):
        client, at = _client(deal), deal.closed_at
        if at is not None and (client not in first or at < first[client]):
            first[client] = at
    first.pop(None, None)  # nobody in particular buys again
    return first


def _client(deal: DealFact) -> int | None:
    """A company by its id, a person by its id below zero: a pair for each deal takes longer than all else."""
    if deal.company_id is not None:
        return deal.company_id
    return None if deal.person_id is None else -deal.person_id


def _repeats(deals: list[DealFact], bought: dict[int | None, int]) -> list[DealFact]:
    # the company asked for here too: to call for each deal takes twice as long
    return [
        deal
        for deal in deals
        if deal.created_at is not None
        and bought.get(_client(deal) if deal.company_id is None else deal.company_id, deal.created_at)
        < deal.created_at
    ]


def _by_money(line: Line) -> tuple[bool, float, str]:
    name = line.values["manager"]
    return name is None, -line.values["won_amount"], name or ""


def _no_cycle(won: list[DealFact]) -> dict[str, int]:
    # Undated deals are told of by the population; here only what contradicts itself.
    return {"negative_cycle": bad_cycles(won)["negative_cycle"]}
