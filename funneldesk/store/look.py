"""A look into a base that changes nothing: what a backup holds, before it is chosen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.errors import UserError
from funneldesk.store import engine as sqlite_engine
from funneldesk.store import tables as t
from funneldesk.store.database import inspect

LATEST = 5
_FIRST = 20  # changes by which a base is known


@dataclass(frozen=True, slots=True)
class Inside:
    """What a base holds: numbers of records, and its last changes (when, who, what), the newest first."""

    schema: int
    companies: int
    people: int
    deals: int
    changes: tuple[tuple[datetime, str, Label], ...]


@contextmanager
def opened(path: Path) -> Iterator[sa.Connection]:
    """A base file for reading only, without taking its lock."""
    engine = sqlite_engine.make_engine(path, writer=False)
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def inside(path: Path) -> Inside:
    """What a base file holds.  Raises the `base.*` errors of `store.database.inspect`."""
    inspect(path)
    with opened(path) as conn:
        schema = int(conn.exec_driver_sql("PRAGMA user_version").scalar() or 0)
        companies, people, deals = (
            int(conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0)
            for table in (t.companies, t.people, t.deals)
        )
        column = t.journal.c
        rows = conn.execute(
            sa.select(column.at, column.who, column.label, column.params)
            .where(column.state == "done")
            .order_by(column.id.desc())
            .limit(LATEST)
        )
        changes = tuple(
            (clock.from_micros(at), who, Label(code, json.loads(params))) for at, who, code, params in rows
        )
    return Inside(schema, companies, people, deals, changes)


def first_changes(path: Path) -> frozenset[tuple[int, int]]:
    """(id, moment) of the first changes of a base: its copies share them, and no other base has them.

    Empty of a file that cannot be read.
    """
    try:
        con = sqlite_engine.connect(path, read_only=True, timeout_ms=2_000)
        try:
            sql = f"SELECT id, at FROM journal ORDER BY id LIMIT {_FIRST}"
            return frozenset((int(number), int(at)) for number, at in con.execute(sql))
        finally:
            con.close()
    except sqlite_engine.database_errors(UserError, OSError, ValueError, TypeError):
        return frozenset()


def setting(path: Path, key: str) -> Any:
    """One setting of a base as far as it can be read, else None."""
    try:
        con = sqlite_engine.connect(path, read_only=True, timeout_ms=2_000)
        try:
            found = con.execute("SELECT value FROM settings WHERE key = ?", (key,)).fetchone()
            return json.loads(found[0]) if found else None
        finally:
            con.close()
    except sqlite_engine.database_errors(UserError, OSError, ValueError, TypeError):
        return None


def last_change(conn: sa.Connection) -> datetime | None:
    """When the base was last changed; None of one in which nothing was done."""
    at = conn.scalar(sa.select(sa.func.max(t.journal.c.at)))
    return None if at is None else clock.from_micros(at)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The engine, and how much there is of everything."""

    engine: str
    journal_mode: str
    schema: int
    journal_entries: int
    journal_bytes: int
    records: dict[str, int]


def sizes(conn: sa.Connection) -> Sizes:
    """Counts by kind of record, and what the journal takes up."""

    def number(sql: str) -> int:
        return int(conn.exec_driver_sql(sql).scalar() or 0)

    edits = "SELECT sum(coalesce(length(before), 0) + coalesce(length(after), 0)) FROM journal_edits"
    return Sizes(
        str(conn.exec_driver_sql("SELECT sqlite_version()").scalar()),
        str(conn.exec_driver_sql("PRAGMA journal_mode").scalar()),
        number("PRAGMA user_version"),
        number("SELECT count(*) FROM journal"),
        number(edits),
        {kind: number(f"SELECT count(*) FROM {table.name}") for kind, (_cls, table) in t.KINDS.items()},
    )
