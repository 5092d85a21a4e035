"""The pages of a file of SQLite as they lie there: which hold rows, and what kinds of values these have.

The format of pages and records: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGE = 4096
LEAF, _INNER = 0x0D, 0x05


@dataclass(slots=True)
class Pages:
    """The pages of trees of rows: leaves, and which pages the others lead to."""

    leaves: set[int] = field(default_factory=set)
    below: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def forget(self, top: int) -> None:
        """Leave out a tree that is known."""
        for page in list(self.tree(top)):
            self.leaves.discard(page)
            self.below.pop(page, None)

    def tree(self, top: int) -> Iterator[int]:
        """The pages of a tree, each once."""
        seen, todo = {top}, [top]
        while todo:
            page = todo.pop()
            yield page
            fresh = [each for each in self.below.get(page, ()) if each not in seen]
            seen.update(fresh)
            todo += reversed(fresh)


def has_rows(path: Path) -> bool:
    """Whether a file that does not begin like a base holds pages of one all the same.  Raises OSError."""
    return any(page[0] == LEAF and _is_leaf(page) for _number, page in every_page(path))


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(at, at + 8):
        byte = data[place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + 1
    return value << 8 | data[at + 8], at + 9


def size_of(code: int) -> int:
    """Bytes of a value of that serial type."""
    return (code - 12) // 2 if code >= 12 else (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)[code]


def kinds_at(page: bytes, at: int) -> tuple[list[int], int]:
    """The serial types of the row at a place, and where its values begin; IndexError, ValueError of none."""
    whole, at = _varint(page, at)
    _rowid, at = _varint(page, at)
    length, place = _varint(page, at)
    end, found = at + length, []
    if not 1 < length <= whole or end > len(page):
        raise ValueError
    while place < end:
        code, place = _varint(page, place)
        found.append(code)
    if place != end or length + sum(map(size_of, found)) != whole:
        raise ValueError
    return found, end


def rows_of(page: bytes) -> list[int]:
    """Where the rows of a leaf begin; ValueError of a page that is none."""
    count = int.from_bytes(page[3:5], "big")
    places = [int.from_bytes(page[8 + 2 * n : 10 + 2 * n], "big") for n in range(count)]
    if len(page) < PAGE or any(not 8 + 2 * count <= place < PAGE - 3 for place in places):
        raise ValueError
    return places


def _below(page: bytes, pages: int) -> tuple[int, ...]:
    """The pages to which an inner page leads; ValueError of a page that is none."""
    count = int.from_bytes(page[3:5], "big")
    found = []
    for n in range(count):
        place = int.from_bytes(page[12 + 2 * n : 14 + 2 * n], "big")
        if not 12 + 2 * count <= place < PAGE - 4:
            raise ValueError
        found.append(int.from_bytes(page[place : place + 4], "big"))
    found.append(int.from_bytes(page[8:12], "big"))
    if any(not 1 < each <= pages for each in found):
        raise ValueError
    return tuple(found)


def every_page(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number, content) of every page of a file but the first."""
    with path.open("rb") as stream:
        number = 0
        while page := stream.read(PAGE):
            number += 1
            if number > 1:
                yield number, page


def scan(path: Path) -> Pages:
    """Every page of a file that belongs to a tree of rows by its looks, but the first."""
    found, count = Pages(), path.stat().st_size // PAGE
    for number, page in every_page(path):
        with contextlib.suppress(ValueError, IndexError):
            if page[0] == _INNER:
                found.below[number] = _below(page, count)
            elif page[0] == LEAF and _is_leaf(page):
                found.leaves.add(number)
    return found


def _is_leaf(page: bytes) -> bool:
    """Whether a page holds rows."""
    with contextlib.suppress(ValueError, IndexError):
        places = rows_of(page)
        return bool(places) and all(kinds_at(page, place) for place in (places[0], places[-1]))
    return False
