"""Facts of deals one by one, from the columns kept beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact
from funneldesk.domain.funnel import DealMode, Stage
from funneldesk.store import tables as t
from funneldesk.store.places import Trait
from funneldesk.store.queries.rates import Rates

# A place as `DealFact` tells it: status, stage, reach, visited, strict, lost_at ... see `Places`.
Place = tuple[str, int, int, int, int, int | None]


@dataclass(frozen=True, slots=True)
class Source:
    """What the facts of a funnel are made of beside its deals."""

    funnel_id: int
    k: int  # the number of live stages
    ranks: Mapping[int, int]  # of every stage that has one, merged ones too
    stages: tuple[Stage, ...]  # removed ones too
    as_of: int
    money: Rates

    def existing(self) -> list[sa.ColumnElement[bool]]:
        """The conditions that a deal is of the funnel and was there at T."""
        # by no index: to look up most rows of the table one by one takes twice as long as reading it
        return [t.deals.c.funnel_id + 0 == self.funnel_id, self.there()]

    def there(self) -> sa.ColumnElement[bool]:
        """The condition that a deal was there at T."""
        return sa.or_(t.deals.c.created_at.is_(None), t.deals.c.created_at <= self.as_of)

    def unmoved(self) -> sa.ColumnElement[bool]:
        """The condition that a deal has not moved after T: it stands as it stood."""
        return sa.or_(t.deals.c.entered_at.is_(None), t.deals.c.entered_at <= self.as_of)


class Places(dict[tuple[Any, ...], tuple[Any, ...]]):
    """By kept columns what a fact says of the place: worked out once for the many deals alike."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._bits = [
            (1 << s.slot, 1 << (source.ranks[s.id] - 1)) for s in source.stages if s.id in source.ranks
        ]
        self.gone: set[int] = set()  # stages that deals were lost from and that have no rank now

    def __missing__(self, key: tuple[Any, ...]) -> tuple[Any, ...]:
        status, stage_id, slots, lost_from_id, path_known, mode = key
        ranks, k = self._source.ranks, self._source.k
        mask = 0
        for slot, rank in self._bits:
            if slots & slot:
                mask |= rank
        lost_at = None
        if status == Status.LOST:
            lost_at = ranks.get(lost_from_id, 0)
            if lost_from_id is not None and lost_from_id not in ranks:
                self.gone.add(lost_from_id)
        found = (
            status,
            ranks.get(stage_id, 0),
            k + 1 if status == Status.WON else mask.bit_length(),
            mask,
            0,
            lost_at,
            bool(path_known),
            mode != DealMode.STAGELESS,
        )
        self[key] = found
        return found


_deal, _place = t.deals.c, t.places.c
LOST = _deal.status == str(Status.LOST)
OWNER, WORTH = _deal.counted_owner_id, _deal.counted_amount
SILENT = sa.func.coalesce(_deal.loss_comment, "") == ""
_COLUMNS: tuple[sa.ColumnElement[Any], ...] = (
    _deal.id, sa.type_coerce(_deal.created_at, sa.Integer), _deal.place_id,
    sa.type_coerce(_deal.entered_at, sa.Integer), sa.type_coerce(_deal.closed_at, sa.Integer), OWNER, WORTH,
    _deal.company_id, _deal.person_id, _deal.source_id, _deal.product_id,
    sa.case((LOST, _deal.loss_reason_id)), _deal.expected_close, _deal.lead_id,
)  # fmt: skip
_PLACES = sa.select(
    _place.id, _place.status, _place.stage_id, _place.visited, _place.lost_from_id, _place.traits,
    _place.currency,
).where(_place.funnel_id == sa.bindparam("funnel"))  # fmt: skip


class _Kept(dict[int, tuple[Any, ...]]):
    """By the number of a place what a fact says of it, and the currency where it is not the accounting one.

    Before that: whether a loss has a comment, and whether the deal was lost once and came back.
    """

    def __init__(self, conn: sa.Connection, source: Source) -> None:
        self._rows = {row[0]: row[1:] for row in conn.execute(_PLACES, {"funnel": source.funnel_id})}
        self._own = source.money.currency
        self.ways = Places(source)

    def __missing__(self, number: int) -> tuple[Any, ...]:
        status, stage, slots, lost_from, traits, currency = self._rows[number]
        mode = None if traits & Trait.STAGED else DealMode.STAGELESS
        way = self.ways[status, stage or None, slots, lost_from or None, traits & Trait.PATH_KNOWN, mode]
        comment = status == Status.LOST and not traits & Trait.SILENT
        other = None if currency == self._own else currency
        found = self[number] = (*way, comment, bool(traits & Trait.REOPENED), other)
        return found


def kept_facts(
    conn: sa.Connection, source: Source, conditions: Sequence[sa.ColumnElement[bool]]
) -> list[DealFact]:
    """The facts of the deals that fulfil `conditions`, as they stand now."""
    places, money = _Kept(conn, source), source.money
    found: list[DealFact] = []
    make, add = tuple.__new__, found.append
    query = sa.select(*_COLUMNS).where(*source.existing(), *conditions)
    # Plain tuples of the driver, one after the other: a Row for each of so many costs as much as reading
    # them, and a list of all takes memory as fresh as that of the facts.
    rows: Any = conn.execute(query).cursor
    for (
        deal_id, created, place, entered, closed, owner, worth, company, person, origin, product, reason,
        expected, lead,
    ) in rows:  # fmt: skip
        status, stage, reach, visited, strict, lost_at, known, staged, comment, again, other = places[place]
        no_rate = False
        if other is not None and worth is not None:
            worth = money.convert(worth, other, source.as_of if status == Status.OPEN else closed)
            no_rate = worth is None
        fact = (
            deal_id, created, status, stage, reach, visited, strict, lost_at, known, staged, entered, closed,
            owner, worth, no_rate, company, person, origin, product, reason, comment, expected, again, lead,
            None, 1,
        )  # fmt: skip
        add(make(DealFact, fact))
    return with_places_before(conn, source, found) if places.ways.gone else found


def with_places_before(conn: sa.Connection, source: Source, facts: Iterable[DealFact]) -> list[DealFact]:
    """Deals lost from a stage that has been removed since count where they were before it."""
    move = t.stage_moves.c
    gone = sa.and_(_deal.lost_from_id.isnot(None), _deal.lost_from_id.notin_(list(source.ranks)))
    query = (
        sa.select(move.deal_id, move.to_stage_id)
        .join(t.deals, _deal.id == move.deal_id)
        .where(_deal.funnel_id == source.funnel_id, LOST, gone, move.to_stage_id.in_(list(source.ranks)))
        .order_by(move.deal_id, move.seq)
    )
    before = {deal_id: source.ranks[stage_id] for deal_id, stage_id in conn.execute(query)}
    return [f._replace(lost_at=before[f.id]) if f.id in before and f.lost_at == 0 else f for f in facts]
