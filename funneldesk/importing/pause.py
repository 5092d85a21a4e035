"""Making millions of small objects without the collector of cycles walking over them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Nothing in here makes cycles; the collector is as it was afterwards.

    What was made counts as old then: as new it would all be walked over at the very next chance, a
    tenth of a second in which no thread can do anything.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if not gc.get_freeze_count():  # else somebody keeps things set aside, and they stay so
                gc.freeze()
                gc.unfreeze()
            gc.enable()
