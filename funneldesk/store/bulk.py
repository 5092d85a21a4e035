"""Thousands of rows at once: indexes made in one go instead of row by row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from funneldesk.store import tables as t

_MANY = 5_000


@contextmanager
def indexes_afterwards(conn: sa.Connection, kind: str, count: int) -> Iterator[None]:
    """While `count` rows of `kind` come or go, its indexes are away; afterwards they are made anew.

    Sorting all keys once costs a third of putting them in one by one.  Done only where the rows that
    stay as they are are no more than those that come or go; otherwise the indexes are kept as usual.
    It is part of the transaction: no reader sees the table without them.
    """
    table = t.table_of(kind).name
    found: list[tuple[str, str]] = []
    if count >= _MANY and _rows(conn, table) <= 2 * count:
        found = [
            (name, sql)
            for name, sql in conn.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
                " AND sql IS NOT NULL ORDER BY rowid",
                (table,),
            ).fetchall()
        ]
    quote = conn.dialect.identifier_preparer.quote
    for name, _sql in found:
        conn.exec_driver_sql(f"DROP INDEX {quote(name)}")
    yield
    for _name, sql in found:
        conn.exec_driver_sql(sql)


def _rows(conn: sa.Connection, table: str) -> int:
    quote = conn.dialect.identifier_preparer.quote
    return int(conn.exec_driver_sql(f"SELECT count(*) FROM {quote(table)}").scalar_one())
