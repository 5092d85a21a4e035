"""`leads-deals`: what was won from leads and what was entered as a deal at once, by month."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, amount_of, counts, missing_money, money, rates, ratio, text
from funneldesk.reports.dynamics import first_day, span_label
from funneldesk.reports.population import all_deals, select, with_status
from funneldesk.reports.statistics import fisher_exact

_NUMBERS = (
    *counts("lead_won", "direct_won"),
    *money("lead_amount", "direct_amount"),
    *rates("lead_share", "lead_rate", "direct_rate"),
)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per month of the close.  A deal is of a lead when it was made of one, direct otherwise.

    `lead_share` = the part of the won money that came from leads.  `lead_rate` and `direct_rate` = won of
    won and lost.  `p` (totals) = Fisher's, of the two rates: whether they differ by more than chance.
    """
    zone = ZoneInfo(funnels[0].zone)
    leads = {lead.deal_id for lead in funnels[0].leads if lead.deal_id is not None}
    chosen = select(all_deals(funnels), request, Population.FINISHED)
    by_month: dict[str, list[DealFact]] = {}
    undated = 0
    for deal in chosen.deals:
        if deal.closed_at is None:
            undated += 1
        else:
            label = span_label(first_day(deal.closed_at, "month", zone), "month")
            by_month.setdefault(label, []).append(deal)
    lines = []
    for month, deals in sorted(by_month.items()):
        line = _line(deals, leads)
        line.put(period=month)
        lines.append(line)
    dated = [deal for deals in by_month.values() for deal in deals]
    totals = _line(dated, leads)
    totals.put(p=_difference(dated, leads))
    excluded = {**chosen.excluded, **missing_money(with_status(dated, "won"))}
    excluded["no_closed_at"] = max(undated, excluded.get("no_closed_at", 0))
    return Built((*text("period"), *_NUMBERS), lines, (*_NUMBERS, Column("p", Type.P)), totals, excluded)


def _from_lead(deal: DealFact, leads: set[int]) -> bool:
    return deal.lead_id is not None or deal.id in leads


def _parts(deals: Sequence[DealFact], leads: set[int]) -> tuple[list[DealFact], list[DealFact]]:
    return [d for d in deals if _from_lead(d, leads)], [d for d in deals if not _from_lead(d, leads)]


def _line(deals: Sequence[DealFact], leads: set[int]) -> Line:
    line = Line()
    of_lead, direct = _parts(deals, leads)
    one, two = with_status(of_lead, "won"), with_status(direct, "won")
    line.count("lead_won", one)
    line.count("direct_won", two)
    amounts = amount_of(one), amount_of(two)
    line.put(lead_amount=amounts[0], direct_amount=amounts[1], lead_share=ratio(amounts[0], sum(amounts)))
    line.put(lead_rate=ratio(len(one), len(of_lead)), direct_rate=ratio(len(two), len(direct)))
    return line


def _difference(deals: Sequence[DealFact], leads: set[int]) -> float | None:
    of_lead, direct = _parts(deals, leads)
    if not of_lead or not direct:
        return None
    one, two = len(with_status(of_lead, "won")), len(with_status(direct, "won"))
    return fisher_exact(one, len(of_lead) - one, two, len(direct) - two)
