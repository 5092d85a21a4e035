"""Facts of deals in groups, counted by SQLite: those that a report need not tell apart come as one fact.

The report counts groups as it counts deals, so the numbers are the same; a few dozen facts stand for a
hundred thousand deals.  What cannot be grouped comes one by one beside them: deals in a foreign currency,
whose money each is converted at its own day, and deals lost from a stage that has been removed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, Groups
from funneldesk.domain.funnel import DealMode
from funneldesk.store import tables as t
from funneldesk.store.places import KEY, Trait
from funneldesk.store.queries.facts_deals import LOST, OWNER, WORTH, Places, Source, kept_facts
from funneldesk.store.queries.sums import summed, whole

_deal, _place = t.deals.c, t.places.c
_KEYS: dict[str, sa.Column[Any]] = {
    "owner": OWNER,
    "source": _deal.source_id,
    "reason": _deal.loss_reason_id,
}
# plain numbers: with those of an enumeration a thousand groups take a millisecond more
_PATH_KNOWN, _STAGED, _SILENT, _NO_REASON, _REOPENED, _PRICED = (int(trait) for trait in Trait)
_ASKED = _SILENT | _NO_REASON | _REOPENED | _PRICED
_FOR_A_REASON = sa.and_(_place.status == str(Status.LOST), _place.traits.bitwise_and(_NO_REASON) == 0)
_DEFAULTS = tuple(DealFact._field_defaults.values())
_DATES = {"created_at": _deal.created_at, "closed_at": _deal.closed_at}


def _placed(where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The condition that a deal is in a place that is so."""
    return _deal.place_id.in_(sa.select(_place.id).where(where))


def grouped(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    groups: Groups,
    managers: Sequence[int] = (),
) -> list[DealFact]:
    """The facts of the deals that fulfil `conditions` and belong to `managers`, as they stand now."""
    where = [_deal.funnel_id == source.funnel_id, *conditions]
    if created_later(conn, source):
        where = [*source.existing(), *conditions]
    if managers:
        # of each place only theirs: an index has the deals by place and owner
        where += [OWNER.in_(managers), _deal.place_id.in_(sa.select(_place.id))]
    if groups.only_open:
        where.append(_placed(_place.status == str(Status.OPEN)))
    places = Places(source)
    own = source.money.currency
    found: list[DealFact] = []
    for dated in _parts(groups):
        for currency in (_deal.currency == own, _deal.currency.is_(None)):
            found += _groups(conn, places, groups, [*where, *dated, currency])
        others = other_currencies(conn, source)
        if others:
            found += kept_facts(conn, source, [*where, *dated, _deal.currency.in_(others)])
        if places.gone:
            lost = [
                _deal.lost_from_id.in_(places.gone),
                sa.or_(_deal.currency == own, _deal.currency.is_(None)),
            ]
            found += kept_facts(conn, source, [*where, *dated, LOST, *lost])
    return found


def created_later(conn: sa.Connection, source: Source) -> bool:
    """Whether a deal of the funnel is said to have been created after T."""
    latest = conn.scalar(sa.select(sa.func.max(_deal.created_at)).where(_deal.funnel_id == source.funnel_id))
    return latest is not None and latest > source.as_of


def _parts(groups: Groups) -> list[list[sa.ColumnElement[bool]]]:
    """The deals of the period, and those of which it is not known whether they are."""
    if groups.dated is None or (groups.start is None and groups.end is None):
        return [[]]
    date = _DATES[groups.dated]
    closed: list[sa.ColumnElement[bool]] = []
    if groups.dated == "closed_at":
        closed.append(_placed(_place.status != str(Status.OPEN)))
    inside = list(closed)
    if groups.start is not None:
        inside.append(date >= groups.start)
    if groups.end is not None:
        inside.append(date < groups.end)
    return [inside, [*closed, date.is_(None)]]


def other_currencies(conn: sa.Connection, source: Source) -> list[str]:
    """The currencies of the funnel's deals beside the accounting one, found without looking at each deal."""
    found: list[str] = []
    further = _deal.currency >= ""  # no code at all is another one too
    while True:
        after = sa.select(sa.func.min(_deal.currency)).where(_deal.funnel_id == source.funnel_id, further)
        code = conn.scalar(after)
        if code is None:
            return [each for each in found if each != source.money.currency]
        found.append(code)
        further = _deal.currency > code


def _groups(
    conn: sa.Connection, places: Places, groups: Groups, where: Sequence[sa.ColumnElement[bool]]
) -> Iterator[DealFact]:
    """The facts of deals in one currency, in groups alike in place and in all that the report tells apart."""
    keys: list[str] = [key for key in ("owner", "source") if key in groups.by]
    period = groups.start is not None or groups.end is not None
    date = _DATES[groups.dated] if groups.dated and period else None
    parts = [(keys, [*where])]
    if "reason" in groups.by:  # an index of its own holds the deals that have one, in the order of reasons
        given = _deal.loss_reason_id.isnot(None)
        parts = [
            (keys, [*where, _placed(sa.not_(_FOR_A_REASON))]),
            ([*keys, "reason"], [*where, _placed(_FOR_A_REASON), given]),
        ]
    asked = _ASKED if "traits" in groups.by else _PRICED
    for names, part in parts:
        sums: dict[tuple[Any, ...], list[Any]] = {}
        for row in _counted(conn, [_KEYS[name] for name in names], date, part):
            status, stage, visited, lost_from, traits = row[:5]
            path, mode = traits & _PATH_KNOWN, None if traits & _STAGED else DealMode.STAGELESS
            place = places[status, stage or None, visited, lost_from or None, path, mode]
            if lost_from in places.gone:
                continue
            key = (place, traits & asked, row[5:-3])
            group = sums.get(key)
            if group is None:
                sums[key] = list(row[-3:])
            else:
                group[0] += row[-3]
                group[1] = whole(group[1]) + whole(row[-2])
        for (place, traits, told), (n, total, at) in sums.items():
            values = dict(zip(names, told, strict=True))
            lost = place[0] == Status.LOST
            no_reason = not lost or traits & _NO_REASON
            yield _like(
                place,
                created_at=at if groups.dated == "created_at" else None,
                closed_at=at if groups.dated == "closed_at" else None,
                owner=values.get("owner"),
                amount=whole(total) if traits & _PRICED else None,
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
    keys: Sequence[sa.ColumnElement[Any]],
    date: sa.ColumnElement[Any] | None,
    where: Sequence[sa.ColumnElement[bool]],
) -> list[tuple[Any, ...]]:
    """Place, `keys`, number, sum of the amounts (see `whole`) and one of the dates, by group."""
    at = sa.null() if date is None else sa.func.min(sa.type_coerce(date, sa.Integer))

    def rows(total: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
        counted: list[sa.ColumnElement[Any]] = [*keys, sa.func.count(), total, at]
        named = [column.label(f"c{number}") for number, column in enumerate(counted)]
        groups = sa.select(_deal.place_id, *named).where(*where).group_by(_deal.place_id, *keys).subquery()
        told = [groups.c[column.name] for column in named]
        query = sa.select(*[_place[name] for name in KEY], *told)
        query = query.join_from(groups, t.places, _place.id == groups.c.place_id)
        return list(conn.execute(query).cursor.fetchall())

    return summed(WORTH, rows)
