"""Bases with a password: known by their file, opened by a key that lives in this process only.

The file is SQLCipher 4's: pages of 4096 bytes under AES-256, each with its own HMAC-SHA512; the first 16
bytes of the file are the salt.  The key is PBKDF2-HMAC-SHA512(password, salt, 256,000 rounds), so that any
program which knows SQLCipher 4 opens the file by the password.  It takes about 0.15 s and is done once;
connections get the finished key.  Source: https://www.zetetic.net/sqlcipher/design/

Whoever has no such base waits for none of it: what it needs is imported where it is used.

The engine (sqlcipher3) is an optional part.  Whether a key fits is found by the HMACs here, without it.
"""

from __future__ import annotations

import sys
import threading
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from funneldesk.errors import UserError

ROUNDS = 256_000
PAGE = 4096  # bytes
SHORTEST = 8  # letters of a password
_SALT, _HMAC, _HMAC_ROUNDS, _HMAC_MASK = 16, 64, 2, 0x3A
_PLAIN = b"SQLite format 3\x00"
_SAMPLES = 5
# 4096 random bytes miss hardly one of the 256 values; text, zeros and pages of SQLite miss many
_RANDOM = 230
# how files begin that are as random, but of another kind
_OTHERS = (
    b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"7z\xbc\xaf", b"Rar!", b"BZh",
    b"\xfd7zXZ",
)  # fmt: skip


class Key:
    """The key of a base.  Never shown, for it has no words of its own: not in messages, logs or reports."""

    def __init__(self, raw: bytes, salt: bytes) -> None:
        self.raw, self.salt = raw, salt

    @property
    def pragma(self) -> str:
        """As SQLCipher takes it, in double quotes."""
        return f"\"x'{self.raw.hex()}{self.salt.hex()}'\""

    @cached_property
    def _seal(self) -> bytes:
        import hashlib

        masked = bytes(byte ^ _HMAC_MASK for byte in self.salt)
        return hashlib.pbkdf2_hmac("sha512", self.raw, masked, _HMAC_ROUNDS, 32)

    def fits(self, page: bytes, number: int) -> bool:
        """Whether this key has written the page of that number, counted from 1."""
        import hmac

        body = page[_SALT if number == 1 else 0 : PAGE - _HMAC]
        sealed = hmac.digest(self._seal, body + number.to_bytes(4, "little"), "sha512")
        return hmac.compare_digest(sealed, page[PAGE - _HMAC : PAGE])


def derive(password: str, salt: bytes) -> Key:
    """The key for a password; composed and decomposed letters are the same password."""
    import hashlib
    import unicodedata

    plain = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return Key(hashlib.pbkdf2_hmac("sha512", plain, salt, ROUNDS, 32), salt)


# Keys by salt, because the backups of a base have its key; and what is known of each file by its path.
_guard = threading.Lock()
_keys: dict[bytes, Key] = {}
_files: dict[Path, Key | None] = {}


def meet(path: Path) -> Key | None:
    """Look at a file anew: its key, None of one without a password.

    To be called only while nothing in this process has the file open: closing it would let go of
    SQLite's locks.  Raises UserError `base.password_needed`; OSError.
    """
    place, salt = path.resolve(), _salt_of(path)
    with _guard:
        _files.pop(place, None)
        if salt is None:
            _files[place] = None
            return None
        found = _keys.get(salt)
        if found is not None:
            _files[place] = found
            return found
    raise UserError("base.password_needed", path=str(path))


def key_of(path: Path) -> Key | None:
    """The key of a file as it was met; one not met yet is looked at.  Raises as `meet` does."""
    place = path.resolve()
    with _guard:
        if place in _files:
            return _files[place]
    try:
        return meet(path)
    except FileNotFoundError:
        return None


def give(path: Path, key: Key | None) -> None:
    """Say with which key a file is or will be written."""
    with _guard:
        _files[path.resolve()] = key
        if key is not None:
            _keys[key.salt] = key


def forget(*paths: Path) -> None:
    """Look at these files anew when they are opened next; their keys stay known."""
    with _guard:
        for path in paths:
            _files.pop(path.resolve(), None)


def lock_all(keep: Path | None = None) -> None:
    """Forget every key but that of the file `keep`; nothing with another one may be open."""
    with _guard:
        place = None if keep is None else keep.resolve()
        kept = None if place is None else _files.get(place)
        _keys.clear()
        _files.clear()
        if place is not None and kept is not None:
            _files[place] = _keys[kept.salt] = kept


def is_protected(path: Path) -> bool:
    """Whether a file has a password, known or not; of a file that nothing here has open.  Raises OSError."""
    return _salt_of(path) is not None


def unlock(path: Path, password: str) -> None:
    """Keep the key of a protected file; nothing happens to one without a password.

    Raises UserError `base.no_cipher`, and `base.wrong_password` when no page answers to the key: then
    the password is another one, or nothing of the file is whole.  OSError.
    """
    salt = _salt_of(path)
    if salt is None:
        return
    module()
    key = derive(password, salt)
    if not any(key.fits(page, number) for number, page in _sampled(path)):
        raise UserError("base.wrong_password", path=str(path))
    give(path, key)


def same_key(path: Path, other: Path) -> bool:
    """Whether a file was written with the key of the unlocked file `path`.  Raises OSError."""
    known = key_of(path)
    return known is not None and _salt_of(other) == known.salt


def is_password(path: Path, password: str) -> bool:
    """Whether an unlocked file has this password; the file is not touched."""
    from hmac import compare_digest

    known = key_of(path)
    return known is not None and compare_digest(derive(password, known.salt).raw, known.raw)


def broken_pages(path: Path, key: Key) -> list[int]:
    """Numbers of the pages that do not answer to the key: changed since they were written."""
    found, number = [], 0
    with path.open("rb") as stream:
        while page := stream.read(PAGE):
            number += 1
            if not key.fits(page, number):
                found.append(number)
    return found


@lru_cache(maxsize=1)
def module() -> ModuleType:
    """SQLCipher's DB-API module; UserError `base.no_cipher` where it is not installed."""
    try:
        import sqlcipher3.dbapi2 as found
    except ImportError as error:
        raise UserError("base.no_cipher") from error
    made: ModuleType = found
    con = made.connect(":memory:")
    con.execute("PRAGMA cipher_log_level=NONE")  # else it writes to standard error of every wrong key
    con.close()
    return made


def loaded() -> ModuleType | None:
    """The module when something has needed it already."""
    return None if sys.modules.get("sqlcipher3.dbapi2") is None else module()


def is_there() -> bool:
    """Whether this installation can open and make bases with a password."""
    try:
        module()
    except UserError:
        return False
    return True


def _salt_of(path: Path) -> bytes | None:
    """The salt of a file that is a protected base by its looks; None of any other."""
    with path.open("rb") as stream:
        head = stream.read(_SALT)
    if len(head) < _SALT or head == _PLAIN or head.startswith(_OTHERS):
        return None
    size = path.stat().st_size
    if size < PAGE or (size % PAGE and path.suffix != ".funneldesk"):  # by that name it may be one cut short
        return None
    samples = [len(set(page)) >= _RANDOM for _number, page in _sampled(path)]
    return head if 2 * sum(samples) > len(samples) else None  # most are: some may be damaged


def _sampled(path: Path) -> list[tuple[int, bytes]]:
    """(number, content) of a few pairs of neighbouring pages from all over a file."""
    count = path.stat().st_size // PAGE
    spread = {1 + (count - 1) * part // (_SAMPLES - 1) for part in range(_SAMPLES)}
    # with their neighbours, so that damage in every second page does not meet them all
    numbers = sorted(spread | {number + 1 for number in spread if number < count})
    found = []
    with path.open("rb") as stream:
        for number in numbers:
            stream.seek((number - 1) * PAGE)
            found.append((number, stream.read(PAGE)))
    return found


def key_for(con: Any, key: Key | None) -> None:
    """Give a fresh connection its key."""
    if key is not None:
        con.execute(f"PRAGMA key = {key.pragma}")
