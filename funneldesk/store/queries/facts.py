"""Facts for reports: every deal of a funnel as it stood at T, one by one or told in groups.

When T is now the kept columns of the deals answer, but of those that have moved since (a clock went back,
a file was ahead of it) the history; for a past T all histories are replayed.  Both ways give the same facts
(a test holds them against each other), and so do groups (another does).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.brought import BroughtAsked, BroughtTable
from funneldesk.domain.condition import EVERYTHING, Group
from funneldesk.domain.deal import Status
from funneldesk.domain.deal_table import LEARNT, MONEY, DealTable
from funneldesk.domain.facts import DealFact, FunnelFacts, Groups, MoveFact, Part, StageInfo
from funneldesk.domain.funnel import Stage, places, stage_probability
from funneldesk.domain.move_table import CLOSING, MOVE_COLUMNS, Past, PastDeal
from funneldesk.domain.stay_table import StaysAsked, StayTable
from funneldesk.store import tables as t
from funneldesk.store.queries import facts_groups, facts_history, facts_spans
from funneldesk.store.queries.conditions import deal_clause
from funneldesk.store.queries.facts_brought import kept_brought
from funneldesk.store.queries.facts_columns import group_columns, placed_table
from funneldesk.store.queries.facts_deals import Source, kept_facts
from funneldesk.store.queries.facts_parts import few_created, in_part
from funneldesk.store.queries.facts_stays import kept_stays
from funneldesk.store.queries.filters import deal_condition
from funneldesk.store.queries.lists import FunnelView
from funneldesk.store.queries.margins import deal_margins
from funneldesk.store.queries.rates import Rates, rates
from funneldesk.store.transaction import equal_records


@dataclass(frozen=True, slots=True)
class FactsRequest:
    """What facts are wanted: T, conditions field = value, owners, and whether with moves."""

    as_of: int
    live: bool = False  # T is this very moment: the kept columns may answer
    where: tuple[tuple[str, str], ...] = ()
    condition: Group = EVERYTHING
    managers: tuple[int, ...] = ()
    moves: bool = False
    move_columns: tuple[str, ...] = MOVE_COLUMNS  # which of them, when many moves come as columns
    strict: bool = False
    companies: bool = False
    margins: bool = False
    columns: bool = False  # a past T comes as columns, for `reports.replay`
    groups: Groups | None = None  # deals that differ in nothing else come as one fact
    told: tuple[str, ...] | None = None  # deals come as these columns (with `columns` only)
    part: Part | None = None  # no other deals are looked at
    apart: Part | None = None  # no others one by one: where nothing narrows them all come as `learnt`, too
    learnt: tuple[str, ...] = LEARNT
    moves_of: Part | None = None  # at the moves of no others, where all deals are
    stays: StaysAsked | None = None  # where it tells all and sooner, what is kept of stays comes instead
    brought: BroughtAsked | None = None  # likewise, what is kept of who brought deals to stages
    money: Rates | None = None  # where they have been read already


def funnel_facts(conn: sa.Connection, view: FunnelView, request: FactsRequest) -> FunnelFacts:
    """The facts of one funnel."""
    as_of = request.as_of
    conditions = _conditions(conn, request)
    every = equal_records(conn, Stage, funnel_id=view.funnel.id)
    money = rates(conn) if request.money is None else request.money
    source = Source(view.funnel.id, len(view.stages), places(every), tuple(every), as_of, money)
    past = request.strict or not request.live
    later = not past and _moved_later(conn, source, conditions)
    asked = conditions
    conditions = [*asked, *in_part(request.part, as_kept=not (past or later))]
    unmoved = [*conditions, source.unmoved()] if later else conditions
    moves: Sequence[MoveFact] = ()
    begun: tuple[DealFact, ...] | None = None
    told: Past | None = None
    facts: list[DealFact] = []
    table: DealTable | None = None
    learnt: DealTable | None = None
    stays: StayTable | None = None
    brought: BroughtTable | None = None
    kept = None if past or later else _instead_of_moves(conn, source, asked, conditions, request)
    if past and request.columns and not request.margins:
        told = facts_history.past(conn, source, conditions, *_past_columns(request))
        moves = told.moves if request.moves else ()
    elif past:
        rows = facts_history.moves(conn, source, narrowed=conditions)
        facts = facts_history.replayed(conn, source, conditions, rows)
        if request.moves:
            moves = facts_history.move_facts(rows, source.ranks)
    elif kept is not None:
        facts, stays, brought = kept
    elif not later and (names := _columns_of_now(request)) is not None:
        table = placed_table(conn, source, conditions, names)
    elif request.groups is not None and request.groups.next_span is not None:
        created, facts = facts_spans.spans(conn, source, request.groups)
        begun = tuple(created)
    elif request.groups is not None:
        facts = facts_groups.grouped(conn, source, unmoved, request.groups, request.managers)
    else:
        narrowed = bool(later or conditions or request.managers)
        facts, learnt = _one_by_one(conn, source, unmoved, None if narrowed else request)
    if later:
        facts += _before(conn, source, conditions, request.managers)
        facts.sort(key=itemgetter(0))  # by id, as those of a past moment come
    if request.moves and not past and kept is None:
        few = few_created(conn, source.funnel_id, request.moves_of)
        moves = facts_history.move_table(conn, source, [*conditions, *few], request.move_columns)
    if request.margins:
        margins = deal_margins(conn, source.funnel_id, source.money)
        facts = [f._replace(margin=margins[f.id]) if f.id in margins else f for f in facts]
    if request.managers and (past or request.groups is None) and kept is None:
        wanted = set(request.managers)
        facts = [f for f in facts if f.owner in wanted]
    return FunnelFacts(
        funnel_id=view.funnel.id,
        funnel=view.funnel.name,
        stages=_stages(view.stages),
        as_of=as_of,
        currency=source.money.currency,
        deals=tuple(facts),
        moves=moves,
        begun=begun,
        past=told,
        table=table,
        learnt=learnt,
        stays=stays,
        brought=brought,
        probability_source=view.funnel.probability_source,
        training_months=view.funnel.training_months,
        season_months=view.funnel.season_months,
        expected_close=view.funnel.expected_close,
        season=view.funnel.season,
        **_names(conn, facts if told is None else told.deals, with_companies=request.companies),
    )


def _one_by_one(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    request: FactsRequest | None,
) -> tuple[list[DealFact], DealTable | None]:
    """Each deal as a fact of its own, or only those `apart`, and then all of the funnel as columns."""
    if request is None or request.apart is None:
        return kept_facts(conn, source, conditions), None
    few = in_part(request.apart, as_kept=True)
    return kept_facts(conn, source, [*conditions, *few]), placed_table(conn, source, (), request.learnt)


def _instead_of_moves(
    conn: sa.Connection,
    source: Source,
    asked: Sequence[sa.ColumnElement[bool]],
    in_part: Sequence[sa.ColumnElement[bool]],
    request: FactsRequest,
) -> tuple[list[DealFact], StayTable | None, BroughtTable | None] | None:
    """The deals in groups, with what is kept instead of their moves; None: it does not tell all."""
    stays = kept_stays(conn, source, in_part, request.stays, request.managers)
    if stays is not None:
        return (*stays, None)
    brought = kept_brought(conn, source, asked, request.brought, request.managers)
    return None if brought is None else (brought[0], None, brought[1])


def _conditions(conn: sa.Connection, request: FactsRequest) -> list[sa.ColumnElement[bool]]:
    found = [deal_condition(conn, field, value) for field, value in request.where]
    if request.condition:
        found.append(deal_clause(conn, request.condition, now=request.as_of))
    return found


def _before(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    managers: Sequence[int],
) -> list[DealFact]:
    """The facts of those deals that have moved after T, as they stood at it."""
    moved = [*conditions, t.deals.c.entered_at > source.as_of]
    rows = facts_history.moves(conn, source, narrowed=moved)
    stood = facts_history.replayed(conn, source, moved, rows)
    return [fact for fact in stood if not managers or fact.owner in managers]


def _columns_of_now(request: FactsRequest) -> Collection[str] | None:
    """The columns of deals that are asked for; None where deals or groups counted by the base are."""
    if not request.columns:
        return None
    if request.told is not None:
        return {"created", "closed", "owner", *request.told} - {"foreign"}
    if request.groups is not None and request.groups.crossed:
        return group_columns(request.groups, request.managers)
    return None


def _past_columns(request: FactsRequest) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """The columns of the deals (None = deal by deal) and of the moves that a past moment is told by."""
    if request.told is not None:
        return request.told, _amounts(request, "owner", *request.told, *request.move_columns)
    if request.groups is None or request.groups.next_span is not None:
        return None, ()
    by = request.groups.by
    if "traits" in by:
        by = by | {"reason", "comment", "reopened"}
    kept = tuple(name for name in ("source", "reason", "comment") if name in by)
    moved = [name for name in ("reason",) if name in by]
    if "owner" in by or request.managers:
        moved.append("owner")
    moved += request.move_columns if request.moves else ()
    return (*MONEY, *kept), _amounts(request, "amount", *moved)


def _amounts(request: FactsRequest, *names: str) -> tuple[str, ...]:
    """Columns of moves, with the amounts of closes only where the report does not look at others."""
    if request.moves and "amount" in request.move_columns:
        return names
    return tuple(CLOSING if name == "amount" else name for name in names)


_LATEST = sa.select(
    *[
        sa.select(sa.func.max(t.deals.c.entered_at))
        .where(t.deals.c.funnel_id == sa.bindparam("funnel"), t.deals.c.status == str(status))
        .scalar_subquery()
        for status in Status
    ]
)


def _moved_later(conn: sa.Connection, source: Source, conditions: Sequence[sa.ColumnElement[bool]]) -> bool:
    """Whether a deal has moved after T."""
    deal = t.deals.c
    latest = conn.execute(_LATEST, {"funnel": source.funnel_id}).one()
    if all(at is None or at <= source.as_of for at in latest):
        return False
    later = sa.exists().where(deal.funnel_id == source.funnel_id, deal.entered_at > source.as_of, *conditions)
    return bool(conn.scalar(sa.select(later)))


def _stages(stages: Sequence[Stage]) -> tuple[StageInfo, ...]:
    count = len(stages)
    return tuple(
        StageInfo(s.id, s.name, stage_probability(s, rank, count), s.limit_days, s.kind == "hold")
        for rank, s in enumerate(stages, 1)
    )


_NAMED = {"managers": t.managers, "sources": t.sources, "products": t.products}
_NAMES = sa.union_all(
    *[sa.select(sa.literal(key), x.c.id, x.c.name, sa.null()) for key, x in _NAMED.items()],
    sa.select(sa.literal("reasons"), t.loss_reasons.c.id, t.loss_reasons.c.name, t.loss_reasons.c.outcome),
)


def _names(
    conn: sa.Connection, facts: Sequence[DealFact | PastDeal], *, with_companies: bool
) -> dict[str, Any]:
    names: dict[str, Any] = {key: {} for key in (*_NAMED, "reasons", "outcomes")}
    for key, each, name, outcome in conn.execute(_NAMES).cursor.fetchall():
        names[key][each] = name
        if key == "reasons":
            names["outcomes"][each] = outcome or name
    if with_companies:
        wanted = {f.company_id for f in facts if f.company_id is not None}
        rows = conn.execute(sa.select(t.companies.c.id, t.companies.c.name))
        names["companies"] = {row.id: row.name for row in rows if row.id in wanted}
        alone = {f.person_id for f in facts if f.company_id is None and f.person_id is not None}
        rows = conn.execute(sa.select(t.people.c.id, t.people.c.name))
        names["people"] = {row.id: row.name for row in rows if row.id in alone}
        names["categories"] = _categories(conn)
    return names


def _categories(conn: sa.Connection) -> dict[tuple[str, int], str]:
    found = {}
    for kind, table in (("company", t.companies), ("person", t.people)):
        rows = conn.execute(sa.select(table.c.id, table.c.category).where(table.c.category.isnot(None)))
        found.update({(kind, row.id): row.category for row in rows})
    return found
