"""Reports: facts from the store, figures from `reports`, and the deals behind every number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.collector import collector_paused
from funneldesk.domain import clock
from funneldesk.domain.condition import EVERYTHING
from funneldesk.domain.facts import FunnelFacts, OwnValues
from funneldesk.domain.folding import fold
from funneldesk.domain.results import Report, ReportRequest, Rule
from funneldesk.domain.team import Manager, Product, Source
from funneldesk.errors import UserError
from funneldesk.reports import (
    ahead,
    catalog,
    comparison,
    deal_columns,
    own_figure,
    probability,
    replay,
    unsuccessful,
    week,
)
from funneldesk.reports.report_info import OWN
from funneldesk.store.database import Database, read_info
from funneldesk.store.queries import deal_list, lists, own_values
from funneldesk.store.queries.facts import FactsRequest, funnel_facts
from funneldesk.store.queries.happenings import (
    activity_facts,
    closed_words,
    done_table,
    lead_facts,
    loss_comments,
    planned_facts,
)
from funneldesk.store.queries.ledger import ledger, marks_only, plans
from funneldesk.store.queries.lists import FunnelView
from funneldesk.store.queries.rates import rates


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """What the controls of a report offer."""

    funnels: tuple[FunnelView, ...]
    managers: tuple[Manager, ...]
    sources: tuple[Source, ...]
    products: tuple[Product, ...]
    own_fields: tuple[str, ...]  # of deals, by which they can be grouped


def choices(db: Database) -> ReportChoices:
    """Funnels (archived ones last), managers, sources and products to choose from."""
    with db.read() as conn:
        return ReportChoices(
            tuple(sorted(lists.funnels(conn, archived=True), key=lambda view: view.funnel.archived)),
            tuple(lists.managers(conn)),
            tuple(lists.sources(conn)),
            tuple(lists.products(conn)),
            tuple(field.name for field in own_values.groupable(conn)),
        )


def run(db: Database, request: ReportRequest) -> Report:
    """The report that `request` asks for; `Report.as_of` is the moment it was counted at.

    With `compare` it holds the same report of the earlier period.  Raises UserError `report.*` when it
    cannot be asked so, `funnel.none` when there is no funnel.
    """
    with collector_paused():
        report = _counted(db, request)
        if request.compare is None:
            return report
        if not catalog.info_of(request).compares:
            raise UserError("report.no_comparison", name=request.name)
        before = comparison.earlier(request, request.compare, report.as_of, db.info().zone)
        return comparison.compare(report, _counted(db, before), request.compare)


def _counted(db: Database, request: ReportRequest) -> Report:
    """The report without a comparison."""
    report = catalog.compute_all(facts(db, request), request)
    info = catalog.info_of(request)
    if not (info.own_figure and request.figure):
        return report
    part = own_figure.part_of(request.pinned(report.as_of))
    told = facts(db, part, replace(info, chances=False))
    return own_figure.beside(report, catalog.compute_all(told, part), request)


def with_more(db: Database, report: Report, request: ReportRequest) -> Report:
    """`report` with what stands beside it, which it need not wait for, of the same moment.

    A stage funnel with its lost deals by reason (`extra["unsuccessful"]`), a reverse plan with what the goal
    still takes (`extra["ahead"]`), any other report as it is.
    """
    info = catalog.info_of(request)
    pinned = request.pinned(report.as_of)
    if unsuccessful.has(request):
        asked = unsuccessful.asked(pinned, info)
        with collector_paused():
            found = facts(db, asked, unsuccessful.info_of(info))[0]
            told = unsuccessful.lost_by_reason(found, asked)
        return replace(report, extra={**report.extra, "unsuccessful": told})
    if request.name == ahead.REPORT:
        with collector_paused():
            found = facts(db, _of_one_funnel(db, pinned), ahead.info_of(info))[0]
            left = ahead.look(found, pinned, report)
        return replace(report, extra={**report.extra, "ahead": left})
    return report


def _of_one_funnel(db: Database, request: ReportRequest) -> ReportRequest:
    """The same of the first funnel by its id: leads made into deals of another one are not of it."""
    if request.funnel_id is not None:
        return request
    with db.read() as conn:
        found = lists.funnels(conn)
    return replace(request, funnel_id=found[0].funnel.id) if found else request


def deals_behind(
    db: Database, report: Report, request: ReportRequest, row_index: int | None, key: str
) -> list[int]:
    """The deals counted in a number of `report` (row None = the totals), at the same moment.

    The row is found by its words; [] where there is none such any more.
    """
    pinned = request.pinned(report.as_of)
    if key == own_figure.COUNT:
        pinned, key = own_figure.part_of(pinned), own_figure.OF
    found = facts(db, pinned, one_by_one=True)
    return list(catalog.deals_behind_all(found, pinned, row_index, key, shown=report))


def deal_rows(db: Database, deal_ids: Sequence[int]) -> list[deal_list.DealRow]:
    """Deals as a list shows them, in the order of `deal_ids`."""
    with db.read() as conn:
        return deal_list.rows(conn, deal_ids)


def facts(
    db: Database,
    request: ReportRequest,
    info: catalog.ReportInfo | None = None,
    *,
    one_by_one: bool = False,
) -> list[FunnelFacts]:
    """What a report is counted from, by funnel; `info` says what is needed, by default the report's own.

    `one_by_one`: each deal as a fact of its own.
    """
    info = info or catalog.info_of(request)
    if request.start is not None and request.end is not None and request.end <= request.start:
        raise UserError("report.period_backwards")
    with db.read() as conn:
        views = lists.funnels(conn, archived=request.funnel_id is not None)
        if request.funnel_id is not None:
            views = [view for view in views if view.funnel.id == request.funnel_id]
        if not views:
            raise UserError("funnel.none")
        if info.one_funnel(request):
            views = views[:1]
        views = [_as_asked(view, request) for view in views]
        base = read_info(conn)
        zone = base.zone
        as_of = clock.now() if request.as_of is None else request.as_of
        part, moves_of = info.parts(request, as_of)
        only = None if info.only is None else info.only(request, as_of, zone, plans(conn))
        if only is not None:
            part, info = only, replace(info, moves=False, learns=False, chances=False, apart=None)
        wanted = FactsRequest(
            as_of=as_of,
            live=request.live or request.as_of is None,
            where=request.where,
            condition=request.condition,
            managers=request.managers,
            moves=info.needs_moves(request),
            move_columns=info.columns_of_moves(request),
            strict=request.rule is Rule.STRICT,
            companies=info.clients or "client" in request.by,
            margins=info.margins,
            groups=None if one_by_one else info.groups(request, zone),
            told=None if one_by_one else info.told(request, zone),
            stays=None if one_by_one else info.stays(request),
            brought=None if one_by_one else info.asks_brought(request),
            money=rates(conn, base),
            part=part,
            moves_of=moves_of,
            apart=None if info.apart is None else info.apart(request, as_of, zone),
            learnt=info.learnt,
        )
        found = [replace(_stood(conn, view, wanted), zone=zone.key) for view in views]
        if wanted.told is not None and not all(map(_many_at_once, found)):
            # in one of them a deal has moved after T
            wanted = replace(wanted, told=None)
            found = [replace(_stood(conn, view, wanted), zone=zone.key) for view in views]
        own = _own(conn, info, request)
        found = [replace(each, own=own) for each in found] if own else found
        found[0] = _with_happenings(conn, info, request, wanted.as_of, found)
        narrowed = bool(request.where or request.condition or request.managers)
        # The chance of a stage is the whole funnel's, whatever part of its deals is looked at.
        whole = replace(
            wanted, where=(), condition=EVERYTHING, managers=(), moves=False, strict=False, companies=False,
            groups=None, told=None, stays=None, brought=None, apart=None,
        )  # fmt: skip
        together = wanted.groups is not None or any(map(_many_at_once, found))
        for place, view in enumerate(views):
            if narrowed and info.learns:
                full = replace(whole, moves=info.needs_moves(request))
                found[place] = replace(found[place], whole=_stood(conn, view, full))
            learnt_from = info.chances and found[place].probability_source == "history"
            apart = part is not None or found[place].learnt is not None
            if learnt_from and (narrowed or together or apart):
                groups = probability.learns_from(wanted.as_of, found[place].training_months)
                learnt = replace(whole, groups=groups, part=None)
                chances = probability.chosen(_stood(conn, view, learnt))
                found[place] = replace(found[place], probabilities=tuple(chances))
        return found


def _many_at_once(facts: FunnelFacts) -> bool:
    """Whether the deals came as columns, or with what is kept instead of moves."""
    return facts.stays is not None or facts.brought is not None or deal_columns.told(facts)


def _own(conn: Any, info: catalog.ReportInfo, request: ReportRequest) -> dict[str, OwnValues]:
    """What deals have in the own fields that are grouped by; UserError report.by of any other field."""
    found: dict[str, OwnValues] = {}
    for name in request.by:
        if name.startswith(OWN):
            told = own_values.own_values(conn, name.removeprefix(OWN))
            if told is None:
                known = (*info.by, *(OWN + field.name for field in own_values.groupable(conn)))
                raise UserError("report.by", name=info.name, by=name, known=known)
            found[name] = told
    return found


def _as_asked(view: FunnelView, request: ReportRequest) -> FunnelView:
    """The funnel with what the request says of how much history is learnt from."""
    said = {
        key: months
        for key in ("training_months", "season_months")
        if (months := getattr(request, key)) is not None
    }
    return replace(view, funnel=replace(view.funnel, **said)) if said else view


def _stood(conn: Any, view: FunnelView, wanted: FactsRequest) -> FunnelFacts:
    """The facts of one funnel; those of a past moment by a replay of all histories at once."""
    found = funnel_facts(conn, view, replace(wanted, columns=True))
    if wanted.told is not None or not deal_columns.told(found):
        return found
    if wanted.groups is not None and (found.past is None or found.past.table is not None):
        asked = deal_columns.of_managers(found, wanted.managers)
        grouped = tuple(deal_columns.grouped(asked, wanted.groups))
        return replace(found, deals=grouped, past=None, table=None)
    assert found.past is not None
    deals = replay.stood(found.past, found.k, found.as_of)
    if wanted.managers:
        owners = set(wanted.managers)
        deals = [deal for deal in deals if deal.owner in owners]
    return replace(found, deals=tuple(deals), past=None)


def _ids(facts: FunnelFacts, request: ReportRequest) -> Iterator[int]:
    if deal_columns.told(facts):
        yield from deal_columns.deals_of(facts, request).id.tolist()
    else:
        yield from (deal.id for deal in facts.deals)


def _own_deals(info: catalog.ReportInfo, found: list[FunnelFacts]) -> set[int] | None:
    """The deals of a report that may look at a part of them only; None = of any other."""
    return None if info.part is None else {deal.id for facts in found for deal in facts.deals}


def _with_happenings(
    conn: Any, info: catalog.ReportInfo, request: ReportRequest, as_of: int, found: list[FunnelFacts]
) -> FunnelFacts:
    """The first of `found` with the leads and activities that the report needs."""
    first = found[0]
    if info.leads:
        whole = request.funnel_id is None
        filtered = request.where or request.condition or request.managers or not whole
        ids = {each for facts in found for each in _ids(facts, request)} if filtered else set()
        leads = lead_facts(
            conn,
            as_of,
            request.where,
            request.managers,
            ids,
            all_funnels=whole,
            by_deal_only=bool(request.condition),
        )
        first = replace(first, leads=leads)
    if info.ledger:
        narrowed = (
            {deal.id for facts in found for deal in facts.deals}
            if request.where or request.condition
            else None
        )
        first = replace(first, ledger=ledger(conn, as_of, request.managers, narrowed))
    elif info.marks:
        first = replace(first, ledger=marks_only(conn))
    if info.activities:
        span = None if info.done_in is None else info.done_in(request, as_of, ZoneInfo(first.zone))
        if all(deal_columns.told(facts) for facts in found):
            first = replace(first, done=done_table(conn, as_of))
        else:
            first = replace(first, activities=activity_facts(conn, as_of, span, _own_deals(info, found)))
    if info.done_by_deal:
        first = replace(first, done=done_table(conn, as_of, ("deal",), _own_deals(info, found)))
    if info.words:
        first = replace(first, comments=loss_comments(conn))
    if info.stories:
        zone = ZoneInfo(first.zone)
        start, end = week.bounds(request, as_of, zone)
        titles, comments = closed_words(conn, start, end)
        planned = planned_facts(conn, end, week.next_week(end, zone))
        first = replace(first, titles=titles, comments=comments, planned=planned)
    return first


def funnel_by_name(db: Database, name: str) -> FunnelView:
    """The funnel called `name` (letter case ignored); UserError `funnel.unknown` with those there are."""
    with db.read() as conn:
        views = lists.funnels(conn, archived=True)
    for view in views:
        if fold(view.funnel.name) == fold(name):
            return view
    raise UserError("funnel.unknown", name=name, known=[view.funnel.name for view in views])


def manager_by_name(db: Database, name: str) -> Manager:
    """The manager called `name`; UserError `manager.unknown` with those there are."""
    with db.read() as conn:
        known = lists.managers(conn)
    for manager in known:
        if manager.folded == fold(name):
            return manager
    raise UserError("manager.unknown", name=name, known=[m.name for m in known])
