"""A base brought under another password, or none: into a new file that is proved before it takes the name."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

from funneldesk.errors import UserError
from funneldesk.store import backup, cipher
from funneldesk.store import engine as sqlite_engine
from funneldesk.store.failures import told_as

_KEPT = ("application_id", "user_version")
_STEP = 1 << 22  # bytes of a run of pages that is made at once


def fresh_of(path: Path) -> Path:
    """The name of the new file while it is being made."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def write(source: Path, key: cipher.Key | None) -> Path:
    """Write what is in `source` beside it under `key` (None = readable by all) and prove it the same.

    Returns the new file (see `fresh_of`); `take_place` gives it the name.  The caller holds the lock of the
    base.  Raises UserError `base.damaged`, `base.full`, `password.failed` and as `cipher.meet`.
    """
    fresh = fresh_of(source)
    try:
        backup.clear_pieces(source)  # of one that was killed: after a removal it could be read by all
        clear(fresh)
        os.close(os.open(fresh, os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600))
        cipher.give(fresh, key)
        old = cipher.key_of(source)
        sqlite_engine.connect(source, read_only=True).close()  # which takes back what was killed half way
        con = cipher.module().connect(fresh.absolute().as_uri(), uri=True, isolation_level=None)
        with contextlib.closing(con):
            _export(con, source, old, key)
        _prove(source, fresh)
        backup.sync(fresh)
    except sqlite_engine.database_errors(UnicodeDecodeError) as error:
        clear(fresh)
        told = told_as(error, source, writing=fresh)
        raise told or UserError("password.failed", path=str(source), reason=str(error)) from error
    except OSError as error:
        clear(fresh)
        raise UserError("password.failed", path=str(source), reason=error.strerror or str(error)) from error
    except BaseException:
        clear(fresh)
        raise
    return fresh


def _export(con: Any, source: Path, old: cipher.Key | None, key: cipher.Key | None) -> None:
    cipher.key_for(con, key)
    con.execute("PRAGMA temp_store=MEMORY")
    con.execute(f"ATTACH DATABASE ? AS old KEY {chr(39) * 2 if old is None else old.pragma}", (_uri(source),))
    con.execute("PRAGMA main.page_size=4096")
    vacuum = con.execute("PRAGMA old.auto_vacuum").fetchone()[0]
    con.execute(f"PRAGMA main.auto_vacuum={int(vacuum)}")
    con.execute("PRAGMA main.synchronous=OFF")  # all of it is flushed at the end
    con.execute("BEGIN")
    con.execute("SELECT sqlcipher_export('main', 'old')").fetchall()
    for name in _KEPT:
        value = int(con.execute(f"PRAGMA old.{name}").fetchone()[0])
        con.execute(f"PRAGMA main.{name}={value}")
    con.execute("COMMIT")


def _uri(path: Path) -> str:
    return path.absolute().as_uri() + "?mode=ro"


def _prove(source: Path, fresh: Path) -> None:
    """Both hold the same rows in the same tables, and the new one is sound."""
    before, after = sqlite_engine.connect(source, read_only=True), None
    try:
        after = sqlite_engine.connect(fresh, read_only=True)
        problems = sqlite_engine.integrity_problems(after)
        if not problems and _digest(before) != _digest(after):
            problems = ["the copy differs"]
    finally:
        before.close()
        if after is not None:
            after.close()
    if problems:
        raise UserError("base.damaged", path=str(source), detail="; ".join(problems[:3]))


def _digest(con: Any) -> str:
    """SHA-256 over the schema and every row of every table, those of the search index too."""
    digest = hashlib.sha256()
    schema = con.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    digest.update(repr(schema).encode())
    for name in _KEPT:
        digest.update(repr(con.execute(f"PRAGMA {name}").fetchone()).encode())
    for kind, name, sql in schema:
        if kind == "table" and not sql.upper().startswith("CREATE VIRTUAL"):
            digest.update(name.encode())
            for row in con.execute(f'SELECT * FROM "{name}"'):
                digest.update(repr(row).encode())
    return digest.hexdigest()


def take_place(fresh: Path, path: Path) -> None:
    """Put the new file in the place of a base that nobody has open.

    One rename: a kill leaves the one or the other, whole.  The log is folded in and removed before, or it
    would be played into the new file.  Raises UserError `base.busy` when somebody reads the base.
    """
    fold_in(path)
    key = cipher.key_of(fresh)
    try:
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        os.replace(fresh, path)
        backup.sync_folder(path.parent)
    except OSError as error:  # Windows lets nobody rename over what somebody reads
        raise UserError("password.failed", path=str(path), reason=error.strerror or str(error)) from error
    cipher.forget(fresh)
    cipher.give(path, key)


def fold_in(path: Path) -> None:
    """Bring the log of a base into its one file.  Raises UserError `base.busy` when somebody reads it.

    A copy has none, and is not opened for writing: it would become a file with a log, and no longer be the
    one of which its manifest tells.
    """
    with contextlib.closing(sqlite_engine.connect(path, read_only=True)) as reader:
        if reader.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            return
    writer = sqlite_engine.connect(path)
    try:
        busy = writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    finally:
        writer.close()
    log = path.with_name(path.name + "-wal")
    if busy or (log.exists() and log.stat().st_size):
        raise UserError("base.busy", path=str(path))


def again(path: Path, key: cipher.Key | None, *, as_it_is: bool = False) -> None:
    """Bring a copy of a base (a backup) under `key`, its manifest with it.

    One that is not as its manifest tells is refused with UserError `backup.changed`; `as_it_is` takes it and
    drops the manifest.
    """
    fresh = write(path, key)
    try:
        if as_it_is and not backup.is_as_written(path):
            backup.drop_manifest(path)
        backup.renew_manifest(path, fresh)
        take_place(fresh, path)
    finally:
        clear(fresh)


def clear(fresh: Path) -> None:
    """Remove a new file that did not take its place."""
    cipher.forget(fresh)
    for rest in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):  # the error that led here is the one to tell
            fresh.with_name(fresh.name + rest).unlink(missing_ok=True)


# --- a damaged one -------------------------------------------------------------------------------------


def fold_in_as_is(copy: Path, key: cipher.Key) -> None:
    """Bring the log of a copy of a damaged base into its one file, where no damage is in the way of that.

    It asks for nothing that leads through the table of contents.
    """
    with contextlib.suppress(*sqlite_engine.database_errors(UnicodeDecodeError)):
        con = cipher.module().connect(str(copy), isolation_level=None)
        with contextlib.closing(con):  # the last one to close it folds it in
            cipher.key_for(con, key)
            con.execute("PRAGMA user_version").fetchone()


def make_readable(copy: Path, key: cipher.Key, *, first_page: bool = True) -> bool:
    """Let a copy of a damaged base be read past its damage.

    At the first page that does not answer to its key the engine gives the whole file up.  Each such page is
    replaced by one that the key has written and that is none of a table: SQLite then takes it for damaged,
    and it alone.  The first one is replaced by that of a base of one table of blobs; with `first_page` False
    it is even when it answers, for it may lead to a page that is damaged.  Returns whether it was replaced.
    """
    broken = cipher.broken_pages(copy, key)
    if not first_page and 1 not in broken:
        broken.insert(0, 1)
    if not broken:
        return False
    count = copy.stat().st_size // cipher.PAGE
    scratch = copy.with_name(f"{copy.name}.pages")
    cipher.give(scratch, key)
    con = cipher.module().connect(str(scratch), isolation_level=None)
    try:
        with contextlib.closing(con):
            cipher.key_for(con, key)
            con.execute("PRAGMA journal_mode=OFF")
            con.execute("PRAGMA synchronous=OFF")
            con.execute("CREATE TABLE pages (content BLOB)")
            last = max(broken) if 1 not in broken else max(*broken, count)
            while scratch.stat().st_size < (last + 2) * cipher.PAGE:
                con.execute("INSERT INTO pages VALUES (zeroblob(?))", (_STEP,))
        with scratch.open("rb") as pages, copy.open("r+b") as stream:
            for number in broken:
                place = (number - 1) * cipher.PAGE
                pages.seek(place)
                stream.seek(place)
                stream.write(pages.read(cipher.PAGE))
            if 1 in broken:  # it says how many pages there are: so many must there be
                pages.seek(count * cipher.PAGE)
                stream.seek(count * cipher.PAGE)
                shutil.copyfileobj(pages, stream)
    finally:
        cipher.forget(scratch)
        scratch.unlink(missing_ok=True)
    return 1 in broken
