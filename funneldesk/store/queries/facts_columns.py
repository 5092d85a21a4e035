"""Deals as columns, for reports that count them all at once."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.deal_table import ALWAYS, FLAGS, DealPlace, DealTable
from funneldesk.domain.facts import Groups
from funneldesk.domain.funnel import DealMode
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.places import Trait
from funneldesk.store.queries.facts_deals import LOST, OWNER, SILENT, WORTH, Places, Source
from funneldesk.store.queries.facts_groups import created_later, other_currencies
from funneldesk.store.queries.told import or_none, told, told_in_order

_deal, _place = t.deals.c, t.places.c
_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "id": _deal.id,
    "created": _deal.created_at,
    "manager": _deal.manager_id,
    "staged": sa.func.coalesce(_deal.mode, "") != str(DealMode.STAGELESS),
    "amount": _deal.amount,
    "source": _deal.source_id,
    "reason": _deal.loss_reason_id,
    "lead": _deal.lead_id,
    "comment": sa.not_(SILENT),
}
_OF_NOW: dict[str, sa.ColumnElement[Any]] = {
    "id": _deal.id,
    "place": _deal.place_id,
    "owner": OWNER,
    "amount": WORTH,
    "created": _deal.created_at,
    "closed": _deal.closed_at,
    "entered": _deal.entered_at,
    "source": _deal.source_id,
    "reason": sa.case((LOST, _deal.loss_reason_id)),
    "lead": _deal.lead_id,
}
_INDEXED = frozenset(("id", "place", "owner", "amount", "created", "closed", "entered"))
_KINDS = {str(Status.OPEN): 0, str(Status.WON): 1, str(Status.LOST): 2}
_PLACES = sa.select(
    _place.id, _place.status, _place.stage_id, _place.visited, _place.lost_from_id, _place.traits,
    _place.currency,
).where(_place.funnel_id == sa.bindparam("funnel"))  # fmt: skip


def deal_table(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    wanted: Iterable[str],
) -> DealTable:
    """The deals of the funnel there at T that fulfil `conditions`: ALWAYS and the `wanted` columns.

    Amounts as they are kept with a deal; of what the history tells (`entered`) nothing.
    """
    own = _COLUMNS | {
        "foreign": sa.func.coalesce(_deal.currency, source.money.currency) != source.money.currency
    }
    names = [*ALWAYS, *(name for name in wanted if name in own and name not in ALWAYS)]
    flags = tuple(name for name in names if name in FLAGS)
    packed = [sa.type_coerce(own[name], sa.Integer) * (1 << place) for place, name in enumerate(flags)]
    asked = {name: or_none(name, own[name]) for name in names if name not in flags}
    asked["flags"] = functools.reduce(operator.add, packed)
    where = [*source.existing(), *conditions]
    columns = told(conn, asked, where, None if conditions else _deal.id)
    currencies = _currencies(conn, source, where) if "foreign" in names else {}
    return DealTable(columns, flags, currencies=currencies, money=source.money)


def placed_table(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    wanted: Iterable[str],
) -> DealTable:
    """The same deals as they stand now, by their places: an index has most of what is asked for."""
    ways, places = Places(source), dict[int, DealPlace]()
    own = (None, source.money.currency)
    for number, status, stage, slots, lost_from, traits, currency in conn.execute(
        _PLACES, {"funnel": source.funnel_id}
    ):
        path, mode = traits & Trait.PATH_KNOWN, None if traits & Trait.STAGED else DealMode.STAGELESS
        way = ways[status, stage or None, slots, lost_from or None, path, mode]
        _status, rank, reach, visited, _strict, _lost_at, known, staged = way
        kind, foreign, lost = _KINDS[status], currency not in own, status == str(Status.LOST)
        said = lost and not traits & Trait.NO_REASON, lost and not traits & Trait.SILENT
        reopened = bool(traits & Trait.REOPENED)
        places[number] = DealPlace(kind, rank, reach, visited, known, staged, foreign, *said, reopened)
    names = {"id", "place", *wanted}
    foreign = "amount" in names and any(place.foreign for place in places.values())
    names |= {"closed"} if foreign else set()  # at whose rate
    # by another index where there are conditions, and by none where it has not all: see `Source.existing`
    by_index = names <= _INDEXED and not conditions
    where = [among(_deal.place_id if by_index else _deal.place_id + 0, places), *conditions]
    if created_later(conn, source):
        where.append(source.there())
    asked = {name: or_none(name, _OF_NOW[name]) for name in sorted(names)}
    if by_index:
        del asked["place"]
        columns = told_in_order(conn, asked, where, _deal.place_id)
        columns["place"] = columns.pop(_deal.place_id.name)
    else:
        columns = told(conn, asked, where, None if conditions else _deal.id)
    currencies = _currencies(conn, source, where) if foreign else {}
    return DealTable(columns, places=places, currencies=currencies, money=source.money)


def _currencies(
    conn: sa.Connection, source: Source, where: Sequence[sa.ColumnElement[bool]]
) -> dict[int, str]:
    """By id the currency of the deals that have another than the accounting one."""
    others = other_currencies(conn, source)
    if not others:
        return {}
    query = sa.select(_deal.id, _deal.currency).where(*where, _deal.currency.in_(others))
    return {each.id: each.currency for each in conn.execute(query)}


def group_columns(groups: Groups, managers: Sequence[int]) -> set[str]:
    """The columns of deals of now that they are put into groups by."""
    names = {"amount", *(name for name in ("owner", "source", "reason") if name in groups.by)}
    if managers:
        names.add("owner")
    if groups.bounded and groups.dated is not None:
        names.add({"created_at": "created", "closed_at": "closed"}[groups.dated])
    return names
