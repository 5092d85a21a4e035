"""One writer per base: an operating-system lock beside the file, and who holds it.

The lock is freed by the system the moment its owner dies; the owner's name lies in a second
file, only to be told to the next one.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from funneldesk.domain import clock
from funneldesk.errors import UserError

_NOTE_S = 1.5  # so long the owner's note is waited for, seconds


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a base open for writing."""

    user: str
    host: str
    pid: int
    since: int


class BaseLock:
    """The lock of one base; taken at once or refused with the holder's name."""

    def __init__(self, base: Path) -> None:
        place = base.resolve()  # one file, one lock, by whatever link or relative path it is named
        # not per thread: a base is opened in a worker and closed by the window
        self._lock = FileLock(f"{place}.lock", mode=0o600, thread_local=False)
        self._base, self._owner = place, Path(f"{place}.owner")
        self.left_behind = False  # the note of an owner who did not give the lock back: it died

    def take(self, path: Path) -> None:
        """Take it or raise UserError `base.locked` (user, host, pid)."""
        try:
            held = self._acquired_or_held()
        except OSError as error:
            raise UserError("base.forbidden", path=str(path), reason=error.strerror or "") from error
        if held is not None:
            raise UserError("base.locked", path=str(path), user=held.user, host=held.host, pid=held.pid)
        with contextlib.suppress(OSError):  # whoever may write the base may lock it, other users too
            os.chmod(self._lock.lock_file, self._base.stat().st_mode & 0o666)
        self.left_behind = self._owner.exists()
        note = {"user": _user(), "host": platform.node(), "pid": os.getpid(), "since": clock.now()}
        fresh = self._owner.with_name(f"{self._owner.name}.new")
        try:  # only a courtesy to the next opener
            fresh.write_text(json.dumps(note), encoding="utf-8")
            os.replace(fresh, self._owner)  # the next opener reads all of it or none
        except OSError:  # Windows replaces nothing that is being read
            with contextlib.suppress(OSError):
                fresh.unlink()

    def _acquired_or_held(self) -> Holder | None:
        """None once the lock is ours, else who holds it; one without a note has only just begun."""
        end = time.monotonic() + _NOTE_S
        while True:
            try:
                self._lock.acquire(timeout=0.2, poll_interval=0.05)
                return None
            except Timeout:
                held = self.holder()
            if held.pid or time.monotonic() > end:
                return held

    def holder(self) -> Holder:
        """Who wrote the owner's note last; unknown parts are empty."""
        try:
            note = json.loads(self._owner.read_text(encoding="utf-8"))
            return Holder(str(note["user"]), str(note["host"]), int(note["pid"]), int(note["since"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Holder("", "", 0, 0)

    def free(self) -> None:
        """Give it back (nothing happens when it was not taken)."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._owner.unlink()
            self._lock.release()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
