"""What is printed of managers: the booklet of a base, with the names behind its deals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from funneldesk.domain.booklet import Booklet, HangingDeal, ReportPack
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.errors import Cancelled
from funneldesk.reports import booklet, catalog, managers
from funneldesk.reports.manager_matrix import for_page
from funneldesk.services import reporting
from funneldesk.store.database import Database

_NEEDS = catalog.ReportInfo(
    "managers",
    managers.build,
    catalog.CATALOG["managers"].population,
    catalog.CATALOG["managers"].populations,
    by_stage=True,
    moves=True,
    activities=True,
    ledger=True,
    learns=True,
)


ProgressFn = Callable[..., None]
CancelledFn = Callable[[], bool]


def make(
    db: Database,
    request: ReportRequest,
    progress: ProgressFn = lambda *_told: None,
    cancelled: CancelledFn = lambda: False,
) -> Booklet:
    """The booklet of one funnel (the first unless one is asked for); as `reporting.run` otherwise."""

    def told(done: int, total: int) -> None:
        if cancelled():
            raise Cancelled
        progress(done, total)

    catalog.info_of(replace(request, name="managers"))
    facts = reporting.facts(db, replace(request, name="managers", managers=()), _NEEDS)[0]
    found = booklet.build(facts, request.pinned(facts.as_of), told)
    shown = reporting.deal_rows(db, [each.deal_id for part in found.parts for each in part.hanging])
    names = {row.id: (row.client, row.title) for row in shown}
    parts = [replace(part, hanging=tuple(_named(part.hanging, names))) for part in found.parts]
    return replace(found, parts=tuple(parts))


def _named(deals: Sequence[HangingDeal], names: dict[int, tuple[str, str]]) -> Iterable[HangingDeal]:
    for deal in deals:
        client, title = names.get(deal.deal_id, ("", ""))
        yield replace(deal, client=client, title=title)


def pack(
    db: Database,
    request: ReportRequest,
    names: Sequence[str],
    comment: str,
    progress: ProgressFn = lambda *_told: None,
    cancelled: CancelledFn = lambda: False,
) -> ReportPack:
    """The reports called `names` on what `request` asks for, each by its own usual deals and rule."""
    reports: list[Report] = []
    for done, name in enumerate(names):
        if cancelled():
            raise Cancelled
        progress(done, len(names))
        compare = request.compare if catalog.CATALOG[name].compares else None
        asked = replace(request, name=name, population=None, rule=None, by=(), compare=compare)
        report = reporting.run(db, asked)
        request = request.pinned(report.as_of)  # all of one moment
        report = reporting.with_more(db, report, asked)
        reports.append(for_page(report) if name == "manager-matrix" else report)
    return ReportPack(tuple(reports), comment.strip())
