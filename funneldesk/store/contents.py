"""The table of contents of a damaged base, found again among its pages; only ever of a copy of it.

SQLite keeps the names and first pages of all tables in a tree that begins in the first page.  Where that is
gone, its leaves may still be there; and where they are gone too, a tree of rows is known as that of a table
by the kinds of its columns.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from funneldesk.store import engine as sqlite_engine
from funneldesk.store import sqlite_file
from funneldesk.store.pages import LEAF, PAGE, Pages, every_page, kinds_at, rows_of, scan, size_of

_HEADER = 100  # bytes at the beginning of a file of SQLite
_MAGIC = b"SQLite format 3\x00"
_LEAVES, _ROWS = 8, 4  # of a tree that are looked at
_ENOUGH = 0.9  # of them must fit a table
_TABLES = "SELECT name, rootpage, sql FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
ENTRY = "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES (?, ?, ?, ?, ?)"


class Column(NamedTuple):
    """A column as the kinds of its values show it."""

    kind: str  # "key", "int", "flag", "real", "text", "blob", "any"
    may_be_empty: bool
    may_be_missing: bool


class Parts(NamedTuple):
    """By which names the rows of a table are read: its own, then what nothing leads to and may belong to it;
    and whether more of it is or may be lost.
    """

    names: tuple[str, ...]
    broken: bool = False


def reader(copy: Path) -> Any:
    """A copy open for reading past bytes that are no text and entries of its schema that make no sense."""
    con = sqlite_engine.connect(copy, read_only=True)
    con.text_factory = lambda data: data.decode("utf-8", errors="replace")
    con.execute("PRAGMA writable_schema=ON")
    return con


# The first page --------------------------------------------------------------------------


def _entries(path: Path) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(name, entry) of what is left of the table of contents: type, name, table, first page, SQL."""
    for _number, page in every_page(path):
        if page[0] != LEAF or b"CREATE " not in page:
            continue
        with contextlib.suppress(ValueError, IndexError):
            for place in rows_of(page):
                with contextlib.suppress(ValueError, IndexError):
                    entry = _entry(page, place)
                    if entry is not None:
                        yield entry[1], entry


def _entry(page: bytes, place: int) -> tuple[Any, ...] | None:
    codes, at = kinds_at(page, place)
    if len(codes) != 5 or any(code < 13 or code % 2 == 0 for code in codes[:3]) or codes[3] > 9:
        return None
    values: list[Any] = []
    for code in codes:
        size = size_of(code)
        piece = page[at : at + size]
        at += size
        if code >= 13:
            values.append(piece.decode("utf-8"))
        else:
            values.append(None if code == 0 else int.from_bytes(piece, "big") if size else code - 8)
    # one that goes on in another page would be cut
    fits = (
        at <= PAGE
        and values[0] in ("table", "index")
        and (values[4] is None or values[4].startswith("CREATE "))
    )
    return tuple(values) if fits else None


def header(pages: int, version: int) -> bytes:
    """The header of a base of ours with so many pages, as SQLite writes it."""
    words = bytearray(_HEADER)
    words[0:16] = _MAGIC
    words[16:24] = PAGE.to_bytes(2, "big") + bytes((1, 1, 0, 64, 32, 32))
    for place, value in (
        (24, 1), (28, pages), (40, 1), (44, 4), (56, 1), (60, version),
        (68, sqlite_file.APPLICATION_ID), (92, 1),
    ):  # fmt: skip
        words[place : place + 4] = value.to_bytes(4, "big")
    return bytes(words)


def renew_header(copy: Path) -> None:
    """Give a copy of a base a header of ours where its own is gone."""
    with copy.open("r+b") as stream:
        if not stream.read(_HEADER).startswith(_MAGIC):
            stream.seek(0)
            stream.write(header(copy.stat().st_size // PAGE, sqlite_file.SCHEMA))


def renew_first_page(copy: Path) -> None:
    """Give a copy of a base a first page with whatever is left of the table of contents in the others.

    What stands in the log that lies with it counts before what stands in the file.
    """
    whole = copy.stat().st_size // PAGE
    with copy.open("r+b") as stream:
        told = stream.read(_HEADER)
        version = int.from_bytes(told[60:64], "big") if told.startswith(_MAGIC) else sqlite_file.SCHEMA
        stream.truncate(whole * PAGE)
        stream.seek(0)
        stream.write(header(whole, version) + bytes((LEAF, 0, 0, 0, 0, 0x10, 0, 0)) + bytes(PAGE - 108))
    con = sqlite_engine.connect(copy)
    with contextlib.closing(con):
        con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        con.execute("PRAGMA journal_mode=delete")
        there = {row[0] for row in con.execute("SELECT name FROM sqlite_master")}
    pages = copy.stat().st_size // PAGE
    found = {name: entry for name, entry in _entries(copy) if name not in there and entry[3] <= pages}
    known = there | {name for name, entry in found.items() if entry[0] == "table"}
    _add_entries(copy, [entry for entry in found.values() if entry[2] in known])


def _add_entries(copy: Path, entries: Sequence[tuple[Any, ...]]) -> None:
    """Write entries into the table of contents as they are."""
    con = sqlite_engine.connect(copy)
    with contextlib.closing(con):
        con.execute("PRAGMA writable_schema=ON")
        con.execute("BEGIN")
        con.executemany(ENTRY, entries)
        con.execute("COMMIT")
        con.execute("PRAGMA journal_mode=delete")


def _renew_sql(copy: Path, sql: Mapping[str, str]) -> None:
    """Say anew how tables are made, each where it stands: indexes must come after their table."""
    with contextlib.closing(sqlite_engine.connect(copy)) as con:
        con.execute("PRAGMA writable_schema=ON")
        con.executemany(
            "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?",
            [(text, name) for name, text in sql.items()],
        )
        con.execute("PRAGMA journal_mode=delete")


# Which tree is which table ---------------------------------------------------------------


def parts(copy: Path, sound: Any, names: Sequence[str]) -> dict[str, Parts]:
    """Find the trees of a copy to which its table of contents does not lead, and enter them there.

    `sound`: an empty base of the same schema, open; `names`: its tables that are asked for.  Returns what
    is to be read of each.
    """
    told = {row[0]: (int(row[1]), str(row[2])) for row in sound.execute(_TABLES)}
    told = {name: told[name] for name in names if name in told}
    with contextlib.closing(reader(copy)) as con:
        there = [row for row in con.execute(_TABLES) if isinstance(row[1], int)]
    known = {str(row[0]): int(row[1]) for row in there}
    spoilt = [str(row[0]) for row in there if row[0] in told and "\ufffd" in str(row[2])]
    if spoilt:
        _renew_sql(copy, {name: told[name][1] for name in spoilt})
    pages = scan(copy)
    for top in known.values():
        pages.forget(top)
    found = trees(
        copy,
        pages,
        {name: columns_of(sound, name) for name in told},
        {n: top for n, (top, _) in told.items()},
    )
    entries, answer = [], {}
    for name, (usual, sql) in told.items():
        own = [name] if name in known else []
        for number, top in enumerate(found.get(name, ())):
            part = name if not own else f"part_{number}_of_{name}"
            own.append(part)
            entries.append(("table", part, part, top, sql.replace(name, part, 1)))
        lost = name not in known and (len(own) > 1 or (not own and not _is_empty(copy, usual)))
        answer[name] = Parts(tuple(own), lost)
    if entries:
        _add_entries(copy, entries)
    return answer


def _is_empty(copy: Path, number: int) -> bool:
    """Whether a page is that of a table without rows."""
    with copy.open("rb") as stream:
        stream.seek((number - 1) * PAGE)
        return stream.read(5) == bytes((LEAF, 0, 0, 0, 0))


def columns_of(con: Any, table: str) -> list[Column]:
    """The columns of a table in a sound base."""
    found = []
    rows = con.execute(f'PRAGMA table_info("{table}")').fetchall()
    for _n, _name, kind, needed, default, key in rows:
        plain = str(kind).upper()
        alone = key and plain == "INTEGER" and sum(bool(row[5]) for row in rows) == 1
        found.append(
            Column(
                "key" if alone else _kind(plain),
                bool(alone) or not needed,
                not needed or default is not None,
            )
        )
    return found


def _kind(declared: str) -> str:
    """By SQLite's rules of affinity, but for truth values, of which it knows nothing."""
    if declared.startswith("BOOL"):
        return "flag"
    for signs, kind in (
        (("INT",), "int"), (("CHAR", "CLOB", "TEXT"), "text"), (("BLOB",), "blob"),
        (("REAL", "FLOA", "DOUB"), "real"),
    ):  # fmt: skip
        if any(sign in declared for sign in signs):
            return kind
    return "any"


def _fits(codes: Sequence[int], columns: Sequence[Column]) -> bool:
    if len(codes) > len(columns) or any(not each.may_be_missing for each in columns[len(codes) :]):
        return False
    return all(_is_of(code, column) for code, column in zip(codes, columns, strict=False))


def _is_of(code: int, column: Column) -> bool:
    if code == 0 or column.kind == "key":
        return code == 0 and column.may_be_empty
    if code >= 12:
        return column.kind in ("any", "text" if code % 2 else "blob")
    if code == 7:
        return column.kind in ("any", "real")
    return code in (8, 9) if column.kind == "flag" else column.kind in ("any", "int", "real")


def trees(
    copy: Path, pages: Pages, tables: Mapping[str, Sequence[Column]], usual: Mapping[str, int]
) -> dict[str, list[int]]:
    """First pages of trees that nothing leads to, by the table to which their rows belong.

    `usual`: where the trees begin in a base that was made today.  A tree that could be of several tables is
    that of the one which usually begins there, else of none.
    """
    inside = {each for below in pages.below.values() for each in below}
    found: dict[str, list[int]] = {}
    with copy.open("rb") as stream:
        for top in sorted((pages.leaves | pages.below.keys()) - inside):
            samples = list(_samples(stream, pages, top))
            if not samples:
                continue
            able = [
                name
                for name, columns in tables.items()
                if sum(_fits(codes, columns) for codes in samples) >= _ENOUGH * len(samples)
            ]
            longest = max(map(len, samples))
            exact = [name for name in able if len(tables[name]) == longest]
            for some in (
                [name for name in able if usual.get(name) == top], exact if len(exact) == 1 else [], able
            ):  # fmt: skip
                if len(some) == 1:
                    found.setdefault(some[0], []).append(top)
                    break
    return found


def _samples(stream: Any, pages: Pages, top: int) -> Iterator[list[int]]:
    """The serial types of some rows of a tree."""
    leaves = [page for page in pages.tree(top) if page in pages.leaves]
    for number in leaves[:: max(1, len(leaves) // _LEAVES)]:
        stream.seek((number - 1) * PAGE)
        page = stream.read(PAGE)
        places = rows_of(page)
        for place in places[:: max(1, len(places) // _ROWS)]:
            with contextlib.suppress(ValueError, IndexError):
                yield kinds_at(page, place)[0]
