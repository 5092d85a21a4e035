"""The password of a base: given, set, changed, removed; the backups that lie beside it go along."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from funneldesk.errors import UserError
from funneldesk.services import backups, copies, own_copies
from funneldesk.store import check as store_check
from funneldesk.store import cipher, look, recrypt
from funneldesk.store.backup import is_as_written, read_manifest, sha256_of
from funneldesk.store.database import inspect, open_database, path_of, read_setting
from funneldesk.store.lock import BaseLock

Step = Callable[[int, int], None]
SHORTEST = cipher.SHORTEST


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What came of it: how many copies of the base were brought along, and those that stay as they were:
    its own (`left`), those that may not be (`alike`), and what is out of reach (`away`, folders too).
    """

    copies: int
    left: tuple[Path, ...]
    alike: tuple[Path, ...] = ()
    away: tuple[Path, ...] = ()

    @property
    def all_along(self) -> bool:
        """Whether no copy that is known of stays as it was."""
        return not (self.left or self.alike or self.away)


def is_there() -> bool:
    """Whether this installation can open and make bases with a password."""
    return cipher.is_there()


def engine() -> str:
    """The version of SQLite in the part for passwords; UserError `base.no_cipher`."""
    return str(cipher.module().sqlite_version)


def is_protected(place: str | Path) -> bool:
    """Whether a base has a password.  One that is open here is not touched for it.

    Raises UserError `base.password_needed` of one that has, and was not opened yet; OSError.
    """
    return cipher.key_of(path_of(place)) is not None


def needs_one(place: str | Path) -> bool:
    """Whether a file has a password, known or not; not of one open here.  False of a missing one."""
    try:
        return cipher.is_protected(path_of(place))
    except OSError:
        return False


def unlock(place: str | Path, password: str) -> None:
    """Let the bases and backups with this password be opened by this process.

    Takes about 0.15 s.  Raises `base.wrong_password`, `base.no_cipher`, `base.forbidden`.
    """
    path = path_of(place)
    try:
        cipher.unlock(path, password)
    except OSError as error:
        raise UserError("base.forbidden", path=str(path), reason=error.strerror or "") from error


def is_password(place: str | Path, password: str) -> bool:
    """Whether an open base has this password; its file is not touched.  Takes about 0.15 s."""
    return cipher.is_password(path_of(place), password)


def lock_all(keep: Path | None = None) -> None:
    """Forget all passwords that were given but that of the base `keep`; no other one may be open."""
    cipher.lock_all(keep)


def set_password(place: str | Path, new: str, step: Step = lambda _done, _of: None) -> Rewritten:
    """Protect a base that nobody has open.  Whoever forgets the password has lost the data.

    Raises `password.short`, `password.there`, `base.no_cipher`, `password.failed` and the `base.*` errors.
    """
    path = path_of(place)
    with _held(path):
        if cipher.key_of(path) is not None:
            raise UserError("password.there", path=str(path))
        return _rewrite(path, _new_key(new), new, step)


def change(place: str | Path, old: str, new: str, step: Step = lambda _done, _of: None) -> Rewritten:
    """Give a base that nobody has open another password.

    Raises as `set_password`, `base.wrong_password` and `password.none`.
    """
    path = path_of(place)
    with _held(path, old):
        return _rewrite(path, _new_key(new), new, step)


def remove(place: str | Path, old: str, step: Step = lambda _done, _of: None) -> Rewritten:
    """Make a base that nobody has open readable by all again.

    Raises `base.wrong_password`, `password.none` and as `set_password`.
    """
    path = path_of(place)
    with _held(path, old):
        return _rewrite(path, None, None, step)


@contextmanager
def _held(path: Path, old: str | None = None) -> Iterator[None]:
    """The base locked, of this version, its password known."""
    cipher.module()
    if old is not None:
        _prove_password(path, old)
    inspect(path)
    open_database(path).close()  # upgraded, and what a dead writer left taken back
    lock = BaseLock(path)
    lock.take(path)
    try:
        yield
    finally:
        lock.free()


def _prove_password(path: Path, old: str) -> None:
    if not path.is_file():
        raise UserError("base.missing", path=str(path))
    cipher.forget(path)
    if not cipher.is_protected(path):
        raise UserError("password.none", path=str(path))
    unlock(path, old)


def _new_key(new: str) -> cipher.Key:
    if len(new) < SHORTEST:
        raise UserError("password.short", letters=SHORTEST)
    return cipher.derive(new, secrets.token_bytes(16))


def _rewrite(path: Path, key: cipher.Key | None, new: str | None, step: Step) -> Rewritten:
    """The new file first and proved, then the copies, then the one rename: the base itself is last, so that
    copies are not left readable where it is said to be protected.
    """
    with look.opened(path) as conn:
        checked = store_check.check(conn)
        folder = read_setting(conn, backups.FOLDER_KEY)
    if checked.beyond_repair:
        raise UserError("base.damaged", path=str(path), detail="; ".join(map(str, checked.problems[:3])))
    real = path.resolve()  # through a link the file itself is written, not the link
    names = {real, path.parent.resolve() / path.name} if path.is_symlink() else {real}
    found = own_copies.find(path, names, Path(folder) if folder else None)
    own = sorted(found.own)
    fresh = recrypt.write(real, key)
    try:
        with look.opened(fresh) as conn:
            if store_check.check(conn).content_sha256 != checked.content_sha256:
                raise UserError("password.failed", path=str(path), reason="sha256")
        recrypt.fold_in(path)  # what would stop the last step stops it before the copies
        left = []
        for number, copy in enumerate(own, 1):
            step(number, len(own) + 1)
            if not _bring_along(path, copy, key, new):
                left.append(copy)
        recrypt.take_place(fresh, real)
    finally:
        recrypt.clear(fresh)
    step(len(own) + 1, len(own) + 1)
    alike = (copy for copy in sorted(found.alike) if new is None or not _opens_by(copy, new))
    return Rewritten(len(own) - len(left), tuple(left), tuple(alike), tuple(sorted(found.away)))


def _bring_along(base: Path, copy: Path, key: cipher.Key | None, new: str | None) -> bool:
    """Whether a copy is now under the new key; one under way when the program died may be already."""
    try:
        with _unused(copy):
            cipher.forget(copy)
            if new is not None and not _is_known(copy):
                unlock(copy, new)
                return True
            recrypt.again(copy, key)
            if copy.resolve() in copies.read(base).files:
                copies.note_file(base, copy, sha256_of(copy))
    except (UserError, OSError):
        return False
    return True


def _is_known(copy: Path) -> bool:
    """Whether a copy has no password, or one that was given."""
    try:
        cipher.meet(copy)
    except UserError:
        return False
    return True


def _opens_by(copy: Path, password: str) -> bool:
    try:
        unlock(copy, password)
    except (UserError, OSError):
        return False
    return needs_one(copy)


@contextmanager
def _unused(copy: Path) -> Iterator[None]:
    """A copy while nobody works in it; UserError `base.locked`."""
    if not copy.with_name(copy.name + ".lock").exists():  # it was never opened as a base
        yield
        return
    lock = BaseLock(copy)
    lock.take(copy)
    try:
        yield
    finally:
        lock.free()


def look_at(base: str | Path, further: Iterable[Path]) -> tuple[Path, ...]:
    """Further copies that may be brought under the password of a base; UserError where one cannot.

    Raises `backup.same_file` and the `base.*` errors of a copy, `base.password_needed` too.
    """
    path = path_of(base)
    for copy in (found := tuple(further)):
        if path.is_file() and copy.is_file() and os.path.samefile(path, copy):
            raise UserError("backup.same_file", path=str(copy))
        inspect(copy)
    return found


def bring(base: str | Path, copy: Path) -> None:
    """Bring a copy that somebody names under the password that a base has, or none; open or not.

    Raises as `look_at`, `base.locked` of a copy in which somebody works, `password.other_base`,
    `password.failed`.
    """
    path = path_of(base)
    key = cipher.key_of(path)
    look_at(path, [copy])
    with _unused(copy):
        if own_copies.is_another(path, copy):
            raise UserError("password.other_base", path=str(copy))
        recrypt.again(copy, key, as_it_is=True)
    copies.note_file(path, copy, sha256_of(copy))


def delete(unwanted: tuple[Path, ...]) -> tuple[Path, ...]:
    """Delete copies that stayed as they were, at somebody's word; those that could not be.

    One in which somebody worked is a base by now and is never deleted.
    """
    left = []
    for path in unwanted:
        try:
            if _is_worked_in(path):
                left.append(path)
                continue
            for rest in ("", "-wal", "-shm", "-journal", ".json"):
                path.with_name(path.name + rest).unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return tuple(left)


def _is_worked_in(copy: Path) -> bool:
    """Whether a copy was opened as a base: then it has a lock, or it is sound and not as it was written."""
    if copy.with_name(copy.name + ".lock").exists():
        return True
    cipher.forget(copy)
    return bool(look.first_changes(copy)) and bool(read_manifest(copy)) and not is_as_written(copy)
