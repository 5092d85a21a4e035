"""Writing a file so that either the whole new one is there or the old one still is."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from funneldesk.errors import UserError


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A temporary file beside `path` to write to; renamed over `path` when the block ends well.

    Raises UserError export.failed (path, reason) where the system does not let it be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            yield temporary
            _flush(temporary)
            os.replace(temporary, path)
            _flush_folder(path.parent)
        except OSError as error:
            raise UserError("export.failed", path=str(path), reason=error.strerror or str(error)) from error
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def atomic_write(path: Path, data: bytes) -> None:
    """Write `data` as the whole of `path`; errors as `atomic_path`."""
    with atomic_path(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def atomic_buffer(path: Path) -> Iterator[io.BytesIO]:
    """Memory to write the whole of `path` to, for writers that say too little when a disk is full."""
    buffer = io.BytesIO()
    yield buffer
    atomic_write(path, buffer.getvalue())


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flush_folder(folder: Path) -> None:
    # Windows has no descriptor of a folder; its rename is journalled by the file system.
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
