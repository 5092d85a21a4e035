"""What reports ask of the history of a deal, kept on it so that they need no join with the moves.

`counted_owner_id` and `counted_amount`: who had the deal and what it was worth at its last close, while
it is open (and where that is not known) what the deal says now.  `reopened`: lost once and open again later.
`brought`: who brought it to its stages (`store.brought`).  They follow from the deal and its moves and are no
part of the record: like the search index they are not journalled, but brought up to date from the edits of
every change, undo and redo.  The place of the deal (`places`), which tells of `reopened` too, is kept with
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Edit, Op
from funneldesk.domain.deal import Status
from funneldesk.store import places
from funneldesk.store import tables as t
from funneldesk.store.among import among_asked, ids_asked
from funneldesk.store.brought import OF_DEAL
from funneldesk.store.search import join_spans

_OF_CLOSES = ("counted_owner_id", "counted_amount", "reopened")
_BROUGHT = ("brought",)
KEPT = (*_OF_CLOSES, *_BROUGHT)
FINDINGS = {"deal.closes": _OF_CLOSES, "history.brought": _BROUGHT}  # by code what may be wrong

_ASKED = (
    frozenset({"manager_id", "amount"}) | places.FOLLOWS_FROM
)  # of the deal; whatever else changes matters not

_deals, _moves = t.deals, t.stage_moves
_REOPENED = sa.exists().where(
    _moves.c.deal_id == _deals.c.id,
    # as the partial index has it, word for word
    sa.literal_column("from_kind = 'lost' AND to_kind = 'open'"),
)
# A deal put in as open has what an open one keeps (`places.with_places`), until it is closed.
_CLOSED_ONCE = sa.or_(_deals.c.status != str(Status.OPEN), _deals.c.reopened, _REOPENED)


def wanted(where: sa.ColumnElement[bool], names: Sequence[str] = KEPT) -> sa.Select[Any]:
    """By deal what the kept columns must be: its id and those of KEPT with these names in their order."""
    deal, move = _deals.c, _moves.c

    def at_close(name: str, own: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
        last = (
            sa.select(move[name])
            .where(move.deal_id == deal.id, move.to_kind != str(Status.OPEN))
            # won when it was won already: that changes nothing, here as in a replay
            .where(move.from_kind.is_distinct_from(move.to_kind))
            .order_by(move.seq.desc())
            .limit(1)
            .scalar_subquery()
        )
        return sa.case((deal.status == str(Status.OPEN), own), else_=sa.func.coalesce(last, own))

    columns: dict[str, sa.ColumnElement[Any]] = {
        "counted_owner_id": at_close("owner_id", deal.manager_id),
        "counted_amount": at_close("amount", deal.amount),
        "reopened": _REOPENED,
        "brought": OF_DEAL,
    }
    return sa.select(deal.id, *[columns[name].label(name) for name in names]).where(where)


def keep(conn: sa.Connection, where: sa.ColumnElement[bool], names: Sequence[str] = KEPT) -> list[int]:
    """Write the kept columns of the deals that fulfil `where`, where they differ; gives those deals."""
    return list(conn.scalars(_changed(where, names)))


def _changed(where: sa.ColumnElement[bool], names: Sequence[str] = KEPT) -> Any:
    found = wanted(where, names).cte("wanted")
    deal = _deals.c
    differs = sa.or_(*[found.c[name].is_distinct_from(deal[name]) for name in names])
    values = {name: found.c[name] for name in names}
    return sa.update(_deals).where(deal.id == found.c.id, differs).values(values).returning(deal.id)


@cache
def _changed_of_some() -> Any:
    """Made once for all changes of single deals: to make it takes several times as long as to run it."""
    return _changed(among_asked(_deals.c.id))


@cache
def _deals_of_moves() -> Any:
    return sa.select(_moves.c.deal_id).where(among_asked(_moves.c.id))


def problems(conn: sa.Connection, limit: int | None = 50, names: Sequence[str] = KEPT) -> list[int]:
    """Deals whose kept columns with these names differ from what follows."""
    found = wanted(sa.true(), names).subquery()
    differs = sa.or_(*[found.c[name].is_distinct_from(_deals.c[name]) for name in names])
    query = sa.select(_deals.c.id).join(found, found.c.id == _deals.c.id).where(differs).limit(limit)
    return list(conn.scalars(query))


def refresh(conn: sa.Connection, edits: Iterable[Edit]) -> None:
    """Bring what is kept up to date after edits that are in the base already, or were taken out of it."""
    deals: set[int] = set()
    touched: list[Edit] = []
    edits = list(edits)
    made: list[tuple[int, int]] = []
    for edit in edits:
        if edit.op is Op.RANGE and edit.kind == "deal":
            join_spans(made, *edit.ids)
    for edit in edits:
        if edit.op is Op.RANGE and edit.kind == "deal":
            first, last = edit.ids
            meant = _deals.c.id.between(first, last)
            keep(conn, sa.and_(meant, _deals.c.brought.is_(None)), _BROUGHT)
            differed = keep(conn, sa.and_(meant, _CLOSED_ONCE), _OF_CLOSES)
            if differed:  # the others came with their places
                places.keep_some(conn, differed)
        elif edit.op is Op.RANGE and edit.kind == "stage_move":
            deals.update(_deals_of_range(conn, edit.ids[0], edit.ids[1], made))
        elif edit.kind == "deal":
            if not edit.after or _ASKED & set(edit.after.get("columns", edit.after)):
                deals.update(edit.ids or (edit.record_id,))
        elif edit.kind == "stage_move":
            touched.append(edit)
    deals |= deals_of(conn, touched)
    if deals:
        conn.execute(_changed_of_some(), ids_asked(deals))
        places.keep_some(conn, deals)


def _deals_of_range(
    conn: sa.Connection, first: int, last: int, made: Sequence[tuple[int, int]]
) -> Iterator[int]:
    """The deals whose moves these are, without those that were `made` with them."""
    deal = _moves.c.deal_id
    others = [sa.not_(deal.between(low, high)) for low, high in made]
    yield from conn.scalars(sa.select(deal).distinct().where(_moves.c.id.between(first, last), *others))


def deals_of(conn: sa.Connection, edits: Iterable[Edit]) -> set[int]:
    """The deals whose moves these edits of moves (no ranges) made, changed or removed."""
    deals: set[int] = set()
    moves: set[int] = set()
    for edit in edits:
        deals.update(_deals_of(edit))
        moves.update(edit.ids or (edit.record_id,))
    if moves:
        deals.update(conn.scalars(_deals_of_moves(), ids_asked(moves)))
    return deals


def _deals_of(edit: Edit) -> Iterator[int]:
    """Whose moves an edit made or removed."""
    for image in (edit.before, edit.after):
        if image is not None and "deal_id" in image:
            yield image["deal_id"]
    if edit.op is Op.CUT and edit.before is not None:
        place = edit.before["columns"].index("deal_id")
        yield from (row[place] for row in edit.before["rows"])
