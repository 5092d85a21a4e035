"""Who brought deals to their stages from what is kept of it with the deals: no history is read."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain.brought import NEXT, UNTOLD, BroughtAsked, BroughtTable, Walked
from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, Groups
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.places import Trait
from funneldesk.store.queries.facts_deals import OWNER, Places, Source
from funneldesk.store.queries.facts_groups import created_later, grouped, in_span

_deal, _place = t.deals.c, t.places.c
_OPEN, _LOST = str(Status.OPEN), str(Status.LOST)
_TRACED = int(Trait.STAGED | Trait.PATH_KNOWN)
_PLACES = sa.select(_place.id, _place.status, _place.stage_id, _place.visited, _place.traits).where(
    _place.funnel_id == sa.bindparam("funnel")
)


def kept_brought(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    asked: BroughtAsked | None,
    managers: Sequence[int],
) -> tuple[list[DealFact], BroughtTable] | None:
    """The deals asked for in groups, and who brought them; None where what is kept does not tell all.

    No deal must have moved after T.
    """
    if asked is None:
        return None
    where = [*conditions, *in_span(asked.of)]
    if managers:
        where.append(OWNER.in_(managers))
    if created_later(conn, source):
        where.append(source.there())
    walked = _walked(conn, source, asked.of, where, by_index=not (conditions or managers))
    if walked is None:
        return None
    ranks = {each.slot: source.ranks[each.id] for each in source.stages if each.id in source.ranks}
    deals = grouped(conn, source, conditions, asked.deals, managers)
    return deals, BroughtTable(walked, ranks)


def _walked(
    conn: sa.Connection,
    source: Source,
    groups: Groups,
    where: Sequence[sa.ColumnElement[bool]],
    *,
    by_index: bool,
) -> list[Walked] | None:
    """The texts of these deals by where they are; None where one of them has none."""
    ways, places = Places(source), dict[int, tuple[int, bool, int]]()
    for number, status, stage, slots, traits in conn.execute(_PLACES, {"funnel": source.funnel_id}):
        if traits & _TRACED != _TRACED or (groups.only_closed if status == _OPEN else groups.only_open):
            continue
        _status, _rank, reach, visited, *_rest = ways[status, stage or None, slots, None, True, None]
        places[number] = reach, status == _LOST, visited
    # by another index where there are conditions
    at = _deal.place_id if by_index else _deal.place_id + 0
    told = sa.select(at, sa.func.group_concat(sa.func.coalesce(_deal.brought, UNTOLD), NEXT))
    rows = conn.execute(told.where(among(at, places), *where).group_by(at)).cursor.fetchall()
    found = [Walked(*places[number], text) for number, text in rows]
    return None if any(UNTOLD in each.text for each in found) else found
