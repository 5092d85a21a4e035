"""What was created and what was closed in each week, month or quarter, counted by SQLite.

Every span is a stretch of an index in order of time, so nothing is sorted and no calendar is needed in SQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, Groups
from funneldesk.store import tables as t
from funneldesk.store.queries.facts_deals import WORTH, Source, kept_facts
from funneldesk.store.queries.facts_groups import created_later, other_currencies
from funneldesk.store.queries.sums import summed, whole

_deal = t.deals.c
# after id and created_at: status ... staged, entered; then closed, owner, amount and the defaults
_PLACE = (0, 0, 0, 0, None, True, True, None)
_CLOSED = (str(Status.WON), str(Status.LOST))
_AT_ONCE = 600  # spans asked for together
_REST = tuple(DealFact._field_defaults.values())


def spans(conn: sa.Connection, source: Source, groups: Groups) -> tuple[list[DealFact], list[DealFact]]:
    """The deals created in each span as one fact; those won, and lost, in each as one (or two: see below).

    Also those of which it is not known when.  Where some of the closed ones are without an amount, they are a
    fact of their own.  Deals that have moved after T are left out of the closed ones.
    """
    others = other_currencies(conn, source)
    # to ask each deal when it was created leaves the index: only where there are such deals
    there = [source.there()] if created_later(conn, source) else []
    if others:
        there.append(sa.func.coalesce(_deal.currency, source.money.currency) == source.money.currency)
    of_funnel = _deal.funnel_id == source.funnel_id

    def counted(total: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
        told = [sa.func.count(), sa.func.count(WORTH), total]
        asked = [_Asked(_deal.created_at, [of_funnel], told[:1])]
        for status in _CLOSED:
            # a closed deal entered its place when it was closed, and the index has it by that
            asked.append(_Asked(_deal.entered_at, [of_funnel, _deal.status == status, *there], told))
        return list(_spans(conn, source, groups, asked))

    begun, ended = [], []
    for at, came, *closed in summed(WORTH, counted):
        if came[0]:
            one = DealFact._make((0, at, str(Status.OPEN), *_PLACE, None, None, None, *_REST))
            begun.append(one._replace(n=came[0]))
        for status, (n, known, total) in zip(_CLOSED, closed, strict=True):
            one = DealFact._make((0, None, status, *_PLACE, at, None, None, *_REST))
            if known:
                ended.append(one._replace(amount=whole(total), n=known))
            if n > known:
                ended.append(one._replace(n=n - known))
    if others:
        not_open = _deal.status != str(Status.OPEN)
        ended += kept_facts(conn, source, [not_open, source.unmoved(), _deal.currency.in_(others)])
    return begun, ended


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is `told` of the deals that fulfil `where` in a span by `date`; their number comes first."""

    date: sa.ColumnElement[Any]
    where: Sequence[sa.ColumnElement[bool]]
    told: Sequence[sa.ColumnElement[Any]]

    def first(self, since: Any, end: Any) -> sa.ScalarSelect[Any]:
        plain = sa.type_coerce(self.date, sa.Integer)
        return sa.select(sa.func.min(plain)).where(*self.where, plain >= since, plain < end).scalar_subquery()

    def inside(self, span: Any, since: Any, end: Any) -> sa.ScalarSelect[Any]:
        plain = sa.type_coerce(self.date, sa.Integer)
        query = sa.select(sa.func.json_array(*self.told)).where(*self.where, plain >= since, plain < end)
        return query.correlate(span).scalar_subquery()

    def undated(self) -> sa.ScalarSelect[Any]:
        query = sa.select(sa.func.json_array(*self.told))
        return query.where(*self.where, self.date.is_(None)).scalar_subquery()


def _spans(
    conn: sa.Connection, source: Source, groups: Groups, asked: Sequence[_Asked]
) -> Iterator[tuple[Any, ...]]:
    """(a moment of the span or None, what is told of its deals by each of `asked`) of every span."""
    assert groups.next_span is not None
    end = source.as_of + 1 if groups.end is None else min(groups.end, source.as_of + 1)
    low = sa.bindparam("low", type_=sa.Integer)
    first = sa.select(*[each.first(low, end) for each in asked])
    span = sa.func.json_each(sa.bindparam("spans", type_=sa.Text)).table_valued("value").alias("span")
    since, until = (sa.func.json_extract(span.c.value, f"$[{place}]") for place in (0, 1))
    counted = sa.select(since, *[each.inside(span, since, until) for each in asked])
    start: int | None = -(1 << 62) if groups.start is None else groups.start
    while start is not None:
        found = [at for at in conn.execute(first, {"low": start}).one() if at is not None]
        if not found:
            break
        bounds = [min(found)]
        while bounds[-1] < end and len(bounds) <= _AT_ONCE:
            bounds.append(min(groups.next_span(bounds[-1]), end))
        for at, *told in conn.execute(counted, {"spans": json.dumps(list(pairwise(bounds)))}):
            yield at, *map(json.loads, told)
        # what lies a century further on is found without asking for every week in between
        start = bounds[-1] if bounds[-1] < end else None
    unknown = conn.execute(sa.select(*[each.undated() for each in asked])).one()
    yield None, *map(json.loads, unknown)
