"""Places of deals by number, so that reports count deals alike by one whole number in the order of an index.

A place is all that a report asks of where a deal is and how it got there: funnel, currency, status, stage,
visited stages, the stage it was lost from, and a few yes and no (`Trait`).  A few hundred stand for a hundred
thousand deals; one that no deal is in any more stays.  `deals.place_id` follows from the other columns of the
deal and is no part of the record: not journalled, but brought up to date from the edits of every change, undo
and redo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import IntFlag
from functools import cache
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.funnel import DealMode
from funneldesk.store import tables as t
from funneldesk.store.among import among_asked, ids_asked

# stage 0 = no such stage; a currency may be missing
KEY = ("status", "stage_id", "visited", "lost_from_id", "traits", "funnel_id", "currency")
FOLLOWS_FROM = frozenset(
    {
        "status", "stage_id", "visited", "lost_from_id", "path_known", "mode", "loss_reason_id",
        "loss_comment", "funnel_id", "currency",
    }
)  # fmt: skip  # and from what `closes` keeps


class Trait(IntFlag):
    """What else there is of a place."""

    PATH_KNOWN = 1
    STAGED = 2
    SILENT = 4  # lost without a comment
    NO_REASON = 8  # lost without a reason
    REOPENED = 16
    PRICED = 32  # counted with an amount


_deal, _place = t.deals.c, t.places.c
_LOST = _deal.status == str(Status.LOST)


def _number(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.type_coerce(condition, sa.Integer)


_OF_DEAL: tuple[sa.ColumnElement[Any], ...] = (
    sa.type_coerce(_deal.status, sa.Text),
    sa.func.coalesce(_deal.stage_id, 0),
    sa.type_coerce(_deal.visited, sa.BigInteger),
    sa.func.coalesce(_deal.lost_from_id, 0),
    _number(_deal.path_known) * int(Trait.PATH_KNOWN)
    + _number(_deal.mode.is_distinct_from(str(DealMode.STAGELESS))) * int(Trait.STAGED)
    + _number(sa.and_(_LOST, sa.func.coalesce(_deal.loss_comment, "") == "")) * int(Trait.SILENT)
    + _number(sa.and_(_LOST, _deal.loss_reason_id.is_(None))) * int(Trait.NO_REASON)
    + _number(_deal.reopened) * int(Trait.REOPENED)
    + _number(_deal.counted_amount.isnot(None)) * int(Trait.PRICED),
    sa.type_coerce(_deal.funnel_id, sa.BigInteger),
    sa.type_coerce(_deal.currency, sa.Text),
)
_SAME = sa.and_(
    *[
        _place[name].is_not_distinct_from(told) if name == "currency" else _place[name] == told
        for name, told in zip(KEY, _OF_DEAL, strict=True)
    ]
)
_WANTED = sa.select(_place.id).where(_SAME).correlate(t.deals).scalar_subquery()


def keep(conn: sa.Connection, where: sa.ColumnElement[bool]) -> None:
    """Write the places of the deals that fulfil `where`, where they differ."""
    for statement in _kept(where):
        conn.execute(statement)


def keep_some(conn: sa.Connection, deals: Iterable[int]) -> None:
    """Write the places of these deals, where they differ."""
    asked = ids_asked(deals)
    for statement in _kept_of_some():
        conn.execute(statement, asked)


def _kept(where: sa.ColumnElement[bool]) -> tuple[Any, Any]:
    new = sa.select(*_OF_DEAL).distinct().where(where, ~sa.exists().where(_SAME).correlate(t.deals))
    differs = _deal.place_id.is_distinct_from(_WANTED)
    return (
        sa.insert(t.places).from_select(list(KEY), new),
        sa.update(t.deals).where(where, differs).values(place_id=_WANTED),
    )


@cache
def _kept_of_some() -> tuple[Any, Any]:
    """Made once: see `closes`."""
    return _kept(among_asked(_deal.id))


def problems(conn: sa.Connection, limit: int | None = 50) -> list[int]:
    """Deals whose place is not what follows."""
    there = t.deals.outerjoin(t.places, _place.id == _deal.place_id)
    query = sa.select(_deal.id).select_from(there).where(sa.or_(_place.id.is_(None), sa.not_(_SAME)))
    return list(conn.scalars(query.limit(limit)))


_ASKED = (
    "status", "stage_id", "visited", "lost_from_id", "path_known", "mode", "loss_reason_id", "loss_comment",
    "amount", "funnel_id", "currency",
)  # fmt: skip
_ONLY_WHETHER = frozenset({"loss_reason_id", "loss_comment", "amount"})  # of these: whether there is one


def with_places(conn: sa.Connection, data: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Deals about to be inserted, by column, with their places; none of them counts as reopened yet.

    With them goes what `closes` keeps, as if they were open: it looks at the closed ones afterwards.
    """
    nothing = [None] * len(data["id"])
    asked = [
        list(map(_is_there, data.get(name, nothing))) if name in _ONLY_WHETHER else data.get(name, nothing)
        for name in _ASKED
    ]
    told = list(zip(*asked, strict=True))
    known = {tuple(row[1:]): row[0] for row in conn.execute(sa.select(_place.id, *[_place[n] for n in KEY]))}
    numbers = {one: _numbered(conn, known, one) for one in dict.fromkeys(told)}
    return {
        **data,
        "place_id": list(map(numbers.__getitem__, told)),
        "counted_owner_id": data.get("manager_id", nothing),
        "counted_amount": data.get("amount", nothing),
    }


def _is_there(value: Any) -> bool:
    return value not in (None, "")


def _numbered(conn: sa.Connection, known: dict[tuple[Any, ...], int], told: tuple[Any, ...]) -> int:
    status, stage, visited, lost_from, path_known, mode, reason, comment, priced, *rest = told
    lost = status == Status.LOST
    traits = bool(path_known) * Trait.PATH_KNOWN + (mode != DealMode.STAGELESS) * Trait.STAGED
    traits += (lost and not comment) * Trait.SILENT + (lost and not reason) * Trait.NO_REASON
    traits += priced * Trait.PRICED
    key = (str(status), stage or 0, visited, lost_from or 0, int(traits), *rest)
    if key not in known:
        made = conn.execute(sa.insert(t.places).values(dict(zip(KEY, key, strict=True))))
        assert made.inserted_primary_key is not None
        known[key] = int(made.inserted_primary_key[0])
    return known[key]
