"""Pauses of Python's collector of cycles: for speed, and where what it does would be dangerous."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Pauses:
    """How many there are now, in all threads together: the collector is the process's."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    count: int = 0
    was_on: bool = False


_PAUSES = _Pauses()


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection inside, whatever other threads pause meanwhile; the collector is as it was afterwards.

    Millions of small objects are made faster without being walked over again and again.  What was made
    counts as old then: as new it would all be walked over at the very next chance, a tenth of a second in
    which no thread can do anything.
    """
    with _PAUSES.lock:
        if not _PAUSES.count:
            _PAUSES.was_on = gc.isenabled()
            gc.disable()
        _PAUSES.count += 1
    try:
        yield
    finally:
        with _PAUSES.lock:
            _PAUSES.count -= 1
            if not _PAUSES.count and _PAUSES.was_on:
                if not gc.get_freeze_count():  # else somebody keeps things set aside, and they stay so
                    gc.freeze()
                    gc.unfreeze()
                gc.enable()
