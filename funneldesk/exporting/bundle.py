"""Several files as one .zip."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from funneldesk.exporting.files import atomic_buffer


def write_bundle(path: Path, parts: Sequence[tuple[str, bytes]]) -> None:
    """Write (name, content) pairs; names that come twice get a number.  Errors as `atomic_path`."""
    taken: set[str] = set()
    with atomic_buffer(path) as buffer, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(_free(name, taken), data)


def _free(name: str, taken: set[str]) -> str:
    folder, _slash, last = name.rpartition("/")
    last = "".join(c if c.isprintable() and c not in '\\/:*?"<>|' else "_" for c in last) or "file"
    stem, suffix = PurePosixPath(last).stem, PurePosixPath(last).suffix
    number, shown = 1, last
    while f"{folder}/{shown}".casefold() in taken:
        number += 1
        shown = f"{stem} ({number}){suffix}"
    taken.add(f"{folder}/{shown}".casefold())
    return f"{folder}/{shown}" if folder else shown
