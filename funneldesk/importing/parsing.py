"""Cells -> values, column by column: each by the role of its field, one strict format for all.

A cell that cannot be read surely gives a problem, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from zoneinfo import ZoneInfo

from funneldesk.domain.folding import fold
from funneldesk.domain.phone import digits
from funneldesk.importing import amounts, dates, value_words
from funneldesk.importing.evidence import EMAIL
from funneldesk.importing.fields import Role
from funneldesk.importing.staging import ERROR, FAR, MARK, Cell, shown

_SPACE = re.compile(r"\s+")
_DAMAGED = re.compile(r"^[+-]?\d([.,]\d+)?E\+\d+$", re.I)
# Errors that a spreadsheet wrote as text into a csv, in the words of three languages.
_ERROR_TEXT = re.compile(r"^(?:#(?:[A-ZА-Я/0]{2,9}[!?]|Н/Д|N/[DA])|#{4,60}|Err:5\d\d)$")
_EXACT = 1e15  # a spreadsheet keeps fifteen digits of a number
_FLOAT_DIGITS = re.compile(r"^(\d+)\.0$")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b\u200e\u200f]")
_PHONE_SPLIT = re.compile(r"[,;\n|]|\s/\s|\s(?:или|or|lub|oraz|и|i)\s", re.I)
_PHONE_LABEL = re.compile(r"^[^\d+(]*")
_EXTENSION = re.compile(r"^\s*(?:доб|ext|wew|вн|x)\b", re.I)
_EXTENSION_PART = re.compile(r"\s*(?:доб|ext|wew|вн)\.?\s*\d+\s*$", re.I)
NOTHING = frozenset(
    ("-", "—", "–", "n/a", "null", "none", "nan", "н/д", "н.д.", "нет данных", "b/d", "b.d.", "bd.",
     "brak danych", "--")
)  # fmt: skip
# Said instead of a phone or an address; in a column of words it may be an answer.
_NONE_THERE = frozenset(("нет", "отсутствует", "no", "not available", "brak", "nie ma", "nie posiada"))
_LONGEST_NOTHING = max(map(len, NOTHING))
_SIMPLE = frozenset((str, int, float))
_TOGETHER = 128  # texts looked at as one
_LOOKED_AT = 4_000  # cells by which a column is judged
_BETWEEN = "\u2502"  # stands between them; none of them may hold it
_AS_THEY_ARE = frozenset({Role.NAME, Role.WORD, Role.LINK, Role.TEXT, Role.CODE})
# Blanks that would be taken away, and how the texts of errors begin.
_UNPLAIN = re.compile(f"  |{_BETWEEN}[ #E]| {_BETWEEN}")
_PHONE = r"\+?\d(?:[() -]?[() -]?\d){6,14}"
# What nearly every cell of such a column looks like, and is then read without much ado.
_SURE = {
    Role.PHONE: re.compile(rf"{_PHONE}(?: ?[;,] ?{_PHONE})*", re.A),
    Role.EMAIL: re.compile(r"\w[\w.+-]*@\w[\w-]*\.\w[\w-]+", re.A),
}
_ANY_DIGIT = str.maketrans("123456789", "0" * 9)


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a cell could not be read; `fatal` rejects the row, else the value is kept as it is."""

    code: str
    value: str
    fatal: bool = True


@dataclass(slots=True)
class Parsed:
    """A column read: a value per row (None = empty) and the problems by place of the row."""

    values: list[Any]
    bad: dict[int, Bad] = field(default_factory=dict)
    question: dates.Ambiguous | None = None


def parse(cells: Sequence[Cell], role: Role, *, zone: ZoneInfo, order: dates.Order | None = None) -> Parsed:
    """Read a column.  Values by role: TEXT, NAME, CODE, WORD, LINK text; PHONE, EMAIL tuples of
    text; AMOUNT (Decimal, currency or None); MOMENT microseconds UTC; DATE ISO text; WHOLE int.
    """
    question = None
    if role in (Role.MOMENT, Role.DATE) and order is None:
        found = dates.find_order(cells)
        if isinstance(found, dates.Ambiguous):
            question, order = found, None
        else:
            order = found
    read = _reader(role, cells, zone, order)
    kinds = set(map(type, cells)) - {type(None)}
    if len(kinds) <= 1 and kinds <= _SIMPLE:
        return _parse_alike(cells, role, read, question, texts=kinds <= {str})
    memo: dict[tuple[type, Cell], Any] = {}
    values: list[Any] = []
    bad: dict[int, Bad] = {}
    for place, cell in enumerate(cells):
        if cell is None:
            values.append(None)
            continue
        key = (cell.__class__, cell)
        try:
            value = memo[key]
        except KeyError:
            value = memo[key] = _read(cell, read)
        if value.__class__ is Bad:
            bad[place] = value
            value = _kept(value, role)
        values.append(value)
    return Parsed(values, bad, question)


def _parse_alike(
    cells: Sequence[Cell],
    role: Role,
    read: Callable[[Cell], Any],
    question: dates.Ambiguous | None,
    *,
    texts: bool,
) -> Parsed:
    """As the loop of `parse`, for columns of one type, texts or numbers: each different cell is read once,
    or every cell where nearly all differ.
    """
    if mostly_different(cells):
        values = _read_all(cells, role, read, texts=texts)
    else:
        distinct = list(dict.fromkeys(cells))
        memo = dict(zip(distinct, _read_all(distinct, role, read, texts=texts), strict=True))
        values = list(map(memo.__getitem__, cells))
    bad: dict[int, Bad] = {}
    if Bad in set(map(type, values)):
        bad = {place: value for place, value in enumerate(values) if value.__class__ is Bad}
        for place, problem in bad.items():
            values[place] = _kept(problem, role)
    return Parsed(values, bad, question)


def mostly_different(cells: Sequence[Any]) -> bool:
    """Whether so few cells are alike (by the first thousands) that to find them costs more than it saves."""
    first = cells[:_LOOKED_AT]
    return len(set(first)) * 2 > len(first) >= _LOOKED_AT


def _read_all(cells: Sequence[Cell], role: Role, read: Callable[[Cell], Any], *, texts: bool) -> list[Any]:
    """The value of each cell, or a Bad."""
    found: list[Any] = []
    for start in range(0, len(cells), _TOGETHER):
        part = cells[start : start + _TOGETHER]
        if not texts and role is Role.AMOUNT:
            found += amounts.of_numbers(part, read)
        elif not texts:
            found += [cell if cell is None else read(cell) for cell in part]
        elif role in _AS_THEY_ARE and _are_plain(part, role):
            found += part
        elif role is Role.PHONE:
            found += _all_phones(part, read)
        elif role in _SURE:
            found += [_reached(cell, _SURE[role], read) for cell in part]
        else:
            found += [_read(cell, read) for cell in part]
    return found


def _are_plain(cells: Sequence[Cell], role: Role) -> bool:
    """Whether each of these texts surely means itself: no marks, no blanks to even out, no "n/a", no number
    that a spreadsheet has damaged.  Looked at as one text, for most are.
    """
    if None in cells:
        return False
    texts = cast(Sequence[str], cells)
    if not all(texts) or "" in map(str.strip, texts):
        return False
    joined = _BETWEEN.join(texts)
    if not joined.isprintable() or _UNPLAIN.search(f"{_BETWEEN}{joined}{_BETWEEN}"):
        return False
    if role is Role.CODE and (".0" in joined or "E+" in joined or "e+" in joined):
        return False
    return joined.count(_BETWEEN) == len(texts) - 1 and NOTHING.isdisjoint(
        [text.casefold() for text in texts if len(text) <= _LONGEST_NOTHING]
    )


def _all_phones(cells: Sequence[Cell], read: Callable[[Cell], Any]) -> list[Any]:
    """The phones of each cell.  Most are written in one of a few ways, which differ in nothing but digits:
    each way is looked at once, and the cells are parted as one text.
    """
    sure = _SURE[Role.PHONE].fullmatch
    joined = "" if None in cells else "|".join(cast(Sequence[str], cells))  # no sure phone holds this sign
    ways = set(joined.translate(_ANY_DIGIT).split("|"))
    if "  " in joined or joined.count("|") != len(cells) - 1 or not all(map(sure, ways)):
        return [_reached(cell, _SURE[Role.PHONE], read) for cell in cells]
    parted = joined.replace(";", ",").replace(", ", ",").replace(" ,", ",").split("|")
    return [
        tuple(dict.fromkeys(several.split(","))) if "," in several else (cell,)
        for cell, several in zip(cells, parted, strict=True)
    ]


def _reached(cell: Cell, sure: re.Pattern[str], read: Callable[[Cell], Any]) -> Any:
    """The phones or e-mails of a cell."""
    if not isinstance(cell, str) or not sure.fullmatch(cell) or "  " in cell:
        return _read(cell, read)
    if ";" not in cell and "," not in cell:
        return (cell,)
    return tuple(dict.fromkeys([part.strip() for part in cell.replace(";", ",").split(",")]))


def _kept(problem: Bad, role: Role) -> Any:
    """What stays of a cell whose problem does not reject its row."""
    if problem.fatal or not problem.value:
        return None
    return (problem.value,) if role in (Role.PHONE, Role.EMAIL) else problem.value


def _read(cell: Cell, read: Callable[[Cell], Any]) -> Any:
    if cell is None:
        return None
    if isinstance(cell, str):
        if cell.startswith(ERROR):
            if cell[2:] == "=":
                return Bad("import.no_value", "")
            return Bad("import.far_cell" if cell[2:] == FAR else "import.error_cell", cell[2:])
        text = cell.strip()
        if not text or (len(text) <= _LONGEST_NOTHING and text.casefold() in NOTHING):
            return None
        if text[0] in "#E" and _ERROR_TEXT.match(text):
            return Bad("import.error_cell", text)
    return read(cell)


def _reader(
    role: Role, cells: Sequence[Cell], zone: ZoneInfo, order: dates.Order | None
) -> Callable[[Cell], Any]:
    match role:
        case Role.AMOUNT:
            decimals = amounts.find_decimals(cells)
            return lambda c: _or_bad(amounts.read_amount(c, decimals), c, "import.bad_amount")
        case Role.MOMENT:
            return lambda c: _or_bad(dates.read_moment(c, order, zone), c, "import.bad_date")
        case Role.DATE:
            return lambda c: _or_bad(dates.read_date(c, order, zone), c, "import.bad_date")
        case Role.PHONE:
            return read_phones
        case Role.EMAIL:
            return read_emails
        case Role.CODE:
            return read_code
        case Role.CURRENCY:
            return read_currency
        case Role.WHOLE:
            return read_whole
        case Role.NAME | Role.WORD | Role.LINK:
            return read_line
        case Role.TEXT:
            return read_text_whole


def _or_bad(value: Any, cell: Cell, code: str) -> Any:
    return Bad(code, shown(cell)) if value is None else value


def read_text(cell: Cell) -> str | None:
    """Any cell as text; lines are kept, control characters dropped."""
    text = shown(cell)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return (text if text.isprintable() else _CONTROL.sub("", text)).strip() or None


def read_text_whole(cell: Cell) -> str | Bad | None:
    """Text; a long number that a spreadsheet has cut to 15 digits is said, and kept as it is."""
    if cell.__class__ is float and abs(float(cell)) >= _EXACT:
        return Bad("import.damaged_number", shown(cell), fatal=False)
    if cell.__class__ is str and cell[:1].isdigit() and _DAMAGED.match(cell):
        return Bad("import.damaged_number", str(cell), fatal=False)
    return read_text(cell)


def read_line(cell: Cell) -> str | None:
    """Any cell as one line."""
    text = shown(cell)
    if not text.isprintable() or "  " in text:
        text = _SPACE.sub(" ", _CONTROL.sub("", text))
    return text.strip() or None


def read_code(cell: Cell) -> str | Bad | None:
    """An id or a number that is a name: digits stay digits, leading zeros too."""
    if isinstance(cell, float) and not cell.is_integer():
        return Bad("import.damaged_number", shown(cell))
    text = read_line(cell)
    if text is None:
        return None
    if _DAMAGED.match(text):
        return Bad("import.damaged_number", text)
    whole = _FLOAT_DIGITS.match(text)
    return whole.group(1) if whole else text


def read_phones(cell: Cell) -> tuple[str, ...] | Bad | None:
    """The phones of a cell, several split; an extension stays with its number."""
    if isinstance(cell, float) and not cell.is_integer():
        return Bad("import.bad_phone", shown(cell), fatal=False)
    text = shown(cell).strip()
    if text.casefold() in _NONE_THERE:
        return None
    text = _FLOAT_DIGITS.sub(r"\1", text)
    if _DAMAGED.match(text):
        return Bad("import.damaged_number", text, fatal=False)
    if isinstance(cell, str) and cell.startswith(MARK):
        return Bad("import.bad_phone", text, fatal=False)
    found: list[str] = []
    for piece in _pieces(text):
        if _EXTENSION.match(piece) and found:
            found[-1] = f"{found[-1]}, {piece.strip()}"
            continue
        number = _SPACE.sub(" ", _PHONE_LABEL.sub("", piece)).strip(" .,:")
        if not number:
            continue
        length = len(digits(_EXTENSION_PART.sub("", number)))
        if not 5 <= length <= 16:
            return Bad("import.bad_phone", _SPACE.sub(" ", text), fatal=False)
        if number not in found:
            found.append(number)
    return tuple(found) or Bad("import.bad_phone", _SPACE.sub(" ", text), fatal=False)


def _pieces(text: str) -> list[str]:
    parts = [p for p in _PHONE_SPLIT.split(text) if p and p.strip()]
    out: list[str] = []
    for part in parts:
        sides = part.split("/")
        out.extend(sides if all(len(digits(s)) >= 7 for s in sides) else [part])
    return out


def read_emails(cell: Cell) -> tuple[str, ...] | Bad | None:
    """The e-mail addresses of a cell, several split."""
    text = shown(cell)
    if text.strip().casefold() in _NONE_THERE:
        return None
    found = tuple(dict.fromkeys(e.removeprefix("mailto:").strip(".'") for e in EMAIL.findall(text)))
    return found or Bad("import.bad_email", _SPACE.sub(" ", text).strip(), fatal=False)


def read_currency(cell: Cell) -> str | Bad:
    """The code of a currency from its code, sign or word."""
    text = shown(cell).strip()
    code = value_words.currencies().get(fold(text).rstrip("."))
    if code:
        return code
    if len(text) == 3 and text.isascii() and text.isalpha():
        return text.upper()
    return Bad("import.bad_currency", text)


def read_whole(cell: Cell) -> int | Bad:
    """A whole number."""
    text = shown(cell).strip()
    digits_only = _FLOAT_DIGITS.sub(r"\1", text)
    if digits_only.lstrip("+-").isdecimal() and len(digits_only) < 16:
        return int(digits_only)
    return Bad("import.bad_number", text)
