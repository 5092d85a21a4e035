"""The SQLite file itself: which engine opens it, and how a connection is set.

Knows nothing of SQLAlchemy, so that the first screen can be read before that is loaded.
SQLite before 3.51.3 can corrupt a base when a WAL file is reset at a bad moment, so WAL is
used only on newer engines (pysqlite3 brings one on Linux); older ones use the rollback journal.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from funneldesk.domain.folding import fold, fold_once
from funneldesk.errors import UserError
from funneldesk.store import cipher
from funneldesk.store.network import on_network_share

SCHEMA = 5  # of this program; PRAGMA user_version of a base it has written
APPLICATION_ID = 0x46444B31  # "FDK1"
SAFE_WAL = (3, 51, 3)
BUSY_MS = 5_000


def path_of(place: str | Path) -> Path:
    """A path, or the path inside a ``sqlite:///`` URL; UserError `base.url_unsupported` for other URLs."""
    text = str(place)
    if text.startswith("sqlite:///"):
        from urllib.parse import unquote  # hardly ever needed, and the window should not wait for it

        return Path(unquote(text.removeprefix("sqlite:///")))
    if "://" in text:
        raise UserError("base.url_unsupported", url=text.split("://", 1)[0])
    return Path(text)


def sqlite_module() -> ModuleType:
    """The DB-API module with the newest engine installed here."""
    if sqlite3.sqlite_version_info >= SAFE_WAL:
        return sqlite3
    try:
        import pysqlite3.dbapi2 as newer
    except ImportError:
        return sqlite3
    module: ModuleType = newer
    if module.sqlite_version_info <= sqlite3.sqlite_version_info:
        return sqlite3
    return module


def module_for(path: Path) -> ModuleType:
    """The DB-API module that opens this base; UserError `base.password_needed`, `base.no_cipher`."""
    return sqlite_module() if cipher.key_of(path) is None else cipher.module()


def database_errors(*more: type[Exception]) -> tuple[type[Exception], ...]:
    """What the engines raise of a base, and `more`: `except` takes it as it is."""
    other = cipher.loaded()
    known: tuple[type[Exception], ...] = (sqlite_module().Error, *more)
    return known if other is None else (*known, other.Error)


def wal_is_safe(module: ModuleType | None = None) -> bool:
    """Whether an engine (None = that of bases without a password) has the WAL reset bug mended."""
    return tuple((module or sqlite_module()).sqlite_version_info) >= SAFE_WAL


def connect(path: Path, *, read_only: bool = False, timeout_ms: int = BUSY_MS) -> Any:
    """A DB-API connection with every pragma set that a base needs.

    Raises the module's own errors (see `database_errors`), and UserError `base.password_needed` and
    `base.no_cipher` of a base whose password has not been given here.
    """
    try:
        return _connect(path, read_only, timeout_ms)
    except database_errors() as error:
        if not read_only or "readonly" not in str(error):
            raise
    # A program died while it wrote with a rollback journal: only a writer may take back what it left.
    _connect(path, False, timeout_ms).close()
    return _connect(path, True, timeout_ms)


def _connect(path: Path, read_only: bool, timeout_ms: int) -> Any:
    key = cipher.key_of(path)
    module = sqlite_module() if key is None else cipher.module()
    # The driver asks for an adapter of every None it binds, and the search for one that is not there
    # costs ten times as much as the binding.  `{}.get` takes None to None.
    module.register_adapter(type(None), {}.get)
    uri = path.absolute().as_uri() + ("?mode=ro" if read_only else "?mode=rw")
    con = module.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=timeout_ms / 1000
    )
    cipher.key_for(con, key)
    con.execute(f"PRAGMA busy_timeout={timeout_ms}")
    con.execute("PRAGMA foreign_keys=ON")
    con.execute("PRAGMA temp_store=MEMORY")
    con.execute("PRAGMA cache_size=-32000")
    con.create_function("folded", 1, _folded, deterministic=True)
    con.create_function("local_day", 2, _local_day, deterministic=True)
    if read_only:
        con.execute("PRAGMA query_only=ON")
        return con
    con.execute("PRAGMA secure_delete=ON")
    con.execute("PRAGMA synchronous=FULL")
    wanted = "wal" if wal_is_safe(module) and not on_network_share(path) else "delete"
    con.execute(f"PRAGMA journal_mode={wanted}")
    return con


_DAY = 86_400_000_000
_EPOCH_DAY = 719_163  # date(1970, 1, 1).toordinal()
_LONG = 64  # letters; longer texts hardly come twice


def _folded(text: object) -> str | None:
    """The SQL function `folded`: SQLite's own lower() knows only ASCII."""
    if text is None:
        return None
    plain = str(text)
    return fold(plain) if len(plain) <= _LONG else fold_once(plain)


def _local_day(micros: int | None, zone: str) -> int | None:
    """The SQL function `local_day`: the day number of a moment in a time zone; SQLite knows no zones."""
    if micros is None:
        return None
    starts, offsets = _shifts(zone)
    return (micros + offsets[bisect_right(starts, micros)]) // _DAY + _EPOCH_DAY


@lru_cache(maxsize=8)
def _shifts(zone: str) -> tuple[list[int], list[int]]:
    """When the clock of a zone was and will be put (1900 to 2100), and its offset before and after each.

    Micros.  Found by looking at every tenth day and halving: `zoneinfo` does not tell them.
    """
    from zoneinfo import ZoneInfo

    from funneldesk.domain.clock import from_micros

    place = ZoneInfo(zone)

    def offset(seconds: int) -> int:
        shift = from_micros(seconds * 1_000_000).astimezone(place).utcoffset()
        return 0 if shift is None else round(shift.total_seconds())

    low, now = -2_208_988_800, offset(-2_208_988_800)
    starts, offsets = [], [now * 1_000_000]
    for high in range(low + 864_000, 4_102_444_800, 864_000):
        then = offset(high)
        if then != now:
            before, after = high - 864_000, high
            while after - before > 1:
                middle = (before + after) // 2
                before, after = (middle, after) if offset(middle) == now else (before, middle)
            starts.append(after * 1_000_000)
            offsets.append(then * 1_000_000)
            now = then
    return starts, offsets
