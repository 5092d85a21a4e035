"""The one door to a base: opened, locked, checked, upgraded here and nowhere else."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from funneldesk.domain.change import Label
from funneldesk.errors import UserError
from funneldesk.store import cipher
from funneldesk.store import engine as sqlite_engine
from funneldesk.store import tables as t
from funneldesk.store.failures import raise_told
from funneldesk.store.lock import BaseLock
from funneldesk.store.sqlite_file import SCHEMA as SCHEMA
from funneldesk.store.sqlite_file import path_of as path_of
from funneldesk.store.transaction import Actor, Transaction
from funneldesk.store.unclean import FirstCheck

COMPANY_KEY = "company_name"


@dataclass(frozen=True, slots=True)
class BaseInfo:
    """What holds for the whole base."""

    currency: str
    zone: ZoneInfo
    language: str
    company: str = ""  # the own one, for the heads of prints


class Database:
    """An open base.  Reads may run on any thread at once; writes wait for one another."""

    def __init__(self, path: Path, *, read_only: bool, lock: BaseLock | None) -> None:
        self.path = path
        self.read_only = read_only
        self._lock = lock
        self._write_guard = threading.Lock()
        self._reader = sqlite_engine.make_engine(path, writer=False)
        self._writer = None if read_only else sqlite_engine.make_engine(path, writer=True)
        self.first_check = FirstCheck(path) if lock is not None and lock.left_behind else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that can only read, at one consistent moment.

        Raises UserError `base.damaged`, `base.busy` and the like where the file cannot be read.
        """
        try:
            with self._reader.connect() as conn:
                yield conn
        except sqlite_engine.database_errors(sa.exc.DBAPIError, UnicodeDecodeError) as error:
            raise_told(error, self.path)
            raise

    @contextmanager
    def transaction(self, label: Label, *, actor: Actor | None = None) -> Iterator[Transaction]:
        """One user action: everything or nothing, journalled in the same commit.

        After the block `tx.change` holds what was committed.  Raises UserError
        `base.read_only`, `base.full`, `base.busy` and lets everything else through, rolled back.
        """
        writer = self._let_write()
        held: Any = None
        with self._write_guard:
            try:
                with writer.begin() as conn:
                    tx = Transaction(conn, label, actor or Actor())
                    yield tx
                    tx.finish()
                    if tx.search_later:  # what fills it in takes the log of writes into the file as well
                        held = sqlite_engine.hold_checkpoints(conn)
            except sa.exc.DBAPIError as error:
                raise_told(error, self.path)
                raise
            finally:
                if held is not None:
                    sqlite_engine.resume_checkpoints(held)

    @contextmanager
    def maintenance(self) -> Iterator[sa.Connection]:
        """The writing connection without a journal entry: for settings, undo and checks only."""
        writer = self._let_write()
        with self._write_guard:
            try:
                with writer.begin() as conn:
                    yield conn
            except sa.exc.DBAPIError as error:
                raise_told(error, self.path)
                raise

    def _let_write(self) -> sa.Engine:
        """The writing engine; after an unclean stop not before the base was found sound."""
        if self._writer is None:
            raise UserError("base.read_only", path=str(self.path))
        if self.first_check is not None:
            self.first_check.let_write()
        return self._writer

    def compact(self) -> None:
        """Write the file anew without what was deleted, and empty the log of writes."""
        self._let_write()
        with self._write_guard:
            self._reader.dispose()
            con = sqlite_engine.connect(self.path)
            try:
                con.execute("VACUUM")
                con.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite_engine.database_errors() as error:
                raise_told(error, self.path)
                raise
            finally:
                con.close()

    def setting(self, key: str, default: Any = None) -> Any:
        """A setting of the base (JSON value), else `default`."""
        with self.read() as conn:
            return read_setting(conn, key, default)

    def set_setting(self, key: str, value: Any) -> None:
        """Keep a setting of the base; not journalled, not undone."""
        with self.maintenance() as conn:
            write_setting(conn, key, value)

    def info(self) -> BaseInfo:
        """The accounting currency, time zone and language of the base."""
        with self.read() as conn:
            return read_info(conn)

    def close(self) -> None:
        """Close every connection and free the lock."""
        if self.first_check is not None:
            self.first_check.stop()
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()
        if self._lock is not None:
            self._lock.free()


_OF_BASE = sa.select(t.settings.c.key, t.settings.c.value).where(
    sa.or_(*[t.settings.c.key == key for key in ("currency", "zone", "language", COMPANY_KEY)])
)


def read_info(conn: sa.Connection) -> BaseInfo:
    """The settings that hold for the whole base."""
    found = {key: json.loads(value) for key, value in conn.execute(_OF_BASE)}
    return BaseInfo(
        found.get("currency", "EUR"),
        zone_of(found.get("zone", "UTC")),
        found.get("language", "en"),
        str(found.get(COMPANY_KEY, "")),
    )


def read_setting(conn: sa.Connection, key: str, default: Any = None) -> Any:
    """One setting of the base (JSON value), else `default`."""
    found = conn.scalar(sa.select(t.settings.c.value).where(t.settings.c.key == key))
    return default if found is None else json.loads(found)


def write_setting(conn: sa.Connection, key: str, value: Any) -> None:
    """Put one setting on an open writing connection."""
    conn.execute(sa.delete(t.settings).where(t.settings.c.key == key))
    conn.execute(sa.insert(t.settings).values(key=key, value=json.dumps(value, ensure_ascii=False)))


def zone_of(name: str) -> ZoneInfo:
    """The time zone called `name`, UTC when the system does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def create_database(
    place: str | Path, *, currency: str = "EUR", zone: str = "UTC", language: str = "en"
) -> Database:
    """Make a new, empty base and open it; nothing is left at `place` when that fails.

    Raises UserError `base.exists`, `base.forbidden`, `base.full`.
    """
    path = path_of(place)
    _refuse_existing(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise UserError("base.forbidden", path=str(path), reason=error.strerror or "") from error
    lock = BaseLock(path)
    lock.take(path)
    try:
        _refuse_existing(path)  # made by another program meanwhile
        cipher.give(path, None)
        db = _filled(path, lock, {"currency": currency, "zone": zone, "language": language})
    except BaseException:
        lock.free()
        raise
    return db


def _refuse_existing(path: Path) -> None:
    if path.exists() and path.stat().st_size > 0:
        raise UserError("base.exists", path=str(path))


def _filled(path: Path, lock: BaseLock, values: dict[str, str]) -> Database:
    from funneldesk.store.migrate import upgrade

    db = None
    try:
        with _told(path):
            upgrade(path)
        db = Database(path, read_only=False, lock=lock)
        with db.maintenance() as conn:
            for key, value in values.items():
                write_setting(conn, key, value)
    except BaseException:
        if db is not None:
            db.close()
        unmake(path)
        raise
    return db


def unmake(path: Path) -> None:
    """Remove a base that was being made and is closed: a half-made one would keep the name."""
    for rest in ("-journal", "-wal", "-shm", ""):
        with contextlib.suppress(OSError):  # the error that led here is the one to tell
            path.with_name(path.name + rest).unlink(missing_ok=True)
    cipher.forget(path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """A full disk and the like, told as such."""
    try:
        yield
    except sqlite_engine.database_errors(sa.exc.DBAPIError) as error:
        raise_told(error, path)
        raise


def open_database(place: str | Path, *, read_only: bool = False) -> Database:
    """Open a base: lock it, refuse what is not ours or newer, upgrade an older one after a verified copy.

    Raises UserError `base.missing`, `base.empty`, `base.foreign`, `base.newer`, `base.locked`,
    `base.forbidden`, `base.damaged`, `base.old_read_only`.
    """
    path = path_of(place)
    version = inspect(path)
    if read_only:
        if version < SCHEMA:
            raise UserError("base.old_read_only", path=str(path))
        return Database(path, read_only=True, lock=None)
    if not os.access(path, os.W_OK):
        raise UserError("base.forbidden", path=str(path), reason="")
    lock = BaseLock(path)
    lock.take(path)
    try:
        if lock.left_behind:
            from funneldesk.store.backup import clear_pieces

            clear_pieces(path)  # perhaps a half-written one, without the password that was being removed
        if version < SCHEMA:
            from funneldesk.store.migrate import upgrade_existing

            with _told(path):
                upgrade_existing(path, version)
        return Database(path, read_only=False, lock=lock)
    except BaseException:
        lock.free()
        raise


def inspect(path: Path) -> int:
    """The schema number of the base at `path`; UserError when it is not a base that this program opens.

    Also `base.password_needed`, `base.no_cipher` of one with a password that was not given yet.
    """
    try:
        if not path.exists():
            raise UserError("base.missing", path=str(path))
        if path.is_dir():
            raise UserError("base.foreign", path=str(path))
        if path.stat().st_size == 0:
            raise UserError("base.empty", path=str(path))
        with path.open("rb") as stream:
            head = stream.read(100)
        if cipher.meet(path) is None and not head.startswith(b"SQLite format 3\x00"):
            from funneldesk.store.pages import has_rows

            ours = path.suffix == ".funneldesk" and has_rows(path)
            raise UserError(
                "base.damaged" if ours else "base.foreign", path=str(path), detail="the first page is gone"
            )
        con = sqlite_engine.connect(path, read_only=True, timeout_ms=2_000)
        try:
            application = con.execute("PRAGMA application_id").fetchone()[0]
            version = int(con.execute("PRAGMA user_version").fetchone()[0])
            con.execute("SELECT count(*) FROM sqlite_master").fetchone()
        finally:
            con.close()
    except OSError as error:
        raise UserError("base.forbidden", path=str(path), reason=error.strerror or "") from error
    # UnicodeDecodeError: its words quote the damage
    except sqlite_engine.database_errors(UnicodeDecodeError) as error:
        raise _unreadable(error, path) from error
    if application != sqlite_engine.APPLICATION_ID:
        raise UserError("base.foreign", path=str(path))
    if version > SCHEMA:
        raise UserError("base.newer", path=str(path), version=version, known=SCHEMA)
    return version


def _unreadable(error: Exception, path: Path) -> UserError:
    """Why a base could not even be looked at; SQLite needs files of its own beside it."""
    words = str(error).lower()
    if "unable to open" in words or "readonly" in words or "permission" in words:
        return UserError("base.forbidden", path=str(path), reason=str(error))
    if "locked" in words or "busy" in words:
        return UserError("base.busy", path=str(path))
    return UserError("base.damaged", path=str(path), detail=str(error))
