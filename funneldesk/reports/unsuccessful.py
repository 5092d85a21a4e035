"""The lost deals of a stage funnel by reason: each reason is a failing stage, as Bitrix24 has them.

They stand beside the report `stage-funnel` and are counted after it, of facts of their own: a look at every
reason takes as long as the whole funnel.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.reports.built import amount_of, label_of
from funneldesk.reports.population import number, select_staged, with_status
from funneldesk.reports.report_info import ReportInfo

REPORT = "stage-funnel"
_KEY = "lost:"


def info_of(funnel: ReportInfo) -> ReportInfo:
    """What is looked at for it; `funnel` is the entry of the stage funnel."""
    return replace(funnel, looks_at=("end", "reason", "traits"), deal_columns=None, chances=False)


def has(request: ReportRequest) -> bool:
    """Whether the report asked for has such a part.

    A period's events have none: a loss undone since has no reason any more.
    """
    return request.name == REPORT and request.population is not Population.ACTIVITY


def asked(request: ReportRequest, funnel: ReportInfo) -> ReportRequest:
    """The same deals without a rule: that says where they count on their way, not where they ended."""
    return replace(request, population=request.population or funnel.population, rule=None)


def lost_by_reason(facts: FunnelFacts, request: ReportRequest) -> list[dict[str, Any]]:
    """The lost ones by reason, the most first, of what is `asked`; amounts in minor units.

    `key` is told to `deals_behind`; None = no reason, no group.  Together they are `lost` and `lost_amount`
    of the funnel's totals.
    """
    found = []
    for reason, own in _by_reason(facts, request).items():
        group, name = facts.outcomes.get(reason or 0), label_of(facts.reasons, reason)
        row = {"key": f"{_KEY}{reason or ''}", "outcome": group, "reason": name}
        found.append(row | {"lost": number(own), "lost_amount": amount_of(own)})
    return sorted(found, key=lambda row: (-row["lost"], -row["lost_amount"], row["reason"] or ""))


def is_key(key: str) -> bool:
    """Whether a number of the totals is one of these."""
    return key.startswith(_KEY)


def deals_behind(facts: FunnelFacts, request: ReportRequest, key: str) -> tuple[int, ...]:
    """The ids of the deals lost for the reason that `key` names, of facts deal by deal."""
    reason = key.removeprefix(_KEY)
    own = _by_reason(facts, request).get(int(reason) if reason else None, ())
    return tuple(deal.id for deal in own)


def _by_reason(facts: FunnelFacts, request: ReportRequest) -> dict[int | None, list[DealFact]]:
    assert request.population is not None  # `asked` says it
    by_reason: dict[int | None, list[DealFact]] = defaultdict(list)
    for deal in with_status(select_staged(facts, request, request.population).deals, "lost"):
        by_reason[deal.loss_reason_id].append(deal)
    return dict(by_reason)
