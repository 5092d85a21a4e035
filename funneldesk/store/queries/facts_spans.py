"""What was created and what was closed in each week, month or quarter, counted by SQLite.

Every span is a stretch of an index in order of time, so nothing is sorted and no calendar is needed in SQL.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, cast

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, Groups
from funneldesk.store import tables as t
from funneldesk.store.queries.facts_deals import WORTH, Source, kept_facts
from funneldesk.store.queries.facts_groups import created_later, other_currencies
from funneldesk.store.queries.sums import summed, whole

_deal = t.deals.c
# after id, created_at and status: stage ... staged, entered; then closed, owner and amount
_PLACE = (0, 0, 0, 0, None, True, True, None)
_CLOSED = (str(Status.WON), str(Status.LOST))
_AT_ONCE = 600  # spans asked for together


def spans(conn: sa.Connection, source: Source, groups: Groups) -> tuple[list[DealFact], list[DealFact]]:
    """The deals created in each span as one fact; those won, and lost, in each as one (or two: see below).

    Also those of which it is not known when.  Where some of the closed ones are without an amount, they are a
    fact of their own.  Deals that have moved after T are left out of the closed ones.
    """
    others = other_currencies(conn, source)
    # to ask each deal when it was created leaves the index: only where there are such deals
    later = created_later(conn, source)

    def counted(total: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
        return _spans(conn, source, groups, _statements(total, later, bool(others)))

    begun, ended = [], []
    for at, (came,), *closed in summed(WORTH, counted):
        if came:
            begun.append(DealFact(0, at, str(Status.OPEN), *_PLACE, None, None, None, n=came))
        for status, (n, known, total) in zip(_CLOSED, closed, strict=True):
            if known:
                ended.append(DealFact(0, None, status, *_PLACE, at, None, whole(total), n=known))
            if n > known:
                ended.append(DealFact(0, None, status, *_PLACE, at, None, None, n=n - known))
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


@dataclass(frozen=True, slots=True)
class _Statements:
    """`first` = when the first of all is, `inside` = what is in each span, `undated` = without a time."""

    first: sa.Select[Any]
    inside: sa.Select[Any]
    undated: sa.Select[Any]


@cache
def _statements(total: sa.ColumnElement[Any], later: bool, foreign: bool) -> _Statements:
    """Made once: `total` sums amounts, `later` leaves out what is created after T, `foreign` other money."""
    of_funnel = _deal.funnel_id == sa.bindparam("funnel")
    there: list[sa.ColumnElement[bool]] = []
    if later:
        there.append(sa.or_(_deal.created_at.is_(None), _deal.created_at <= sa.bindparam("as_of")))
    if foreign:
        own = sa.bindparam("currency", type_=sa.Text)
        there.append(sa.func.coalesce(_deal.currency, own) == own)
    told = [sa.func.count(), sa.func.count(WORTH), total]
    asked = [_Asked(_deal.created_at, [of_funnel], told[:1])]
    for status in _CLOSED:
        # a closed deal entered its place when it was closed, and the index has it by that
        asked.append(_Asked(_deal.entered_at, [of_funnel, _deal.status == status, *there], told))
    low, end = (sa.bindparam(name, type_=sa.Integer) for name in ("low", "end"))
    span = sa.func.json_each(sa.bindparam("spans", type_=sa.Text)).table_valued("value").alias("span")
    since, until = (sa.func.json_extract(span.c.value, f"$[{place}]") for place in (0, 1))
    return _Statements(
        sa.select(*[each.first(low, end) for each in asked]),
        sa.select(since, *[each.inside(span, since, until) for each in asked]),
        sa.select(sa.literal("null"), *[each.undated() for each in asked]),
    )


def _spans(
    conn: sa.Connection, source: Source, groups: Groups, statements: _Statements
) -> list[tuple[Any, ...]]:
    """(a moment of the span or None, what is told of its deals by each that is asked) of every span."""
    assert groups.next_span is not None
    end = source.as_of + 1 if groups.end is None else min(groups.end, source.as_of + 1)
    known = {"funnel": source.funnel_id, "as_of": source.as_of, "currency": source.money.currency, "end": end}
    start: int | None = -(1 << 62) if groups.start is None else groups.start
    found: list[Sequence[Any]] = []
    while start is not None:
        firsts = [
            at for at in conn.execute(statements.first, {**known, "low": start}).one() if at is not None
        ]
        if not firsts:
            break
        bounds = [min(firsts)]
        while bounds[-1] < end and len(bounds) <= _AT_ONCE:
            bounds.append(min(groups.next_span(bounds[-1]), end))
        asked = {**known, "spans": json.dumps(list(pairwise(bounds)))}
        found += conn.execute(statements.inside, asked).cursor.fetchall()
        # what lies a century further on is found without asking for every week in between
        start = bounds[-1] if bounds[-1] < end else None
    found += conn.execute(statements.undated, known).cursor.fetchall()
    told = "],[".join(",".join(map(str, row)) for row in found)
    return cast("list[tuple[Any, ...]]", json.loads(f"[[{told}]]"))
