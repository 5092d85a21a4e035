"""One column that holds two things, offered to be split: "Company, contact" and full names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from funneldesk.domain.folding import fold
from funneldesk.importing.fields import Kind
from funneldesk.importing.staging import MARK, Cell

_FORMS = (
    r"ооо|оао|зао|пао|ао|ип|нко|тоо|чп|фгуп|муп|ltd|llc|inc|corp|gmbh|plc|ag|sa|oy|ab|"
    r"sp\.? ?z ?o\.? ?o|s\.? ?a|"
    r"s\.? ?c|sp\.? ?j|sp\.? ?k|company|co|limited|group|холдинг|компания|фирма|firma|spolka"
)
_FORM = re.compile(rf"(?<!\w)(?:{_FORMS})(?!\w)", re.I)
_MARKS = (" / ", "/", " | ", "|", ";", " – ", " — ", " - ", "\n", ",", " (")
_NAME_WORD = re.compile(r"^[^\W\d_][^\W\d_'’-]*(?:-[^\W\d_]+)?\.?$")
_PATRONYMIC = re.compile(r"(?:вич|вна|ична|инична|ьич|кызы|оглы)$", re.I)
_SURNAME = re.compile(
    r"(?:ов|ова|ев|ева|ёв|ёва|ин|ина|ын|ына|ский|ская|цкий|цкая|енко|ук|юк|ых|их|"
    r"ski|ska|cki|cka|dzki|dzka|wicz|czyk|iak)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Split:
    """A proposal: `what` is company_person or full_name; the fields of the parts; an example cell
    and its parts; the share of the filled cells that can be split surely.
    """

    column: int
    what: str
    mark: str
    fields: tuple[str, ...]
    example: str
    parts: tuple[str, ...]
    share: float


def propose(kind: Kind, column: int, field: str | None, cells: Sequence[Cell]) -> Split | None:
    """What a column that goes to `field` could be split into; None when most cells are one thing."""
    filled = [c for c in cells if isinstance(c, str) and c.strip() and not c.startswith(MARK)]
    if len(filled) < 1:
        return None
    company = "name" if kind is Kind.CLIENTS else "client"
    if field in (company, "person") and kind in (Kind.CLIENTS, Kind.DEALS, Kind.LEADS):
        best = max((_by_mark(kind, column, mark, filled) for mark in _MARKS), key=lambda s: s.share)
        if best.share >= 0.6:
            return best
    if field == "person" or (kind is Kind.PEOPLE and field == "name"):
        names = [split_name(c) for c in filled]
        share = sum(n is not None for n in names) / len(filled)
        if share >= 0.8:
            at = next(i for i, n in enumerate(names) if n is not None)
            fields = ("last_name", "first_name") + (() if kind is Kind.PEOPLE else ("middle_name",))
            return Split(column, "full_name", " ", fields, filled[at], names[at] or (), share)
    return None


def _by_mark(kind: Kind, column: int, mark: str, cells: Sequence[str]) -> Split:
    company = "name" if kind is Kind.CLIENTS else "client"
    good: list[tuple[str, tuple[str, str], bool]] = []
    for cell in cells:
        parts = cut(cell, mark)
        if parts is None:
            continue
        first, second = (is_firm(part) for part in parts)
        if is_person(parts[1]) and not second and (first or not is_person(parts[0])):
            good.append((cell, parts, True))
        elif is_person(parts[0]) and not first and second:
            good.append((cell, parts, False))
    forward = sum(g[2] for g in good)
    same = [g for g in good if g[2] == (forward * 2 >= len(good))]
    share = len(same) / len(cells)
    fields = (company, "person") if forward * 2 >= len(good) else ("person", company)
    example = same[0] if same else (cells[0], (cells[0], ""), True)
    return Split(column, "company_person", mark, fields, example[0], example[1], share)


def cut(text: str, mark: str) -> tuple[str, str] | None:
    """A cell at a mark that stands in it once: two parts; None = it does not part it surely."""
    if mark == " (":
        found = re.match(r"^(.+?)\s*\(([^()]+)\)\s*$", text)
        return (found.group(1).strip(), found.group(2).strip()) if found else None
    if text.count(mark) != 1:
        return None
    left, _mark, right = (part.strip() for part in text.partition(mark))
    return (left, right) if left and right else None


def is_patronymic(word: str) -> bool:
    """Whether a word ends as only patronymics do."""
    return _PATRONYMIC.search(word) is not None


@lru_cache(maxsize=8192)
def is_firm(text: str) -> bool:
    """Whether a text has a legal form or quotes, as only firms do."""
    return _FORM.search(fold(text)) is not None or any(sign in text for sign in '«"„”')


def is_person(text: str) -> bool:
    """Whether a text looks like the name of a person: two or three capitalised words without digits."""
    words = text.split()
    if not 2 <= len(words) <= 4 or is_firm(text):
        return False
    return all(_NAME_WORD.match(w) and w[0].isupper() for w in words)


def split_name(text: str) -> tuple[str, ...] | None:
    """A full name -> (last, first, middle); None when its order is not sure.

    Sure are three words with a patronymic, and two words of which only one ends like a surname.
    """
    words = text.replace(",", " ").split()
    if "," in text and len(words) == 2:
        return words[0], words[1], ""
    if len(words) == 3:
        if _PATRONYMIC.search(words[2]):
            return words[0], words[1], words[2]
        if _PATRONYMIC.search(words[1]):
            return words[2], words[0], words[1]
        return None
    if len(words) == 2:
        first, second = (bool(_SURNAME.search(w)) for w in words)
        if first != second:
            return (words[0], words[1], "") if first else (words[1], words[0], "")
    return None


def parts_of(split: Split, cell: Cell) -> tuple[Cell, ...]:
    """A cell as the cells of the new columns; what cannot be split surely stays whole in its main part."""
    if not isinstance(cell, str) or cell.startswith(MARK):
        return (cell, *[None] * (len(split.fields) - 1))
    if split.what == "full_name":
        found = split_name(cell.strip())
        return tuple(p or None for p in found[: len(split.fields)]) if found else (None,) * len(split.fields)
    pair = cut(cell, split.mark)
    if pair is not None:
        return pair
    place = 0 if split.fields[0] != "person" else 1
    if is_person(cell.strip()) and not is_firm(cell):
        place = split.fields.index("person")
    return tuple(cell if i == place else None for i in range(2))
