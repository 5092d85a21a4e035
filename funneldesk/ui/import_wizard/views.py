"""What the steps of the import show, taken from the flow at a moment; no widgets here."""

from __future__ import annotations

import copy
import re
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.field_words import field_title, kind_title
from funneldesk.importing.fields import CUSTOM, FIELDS, Kind
from funneldesk.importing.mapping import LEVEL
from funneldesk.importing.plan import Action
from funneldesk.importing.staging import shown
from funneldesk.text import _, error_text

if TYPE_CHECKING:
    from funneldesk.domain.arrivals import ImportRun
    from funneldesk.importing.custom import FreshField, Guess
    from funneldesk.importing.flow import ImportFlow
    from funneldesk.importing.matching import BaseIndex
    from funneldesk.importing.plan import Plan, Problem
    from funneldesk.importing.review import RowPreview
    from funneldesk.importing.splitting import Split
    from funneldesk.importing.staging import SheetInfo
    from funneldesk.importing.table import Question
    from funneldesk.importing.units import UnitUse
    from funneldesk.importing.words import WordUse
    from funneldesk.services.living import Comparison

PREVIEW_COLUMNS = 200  # more columns than that are not shown in the preview of the file
GOES_IN = frozenset({"given", "kept", "sure", "likely"})  # states of columns that are taken
INSIDE = "inside"  # doubles within the file itself
LIKELY = "likely"  # new rows that may be a company they are like
GONE = "gone"  # records of the last file that no row of this one means
DOUBTED = 0.45  # the certainty of a plain word that the cells contradict
_SAMPLES = 3
_BLOCK = 256
_KEPT_BLOCKS = 24


@dataclass(frozen=True, slots=True)
class FileView:
    """The file as it was read: its sheets, the one chosen, its first rows as text."""

    name: str
    sheets: tuple[SheetInfo, ...]
    sheet: SheetInfo
    header: int
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    kind: Kind
    count: int
    encoding: str
    delimiter: str
    pasted: bool
    above: int = 0  # the upper row of a header of two rows
    hidden: frozenset[int] = frozenset()  # numbers of rows that are hidden in the file
    merges: tuple[tuple[int, int, int, int], ...] = ()  # (row of `rows`, column, how many of each)

    def of_parted(self, sheet: SheetInfo) -> bool:
        """Whether a sheet is one of several tables that stand on the sheet that is shown."""
        same = [s for s in self.sheets if table_title(s.name) == table_title(self.sheet.name)]
        return sheet in same and any(s.first_row > 1 for s in same) and len(same) > 1


def table_title(name: str) -> str:
    """The name of the sheet on which a table stands: the second one is staged as "name (2)"."""
    return re.sub(r" \(\d+\)$", "", name)


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of the file: what it is called, what stands in it, where it goes and how sure that is.

    `state` is given (by hand), kept (from the last time), sure, likely, proposed (not taken yet),
    taken (another column has the field), rival (another may be it as well), out,
    or doubt (the header says one thing, the cells another).
    """

    index: int
    name: str
    samples: tuple[str, ...]
    field: str | None
    state: str
    by_hand: bool = False
    fresh: bool = False  # goes to an own field that the base does not have yet


@dataclass(frozen=True, slots=True)
class FunnelChoice:
    """A funnel of the base and its stages by name."""

    name: str
    stages: tuple[str, ...]
    id: int = 0


@dataclass(frozen=True, slots=True)
class BaseView:
    """What of the base can be chosen from: the names of small lists, funnels, own fields."""

    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    funnels: tuple[FunnelChoice, ...] = ()
    custom: tuple[str, ...] = ()
    first_funnel: FunnelChoice | None = None


@dataclass(frozen=True, slots=True)
class ValuesView:
    """What the values of the file ask: dates that fit two orders, names that would be made, columns
    that seem to hold two things.
    """

    questions: tuple[Question, ...] = ()
    words: tuple[WordUse, ...] = ()
    base: BaseView = BaseView()
    splits: tuple[Split, ...] = ()
    before: ImportRun | None = None  # the last import of a list with these headers
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of own fields, by their key
    fresh: tuple[FreshField, ...] = ()  # own fields that would be made
    hints: Mapping[int, Guess] = field(default_factory=dict)  # what columns left out would be
    units: tuple[UnitUse, ...] = ()  # columns of sums in thousands or millions

    def stages(self) -> tuple[str, ...]:
        """The stages that stand in the file, in the order in which they first appear."""
        fields = ("stage", "to_stage")
        return tuple(w.text for w in self.words if w.field in fields and w.state != "outcome")


def file_view(flow: ImportFlow, *, pasted: bool) -> FileView:
    """The file as the flow sees it now."""
    assert flow.sheet is not None and flow.table is not None
    notes = flow.notes
    rows = tuple(
        (number, tuple(shown(cell) for cell in cells[:PREVIEW_COLUMNS]))
        for number, cells in flow.first_rows()
    )
    return FileView(
        flow.file, flow.sheets, flow.sheet, flow.header, rows, flow.request.kind, len(flow.table),
        notes.get("encoding", ""), notes.get("delimiter", ""), pasted, _above(flow, rows), flow.hidden_rows(),
        _merges(flow, [number for number, _cells in rows]),
    )  # fmt: skip


def _merges(flow: ImportFlow, numbers: Sequence[int]) -> tuple[tuple[int, int, int, int], ...]:
    """The merged cells as far as they stand among the rows that are shown."""
    found = []
    for first, left, last, right in flow.merged_cells():
        at, end = bisect_left(numbers, first), bisect_right(numbers, last)
        wide = min(right, PREVIEW_COLUMNS - 1) - left + 1
        if at < end and numbers[at] == first and wide > 0 and (end - at) * wide > 1:
            found.append((at, left, end - at, wide))
    return tuple(found)


def _above(flow: ImportFlow, rows: Sequence[tuple[int, object]]) -> int:
    """The row above the header when names were joined of both; 0 = the header has one row."""
    table = flow.table
    if table is None or not any(LEVEL in name for name in table.headers):
        return 0
    return max((number for number, _cells in rows if number < flow.header), default=0)


def column_views(flow: ImportFlow) -> tuple[ColumnView, ...]:
    """The columns as they are mapped now."""
    table = flow.table
    assert table is not None
    out = []
    known = {fold(name) for name in flow.own_names()}
    for column in flow.maps:
        own = (column.used or "").removeprefix(CUSTOM) if (column.used or "").startswith(CUSTOM) else ""
        if column.given:
            by_hand = "given" if column.index in flow.given else "kept"
            state = by_hand if column.field else "out"
        elif column.accepted:
            state = "sure" if column.certainty >= 0.85 else "likely"
        elif column.field:
            state = "doubt" if column.doubt == "cells" and column.certainty == DOUBTED else "proposed"
        else:
            state = column.doubt if column.doubt in ("taken", "rival") else "out"
        out.append(
            ColumnView(
                column.index,
                shown_name(flow.request.kind, table.name(column.index)),
                _samples(table.columns[column.index]),
                column.field,
                state,
                column.given,
                bool(own) and fold(own.strip()) not in known,
            )
        )
    return tuple(out)


def shown_name(kind: Kind, name: str) -> str:
    """The name of a column; one that came of a split is called by the column and its field in words."""
    whole, mark, key = name.rpartition(": ")
    if mark and key in {field.key for field in FIELDS[kind]}:
        return f"{whole}: {field_title(str(kind), key)}"
    return name


def _samples(cells: Sequence[object]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for cell in cells[:400]:
        text = " ".join(shown(cell).split())  # type: ignore[arg-type]
        if text:
            found[text] = None
        if len(found) >= _SAMPLES:
            break
    return tuple(found)


def base_view(index: BaseIndex, funnels: Sequence[FunnelChoice], custom: Sequence[str]) -> BaseView:
    """What there is to choose from in the base."""
    names = {kind: tuple(sorted(of.values(), key=str.casefold)) for kind, of in index.names.items()}
    first = FunnelChoice(*index.first_funnel) if index.first_funnel else None
    return BaseView(names, tuple(funnels), tuple(custom), first)


def field_choices(kind: Kind) -> list[tuple[str, str]]:
    """(key, name) of the fields that such rows have, in their order."""
    return [(f.key, field_title(str(kind), f.key)) for f in FIELDS[kind]]


def error_words(error: UserError, kind: Kind | None) -> str:
    """The sentence of an error, with the names of fields as the window writes them."""
    if kind is not None and error.code in ("import.missing_field", "import.unknown_field"):
        name = field_title(str(kind), str(error.params.get("field", "")))
        return error_text(UserError(error.code, **{**error.params, "field": name, "kind": kind_title(kind)}))
    if error.code == "import.question_date":
        return _("Say how the dates of column {column} are meant.").format(column=error.params.get("column"))
    return error_text(error)


class CheckRows:
    """The rows of a dry run, read block by block; it keeps what it was made of, come what may."""

    def __init__(self, flow: ImportFlow, compared: Comparison | None = None) -> None:
        assert flow.plan is not None
        self.compared = compared  # with the last file of the same list
        self._flow = copy.copy(flow)
        self.plan: Plan = flow.plan
        self._blocks: OrderedDict[int, list[RowPreview]] = OrderedDict()
        self._with_problems = {problem.row for problem in self.plan.problems}
        table = flow.table
        assert table is not None
        kind = self._flow.request.kind
        self.headers = tuple(shown_name(kind, table.name(index)) for index in range(len(table.headers)))
        self._column_of = {m.used: m.index for m in self._flow.maps if m.used}
        self._first: dict[int, int] = {}  # what this import makes -> the row that makes it
        self._doubles: dict[str, list[int]] = {}  # places of the rows that are doubles of others

    @property
    def problem_rows(self) -> int:
        """How many rows have something to be said about them."""
        return len(self._with_problems)

    @cached_property
    def counts(self) -> dict[str, int]:
        """What the plan counts, counted once: it goes through all rows."""
        return self.plan.counts

    def may_be_known(self, place: int) -> bool:
        """Whether a row may be a company that it is like."""
        number = self.plan.numbers[place]
        return any(p.code == "import.likely_double" for p in self.plan.problems_of(number))

    def places(self, what: Action | str | None) -> Sequence[int]:
        """The places of the rows that do `what`; "problems" = those with something to say; None = all."""
        if what is None:
            return range(len(self.plan.actions))
        if isinstance(what, str) and what in (INSIDE, LIKELY):
            if what not in self._doubles:
                self._doubles[what] = self._find_doubles(what)
            return self._doubles[what]
        if what == GONE:
            return ()
        if isinstance(what, str):
            return self._flow.places(with_problems=True)
        return self._flow.places(what)

    def _find_doubles(self, what: str) -> list[int]:
        if what == INSIDE:
            return [place for place in self._flow.places(Action.DUPLICATE) if self.plan.targets[place] < 0]
        return [place for place in self._flow.places(with_problems=True) if self.may_be_known(place)]

    def prepare(self) -> None:
        """Count and read what is shown first, so that the window need not."""
        _ = self.counts
        for what in (INSIDE, LIKELY):
            self.places(what)
        if self.plan.actions:
            self.row(0)

    def first_row(self, place: int) -> int:
        """The number of the row above that a double inside the file repeats; 0 = it is none."""
        if not self._first:
            for at, target in enumerate(self.plan.targets):
                if target < 0:
                    self._first.setdefault(target, at)
        first = self._first.get(self.plan.targets[place], place)
        return self.plan.numbers[first] if first < place else 0

    def column_of(self, field: str) -> int:
        """The column of the file that feeds a field (or the reference `field`_id); -1 = none."""
        return self._column_of.get(field, self._column_of.get(field.removesuffix("_id"), -1))

    def texts(self, column: int, places: Sequence[int]) -> list[tuple[int, str]]:
        """(number of the row, text of the cell) of a column."""
        table, mended = self._flow.table, self._flow.settings.mended
        assert table is not None
        cells, numbers = table.columns[column], table.numbers
        return [(numbers[p], mended.get((numbers[p], column), shown(cells[p]))) for p in places]

    def row(self, place: int) -> RowPreview:
        """A row by its place."""
        block, inside = divmod(place, _BLOCK)
        found = self._blocks.get(block)
        if found is None:
            first = block * _BLOCK
            found = self._flow.preview(range(first, min(first + _BLOCK, len(self.plan.actions))))
            self._blocks[block] = found
            if len(self._blocks) > _KEPT_BLOCKS:
                self._blocks.popitem(last=False)
        return found[inside]


def problem_words(problem: Problem) -> str:
    """What is wrong with a row, in words."""
    params = {"column": problem.column or "", "value": problem.value, **problem.params}
    return error_text(UserError(problem.code, **params))
