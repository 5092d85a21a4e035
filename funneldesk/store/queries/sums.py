"""Sums of money that no number of deals can make too big for SQLite.

Its `sum` of whole numbers fails above 2**63 - 1: some nine thousand deals of 10**15 minor units.  Then it is
asked again for the upper and the lower halves apart, which Python puts together.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from funneldesk.store.sqlite_file import database_errors

R = TypeVar("R")
_HALF = 32  # bits; so that two thousand million deals may be summed


def summed(column: sa.ColumnElement[Any], run: Callable[[sa.ColumnElement[Any]], R]) -> R:
    """What `run` gives with the sum of `column`; `whole` makes a number of that sum."""
    try:
        return run(_plain(column))
    except database_errors(sa.exc.DBAPIError) as error:  # also of a row that is fetched past SQLAlchemy
        if "integer overflow" not in str(error):
            raise
    return run(_in_halves(column))


# Made once for a column, so that a statement with one may be made once, too.
@cache
def _plain(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.func.sum(column)


@cache
def _in_halves(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    halves = [sa.func.sum(half) for half in (column.op(">>")(_HALF), column.op("&")((1 << _HALF) - 1))]
    return sa.cast(halves[0], sa.Text) + "," + sa.cast(halves[1], sa.Text)


def whole(total: int | str | None) -> int:
    """A sum as it came; 0 of none."""
    if isinstance(total, str):
        upper, lower = map(int, total.split(","))
        return (upper << _HALF) + lower
    return total or 0
