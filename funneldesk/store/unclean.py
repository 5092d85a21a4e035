"""After a program that died SQLite's checks run beside the work; the first write waits for them."""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path

from funneldesk.errors import UserError
from funneldesk.store import engine as sqlite_engine

log = logging.getLogger(__name__)


class FirstCheck:
    """One check of one base, begun when it is made.  Reading goes on meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._problems: tuple[str, ...] = ()
        self._done = threading.Event()
        self._con = sqlite_engine.connect(path, read_only=True)
        self._thread = threading.Thread(target=self._run, name="fd-first-check", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._problems = tuple(sqlite_engine.integrity_problems(self._con))
        except sqlite_engine.database_errors(UnicodeDecodeError) as error:
            if "interrupt" not in str(error):
                self._problems = (str(error),)
        finally:
            self._con.close()
            if self._problems:
                log.error("after an unclean stop the base %s is not sound", self._path.name)
            self._done.set()

    def problems(self) -> tuple[str, ...]:
        """What was found; waits for the end of the check."""
        self._done.wait()
        return self._problems

    def let_write(self) -> None:
        """Wait for the check; UserError `base.damaged` when the base must not be written to."""
        found = self.problems()
        if found:
            raise UserError("base.damaged", path=str(self._path), detail="; ".join(found[:3]))

    def stop(self) -> None:
        """End it, whether or not it is done."""
        with contextlib.suppress(*sqlite_engine.database_errors()):  # it has ended by itself
            self._con.interrupt()
        self._thread.join()
