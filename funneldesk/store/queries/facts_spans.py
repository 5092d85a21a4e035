"""What was created and what was closed in each week, month or quarter, counted by SQLite.

Every span is a stretch of an index in order of time, so nothing is sorted and no calendar is needed in SQL.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, repeat
from typing import Any, cast

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.facts import DealFact, Groups
from funneldesk.store import tables as t
from funneldesk.store.queries.facts_deals import WORTH, Source, kept_facts
from funneldesk.store.queries.facts_groups import created_later, other_currencies
from funneldesk.store.queries.sums import summed, whole

_deal = t.deals.c
# of every fact, beside what fields of a deal are by default; what is not named is not known
_ALIKE: dict[str, Any] = DealFact._field_defaults | {
    "id": 0, "stage": 0, "reach": 0, "visited": 0, "strict": 0, "path_known": True, "staged": True,
}  # fmt: skip
_OPEN, _WON, _LOST = (str(each) for each in (Status.OPEN, Status.WON, Status.LOST))
_AT_ONCE = 600  # spans asked for together


def spans(conn: sa.Connection, source: Source, groups: Groups) -> tuple[list[DealFact], list[DealFact]]:
    """The deals created in each span as one fact; those lost as one, those won as one or two.

    Also those of which it is not known when.  Where some of the won ones are without an amount, they are a
    fact of their own; the money of lost ones is not told (to sum it took an eighth of the time).  Deals that
    have moved after T are left out of the closed ones.
    """
    others = other_currencies(conn, source)
    # to ask each deal when it was created leaves the index: only where there are such deals
    later = created_later(conn, source)

    def counted(total: sa.ColumnElement[Any]) -> list[tuple[Any, ...]]:
        return _spans(conn, source, groups, _statements(total, later, bool(others)))

    rows = summed(WORTH, counted)
    begun = _facts(_OPEN, "created_at", [(at, None, came) for at, (came,), _won, _lost in rows])
    ended = _facts(_LOST, "closed_at", [(at, None, losses) for at, _came, _won, (losses,) in rows])
    won = [(at, *told) for at, _came, told, _lost in rows]
    ended += _facts(_WON, "closed_at", [(at, whole(total), known) for at, _wins, known, total in won])
    ended += _facts(_WON, "closed_at", [(at, None, wins - known) for at, wins, known, _total in won])
    if others:
        not_open = _deal.status != _OPEN
        ended += kept_facts(conn, source, [not_open, source.unmoved(), _deal.currency.in_(others)])
    return begun, ended


def _facts(status: str, dated: str, told: Sequence[tuple[int | None, int | None, int]]) -> list[DealFact]:
    """A fact of this status for each (moment, amount, how many) but of none; `dated` is its moment."""
    some = [each for each in told if each[2]]
    if not some:
        return []
    own = dict(zip((dated, "amount", "n"), zip(*some, strict=True), strict=True))
    alike = {**_ALIKE, "status": status}
    columns = [own[name] if name in own else repeat(alike.get(name)) for name in DealFact._fields]
    return list(map(DealFact._make, zip(*columns, strict=False)))


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
    many = sa.func.count()
    asked = [_Asked(_deal.created_at, [of_funnel], [many])]
    for status, told in ((_WON, [many, sa.func.count(WORTH), total]), (_LOST, [many])):
        # a closed deal entered its place when it was closed, and the index has it by that
        asked.append(_Asked(_deal.entered_at, [of_funnel, _deal.status == status, *there], told))
    low, end = (sa.bindparam(name, type_=sa.Integer) for name in ("low", "end"))
    span = _bounds()
    return _Statements(
        sa.select(*[each.first(low, end) for each in asked]),
        sa.select(span.c.since, *[each.inside(span, span.c.since, span.c.until) for each in asked]),
        sa.select(sa.literal("null"), *[each.undated() for each in asked]),
    )


def _bounds() -> sa.CTE:
    """The bounds of spans, taken from JSON once and not for each question about a span."""
    each = sa.func.json_each(sa.bindparam("spans", type_=sa.Text)).table_valued("value").alias("each")
    since, until = (sa.func.json_extract(each.c.value, f"$[{place}]") for place in (0, 1))
    return sa.select(since.label("since"), until.label("until")).cte("span").prefix_with("MATERIALIZED")


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
