"""The chosen sheet as columns, and its columns read into the values of fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from funneldesk.domain.folding import fold
from funneldesk.importing import dates
from funneldesk.importing.amounts import names_unit
from funneldesk.importing.fields import CUSTOM, Kind, Role, field_of
from funneldesk.importing.gathering import Columns
from funneldesk.importing.header import column_letter, find_above, header_names, joined_names
from funneldesk.importing.hints import currency_in
from funneldesk.importing.mapping import ColumnMap
from funneldesk.importing.parsing import Bad, Parsed, parse
from funneldesk.importing.rows import below_totals, is_bare_total, repeated, spread
from funneldesk.importing.staging import Cell, Extra, SheetInfo, Staging, shown
from funneldesk.importing.units import Unit, UnitUse, raise_to, unit_in

if TYPE_CHECKING:
    from funneldesk.importing.custom import Guess


@dataclass(slots=True)
class Table:
    """The rows under the header, column by column.  `numbers` are the rows' numbers in the file.

    `remarks` say per place what was noted of a row: (code, column or None, value).
    """

    headers: list[str]
    numbers: list[int]
    columns: list[list[Cell]]
    blank: int
    left_out: dict[int, str] = field(default_factory=dict)  # place -> why: a total, the header again
    remarks: dict[int, list[tuple[str, int | None, str]]] = field(default_factory=dict)
    currency: Mapping[int, str] = field(default_factory=dict)  # column -> code, by its number format
    from_1904: bool = False

    def __len__(self) -> int:
        return len(self.numbers)

    def name(self, index: int) -> str:
        """What a column is called: its header, else its letter."""
        return self.headers[index] or column_letter(index)


def load_table(
    staging: Staging,
    sheet: SheetInfo,
    header: int,
    cancelled: Callable[[], bool] | None = None,
    gathered: Columns | None = None,
) -> Table:
    """Read a sheet into columns; `header` 0 = the columns have no names.

    `gathered` are the columns of all its rows when they were read already.
    """
    extra = staging.extra(sheet.id)
    names, head = _names(staging, sheet, header, extra)
    if gathered is None:
        gathered = _read(staging, sheet, header + 1, cancelled)
    else:
        gathered.drop_above(header + 1)
    gathered.widen(sheet.columns)
    numbers, columns = gathered.numbers, gathered.columns
    left_out = dict.fromkeys(gathered.totals, "import.total_row")
    left_out.update(dict.fromkeys(repeated(columns, head), "import.header_again"))
    if numbers and len(numbers) - 1 not in left_out and is_bare_total(columns):
        left_out[len(numbers) - 1] = "import.total_row"
    left_out.update(dict.fromkeys(below_totals(columns, left_out), "import.footer"))
    table = Table(names, numbers, columns, max(sheet.last_row - header, 0) - len(numbers), left_out)
    table.blank = max(table.blank - max(sheet.first_row - 1 - header, 0), 0)
    table.currency, table.from_1904 = extra.currency, staging.notes().get("epoch") == "1904"
    spread(table, extra)
    return table


def _read(staging: Staging, sheet: SheetInfo, first: int, cancelled: Callable[[], bool] | None) -> Columns:
    from funneldesk.errors import Cancelled

    found = Columns()
    for numbers, block in staging.blocks(sheet.id, first=first):
        found.add(numbers, block)
        if cancelled is not None and cancelled():
            raise Cancelled
    return found


def _names(
    staging: Staging, sheet: SheetInfo, header: int, extra: Extra
) -> tuple[list[str], list[Cell] | None]:
    """The names of the columns and the cells of the header row."""
    if not header:
        return [""] * sheet.columns, None
    rows = []
    for row in staging.rows(sheet.id, first=header - 1):
        if row[0] > header:
            break
        rows.append(row)
    head = next((row for row in rows if row[0] == header), None)
    if head is None:
        return [""] * sheet.columns, None
    above = find_above(rows, header, extra)
    if above:
        return joined_names(rows[0], head, sheet.columns, extra), head[1]
    return header_names(head[1], sheet.columns), head[1]


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
    # of custom fields: what words mean, the types chosen, and those that the cells look like
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    guessed: dict[str, Guess] = field(default_factory=dict)
    units: list[UnitUse] = field(default_factory=list)  # columns of sums in thousands or millions

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
    text; `orders` column -> order of day and month; `units` column -> what its numbers count, whatever
    the heading says; `mended` (row number, column) -> text; `types` key of a new custom field -> its type.
    """

    constants: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[int, dates.Order] = field(default_factory=dict)
    units: Mapping[int, Unit] = field(default_factory=dict)
    mended: Mapping[tuple[int, int], str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)


def read_values(
    table: Table, maps: Sequence[ColumnMap], kind: Kind, settings: Settings, zone: ZoneInfo
) -> Values:
    """Read every used column by the role of its field."""
    values = Values(len(table), {}, [], [], {}, words=settings.translations, types=settings.types)
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
        if not key.startswith(CUSTOM):  # what words of those mean depends on the type of the field
            cells = _translated(cells, settings.translations.get(key))
        if table.from_1904 and found.role in (Role.MOMENT, Role.DATE):
            cells = [_since_1900(cell) for cell in cells]
        parsed = parse(cells, found.role, zone=zone, order=settings.orders.get(column.index))
        if parsed.question is not None:
            values.questions.append(Question(column.index, table.name(column.index), parsed.question))
        values.problems.extend(CellProblem(place, column.index, bad) for place, bad in parsed.bad.items())
        values.column_of.setdefault(key, column.index)
        if found.role is Role.AMOUNT:
            _name_currency(parsed.values, currency_in(column.header) or table.currency.get(column.index))
            _raise(values, column, cells, parsed, settings)
        _merge(values, key, parsed.values, found.role)
    for key, text in settings.constants.items():
        _constant(values, kind, key, text, zone)
    return values


def _since_1900(cell: Cell) -> Cell:
    """A serial that counts from 1904 (written on a Mac) as one that counts from 1900."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 18_500 <= cell <= 58_500:
        return cell + 1462
    return cell


def _name_currency(amounts: list[Any], code: str | None) -> None:
    """Sums without a sign of their own are in the currency of their header or number format."""
    if code:
        for place, value in enumerate(amounts):
            if value is not None and value[1] is None:
                amounts[place] = (value[0], code)


def _raise(
    values: Values, column: ColumnMap, cells: Sequence[Cell], parsed: Parsed, settings: Settings
) -> None:
    """Sums in thousands or millions as whole ones, and a note of it."""
    said = unit_in(column.header)
    used = settings.units.get(column.index, said)
    if said is used is Unit.ONES:
        return
    sums = ((cell, v[0]) for cell, v in zip(cells, parsed.values, strict=True) if v is not None)
    example = next(((cell, value) for cell, value in sums if value and not names_unit(cell)), None)
    if example is None:
        return  # no sum, or all say themselves what they count
    cell, value = example
    values.units.append(UnitUse(column.index, column.header, said, used, shown(cell), value))
    if used is not Unit.ONES:
        too_great = raise_to(used, cells, parsed.values)
        values.problems.extend(CellProblem(place, column.index, bad) for place, bad in too_great.items())


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
