"""Loads Qt quicker: keeps the compiled form of the Python files that PySide6 carries inside itself.

PySide6 compiles some two dozen modules (`shibokensupport`) from source in every process, a third
of the time of its import, because its stable-ABI builds hold no bytecode.  Here what `compile`
made of them is kept beside the settings, as Python itself keeps bytecode for ordinary files.
"""

from __future__ import annotations

import builtins
import contextlib
import logging
import marshal
import os
import sys
from collections.abc import Iterator
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType
from typing import Any
from zlib import crc32

log = logging.getLogger(__name__)

_OURS = "shibokensupport/"
_Key = tuple[str, int, int]  # file name, length and checksum of its source


@contextlib.contextmanager
def kept_bytecode(path: Path) -> Iterator[None]:
    """While this is open, PySide6's embedded files come from `path`, and new ones are put there.

    A file that is missing, damaged or of another Python costs the time to compile, and no more.
    """
    kept, used, plain = _read(path), dict[_Key, CodeType](), builtins.compile

    def compile_once(source: Any, filename: Any, mode: str, *more: Any, **options: Any) -> Any:
        ours = isinstance(filename, str) and filename.startswith(_OURS) and isinstance(source, bytes)
        if len(more) < 2:
            options.setdefault("dont_inherit", True)  # this file's __future__ is not the caller's
        if not ours or mode != "exec" or more or len(options) > 1:
            return plain(source, filename, mode, *more, **options)
        key = (filename, len(source), crc32(source))
        code = kept.get(key)
        used[key] = plain(source, filename, mode, **options) if code is None else code
        return used[key]

    builtins.compile = compile_once
    try:
        yield
    finally:
        builtins.compile = plain
        # a frozen program writes no bytecode beside its modules, but this is not beside them
        if not used.keys() <= kept.keys() and (getattr(sys, "frozen", False) or not sys.dont_write_bytecode):
            _write(path, used)


def _head(data: bytes) -> bytes:
    """What the file of `data` begins with: marshal itself would crash on damaged data."""
    return MAGIC_NUMBER + bytes([sys.flags.optimize]) + crc32(data).to_bytes(4, "little")


def _read(path: Path) -> dict[_Key, CodeType]:
    try:
        whole = path.read_bytes()
        size = len(_head(b""))
        if whole[:size] == _head(whole[size:]):
            found: dict[_Key, CodeType] = marshal.loads(whole[size:])
            return found
    except FileNotFoundError:
        pass  # the first start
    except (OSError, EOFError, ValueError, TypeError) as error:
        log.info("kept bytecode %s could not be read: %s", path, error)
    return {}


def _write(path: Path, used: dict[_Key, CodeType]) -> None:
    fresh = path.with_suffix(f".{os.getpid()}")  # another process may write its own now
    data = marshal.dumps(used)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(_head(data) + data)
        os.replace(fresh, path)
    except OSError as error:
        log.info("bytecode could not be kept in %s: %s", path, error)
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
