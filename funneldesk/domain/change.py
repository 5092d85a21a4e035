"""The spine: every write returns a `Change`, the journal stores it, undo reverses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]


class Op(StrEnum):
    """What an edit did."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    RANGE = "range"  # bulk insert of the ids first..last, journalled as a range
    BATCH = "batch"  # bulk update, before and after images kept together
    CUT = "cut"  # bulk delete, `before` holds the columns and rows of all ids


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of one record, or of a run of records for RANGE, BATCH and CUT.

    `before` and `after` hold only the columns that changed (UPDATE), the whole row (INSERT's
    after, DELETE's before), or None.  `ids` is (first, last) of a RANGE, all ids of a BATCH or CUT.
    """

    op: Op
    kind: str
    record_id: int = 0
    before: Row | None = None
    after: Row | None = None
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """What a change is called: a code that `text.label_text` puts into words, and its parameters."""

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """A committed change: what it is called and every edit it made.

    An empty `edits` means that nothing had to be written (and nothing was journalled,
    `journal_id` is 0).
    """

    journal_id: int
    at: int
    who: str
    label: Label
    edits: tuple[Edit, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)

    def new_id(self, kind: str) -> int:
        """The id of the first record of `kind` that this change made; 0 when it made none."""
        for edit in self.edits:
            if edit.kind == kind and edit.op is Op.INSERT:
                return edit.record_id
            if edit.kind == kind and edit.op is Op.RANGE:
                return edit.ids[0]
        return 0

    def touches(self, kind: str) -> bool:
        """Whether any record of `kind` changed."""
        return any(edit.kind == kind for edit in self.edits)

    def ids_of(self, kind: str) -> set[int] | None:
        """The ids of `kind` that changed; None = many (reload everything of that kind)."""
        found: set[int] = set()
        for edit in self.edits:
            if edit.kind != kind:
                continue
            if edit.op in (Op.RANGE, Op.BATCH, Op.CUT):
                return None
            found.add(edit.record_id)
        return found


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A line of the journal as lists and the command line show it."""

    id: int
    at: int
    who: str
    label: Label
    kind: str
    edits: int
    undone: bool
    barrier: bool = False
