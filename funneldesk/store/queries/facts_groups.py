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
from funneldesk.store import tables as t
from funneldesk.store.queries.facts_deals import (
    LOST,
    OWNER,
    PLACE,
    SILENT,
    WORTH,
    Places,
    Source,
    kept_facts,
)  # fmt: skip

_deal = t.deals.c
# entered, closed, owner, amount; then the defaults
_EMPTY = (None, None, None, None, *DealFact._field_defaults.values())
_DATES = {"created_at": _deal.created_at, "closed_at": _deal.closed_at}


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
        where.append(OWNER.in_(managers))
    if groups.only_open:
        where.append(_deal.status == str(Status.OPEN))
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
        closed.append(_deal.status.in_([str(Status.WON), str(Status.LOST)]))
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
    wants = groups.by
    keys: list[sa.ColumnElement[Any]] = list(PLACE)
    if "owner" in wants:
        keys += [_deal.close_owner_id, _deal.manager_id]
    if "source" in wants:
        keys.append(_deal.source_id)
    if "reason" in wants:
        keys.append(sa.case((LOST, _deal.loss_reason_id)))
    told: list[sa.ColumnElement[Any]] = [
        sa.func.count(),
        sa.func.count(WORTH),
        sa.func.sum(WORTH),
        sa.type_coerce(sa.func.min(_DATES[groups.dated]), sa.Integer) if groups.dated else sa.null(),
        sa.func.sum(sa.type_coerce(sa.and_(LOST, SILENT), sa.Integer)) if "comment" in wants else sa.null(),
        sa.func.sum(sa.type_coerce(_deal.reopened, sa.Integer)) if "reopened" in wants else sa.null(),
    ]
    query = sa.select(*keys, *told).where(*where).group_by(*keys)
    for row in conn.execute(query):
        place = places[tuple(row[:6])]
        if row[3] in places.gone:
            continue
        rest, (n, known, total, date, silent, reopened) = list(row[6:-6]), row[-6:]
        closer, manager = (rest.pop(0), rest.pop(0)) if "owner" in wants else (None, None)
        one = DealFact._make((0, date if groups.dated == "created_at" else None, *place, *_EMPTY))
        one = one._replace(
            closed_at=date if groups.dated == "closed_at" else None,
            owner=manager if closer is None else closer,
            source_id=rest.pop(0) if "source" in wants else None,
            loss_reason_id=rest.pop(0) if "reason" in wants else None,
            has_loss_comment=place[0] == Status.LOST,
        )
        yield from _told(one, n, known, total, silent or 0, reopened or 0)


def _told(one: DealFact, n: int, known: int, total: int, silent: int, reopened: int) -> Iterator[DealFact]:
    """`n` deals like `one`: `known` with amounts (their sum), `silent` losses without words, `reopened`.

    A pair of opposite numbers takes deals from one kind to the other.
    """
    if known:
        yield one._replace(amount=total, n=known)
    if n > known:
        yield one._replace(n=n - known)
    if silent:
        yield one._replace(amount=0, n=-silent)
        yield one._replace(amount=0, n=silent, has_loss_comment=False)
    if reopened:
        yield one._replace(amount=0, n=-reopened)
        yield one._replace(amount=0, n=reopened, reopened=True)
