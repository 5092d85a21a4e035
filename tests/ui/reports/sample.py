"""A year of believable deals as facts, for reports without a base."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import (
    ActivityFact,
    DealFact,
    FunnelFacts,
    InvoiceFact,
    Ledger,
    MoveFact,
    StageInfo,
)
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.goals import Plan, Standard
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.domain.team import Manager, Product, Source
from funneldesk.reports import ahead, unsuccessful
from funneldesk.reports.catalog import CATALOG, compute, deals_behind
from funneldesk.ui.reports.page import ReportsPage
from tests.reports.golden import at
from tests.reports.standings import deal_standing

STAGES = (
    "New request",
    "Need known and confirmed in writing",
    "Presentation held",
    "Offer sent",
    "Agreement on the terms of delivery and payment",
    "Contract signed",
    "Payment awaited",
)
KEEP = (0.86, 0.8, 0.72, 0.55, 0.78, 0.9, 0.93)
LINGER = (2, 6, 5, 14, 9, 6, 8)
MANAGERS = {1: "Anna Kowalska", 2: "Борис Петров", 3: "Chloé Martin", 4: "Dmitri Volkov", 5: "Ewa Nowak"}
SKILL = {1: 1.06, 2: 0.82, 3: 1.0, 4: 0.98, 5: 1.02}
SOURCES = {1: "Web form", 2: "Exhibition", 3: "Recommendation", 4: "Cold call"}
REASONS = {
    1: "Too expensive",
    2: "Chose a competitor",
    3: "No budget this year",
    4: "No answer",
    5: "Not our profile",
}
NOW = at("2026-11-20T09:00:00Z")


def sample(count: int = 420, seed: int = 7) -> FunnelFacts:
    """A funnel of seven stages with `count` deals of five managers."""
    draw = random.Random(seed)
    deals: list[DealFact] = []
    moves: list[MoveFact] = []
    for number in range(1, count + 1):
        owner = draw.choice((1, 1, 2, 2, 3, 4, 5))
        created = NOW - int(draw.uniform(1, 400) * DAY)
        own = _path(draw, number, owner, created)
        stood = deal_standing(own, len(STAGES))
        lost = stood.status == "lost"
        deals.append(
            DealFact(
                id=number,
                created_at=created,
                status=stood.status,
                stage=stood.stage,
                reach=stood.reach,
                visited=stood.visited,
                strict=stood.strict,
                lost_at=stood.lost_at,
                entered_at=stood.entered_at,
                closed_at=stood.closed_at,
                path_known=stood.path_known,
                staged=True,
                owner=owner,
                amount=None if draw.random() < 0.02 else int(draw.lognormvariate(11.6, 0.7)) * 100,
                company_id=number % 90,
                source_id=draw.choice(list(SOURCES)),
                loss_reason_id=draw.choice((1, 1, 1, 2, 2, 3, 4, 5, None)) if lost else None,
                has_loss_comment=lost and draw.random() < 0.7,
                reopened=stood.reopened,
            )
        )
        moves += own
    return FunnelFacts(
        funnel_id=1,
        funnel="Equipment sales",
        stages=tuple(StageInfo(k, name, k / 8) for k, name in enumerate(STAGES, start=1)),
        as_of=NOW,
        currency="RUB",
        deals=tuple(deals),
        moves=tuple(moves),
        managers=MANAGERS,
        sources=SOURCES,
        reasons=REASONS,
        companies={n: f"Client {n}" for n in range(90)},
        activities=_calls(deals),
        ledger=_ledger(),
    )


def _ledger() -> Ledger:
    """What clients owe, and plans of two managers for the month of `NOW`."""
    days = (None, "2026-12-01", "2026-11-10", "2026-10-05", "2026-09-01", "2026-01-15")
    owed = [
        InvoiceFact(n, f"Client {n % 4}", n % 5 + 1, None, days[n % 6], 1_000_000 + 70_000 * n, credit=False)
        for n in range(1, 19)
    ]
    credit = InvoiceFact(0, "Client 1", None, None, None, -250_000, credit=True)
    goals = [("money", 90_000_000), ("deals", 5), ("calls", 40)]
    plans = [Plan(month="2026-11", manager_id=m, measure=what, value=v) for m in (1, 2) for what, v in goals]
    rule = Standard(id=1, kind="contact", limit_=7)
    return Ledger(invoices=(*owed, credit), plans=tuple(plans), standards=(rule,))


def _calls(deals: list[DealFact]) -> tuple[ActivityFact, ...]:
    """A call a day for the first days of each deal."""
    found: list[ActivityFact] = []
    for deal in deals:
        for day in range(1, 2 + deal.id % 5):
            when = (deal.created_at or NOW) + day * DAY
            if when <= NOW:
                kind = "call" if day % 2 else "meeting"
                found.append(ActivityFact(len(found) + 1, kind, when, deal.owner, deal.id, None, None, None))
    return tuple(found)


def _path(draw: random.Random, number: int, owner: int, created: int) -> list[MoveFact]:
    own: list[MoveFact] = []

    def move(when: int, kind: str, rank: int) -> None:
        before = own[-1] if own else None
        own.append(
            MoveFact(
                number,
                len(own) + 1,
                when,
                before.to_kind if before else None,
                before.to_rank if before else 0,
                kind,
                rank,
                owner,
                owner,
                None,
            )
        )

    when = created
    move(when, "open", 1)
    for rank in range(1, len(STAGES) + 1):
        when += int(draw.expovariate(1 / LINGER[rank - 1]) * DAY)
        if when >= NOW:
            return own
        if draw.random() > KEEP[rank - 1] * SKILL[owner]:
            move(when, "lost", 0)
            return own
        if rank == len(STAGES):
            move(when, "won", rank + 1)
        else:
            move(when, "open", rank + 1)
    return own


@dataclass
class Reporting:
    """Stands in for the service: the same functions over facts instead of a base."""

    facts: FunnelFacts
    asked: int = 0

    def run(self, _db: Any, request: ReportRequest) -> Report:
        self.asked += 1
        return compute(self._chosen(request), request)

    def with_more(self, _db: Any, report: Report, request: ReportRequest) -> Report:
        if request.name == ahead.REPORT:
            left = ahead.look(self._chosen(request), request, report)
            return replace(report, extra={**report.extra, "ahead": left})
        if not unsuccessful.has(request):
            return report
        asked = unsuccessful.asked(request, CATALOG[request.name])
        told = unsuccessful.lost_by_reason(self._chosen(request), asked)
        return replace(report, extra={**report.extra, "unsuccessful": told})

    def deals_behind(
        self, _db: Any, _report: Report, request: ReportRequest, row_index: int | None, key: str
    ) -> list[int]:
        return list(deals_behind(self._chosen(request), request, row_index, key))

    def deal_rows(self, _db: Any, deal_ids: Any) -> list[Any]:
        by_id = {deal.id: deal for deal in self.facts.deals}
        rows = []
        for each in deal_ids:
            deal = by_id[each]
            stage = self.facts.stages[deal.stage - 1].name if deal.stage else None
            rows.append(
                SimpleNamespace(
                    id=each,
                    title=f"Deal {each}",
                    client=f"Client {deal.company_id}",
                    manager=MANAGERS.get(deal.owner or 0),
                    stage=stage,
                    status=deal.status,
                    amount=deal.amount,
                    currency="RUB",
                    created_at=deal.created_at,
                    closed_at=deal.closed_at,
                )
            )
        return rows

    def choices(self, _db: Any) -> Any:
        stages = tuple(
            Stage(id=s.id, funnel_id=1, name=s.name, slot=s.id, position=s.id) for s in self.facts.stages
        )
        view = SimpleNamespace(funnel=Funnel(id=1, name=self.facts.funnel), stages=stages)
        return SimpleNamespace(
            funnels=(view,),
            managers=tuple(Manager(id=key, name=name) for key, name in MANAGERS.items()),
            sources=tuple(Source(id=key, name=name) for key, name in SOURCES.items()),
            products=(Product(id=1, name="Racks"),),
            own_fields=tuple(name.removeprefix("custom:") for name in self.facts.own),
        )

    def _chosen(self, request: ReportRequest) -> FunnelFacts:
        if not request.managers:
            return self.facts
        kept = tuple(deal for deal in self.facts.deals if deal.owner in request.managers)
        return replace(self.facts, deals=kept)


def shown(page: ReportsPage) -> Any:
    """The report in front."""
    assert page.view is not None
    return page.view


def ask(reporting: Reporting, name: str, *by: str, **more: Any) -> Report:
    """A report of the sample."""
    return reporting.run(None, ReportRequest(name, **{"by": by, **more}))
