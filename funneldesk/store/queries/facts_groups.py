"""Facts of deals in groups, counted by SQLite: those that a report need not tell apart come as one fact.

The report counts groups as it counts deals, so the numbers are the same; a few dozen facts stand for a
hundred thousand deals.  What cannot be grouped comes one by one beside them: deals in a foreign currency,
whose money each is converted at its own day, and deals lost from a stage that has been removed since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, Groups
from funneldesk.domain.funnel import DealMode
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.places import Trait
from funneldesk.store.queries.facts_deals import OWNER, WORTH, Places, Source, kept_facts
from funneldesk.store.queries.sums import summed, whole

_deal, _place = t.deals.c, t.places.c
_KEYS: dict[str, sa.Column[Any]] = {
    "owner": OWNER,
    "source": _deal.source_id,
    "reason": _deal.loss_reason_id,
}
# plain words and numbers: with those of an enumeration a thousand groups take a millisecond more
_OPEN, _LOST = str(Status.OPEN), str(Status.LOST)
_PATH_KNOWN, _STAGED, _SILENT, _NO_REASON, _REOPENED, _PRICED = (int(trait) for trait in Trait)
_ASKED = _SILENT | _NO_REASON | _REOPENED | _PRICED
_DEFAULTS = tuple(DealFact._field_defaults.values())
DATES = {"created_at": _deal.created_at, "closed_at": _deal.closed_at}
_OF_FUNNEL = sa.select(
    _place.id, _place.status, _place.stage_id, _place.visited, _place.lost_from_id, _place.traits,
    _place.currency,
).where(_place.funnel_id == sa.bindparam("funnel"))  # fmt: skip

_LATEST = sa.select(sa.func.max(_deal.created_at)).where(_deal.funnel_id == sa.bindparam("funnel"))

Told = tuple[tuple[Any, ...], int]  # of a place what a fact says of it, and its traits that are asked for


@dataclass(slots=True)
class _Wanted:
    """The places of a funnel that a report looks at, by number."""

    told: dict[int, int] = field(default_factory=dict)  # -> place in `ways`
    ways: list[Told] = field(default_factory=list)
    for_a_reason: list[int] = field(default_factory=list)  # of `told` those lost with one
    foreign: list[int] = field(default_factory=list)  # their money is another's
    gone: list[int] = field(default_factory=list)  # lost from a stage that has no rank now


def grouped(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    groups: Groups,
    managers: Sequence[int] = (),
) -> list[DealFact]:
    """The facts of the deals that fulfil `conditions` and belong to `managers`, as they stand now."""
    where = list(conditions)
    if created_later(conn, source):
        where.append(source.there())
    if managers:
        # of each place only theirs: an index has the deals by place and owner
        where.append(OWNER.in_(managers))
    wanted = _places(conn, source, groups)
    found: list[DealFact] = []
    for dated, at in _parts(conn, source, groups):
        found += _groups(conn, wanted, groups, [*where, *dated], at)
        for one_by_one in (wanted.foreign, wanted.gone):
            if one_by_one:
                found += kept_facts(conn, source, [*where, *dated, among(_deal.place_id, one_by_one)])
    return found


def _places(conn: sa.Connection, source: Source, groups: Groups) -> _Wanted:
    """The places that are looked at, told as coarsely as `groups` allows."""
    by, found = groups.by, _Wanted()
    every, ends = Places(source), not by.isdisjoint(("end", "reach", "visited"))
    reach, visited = not by.isdisjoint(("reach", "visited")), "visited" in by
    asked = _ASKED if "traits" in by else _PRICED
    open_too = "traits" in by and not groups.bounded  # whoever was lost once and came back
    own = (None, source.money.currency)
    ranks = source.ranks
    alike: dict[Told, int] = {}
    for number, status, stage, slots, lost_from, traits, currency in conn.execute(
        _OF_FUNNEL, {"funnel": source.funnel_id}
    ).cursor.fetchall():
        if status == _OPEN:
            if groups.only_closed and not (open_too and traits & _REOPENED):
                continue
        elif groups.only_open:
            continue
        if currency not in own:
            found.foreign.append(number)
            continue
        if status == _LOST and lost_from and lost_from not in ranks:
            found.gone.append(number)
            continue
        path, mode = traits & _PATH_KNOWN, None if traits & _STAGED else DealMode.STAGELESS
        place = every[status, stage or None, slots, lost_from or None, path, mode]
        if not ends:
            place = (status, 0, 0, 0, 0, None, True, True)
        elif not reach:
            place = (status, 0, 0, 0, 0, *place[5:])
        elif not visited:
            place = (*place[:3], 0, *place[4:])
        found.told[number] = alike.setdefault((place, traits & asked), len(alike))
        if status == _LOST and not traits & _NO_REASON:
            found.for_a_reason.append(number)
    found.ways = list(alike)
    return found


def created_later(conn: sa.Connection, source: Source) -> bool:
    """Whether a deal of the funnel is said to have been created after T."""
    latest = conn.scalar(_LATEST, {"funnel": source.funnel_id})
    return latest is not None and latest > source.as_of


def _parts(
    conn: sa.Connection, source: Source, groups: Groups
) -> list[tuple[list[sa.ColumnElement[bool]], int | None]]:
    """The deals of the period with a moment in it; those of which it is not known whether they are."""
    if groups.dated is None or not groups.bounded:
        return [([], None)]
    date = DATES[groups.dated]
    inside: list[sa.ColumnElement[bool]] = []
    if groups.start is not None:
        inside.append(date >= groups.start)
    if groups.end is not None:
        inside.append(date < groups.end)
    at = source.as_of if groups.end is None else min(groups.end - 1, source.as_of)
    found: list[tuple[list[sa.ColumnElement[bool]], int | None]] = [(inside, at)]
    # a closed deal entered its place when it was closed; either way an index has the undated together
    undated: list[sa.ColumnElement[bool]] = [_deal.created_at.is_(None)]
    if groups.dated == "closed_at":
        undated = [_deal.status.in_([str(Status.WON), _LOST]), _deal.entered_at.is_(None)]
    if conn.scalar(sa.select(sa.exists().where(_deal.funnel_id == source.funnel_id, *undated))):
        found.append(([date.is_(None)], None))
    return found


def other_currencies(conn: sa.Connection, source: Source) -> list[str]:
    """The currencies that deals of the funnel have, or once had, beside the accounting one."""
    query = sa.select(_place.currency).distinct().where(
        _place.funnel_id == source.funnel_id, _place.currency != source.money.currency
    )  # fmt: skip
    return [code for (code,) in conn.execute(query)]


def _groups(
    conn: sa.Connection,
    wanted: _Wanted,
    groups: Groups,
    where: Sequence[sa.ColumnElement[bool]],
    at: int | None,
) -> Iterator[DealFact]:
    """The facts of deals in one currency, in groups alike in place and in all that the report tells apart."""
    keys: list[str] = [key for key in ("owner", "source") if key in groups.by]
    parts = [(keys, [*wanted.told], [*where])]
    if "reason" in groups.by:  # an index of its own holds the deals that have one, in the order of reasons
        given = set(wanted.for_a_reason)
        parts = [
            (keys, [number for number in wanted.told if number not in given], [*where]),
            ([*keys, "reason"], wanted.for_a_reason, [*where, _deal.loss_reason_id.isnot(None)]),
        ]
    for names, numbers, part in parts:
        many: dict[tuple[Any, ...], int] = {}
        sums: dict[tuple[Any, ...], int] = {}
        told_at = wanted.told
        for number, n, total, *told in _counted(conn, numbers, [_KEYS[name] for name in names], part):
            key = (told_at[number], *told)
            many[key] = many.get(key, 0) + n
            sums[key] = sums.get(key, 0) + (total if type(total) is int else whole(total))
        for key, n in many.items():
            (place, traits), total = wanted.ways[key[0]], sums[key]
            values = dict(zip(names, key[1:], strict=True))
            lost = place[0] == _LOST
            no_reason = not lost or traits & _NO_REASON
            yield _like(
                place,
                created_at=at if groups.dated == "created_at" else None,
                closed_at=at if groups.dated == "closed_at" else None,
                owner=values.get("owner"),
                amount=total if traits & _PRICED else None,
                source_id=values.get("source"),
                loss_reason_id=values.get("reason", None if no_reason else 0),  # 0 = one or another
                has_loss_comment=lost and not traits & _SILENT,
                reopened=bool(traits & _REOPENED),
                n=n,
            )


def _like(place: tuple[Any, ...], **values: Any) -> DealFact:
    return DealFact._make((0, None, *place, None, None, None, None, *_DEFAULTS))._replace(**values)


def _counted(
    conn: sa.Connection,
    numbers: Sequence[int],
    keys: Sequence[sa.ColumnElement[Any]],
    where: Sequence[sa.ColumnElement[bool]],
) -> Iterable[Sequence[Any]]:
    """Place, number of deals, sum of their amounts (see `whole`) and `keys` of groups in these places."""
    if not numbers:
        return ()

    def rows(total: sa.ColumnElement[Any]) -> Iterable[Sequence[Any]]:
        counted = [_deal.place_id, sa.func.count(), total, *keys]
        query = sa.select(*counted).where(among(_deal.place_id, numbers), *where)
        return conn.execute(query.group_by(_deal.place_id, *keys)).cursor.fetchall()

    def by_place(total: sa.ColumnElement[Any]) -> Iterable[Sequence[Any]]:
        # a look at the index for each place: faster by a quarter than one that must tell them apart
        place = sa.func.json_each(json.dumps(numbers)).table_valued("value").alias("place")
        counted = sa.select(sa.func.json_array(place.c.value, sa.func.count(), total))
        told = counted.where(_deal.place_id == place.c.value, *where).correlate(place).scalar_subquery()
        found = conn.execute(sa.select(told).select_from(place)).cursor.fetchall()
        return (row for row in json.loads(f"[{','.join(row[0] for row in found)}]") if row[1])

    return summed(WORTH, rows if keys or where else by_place)
