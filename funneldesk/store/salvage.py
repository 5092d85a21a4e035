"""What can still be read of a damaged base, brought into a new one that is proved whole.

The damaged file is never opened: a copy of it is.  Each table is read row by row through its tree;
where a page cannot be read, the range of ids is halved until what lies on either side of it is
found.  Which records are lost is known from the indexes, the search and the pointers of others.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from funneldesk.errors import UserError
from funneldesk.store import (
    backup,
    cipher,
    contents,
    findings,
    migrate,
    probing,
    recrypt,
    search,
    sqlite_file,
)
from funneldesk.store import engine as sqlite_engine
from funneldesk.store import tables as t
from funneldesk.store.check import check
from funneldesk.store.database import Database
from funneldesk.store.references import pointers
from funneldesk.store.repair import repair
from funneldesk.store.salvage_rows import fits, known_ids, readable, recalled

_SKIPPED = frozenset({"search_later", "alembic_version"})


@dataclass(slots=True)
class Salvaged:
    """By kind how many records were saved, and the ids of those known to be lost."""

    kept: dict[str, int] = field(default_factory=dict)
    lost: dict[str, tuple[int, ...]] = field(default_factory=dict)
    more: tuple[str, ...] = ()  # kinds of which more may be lost: nothing says how many there were
    emptied: int = 0  # fields whose content made no sense
    recalled: int = 0  # records that only the journal still knew

    @property
    def whole(self) -> bool:
        """Whether nothing was lost."""
        return not self.lost and not self.more and not self.emptied


def salvage(source: Path, target: Path) -> Salvaged:
    """Make a new base at `target` from what can be read of `source`, which is not touched.

    The new base has the password of the damaged one.

    Raises UserError `base.missing`, `base.empty`, `base.exists`, `base.forbidden`, `base.full` and
    `salvage.nothing`.
    """
    if not source.is_file():
        raise UserError("base.missing", path=str(source))
    if source.stat().st_size == 0:
        raise UserError("base.empty", path=str(source))
    if target.exists():
        raise UserError("base.exists", path=str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".salvage-", dir=target.parent) as folder:
            found = _salvage(source, Path(folder))
            backup.sync(Path(folder) / "new")
            os.replace(Path(folder) / "new", target)
            cipher.forget(target)
    except OSError as error:
        full = error.errno == 28  # no space left
        code = "base.full" if full else "base.forbidden"
        raise UserError(code, path=str(target), reason=error.strerror or "") from error
    return found


def _salvage(source: Path, folder: Path) -> Salvaged:
    copy, fresh = folder / "old", folder / "new"
    for rest in ("", "-wal"):
        part = source.with_name(source.name + rest)
        if part.exists():
            shutil.copyfile(part, copy.with_name(copy.name + rest))
    found = Salvaged()
    key = cipher.meet(source)
    for each in (copy, fresh):
        cipher.give(each, key)
    old = _opened(copy, source, key)
    try:
        version = _version(old)
        _make(fresh, version)
        new = sqlite_engine.connect(fresh)
        try:
            names = [table.name for table in _tables()]
            if key is None:
                old.close()
                parts = contents.parts(copy, new, names)
                old = _reader(copy)
            else:  # its pages tell nothing from outside: a table whose entry is gone cannot be found
                told = probing.tables_in(copy)
                parts = {name: contents.Parts((), broken=True) for name in names if name not in told}
            _copy_all(old, new, parts, found)
        finally:
            new.close()
    finally:
        old.close()
    if not any(found.kept.values()):
        raise UserError("salvage.nothing", path=str(source))
    if version < sqlite_file.SCHEMA:
        migrate.upgrade(fresh)
    _prove(fresh, source, found)
    return found


def _opened(copy: Path, source: Path, key: cipher.Key | None) -> Any:
    """The copy for reading, with a first page of ours where its own is gone."""
    if key is not None:
        try:
            recrypt.fold_in_as_is(copy, key)
            replaced = recrypt.make_readable(copy, key)
            if not _has_contents(copy):
                if not replaced:
                    recrypt.make_readable(copy, key, first_page=False)
                probing.renew_contents(copy)
            return _reader(copy)
        except sqlite_engine.database_errors(UnicodeDecodeError) as error:
            raise UserError("salvage.nothing", path=str(source)) from error
    try:
        contents.renew_header(copy)
        return _reader(copy)
    except sqlite_engine.database_errors(UnicodeDecodeError):
        pass
    try:
        contents.renew_first_page(copy)
        return _reader(copy)
    except sqlite_engine.database_errors(UnicodeDecodeError) as error:
        raise UserError("salvage.nothing", path=str(source)) from error


def _has_contents(copy: Path) -> bool:
    """Whether the table of contents of a copy with a password can be read to its end."""
    try:
        return "stage_moves" in probing.tables_in(copy)
    except sqlite_engine.database_errors(UnicodeDecodeError):
        return False


def _reader(copy: Path) -> Any:
    con = contents.reader(copy)
    try:
        con.execute("PRAGMA cell_size_check=ON")
        con.execute("SELECT name FROM sqlite_master").fetchall()
    except sqlite_engine.database_errors(UnicodeDecodeError):
        con.close()
        raise
    return con


def _version(old: Any) -> int:
    """The schema of the copy; the newest one where nothing says one that is known."""
    for sql in ("SELECT version_num FROM alembic_version", "PRAGMA user_version"):
        with contextlib.suppress(ValueError, TypeError, *sqlite_engine.database_errors()):
            told = int(old.execute(sql).fetchone()[0])
            if 1 <= told <= sqlite_file.SCHEMA:
                return told
    return sqlite_file.SCHEMA


def _make(fresh: Path, version: int) -> None:
    os.close(os.open(fresh, os.O_CREAT | os.O_RDWR, 0o600))
    if version == sqlite_file.SCHEMA:
        migrate.upgrade(fresh)
        return
    con = sqlite_engine.connect(fresh)
    con.execute(f"PRAGMA application_id={sqlite_file.APPLICATION_ID}")
    con.close()
    engine = sqlite_engine.make_engine(fresh, writer=True, foreign_keys=False)
    try:
        with engine.begin() as conn:
            migrate.run_migrations(conn, f"{version:04}")
    finally:
        engine.dispose()


def _tables() -> list[sa.Table]:
    """Those whose rows are brought over, in the order of what refers to what."""
    return [
        table
        for table in t.metadata.sorted_tables
        if table.name not in _SKIPPED and not table.name.startswith("search_index")
    ]


def _copy_all(old: Any, new: Any, parts: Mapping[str, contents.Parts], found: Salvaged) -> None:
    new.execute("PRAGMA foreign_keys=OFF")
    new.execute("BEGIN IMMEDIATE")
    kinds = {table.name: kind for kind, (_cls, table) in t.KINDS.items()}
    unsure = []
    for table in _tables():
        there = [row[1] for row in new.execute(f"PRAGMA table_info({table.name})")]
        columns = [c for c in table.c if c.name in there]
        if not columns:
            continue
        part = parts.get(table.name) or contents.Parts((table.name,))
        broken = _copy(old, new, table, columns, part, found)
        kind = kinds.get(table.name)
        if kind is None:
            continue
        found.kept[kind] = new.execute(f"SELECT count(*) FROM {table.name}").fetchone()[0]
        known, complete = known_ids(old, kind, table)
        present = {row[0] for row in new.execute(f"SELECT id FROM {table.name}")}
        _add_lost(found, kind, known - present)
        if broken and not complete:
            unsure.append(kind)
    found.more = tuple(unsure)
    _recall(new, found)
    # a new entry of the journal could get the number of one that is lost
    new.execute("DELETE FROM journal_edits WHERE journal_id NOT IN (SELECT id FROM journal)")
    new.execute("COMMIT")


def _copy(
    old: Any, new: Any, table: sa.Table, columns: list[sa.Column[Any]], part: contents.Parts, found: Salvaged
) -> bool:
    """Bring over the rows of a table that can be read; whether some could not."""
    broken = part.broken
    for number, name in enumerate(part.names):
        if number == 0 or broken:  # else what nothing leads to is what was removed
            broken |= _copy_part(old, new, table, columns, name, found)
    return broken


def _copy_part(
    old: Any, new: Any, table: sa.Table, columns: list[sa.Column[Any]], part: str, found: Salvaged
) -> bool:
    names = ", ".join(f'"{c.name}"' for c in columns)
    places = ", ".join("?" * len(columns))
    gaps: list[tuple[int, int]] = []
    rows = []
    for row in readable(old, part, names, gaps):
        values, emptied = fits(columns, row[1:])
        if values is None or (table is t.file_contents and not _is_its_own(values)):
            gaps.append((row[0], row[0]))
            continue
        found.emptied += emptied
        rows.append(values)
        if len(rows) >= 2_000:
            _insert(new, table.name, names, places, rows)
    _insert(new, table.name, names, places, rows)
    return bool(gaps)


def _is_its_own(values: tuple[Any, ...]) -> bool:
    """Whether a file's content has the hash by which it is kept."""
    return bool(hashlib.sha256(values[1]).hexdigest() == values[0])


def _insert(new: Any, table: str, names: str, places: str, rows: list[tuple[Any, ...]]) -> None:
    new.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})", rows)
    rows.clear()


def _recall(new: Any, found: Salvaged) -> None:
    """Bring back from the images of the journal what is lost in the tables.

    What comes back may point at more that is lost, so it goes on until nothing new is.
    """
    tried: set[tuple[str, int]] = set()
    while True:
        _note_missing(new, found)
        todo = {kind: [i for i in ids if (kind, i) not in tried] for kind, ids in found.lost.items()}
        if not any(todo.values()):
            return
        for kind, ids in todo.items():
            tried.update((kind, i) for i in ids)
            back = _bring_back(new, kind, ids)
            found.recalled += len(back)
            found.kept[kind] = found.kept.get(kind, 0) + len(back)
            rest = tuple(i for i in found.lost[kind] if i not in back)
            if rest:
                found.lost[kind] = rest
            else:
                del found.lost[kind]


def _note_missing(new: Any, found: Salvaged) -> None:
    """What others point at is lost too where nothing else knew of it."""
    for pointer in pointers():
        if not pointer.kind or (pointer.kind, pointer.column) == ("deal", "lead_id"):
            continue
        there = {row[1] for row in new.execute(f"PRAGMA table_info({pointer.table.name})")}
        target = new.execute(f"PRAGMA table_info({t.table_of(pointer.target).name})").fetchone()
        if pointer.column in there and target:
            missing = findings.missing_ids(new.execute, pointer)
            _add_lost(found, pointer.target, missing)


def _add_lost(found: Salvaged, kind: str, ids: Iterable[int]) -> None:
    known = {*found.lost.get(kind, ()), *ids}
    if known:
        found.lost[kind] = tuple(sorted(known))


def _bring_back(new: Any, kind: str, ids: Sequence[int]) -> set[int]:
    table = t.table_of(kind)
    there = [row[1] for row in new.execute(f"PRAGMA table_info({table.name})")]
    columns = [c for c in table.c if c.name in there]
    names, places = ", ".join(f'"{c.name}"' for c in columns), ", ".join("?" * len(columns))
    back = set()
    for record, image in recalled(new, kind, ids) if ids else ():
        values, _emptied = fits(columns, [image.get(c.name) for c in columns])
        if values is not None:
            _insert(new, table.name, names, places, [values])
            back.add(record)
    return back


def _prove(fresh: Path, source: Path, found: Salvaged) -> None:
    """Put the new base right and prove it; UserError `salvage.nothing` when it is not sound."""
    db = Database(fresh, read_only=False, lock=None)
    try:
        with db.read() as conn:
            missing = findings.dangling(conn)
            before = {kind: _ids(conn, kind) for kind in found.kept}
        for each in missing:
            _add_lost(found, each.target, each.missing)
        repair(db)
        with db.read() as conn:
            for kind, ids in before.items():
                _add_lost(found, kind, set(ids) - set(_ids(conn, kind)))
        with db.maintenance() as conn:
            search.renew(conn)
            if not found.whole:  # what is gone cannot be undone or redone
                conn.execute(sa.update(t.journal).values(barrier=True))
                conn.execute(
                    sa.update(t.journal).where(t.journal.c.state == "undone").values(state="dropped")
                )
        with db.read() as conn:
            result = check(conn)
            for kind in found.kept:
                count = sa.select(sa.func.count()).select_from(t.table_of(kind))
                found.kept[kind] = int(conn.scalar(count) or 0)
    finally:
        db.close()
    if not result.ok:
        raise UserError("salvage.nothing", path=str(source), detail="; ".join(map(str, result.problems[:3])))
    con = sqlite_engine.connect(fresh)
    with contextlib.closing(con):
        con.execute("PRAGMA journal_mode=delete")


def _ids(conn: sa.Connection, kind: str) -> array[int]:
    return array("q", conn.scalars(sa.select(t.table_of(kind).c.id)))
