"""Loads Qt quicker: keeps the compiled form of the Python files that PySide6 carries inside itself.

PySide6 compiles some two dozen modules (`shibokensupport`) from source in every process, a third
of the time of its import, because its stable-ABI builds hold no bytecode.  Here what `compile`
made of them is kept beside the settings, as Python itself keeps bytecode for ordinary files.
"""

from __future__ import annotations

import builtins
import logging
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType
from typing import Any
from zlib import crc32

log = logging.getLogger(__name__)

_OURS = "shibokensupport/"
_Key = tuple[str, int, int]  # file name, length and checksum of its source


@contextmanager
def kept_bytecode(path: Path) -> Iterator[None]:
    """While this is open, PySide6's embedded files come from `path`, and new ones are put there."""
    kept = _read(path)
    known, plain = len(kept), builtins.compile

    def compile_once(source: Any, filename: Any, mode: str, *more: Any, **options: Any) -> Any:
        ours = isinstance(filename, str) and filename.startswith(_OURS) and isinstance(source, bytes)
        if not ours or more or options:
            return plain(source, filename, mode, *more, **options)
        key = (filename, len(source), crc32(source))
        if key not in kept:
            kept[key] = plain(source, filename, mode)
        return kept[key]

    builtins.compile = compile_once
    try:
        yield
    finally:
        builtins.compile = plain
        if len(kept) > known and not sys.dont_write_bytecode:
            _write(path, kept)


def _read(path: Path) -> dict[_Key, CodeType]:
    try:
        data = path.read_bytes()
        if data.startswith(MAGIC_NUMBER):
            found: dict[_Key, CodeType] = marshal.loads(data[len(MAGIC_NUMBER) :])
            return found
    except FileNotFoundError:
        pass  # the first start
    except (OSError, EOFError, ValueError, TypeError):
        log.warning("kept bytecode %s could not be read", path, exc_info=True)
    return {}


def _write(path: Path, kept: dict[_Key, CodeType]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(MAGIC_NUMBER + marshal.dumps(kept))
        os.replace(fresh, path)
    except OSError:
        log.warning("bytecode could not be kept in %s", path, exc_info=True)
