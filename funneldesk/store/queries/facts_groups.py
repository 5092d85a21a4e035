"""Facts of deals in groups, counted by SQLite: those that a report need not tell apart come as one fact.

The report counts groups as it counts deals, so the numbers are the same; a few dozen facts stand for a
hundred thousand deals.  What cannot be grouped comes one by one beside them: deals in a foreign currency,
whose money each is converted at its own day, and deals lost from a stage that has been removed since.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
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
_POINTS_AT = {"owner": t.managers.c.id, "source": t.sources.c.id, "reason": t.loss_reasons.c.id}
_FEW = 40  # values of a key up to which the deals of each are asked for on their own
# plain words and numbers: with those of an enumeration a thousand groups take a millisecond more
_OPEN, _LOST = str(Status.OPEN), str(Status.LOST)
_PATH_KNOWN, _STAGED, _SILENT, _NO_REASON, _REOPENED, _PRICED = (int(trait) for trait in Trait)
_ASKED = _SILENT | _NO_REASON | _REOPENED | _PRICED
_REACH = ("reach", "visited")
_ENDS = ("end", *_REACH)
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
    found, every = _Wanted(), Places(source)
    open_too = "traits" in groups.by and not groups.bounded  # whoever was lost once and came back
    own = (None, source.money.currency)
    reach, ends = (not groups.by.isdisjoint(each) for each in (_REACH, _ENDS))
    matter = _asked(groups.by) | (_PATH_KNOWN | _STAGED if ends else 0)
    alike: dict[Told, int] = {}
    seen: dict[tuple[Any, ...], int] = {}
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
        if status == _LOST:
            if lost_from and lost_from not in source.ranks:
                found.gone.append(number)
                continue
            if not traits & _NO_REASON:
                found.for_a_reason.append(number)
        key = (status, *((stage, slots) if reach else (0, 0)), lost_from if ends else 0, traits & matter)
        if key not in seen:
            seen[key] = alike.setdefault(_told(every, key, groups.by), len(alike))
        found.told[number] = seen[key]
    found.ways = list(alike)
    return found


def _told(every: Places, key: tuple[Any, ...], by: frozenset[str]) -> Told:
    status, stage, slots, lost_from, traits = key
    path, mode = traits & _PATH_KNOWN, None if traits & _STAGED else DealMode.STAGELESS
    place = every[status, stage or None, slots, lost_from or None, path, mode]
    if by.isdisjoint(_ENDS):
        place = (status, 0, 0, 0, 0, None, True, True)
    elif by.isdisjoint(_REACH):
        place = (status, 0, 0, 0, 0, *place[5:])
    elif "visited" not in by:
        place = (*place[:3], 0, *place[4:])
    return place, traits & _asked(by)


def _asked(by: frozenset[str]) -> int:
    return _ASKED if "traits" in by else _PRICED


def created_later(conn: sa.Connection, source: Source) -> bool:
    """Whether a deal of the funnel is said to have been created after T."""
    latest = conn.scalar(_LATEST, {"funnel": source.funnel_id})
    return latest is not None and latest > source.as_of


def in_span(groups: Groups) -> list[sa.ColumnElement[bool]]:
    """The conditions of the deals whose date lies in the period; those without one are not."""
    found: list[sa.ColumnElement[bool]] = []
    if groups.dated is not None and groups.start is not None:
        found.append(DATES[groups.dated] >= groups.start)
    if groups.dated is not None and groups.end is not None:
        found.append(DATES[groups.dated] < groups.end)
    return found


def _parts(
    conn: sa.Connection, source: Source, groups: Groups
) -> list[tuple[list[sa.ColumnElement[bool]], int | None]]:
    """The deals of the period with a moment in it; those of which it is not known whether they are."""
    if groups.dated is None or not groups.bounded:
        return [([], None)]
    date, inside = DATES[groups.dated], in_span(groups)
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
    own = {"funnel": source.funnel_id, "own": source.money.currency}
    return [code for (code,) in conn.execute(_OTHERS, own)]


_OTHERS = sa.select(_place.currency).distinct().where(
    _place.funnel_id == sa.bindparam("funnel"), _place.currency != sa.bindparam("own")
)  # fmt: skip


def _groups(
    conn: sa.Connection,
    wanted: _Wanted,
    groups: Groups,
    where: Sequence[sa.ColumnElement[bool]],
    at: int | None,
) -> Iterator[DealFact]:
    """The facts of deals in one currency, in groups alike in place and in all that the report tells apart."""
    keys: tuple[str, ...] = tuple(key for key in ("owner", "source") if key in groups.by)
    parts = [(keys, [*wanted.told])]
    if "reason" in groups.by:  # an index of its own holds the deals that have one, in the order of reasons
        given = set(wanted.for_a_reason)
        parts = [
            (keys, [number for number in wanted.told if number not in given]),
            ((*keys, "reason"), wanted.for_a_reason),
        ]
    for names, numbers in parts:
        for (way, *told), (n, total) in _counted(conn, wanted, names, numbers, where).items():
            (status, stage, reach, visited, strict, lost_at, known, staged), traits = wanted.ways[way]
            values = dict(zip(names, told, strict=True))
            lost = status == _LOST
            no_reason = not lost or traits & _NO_REASON
            yield DealFact(
                0,
                at if groups.dated == "created_at" else None,
                status, stage, reach, visited, strict, lost_at, known, staged,
                None,
                at if groups.dated == "closed_at" else None,
                values.get("owner"),
                total if traits & _PRICED else None,
                source_id=values.get("source"),
                loss_reason_id=values.get("reason", None if no_reason else 0),  # 0 = one or another
                has_loss_comment=lost and not traits & _SILENT,
                reopened=bool(traits & _REOPENED),
                n=n,
            )  # fmt: skip


def _counted(
    conn: sa.Connection,
    wanted: _Wanted,
    names: tuple[str, ...],
    numbers: Sequence[int],
    where: Sequence[sa.ColumnElement[bool]],
) -> dict[tuple[Any, ...], tuple[int, int]]:
    """By way and the keys called `names`: how many deals are in these places, and their amounts together."""
    if not numbers:
        return {}
    if not where and (values := _few_values(conn, names)) is not None:
        return _looked_up(conn, wanted, names, numbers, values)
    # No index has two keys: to look up most rows one by one, in another order than they lie in, takes twice
    # as long as reading the table, and the longer the larger it is.
    by_none = len(names) > 1 and not where
    place, reason = (key + 0 if by_none else key for key in (_deal.place_id, _deal.loss_reason_id))
    query = _GROUPED.where(among(place, numbers), *where)
    if "reason" in names:
        query = query.where(reason.isnot(None))
    keys = [_KEYS[name] for name in names]
    query = query.add_columns(*keys).group_by(place, *keys)
    rows = summed(WORTH, lambda total: conn.execute(query.add_columns(total)).cursor.fetchall())
    found: dict[tuple[Any, ...], tuple[int, int]] = {}
    for number, many, *told, amount in rows:
        key = (wanted.told[number], *told)
        n, total = found.get(key, (0, 0))
        found[key] = n + many, total + whole(amount)
    return found


_GROUPED = sa.select(_deal.place_id, sa.func.count())


def _given(names: tuple[str, ...]) -> list[sa.ColumnElement[bool]]:
    return [_deal.loss_reason_id.isnot(None)] if "reason" in names else []


def _few_values(conn: sa.Connection, names: tuple[str, ...]) -> list[int | None] | None:
    """What a deal may have under the only key of `names`; None: that is too much, or there are more keys."""
    if len(names) > 1:
        return None
    found: list[int | None] = [] if "reason" in names else [None]
    for name in names:
        found += [each for (each,) in conn.execute(_IDS[name]).cursor.fetchall()]
    return found if len(found) <= _FEW else None


_IDS = {name: sa.select(column).limit(_FEW + 1) for name, column in _POINTS_AT.items()}


def _looked_up(
    conn: sa.Connection,
    wanted: _Wanted,
    names: tuple[str, ...],
    numbers: Sequence[int],
    values: Sequence[int | None],
) -> dict[tuple[Any, ...], tuple[int, int]]:
    """The same by a look at an index for each place and value: faster by a third than telling them apart."""
    places: dict[int, list[int]] = {}
    for number in numbers:
        places.setdefault(wanted.told[number], []).append(number)
    asked = {"ways": json.dumps([*places.values()]), "values": json.dumps(values)}

    def run(total: sa.ColumnElement[Any]) -> Any:
        rows = conn.execute(_lookups(names, total), asked).cursor.fetchall()
        return json.loads(f"[{','.join(told for (told,) in rows)}]")

    keys = [(way, *([value] if names else ())) for way in places for value in values]
    told = zip(keys, summed(WORTH, run), strict=True)
    return {key: (n, whole(total)) for key, (n, total) in told if n}


@cache
def _lookups(names: tuple[str, ...], total: sa.ColumnElement[Any]) -> sa.Select[Any]:
    def each(list_: Any, name: str) -> Any:
        return sa.func.json_each(list_).table_valued("value").alias(name)

    way, value = (each(sa.bindparam(f"{name}s", type_=sa.Text), name) for name in ("way", "value"))
    place = each(way.c.value, "place")
    same = [_KEYS[name].is_not_distinct_from(value.c.value) for name in names]
    told = (
        sa.select(sa.func.json_array(sa.func.count(), total))
        .select_from(place)
        .where(_deal.place_id == place.c.value, *same, *_given(names))
        .correlate(way, value)
        .scalar_subquery()
    )
    return sa.select(told).select_from(way.join(value, sa.true()))
