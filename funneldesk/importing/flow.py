"""The steps of an import as a plain object: the wizard and the command line drive the same one.

open a file -> sheet -> header -> kind and columns -> values -> plan -> (services.imports runs it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from funneldesk.collector import collector_paused
from funneldesk.domain import clock
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.importing import mapping, parting
from funneldesk.importing.child import Limits, ReadOptions, read_file
from funneldesk.importing.custom import OwnColumn, own_columns
from funneldesk.importing.dates import Order
from funneldesk.importing.fields import CUSTOM, CUSTOM_RECORD, Kind, field_of
from funneldesk.importing.gathering import Gathering
from funneldesk.importing.guessing import guess_kind
from funneldesk.importing.header import column_letter, find_header
from funneldesk.importing.links import LinkIndex
from funneldesk.importing.mapping import ColumnMap
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.plan import Action, Plan, Problem, Request
from funneldesk.importing.planner import check_fields, plan_values
from funneldesk.importing.readings import NEW_TYPES, parted
from funneldesk.importing.review import RowPreview, preview_row, rejected_rows
from funneldesk.importing.scratch import Scratch, throw_away
from funneldesk.importing.splitting import Split
from funneldesk.importing.staging import Cell, Row, SheetInfo, Staging
from funneldesk.importing.table import Question, Settings, Table, Values, load_table, read_values
from funneldesk.importing.units import Unit, UnitUse
from funneldesk.importing.words import WordUse, word_uses

Cancelled = Callable[[], bool]
Progress = Callable[[float], None]
_SAMPLE = 300


class ImportFlow:
    """One import from the choice of the file to the plan.  `close` throws its staging file away."""

    def __init__(self) -> None:
        self._scratch = Scratch()
        self._folder = self._scratch.folder
        self._staging: Staging | None = None
        self._gathering: Gathering | None = None
        self.file = ""
        self.path: Path | None = None
        self.options = ReadOptions()
        self.sheets: tuple[SheetInfo, ...] = ()
        self.sheet: SheetInfo | None = None
        self.header = 0
        self.request = Request(Kind.CLIENTS)
        self.settings = Settings()
        self.given: dict[int, str | None] = {}
        self.parted: tuple[parting.Parted, ...] = ()  # columns that were split
        self.custom_names: Mapping[str, tuple[str, ...]] = {}  # of the base, by kind of record
        self.remembered: dict[str, dict[str, str | None]] = {}  # plain header -> field, by fingerprint
        self.table: Table | None = None
        self.maps: tuple[ColumnMap, ...] = ()
        self.plan: Plan | None = None
        self.links = LinkIndex()  # of the base that the plan was made for
        self._read: tuple[tuple[Any, ...], Values] | None = None

    def close(self) -> None:
        """Throw everything away."""
        self._scratch.remove()

    # The file --------------------------------------------------------------------
    def open(
        self,
        path: Path,
        options: ReadOptions | None = None,
        *,
        limits: Limits | None = None,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> None:
        """Read a file in the child and choose its first visible sheet that has rows."""
        self.path, self.options = path, options or ReadOptions()
        target = self._folder / "staging"
        self._gathering = Gathering(target)
        with collector_paused():
            read_file(
                path, target, self.options, limits=limits, progress=progress, cancelled=cancelled,
                staged=self._gathering.take,
            )  # fmt: skip
        self._opened(path.name, Staging(target), cancelled)

    def open_text(self, text: str, name: str = "clipboard") -> None:
        """Take pasted cells (tab-separated) instead of a file."""
        from funneldesk.importing.readers_text import write_text
        from funneldesk.importing.tables import TableWriter

        target = self._folder / "staging"
        throw_away(target)
        options = ReadOptions(delimiter="\t" if "\t" in text else None)
        with TableWriter(target) as writer:
            write_text(text, name, writer, options, lambda _part: None)
        self._opened(name, Staging(target), None)

    def _opened(self, name: str, staging: Staging, cancelled: Cancelled | None) -> None:
        self.file, self._staging = name, staging
        self.sheets = staging.sheets()
        filled = [s for s in self.sheets if s.rows]
        if not filled:
            raise UserError("import.empty", file=name)
        best = next((s for s in filled if not s.hidden), filled[0])
        # Of several tables on that sheet the longest is meant.
        same = [s for s in filled if s.id >= best.id and (s.id == best.id or s.first_row > 1)]
        run = [s for place, s in enumerate(same) if s.id == best.id + place]
        best = max(run, key=lambda s: s.rows)
        self.choose_sheet(best.id, cancelled)

    @property
    def notes(self) -> dict[str, str]:
        """What was noted while reading: encoding, delimiter, cut cells."""
        return self._staging.notes() if self._staging else {}

    # Sheet and header ---------------------------------------------------------------
    def choose_sheet(self, sheet_id: int, cancelled: Cancelled | None = None) -> None:
        """Take another sheet; its header is found."""
        self.sheet = next(s for s in self.sheets if s.id == sheet_id)
        assert self._staging is not None
        self.choose_header(find_header(self.first_rows(), self._staging.extra(sheet_id)), cancelled)

    def choose_sheet_named(self, name: str) -> None:
        """Take the sheet called `name`.  Raises `import.no_such_sheet`."""
        for sheet in self.sheets:
            if fold(sheet.name) == fold(name):
                self.choose_sheet(sheet.id)
                return
        raise UserError("import.no_such_sheet", name=name, sheets=", ".join(s.name for s in self.sheets))

    def first_rows(self, count: int = 60) -> list[Row]:
        """The first rows of the sheet that are not blank, for the choice of the header."""
        assert self._staging is not None and self.sheet is not None
        out = []
        for row in self._staging.rows(self.sheet.id):
            out.append(row)
            if len(out) >= count:
                break
        return out

    def merged_cells(self) -> tuple[tuple[int, int, int, int], ...]:
        """(first row, first column, last row, last column) of merged cells; columns from 0."""
        assert self._staging is not None and self.sheet is not None
        return self._staging.extra(self.sheet.id).merges

    def hidden_rows(self) -> frozenset[int]:
        """The numbers of the rows that are hidden in the file."""
        assert self._staging is not None and self.sheet is not None
        return frozenset(self._staging.extra(self.sheet.id).hidden)

    def choose_header(self, row: int, cancelled: Cancelled | None = None) -> None:
        """Say which row heads the columns (0 = none); the columns are understood anew."""
        assert self._staging is not None and self.sheet is not None
        self.header = row
        gathered = self._gathering.give(self.sheet.id) if self._gathering is not None else None
        self._gathering = None
        with collector_paused():
            self.table = load_table(self._staging, self.sheet, row, cancelled, gathered)
        self.given, self.parted = {}, ()
        self.request = replace(self.request, same=frozenset())
        self.settings = replace(self.settings, orders={}, units={}, mended={}, types={})
        self.understand()

    # Columns ------------------------------------------------------------------------
    def understand(self) -> None:
        """Map the columns: those given by hand, those remembered, the rest by their words and cells."""
        table = self._table()
        sample = [column[:_SAMPLE] for column in table.columns]
        given = {**self._recall(), **self.given}
        single = {key for key in self.settings.constants if not self._is_mapped_by_hand(key)}
        self.maps = mapping.understand(
            self.request.kind, table.headers, sample, given=given, custom=self.own_names()
        )
        # A value set for all rows stands in for a column that was only guessed.
        self.maps = tuple(
            replace(m, accepted=False) if m.field in single and m.index not in self.given else m
            for m in self.maps
        )
        self.plan = None

    def own_names(self) -> tuple[str, ...]:
        """The custom fields of the base that such rows have."""
        return self.custom_names.get(CUSTOM_RECORD.get(self.request.kind, ""), ())

    def _is_mapped_by_hand(self, key: str) -> bool:
        return key in self.given.values()

    def _recall(self) -> dict[int, str | None]:
        table = self._table()
        known = self.remembered.get(self.memory_key(), {})
        out: dict[int, str | None] = {}
        for index, header in enumerate(table.headers):
            word = mapping.plain(header)
            if header and word in known:
                field = known[word]
                if field is None or field_of(self.request.kind, field) is not None:
                    out[index] = field
        return out

    def memory_key(self) -> str:
        """What the mapping of these headers is remembered by."""
        return f"{self.request.kind}:{mapping.fingerprint(self._table().headers)}"

    def memory(self) -> dict[str, str | None]:
        """The mapping as it is to be remembered."""
        return {mapping.plain(m.header): m.used for m in self.maps if m.header}

    def set_kind(self, kind: Kind) -> None:
        """Say what the rows are; the columns are understood anew."""
        self.request = replace(self.request, kind=kind)
        self.given = {}
        self.understand()

    def guess_kind(self) -> Kind:
        """The kind whose fields the columns fit best."""
        table = self._table()
        return guess_kind(table.headers, [column[:_SAMPLE] for column in table.columns])

    def set_map(self, column: int, field: str | None) -> None:
        """Send a column to a field by hand, or leave it out.  Raises as `readings.parted`.

        A field of dates may say the order of day and month: ``created_at:dmy``, ``created_at:mdy``,
        a column of sums what its numbers count: ``amount:ones``, ``amount:thousands``, ``amount:millions``;
        a new custom field its type: ``custom:Size:choice``.
        """
        said = None
        if field is not None and field.startswith(CUSTOM):
            own, _, word = field.rpartition(":")
            if word in NEW_TYPES and len(own) > len(CUSTOM):
                field = own
                self.choose_type(own, word)
        if field is not None:
            field, said = parted(self.request.kind, field)
        self.given[column] = field
        if said is not None:
            self.read_as(column, said)
        if field is not None:
            found = field_of(self.request.kind, field)
            for other, key in list(self.given.items()):
                if other != column and key == field and found is not None and not found.many:
                    self.given[other] = None
        self.understand()

    def splits(self) -> list[Split]:
        """Columns that seem to hold two things, offered to be split (see `split`)."""
        return parting.splits(self)

    def split(self, proposal: Split) -> None:
        """Part a column in two or three; the new ones stand behind the last column, it stays left out.

        Of a full name the whole stays in use too: a name that cannot be parted surely is kept as it is.
        """
        parting.split(self, proposal)

    def join(self, column: int) -> None:
        """Put a column that was split together again; what was decided about the others stays."""
        parting.join(self, column)

    def column_index(self, name: str) -> int:
        """The column with that header, else that letter or number.  Raises `import.no_such_column`."""
        table = self._table()
        for same in (lambda h: h == name, lambda h: fold(h) == fold(name)):
            for index, header in enumerate(table.headers):
                if header and same(header):
                    return index
        for index in range(len(table.headers)):
            if name.upper() == column_letter(index) or name == str(index + 1):
                return index
        raise UserError(
            "import.no_such_column", column=name, columns=", ".join(h for h in table.headers if h)
        )

    def choose_type(self, key: str, type_: str) -> None:
        """Say of which type a new custom field is."""
        self.settings = replace(self.settings, types={**self.settings.types, key: type_})
        self.plan = None

    def set_constant(self, field: str, text: str) -> None:
        """A value for all rows (where a column mapped by hand feeds the field: for its empty cells)."""
        if field_of(self.request.kind, field) is None:
            raise UserError("import.unknown_field", field=field, kind=str(self.request.kind))
        self.settings = replace(self.settings, constants={**self.settings.constants, field: text})
        self.understand()

    def translate(self, field: str, value: str, meaning: str) -> None:
        """Read `value` in the columns of a field as `meaning` ("" = as nothing)."""
        now = {key: dict(words) for key, words in self.settings.translations.items()}
        now.setdefault(field, {})[fold(value)] = meaning
        self.settings = replace(self.settings, translations=now)
        self.plan = None

    def read_as(self, column: int, said: Order | Unit) -> None:
        """Say in which order a column of dates has day and month, or what the sums of a column count."""
        if isinstance(said, Order):
            self.settings = replace(self.settings, orders={**self.settings.orders, column: said})
        else:
            self.settings = replace(self.settings, units={**self.settings.units, column: said})
        self.plan = None

    def mend(self, row: int, column: int, text: str) -> None:
        """Put another text in a cell (row number of the file), for this import only."""
        self.settings = replace(self.settings, mended={**self.settings.mended, (row, column): text})
        self.plan = None

    def leave_out(self, *rows: int, out: bool = True) -> None:
        """Leave rows (their numbers in the file) out of the import, or take them in again."""
        table = self._table()
        wanted = set(rows)
        for place, number in enumerate(table.numbers):
            if number in wanted:
                if out:
                    table.left_out[place] = "import.left_out"
                else:
                    table.left_out.pop(place, None)
        self.plan = None

    def change_request(self, **values: Any) -> None:
        """Set on_duplicate, funnel, create_funnel or stages."""
        self.request = replace(self.request, **values)
        self.plan = None

    def choose_vanished(self, what: tuple[str, str] | None) -> None:
        """What happens with records that are in the list no longer; a plan that is made stays."""
        self.request = replace(self.request, vanished=what)
        if self.plan is not None:
            self.plan.request = replace(self.plan.request, vanished=what)

    # Values and the plan --------------------------------------------------------------
    def questions(self, index: BaseIndex) -> list[Question]:
        """What must be asked before there can be a plan."""
        return self._values(index).questions

    def units(self) -> list[UnitUse]:
        """Columns of sums that were read as thousands or millions, by their headings or as was said."""
        return self._read[1].units if self._read is not None else []

    def words(self, index: BaseIndex) -> list[WordUse]:
        """The values of managers, stages, sources ... in the file: known, to be made, or like known ones."""
        return word_uses(self.request, self._values(index), index)

    def own_columns(self, index: BaseIndex) -> list[OwnColumn]:
        """The columns that go to custom fields, with what their words mean."""
        return own_columns(self._values(index), index, self.request)

    def make_plan(self, index: BaseIndex) -> Plan:
        """The plan against the base as `index` shows it.  Raises UserError (see `planner`)."""
        request = replace(self.request, file=self.file, now=self.request.now or clock.now())
        check_fields(request, self._table(), self.maps, self.settings)
        self.links = index.links
        with collector_paused():
            self.plan = plan_values(request, self._table(), self._values(index), index)
        return self.plan

    def _values(self, index: BaseIndex) -> Values:
        """The cells read; kept until the columns or what was decided about cells change."""
        basis = (self.table, self.maps, self.settings, index.zone)
        if self._read is None or any(a is not b for a, b in zip(self._read[0], basis, strict=True)):
            values = read_values(self._table(), self.maps, self.request.kind, self.settings, index.zone)
            self._read = (basis, values)
        return self._read[1]

    def preview(self, places: Sequence[int]) -> list[RowPreview]:
        """Rows of the dry run by their places (see `places`)."""
        plan, table = self.plan, self._table()
        assert plan is not None, "make_plan first"
        return [preview_row(plan, table, self.settings, place) for place in places]

    def places(self, action: Action | None = None, *, with_problems: bool = False) -> list[int]:
        """The places of rows that do `action`, or of all; with problems only when asked."""
        assert self.plan is not None, "make_plan first"
        rows = {problem.row for problem in self.plan.problems} if with_problems else set()
        return [
            place
            for place, done in enumerate(self.plan.actions)
            if (action is None or done is action) and (not with_problems or self.plan.numbers[place] in rows)
        ]

    def rejected(self) -> tuple[list[str], list[tuple[int, list[Cell], list[Problem]]]]:
        """(headers, rows that were rejected with number, cells and problems) for the file of rejects."""
        if self.plan is None:
            return [], []
        return rejected_rows(self.plan, self._table(), self.places(Action.REJECT))

    def _table(self) -> Table:
        assert self.table is not None, "open a file first"
        return self.table
