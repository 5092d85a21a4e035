"""What an error of SQLite means for a person: full, busy, damaged, forbidden, or the disk itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from funneldesk.errors import UserError

_LITTLE = 4 << 20  # bytes
# What SQLite says of a damaged file, and of a damaged index of the search in it.
_DAMAGED = ("malformed", "not a database", "fts5", "vtable constructor")


def told_as(error: Exception, path: Path, *, writing: Path | None = None) -> UserError | None:
    """The UserError for an error at the base `path` (while `writing` another file); None = a bug."""
    words = str(error.orig if isinstance(error, sa.exc.DBAPIError) else error)
    low = words.lower()
    room = (writing or path).parent
    if "disk is full" in low or ("disk i/o" in low and _no_room(room)):
        return UserError("base.full", path=str(path))
    if "disk i/o" in low:
        return UserError("base.disk", path=str(path), detail=words)
    if "locked" in low or "busy" in low:
        return UserError("base.busy", path=str(path))
    if isinstance(error, UnicodeDecodeError) or any(sign in low for sign in _DAMAGED):
        return UserError("base.damaged", path=str(path), detail=words)
    if "readonly" in low:
        return UserError("base.read_only", path=str(path))
    return None


def raise_told(error: Exception, path: Path) -> None:
    """Raise the UserError for an error at a base, if there is one."""
    found = told_as(error, path)
    if found is not None:
        raise found from error


def _no_room(folder: Path) -> bool:
    """Whether a refused write is for want of room: the log beside the base cannot always say so itself."""
    try:
        return shutil.disk_usage(folder).free < _LITTLE
    except OSError:
        return False
