"""A base that is not sound: looked through, put right, or what is readable saved; nobody may have it open."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from funneldesk.errors import UserError
from funneldesk.store import backup as store_backup
from funneldesk.store import check as store_check
from funneldesk.store import look
from funneldesk.store import repair as store_repair
from funneldesk.store import salvage as store_salvage
from funneldesk.store.check import CheckResult
from funneldesk.store.database import SCHEMA, inspect, open_database, path_of
from funneldesk.store.lock import BaseLock
from funneldesk.store.salvage import Salvaged


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was put right by code, what is left, and where the base lies as it was (None: it was sound)."""

    result: CheckResult
    fixed: Mapping[str, int] = field(default_factory=dict)
    kept: Path | None = None


def examine(place: str | Path) -> CheckResult:
    """All checks of a base that nobody need have open, the texts of its search included.

    Raises the `base.*` errors of `store.database.inspect`, but a damaged base is a finding.
    """
    path = path_of(place)
    inspect(path)
    with look.opened(path) as conn:
        return store_check.check(conn, thorough=True)


def repair(place: str | Path) -> Repaired:
    """Put a base right; the base as it was is kept byte for byte beside it.

    A sound base is left alone, and so is one whose file is damaged: see `salvage`.  What cannot be put
    right stays in `result`.  Raises `base.locked` and the other `base.*` errors.
    """
    path = path_of(place)
    version = inspect(path)
    if version < SCHEMA:
        open_database(path).close()
    lock = BaseLock(path)
    lock.take(path)
    try:
        found = examine(path)
        if found.ok or found.beyond_repair:
            return Repaired(found)
        kept = keep_as_it_is(path)
    finally:
        lock.free()
    with open_database(path) as db:
        fixed = store_repair.repair(db)
    return Repaired(examine(path), fixed, kept)


def salvage(place: str | Path, out: str | Path) -> Salvaged:
    """Save what can be read of a damaged base into a new one, proved whole; the damaged one is not touched.

    Raises `base.locked`, `base.exists`, `salvage.nothing` and the `base.*` errors of files.
    """
    path, target = path_of(place), path_of(out)
    if not path.is_file():
        raise UserError("base.missing", path=str(path))
    lock = BaseLock(path)
    lock.take(path)
    try:
        return store_salvage.salvage(path, target)
    finally:
        lock.free()


def replace(place: str | Path) -> tuple[Salvaged, Path]:
    """As `salvage` into its own place: the damaged base is put aside whole; also its new path."""
    path = path_of(place)
    fresh = path.with_name(f"{path.name}.saved")
    fresh.unlink(missing_ok=True)
    found = salvage(path, fresh)
    lock = BaseLock(path)
    lock.take(path)
    try:
        aside = store_backup.move_aside(path, "damaged")
        fresh.replace(path)
    finally:
        lock.free()
    return found, aside


def keep_as_it_is(path: Path) -> Path:
    """A copy of a base with its log, byte for byte (``NAME.damaged-TIME.funneldesk``).

    The caller holds its lock and nothing in this process has it open: closing the file lets go of
    SQLite's locks on it.
    """
    copy = store_backup.aside_of(path, "damaged")
    for rest in ("", "-wal"):
        part = path.with_name(path.name + rest)
        try:
            if part.exists():
                shutil.copy2(part, copy.with_name(copy.name + rest))
        except OSError as error:
            code = "base.full" if error.errno == 28 else "base.forbidden"
            raise UserError(code, path=str(copy), reason=error.strerror or "") from error
    return copy
