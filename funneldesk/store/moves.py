"""The append-only stage history: the only way in which a deal changes its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from funneldesk.domain.deal import Deal, StageMove, Standing, Status, replay
from funneldesk.domain.funnel import Stage
from funneldesk.store import tables as t
from funneldesk.store.stays import stay_of
from funneldesk.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """Where a deal goes: an open stage, WON or LOST."""

    kind: str
    stage_id: int | None = None


WON = Place(Status.WON)


_move = t.stage_moves.c
_LAST = sa.select(sa.func.max(_move.seq), sa.func.max(_move.at)).where(
    _move.deal_id == sa.bindparam("of_deal")
)


def append_move(
    tx: Transaction,
    deal: Deal,
    place: Place,
    *,
    cause: str = "user",
    loss_reason_id: int | None = None,
    at: int | None = None,
) -> None:
    """Append a move of `deal` (as it stands now) and keep its columns equal to the history.

    The time is `at` or now, never before the deal's last move.  A deal that is there already has not moved.
    """
    last = tx.conn.execute(_LAST, {"of_deal": deal.id}).one()
    seq = 0 if last[0] is None else last[0] + 1
    if seq and (deal.status, deal.stage_id) == (place.kind, place.stage_id):
        return
    moment = max(tx.at if at is None else at, last[1] if last[1] is not None else 0)
    move = StageMove(
        deal_id=deal.id,
        seq=seq,
        at=moment,
        from_kind=None if seq == 0 else deal.status,
        from_stage_id=None if seq == 0 else deal.stage_id,
        to_kind=place.kind,
        to_stage_id=place.stage_id,
        actor_id=tx.actor.manager_id or deal.manager_id,
        owner_id=deal.manager_id,
        amount=deal.amount,
        loss_reason_id=loss_reason_id,
        cause=cause,
    )
    tx.insert(move, stay=stay_of(deal, moment) if seq else None)
    tx.put("deal", deal.id, _advance(tx, deal, move))


def _advance(tx: Transaction, deal: Deal, move: StageMove) -> dict[str, object]:
    """The kept columns after one more move, equal to a replay of everything."""
    known, visited = deal.path_known, deal.visited
    if move.to_kind == Status.OPEN:
        if move.to_stage_id is None:
            known = False
        else:
            stage = tx.get(Stage, move.to_stage_id)
            visited |= 1 << stage.slot
        closed, lost_from = None, None
    else:
        closed = move.at
        lost_from = _last_open(tx, deal) if move.to_kind == Status.LOST else None
    return {
        "status": str(move.to_kind),
        "stage_id": move.to_stage_id,
        "entered_at": move.at,
        "closed_at": closed,
        "visited": visited,
        "lost_from_id": lost_from,
        "path_known": known,
    }


def enter_funnel(tx: Transaction, deal: Deal, target: Stage) -> None:
    """Put an open deal into a stage of another funnel; what it has visited is told by that one's stages."""
    column = t.stage_moves.c
    history = tx.select(StageMove, column.deal_id == deal.id, order=column.seq)
    standing = replay(history, slots_of(tx.conn, target.funnel_id))
    tx.put("deal", deal.id, {"funnel_id": target.funnel_id, "visited": standing.visited})
    append_move(tx, tx.get(Deal, deal.id), Place(Status.OPEN, target.id), cause="funnel_changed")


def move_all(tx: Transaction, deal_ids: Sequence[int], target: Stage, cause: str) -> None:
    """Append to each of these *open* deals of one funnel a move to another of its stages, in bulk.

    Ten thousand deals take a second; the kept columns are what `append_move` would give.
    """
    if not deal_ids:
        return
    deals = {deal.id: deal for deal in _deals(tx, deal_ids)}
    last = _last_moves(tx, deal_ids)
    first_id = tx.reserve("stage_move", len(deal_ids))
    moves, kept = [], []
    for place, deal_id in enumerate(deal_ids):
        deal = deals[deal_id]
        seq, before = last[deal_id]
        moment = max(tx.at, before or 0)
        move = StageMove(
            id=first_id + place, deal_id=deal_id, seq=seq + 1, at=moment, from_kind=deal.status,
            from_stage_id=deal.stage_id, to_kind=str(Status.OPEN), to_stage_id=target.id,
            actor_id=tx.actor.manager_id or deal.manager_id, owner_id=deal.manager_id,
            amount=deal.amount, cause=cause,
        )  # fmt: skip
        told = [getattr(move, name) for name in t.COLUMNS["stage_move"]]
        moves.append((*told, stay_of(deal, moment)))
        kept.append([target.id, moment, deal.visited | 1 << target.slot])
    tx.bulk_insert("stage_move", [*t.COLUMNS["stage_move"], "stay"], moves)
    tx.bulk_update("deal", ["stage_id", "entered_at", "visited"], deal_ids, kept)


def _deals(tx: Transaction, deal_ids: Sequence[int]) -> Iterator[Deal]:
    for start in range(0, len(deal_ids), 500):
        yield from tx.select(Deal, t.deals.c.id.in_(deal_ids[start : start + 500]))


def _last_moves(tx: Transaction, deal_ids: Sequence[int]) -> dict[int, tuple[int, int | None]]:
    """By deal the number and the time of its last move."""
    column = t.stage_moves.c
    found: dict[int, tuple[int, int | None]] = {}
    for start in range(0, len(deal_ids), 500):
        query = (
            sa.select(column.deal_id, sa.func.max(column.seq), sa.func.max(column.at))
            .where(column.deal_id.in_(deal_ids[start : start + 500]))
            .group_by(column.deal_id)
        )
        found.update({deal_id: (seq, at) for deal_id, seq, at in tx.conn.execute(query)})
    return found


def _last_open(tx: Transaction, deal: Deal) -> int | None:
    """The open stage a deal was in last; None when there was none."""
    if deal.status == Status.OPEN:
        return deal.stage_id
    column = t.stage_moves.c
    return tx.conn.scalar(
        sa.select(column.to_stage_id)
        .where(column.deal_id == deal.id, column.to_kind == Status.OPEN)
        .order_by(column.seq.desc())
        .limit(1)
    )


def slots_of(conn: sa.Connection, funnel_id: int) -> dict[int, int]:
    """Stage id -> slot for every stage, archived ones too, of a funnel."""
    column = t.stages.c
    rows = conn.execute(sa.select(column.id, column.slot).where(column.funnel_id == funnel_id))
    return {row.id: row.slot for row in rows}


def standing_values(standing: Standing) -> dict[str, object]:
    """A standing as the kept columns of a deal."""
    return {
        "status": str(standing.status),
        "stage_id": standing.stage_id,
        "entered_at": standing.entered_at,
        "closed_at": standing.closed_at,
        "visited": standing.visited,
        "lost_from_id": standing.lost_from_id,
        "path_known": standing.path_known,
    }
