"""The table of contents of a base with a password, found again by its engine, which alone can read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from funneldesk.store import engine as sqlite_engine
from funneldesk.store.contents import ENTRY
from funneldesk.store.pages import PAGE

_AT_ONCE = 400  # pages that are taken for tables


def tables_in(copy: Path) -> set[str]:
    """The names of the tables that the table of contents of a copy knows.  Raises the engine's errors."""
    con = sqlite_engine.connect(copy, read_only=True)
    with contextlib.closing(con):
        con.execute("PRAGMA writable_schema=ON")
        rows = con.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return {str(name) for kind, name, _sql in rows if kind == "table"}


def renew_contents(copy: Path) -> None:
    """Take up again what is left of the table of contents of a copy of a base whose first page was replaced.

    Each page in turn is entered as a table of five columns; the entries are rows of some of them.  Raises the
    engine's errors.
    """
    count = copy.stat().st_size // PAGE
    found: dict[str, Sequence[Any]] = {}
    for first in range(2, count + 1, _AT_ONCE):
        numbers = range(first, min(first + _AT_ONCE, count + 1))
        _enter(copy, [_probe(number) for number in numbers])
        con = sqlite_engine.connect(copy, read_only=True)
        with contextlib.closing(con):
            con.execute("PRAGMA writable_schema=ON")
            for number in numbers:
                found.update((entry[1], entry) for entry in _entries(con, number))
    tables = {name for name, entry in found.items() if entry[0] == "table"}
    _enter(copy, [entry for entry in found.values() if entry[2] in tables and entry[3] <= count])


def _probe(number: int) -> Sequence[Any]:
    name = f"page_{number}"
    return "table", name, name, number, f"CREATE TABLE {name} (a, b, c, d, e)"


def _entries(con: Any, number: int) -> Iterator[Sequence[Any]]:
    """The entries in a page; none of a page of something else."""
    sql = f"SELECT a, b, c, d, e FROM page_{number}"
    with contextlib.suppress(UnicodeDecodeError, *sqlite_engine.database_errors()):
        if not _is_entry(con.execute(f"{sql} LIMIT 1").fetchone()):
            return
        for row in con.execute(sql):
            if _is_entry(row):
                yield row


def _is_entry(row: Sequence[Any] | None) -> bool:
    return (
        row is not None
        and row[0] in ("table", "index")
        and isinstance(row[1], str)
        and isinstance(row[3], int)
        and (row[4] is None or str(row[4]).startswith("CREATE "))
    )


def _enter(copy: Path, entries: Sequence[Sequence[Any]]) -> None:
    """Let these be all that the table of contents holds."""
    con = sqlite_engine.connect(copy)
    with contextlib.closing(con):
        con.execute("PRAGMA writable_schema=ON")
        con.execute("BEGIN")
        con.execute("DELETE FROM sqlite_master")
        con.executemany(ENTRY, entries)
        con.execute("COMMIT")
        con.execute("PRAGMA journal_mode=delete")
