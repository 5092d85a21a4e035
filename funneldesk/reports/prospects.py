"""New prospects of a reverse plan by source: how many of each, and what they will cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.ahead import Prospects
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.goals import cost_within
from funneldesk.domain.results import ReportRequest
from funneldesk.reports.built import label_of, ratio
from funneldesk.reports.cases import Case, arrivals
from funneldesk.reports.probability import SHRINK, training_days
from funneldesk.reports.statistics import shrink, whole_up

SHARE, RATE = "share", "rate"
WAYS = (SHARE, RATE)


def spread(facts: FunnelFacts, request: ReportRequest, new_deals: float, way: str) -> Prospects | None:
    """`new_deals` over the sources by what arrived in the time learnt from; None where nothing did.

    A prospect is a case (a lead, or a deal without one), so more of them are needed than deals where
    leads come to nothing: deals * cases / cases with a deal.  By `share` each source brings its part L_s
    of what arrived.  By `rate` its weight is L_s * p_s / p, where p is won of decided cases and
    p_s = (won_s + 10 p) / (decided_s + 10): a source that wins more often brings more, and fewer are needed
    in all, deals / sum(weight * p_s / p).  `cost_per_lead` = cost / cases of the same time, minor units.
    """
    since = None
    if facts.training_months:
        since = facts.as_of - round(training_days(facts.training_months) * DAY)
    cases, _ = arrivals([facts], replace(request, start=since, end=None))
    made = sum(1 for case in cases if case.deal is not None)
    if not made:
        return None
    by_source: dict[int | None, list[Case]] = {}
    for case in cases:
        by_source.setdefault(case.source, []).append(case)
    wins, ends = sum(map(_won, cases)), sum(map(_decided, cases))
    pooled = ratio(wins, ends)
    cautious = {
        source: None if not pooled else shrink(sum(map(_won, own)), sum(map(_decided, own)), pooled, SHRINK)
        for source, own in by_source.items()
    }
    strength = {source: 1.0 if not pooled or p is None else p / pooled for source, p in cautious.items()}
    weights = {
        source: len(own) * (strength[source] if way == RATE else 1.0) for source, own in by_source.items()
    }
    whole = sum(weights.values())
    parts = {source: weight / whole for source, weight in weights.items()}
    better = sum(parts[source] * strength[source] for source in parts) if way == RATE else 1.0
    total = whole_up(new_deals * len(cases) / made / better)
    days_ = _days(facts, since)
    rows: list[dict[str, Any]] = []
    for (source, part), many in zip(parts.items(), whole_parts(total, list(parts.values())), strict=True):
        own = by_source[source]
        paid = float(cost_within([c for c in facts.ledger.costs if c.source_id == source], *days_))
        each = paid / len(own) if paid else None
        rows.append(
            {
                "source": label_of(facts.sources, source), "leads": len(own), "shrunk": cautious[source],
                "share": part, "prospects": many, "cost_per_lead": each,
                "cost": None if each is None else each * many,
            }
        )  # fmt: skip
    rows.sort(key=lambda row: (-row["prospects"], -row["leads"], row["source"] or ""))
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    return Prospects(total, tuple(rows), sum(costs) if costs else None)


def whole_parts(total: int, parts: Sequence[float]) -> list[int]:
    """`total` in whole parts nearest to shares that add up to 1: the greatest remainders get what is left."""
    exact = [round(total * part, 9) for part in parts]
    found = [math.floor(each) for each in exact]
    by_rest = sorted(range(len(parts)), key=lambda place: (found[place] - exact[place], place))
    for place in by_rest[: total - sum(found)]:
        found[place] += 1
    return found


def _won(case: Case) -> bool:
    return case.deal is not None and case.deal.status == "won"


def _decided(case: Case) -> bool:
    if case.deal is not None:
        return case.deal.status != "open"
    return case.lead is not None and case.lead.status == "dropped"


def _days(facts: FunnelFacts, since: int | None) -> tuple[date | None, date]:
    zone = ZoneInfo(facts.zone)
    start = None if since is None else clock.local_date(since, zone)
    return start, clock.local_date(facts.as_of, zone) + timedelta(days=1)
