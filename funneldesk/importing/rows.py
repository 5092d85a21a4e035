"""What rows of a sheet are beside data: totals, rows that people hid, groups under merged cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from funneldesk.domain.folding import fold
from funneldesk.importing.staging import Cell, Extra, shown

if TYPE_CHECKING:
    from funneldesk.importing.table import Table

_TOTALS = frozenset(
    "итого всего итог total totals razem suma subtotal ogolem lacznie".split()
    + ["grand total", "общий итог", "всего итого", "итого всего", "suma koncowa", "sub total"]
)
_BEGINS = re.compile(
    r"^(?:итого|всего|общий итог|промежуточный итог|grand total|sub ?total|total|razem|suma|ogolem|lacznie)\b"
)
_NUMBER = re.compile(r"^[-+(]?\d[\d\s.,\u00a0]*\D{0,6}$")


_UNDER = 5  # rows of words that may stand under the totals

# What the words above begin with; few rows do, and only those are looked at closely.
_STARTS = frozenset("ито все общ про gra sub tot raz sum ogo ogó łąc lac".split())


def totals(columns: Sequence[Sequence[Cell]]) -> list[int]:
    """The places of rows that sum up others."""
    found = []
    for place, cell in enumerate(columns[0] if columns else ()):
        if cell is None or (cell.__class__ is str and str(cell).lstrip()[:3].casefold() in _STARTS):
            if is_total([column[place] for column in columns]):
                found.append(place)
    return found


def below_totals(columns: Sequence[Sequence[Cell]], left_out: Mapping[int, str]) -> Sequence[int]:
    """The places of words under the last row of totals: who made the list, a line for a signature.

    Only when nothing else stands there: a row with a second cell is a row of the table.
    """
    last = max((place for place, code in left_out.items() if code == "import.total_row"), default=None)
    if last is None or len(columns) < 3:
        return ()
    rest = range(last + 1, len(columns[0]))
    if len(rest) > _UNDER:
        return ()
    for place in rest:
        filled = [column[place] for column in columns if column[place] is not None]
        if len(filled) != 1 or not isinstance(filled[0], str):
            return ()
    return rest


def repeated(columns: Sequence[Sequence[Cell]], head: Sequence[Cell] | None) -> list[int]:
    """The places of rows that are the header once more."""
    if not head:
        return []
    at = next((i for i, cell in enumerate(head) if cell is not None), 0)
    if at >= len(columns):
        return []
    whole = [*head, *[None] * (len(columns) - len(head))]
    return [
        place
        for place, cell in enumerate(columns[at])
        if cell == head[at] and [column[place] for column in columns] == whole
    ]


def is_total(cells: Sequence[Cell]) -> bool:
    """Whether a row sums up others: "Total", or "Total of March" with nothing but numbers beside it."""
    at = next((i for i, c in enumerate(cells) if c is not None), None)
    if at is None or not isinstance(cells[at], str):
        return False
    word = fold(str(cells[at])).strip(" :.=")
    if not _BEGINS.match(word) and word not in _TOTALS:
        return False
    rest = [c for c in cells[at + 1 :] if c is not None]
    numbers = all(_is_number(c) for c in rest)
    if word in _TOTALS:
        # A firm may be called Total; a row of sums has no words beside it.
        return numbers or len(rest) < 2
    sums = bool(rest) and numbers
    inside = not rest and re.search(r"[:=]?\s*\d[\d\s.,]*\D{0,6}$", word) is not None
    return sums or inside


def _is_number(cell: Cell) -> bool:
    if isinstance(cell, str):
        return _NUMBER.match(cell.strip()) is not None
    return not isinstance(cell, bool)


def is_bare_total(columns: Sequence[Sequence[Cell]]) -> bool:
    """Whether the last row holds only numbers, each the sum of what stands above it."""
    found = False
    for column in columns:
        last = column[-1]
        if last is None:
            continue
        if isinstance(last, bool) or not isinstance(last, int | float):
            return False
        above = [c for c in column[:-1] if isinstance(c, int | float) and not isinstance(c, bool)]
        if len(above) < 2 or abs(sum(above) - last) > 0.005 * len(above):
            return False
        found = True
    return found


def spread(table: Table, extra: Extra) -> None:
    """Give the value of cells merged downwards to every row of the group, and note it; mark hidden rows."""
    if not (extra.hidden or extra.far or extra.merges):
        return
    places = {number: place for place, number in enumerate(table.numbers)}
    for number in extra.hidden:
        if number in places:
            table.remarks.setdefault(places[number], []).append(("import.hidden_row", None, ""))
    for number in extra.far:
        if number in places:
            table.remarks.setdefault(places[number], []).append(("import.far_cell", None, ""))
    for first, left, last, right in extra.merges:
        if last == first or first not in places or left >= len(table.columns):
            continue
        value = table.columns[left][places[first]]
        if value is None or right - left > 2:
            continue
        for number in range(first + 1, min(last, table.numbers[-1]) + 1):
            place = places.get(number)
            if place is not None and table.columns[left][place] is None:
                table.columns[left][place] = value
                table.remarks.setdefault(place, []).append(("import.merged_value", left, shown(value)))
