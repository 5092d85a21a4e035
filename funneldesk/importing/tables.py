"""Several tables on one sheet: each is staged as a sheet of its own.  Only in the child.

A table ends where a blank row is followed by a row that heads other columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from funneldesk.importing.staging import MARK, Cell, StagingWriter

_SEARCHED = 40
_TITLES = 3


class TableWriter(StagingWriter):
    """A staging file whose sheets are parted into the tables that stand on them."""

    def begin_sheet(self, name: str, *, hidden: bool = False, extra: Mapping[str, Any] | None = None) -> None:
        """Start the next sheet."""
        super().begin_sheet(name, hidden=hidden, extra=extra)
        self._sheet_parted = False
        self._title, self._kept_extra = name, extra
        self._tables = 1
        self._fresh()

    def _fresh(self) -> None:
        self._head: frozenset[str] | None = None
        self._under = self._seen = self._filled = 0
        self._waiting: list[tuple[int, list[Cell]]] | None = None

    def add(self, number: int, cells: list[Cell]) -> None:
        """One row; a row that heads another table starts the next one."""
        if not any(cells) and all(cell is None for cell in cells):
            super().add(number, cells)
            return
        gap = self._filled and number > self._filled + 1
        self._filled = number
        if self._head is None:
            if self._seen < _SEARCHED:
                self._seen += 1
                self._head = heads(cells)
            self._put(number, cells)
            return
        self._under += 1
        if self._waiting is None:
            if not gap or self._under < 2:
                self._put(number, cells)
                return
            self._waiting = []
        self._decide(number, cells)

    def takes_columns(self, first: int) -> bool:
        """Only inside a table whose header is known; what follows a gap is looked at row by row."""
        inside = self._head is not None or self._seen >= _SEARCHED
        return inside and self._waiting is None and first == self._filled + 1 and super().takes_columns(first)

    def add_columns(self, first: int, count: int, columns: Sequence[Sequence[Cell]]) -> None:
        """Rows in the middle of a table."""
        super().add_columns(first, count, columns)
        self._filled = self._last
        self._under += count

    def _decide(self, number: int, cells: list[Cell]) -> None:
        """The rows after a gap: titles wait for what comes after them."""
        assert self._waiting is not None
        head = heads(cells)
        if head and head != self._head:
            waiting = [*self._waiting, (number, cells)]
            self._waiting = None
            super().end_sheet()
            self._tables += 1
            super().begin_sheet(
                f"{self._title} ({self._tables})", hidden=self._hidden, extra=self._kept_extra
            )
            self._sheet_parted = True
            self._fresh()
            self._head, self._filled = head, number
            for row in waiting:
                self._put(*row)
            return
        self._waiting.append((number, cells))
        if len(self._waiting) > _TITLES or sum(cell is not None for cell in cells) != 1:
            self._let_go()

    def _let_go(self) -> None:
        for row in self._waiting or ():
            self._put(*row)
        self._waiting = None

    def _put(self, number: int, cells: list[Cell]) -> None:
        super().add(number, cells)

    def end_sheet(self) -> None:
        """Finish the sheet."""
        self._let_go()
        super().end_sheet()


def heads(cells: Sequence[Cell]) -> frozenset[str] | None:
    """The plain words of a row that surely heads columns, None for any other row."""
    from funneldesk.importing import synonyms
    from funneldesk.importing.mapping import plain

    filled = [cell for cell in cells if cell is not None]
    if len(filled) < 2:
        return None
    words = [c for c in filled if isinstance(c, str) and len(c) <= 60 and not c.startswith(MARK)]
    if len(words) < len(filled):
        return None
    folded = [plain(word) for word in words]
    known = sum(word in synonyms.every_phrase() for word in folded)
    return frozenset(folded) if known >= 2 and known * 2 >= len(filled) else None
