"""`lost-history`: what lost clients had bought before, and how long it took with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, amount_of, counts, days, missing_money, money, text
from funneldesk.reports.cycle import bad_cycles, cycle_days
from funneldesk.reports.groupings import grouping
from funneldesk.reports.population import all_deals, select, with_status
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
_Medians = tuple[float | None, float | None]


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
    first = _first_contacts(funnels, history, {deal.id for deal in deals if by_client.key_of(deal)})
    medians = {client: _median_days(own) for client, own in history.items()}
    lines = []
    for client, own in lost.items():
        line = _line(own, history[client], first.get(client), medians[client])
        line.put(client=by_client.label(client))
        lines.append(line)
    lines.sort(key=_by_money)
    clientless = sum(1 for deal in losses if by_client.key_of(deal) is None)
    excluded = {**chosen.excluded, **missing_money(with_status(deals, "won")), "no_client": clientless}
    excluded["negative_cycle"] = bad_cycles(losses)["negative_cycle"]
    regulars = [d for client, own in lost.items() for d in own if _before(d, history[client])]
    totals = _totals([deal for own in lost.values() for deal in own], regulars, medians.values())
    return Built(_COLUMNS, lines, _TOTALS, totals, excluded)


def _line(lost: list[DealFact], history: list[DealFact], first: int | None, medians: _Medians) -> Line:
    line = Line()
    latest = max(lost, key=lambda deal: (deal.closed_at is not None, deal.closed_at or 0, deal.id))
    line.count("lost", lost)
    prior = _before(latest, history)
    line.count("prior_won", prior)
    line.put(prior_won_amount=amount_of(prior), interaction_days=None)
    if first is not None and latest.closed_at is not None and latest.closed_at >= first:
        line.put(interaction_days=(latest.closed_at - first) / DAY)
    line.put(won_median_days=medians[0], lost_median_days=medians[1])
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


def _median_days(history: Iterable[DealFact]) -> _Medians:
    """Of the won deals, and of the lost ones."""
    lengths: dict[str, list[float]] = {"won": [], "lost": []}
    for deal in history:
        if (length := cycle_days(deal)) is not None:  # closed
            lengths[deal.status].append(length)
    return median(lengths["won"]), median(lengths["lost"])


def _first_contacts(
    funnels: Sequence[FunnelFacts], history: dict[Client, list[DealFact]], ids: set[int]
) -> dict[Client, int]:
    """When each client was first heard of; `ids`: of the deals in `history`."""
    of_deal: dict[int, int] = {}
    first: dict[Client, int] = {}
    for activity in (each for facts in funnels for each in facts.activities):
        deal_id, at = activity.deal_id, activity.done_at
        if deal_id in ids:
            # by deal first: those lie in the order of what was done for them, clients do not
            of_deal[deal_id] = min(at, of_deal.get(deal_id, at))
        elif activity.company_id is not None:
            client = "company", activity.company_id
            first[client] = min(at, first.get(client, at))
        elif activity.person_id is not None:
            client = "person", activity.person_id
            first[client] = min(at, first.get(client, at))
    for client, own in history.items():
        times = [deal.created_at for deal in own] + [of_deal.get(deal.id) for deal in own]
        known = [at for at in (*times, first.get(client)) if at is not None]
        if known:
            first[client] = min(known)
    return first


def _totals(losses: list[DealFact], regulars: list[DealFact], medians: Iterable[_Medians]) -> Line:
    totals = Line()
    totals.count("lost", losses)
    totals.count("with_prior_win", regulars)
    apart = [lost - won for won, lost in medians if won is not None and lost is not None]
    unequal = [each for each in apart if each]
    totals.put(clients=len(apart), median_difference_days=median(apart))
    totals.put(faster=sum(1 for each in apart if each < 0), slower=sum(1 for each in apart if each > 0))
    totals.put(p=wilcoxon(unequal) if len(unequal) >= LEAST_PAIRS else None)
    return totals


def _by_money(line: Line) -> tuple[int, int, str]:
    values = line.values
    return -values["prior_won_amount"], -values["lost"], values["client"] or ""
