"""The rows of a sheet as columns, gathered block by block, while the child still reads the rest."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from funneldesk.importing.rows import totals
from funneldesk.importing.scratch import cells_of
from funneldesk.importing.staging import Block, Cell, unpack

_SHARED = 4_000  # different texts; a column with more has no small list of values


class Columns:
    """Rows of a sheet, column by column; `totals` are the places of rows that sum up others."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.columns: list[list[Cell]] = []
        self.totals: list[int] = []
        self._known: list[dict[Cell, Cell]] = []

    def add(self, numbers: Sequence[int], block: Sequence[list[Cell]]) -> None:
        """Put the next rows."""
        start = len(self.numbers)
        self.widen(len(block))
        self.totals.extend([start + place for place in totals(block)])
        self.numbers.extend(numbers)
        for place, column in enumerate(self.columns):
            if place < len(block):
                column.extend(_shared(block[place], self._known[place]))
            else:
                column.extend([None] * len(numbers))

    def widen(self, width: int) -> None:
        """Have at least so many columns."""
        for _column in range(len(self.columns), width):
            self.columns.append([None] * len(self.numbers))
            self._known.append({})

    def drop_above(self, first: int) -> None:
        """Let go of the rows above row number `first`."""
        at = bisect_left(self.numbers, first)
        del self.numbers[:at]
        for column in self.columns:
            del column[:at]
        self.totals = [place - at for place in self.totals if place >= at]


def _shared(cells: list[Cell], known: dict[Cell, Cell]) -> list[Cell]:
    """Texts that come again and again as one object: names of stages, managers, cities."""
    if len(known) > _SHARED or not set(map(type, cells)) <= {str, type(None)}:
        return cells
    return list(map(known.setdefault, cells, cells))


class Gathering:
    """Takes in the first visible sheet while it is staged, as nearly every file has one only."""

    def __init__(self, staging: Path) -> None:
        self._path = cells_of(staging)
        self._sheet = 0
        self._columns = Columns()

    def take(self, block: Block) -> None:
        """Rows that were staged just now."""
        if not block.at:  # the file is read anew
            self._sheet, self._columns = 0, Columns()
        if block.hidden or self._sheet not in (0, block.sheet):
            return
        self._sheet = block.sheet
        with self._path.open("rb") as cells:
            cells.seek(block.at)
            self._columns.add(*unpack(cells.read(block.size)))

    def give(self, sheet: int) -> Columns | None:
        """All rows of a sheet if they were gathered, once: what is done to them is the taker's."""
        if not self._sheet or sheet != self._sheet:
            return None
        found, self._sheet, self._columns = self._columns, 0, Columns()
        return found
