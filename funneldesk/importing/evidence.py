"""What the cells of a column look like, as shares of those that are not empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from funneldesk.importing.given_names import looks_like_person
from funneldesk.importing.splitting import is_firm
from funneldesk.importing.staging import DATE, ERROR, MARK, Cell

EMAIL = re.compile(r"[^\s@<>,;\"()]+@[^\s@<>,;\"()]+\.[^\s@<>,;\"().]{2,}")
_LINK = re.compile(
    r"^(https?://|www\.)\S+$|^[\w-]+(\.[\w-]+)*\.(ru|com|pl|net|org|io|eu|de|by|kz|ua|рф|biz|info)(/\S*)?$",
    re.I,
)
_PHONE = re.compile(r"^[+(]?[\d\s()./+-]{7,}(?:\s*(?:доб|ext|wew|вн)\.?\s*\d+)?$", re.I)
_VAT = re.compile(r"^[A-Z]{2}[ -]?(?=(?:\w*\d){7})[\dA-Z]{8,12}$")
_NUMBER = re.compile(
    r"^[(+-]?\s*(?:[A-Z]{3}\s*|zł\s*)?[$€£₽¥₴₸]?\s*-?\d[\d\s\u00a0\u202f.,']*\s*[$€£₽¥₴₸%]?\s*(?:[^\W\d_]{1,6}\.?)?\s*(?:[^\W\d_]{1,4}\.?)?\)?$"
)
_DATE = re.compile(
    r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?:\s*г\.?)?(?:[T\s,]+\d{1,2}:\d{2}.*)?$|^\d{1,2}[\s.-][^\W\d]{3,12}\.?[\s.,-]+\d{2,4}"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares 0..1 of the filled cells; `filled` is their number, `distinct` the share of different ones."""

    filled: int = 0
    email: float = 0.0
    phone: float = 0.0
    link: float = 0.0
    number: float = 0.0
    date: float = 0.0
    tax: float = 0.0
    text: float = 0.0
    distinct: float = 0.0
    serial: float = 0.0
    dialled: float = 0.0  # phones written as such: with a plus, brackets or gaps
    person: float = 0.0  # full names of people
    firm: float = 0.0  # names with a legal form or in quotes
    words: float = 0.0  # cells of several words


def look(cells: Sequence[Cell]) -> Profile:
    """The profile of a column (a sample of some 200 cells is enough)."""
    filled = email = phone = link = number = date = tax = text = serial = dialled = 0
    person = firm = words = 0
    seen: set[Cell] = set()
    for cell in cells:
        if cell is None or (isinstance(cell, str) and (not cell.strip() or cell.startswith(ERROR))):
            continue
        filled += 1
        seen.add(cell)
        if isinstance(cell, bool):
            text += 1
            continue
        if isinstance(cell, int | float):
            number += 1
            serial += 20_000 <= cell <= 60_000
            digits = str(cell) if isinstance(cell, int) else ""
            phone += 9 <= len(digits) <= 13
            tax += is_tax_number(digits)
            continue
        if cell.startswith(MARK):
            date += cell.startswith(DATE)
            continue
        found = _look_text(cell.strip())
        if found == "text" and _VAT.match(cell.strip()):
            tax += 1
            continue
        email += found == "email"
        link += found == "link"
        date += found == "date"
        number += found == "number" or (found == "phone" and _NUMBER.match(cell.strip()) is not None)
        phone += found == "phone"
        dialled += found == "phone" and not cell.strip().isdecimal()
        if found == "text":
            text += 1
            words += " " in cell.strip()
            person += looks_like_person(cell.strip())
            firm += len(cell) < 120 and is_firm(cell)
        tax += found in ("number", "phone") and is_tax_number(re.sub(r"[\s-]", "", cell))
    if not filled:
        return Profile()
    share = 1 / filled
    return Profile(
        filled, email * share, phone * share, link * share, number * share, date * share,
        tax * share, text * share, len(seen) * share, serial * share,
        dialled * share, person * share, firm * share, words * share,
    )  # fmt: skip


def _look_text(text: str) -> str:
    if "@" in text and EMAIL.search(text):
        return "email"
    if _DATE.match(text):
        return "date"
    if len(text) < 200 and _LINK.match(text):
        return "link"
    first = re.split(r"[,;/\n]", text)[0].strip() if len(text) > 11 else text
    if _PHONE.match(first) and 7 <= sum(c.isdigit() for c in first) <= 15:
        plain = first.replace(" ", "")
        if not re.fullmatch(r"-?\d{1,8}([.,]\d+)?", plain):
            return "phone"
    if len(text) < 40 and _NUMBER.match(text):
        return "number"
    return "text"


def is_tax_number(digits: str) -> bool:
    """Whether the check digit of a Russian INN or a Polish NIP is right."""
    digits = digits.removeprefix("PL")
    if not digits.isdecimal() or not digits.isascii() or len(set(digits)) == 1:
        return False
    d = [int(c) for c in digits]
    if len(d) == 10:
        inn = sum(a * b for a, b in zip((2, 4, 10, 3, 5, 9, 4, 6, 8), d, strict=False)) % 11 % 10 == d[9]
        nip = sum(a * b for a, b in zip((6, 5, 7, 2, 3, 4, 5, 6, 7), d, strict=False)) % 11 == d[9]
        return inn or nip
    if len(d) == 12:
        first = sum(a * b for a, b in zip((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), d, strict=False)) % 11 % 10
        second = sum(a * b for a, b in zip((3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8), d, strict=False)) % 11 % 10
        return first == d[10] and second == d[11]
    return False
