"""The chosen sheet as columns, and its columns read into the values of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.folding import fold
from funneldesk.importing import dates
from funneldesk.importing.fields import Kind, Role, field_of
from funneldesk.importing.header import column_letter, header_names
from funneldesk.importing.mapping import ColumnMap
from funneldesk.importing.parsing import Bad, parse
from funneldesk.importing.staging import Cell, Row, SheetInfo, Staging, is_blank, shown

_TOTALS = frozenset(
    "итого всего итог total totals razem suma subtotal ogolem lacznie".split()
    + ["grand total", "общий итог", "всего итого", "итого всего", "suma koncowa"]
)


@dataclass(slots=True)
class Table:
    """The rows under the header, column by column.  `numbers` are the rows' numbers in the file."""

    headers: list[str]
    numbers: list[int]
    columns: list[list[Cell]]
    blank: int
    left_out: dict[int, str] = field(default_factory=dict)  # place -> why: a total, the header again

    def __len__(self) -> int:
        return len(self.numbers)

    def name(self, index: int) -> str:
        """What a column is called: its header, else its letter."""
        return self.headers[index] or column_letter(index)


def load_table(
    staging: Staging, sheet: SheetInfo, header: int, cancelled: Callable[[], bool] | None = None
) -> Table:
    """Read a sheet into columns; `header` 0 = the columns have no names."""
    from funneldesk.errors import Cancelled

    rows: Iterator[Row] = staging.rows(sheet.id, first=max(header, 1))
    names = [""] * sheet.columns
    width = sheet.columns
    numbers: list[int] = []
    cells_of: list[list[Cell]] = []
    left_out: dict[int, str] = {}
    head: list[Cell] | None = None
    for number, cells in rows:
        if number == header:
            names = header_names(cells, width)
            head = cells
            continue
        if is_blank(cells):
            continue
        if head is not None and cells == head:
            left_out[len(numbers)] = "import.header_again"
        elif isinstance(cells[0] if cells else None, str) or cells[0] is None:
            first = next((c for c in cells if c is not None), None)
            if isinstance(first, str) and fold(first).strip(" :.") in _TOTALS:
                left_out[len(numbers)] = "import.total_row"
        numbers.append(number)
        cells_of.append(cells if len(cells) == width else cells + [None] * (width - len(cells)))
        if cancelled is not None and not number % 5000 and cancelled():
            raise Cancelled
    columns = [list(column) for column in zip(*cells_of, strict=True)] if cells_of else [[] for _ in names]
    return Table(names, numbers, columns, max(sheet.last_row - header, 0) - len(numbers), left_out)


@dataclass(frozen=True, slots=True)
class Question:
    """What must be asked: a column of dates that fits two orders."""

    column: int
    header: str
    ambiguous: dates.Ambiguous


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that could not be read: the place of its row, its column (None = set by hand)."""

    place: int
    column: int | None
    bad: Bad


@dataclass(slots=True)
class Values:
    """The table read: per field a list with one value per row; a field that no column feeds is absent."""

    count: int
    fields: dict[str, list[Any]]
    problems: list[CellProblem]
    questions: list[Question]
    column_of: dict[str, int]
    nothing: list[Any] = field(default_factory=list)

    def get(self, key: str) -> list[Any]:
        """The values of a field, all None (one shared list) when nothing feeds it."""
        found = self.fields.get(key)
        if found is not None:
            return found
        if not self.nothing:
            self.nothing = [None] * self.count
        return self.nothing

    def has(self, key: str) -> bool:
        """Whether a column or a set value feeds the field."""
        return key in self.fields


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user decided about cells.

    `constants` field -> text for rows without a value; `translations` field -> folded text ->
    text; `orders` column -> order of day and month; `mended` (row number, column) -> text.
    """

    constants: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[int, dates.Order] = field(default_factory=dict)
    mended: Mapping[tuple[int, int], str] = field(default_factory=dict)


def read_values(
    table: Table, maps: Sequence[ColumnMap], kind: Kind, settings: Settings, zone: ZoneInfo
) -> Values:
    """Read every used column by the role of its field."""
    values = Values(len(table), {}, [], [], {})
    places = {number: place for place, number in enumerate(table.numbers)} if settings.mended else {}
    for column in maps:
        key = column.used
        found = field_of(kind, key) if key else None
        if found is None or key is None:
            continue
        cells = table.columns[column.index]
        mended = {places[r]: t for (r, c), t in settings.mended.items() if c == column.index and r in places}
        if mended:
            cells = [mended.get(place, cell) for place, cell in enumerate(cells)]
        cells = _translated(cells, settings.translations.get(key))
        parsed = parse(cells, found.role, zone=zone, order=settings.orders.get(column.index))
        if parsed.question is not None:
            values.questions.append(Question(column.index, table.name(column.index), parsed.question))
        values.problems.extend(CellProblem(place, column.index, bad) for place, bad in parsed.bad.items())
        values.column_of.setdefault(key, column.index)
        _merge(values, key, parsed.values, found.role)
    for key, text in settings.constants.items():
        _constant(values, kind, key, text, zone)
    return values


def _translated(cells: list[Cell], words: Mapping[str, str] | None) -> list[Cell]:
    if not words:
        return cells
    memo: dict[Cell, Cell] = {}
    for cell in set(cells):
        folded = fold(shown(cell))
        memo[cell] = (words[folded] or None) if cell is not None and folded in words else cell
    return [memo[cell] for cell in cells]


def _merge(values: Values, key: str, fresh: list[Any], role: Role) -> None:
    """A second column of the same field: phones are joined, texts stand below one another."""
    now = values.fields.get(key)
    if now is None:
        values.fields[key] = fresh
    elif role in (Role.PHONE, Role.EMAIL):
        values.fields[key] = [
            (tuple(dict.fromkeys((*a, *b))) if a and b else a or b) for a, b in zip(now, fresh, strict=True)
        ]
    else:
        mark = "\n" if role is Role.TEXT else ", "
        values.fields[key] = [
            (f"{a}{mark}{b}" if a and b and a != b else a or b) for a, b in zip(now, fresh, strict=True)
        ]


def _constant(values: Values, kind: Kind, key: str, text: str, zone: ZoneInfo) -> None:
    found = field_of(kind, key)
    if found is None:
        return
    parsed = parse([text], found.role, zone=zone)
    value = parsed.values[0]
    for bad in parsed.bad.values():
        values.problems.extend(CellProblem(place, None, bad) for place in range(values.count))
    now = values.fields.get(key)
    values.fields[key] = [value if v is None else v for v in now] if now else [value] * values.count
