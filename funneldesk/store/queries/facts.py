"""Facts for reports: every deal of a funnel as it stood at T.

When T is now the kept columns of the deals answer; for a past T the history is replayed.  Both
ways give the same facts (a test holds them against each other).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from funneldesk.domain.condition import EVERYTHING, Group
from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact, StageInfo
from funneldesk.domain.funnel import DealMode, Stage, places, stage_probability
from funneldesk.domain.history import DealStanding, MoveRow, row_standing
from funneldesk.store import tables as t
from funneldesk.store.queries.conditions import deal_clause
from funneldesk.store.queries.filters import deal_condition
from funneldesk.store.queries.lists import FunnelView
from funneldesk.store.queries.margins import deal_margins
from funneldesk.store.queries.rates import Rates, rates
from funneldesk.store.transaction import select_records

_FUNNEL_CAUSES = frozenset({"stage_removed", "stage_merged", "funnel_changed"})


@dataclass(frozen=True, slots=True)
class FactsRequest:
    """What facts are wanted: T, conditions field = value, owners, and whether with moves."""

    as_of: int
    live: bool = False  # T is this very moment: the kept columns may answer
    where: tuple[tuple[str, str], ...] = ()
    condition: Group = EVERYTHING
    managers: tuple[int, ...] = ()
    moves: bool = False
    strict: bool = False
    companies: bool = False
    margins: bool = False


class _Deal(NamedTuple):
    id: int
    company_id: int | None
    person_id: int | None
    amount: int | None
    currency: str | None
    manager_id: int | None
    source_id: int | None
    product_id: int | None
    created_at: int | None
    expected_close: str | None
    loss_reason_id: int | None
    loss_comment: str | None
    status: str
    stage_id: int | None
    entered_at: int | None
    closed_at: int | None
    visited: int
    lost_from_id: int | None
    path_known: bool
    lead_id: int | None
    mode: str | None


class _Move(NamedTuple):
    deal_id: int
    seq: int
    at: int | None
    from_kind: str | None
    from_stage_id: int | None
    to_kind: str
    to_stage_id: int | None
    actor_id: int | None
    owner_id: int | None
    amount: int | None
    loss_reason_id: int | None
    cause: str


def funnel_facts(conn: sa.Connection, view: FunnelView, request: FactsRequest) -> FunnelFacts:
    """The facts of one funnel."""
    as_of = request.as_of
    conditions = [t.deals.c.funnel_id == view.funnel.id]
    conditions += [deal_condition(conn, field, value) for field, value in request.where]
    if request.condition:
        conditions.append(deal_clause(conn, request.condition, now=as_of))
    narrowed = bool(request.where or request.condition)
    deals = [
        _Deal._make(row)
        for row in conn.execute(sa.select(*[t.deals.c[n] for n in _Deal._fields]).where(*conditions))
    ]
    every = select_records(conn, Stage, t.stages.c.funnel_id == view.funnel.id)
    ranks = places(every)
    past = not request.live or any(d.entered_at is not None and d.entered_at > as_of for d in deals)
    money = rates(conn)
    moves: list[_Move] = []
    if past or request.moves or request.strict:
        moves = _moves(conn, view.funnel.id, as_of, {d.id for d in deals} if narrowed else None)
    if past or request.strict:
        facts = _replayed(deals, moves, ranks, len(view.stages), as_of, money)
    else:
        facts = _kept(conn, deals, view, every, ranks, as_of, money)
    if request.margins:
        margins = deal_margins(conn, deals, money)
        facts = [replace(f, margin=margins[f.id]) if f.id in margins else f for f in facts]
    if request.managers:
        wanted = set(request.managers)
        facts = [f for f in facts if f.owner in wanted]
    return FunnelFacts(
        funnel_id=view.funnel.id,
        funnel=view.funnel.name,
        stages=_stages(view.stages),
        as_of=as_of,
        currency=money.currency,
        deals=tuple(facts),
        moves=_move_facts(moves, ranks, {f.id for f in facts}) if request.moves else (),
        probability_source=view.funnel.probability_source,
        season=view.funnel.season,
        **_names(conn, facts, with_companies=request.companies),
    )


def _stages(stages: Sequence[Stage]) -> tuple[StageInfo, ...]:
    count = len(stages)
    return tuple(
        StageInfo(s.id, s.name, stage_probability(s, rank, count), s.limit_days, s.kind == "hold")
        for rank, s in enumerate(stages, 1)
    )


def _moves(conn: sa.Connection, funnel_id: int, as_of: int, only: set[int] | None) -> list[_Move]:
    """The moves of a funnel's deals with time <= T (unknown times lie before any T), by deal and seq."""
    column = t.stage_moves.c
    query = (
        sa.select(*[column[n] for n in _Move._fields])
        .join(t.deals, t.deals.c.id == column.deal_id)
        .where(t.deals.c.funnel_id == funnel_id, sa.or_(column.at.is_(None), column.at <= as_of))
        .order_by(column.deal_id, column.seq)
    )
    rows = conn.execute(query)
    if only is None:
        return [_Move._make(row) for row in rows]
    return [_Move._make(row) for row in rows if row[0] in only]


def _rank(ranks: Mapping[int, int], stage_id: int | None) -> int:
    return 0 if stage_id is None else ranks.get(stage_id, -1)


def _replayed(
    deals: Sequence[_Deal],
    moves: Sequence[_Move],
    ranks: Mapping[int, int],
    k: int,
    as_of: int,
    money: Rates,
) -> list[DealFact]:
    merged = len(ranks) > k
    by_deal = {deal_id: list(rows) for deal_id, rows in groupby(moves, key=itemgetter(0))}
    found = []
    for deal in deals:
        rows = by_deal.get(deal.id)
        if rows is None or (deal.created_at is not None and deal.created_at > as_of):
            continue
        lines: list[MoveRow] = [
            (m.at, m.to_kind, _rank(ranks, m.to_stage_id), m.owner_id, m.amount) for m in rows
        ]
        standing = row_standing(lines, k)
        if merged and standing.status == Status.OPEN:
            standing = standing._replace(entered_at=_entered(rows))
        last = rows[-1]
        owner = standing.owner_at_close if standing.status != Status.OPEN else last.owner_id
        amount = standing.amount_at_close if standing.status != Status.OPEN else None
        reason = last.loss_reason_id or deal.loss_reason_id
        found.append(_fact(deal, standing, owner, amount, reason, as_of, money))
    return found


def _entered(rows: Sequence[_Move]) -> int | None:
    """When an open deal came to its stage: a move between two stages merged since counts as one."""
    entered, place = rows[0].at, (rows[0].to_kind, rows[0].to_stage_id)
    for row in rows[1:]:
        if (row.to_kind, row.to_stage_id) != place:
            entered, place = row.at, (row.to_kind, row.to_stage_id)
    return entered


def _kept(
    conn: sa.Connection,
    deals: Sequence[_Deal],
    view: FunnelView,
    every: Sequence[Stage],
    ranks: Mapping[int, int],
    as_of: int,
    money: Rates,
) -> list[DealFact]:
    k = len(view.stages)
    bits = [(1 << s.slot, 1 << (ranks[s.id] - 1)) for s in every if s.id in ranks]
    masks: dict[int, int] = {}
    closes, reopened = _closes(conn, view.funnel.id)
    before = _lost_before(conn, view.funnel.id, deals, ranks)
    found = []
    for deal in deals:
        if deal.created_at is not None and deal.created_at > as_of:
            continue
        mask = masks.get(deal.visited)
        if mask is None:
            mask = 0
            for slot, rank in bits:
                if deal.visited & slot:
                    mask |= rank
            masks[deal.visited] = mask
        lost = deal.status == Status.LOST
        standing = DealStanding(
            deal.status,
            max(_rank(ranks, deal.stage_id), 0),
            k + 1 if deal.status == Status.WON else mask.bit_length(),
            mask,
            0,
            before.get(deal.id, max(_rank(ranks, deal.lost_from_id), 0)) if lost else None,
            deal.entered_at,
            deal.closed_at,
            bool(deal.path_known),
            deal.id in reopened,
            None,
            None,
        )
        owner, amount = (None, None) if deal.status == Status.OPEN else closes.get(deal.id, (None, None))
        found.append(_fact(deal, standing, owner, amount, deal.loss_reason_id, as_of, money))
    return found


def _closes(conn: sa.Connection, funnel_id: int) -> tuple[dict[int, tuple[int | None, int | None]], set[int]]:
    """By deal the owner and amount at its last close; and the deals that were lost and open again later."""
    column = t.stage_moves.c
    query = (
        sa.select(column.deal_id, column.from_kind, column.to_kind, column.owner_id, column.amount)
        .join(t.deals, t.deals.c.id == column.deal_id)
        .where(
            t.deals.c.funnel_id == funnel_id,
            sa.or_(column.to_kind != str(Status.OPEN), column.from_kind == str(Status.LOST)),
        )
        .order_by(column.deal_id, column.seq)
    )
    closes: dict[int, tuple[int | None, int | None]] = {}
    reopened = set()
    for deal_id, _came_from, to, owner, amount in conn.execute(query):
        if to == Status.OPEN:
            reopened.add(deal_id)
        else:
            closes[deal_id] = (owner, amount)
    return closes, reopened


def _lost_before(
    conn: sa.Connection, funnel_id: int, deals: Sequence[_Deal], ranks: Mapping[int, int]
) -> dict[int, int]:
    """By deal lost from a stage that has been removed since: the rank of the stage it was in before."""
    gone = {
        deal.id
        for deal in deals
        if deal.status == Status.LOST and deal.lost_from_id is not None and deal.lost_from_id not in ranks
    }
    if not gone:
        return {}
    column = t.stage_moves.c
    query = (
        sa.select(column.deal_id, column.to_stage_id)
        .join(t.deals, t.deals.c.id == column.deal_id)
        .where(t.deals.c.funnel_id == funnel_id, t.deals.c.status == str(Status.LOST))
        .where(column.to_stage_id.in_(list(ranks)))
        .order_by(column.deal_id, column.seq)
    )
    return {deal_id: ranks[stage_id] for deal_id, stage_id in conn.execute(query) if deal_id in gone}


def _fact(
    deal: _Deal,
    standing: DealStanding,
    owner: int | None,
    amount: int | None,
    reason: int | None,
    as_of: int,
    money: Rates,
) -> DealFact:
    raw = deal.amount if amount is None else amount
    is_open = standing.status == Status.OPEN
    value = (
        None if raw is None else money.convert(raw, deal.currency, as_of if is_open else standing.closed_at)
    )
    return DealFact(
        id=deal.id,
        created_at=deal.created_at,
        status=standing.status,
        stage=standing.stage,
        reach=standing.reach,
        visited=standing.visited,
        strict=standing.strict,
        lost_at=standing.lost_at,
        entered_at=standing.entered_at,
        closed_at=standing.closed_at,
        path_known=standing.path_known,
        staged=deal.mode != DealMode.STAGELESS,
        owner=deal.manager_id if owner is None else owner,
        amount=value,
        no_rate=raw is not None and value is None,
        company_id=deal.company_id,
        person_id=deal.person_id,
        source_id=deal.source_id,
        product_id=deal.product_id,
        loss_reason_id=reason if standing.status == Status.LOST else None,
        has_loss_comment=bool(deal.loss_comment) and standing.status == Status.LOST,
        expected_close=deal.expected_close,
        reopened=standing.reopened,
        lead_id=deal.lead_id,
    )


def _move_facts(moves: Sequence[_Move], ranks: Mapping[int, int], ids: set[int]) -> tuple[MoveFact, ...]:
    return tuple(
        MoveFact(
            m.deal_id,
            m.seq,
            m.at,
            m.from_kind,
            _rank(ranks, m.from_stage_id),
            m.to_kind,
            _rank(ranks, m.to_stage_id),
            m.actor_id,
            m.owner_id,
            m.amount,
            m.cause not in _FUNNEL_CAUSES,
        )
        for m in moves
        if m.deal_id in ids
    )


def _names(conn: sa.Connection, facts: Sequence[DealFact], *, with_companies: bool) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for key, table in (("managers", t.managers), ("sources", t.sources), ("products", t.products)):
        rows = conn.execute(sa.select(table.c.id, table.c.name))
        names[key] = {row.id: row.name for row in rows}
    column = t.loss_reasons.c
    reasons = conn.execute(sa.select(column.id, column.name, column.outcome)).all()
    names["reasons"] = {row.id: row.name for row in reasons}
    names["outcomes"] = {row.id: row.outcome or row.name for row in reasons}
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
