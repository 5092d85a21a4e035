"""A block of cells from a spreadsheet as plans: heads and names of managers in it are understood."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from funneldesk.domain.folding import fold
from funneldesk.domain.goals import Measure
from funneldesk.errors import UserError
from funneldesk.text import currency_sign
from funneldesk.ui.widgets.fields import parse_amount, plain_number

NOTHING = ("", "-", "–", "—")
Read = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class Placed:
    """Cells (row, column, value) of the grid, and how many of the block fell beside it."""

    cells: tuple[tuple[int, int, int | None], ...]
    left_out: int = 0


def reader(measure: Measure, currency: str) -> Read:
    """What reads a cell of that measure: minor units, or a whole number; None where it is empty.

    The function raises ValueError for anything else, a negative number too.
    """

    def read(text: str) -> int | None:
        bare = _bare(text, currency)
        if bare in NOTHING:
            return None
        if measure is Measure.MONEY:
            value = parse_amount(bare, currency)
        else:
            number = plain_number(bare)
            if number != number.to_integral_value():
                raise ValueError(text)
            value = int(number)
        if value < 0:
            raise ValueError(text)
        return value

    return read


def _bare(text: str, currency: str) -> str:
    """A cell without signs of currency around the number."""
    signs = {currency, currency_sign(currency)}
    for sign in sorted(signs, key=len, reverse=True):
        text = text.replace(sign, "")
    return "".join(c for c in text if unicodedata.category(c) != "Sc").strip()


def place(text: str, names: Sequence[str], columns: int, at: tuple[int, int], read: Read) -> Placed:
    """Where the cells of a pasted block go in a grid with rows `names`, its corner at `at`.

    A head over the numbers is passed over; with names before them the rows go to those names.
    Raises UserError `plan.cell` (no number), `plan.stranger` (a name that is not in the grid).
    """
    lines = [line.split("\t") for line in text.rstrip("\r\n").splitlines()]
    if len(lines) > 1 and not any(_readable(cell, read) for cell in lines[0] if cell.strip()):
        lines = lines[1:]
    lines = [line for line in lines if any(cell.strip() for cell in line)] if len(lines) > 1 else lines
    firsts = [line[0].strip() for line in lines if line]
    wide = any(len(line) > 1 for line in lines)
    named = wide and bool(firsts) and not any(_readable(first, read) for first in firsts)
    by_name = {fold(name): row for row, name in enumerate(names)}
    cells: list[tuple[int, int, int | None]] = []
    left_out = 0
    for number, line in enumerate(lines):
        row, values = at[0] + number, line
        if named:
            found = by_name.get(fold(line[0]))
            if found is None:
                raise UserError("plan.stranger", name=line[0].strip())
            row, values = found, line[1:]
        for shift, cell in enumerate(values):
            column = at[1] + shift
            if row >= len(names) or column >= columns:
                left_out += bool(cell.strip())
                continue
            try:
                cells.append((row, column, read(cell)))
            except ValueError:
                raise UserError("plan.cell", value=cell.strip()) from None
    return Placed(tuple(cells), left_out)


def _readable(cell: str, read: Read) -> bool:
    try:
        return read(cell) is not None or cell.strip() == ""
    except ValueError:
        return False
