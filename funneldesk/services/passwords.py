"""The password of a base: given, set, changed, removed; the backups that lie beside it go along."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from funneldesk.errors import UserError
from funneldesk.services import backups
from funneldesk.store import check as store_check
from funneldesk.store import cipher, look, recrypt
from funneldesk.store.database import inspect, open_database, path_of, read_setting
from funneldesk.store.lock import BaseLock

Step = Callable[[int, int], None]
SHORTEST = cipher.SHORTEST


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What came of it: how many copies of the base were brought along, and those that stay as they were."""

    copies: int
    left: tuple[Path, ...]


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
        found = store_check.check(conn)
        folder = read_setting(conn, backups.FOLDER_KEY)
    if found.beyond_repair:
        raise UserError("base.damaged", path=str(path), detail="; ".join(map(str, found.problems[:3])))
    real = path.resolve()  # through a link the file itself is written, not the link
    names = {real, path.parent.resolve() / path.name} if path.is_symlink() else {real}
    copies = sorted({copy for each in names for copy in _copies(each, str(folder) if folder else None)})
    fresh = recrypt.write(real, key)
    try:
        with look.opened(fresh) as conn:
            if store_check.check(conn).content_sha256 != found.content_sha256:
                raise UserError("password.failed", path=str(path), reason="sha256")
        recrypt.fold_in(path)  # what would stop the last step stops it before the copies
        left = []
        for number, copy in enumerate(copies, 1):
            step(number, len(copies) + 1)
            if not _bring_along(copy, key, new):
                left.append(copy)
        recrypt.take_place(fresh, real)
    finally:
        recrypt.clear(fresh)
    step(len(copies) + 1, len(copies) + 1)
    return Rewritten(len(copies) - len(left), tuple(left))


def _bring_along(copy: Path, key: cipher.Key | None, new: str | None) -> bool:
    """Whether a copy is now under the new key; one under way when the program died may be already."""
    try:
        cipher.forget(copy)
        if new is not None and cipher.is_protected(copy):
            try:
                cipher.meet(copy)
            except UserError:
                unlock(copy, new)
                return True
        recrypt.again(copy, key)
    except (UserError, OSError):
        return False
    return True


def _copies(path: Path, folder: str | None) -> set[Path]:
    """Every copy of a base that the program has made: its backups, and what it was put aside as."""
    found = {each.path for each in backups.beside(path)}
    if folder:
        found |= {each.path for each in backups.lying_in(Path(folder), path.stem)}
    for why in ("before-", "replaced-", "damaged-"):
        found |= set(path.parent.glob(f"{backups.escaped(path.stem)}.{why}*{path.suffix}"))
    return found


def delete(copies: tuple[Path, ...]) -> tuple[Path, ...]:
    """Delete copies that stayed as they were, at somebody's word; those that could not be."""
    left = []
    for path in copies:
        try:
            for rest in ("", "-wal", "-shm", "-journal", ".json"):
                path.with_name(path.name + rest).unlink(missing_ok=True)
        except OSError:
            left.append(path)
    return tuple(left)
