"""`lost-history`: what lost clients had bought before, and how long it took with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, amount_of, counts, days, missing_money, money, text
from funneldesk.reports.cycle import bad_cycles, cycle_days
from funneldesk.reports.groupings import grouping
from funneldesk.reports.population import all_deals, closed, select, with_status
from funneldesk.reports.statistics import median, wilcoxon

LEAST_PAIRS = 6
_COLUMNS = (
    *text("client"),
    *counts("lost", "prior_won"),
    *money("prior_won_amount"),
    *days("interaction_days", "won_median_days", "lost_median_days"),
)
_TOTALS = (
    *counts("lost", "with_prior_win", opens=True),
    *counts("clients", opens=False),
    *days("median_difference_days"),
    *counts("faster", "slower", opens=False),
    Column("p", Type.P),
)
Client = tuple[str, int]


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per client with a lost deal in the population; lengths in days, money in minor units.

    `prior_won` and `prior_won_amount`: the client's deals won strictly before the latest of the lost
    ones was created.  `interaction_days`: from the first contact (first activity or deal) to the
    close of that one.  The medians are of all the client's closed deals.  Totals: `with_prior_win`
    lost deals that had any, and over clients with a won and a lost deal the median of lost - won,
    how many were lost faster and slower than won, and Wilcoxon's signed-rank p (from 6 pairs on).
    """
    deals = all_deals(funnels)
    chosen = select(deals, request, population)
    by_client = grouping("client", funnels)
    history: dict[Client, list[DealFact]] = {}
    for deal in deals:
        if (client := by_client.key_of(deal)) is not None:
            history.setdefault(client, []).append(deal)
    lost: dict[Client, list[DealFact]] = {}
    losses = with_status(chosen.deals, "lost")
    for deal in losses:
        if (client := by_client.key_of(deal)) is not None:
            lost.setdefault(client, []).append(deal)
    first = _first_contacts(funnels, history)
    lines = []
    for client, own in lost.items():
        line = _line(own, history[client], first.get(client))
        line.put(client=by_client.label(client))
        lines.append(line)
    lines.sort(key=_by_money)
    clientless = sum(1 for deal in losses if by_client.key_of(deal) is None)
    excluded = {**chosen.excluded, **missing_money(with_status(deals, "won")), "no_client": clientless}
    excluded["negative_cycle"] = bad_cycles(losses)["negative_cycle"]
    regulars = [d for client, own in lost.items() for d in own if _before(d, history[client])]
    totals = _totals([deal for own in lost.values() for deal in own], regulars, history.values())
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded)


def _line(lost: list[DealFact], history: list[DealFact], first: int | None) -> Line:
    line = Line()
    latest = max(lost, key=lambda deal: (deal.closed_at is not None, deal.closed_at or 0, deal.id))
    line.count("lost", lost)
    prior = _before(latest, history)
    line.count("prior_won", prior)
    line.put(prior_won_amount=amount_of(prior), interaction_days=None)
    if first is not None and latest.closed_at is not None and latest.closed_at >= first:
        line.put(interaction_days=(latest.closed_at - first) / DAY)
    for status in ("won", "lost"):
        line.put(**{f"{status}_median_days": _median_days(history, status)})
    return line


def _before(deal: DealFact, history: Iterable[DealFact]) -> list[DealFact]:
    """The deals of the client won strictly before `deal` was created."""
    if deal.created_at is None:
        return []
    return [
        each
        for each in history
        if each.status == "won" and each.closed_at is not None and each.closed_at < deal.created_at
    ]


def _median_days(history: Iterable[DealFact], status: str) -> float | None:
    lengths = [cycle_days(deal) for deal in with_status(history, status)]
    return median([length for length in lengths if length is not None])


def _first_contacts(
    funnels: Sequence[FunnelFacts], history: dict[Client, list[DealFact]]
) -> dict[Client, int]:
    first: dict[Client, int] = {}

    def seen(client: Client | None, at: int | None) -> None:
        if client is not None and at is not None:
            first[client] = min(at, first.get(client, at))

    of_deal: dict[int, Client] = {}
    for client, own in history.items():
        for deal in own:
            of_deal[deal.id] = client
            seen(client, deal.created_at)
    for activity in (each for facts in funnels for each in facts.activities):
        if activity.deal_id in of_deal:
            seen(of_deal[activity.deal_id], activity.done_at)
        elif activity.company_id is not None:
            seen(("company", activity.company_id), activity.done_at)
        elif activity.person_id is not None:
            seen(("person", activity.person_id), activity.done_at)
    return first


def _totals(losses: list[DealFact], regulars: list[DealFact], history: Iterable[list[DealFact]]) -> Line:
    totals = Line()
    totals.count("lost", losses)
    totals.count("with_prior_win", regulars)
    apart = []
    for own in history:
        won, lost = (_median_days(closed(own), status) for status in ("won", "lost"))
        if won is not None and lost is not None:
            apart.append(lost - won)
    unequal = [each for each in apart if each]
    totals.put(clients=len(apart), median_difference_days=median(apart))
    totals.put(faster=sum(1 for each in apart if each < 0), slower=sum(1 for each in apart if each > 0))
    totals.put(p=wilcoxon(unequal) if len(unequal) >= LEAST_PAIRS else None)
    return totals


def _by_money(line: Line) -> tuple[int, int, str]:
    values = line.values
    return -values["prior_won_amount"], -values["lost"], values["client"] or ""
