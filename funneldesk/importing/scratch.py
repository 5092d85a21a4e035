"""The folder in which a file that is being imported lies read, and what becomes of it.

It is its owner's alone and goes with the import.  It is not encrypted for a base with a password either: it
holds nothing that the file itself, which lies open beside it, does not say.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
import weakref
from pathlib import Path

_PREFIX = "funneldesk-import-"
_LEFT_OVER = 24 * 3600  # seconds


class Scratch:
    """The folder of the staging file; it goes when the last copy of its flow has gone."""

    def __init__(self) -> None:
        _clear_left_over()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self.remove = weakref.finalize(self, shutil.rmtree, self.folder, True)


def cells_of(staging: Path) -> Path:
    """The file of cells beside a staging file."""
    return staging.with_name(staging.name + ".cells")


def throw_away(staging: Path) -> None:
    """Remove a staging file and its cells."""
    for path in (staging, cells_of(staging)):
        path.unlink(missing_ok=True)


def _clear_left_over() -> None:
    """Remove what a killed import left: it holds people's data.  A day old is nobody's any more."""
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _LEFT_OVER:
                shutil.rmtree(folder, ignore_errors=True)
