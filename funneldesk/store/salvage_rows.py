"""Rows of a damaged table: read past what is broken, looked at, remembered by the journal."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.store import engine as sqlite_engine
from funneldesk.store import journal
from funneldesk.store.search_bodies import CODES, row_id

_MOST = 1 << 40  # no base gives so many ids


def readable(old: Any, table: str, names: str, gaps: list[tuple[int, int]]) -> Iterator[tuple[Any, ...]]:
    """(rowid, *columns) of what can be read; ranges that hold something unreadable go into `gaps`."""
    sql = f"SELECT rowid, {names} FROM {table} NOT INDEXED WHERE rowid BETWEEN ? AND ? ORDER BY rowid"
    todo = [(-1, _last(old, table))]
    while todo:
        first, last = todo.pop()
        at = first
        try:
            for row in old.execute(sql, (first, last)):
                yield row
                at = max(at, row[0] + 1)  # pages may stand in each other's place
        except sqlite_engine.database_errors(ValueError, OverflowError, MemoryError):
            if at > last:
                continue
            if at == last:
                gaps.append((at, last))
                continue
            middle = (at + last) // 2
            todo += [(middle + 1, last), (at, middle)]


def _last(old: Any, table: str) -> int:
    """An upper bound of the row ids: the last one where it can be read, else what the counters say."""
    for sql in (f"SELECT max(rowid) FROM {table}", "SELECT max(next) FROM sequences"):
        try:
            found = old.execute(sql).fetchone()[0]
        except sqlite_engine.database_errors(UnicodeDecodeError):
            continue
        if isinstance(found, int) and 0 <= found < _MOST:
            return found
        if found is None and sql.startswith("SELECT max(rowid)"):
            return 0
    return 1 << 20


def fits(columns: Sequence[sa.Column[Any]], row: Sequence[Any]) -> tuple[tuple[Any, ...] | None, int]:
    """The row without what cannot be a field's content, and how many; None when it cannot do without."""
    emptied = 0
    values = []
    for column, value in zip(columns, row, strict=True):
        if value is not None and not _is_of(column, value):
            value, emptied = None, emptied + 1
        if value is None and not column.nullable:
            if column.name == "version":
                value = 1
            elif column.server_default is not None:
                value = str(getattr(column.server_default, "arg", ""))
            else:
                return None, 0
        values.append(value)
    return tuple(values), emptied


def _is_of(column: sa.Column[Any], value: Any) -> bool:
    kind = column.type.python_type if not isinstance(column.type, sa.types.TypeDecorator) else int
    if kind is str:
        return isinstance(value, str) and "\x00" not in value
    if kind is bytes:
        return isinstance(value, bytes)
    if kind is bool:
        return value in (0, 1)
    if kind is float:
        return isinstance(value, (int, float))
    return isinstance(value, int)


def known_ids(old: Any, kind: str, table: sa.Table) -> tuple[set[int], bool]:
    """Ids that indexes and the search know of a kind, and whether any of them told all of its ids."""
    known: set[int] = set()
    complete = False
    asked = [(f"SELECT rowid FROM {table.name} INDEXED BY {index.name}", 0) for index in table.indexes]
    if kind in CODES:
        first = row_id(kind, 0)
        asked.append(
            (f"SELECT id FROM search_index_content WHERE id BETWEEN {first} AND {first + _MOST}", first)
        )
    for sql, base in asked:
        try:
            for row in old.execute(sql):
                if isinstance(row[0], int) and 0 < row[0] - base < _MOST:
                    known.add(row[0] - base)
            complete = True
        except sqlite_engine.database_errors(UnicodeDecodeError):
            continue
    return known, complete


def recalled(new: Any, kind: str, ids: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(id, columns) of records that the journal has seen made, as it saw them last."""
    wanted = set(ids)
    sql = (
        "SELECT e.record_id, e.op, CASE e.op WHEN 'cut' THEN e.before ELSE e.after END "
        "FROM journal_edits e JOIN journal j ON j.id = e.journal_id WHERE e.kind = ? AND j.state = 'done' "
        "AND e.op IN ('insert', 'update', 'delete', 'batch', 'cut') "
        "ORDER BY e.journal_id, e.seq"
    )
    images: dict[int, dict[str, Any]] = {}
    for record, op, after in new.execute(sql, (kind,)):
        try:
            image = journal.unpack(after)
        except (ValueError, zlib.error):
            continue
        if op == "batch" and isinstance(image, dict):
            for one, values in zip(image["ids"], image["rows"], strict=False):
                if one in images:
                    images[one].update(zip(image["columns"], values, strict=False))
        elif op == "cut" and isinstance(image, dict):
            for row in image["rows"]:
                images.pop(row[0], None)
        elif record in wanted and op == "delete":
            images.pop(record, None)
        elif record in wanted and isinstance(image, dict):
            if op == "insert":
                images[record] = dict(image)
            elif record in images:
                images[record].update(image)
    yield from images.items()
