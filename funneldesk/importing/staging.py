"""The staging file: what the reading child found, as rows of typed cells beside a small SQLite file.

A cell is None, text, int, float or bool.  What else there is is text that begins with
the mark \\x01 and a letter: d = date or date with time (ISO), t = time of day or duration,
e = an error cell such as #REF!.  Only rows that are not blank are kept, with their numbers
(from 1, as the spreadsheet shows them).  The cells lie in a file of their own, some thousand rows
after the other, so that whoever is told of such a block can read it while the next one is written.
Both files are thrown away after the import.
"""

from __future__ import annotations

import json
import marshal
import sqlite3
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple, Self, cast

from funneldesk.importing.child import ReadError
from funneldesk.importing.scratch import cells_of

MARK = "\x01"
DATE, TIME, ERROR = MARK + "d", MARK + "t", MARK + "e"
FAR = ">"  # the text of an error cell that stands for values too far to the right to be read
_BLOCK = 2048
_LONGEST_CELL = 1_000_000  # characters; spreadsheets allow 32,767
_APART = "\x00"  # stands between the texts of a column

Cell = str | int | float | bool | None
Row = tuple[int, list[Cell]]  # row number, cells from column 1

_SCHEMA = """
create table meta (key text primary key, value text);
create table sheet (id integer primary key, name text, hidden integer, rows integer,
                    last_row integer, columns integer, first_row integer);
create table extra (sheet integer primary key, data text);
create table block (sheet integer, first integer, at integer, size integer, primary key (sheet, first));
"""


@dataclass(frozen=True, slots=True)
class SheetInfo:
    """A sheet: `rows` that are not blank, the last row and the widest row it has."""

    id: int
    name: str
    hidden: bool
    rows: int
    last_row: int
    columns: int
    first_row: int = 1


@dataclass(frozen=True, slots=True)
class Extra:
    """What a sheet has beside its cells: hidden rows, merged ranges (first row, first column, last row,
    last column; columns from 0), currencies of columns by their number formats, rows with values too
    far to the right to be read.
    """

    hidden: frozenset[int] = frozenset()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    currency: Mapping[int, str] = field(default_factory=dict)
    far: frozenset[int] = frozenset()


class Block(NamedTuple):
    """Rows of a sheet that are staged: where in the file of cells, how many bytes."""

    sheet: int
    hidden: bool
    at: int
    size: int


Told = Callable[[Block], None]


class StagingWriter:
    """Writes a staging file; used in the child only.  One sheet after the other, rows in order.

    `told` hears of every block as soon as it can be read.
    """

    def __init__(self, path: Path, told: Told | None = None) -> None:
        self._told, self._at = told, 0
        self._cells = cells_of(path).open("wb")
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("pragma journal_mode = off")
        self._base.execute("pragma synchronous = off")
        self._base.executescript(_SCHEMA)
        self._base.execute("begin")
        self._sheet = 0
        self._name, self._hidden = "", False
        self._extra: Mapping[str, Any] = {}
        self._sheet_parted = False  # whether this is a later table of a sheet
        self._rows: list[Row] = []
        self._count = self._columns = self._last = 0
        self._first = 1

    def begin_sheet(self, name: str, *, hidden: bool = False, extra: Mapping[str, Any] | None = None) -> None:
        """Start the next sheet; `extra` goes along with it (see `Extra`)."""
        self._sheet += 1
        self._name, self._hidden, self._extra = name, hidden, extra or {}
        self._count = self._columns = self._last = 0
        self._first = 1

    def add(self, number: int, cells: list[Cell]) -> None:
        """One row; a blank one only moves the last row on."""
        self._last = number
        width = len(cells)
        while width and cells[width - 1] is None:
            width -= 1
        if not width:
            return
        if not self._count and self._sheet_parted:
            self._first = number
        self._rows.append((number, cells[:width]))
        self._count += 1
        self._columns = max(self._columns, width)
        if len(self._rows) >= _BLOCK:
            self._flush()

    def takes_columns(self, first: int) -> bool:
        """Whether rows from number `first` on may come as columns (see `add_columns`)."""
        return bool(self._count) and first == self._last + 1

    def add_columns(self, first: int, count: int, columns: Sequence[Sequence[Cell]]) -> None:
        """Rows that follow one another, none of them blank, column by column: faster than one by one.

        A column may be one text as `joined` makes it.
        """
        self._flush()
        width = len(columns)
        while columns[width - 1].__class__ is not str and columns[width - 1].count(None) == count:
            width -= 1
        self._last = first + count - 1
        self._write([list(range(first, first + count)), *columns[:width]])
        self._count += count
        self._columns = max(self._columns, width)

    def end_sheet(self) -> None:
        """Finish the sheet."""
        self._flush()
        self._base.execute(
            "insert into sheet values (?, ?, ?, ?, ?, ?, ?)",
            (self._sheet, self._name, self._hidden, self._count, self._last, self._columns, self._first),
        )
        if self._extra:
            self._base.execute("insert into extra values (?, ?)", (self._sheet, json.dumps(self._extra)))

    def note(self, key: str, value: str) -> None:
        """Something about the whole file, such as its encoding."""
        self._base.execute("insert or replace into meta values (?, ?)", (key, value))

    def close(self) -> None:
        """Write everything out."""
        self._cells.close()
        self._base.execute("commit")
        self._base.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def _flush(self) -> None:
        if self._rows:
            # Column by column: that is how the rows are read back, and repeated texts stand together.
            numbers = [number for number, _cells in self._rows]
            columns = list(zip_longest(*[cells for _number, cells in self._rows]))
            self._write([numbers, *columns])
            self._rows = []

    def _write(self, block: list[Sequence[Cell]]) -> None:
        """The numbers of some rows and their columns."""
        data = pack(block)
        if len(data) > _LONGEST_CELL:
            _refuse_long_cells(block)
        self._cells.write(data)
        self._cells.flush()
        told = Block(self._sheet, self._hidden, self._at, len(data))
        self._base.execute(
            "insert into block values (?, ?, ?, ?)", (self._sheet, block[0][0], told.at, told.size)
        )
        self._at += len(data)
        if self._told is not None:
            self._told(told)


def pack(block: Sequence[Sequence[Cell]]) -> bytes:
    """The numbers of some rows and their columns as bytes; a column of texts is one long text.

    Only the process that has started the writer reads them, so they need not outlive a Python.
    """
    return marshal.dumps([_packed(column) for column in block])


def _packed(column: Sequence[Cell]) -> list[Cell] | str:
    if isinstance(column, str):  # joined already
        return column
    kinds = set(map(type, column))
    if not kinds <= {str, type(None)} or str not in kinds or "" in column:
        return list(column)
    texts = [cell or "" for cell in column] if len(kinds) > 1 else column  # an empty one comes back as None
    return joined(cast(Sequence[str], texts)) or list(column)


def joined(texts: Sequence[str]) -> str:
    """Texts as one; "" when that is not possible."""
    text = _APART.join(texts)
    return text if text.count(_APART) == len(texts) - 1 else ""


def unpack(data: bytes) -> tuple[list[int], list[list[Cell]]]:
    """The numbers of the rows and the columns that `pack` made bytes of."""
    numbers, *columns = marshal.loads(data)
    return numbers, [column if column.__class__ is list else _parted(column) for column in columns]


def _parted(text: str) -> list[Cell]:
    cells: list[Cell] = text.split(_APART)  # type: ignore[assignment]
    return [cell or None for cell in cells] if "" in cells else cells


def _refuse_long_cells(block: list[Sequence[Cell]]) -> None:
    numbers, *columns = block
    for column in columns:
        for number, cell in zip(numbers, column, strict=True):
            if isinstance(cell, str) and len(cell) > _LONGEST_CELL:
                raise ReadError("import.long_cell", row=number, limit=_LONGEST_CELL)


class Staging:
    """Reads a staging file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro", uri=True)

    def sheets(self) -> tuple[SheetInfo, ...]:
        """Every sheet in the order of the file, hidden ones included."""
        base = self._open()
        try:
            found = base.execute("select id, name, hidden, rows, last_row, columns, first_row from sheet")
            return tuple(SheetInfo(i, n, bool(h), *rest) for i, n, h, *rest in sorted(found))
        finally:
            base.close()

    def notes(self) -> dict[str, str]:
        """What the child noted about the file."""
        base = self._open()
        try:
            return dict(base.execute("select key, value from meta"))
        finally:
            base.close()

    def extra(self, sheet: int) -> Extra:
        """What a sheet has beside its cells."""
        base = self._open()
        try:
            found = base.execute("select data from extra where sheet = ?", (sheet,)).fetchone()
        finally:
            base.close()
        if found is None:
            return Extra()
        data = json.loads(found[0])
        return Extra(
            frozenset(data.get("hidden", ())),
            tuple((a, b, c, d) for a, b, c, d in data.get("merges", ())),
            {int(column): code for column, code in data.get("currency", {}).items()},
            frozenset(data.get("far", ())),
        )

    def rows(self, sheet: int, *, first: int = 0) -> Iterator[Row]:
        """Rows of a sheet that are not blank, from row number `first` on, without trailing blanks."""
        for numbers, columns in self.blocks(sheet, first=first):
            for number, *cells in zip(numbers, *columns, strict=True):
                while cells and cells[-1] is None:
                    cells.pop()
                yield number, cells

    def blocks(self, sheet: int, *, first: int = 0) -> Iterator[tuple[list[int], list[list[Cell]]]]:
        """The rows that are not blank, from row number `first` on, as (numbers, columns) of many rows."""
        base = self._open()
        try:
            at = base.execute(
                "select max(first) from block where sheet = ? and first <= ?", (sheet, first)
            ).fetchone()[0]
            blocks = base.execute(
                "select at, size from block where sheet = ? and first >= ? order by first", (sheet, at or 0)
            ).fetchall()
        finally:
            base.close()
        with cells_of(self.path).open("rb") as cells:
            for at, size in blocks:
                cells.seek(at)
                numbers, columns = unpack(cells.read(size))
                if numbers[0] < first:
                    at = bisect_left(numbers, first)
                    numbers, columns = numbers[at:], [column[at:] for column in columns]
                if numbers:
                    yield numbers, columns


def shown(cell: Cell) -> str:
    """A cell as plain text, for previews and messages: no marks, whole floats as digits."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        if cell.startswith(MARK):
            text = cell[2:]
            if cell.startswith(DATE):
                text = text.removesuffix("T00:00:00").replace("T", " ")
            return text
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
