"""Keeps Python's collector of cycles from stopping the window while a big table is read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from funneldesk.collector import collector_paused

MANY = 5_000  # rows from which it matters


@contextmanager
def steady(rows: int) -> Iterator[None]:
    """No collection inside; what was made is then set aside, for going through it holds all threads up.

    Cells and plans hold no cycles, so nothing is lost by it; `release` takes them back in.
    """
    if rows < MANY:
        yield
        return
    with collector_paused():
        try:
            yield
        finally:
            gc.freeze()  # while it is paused: as soon as it is on it would go through all of it


def release() -> None:
    """The table is put away: everything is collected as usual again."""
    gc.unfreeze()
