"""Stays in stages from what is kept of them with the moves: no history is read."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, Groups
from funneldesk.domain.stay_table import Lasting, StaysAsked, StayTable
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.places import Trait
from funneldesk.store.queries.facts_deals import OWNER, Source
from funneldesk.store.queries.facts_groups import created_later, grouped, in_span
from funneldesk.store.queries.told import in_text, or_none

_deal, _move, _place = t.deals.c, t.stage_moves.c, t.places.c
_FEW = 4  # of so many deals one: then their moves are looked up one by one
_OPEN = str(Status.OPEN)


def kept_stays(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    asked: StaysAsked | None,
    managers: Sequence[int],
) -> tuple[list[DealFact], StayTable] | None:
    """The deals asked for in groups, and the stays; None where what is kept does not tell all, or slowly.

    No deal must have moved after T.
    """
    if asked is None or len(source.ranks) > source.k or created_later(conn, source):
        return None  # of merged stages a move from one to the other ends no stay
    own = [*conditions, OWNER.in_(managers)] if managers else list(conditions)
    chosen = own if asked.every else [*own, *_chosen(asked.deals)]
    if (not asked.every and _stageless(conn, source)) or (chosen and not _few(conn, source, chosen)):
        return None
    over = _of_some(conn, source, chosen) if chosen else _of_all(conn, source)
    deals = grouped(conn, source, conditions, asked.deals, managers)
    return deals, StayTable(over, _lasting(conn, source, chosen))


def _chosen(groups: Groups) -> list[sa.ColumnElement[bool]]:
    """The conditions of the deals that groups choose by status and date; those without the date are not."""
    found = []
    if groups.only_open:
        found.append(_deal.status == _OPEN)
    if groups.only_closed:
        found.append(_deal.status != _OPEN)
    return [*found, *in_span(groups)]


def _stageless(conn: sa.Connection, source: Source) -> bool:
    """Whether a deal without stages has a path through them from before."""
    traits = _place.traits.op("&")(int(Trait.STAGED | Trait.PATH_KNOWN)) == int(Trait.PATH_KNOWN)
    of = sa.select(_place.id).where(_place.funnel_id == source.funnel_id, traits)
    return bool(conn.scalar(sa.select(sa.exists().where(_deal.place_id.in_(of)))))


def _few(conn: sa.Connection, source: Source, chosen: Sequence[sa.ColumnElement[bool]]) -> bool:
    every = conn.scalar(sa.select(sa.func.count()).select_from(t.deals)) or 0
    count = sa.select(sa.func.count()).select_from(t.deals)
    return _FEW * (conn.scalar(count.where(_deal.funnel_id == source.funnel_id, *chosen)) or 0) <= every


def _of_all(conn: sa.Connection, source: Source) -> list[str]:
    """By rank, in the order of an index."""
    each = sa.func.json_each(json.dumps(_live(source))).table_valued("value").alias("each")
    stays = sa.select(in_text(_move.stay)).where(_move.from_stage_id == each.c.value, _move.stay.isnot(None))
    told = sa.select(stays.correlate(each).scalar_subquery()).select_from(each)
    return [row[0] for row in conn.execute(told)]


def _of_some(conn: sa.Connection, source: Source, chosen: Sequence[sa.ColumnElement[bool]]) -> list[str]:
    """By rank, the moves of these deals looked up one deal after the other."""
    of = sa.select(_deal.id).where(_deal.funnel_id == source.funnel_id, *chosen)
    told = sa.select(_move.from_stage_id + 0, in_text(_move.stay))
    told = told.where(_move.deal_id.in_(of), _move.stay.isnot(None)).group_by(_move.from_stage_id + 0)
    found = {row[0]: row[1] for row in conn.execute(told)}
    return [found.get(stage, "") for stage in _live(source)]


def _live(source: Source) -> list[int]:
    """The stages by rank."""
    return sorted(source.ranks, key=source.ranks.__getitem__)


def _lasting(conn: sa.Connection, source: Source, chosen: Sequence[sa.ColumnElement[bool]]) -> list[Lasting]:
    query = sa.select(_place.id, _place.stage_id, _place.traits)
    query = query.where(_place.funnel_id == source.funnel_id, _place.status == _OPEN)
    places = {row.id: row for row in conn.execute(query)}
    told = sa.select(_deal.place_id, in_text(or_none("entered", _deal.entered_at)))
    told = told.where(among(_deal.place_id, places), *chosen).group_by(_deal.place_id)
    return [
        Lasting(
            source.ranks.get(places[number].stage_id, 0),
            bool(places[number].traits & Trait.PATH_KNOWN),
            bool(places[number].traits & Trait.STAGED),
            entered,
        )
        for number, entered in conn.execute(told)
    ]
