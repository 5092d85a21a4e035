"""Index rows that a large import has left for later: ranges of which nothing is in the search index yet.

They are kept in the base, so a program that ends too soon forgets none.  Until they are filled in
(`search.fill`) the search reads these records from the tables (`search.find_ids`).
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.store import tables as t

Span = tuple[int, int]  # the first and the last index row


def spans(conn: sa.Connection) -> list[Span]:
    """The ranges that wait, in order."""
    column = t.search_later.c
    return [tuple(row) for row in conn.execute(sa.select(column.first, column.last).order_by(column.first))]


def put(conn: sa.Connection, first: int, last: int) -> None:
    """One more range waits; none of it may wait already."""
    conn.execute(sa.insert(t.search_later).values(first=first, last=last))


def take(conn: sa.Connection, wanted: Sequence[Span]) -> list[Span]:
    """Ranges wait no longer; the parts of them that did not wait are returned."""
    waiting = spans(conn)
    if not waiting:
        return list(wanted)
    left = without(waiting, wanted)
    if left != waiting:
        conn.execute(sa.delete(t.search_later))
        for first, last in left:
            put(conn, first, last)
    return without(wanted, waiting)


def without(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What of `some` is in none of `others`."""
    found: list[Span] = []
    for first, last in some:
        at = first
        for begin, end in sorted(other for other in others if other[0] <= last and other[1] >= first):
            if begin > at:
                found.append((at, begin - 1))
            at = max(at, end + 1)
        if at <= last:
            found.append((at, last))
    return found


def not_waiting(conn: sa.Connection, rows: Sequence[int]) -> list[int]:
    """Those index rows that do not wait."""
    waiting = spans(conn)
    return [row for row in rows if not any(first <= row <= last for first, last in waiting)]


def forget(conn: sa.Connection) -> None:
    """Nothing waits any more."""
    conn.execute(sa.delete(t.search_later))
