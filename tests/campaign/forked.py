"""A piece of work in a process of its own, killed at a chosen moment (POSIX: the process is forked).

Forked rather than started, so that two hundred kills do not wait two hundred times for modules to load.
"""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ended:
    """What the process said before it ended; `status` is its exit status, minus the signal that killed it."""

    said: tuple[str, ...]
    status: int


def forked(
    work: Callable[[Say], object],
    *,
    kill_after: float | None = None,
    kill_when: Callable[[str], bool] = lambda _word: True,
    patience: float = 300,
) -> Ended:
    """Run `work(say)` elsewhere; kill it `kill_after` seconds after it said what `kill_when` awaits.

    Without `kill_after` it runs to its end.
    """
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        status = 1
        try:
            work(lambda word: _say(theirs, word))
            status = 0
        except BaseException:  # noqa: BLE001 - told by the status
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(theirs)
    try:
        return _follow(pid, ours, kill_after, kill_when, time.monotonic() + patience)
    finally:
        os.close(ours)


def _say(pipe: int, word: str) -> None:
    os.write(pipe, word.encode() + b"\n")


def _follow(
    pid: int, pipe: int, kill_after: float | None, kill_when: Callable[[str], bool], until: float
) -> Ended:
    text, seen, moment = b"", 0, None
    while True:
        now = time.monotonic()
        if now > until or (moment is not None and now >= moment):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            moment, until = None, now + 60
        wait = min(until, moment if moment is not None else until) - now
        ready, _w, _x = select.select([pipe], [], [], max(0.0, wait))
        if ready:
            part = os.read(pipe, 65_536)
            if not part:
                break
            text += part
        words = text.decode().splitlines()
        if kill_after is not None and moment is None:
            for word in words[seen:]:
                if kill_when(word):
                    moment = time.monotonic() + kill_after
                    break
            seen = len(words)
    _pid, status = os.waitpid(pid, 0)
    return Ended(tuple(text.decode().splitlines()), os.waitstatus_to_exitcode(status))


def spread(rng: random.Random, low: float, high: float) -> float:
    """A delay, short ones more often than long ones."""
    return float(low * (high / low) ** rng.random())
