"""Sums that stand in thousands or millions, as their heading says ("Сумма, тыс. руб.", "[mln zł]")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from funneldesk.domain.folding import fold
from funneldesk.importing import amounts, value_words
from funneldesk.importing.parsing import Bad
from funneldesk.importing.staging import Cell, shown


class Unit(StrEnum):
    """What one of a column's numbers counts."""

    ONES = "ones"
    THOUSANDS = "thousands"
    MILLIONS = "millions"

    @property
    def times(self) -> int:
        """How many units of money one is."""
        return {Unit.ONES: 1, Unit.THOUSANDS: 1000, Unit.MILLIONS: 10**6}[self]


@dataclass(frozen=True, slots=True)
class UnitUse:
    """A column of sums in thousands or millions: what its heading says, what holds, and a sum of it."""

    column: int
    header: str
    said: Unit
    used: Unit
    example: str  # as it stands in the file
    value: Decimal  # the example as a number


_PART = re.compile(r"[\s,;:()\[\]/.›]+")
_WORDS = {
    Unit.THOUSANDS: frozenset(
        ("тыс", "тысяч", "тысячах", "тысячи", "tys", "tysiac", "tysiacach", "tysiecy", "thousand",
         "thousands", "'000", "000", "000s", "'000s")
    ),
    Unit.MILLIONS: frozenset(
        ("млн", "миллион", "миллионов", "миллионах", "mln", "milion", "milionow", "milionach", "million",
         "millions", "mio")
    ),
}  # fmt: skip
_SHORT = {"k": Unit.THOUSANDS, "т": Unit.THOUSANDS, "m": Unit.MILLIONS}


def unit_in(header: str) -> Unit:
    """The unit that a header names; ONES when it names none or two.

    One letter is a unit only beside a currency: k$, $m, k EUR, т.р.
    """
    money = value_words.currencies()
    parts = [fold(part) for part in _PART.split(header) if part]
    found = {unit for unit, words in _WORDS.items() if not words.isdisjoint(parts)}
    for place, part in enumerate(parts):
        after = parts[place + 1] if place + 1 < len(parts) else ""
        for letter, unit in _SHORT.items():
            beside = part == letter and after in money
            joined = len(part) > 1 and (
                (part[0] == letter and part[1:] in money)
                or (part[-1] == letter and part[:-1] in money and not part.isalpha())
            )
            if (beside or joined) and part not in money:
                found.add(unit)
    return found.pop() if len(found) == 1 else Unit.ONES


def raise_to(unit: Unit, cells: Sequence[Cell], values: list[amounts.Amount | None]) -> dict[int, Bad]:
    """Make the sums of a column, in place, whole units of money -> those too great, which become None.

    A cell that names a unit of its own ("2,5 млн") means that one.
    """
    bad = {}
    for place, value in enumerate(values):
        if value is None or amounts.names_unit(cells[place]):
            continue
        raised = value[0] * unit.times
        if amounts.is_too_great(raised):
            bad[place] = Bad("import.bad_amount", shown(cells[place]))
            values[place] = None
        else:
            values[place] = (raised, value[1])
    return bad
