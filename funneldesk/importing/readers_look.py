"""What a workbook's XML says that its reader does not: error cells, formulas without a value, hidden
rows, formats that make zeros or name a currency, the farthest cell.  Only in the child.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from html import unescape

from funneldesk.importing.child import ReadError
from funneldesk.importing.readers_format import Styles, sheet_parts, styles_of

MAX_UNPACKED = 1_500_000_000
NO_VALUE = "="  # stands for the value of a formula that was never calculated
_MAX_ODD = 300_000
# Begins with a fixed text, so that it is searched for ten times as fast as with a boundary before it.
_FAR = re.compile(rb'r="([A-Z]{2,3})\d+"')
_LAST = re.compile(rb'<(?:x:)?row\b[^>]*?\br="(\d+)"')
# Each is seldom there at all, and looked for in the quickest way: an expression that is a fixed text.
_HAS_ERROR, _HAS_HIDDEN = re.compile(rb't="e"'), re.compile(rb"hidden=")
_HAS_FORMULA, _HAS_PREFIXED_FORMULA = re.compile(rb"<f"), re.compile(rb"<x:f")
_ERROR = re.compile(rb'<(?:x:)?c\b([^>]*?\bt="e"[^>]*)>(.{0,1000}?)</(?:x:)?c>', re.S)
_VALUE = re.compile(rb"<(?:x:)?v>([^<]*)<")
_UNCALCULATED = re.compile(
    rb"<(?:x:)?c\b([^>]*)>\s*<(?:x:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:x:)?f>)\s*"
    rb"(?:<(?:x:)?v\s*/>|<(?:x:)?v>\s*</(?:x:)?v>)?\s*</(?:x:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_HIDDEN = re.compile(rb'<(?:x:)?row\b(?=[^>]*?\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
_STYLED = re.compile(rb'<(?:x:)?c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?')


@dataclass(slots=True)
class Look:
    """One sheet.  Rows count from 1, columns from 0; `odd` holds the texts of error cells."""

    box: int = 0
    odd: dict[int, dict[int, str]] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)
    zeros: dict[int, int] = field(default_factory=dict)
    currency: dict[int, str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # where the reader gives none
    unplaced: bool = False  # error cells without an address, or too many: they must be read one by one


@dataclass(slots=True)
class BookLook:
    """A workbook: its sheets by name, and whether its dates count from 1904."""

    sheets: dict[str, Look] = field(default_factory=dict)
    from_1904: bool = False

    def of(self, name: str) -> Look:
        """What is known of a sheet."""
        return self.sheets.get(name) or Look()


def look_into(archive: zipfile.ZipFile) -> BookLook:
    """Pass once over every sheet of an xlsx.

    The size that a directory of a zip claims may lie: what really comes out is counted.  Raises
    ReadError `import.bomb`, `import.unreadable` (a DTD).
    """
    names = set(archive.namelist())
    book = BookLook()
    if "xl/workbook.xml" not in names:
        return book
    head = archive.read("xl/workbook.xml")
    book.from_1904 = re.search(rb'\bdate1904="(?:1|true)"', head) is not None
    styles = styles_of(archive)
    budget = MAX_UNPACKED
    for name, part in sheet_parts(archive).items():
        if part in names and part.endswith(".xml"):
            look = book.sheets[name] = Look()
            budget -= _look_at(archive, part, look, styles, budget)
    return book


def _look_at(archive: zipfile.ZipFile, part: str, look: Look, styles: Styles, budget: int) -> int:
    column, row, read, tail = 26, 0, 0, b""
    counts: dict[int, dict[bytes, int]] = {}
    prefixed = False  # whether the elements are called x:c instead of c
    with archive.open(part) as stream:
        while chunk := stream.read(4 << 20):
            first = not read
            read += len(chunk)
            if read > budget:
                raise ReadError("import.bomb", size=MAX_UNPACKED // 1_000_000)
            if b"!" in chunk and (b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk):
                raise ReadError("import.unreadable", reason="DTD")
            data = tail + chunk
            for found in set(_FAR.findall(data)):
                column = max(column, column_number(found))
            rows = _LAST.findall(data, max(0, len(data) - 200_000))
            if rows:
                row = max(row, int(rows[-1]))
            if first:
                if styles:
                    _count_styles(data[:400_000], counts)
                prefixed = b"<x:" in data
            cut = _last_cell(data)
            _odd_cells(data, cut, look, prefixed)
            tail = data[cut:]
    _odd_cells(tail, len(tail), look, prefixed)
    look.box = column * row
    columns_by_style(look, counts, styles)
    return read


def _last_cell(data: bytes) -> int:
    """Where the last cell begins, so that none is cut by the end of a chunk."""
    near = max(0, len(data) - (1 << 20))
    at = max(data.rfind(start, near) for start in (b"<c ", b"<x:c ", b"<row ", b"<x:row "))
    return at if at > 0 and len(data) - at < 1 << 20 else max(0, len(data) - 200)


def _odd_cells(data: bytes, end: int, look: Look, prefixed: bool) -> None:
    """Note the error cells, formulas without a value and hidden rows before `end`."""
    if _HAS_ERROR.search(data, 0, end):
        for attributes, inside in _ERROR.findall(data, 0, end):
            value = _VALUE.search(inside)
            _note(look, attributes, unescape(value.group(1).decode("utf-8", "replace")) if value else "?")
    if _HAS_FORMULA.search(data, 0, end) or (prefixed and _HAS_PREFIXED_FORMULA.search(data, 0, end)):
        for attributes in _UNCALCULATED.findall(data, 0, end):
            if b't="str"' not in attributes and b't="e"' not in attributes:
                _note(look, attributes, NO_VALUE)
    if _HAS_HIDDEN.search(data, 0, end):
        look.hidden.update(int(number) for number in _HIDDEN.findall(data, 0, end))


def _note(look: Look, attributes: bytes, text: str) -> None:
    place = _PLACE.search(attributes)
    if place is None or len(look.odd) > _MAX_ODD:
        look.unplaced = True
        return
    look.odd.setdefault(int(place.group(2)), {})[column_number(place.group(1)) - 1] = text


def _count_styles(data: bytes, counts: dict[int, dict[bytes, int]]) -> None:
    for letters, style in _STYLED.findall(data):
        of_column = counts.setdefault(column_number(letters) - 1, {})
        of_column[style or b"0"] = of_column.get(style or b"0", 0) + 1


def columns_by_style(look: Look, counts: dict[int, dict[bytes, int]], styles: Styles) -> None:
    """Columns in which at least half of the looked-at cells have such a style."""
    for column, found in counts.items():
        total = sum(found.values())
        for meaning, out in ((styles.zeros, look.zeros), (styles.currency, look.currency)):
            votes: dict[int | str, int] = {}
            for style, count in found.items():
                value = meaning.get(int(style))
                if value is not None:
                    votes[value] = votes.get(value, 0) + count
            if votes:
                best = max(votes, key=lambda value: votes[value])
                if votes[best] * 2 >= total:
                    out[column] = best  # type: ignore[assignment]


def column_number(letters: bytes) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
