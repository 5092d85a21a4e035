"""Automatic backups: made at the start of a day and before what changes much, rotated, looked into."""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from funneldesk.errors import UserError
from funneldesk.services import copies
from funneldesk.store import backup as store_backup
from funneldesk.store import check as store_check
from funneldesk.store import look
from funneldesk.store.database import Database
from funneldesk.store.rotation import kept

log = logging.getLogger(__name__)

FOLDER_KEY = "backup.folder"
MANY = 500  # records: what changes at least so many is preceded by a backup
UNPROVED = 3  # copies that did not pass the checks which stay; more would fill the disk, one at every start
_MARK = ".unproved"
_NAME = re.compile(r"(?P<stamp>\d{8}-\d{6})\.(?P<why>[a-z]+)(?:-\d+)?(?P<mark>\.unproved)?\.funneldesk\Z")
_STAMP = "%Y%m%d-%H%M%S"


class Why(StrEnum):
    """What a backup was made for."""

    DAY = "day"
    IMPORT = "import"
    DELETE = "delete"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in the folder of a base: when (UTC) and why it was made, bytes, whether its checks passed."""

    path: Path
    made_at: datetime
    why: str
    size: int
    proved: bool = True


def folder_of(db: Database) -> Path:
    """Where the automatic backups of a base lie: the chosen folder, else one beside the base."""
    chosen = db.setting(FOLDER_KEY)
    return Path(chosen) if chosen else _beside(db.path)


def set_folder(db: Database, folder: Path | None) -> None:
    """Keep the automatic backups of a base elsewhere (None = beside it); those made before stay there."""
    former = folder_of(db)
    if former != _beside(db.path) and former != folder:
        copies.note_folder(db.path, former)
    db.set_setting(FOLDER_KEY, None if folder is None else str(folder))


def backups(db: Database) -> list[Backup]:
    """The automatic backups of a base, the newest first."""
    return lying_in(folder_of(db), db.path.stem)


def beside(path: Path) -> list[Backup]:
    """The automatic backups that lie beside a base which cannot be opened, the newest first."""
    return lying_in(_beside(path), path.stem)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.stem}-backups")


def lying_in(folder: Path, stem: str) -> list[Backup]:
    """The automatic backups in a folder of bases of this name, the newest first; none where it is away."""
    found = []
    try:
        there = list(folder.glob(f"{escaped(stem)}.*.funneldesk")) if folder.is_dir() else []
    except OSError:  # a server that does not answer, a disk pulled out
        there = []
    for path in there:
        named = _NAME.match(path.name[len(stem) + 1 :])
        if named is not None:
            made = datetime.strptime(named["stamp"], _STAMP).replace(tzinfo=UTC)
            with contextlib.suppress(OSError):  # removed by hand in this moment
                size = path.stat().st_size
                found.append(Backup(path, made, named["why"], size, named["mark"] is None))
    return sorted(found, key=lambda each: (each.made_at, each.path.name), reverse=True)


def make(db: Database, why: Why, *, now: datetime | None = None) -> Backup:
    """Back a base up into its folder, prove the copy, drop what the rotation no longer keeps.

    The copy must pass the program's own checks too, and until it has its name says that it is not proved.
    One that does not pass is kept as that, counts as no backup, and nothing proved is dropped for it: a
    damaged base never pushes a good backup out.  Raises UserError `backup.failed`, `base.full`,
    `base.damaged`.
    """
    moment = now or datetime.now(UTC)
    target = _free(folder_of(db) / f"{db.path.stem}.{moment.strftime(_STAMP)}.{why}.funneldesk")
    fresh = _unproved(target)
    store_backup.back_up(db.path, fresh)
    problems = check_file(fresh)
    if problems:
        _drop_unproved(db)
        raise UserError("base.damaged", path=str(db.path), detail="; ".join(problems[:3]))
    store_backup.rename(fresh, target)
    if target.parent != _beside(db.path):
        copies.note_folder(db.path, target.parent)
    _rotate(db)
    made = moment.replace(microsecond=0)
    return Backup(target, made, str(why), target.stat().st_size)


def daily(db: Database, *, now: datetime | None = None) -> Backup | None:
    """The backup of the day, unless one was made today already or nothing has changed since the last one."""
    if db.read_only:
        return None
    moment = now or datetime.now(UTC)
    there = _proved(db)
    if there and there[0].made_at.date() == moment.date():
        return None
    with db.read() as conn:
        changed = look.last_change(conn)
    if changed is None or (there and changed < there[0].made_at):
        return None
    return make(db, Why.DAY, now=moment)


def before(db: Database, why: Why, records: int) -> Backup | None:
    """A backup before something that changes `records` records, when these are many.

    Not of a base in which nothing was done, nor when nothing has changed since the last backup.  A disk
    without room stops what was to follow: better nothing done than done without a way back.
    """
    if records < MANY or db.read_only:
        return None
    with db.read() as conn:
        changed = look.last_change(conn)
    there = _proved(db)
    if changed is None or (there and changed < there[0].made_at):
        return None
    return make(db, why)


@dataclass(frozen=True, slots=True)
class Holding:
    """Backups that were made since a moment: how many rotation drops, when the last of them goes, and those
    made by hand, which stay until somebody deletes them.
    """

    rotating: int
    until: date | None  # with a backup on every day; later when the program is used more seldom
    by_hand: int


def holding(db: Database, since: datetime | None = None, *, now: datetime | None = None) -> Holding:
    """What the backups of a base still hold of something made at `since` (None = before all of them)."""
    moment = now or datetime.now(UTC)
    found = [each for each in backups(db) if since is None or each.made_at >= since]
    by_hand = [each for each in found if each.why == Why.ASKED and each.proved]
    old = {each.made_at for each in found if each not in by_hand}
    stay, day = old | {each.made_at for each in backups(db)}, moment
    left = set(old)
    while left:
        day += timedelta(days=1)
        stay = kept([*stay, day])
        left &= stay
    return Holding(len(old), day.date() if old else None, len(by_hand))


def look_inside(path: Path) -> look.Inside:
    """What a backup holds, read without changing a byte of it.  Raises the `base.*` errors."""
    return look.inside(path)


def check_file(path: Path) -> list[str]:
    """What the program's checks find in a file; empty of a sound one."""
    with look.opened(path) as conn:
        return [f"{code}: {text}" for code, text in store_check.check(conn).problems]


def _proved(db: Database) -> list[Backup]:
    return [each for each in backups(db) if each.proved]


def _rotate(db: Database) -> None:
    found = _proved(db)
    stay = kept(each.made_at for each in found)
    _drop(each for each in found if each.made_at not in stay and each.why != Why.ASKED)
    _drop_unproved(db)


def _drop_unproved(db: Database) -> None:
    """The newest few stay, as long as a backup made then would: nothing stays for ever unasked."""
    proved, found = [each.made_at for each in _proved(db)], [each for each in backups(db) if not each.proved]
    old = [each for each in found if each.made_at not in kept([*proved, each.made_at])]
    _drop({*found[UNPROVED:], *old})


def _drop(found: Iterable[Backup]) -> None:
    for each in found:
        for path in (each.path, each.path.with_name(each.path.name + ".json")):
            try:
                path.unlink(missing_ok=True)
            except OSError:
                log.warning("an old backup could not be removed: %s", path, exc_info=True)


def _unproved(target: Path) -> Path:
    return target.with_name(f"{target.name.removesuffix('.funneldesk')}{_MARK}.funneldesk")


def _free(target: Path) -> Path:
    found, number = target, 2
    while found.exists() or _unproved(found).exists():
        found = target.with_name(f"{target.name.removesuffix('.funneldesk')}-{number}.funneldesk")
        number += 1
    return found


def escaped(stem: str) -> str:
    """A name as a pattern of names that fits only it."""
    return "".join(f"[{each}]" if each in "*?[" else each for each in stem)
