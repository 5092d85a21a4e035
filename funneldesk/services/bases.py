"""Bases as files: made, opened, backed up, restored, checked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from funneldesk.errors import UserError
from funneldesk.services import copies, funnels, privacy
from funneldesk.services.zones import system_zone
from funneldesk.store import backup as store_backup
from funneldesk.store import check as store_check
from funneldesk.store.check import CheckResult
from funneldesk.store.database import Database, create_database, inspect, open_database, path_of, unmake
from funneldesk.store.lock import BaseLock

_CURRENCIES = {"ru": "RUB", "pl": "PLN", "en": "USD"}


def usual_currency(language: str) -> str:
    """The accounting currency that fits a language."""
    return _CURRENCIES.get(language, "USD")


def new_base(
    path: str | Path,
    *,
    template: str | None = None,
    language: str = "en",
    currency: str | None = None,
    zone: str | None = None,
) -> Database:
    """Make a base and open it; with `template` (key or name) it has that funnel, without one no funnel.

    Raises `base.exists`, `base.forbidden`, `base.locked`, `template.unknown` (nothing is made then).
    """
    info = funnels.template(template, language) if template else None
    db = create_database(
        path, currency=currency or usual_currency(language), zone=zone or system_zone(), language=language
    )
    if info is not None:
        try:
            funnels.create_from_template(db, info.key, language=language)
        except BaseException:
            db.close()
            unmake(db.path)
            raise
    return db


def open_base(path: str | Path, *, read_only: bool = False) -> Database:
    """Open a base.  Raises the `base.*` errors of `store.database.open_database`."""
    return open_database(path, read_only=read_only)


def back_up(source: Database | str | Path, target: str | Path) -> dict[str, Any]:
    """A verified copy of a base (also while it is in use) with its manifest beside it; returns the manifest.

    Raises `backup.same_file`, `backup.failed`, `base.missing`, `base.damaged`, `base.full`.
    """
    if isinstance(source, Database):
        origin = source.path  # open, so it is a base; to open and close its file would let go SQLite's locks
    else:
        origin = path_of(source)
        inspect(origin)
    copy = path_of(target)
    _refuse_same(origin, copy)
    manifest = store_backup.back_up(origin, copy)
    copies.note_file(origin, copy, str(manifest["sha256"]))
    privacy.note_erased(copy, privacy.read_erased(origin))
    return manifest


def restore(backup: str | Path, target: str | Path) -> Path | None:
    """Put a backup in the place of a base that nobody has open; the former base's new path, or None.

    Raises `base.locked`, `backup.same_file`, `backup.changed` and the `base.*` errors of the backup.
    """
    origin, place = path_of(backup), path_of(target)
    inspect(origin)
    _refuse_same(origin, place)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError("base.forbidden", path=str(place), reason=error.strerror or "") from error
    lock = BaseLock(place)
    lock.take(place)
    try:
        aside = store_backup.restore(origin, place)
    finally:
        lock.free()
    erased = [privacy.read_erased(origin), privacy.read_erased(place)]
    if any(erased):  # those who were erased since do not come back with a backup
        with open_database(place) as db:
            privacy.erase_again(db, *erased)
    return aside


def check(db: Database, *, thorough: bool = False) -> CheckResult:
    """SQLite's own checks, the program's invariants and the hash of the content.

    `thorough`: each text of the search is compared too.
    """
    with db.read() as conn:
        return store_check.check(conn, thorough=thorough)


def _refuse_same(source: Path, target: Path) -> None:
    if target.exists() and os.path.samefile(source, target):
        raise UserError("backup.same_file", path=str(target))
