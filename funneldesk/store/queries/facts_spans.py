"""What was created and what was closed in each week, month or quarter, counted by SQLite.

Every span is a stretch of an index in order of time, so nothing is sorted and no calendar is needed in SQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, Groups
from funneldesk.store import tables as t
from funneldesk.store.queries.facts_deals import WORTH, Source, kept_facts
from funneldesk.store.queries.facts_groups import created_later, other_currencies

_deal = t.deals.c
# after id and created_at: status ... staged, entered; then closed, owner, amount and the defaults
_PLACE = (0, 0, 0, 0, None, True, True, None)
_REST = tuple(DealFact._field_defaults.values())


def created(conn: sa.Connection, source: Source, groups: Groups) -> list[DealFact]:
    """The deals created in each span as one fact, and those of which it is not known when."""
    found = [
        DealFact._make((0, at, str(Status.OPEN), *_PLACE, None, None, None, *_REST))._replace(n=n)
        for at, n in _spans(conn, source, groups, _deal.created_at, [], [sa.func.count()])
    ]
    return found


def closed(conn: sa.Connection, source: Source, groups: Groups) -> list[DealFact]:
    """The deals won, and lost, in each span as one fact (two where some are without an amount).

    Deals that have moved after T are left out.
    """
    found: list[DealFact] = []
    others = other_currencies(conn, source)
    # to ask each deal when it was created leaves the index: only where there are such deals
    there = [source.there()] if created_later(conn, source) else []
    for status in (str(Status.WON), str(Status.LOST)):
        where = [_deal.status == status, *there]
        if others:
            where.append(sa.func.coalesce(_deal.currency, source.money.currency) == source.money.currency)
        told = [sa.func.count(), sa.func.count(WORTH), sa.func.sum(WORTH)]
        # a closed deal entered its place when it was closed, and the index has it by that
        for at, n, known, total in _spans(conn, source, groups, _deal.entered_at, where, told):
            one = DealFact._make((0, None, status, *_PLACE, at, None, None, *_REST))
            if known:
                found.append(one._replace(amount=total, n=known))
            if n > known:
                found.append(one._replace(n=n - known))
    if others:
        ended = _deal.status != str(Status.OPEN)
        found += kept_facts(conn, source, [ended, source.unmoved(), _deal.currency.in_(others)])
    return found


def _spans(
    conn: sa.Connection,
    source: Source,
    groups: Groups,
    date: sa.ColumnElement[Any],
    where: Sequence[sa.ColumnElement[bool]],
    told: Sequence[sa.ColumnElement[Any]],
) -> Iterator[tuple[Any, ...]]:
    """(a moment of the span or None, what is `told` of its deals) of every span in which there are any."""
    assert groups.next_span is not None
    own = [_deal.funnel_id == source.funnel_id, *where]
    end = source.as_of + 1 if groups.end is None else min(groups.end, source.as_of + 1)
    plain = sa.type_coerce(date, sa.Integer)
    low, high = sa.bindparam("low", type_=sa.Integer), sa.bindparam("high", type_=sa.Integer)
    first = sa.select(sa.func.min(plain)).where(*own, plain >= low, plain < end)
    inside = sa.select(*told).where(*own, plain >= low, plain < high)
    at = conn.scalar(first, {"low": -(1 << 62) if groups.start is None else groups.start})
    while at is not None:
        bound = min(groups.next_span(at), end)
        yield at, *conn.execute(inside, {"low": at, "high": bound}).one()
        at = conn.scalar(first, {"low": bound})
    unknown = tuple(conn.execute(sa.select(*told).where(*own, date.is_(None))).one())
    if unknown[0]:
        yield None, *unknown
