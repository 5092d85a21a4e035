"""Leads and deals as cases: a lead with the deal made of it is one, a deal without a lead another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from funneldesk.domain.facts import DealFact, FunnelFacts, LeadFact
from funneldesk.domain.results import ReportRequest
from funneldesk.reports.population import all_deals, has_period, within

_QUALIFIED = ("qualified", "converted")


class Case(NamedTuple):
    """One arrival: a lead, a deal, or both."""

    lead: LeadFact | None
    deal: DealFact | None
    arrived: int | None

    @property
    def source(self) -> int | None:
        """Where it came from: the lead's source, else the deal's."""
        if self.lead is not None and self.lead.source_id is not None:
            return self.lead.source_id
        return self.deal.source_id if self.deal is not None else None

    @property
    def manager(self) -> int | None:
        """Who has it: the deal's owner, else the lead's manager."""
        if self.deal is not None:
            return self.deal.owner
        return self.lead.manager_id if self.lead is not None else None

    @property
    def qualified(self) -> bool:
        """A need is there: the lead is qualified, or there is a deal."""
        return self.deal is not None or (self.lead is not None and self.lead.status in _QUALIFIED)


def arrivals(funnels: Sequence[FunnelFacts], request: ReportRequest) -> tuple[list[Case], dict[str, int]]:
    """The cases that arrived in the period, and how many were left out for want of a date."""
    deals = all_deals(funnels)
    by_id = {deal.id: deal for deal in deals}
    by_lead = {deal.lead_id: deal for deal in deals if deal.lead_id is not None}
    cases: list[Case] = []
    taken: set[int] = set()
    for lead in (lead for facts in funnels for lead in facts.leads):
        deal = by_id.get(lead.deal_id or 0) or by_lead.get(lead.id)
        if deal is not None:
            taken.add(deal.id)
        cases.append(Case(lead, deal, lead.created_at))
    cases += [Case(None, deal, deal.created_at) for deal in deals if deal.id not in taken]
    kept = [case for case in cases if within(case.arrived, request)]
    undated = sum(1 for case in cases if case.arrived is None) if has_period(request) else 0
    return kept, {"no_created_at": undated}
