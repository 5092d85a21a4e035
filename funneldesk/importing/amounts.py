"""Sums of money as people write them, by the decimal mark that the whole column agrees on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from funneldesk.domain.folding import fold
from funneldesk.importing import value_words
from funneldesk.importing.staging import MARK, Cell

Amount = tuple[Decimal, str | None]


class Decimals(StrEnum):
    """The decimal mark of a column."""

    POINT = "."
    COMMA = ","
    MIXED = "mixed"  # both are proved; what could be either is a problem


_SPACES = re.compile(r"[\s\u00a0\u2009\u202f']+")
_BODY = re.compile(r"^([^\d(+-]*)([+-]?)\s*([^\d(+-]*?)(\d[\d.,]*)(-?)(\D*)$")
_MULTIPLIER = {
    "тыс": 1000, "тысяч": 1000, "т р": 1000, "тр": 1000, "k": 1000, "к": 1000, "tys": 1000, "tysiecy": 1000,
    "thousand": 1000, "млн": 10**6, "миллион": 10**6, "миллиона": 10**6, "миллионов": 10**6, "mln": 10**6,
    "m": 10**6, "mio": 10**6, "million": 10**6, "милн": 10**6, "млрд": 10**9, "mld": 10**9, "bn": 10**9,
}  # fmt: skip
_LIMIT = 10**13
_MAX = Decimal(_LIMIT)


def _split(text: str) -> tuple[bool, str, str] | None:
    """(negative, the digits with their marks, the words around); None = not a sum."""
    text = _SPACES.sub("", text.strip()) if any(c.isdigit() for c in text) else ""
    minus = text.startswith("(") and text.endswith(")")
    if minus:
        text = text[1:-1]
    text = text.replace("\u2212", "-").replace("\u2013", "-")
    found = _BODY.match(text)
    if not found:
        return None
    before, sign, between, number, after, rest = found.groups()
    # "1 500,-" and "500=" are ways to write no cents.
    number = number.rstrip(".,") if after or rest[:1] in "-=—" or number[-1] in ".," else number
    if after and rest:
        return None
    negative = minus or sign == "-" or (after == "-" and "," not in found.group(4))
    words = f"{before}|{between}|{rest.strip('=—.-')}"
    return negative, number, words


def find_decimals(cells: Sequence[Cell]) -> Decimals | None:
    """The decimal mark of the texts of a column; None = no cell depends on it.

    A mark is proved decimal by standing last of two kinds, or by not having three digits behind
    it; a mark that stands twice separates thousands.
    """
    proved = {".": False, ",": False}
    for cell in cells:
        if not isinstance(cell, str) or cell.startswith(MARK):
            continue
        parts = _split(cell)
        mark = _decimal_mark(parts[1]) if parts else None
        if mark:
            proved[mark] = True
    if proved["."] and proved[","]:
        return Decimals.MIXED
    if proved["."]:
        return Decimals.POINT
    return Decimals.COMMA if proved[","] else None


def _decimal_mark(number: str) -> str | None:
    points, commas = number.count("."), number.count(",")
    if points and commas:
        last = "." if number.rfind(".") > number.rfind(",") else ","
        return last if number.count(last) == 1 else None
    mark = "." if points else ","
    if points + commas != 1:
        return None
    whole, _, fraction = number.partition(mark)
    return mark if len(fraction) != 3 or len(whole) > 3 or whole in ("0", "") else None


def _number(number: str, decimals: Decimals | None) -> Decimal | None:
    points, commas = number.count("."), number.count(",")
    mark = _decimal_mark(number)
    if mark is None and points + commas == 1:
        here = "." if points else ","
        if decimals is Decimals.MIXED:
            return None
        # 1.500 alone: no sum has three decimals, so the mark separates thousands.
        mark = here if decimals == here else None
    if mark is not None:
        whole, _, fraction = number.rpartition(mark)
        other = "," if mark == "." else "."
        if mark in whole or other in fraction:
            return None
    else:
        whole, fraction = number, ""
        if points and commas:
            return None
        other = "." if points else ","
    if other in whole:
        groups = whole.split(other)
        if not groups[0] or len(groups[0]) > 3 or any(len(g) != 3 for g in groups[1:]):
            return None
    return Decimal(f"{whole.replace(other, '') or '0'}.{fraction or '0'}")


def read_amount(cell: Cell, decimals: Decimals | None) -> Amount | None:
    """A cell -> (units, currency or None); None = not a sum that can be read surely."""
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return (Decimal(repr(cell)), None) if abs(cell) < _LIMIT else None
    if cell.startswith(MARK):
        return None
    parts = _split(cell)
    if parts is None:
        return None
    negative, digits, around = parts
    value_or_none = _number(digits, decimals)
    understood = _words(around)
    if value_or_none is None or understood is None:
        return None
    times, currency = understood
    value = value_or_none * times
    if value >= _MAX:
        return None
    return (-value if negative else value), currency


def names_unit(cell: Cell) -> bool:
    """Whether a cell itself says that its sum is in thousands or millions ("2,5 млн")."""
    parts = _split(cell) if isinstance(cell, str) and not cell.startswith(MARK) else None
    understood = _words(parts[2]) if parts is not None else None
    return understood is not None and understood[0] != 1


def is_too_great(value: Decimal) -> bool:
    """Whether a sum has more digits than a base keeps exactly."""
    return abs(value) >= _MAX


def of_numbers(cells: Sequence[Any], read: Callable[[Cell], Any]) -> list[Any]:
    """As `read` gives numbers and gaps; sums of a usual size are seen to be so together."""
    filled = [cell for cell in cells if cell is not None]
    if not filled or not -_LIMIT < min(filled) <= max(filled) < _LIMIT:
        return [cell if cell is None else read(cell) for cell in cells]
    return [cell if cell is None else (Decimal(repr(cell)), None) for cell in cells]


def _words(around: str) -> tuple[int, str | None] | None:
    """What stands around the digits: a multiplier and a currency; None = something else."""
    times, currency = 1, None
    for part in around.split("|"):
        word = fold(part).replace(".", "").strip(" ,:")
        if not word:
            continue
        for end in range(len(word), 0, -1):
            if word[:end] in _MULTIPLIER and (end == len(word) or _currency(word[end:])):
                times, word = _MULTIPLIER[word[:end]], word[end:]
                break
        if word:
            code = _currency(word)
            if code is None:
                return None
            currency = code
    return times, currency


def _currency(word: str) -> str | None:
    return value_words.currencies().get(word)
