"""Where the copies of a base were put: a small note beside it."""

from __future__ import annotations

import json
import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from funneldesk.errors import UserError

log = logging.getLogger(__name__)

NOTE = ".copies.json"
MOST = 1_000  # files in a note; the oldest fall out
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Known:
    """What a note says: copies with their SHA-256 as they were written, and folders of automatic backups."""

    files: dict[Path, str] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()


def note_of(base: Path) -> Path:
    """Where the note of a base lies."""
    return base.with_name(base.name + NOTE)


def read(base: Path) -> Known:
    """What is noted of a base; a damaged note counts for what can be read of it."""
    try:
        told = json.loads(note_of(base).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Known()
    if not isinstance(told, dict):
        return Known()
    files, folders = told.get("files"), told.get("folders")
    return Known(
        {Path(path): str(hash_) for path, hash_ in files.items() if path} if isinstance(files, dict) else {},
        tuple(Path(each) for each in folders if isinstance(each, str) and each)
        if isinstance(folders, list)
        else (),
    )


def note_file(base: Path, copy: Path, sha256: str) -> None:
    """Remember a copy that was written; where nothing can be written beside the base, nothing happens."""
    with _one_at_a_time:
        known, place = read(base), _whole(copy)
        if known.files.get(place) == sha256:
            return
        files = {path: hash_ for path, hash_ in known.files.items() if path != place}
        files[place] = sha256
        _write(base, Known(dict(list(files.items())[-MOST:]), known.folders))


def note_folder(base: Path, folder: Path) -> None:
    """Remember a folder in which automatic backups of a base were put."""
    with _one_at_a_time:
        known, place = read(base), _whole(folder)
        if place not in known.folders:
            _write(base, Known(known.files, (*known.folders, place)))


def _whole(path: Path) -> Path:
    try:
        return path.resolve()
    except OSError:
        return path.absolute()


def _write(base: Path, known: Known) -> None:
    from funneldesk.exporting.files import atomic_write

    told: dict[str, Any] = {
        "files": {str(path): hash_ for path, hash_ in known.files.items()},
        "folders": [str(folder) for folder in known.folders],
    }
    try:
        atomic_write(note_of(base), json.dumps(told, indent=1, ensure_ascii=False).encode())
    except (OSError, UserError):
        log.warning("where copies lie could not be noted beside %s", base, exc_info=True)
