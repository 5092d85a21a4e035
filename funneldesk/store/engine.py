"""SQLAlchemy engines over a base, and SQLite's own checks of it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from funneldesk.store.sqlite_file import (
    APPLICATION_ID,
    BUSY_MS,
    SAFE_WAL,
    connect,
    database_errors,
    module_for,
    sqlite_module,
    wal_is_safe,
)

__all__ = [
    "APPLICATION_ID", "BUSY_MS", "SAFE_WAL", "connect", "database_errors", "hold_checkpoints",
    "integrity_problems", "make_engine", "module_for", "resume_checkpoints",
    "sqlite_module", "wal_is_safe",
]  # fmt: skip


def make_engine(path: Path, *, writer: bool, foreign_keys: bool = True) -> sa.Engine:
    """A SQLAlchemy engine; the writer begins with BEGIN IMMEDIATE, a reader can only read."""

    def creator() -> Any:
        con = connect(path, read_only=not writer)
        if not foreign_keys:
            con.execute("PRAGMA foreign_keys=OFF")
        return con

    engine = sa.create_engine(
        "sqlite://",
        creator=creator,
        module=module_for(path),
        poolclass=sa.QueuePool,
        pool_size=1 if writer else 4,
        max_overflow=0 if writer else 4,
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "begin")
    def _begin(conn: sa.Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


_EVERY = 1000  # pages in the log of writes at which a commit takes it into the file, as SQLite has it


def hold_checkpoints(conn: sa.Connection) -> Any:
    """Let the commit that comes leave the log of writes as it is, however long; gives what `resume` needs.

    The log is as safe as the file: the next commit takes it in.
    """
    raw: Any = conn.connection.dbapi_connection
    raw.execute("PRAGMA wal_autocheckpoint=0")
    return raw


def resume_checkpoints(raw: Any) -> None:
    """From now on commits take a long log into the file again; a connection that broke needs no more."""
    with contextlib.suppress(*database_errors()):
        raw.execute(f"PRAGMA wal_autocheckpoint={_EVERY}")


def _changed_pages(con: Any) -> set[str]:
    """Read beside SQLite: what comes into the file meanwhile may look wrong once, but not twice."""
    return {str(row[0]) for row in con.execute("PRAGMA cipher_integrity_check")}


def integrity_problems(con: Any, limit: int = 20) -> list[str]:
    """What SQLite's own checks say of the file (empty = sound)."""
    # A page that was changed outside shows here even where no table has it; other engines say nothing.
    changed = _changed_pages(con)
    if changed:
        return sorted(changed & _changed_pages(con))[:limit] or integrity_problems(con, limit)
    # FTS5 checks a stale copy of its root otherwise, and reports a mismatch that is not there.
    if con.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_index'").fetchone():
        con.execute("SELECT rowid FROM search_index WHERE search_index MATCH '\"abc\"' LIMIT 1").fetchall()
    found = [str(row[0]) for row in con.execute(f"PRAGMA integrity_check({limit})")]
    problems = [] if found == ["ok"] else found
    for row in con.execute("PRAGMA foreign_key_check"):
        problems.append(f"foreign key: {row[0]} row {row[1]} -> {row[2]}")
        if len(problems) >= limit:
            break
    return problems
