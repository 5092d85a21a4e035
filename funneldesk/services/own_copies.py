"""Which files are copies of a base: beside it, in folders of backups, and where they were put by hand."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from funneldesk.services import backups, copies
from funneldesk.store import backup as store_backup
from funneldesk.store import cipher, look

_ASIDE = re.compile(r"(before-\d+|(replaced|damaged)-\d{8}-\d{6})(-\d+)?\Z")


@dataclass(slots=True)
class Found:
    """The copies of a base: those that are its own for certain; those that may be, or live a life of their
    own; files and folders on disks that are not there now.
    """

    own: set[Path] = field(default_factory=set)
    alike: set[Path] = field(default_factory=set)
    away: set[Path] = field(default_factory=set)


def find(base: Path, names: Iterable[Path], folder: Path | None) -> Found:
    """Every copy of a base that nobody has open: beside it under its `names`, in `folder` (the chosen one),
    and wherever the note says.
    """
    found, folders = Found(), set() if folder is None else {folder.resolve()}
    noted: set[Path] = set()
    files: dict[Path, str] = {}
    for each in names:
        found.own |= {backup.path for backup in backups.beside(each)} | set(_aside(each))
        known = copies.read(each)
        noted |= set(known.folders)
        files.update({path: hash_ for path, hash_ in known.files.items() if not _is_it(path, base)})
    marks = look.first_changes(base)
    for place in sorted(folders | noted):
        if _is_away(place):
            if place in noted or not _is_folder(place):  # else one that was chosen and not used yet
                found.away.add(place)
            continue
        for backup in {b.path for each in names for b in backups.lying_in(place, each.stem)} - found.own:
            _sort(base, backup, files.get(backup, ""), marks, found)
    for path, hash_ in files.items():
        if path in found.own or path in found.alike:
            continue
        if _there(path):
            _sort(base, path, hash_, marks, found)
        elif _is_away(path.parent):
            found.away.add(path)
    return found


def _aside(path: Path) -> Iterable[Path]:
    """What a base was put aside as, beside it."""
    for each in path.parent.glob(f"{backups.escaped(path.stem)}.*{path.suffix}"):
        middle = each.name[len(path.stem) + 1 : len(each.name) - len(path.suffix)]
        if _ASIDE.match(middle):
            yield each


def _there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _is_it(path: Path, base: Path) -> bool:
    """Whether a path is that of the base itself: moved with its note to where a copy had lain."""
    try:
        return path.samefile(base)
    except OSError:
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _is_away(folder: Path) -> bool:
    """Whether a folder cannot be looked into; an empty one may be where a disk belongs."""
    try:
        return next(folder.iterdir(), None) is None
    except OSError:
        return True


def _sort(base: Path, copy: Path, noted: str, marks: frozenset[tuple[int, int]], found: Found) -> None:
    try:
        own = _is_own(base, copy, noted, marks)
    except OSError:
        found.away.add(copy)
        return
    if own is not False:
        (found.alike if own is None else found.own).add(copy)


def _is_own(base: Path, copy: Path, noted: str, marks: frozenset[tuple[int, int]]) -> bool | None:
    """Whether a file is a copy of the base, as it was written; None where that cannot be told."""
    theirs = _marks(copy)
    if marks and theirs and not marks & theirs:
        return False
    digest, told = store_backup.sha256_of(copy), store_backup.read_manifest(copy)
    if noted == digest:
        return True
    as_written = digest in (told.get("sha256"), told.get("replaces"))
    return True if as_written and (marks & theirs or cipher.same_key(base, copy)) else None


def is_another(base: Path, copy: Path) -> bool:
    """Whether a file is a base of its own, which shares no change with this one; this one may be open."""
    ours, theirs = look.first_changes(base), _marks(copy)
    return bool(ours and theirs and not ours & theirs)


# The one to go back to --------------------------------------------------------------------


def newest_good(base: Path) -> tuple[backups.Backup | None, tuple[Path, ...]]:
    """The newest backup of a base that is damaged, wherever backups were put; also where some may lie that
    is out of reach.

    It is as it was written, when it was proved.  The base may be open.
    """
    known, chosen = copies.read(base), look.setting(base, backups.FOLDER_KEY)
    folders = {*known.folders, *([Path(chosen).resolve()] if isinstance(chosen, str) and chosen else [])}
    beside = backups.beside(base)
    found = {each.path: each for each in beside}
    for folder in folders:
        for each in backups.lying_in(folder, base.stem):
            found.setdefault(each.path, each)
    for path in known.files:
        by_hand = None if _is_it(path, base) else _by_hand(path)
        if by_hand is not None:
            found.setdefault(path, by_hand)
    away = {folder for folder in folders if _is_away(folder)}
    away |= {path for path in known.files if not _there(path) and _is_away(path.parent)}
    certain = {each.path for each in beside}
    marks = look.first_changes(base) or _marks_of_certain(certain, known)
    for backup in sorted(found.values(), key=lambda each: each.made_at, reverse=True):
        if backup.proved and (backup.path in certain or _may_be_of(base, backup.path, marks)):
            try:
                if store_backup.is_as_written(backup.path):
                    return backup, tuple(sorted(away))
            except OSError:
                continue
    return None, tuple(sorted(away))


def _marks_of_certain(beside: set[Path], known: copies.Known) -> frozenset[tuple[int, int]]:
    """What a base shares with its copies, from one that is its own for certain."""
    by_hand = (path for path, hash_ in known.files.items() if _there(path) and _is_noted(path, hash_))
    return next((marks for path in chain(sorted(beside), by_hand) if (marks := _marks(path))), frozenset())


def _is_noted(path: Path, noted: str) -> bool:
    try:
        return store_backup.sha256_of(path) == noted
    except OSError:
        return False


def _by_hand(path: Path) -> backups.Backup | None:
    """A copy that was put somewhere by hand, as its manifest tells of it."""
    told = store_backup.read_manifest(path)
    try:
        made = datetime.strptime(str(told["made_at"]), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        return backups.Backup(path, made, backups.Why.ASKED, path.stat().st_size)
    except (KeyError, ValueError, OSError):
        return None


def _may_be_of(base: Path, copy: Path, marks: frozenset[tuple[int, int]]) -> bool:
    """Whether the manifest of a copy names the base, and nothing in it says otherwise."""
    if store_backup.read_manifest(copy).get("source") != base.name:
        return False
    theirs = _marks(copy)
    return not (marks and theirs) or bool(marks & theirs)


def _marks(copy: Path) -> frozenset[tuple[int, int]]:
    cipher.forget(copy)
    return look.first_changes(copy)
