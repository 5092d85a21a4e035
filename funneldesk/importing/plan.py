"""The plan of an import: what each row will do, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from funneldesk.domain.fields import options_of
from funneldesk.importing.fields import Kind, OnDuplicate

TAG = "tag:"  # before the name of the field of tags, see `Request.vanished`


class Action(IntEnum):
    """What a row does."""

    CREATE = 1
    UPDATE = 2
    DUPLICATE = 3
    SKIP = 4
    REJECT = 5
    WAIT = 6  # names what is not there yet; counted with what is skipped, and apart


_COUNT_NAMES = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.DUPLICATE: "duplicates",
    Action.SKIP: "skipped",
    Action.REJECT: "rejected",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported and how; `stages` are the stages of a funnel to make, in order."""

    kind: Kind
    on_duplicate: OnDuplicate = OnDuplicate.SKIP
    funnel: str | None = None
    create_funnel: bool = False
    stages: tuple[str, ...] = ()
    file: str = ""
    now: int = 0
    # (field, value) for what is no longer in a living list; the field "tag:Tags" puts the tag `value` on it
    vanished: tuple[str, str] | None = None
    same: frozenset[int] = frozenset()  # numbers of rows that are the company they are like
    keys: tuple[str, ...] | None = None  # by what duplicates are known (see `matching.KEYS`); None = by all
    # what a word becomes that is no option of a choice: "create", "empty", "reject"; "" = to be asked
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a row that must be said; `fatal` ones reject it.

    `row` is its number in the file, `column` the name of the column or field.
    """

    row: int
    column: str | None
    value: str
    code: str
    fatal: bool
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """A row that waits for a deal, client or invoice (`wants`) called `key`; `cells` are its values."""

    place: int
    wants: str
    key: str
    folded: str
    cells: str


_TURNED = 1_000  # records that a batch turns into columns at once
Build = Callable[[Sequence[Any]], Sequence[Sequence[Any]]]


@dataclass(slots=True)
class Batch:
    """Records of one kind to be made, column by column; record i is the reference -(i + 1).

    Columns of the kind that are left out get defaults.
    """

    columns: tuple[str, ...]
    _data: list[list[Any]] = field(init=False)
    _last: list[tuple[Any, ...]] = field(default_factory=list)  # records not in the columns yet
    # the same, not worked out yet: what the function after them makes columns of; how many records that are
    _items: list[Any] = field(default_factory=list)
    _build: Build | None = None
    _count: int = 0

    def __post_init__(self) -> None:
        self._data = [[] for _ in self.columns]

    def __len__(self) -> int:
        return len(self._data[0]) + len(self._last) + self._count

    def add(self, *values: Any) -> int:
        """Put a record, a value per column; its reference comes back."""
        if self._items:
            self.settle()
        self._last.append(values)
        if len(self._last) >= _TURNED:
            self.settle()
        return -len(self._data[0]) - len(self._last)

    def put(self, item: Any, build: Build, count: int = 1) -> int:
        """Put `count` records that `build` works out of `item`, later and of many items together.

        The reference of the first comes back; the others follow it.
        """
        if self._last or self._build != build:
            self.settle()
        self._build = build
        first = -len(self._data[0]) - self._count - 1
        self._items.append(item)
        self._count += count
        if self._count >= _TURNED:
            self.settle()
        return first

    def put_all(self, items: Sequence[Any], build: Build, counts: Sequence[int] | None = None) -> int:
        """As `put`, for many items; `counts` says how many records each is, when not one."""
        if self._last or self._build != build:
            self.settle()
        self._build = build
        first = -len(self._data[0]) - self._count - 1
        for start in range(0, len(items), _TURNED):
            part = items[start : start + _TURNED]
            self._items.extend(part)
            self._count += len(part) if counts is None else sum(counts[start : start + _TURNED])
            if self._count >= _TURNED:
                self.settle()
        return first

    def settle(self) -> None:
        """Work out what was only put."""
        made: Iterable[Iterable[Any]] = ()
        if self._items:
            assert self._build is not None
            made = self._build(self._items)
        elif self._last:
            made = zip(*self._last, strict=True)
        else:
            return
        count = len(self)
        for column, values in zip(self._data, made, strict=True):
            column.extend(values)
        self._last.clear()
        self._items.clear()
        self._count = 0
        assert len(self._data[0]) == count

    @property
    def data(self) -> list[list[Any]]:
        """Every column, the record of reference -(i + 1) at i."""
        self.settle()
        return self._data

    def close(self) -> None:
        """No more records come: columns without any value become one list, for the sake of memory."""
        nothing: list[Any] = [None] * len(self)
        for place, column in enumerate(self.data):
            if column and column[0] is None and column.count(None) == len(nothing):
                self._data[place] = nothing
        self._build = None

    def column(self, name: str) -> list[Any]:
        """The values of one column."""
        return self.data[self.columns.index(name)]


@dataclass(frozen=True, slots=True)
class NewMove:
    """A deal of the base that an import moves on (an update with another stage or outcome)."""

    deal_id: int
    kind: str
    stage: int | None
    reason: int | None
    at: int | None


@dataclass(slots=True)
class History:
    """The new history of a deal of the base: moves as values of `MOVE_COLUMNS` without deal and seq."""

    deal_id: int
    funnel: int
    moves: list[tuple[Any, ...]]
    values: dict[str, Any]  # the kept columns of the deal and its loss reason


@dataclass(slots=True)
class Plan:
    """What an import will do.  `mark` is the state of the base it was made for."""

    request: Request
    mark: int
    numbers: list[int]
    actions: list[Action]
    targets: list[int]  # per row the record it makes or meets, 0 = none
    blank: int
    problems: list[Problem] = field(default_factory=list)
    made: dict[str, Batch] = field(default_factory=dict)
    changes: dict[str, dict[int, dict[str, tuple[Any, Any]]]] = field(default_factory=dict)
    changes_of_row: dict[int, list[tuple[str, Any, Any]]] = field(
        default_factory=dict
    )  # place -> field, old, new
    moves: list[NewMove] = field(default_factory=list)
    histories: list[History] = field(default_factory=list)
    matched_by: dict[int, str] = field(default_factory=dict)  # place -> the key that met
    touched_deals: set[int] = field(default_factory=set)
    waits: list[Wait] = field(default_factory=list)
    persons: set[int] = field(default_factory=set)  # places of clients that are people
    options: dict[str, list[str]] = field(default_factory=dict)  # field of the base -> options it gets
    _by_row: dict[int, list[Problem]] | None = None

    def problems_of(self, row: int) -> list[Problem]:
        """The problems of a row by its number in the file."""
        if self._by_row is None:
            self._by_row = {}
            for problem in self.problems:
                self._by_row.setdefault(problem.row, []).append(problem)
        return self._by_row.get(row, [])

    @property
    def counts(self) -> dict[str, int]:
        """Read = created + updated + duplicates + skipped + rejected; blank rows apart.

        `waiting` says how many of the skipped are kept and come in later by themselves.
        """
        found = Counter(self.actions)
        counts = {name: found[action] for action, name in _COUNT_NAMES.items()}
        counts["skipped"] += found[Action.WAIT]
        return {"read": len(self.actions), **counts, "waiting": found[Action.WAIT], "blank": self.blank}

    @property
    def records(self) -> dict[str, int]:
        """How many records of each kind will be made."""
        out = {kind: len(batch) for kind, batch in self.made.items() if len(batch)}
        moves = sum(len(h.moves) for h in self.histories) + len(self.moves)
        if moves:
            out["stage_move"] = out.get("stage_move", 0) + moves
        return out

    @property
    def new_fields(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """(name, type, options) of the custom fields that will be made."""
        batch = self.made.get("custom_field")
        if batch is None:
            return []
        columns = (batch.column(name) for name in ("name", "type", "options"))
        return [(name, type_, options_of(options)) for name, type_, options in zip(*columns, strict=True)]

    def new_names(self, kind: str) -> list[str]:
        """Names of managers, sources, products, reasons, funnels or stages that will be made."""
        batch = self.made.get(kind)
        if batch is None:
            return []
        return list(batch.column("name"))
