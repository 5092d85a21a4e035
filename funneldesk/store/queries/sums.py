"""Sums of money that no number of deals can make too big for SQLite.

Its `sum` of whole numbers fails above 2**63 - 1: some nine thousand deals of 10**15 minor units.  Then it is
asked again for the upper and the lower halves apart, which Python puts together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import sqlalchemy as sa

R = TypeVar("R")
_HALF = 32  # bits; so that two thousand million deals may be summed


def summed(column: sa.ColumnElement[Any], run: Callable[[sa.ColumnElement[Any]], R]) -> R:
    """What `run` gives with the sum of `column`; `whole` makes a number of that sum."""
    try:
        return run(sa.func.sum(column))
    except sa.exc.DBAPIError as error:
        if "integer overflow" not in str(error.orig):
            raise
    halves = [sa.func.sum(half) for half in (column.op(">>")(_HALF), column.op("&")((1 << _HALF) - 1))]
    return run(sa.cast(halves[0], sa.Text) + "," + sa.cast(halves[1], sa.Text))


def whole(total: int | str | None) -> int:
    """A sum as it came; 0 of none."""
    if isinstance(total, str):
        upper, lower = map(int, total.split(","))
        return (upper << _HALF) + lower
    return total or 0
