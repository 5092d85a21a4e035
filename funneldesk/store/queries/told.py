"""Columns of whole numbers, read from the base as arrays.

SQLite hands over each column in one text: a row for each number costs ten times as much.  Many rows are read
piece by piece: texts of millions take far more fresh memory than the arrays, and to get it takes the system
longer than to read them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from funneldesk.domain.move_table import IDS, NONE

if TYPE_CHECKING:
    import numpy as np

_AT_ONCE = 1 << 16  # rows
_SPARSE = 4  # times as wide apart as there are of them ids may be, to be read piece by piece


def or_none(name: str, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column with the number that says nothing is known."""
    return sa.func.coalesce(column, -1 if name in IDS else NONE)


def in_text(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """All values of a column (that are known) divided by commas."""
    return sa.func.coalesce(sa.func.group_concat(column), "")


def told(
    conn: sa.Connection,
    columns: Mapping[str, sa.ColumnElement[Any]],
    where: Sequence[sa.ColumnElement[bool]],
    by: sa.Column[int] | None = None,
) -> dict[str, np.ndarray]:
    """The columns of the rows that fulfil `where`; all have the same order, whatever it is.

    With `by`, the id of the table, piece by piece: only where no index is to answer and no condition would
    be looked into again for every piece.
    """
    query = sa.select(*map(in_text, columns.values())).where(*where)
    low, high, many = (0, 0, 0) if by is None else _extent(conn, by)
    if by is None or many <= _AT_ONCE or high - low >= _SPARSE * many:
        found = _Arrays(columns, None)
        found.add(conn.execute(query).one())
        return found.whole()
    found = _Arrays(columns, many)
    query = query.where(by >= sa.bindparam("low"), by < sa.bindparam("high"))
    for first in range(low, high + 1, _AT_ONCE):
        found.add(conn.execute(query, {"low": first, "high": first + _AT_ONCE}).one())
    return found.whole()


def told_in_order(
    conn: sa.Connection,
    columns: Mapping[str, sa.ColumnElement[Any]],
    where: Sequence[sa.ColumnElement[bool]],
    key: sa.Column[Any],
) -> dict[str, np.ndarray]:
    """The same and the `key` by its name, in whose order an index has the rows (with all the columns)."""
    import numpy as np

    many = conn.scalar(sa.select(sa.func.count()).select_from(key.table)) or 0
    found, keys, counts = _Arrays(columns, many), list[int](), list[int]()
    texts: list[Sequence[str]] = []
    waiting = 0
    query = sa.select(key, sa.func.count(), *map(in_text, columns.values())).where(*where).group_by(key)
    rows: Any = conn.execute(query).cursor  # one after the other
    for number, count, *row in rows:
        keys.append(number)
        counts.append(count)
        texts.append(row)
        waiting += count
        if waiting >= _AT_ONCE:
            found.add(map(",".join, zip(*texts, strict=True)))
            texts.clear()
            waiting = 0
    if texts:
        found.add(map(",".join, zip(*texts, strict=True)))
    return found.whole() | {key.name: np.repeat(np.array(keys, dtype=np.int64), counts)}


def _extent(conn: sa.Connection, by: sa.Column[int]) -> tuple[int, int, int]:
    """The lowest and the highest id, and how many there are."""
    ends = (sa.select(end(by)).scalar_subquery() for end in (sa.func.min, sa.func.max))
    low, high = conn.execute(sa.select(*ends)).one()
    if low is None or high - low < _AT_ONCE:
        return low or 0, high or 0, 0
    return low, high, conn.scalar(sa.select(sa.func.count()).select_from(by.table)) or 0


class _Arrays:
    """Columns that are put together of pieces, of `most` rows at most (None: there is one piece)."""

    def __init__(self, names: Iterable[str], most: int | None) -> None:
        import numpy as np

        self._most = most
        self._found = {name: np.empty(most or 0, dtype=np.int64) for name in names}
        self._sizes = dict.fromkeys(self._found, 0)

    def add(self, texts: Iterable[str]) -> None:
        """One more piece, by column."""
        import numpy as np

        for name, text in zip(self._found, texts, strict=True):
            values = np.fromstring(text, dtype=np.int64, sep=",")
            size = self._sizes[name] + len(values)
            if self._most is None:
                self._found[name] = values
            else:
                self._found[name][self._sizes[name] : size] = values
            self._sizes[name] = size

    def whole(self) -> dict[str, np.ndarray]:
        """What has been put together."""
        return {name: values[: self._sizes[name]] for name, values in self._found.items()}
