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
    """By kept columns (PLACE) what a fact says of the place: worked out once for the many deals alike."""

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


_deal = t.deals.c
LOST = _deal.status == str(Status.LOST)
PLACE: tuple[sa.ColumnElement[Any], ...] = (
    _deal.status, _deal.stage_id, _deal.visited, _deal.lost_from_id,
    sa.type_coerce(_deal.path_known, sa.Integer), _deal.mode,
)  # fmt: skip
OWNER, WORTH = _deal.counted_owner_id, _deal.counted_amount
SILENT = sa.func.coalesce(_deal.loss_comment, "") == ""
_COLUMNS: tuple[sa.ColumnElement[Any], ...] = (
    _deal.id, sa.type_coerce(_deal.created_at, sa.Integer), *PLACE,
    sa.type_coerce(_deal.entered_at, sa.Integer), sa.type_coerce(_deal.closed_at, sa.Integer), OWNER,
    WORTH, _deal.currency,
    _deal.company_id, _deal.person_id, _deal.source_id, _deal.product_id,
    sa.case((LOST, _deal.loss_reason_id)), sa.type_coerce(sa.and_(LOST, sa.not_(SILENT)), sa.Integer),
    _deal.expected_close, sa.type_coerce(_deal.reopened, sa.Integer), _deal.lead_id,
)  # fmt: skip


def kept_facts(
    conn: sa.Connection, source: Source, conditions: Sequence[sa.ColumnElement[bool]]
) -> list[DealFact]:
    """The facts of the deals that fulfil `conditions`, as they stand now."""
    places, money = Places(source), source.money
    own = {None, money.currency}
    make = DealFact._make
    tail = (None, 1)
    found = []
    query = sa.select(*_COLUMNS).where(*source.existing(), *conditions)
    # plain tuples of the driver: a Row for each of so many costs as much as reading them
    for row in conn.execute(query).cursor.fetchall():
        value, currency = row[11], row[12]
        if value is None or currency in own:
            worth: tuple[int | None, bool] = (value, False)
        else:
            at = source.as_of if row[2] == Status.OPEN else row[9]
            value = money.convert(value, currency, at)
            worth = (value, value is None)
        found.append(make(row[:2] + places[row[2:8]] + row[8:11] + worth + row[13:] + tail))
    return with_places_before(conn, source, found) if places.gone else found


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
