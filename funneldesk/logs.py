"""The log of this computer: what went wrong and where, without anybody's data."""

from __future__ import annotations

import faulthandler
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from funneldesk import paths

FILE = "funneldesk.log"
HARD = "hard-crash.log"
MOST = 1_000_000  # bytes of one file
OLDER = 4

_log = logging.getLogger("funneldesk")


class ProgramLog(RotatingFileHandler):
    """The files of the log, and one beside them for what kills the program (a fault in a library)."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE, maxBytes=MOST, backupCount=OLDER, encoding="utf-8", delay=True)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._hard = (folder / HARD).open("a", encoding="utf-8")
        faulthandler.enable(self._hard)

    def close(self) -> None:
        """Let both go."""
        if not self._hard.closed:
            faulthandler.disable()
            self._hard.close()
        super().close()


def keep_log(folder: Path | None = None) -> Path | None:
    """Write the log into `folder` (the system's place by default); None where that cannot be."""
    place = folder or paths.log_dir()
    if any(isinstance(each, ProgramLog) for each in _log.handlers):
        return place / FILE
    try:
        place.mkdir(parents=True, exist_ok=True)
        handler = ProgramLog(place)
    except OSError:
        return None
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    return place / FILE


def let_go() -> None:
    """Close the log."""
    for handler in list(_log.handlers):
        if isinstance(handler, ProgramLog):
            _log.removeHandler(handler)
            handler.close()
