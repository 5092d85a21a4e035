"""The log of this computer: what went wrong and where, without anybody's data."""

from __future__ import annotations

import faulthandler
import logging
import traceback
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from funneldesk import paths

FILE = "funneldesk.log"
HARD = "hard-crash.log"
MOST = 1_000_000  # bytes of one file
OLDER = 4

_CODES = ("errno", "sqlite_errorname", "code")
_log = logging.getLogger("funneldesk")


def trace(error: BaseException) -> Iterator[str]:
    """Kinds of an error and of those that led to it, and the places in the code, line by line.

    No message and no value: these may hold people's data.  Only what is a code of its own is told: the
    number of an error of the system, the name of one of SQLite, the code of one for people.
    """
    link: BaseException | None = error
    while link is not None:
        code = next(
            (str(c) for name in _CODES if isinstance(c := getattr(link, name, None), int | str)), None
        )
        yield f"{type(link).__module__}.{type(link).__qualname__}" + (f" ({code})" if code else "")
        for frame in traceback.extract_tb(link.__traceback__):
            # the folders above may hold the person's name
            yield f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
        if link is not None:
            yield "caused by"


class _Lines(logging.Formatter):
    """Lines of the log; of an error only its `trace`."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """The trace of an error, without its message."""
        return "\n".join(trace(ei[1])) if ei[1] is not None else ""


class ProgramLog(RotatingFileHandler):
    """The files of the log, and one beside them for what kills the program (a fault in a library)."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / FILE, maxBytes=MOST, backupCount=OLDER, encoding="utf-8", delay=True)
        self.setFormatter(_Lines("%(asctime)s %(levelname)s %(name)s: %(message)s"))
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
