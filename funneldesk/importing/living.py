"""The same list next month: which row is which record, what is new, changed, the same, gone."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.plan import Action, Plan
from funneldesk.importing.staging import shown

if TYPE_CHECKING:
    from funneldesk.importing.mapping import ColumnMap
    from funneldesk.importing.table import Settings, Table

# The kinds whose rows are records of their own, and of which kind of record they are.
RECORD_OF: Mapping[Kind, str] = {
    Kind.CLIENTS: "company",
    Kind.PEOPLE: "person",
    Kind.LEADS: "lead",
    Kind.DEALS: "deal",
    Kind.INVOICES: "invoice",
    Kind.PAYMENTS: "payment",
}
_KEPT = (Action.CREATE, Action.UPDATE, Action.DUPLICATE)
_TOGETHER = 8_192  # values


class RowLink(NamedTuple):  # a tuple, for there is one per row: a frozen dataclass takes four times as long
    """A row of a file and its record; `mark` changes when a cell of it does (0 = not all written)."""

    row: int
    kind: str
    id: int
    action: Action
    mark: int


def marks(table: Table, maps: Sequence[ColumnMap], settings: Settings) -> list[int]:
    """A number per row that is another one when a used cell, the mapping or a set value changes."""
    used = sorted((m.used, m.index) for m in maps if m.used is not None)
    basis = repr(([key for key, _index in used], sorted(settings.constants.items())))
    start = zlib.crc32(basis.encode())
    columns = [table.columns[index] for _key, index in used]
    if not columns:
        return [start] * len(table)
    texts = [column if set(map(type, column)) == {str} else list(map(str, column)) for column in columns]
    lines = map("\x1f".join, zip(*texts, strict=True))
    return [zlib.crc32(line.encode("utf-8", "surrogatepass"), start) for line in lines]


def pack(plan: Plan, row_marks: Sequence[int], ref: Callable[[str, int], int]) -> str:
    """The rows of a plan that was written, with their records, as text; `ref` turns references into ids."""
    kind = RECORD_OF.get(plan.request.kind)
    pairs = enumerate(zip(plan.targets, plan.actions, strict=True))
    places = [place for place, (target, action) in pairs if target and action in _KEPT] if kind else []
    actions = [plan.actions[place] for place in places]
    kinds = ["person" if place in plan.persons else str(kind) for place in places]
    kept_marks = [row_marks[place] for place in places]
    if plan.request.on_duplicate is not OnDuplicate.UPDATE:
        # Only a row that was written as a whole may be passed over next time.
        for at, (place, action) in enumerate(zip(places, actions, strict=True)):
            if action is not Action.CREATE and plan.matched_by.get(place) != "row":
                kept_marks[at] = 0
    digit = {action: str(int(action)) for action in _KEPT}
    columns: list[str | list[Any]] = [
        [plan.numbers[place] for place in places],
        "".join([own[0] for own in kinds]),
        list(map(ref, kinds, [plan.targets[place] for place in places])),
        "".join([digit[action] for action in actions]),
        kept_marks,
        sorted(set(kinds)),
    ]
    told = f"[{','.join(map(_json_of, columns))}]"
    # Most of it are marks, which no effort makes smaller.
    return base64.b64encode(zlib.compress(told.encode(), 1)).decode()


def _json_of(column: str | list[Any]) -> str:
    """Thousands of values at a time: all at once they would let no other thread work meanwhile."""
    if isinstance(column, str):
        return json.dumps(column)
    starts = range(0, len(column), _TOGETHER)
    parts = [json.dumps(column[at : at + _TOGETHER], separators=(",", ":"))[1:-1] for at in starts]
    return f"[{','.join(parts)}]"


def unpack(text: str) -> list[RowLink]:
    """The links that `pack` wrote."""
    if not text:
        return []
    rows, initials, ids, actions, kept_marks, kinds = json.loads(zlib.decompress(base64.b64decode(text)))
    names = {kind[0]: kind for kind in kinds}
    return [
        RowLink(row, names[initial], number, Action(int(action)), mark)
        for row, initial, number, action, mark in zip(rows, initials, ids, actions, kept_marks, strict=True)
    ]


def unchanged(row_marks: Sequence[int], before: Sequence[RowLink]) -> dict[int, tuple[str, int]]:
    """Place -> (kind, id) of the rows that stood in the last file word for word.

    A row that stands there several times is left to the usual rules.
    """
    known: dict[int, list[RowLink]] = {}
    for link in (link for link in before if link.mark):
        known.setdefault(link.mark, []).append(link)
    once = {mark: found[0] for mark, found in known.items() if len(found) == 1}
    if not once:
        return {}
    seen: dict[int, int] = {}
    for mark in row_marks:
        seen[mark] = seen.get(mark, 0) + 1
    return {
        place: (once[mark].kind, once[mark].id)
        for place, mark in enumerate(row_marks)
        if mark in once and seen[mark] == 1
    }


def vanished(plan: Plan, before: Sequence[RowLink]) -> list[tuple[str, int]]:
    """(kind, id) of the records of the last file that no row of this one means."""
    if not before:
        return []
    kind = RECORD_OF.get(plan.request.kind, "")
    here = {
        ("person" if place in plan.persons else kind, target)
        for place, target in enumerate(plan.targets)
        if target > 0
    }
    return list(dict.fromkeys((link.kind, link.id) for link in before if (link.kind, link.id) not in here))


def unread_texts(plan: Plan, table: Table) -> set[str]:
    """What stands in the cells of rows that are not written: their records have not vanished."""
    found: set[str] = set()
    for place, action in enumerate(plan.actions):
        if action not in _KEPT:
            found.update(shown(column[place]).strip() for column in table.columns)
    found.discard("")
    return found
