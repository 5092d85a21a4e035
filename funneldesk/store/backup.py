"""Copies that can be trusted: made by SQLite's backup, verified, then put in place by a rename."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from funneldesk.errors import UserError
from funneldesk.store import cipher
from funneldesk.store import engine as sqlite_engine
from funneldesk.store.failures import told_as


def copy_base(source: Path, target: Path, announce: Callable[[str, int], None] | None = None) -> str:
    """Copy the base at `source` to `target` and return the copy's SHA-256.

    `announce` is told hash and size just before the copy takes its name.

    The copy is consistent even while the base is being written, is checked before it takes its
    name, and never replaces anything when the check fails.  Raises UserError `backup.failed`,
    `base.damaged`, `base.full`.
    """
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        clear_pieces(target)
        os.close(os.open(temporary, os.O_CREAT | os.O_RDWR | os.O_TRUNC, 0o600))
        origin = sqlite_engine.connect(source, read_only=True)
        try:
            key = cipher.key_of(source)
            cipher.give(temporary, key)
            copy = sqlite_engine.module_for(temporary).connect(str(temporary), isolation_level=None)
            try:
                cipher.key_for(copy, key)
                origin.backup(copy)
                copy.execute("PRAGMA journal_mode=delete")
                problems = sqlite_engine.integrity_problems(copy)
            finally:
                copy.close()
        finally:
            origin.close()
        if problems:
            raise UserError("base.damaged", path=str(source), detail="; ".join(problems[:3]))
        digest = sha256_of(temporary)
        sync(temporary)
        if announce is not None:
            announce(digest, temporary.stat().st_size)
        os.replace(temporary, target)
        cipher.give(target, key)
        sync_folder(target.parent)
        return digest
    except sqlite_engine.database_errors(UnicodeDecodeError) as error:
        found = told_as(error, source, writing=target)
        raise found or UserError("backup.failed", path=str(target), reason=str(error)) from error
    except OSError as error:
        raise UserError("backup.failed", path=str(target), reason=error.strerror or str(error)) from error
    finally:
        for rest in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):  # the error that led here is the one to tell
                temporary.with_name(temporary.name + rest).unlink(missing_ok=True)
        cipher.forget(temporary)


def clear_pieces(target: Path) -> None:
    """Remove what copies to this name left that were killed; one under way elsewhere stays."""
    prefix = f".{target.name}."
    for piece in target.parent.iterdir():
        if not piece.name.startswith(prefix) or ".part" not in piece.name:
            continue
        owner = piece.name[len(prefix) :].split(".")[0]
        if owner.isdecimal() and not _alive(int(owner)):
            with contextlib.suppress(OSError):
                piece.unlink()


def _alive(process: int) -> bool:
    if os.name != "posix":
        return True  # Windows lets nobody remove what is open, and asking for a process there may end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def back_up(source: Path, target: Path) -> dict[str, Any]:
    """A backup with its manifest (``TARGET.json``: size, SHA-256, when, from what); returns the manifest."""
    manifest: dict[str, Any] = {}

    def announce(digest: str, size: int) -> None:
        manifest.update(
            file=target.name,
            size=size,
            sha256=digest,
            made_at=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            source=source.name,
        )
        _write_manifest(target, manifest)

    copy_base(source, target, announce)
    return manifest


def _manifest_of(target: Path) -> Path:
    return target.with_name(target.name + ".json")


def read_manifest(backup: Path) -> dict[str, Any]:
    """The manifest of a backup; empty without one that can be read."""
    try:
        return dict(json.loads(_manifest_of(backup).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def is_as_written(backup: Path) -> bool:
    """Whether the bytes of a backup are those that were proved when it was made.  Raises OSError."""
    told = read_manifest(backup)
    return bool(told) and sha256_of(backup) in (told.get("sha256"), told.get("replaces"))


def _write_manifest(target: Path, manifest: dict[str, Any]) -> None:
    """Put the manifest in place before the copy that it describes.

    A kill between the two leaves an older backup under this name: its hash is kept as
    "replaces", so that it still counts as what it is.
    """
    text = dict(manifest)
    if target.exists():
        text["replaces"] = sha256_of(target)
    fresh = _manifest_of(target).with_name(f".{target.name}.json.part")
    fresh.write_text(json.dumps(text, indent=1, ensure_ascii=False), encoding="utf-8")
    sync(fresh)
    os.replace(fresh, _manifest_of(target))


def rename(backup: Path, target: Path) -> None:
    """Give a backup another name in its folder; its manifest takes the new one before it.

    Raises UserError `backup.failed`.
    """
    try:
        manifest = json.loads(_manifest_of(backup).read_text(encoding="utf-8"))
        _write_manifest(target, {**manifest, "file": target.name})
        os.replace(backup, target)
        _manifest_of(backup).unlink(missing_ok=True)
    except OSError as error:
        raise UserError("backup.failed", path=str(target), reason=error.strerror or str(error)) from error
    cipher.forget(backup, target)
    sync_folder(target.parent)


def drop_manifest(target: Path) -> None:
    """Forget what a backup was as it was written: somebody worked in it.  Raises OSError."""
    _manifest_of(target).unlink(missing_ok=True)


def renew_manifest(target: Path, fresh: Path) -> None:
    """Let the manifest of a backup, if it has one, tell of the file that is about to take its place."""
    try:
        manifest = dict(json.loads(_manifest_of(target).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return
    except (ValueError, TypeError) as error:
        raise UserError("backup.changed", path=str(target)) from error
    if sha256_of(target) not in (manifest.get("sha256"), manifest.get("replaces")):
        raise UserError("backup.changed", path=str(target))
    manifest.pop("replaces", None)
    manifest.update(sha256=sha256_of(fresh), size=fresh.stat().st_size)
    _write_manifest(target, manifest)


def restore(backup: Path, target: Path) -> Path | None:
    """Put `backup` in the place of `target`; the former base is moved aside whole and its new path returned.

    The caller holds the lock of `target`.  Raises UserError as `inspect` and `copy_base` do,
    `backup.changed` when the manifest does not fit.
    """
    from funneldesk.store.database import inspect

    inspect(backup)
    manifest = _manifest_of(backup)
    if manifest.exists():
        try:
            told = dict(json.loads(manifest.read_text(encoding="utf-8")))
        except (ValueError, TypeError) as error:
            raise UserError("backup.changed", path=str(backup)) from error
        if sha256_of(backup) not in (told.get("sha256"), told.get("replaces")):
            raise UserError("backup.changed", path=str(backup))
    fresh = target.with_name(f"{target.name}.restored")
    copy_base(backup, fresh)
    aside = move_aside(target, "replaced")
    os.replace(fresh, target)
    cipher.forget(target, fresh, aside)
    sync_folder(target.parent)
    return aside if aside.exists() else None


def aside_of(path: Path, why: str) -> Path:
    """A free name beside a base for what it was: ``NAME.WHY-TIME.funneldesk``."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}.{why}-{stamp}{path.suffix}")
    number = 2
    while aside.exists():  # two within a second
        aside = path.with_name(f"{path.stem}.{why}-{stamp}-{number}{path.suffix}")
        number += 1
    return aside


def move_aside(target: Path, why: str) -> Path:
    """Rename a base and what belongs to it; the new path, whether or not there was a base."""
    if target.exists():
        _fold_in_wal(target)
    aside = aside_of(target, why)
    # A log that stayed behind, also from a restore that was killed here, would be played into
    # the restored base: it must be gone before that takes the name.
    for rest in ("", "-wal", "-shm", "-journal"):
        part = target.with_name(target.name + rest)
        if part.exists():
            os.replace(part, aside.with_name(aside.name + rest))
    return aside


def _fold_in_wal(path: Path) -> None:
    """Bring the log of a sound base into its one file, so that a kill between two renames parts nothing.

    A damaged base is left byte for byte as it is.
    """
    if not path.with_name(path.name + "-wal").exists():
        return
    try:
        reader = sqlite_engine.connect(path, read_only=True)
        try:
            if sqlite_engine.integrity_problems(reader):
                return
        finally:
            reader.close()
        writer = sqlite_engine.connect(path)
        try:
            writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            writer.close()
    except sqlite_engine.database_errors(UserError):
        return  # it is moved as it is, with its log


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Wait until a file is on the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name != "posix":  # Windows cannot open a folder to flush it
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
