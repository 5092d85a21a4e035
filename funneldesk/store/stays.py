"""How long deals were in the stages that their moves left, kept on the moves so that reports read no others.

`stage_moves.stay`: the microseconds between the first of the moves that brought the deal to that stage and
this one; NONE where a time is not known.  Nothing where no stage of the deal's own funnel is left, where the
deal does not leave it, or where its path is not known: such stays are counted nowhere.  It follows from the
moves and the deal and is no part of the record: not journalled, but written with the move by whoever knows
it, and else brought up to date from the edits of every change, undo and redo.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Edit, Op
from funneldesk.domain.deal import Deal, Status
from funneldesk.domain.move_table import NONE
from funneldesk.store import tables as t
from funneldesk.store.among import among_asked, ids_asked
from funneldesk.store.closes import deals_of

_FOLLOWS_FROM = {
    "deal": frozenset({"funnel_id", "path_known"}),
    "stage_move": frozenset({"deal_id", "seq", "at", "from_kind", "from_stage_id", "to_kind", "to_stage_id"}),
}
_deals, _moves, _stages = t.deals, t.stage_moves, t.stages
_OPEN = str(Status.OPEN)


def stay_of(deal: Deal, left: int) -> int | None:
    """What is kept with a move, at `left`, that takes the deal out of where it stands now."""
    if deal.status != Status.OPEN or deal.stage_id is None or not deal.path_known:
        return None
    return NONE if deal.entered_at is None else left - deal.entered_at


def with_stays(data: Mapping[str, Sequence[Any]]) -> Mapping[str, Sequence[Any]]:
    """Columns of moves about to be inserted with the stays that they tell by themselves, each after its last.

    Where a history goes on that began elsewhere, or the deal says that they are not counted, `refresh` sees
    to it.
    """
    left = data.get("from_stage_id", ())
    if "stay" in data or left.count(None) == len(left):
        return data
    names = ("deal_id", "seq", "at", "from_kind", "from_stage_id", "to_kind", "to_stage_id")
    nothing = [None] * len(left)
    found = []
    before: tuple[Any, Any] = (None, None)  # deal and seq of the row before
    entered: int | None = None
    known = False  # since when the deal is there
    for deal, seq, at, kind, stage, to, to_stage in zip(
        *[data.get(name, nothing) for name in names], strict=True
    ):
        if (deal, seq - 1) != before:
            known = False
        stay = None
        if (kind, stage) != (to, to_stage):
            if known and kind == _OPEN and stage is not None:
                stay = NONE if entered is None or at is None else at - entered
            entered, known = at, True
        found.append(stay)
        before = deal, seq
    return {**data, "stay": found}


def _wanted(where: sa.ColumnElement[bool]) -> sa.Subquery:
    """The stays there are of the deals whose moves fulfil `where`: the id of the move and its `stay`."""
    move = _moves.c
    order: dict[str, Any] = {"partition_by": move.deal_id, "order_by": move.seq}
    told = sa.select(
        move.id, move.deal_id, move.seq, move.at, move.from_stage_id, move.to_kind, move.to_stage_id,
        sa.func.lag(move.to_kind).over(**order).label("was"),
        sa.func.lag(move.to_stage_id).over(**order).label("was_in"),
    ).where(where).subquery("told")  # fmt: skip
    one = told.c
    moved = sa.or_(one.was.is_(None), one.was != one.to_kind, one.was_in.is_distinct_from(one.to_stage_id))
    entered = sa.func.lag(one.at).over(partition_by=one.deal_id, order_by=one.seq)
    left = sa.select(
        one.id, one.deal_id, one.was, one.was_in, one.from_stage_id, (one.at - entered).label("stay")
    ).where(moved).subquery("gone")  # fmt: skip
    gone = left.c
    return (
        sa.select(gone.id, sa.func.coalesce(gone.stay, NONE).label("stay"))
        .join(_deals, _deals.c.id == gone.deal_id)
        .join(_stages, _stages.c.id == gone.was_in)
        .where(
            gone.was == _OPEN,
            gone.from_stage_id == gone.was_in,
            _stages.c.funnel_id == _deals.c.funnel_id,
            _deals.c.path_known,
        )
        .subquery("wanted")
    )


def _wrong(where: sa.ColumnElement[bool]) -> sa.Select[tuple[int, int, int | None]]:
    """The moves of these deals whose kept stay is not what follows: id, deal, and what follows."""
    wanted = _wanted(where)
    there = _moves.outerjoin(wanted, wanted.c.id == _moves.c.id)
    differs = _moves.c.stay.is_distinct_from(wanted.c.stay)
    return sa.select(_moves.c.id, _moves.c.deal_id, wanted.c.stay).select_from(there).where(where, differs)


def keep(conn: sa.Connection, where: sa.ColumnElement[bool]) -> None:
    """Write the stays of the deals whose moves fulfil `where` (all or none of a deal), where they differ."""
    conn.execute(_kept(where))


def _kept(where: sa.ColumnElement[bool]) -> sa.Update:
    wrong = _wrong(where).cte("wrong")
    return sa.update(_moves).where(_moves.c.id == wrong.c.id).values(stay=wrong.c.stay)


@cache
def _kept_of_some() -> sa.Update:
    """Made once: see `closes`."""
    return _kept(among_asked(_moves.c.deal_id))


def problems(conn: sa.Connection, limit: int | None = 50) -> list[int]:
    """Deals whose moves do not say how long they were in the stages they left."""
    query = _wrong(sa.true()).with_only_columns(_moves.c.deal_id).distinct()
    return list(conn.scalars(query.limit(limit)))


def refresh(conn: sa.Connection, edits: Iterable[Edit], told: Collection[int] = ()) -> None:
    """Bring what is kept up to date after edits; `told`: moves made as the last, with their stay."""
    deals: set[int] = set()
    touched: list[Edit] = []
    for edit in edits:
        if edit.kind not in _FOLLOWS_FROM:
            continue
        if edit.op in (Op.UPDATE, Op.BATCH):
            images = (edit.after or {}).get("columns", edit.after)
            if images and _FOLLOWS_FROM[edit.kind].isdisjoint(images):
                continue
        if edit.kind == "deal":
            # a deal is made and removed with its moves
            deals.update((edit.ids or (edit.record_id,)) if edit.op in (Op.UPDATE, Op.BATCH) else ())
        elif edit.op is Op.RANGE:
            first, last = edit.ids
            deals.update(conn.scalars(_UNSURE, {"first": first, "last": last}))
        elif edit.record_id not in told:
            touched.append(edit)
    deals |= deals_of(conn, touched)
    if deals:
        conn.execute(_kept_of_some(), ids_asked(deals))


def _unsure() -> sa.Select[tuple[int]]:
    """Deals with moves among those from `first` to `last` that say too little or too much."""
    move = _moves.c
    own = sa.and_(_stages.c.id == move.from_stage_id, _stages.c.funnel_id == _deals.c.funnel_id)
    there = _moves.join(_deals, _deals.c.id == move.deal_id).outerjoin(_stages, own)
    return (
        sa.select(move.deal_id)
        .distinct()
        .select_from(there)
        .where(
            move.id.between(sa.bindparam("first"), sa.bindparam("last")),
            move.from_kind == _OPEN,
            move.from_stage_id.isnot(None),
            sa.or_(
                sa.and_(move.stay.is_(None), _deals.c.path_known, _stages.c.id.isnot(None)),
                sa.and_(move.stay.isnot(None), sa.or_(sa.not_(_deals.c.path_known), _stages.c.id.is_(None))),
            ),
        )
    )


_UNSURE = _unsure()
