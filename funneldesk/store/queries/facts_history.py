"""Facts of a past moment: the history of every deal replayed until then."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, MoveFact
from funneldesk.domain.funnel import DealMode
from funneldesk.domain.history import MoveRow, row_standing
from funneldesk.domain.move_table import (
    CLOSING,
    LOST,
    MOVE_COLUMNS,
    PLACED,
    WON,
    MoveTable,
    Past,
    PastDeal,
)
from funneldesk.store import tables as t
from funneldesk.store.queries.facts_columns import deal_table
from funneldesk.store.queries.facts_deals import SILENT, Source
from funneldesk.store.queries.told import or_none, told

_FUNNEL_CAUSES = frozenset({"stage_removed", "stage_merged", "funnel_changed"})


class Move(NamedTuple):
    """A row of the history, as much of it as facts need."""

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


def moves(
    conn: sa.Connection, source: Source, *, narrowed: Sequence[sa.ColumnElement[bool]] = ()
) -> list[Move]:
    """The moves of a funnel's deals with time <= T (unknown times lie before any T), by deal and seq."""
    column, deal = t.stage_moves.c, t.deals.c
    there = sa.or_(column.at.is_(None), column.at <= source.as_of)
    of = sa.select(deal.id).where(deal.funnel_id == source.funnel_id, *narrowed)
    query = (
        sa.select(*[column[n] for n in Move._fields])
        .where(there, column.deal_id.in_(of))
        .order_by(column.deal_id, column.seq)
    )
    return [Move._make(row) for row in conn.execute(query)]


def move_table(
    conn: sa.Connection, source: Source, narrowed: Sequence[sa.ColumnElement[bool]], wanted: Collection[str]
) -> MoveTable:
    """The same moves as columns; of those beside deal, seq and place only the `wanted` ones."""
    move, deal = t.stage_moves.c, t.deals.c
    small = {
        # a place and PLACED; only an open one is a stage, and to compare words takes longer than all else
        "place": sa.case(
            (move.to_stage_id.isnot(None), move.to_stage_id + PLACED),
            (move.to_kind == str(Status.OPEN), PLACED),
            (move.to_kind == str(Status.WON), WON + PLACED),
            else_=LOST + PLACED,
        ),
        "actor": sa.func.coalesce(move.actor_id, 0),
        "owner": sa.func.coalesce(move.owner_id, 0),
        "reason": sa.func.coalesce(move.loss_reason_id, 0),
        # the commonest first, and a CASE, that looks no further than it must
        "counts": sa.case({"user": 1, **dict.fromkeys(sorted(_FUNNEL_CAUSES), 0)}, value=move.cause, else_=1),
    }
    packed = [(name, bits) for name, bits in _bits(conn).items() if name == "place" or name in wanted]
    step: sa.ColumnElement[Any] = move.seq
    for name, bits in packed:
        step = step * (1 << bits) + small[name]
    asked: dict[str, sa.ColumnElement[Any]] = {"deal": move.deal_id, "step": step}
    for name, column in (("at", move.at), ("amount", move.amount)):
        if name in wanted:
            asked[name] = or_none(name, column)
    if CLOSING in wanted:  # of other moves nothing at all is told
        asked[CLOSING] = sa.case((move.to_kind != str(Status.OPEN), or_none("amount", move.amount)))
    where = [sa.or_(move.at.is_(None), move.at <= source.as_of)]
    # at both ends of an index: what is not equal would be looked for from deal to deal
    others = [
        sa.exists().where(end)
        for end in (deal.funnel_id < source.funnel_id, deal.funnel_id > source.funnel_id)
    ]
    some = bool(narrowed) or bool(conn.scalar(sa.select(sa.or_(*others))))
    if some:
        of = sa.select(deal.id).where(deal.funnel_id == source.funnel_id, *narrowed)
        where.append(move.deal_id.in_(of))
    return MoveTable(told(conn, asked, where, None if some else move.id), source.ranks, packed)


_HIGHEST = sa.select(
    *[sa.select(sa.func.max(x.c.id)).scalar_subquery() for x in (t.stages, t.managers, t.loss_reasons)]
)


def _bits(conn: sa.Connection) -> dict[str, int]:
    """How many bits the small columns of a move take at most."""
    stage, manager, reason = (highest or 0 for highest in conn.execute(_HIGHEST).one())
    person = manager.bit_length()
    return {
        "place": (stage + PLACED).bit_length(), "actor": person, "owner": person,
        "reason": reason.bit_length(), "counts": 1,
    }  # fmt: skip


def past(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    told: Sequence[str] | None = None,
    move_columns: Sequence[str] = (),
) -> Past:
    """The deals that fulfil `conditions` with all their moves until T, to be replayed.

    With `told` the deals come as these columns, and their moves with `move_columns` beside the time.
    """
    deal = t.deals.c
    if told is not None:
        moves = move_table(conn, source, conditions, ("at", *move_columns))
        return Past((), moves, source.money, deal_table(conn, source, conditions, told))
    other: dict[str, sa.ColumnElement[Any]] = {
        "has_loss_comment": sa.type_coerce(sa.not_(SILENT), sa.Integer),
        "staged": sa.type_coerce(sa.func.coalesce(deal.mode, "") != str(DealMode.STAGELESS), sa.Integer),
        "created_at": sa.type_coerce(deal.created_at, sa.Integer),
    }
    columns = [other[name] if name in other else deal[name] for name in PastDeal._fields]
    rows = conn.execute(sa.select(*columns).where(*source.existing(), *conditions)).cursor.fetchall()
    table = move_table(conn, source, conditions, (*MOVE_COLUMNS, "reason"))
    return Past(list(map(PastDeal._make, rows)), table, source.money)


def _rank(ranks: Mapping[int, int], stage_id: int | None) -> int:
    return 0 if stage_id is None else ranks.get(stage_id, -1)


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
    lead_id: int | None
    mode: str | None


def replayed(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    moves: Sequence[Move],
) -> list[DealFact]:
    """The facts of the deals that fulfil `conditions`, as they stood at T by their moves."""
    columns = [t.deals.c[name] for name in _Deal._fields]
    deals = map(_Deal._make, conn.execute(sa.select(*columns).where(*source.existing(), *conditions)))
    ranks, k = source.ranks, source.k
    merged = len(ranks) > k
    by_deal = {deal_id: list(rows) for deal_id, rows in groupby(moves, key=itemgetter(0))}
    found = []
    for deal in deals:
        rows = by_deal.get(deal.id)
        if rows is None:
            continue
        lines: list[MoveRow] = [
            (m.at, m.to_kind, _rank(ranks, m.to_stage_id), m.owner_id, m.amount) for m in rows
        ]
        standing = row_standing(lines, k)
        last = rows[-1]
        is_open, lost = standing.status == Status.OPEN, standing.status == Status.LOST
        entered = _entered(rows) if merged and is_open else standing.entered_at
        owner = last.owner_id if is_open else standing.owner_at_close
        raw = deal.amount if is_open or standing.amount_at_close is None else standing.amount_at_close
        at = source.as_of if is_open else standing.closed_at
        value = None if raw is None else source.money.convert(raw, deal.currency, at)
        found.append(
            DealFact(
                id=deal.id,
                created_at=deal.created_at,
                status=standing.status,
                stage=standing.stage,
                reach=standing.reach,
                visited=standing.visited,
                strict=standing.strict,
                lost_at=standing.lost_at,
                entered_at=entered,
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
                loss_reason_id=(last.loss_reason_id or deal.loss_reason_id) if lost else None,
                has_loss_comment=bool(deal.loss_comment) and lost,
                expected_close=deal.expected_close,
                reopened=standing.reopened,
                lead_id=deal.lead_id,
            )
        )
    return found


def _entered(rows: Sequence[Move]) -> int | None:
    """When an open deal came to its stage: a move between two stages merged since counts as one."""
    entered, place = rows[0].at, (rows[0].to_kind, rows[0].to_stage_id)
    for row in rows[1:]:
        if (row.to_kind, row.to_stage_id) != place:
            entered, place = row.at, (row.to_kind, row.to_stage_id)
    return entered


def move_facts(moves: Sequence[Move], ranks: Mapping[int, int]) -> tuple[MoveFact, ...]:
    """The moves as facts."""
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
    )
