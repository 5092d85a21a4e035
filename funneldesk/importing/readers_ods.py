"""What an .ods says that its reader does not: errors, formulas without a value, currencies, hidden rows,
merged cells, numbers whose format shows zeros.  Only in the child.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from html import unescape

from funneldesk.importing.child import ReadError
from funneldesk.importing.readers_look import MAX_UNPACKED, NO_VALUE, BookLook, Look

_TABLE = re.compile(rb"<table:table(?=[ >])([^>]*)>(.*?)(?=<table:table[ >]|</office:spreadsheet>|\Z)", re.S)
_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
_TEXT = re.compile(rb"<text:p[^>]*>([^<]*)</text:p>")
_ZEROS = re.compile(
    rb'<number:number-style[^>]*\bstyle:name="([^"]+)"[^>]*>\s*<number:number\b([^>]*)/>\s*</number:number-style>'
)
_STYLE = re.compile(rb"<style:style\b([^>]*)>")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{7,40})"')
_TELLING = (
    b"office:currency", b"rows-spanned", b'"error"', b"table:formula", b"visibility=", b"table:style-name",
)  # fmt: skip
_STYLED_ROWS = 400
_MOST_REPEATED = 1_048_576
_MOST_COLUMNS = 16_384


def look_into_ods(archive: zipfile.ZipFile) -> BookLook:
    """The look of every sheet.  Raises ReadError `import.bomb`, `import.unreadable` (a DTD)."""
    book = BookLook()
    with archive.open("content.xml") as stream:
        data = stream.read(MAX_UNPACKED // 4 + 1)
    if len(data) > MAX_UNPACKED // 4:
        return book  # its reader decides whether that can be read
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise ReadError("import.unreadable", reason="DTD")
    # No program makes more than a million rows; a reader that believed it would ask for all memory.
    if any(int(count) > 2 * _MOST_REPEATED for count in _REPEATED.findall(data)):
        raise ReadError("import.bomb", size=MAX_UNPACKED // 1_000_000)
    zeros = _zero_styles(data)
    for attributes, inside in _TABLE.findall(data):
        name = unescape(_attribute(attributes, b"table:name").decode("utf-8", "replace"))
        look = book.sheets[name] = Look()
        _look_at(inside, look, zeros)
    return book


def _attribute(attributes: bytes, name: bytes) -> bytes:
    found = re.search(rb"(?<![\w:-])" + name + rb'="([^"]*)"', attributes)
    return found.group(1) if found else b""


def _number(attributes: bytes, name: bytes, most: int) -> int:
    text = _attribute(attributes, name)
    return min(int(text), most) if text.isdigit() and len(text) < 12 else most if text.isdigit() else 1


def _zero_styles(data: bytes) -> dict[bytes, int]:
    """Cell style -> how many digits it shows at least."""
    formats = {}
    for name, attributes in _ZEROS.findall(data):
        digits = _number(attributes, b"number:min-integer-digits", 24)
        if digits > 1 and _attribute(attributes, b"number:grouping") != b"true":
            formats[name] = digits
    styles = {}
    for attributes in _STYLE.findall(data) if formats else ():
        digits = formats.get(_attribute(attributes, b"style:data-style-name"), 0)
        if digits:
            styles[_attribute(attributes, b"style:name")] = digits
    return styles


def _look_at(table: bytes, look: Look, zeros: dict[bytes, int]) -> None:
    number = 0
    votes: dict[int, Counter[int | str | None]] = {}
    for row in table.split(b"<table:table-row")[1:]:
        head, _, cells = row.partition(b">")
        first = number + 1
        number += _number(head, b"table:number-rows-repeated", _MOST_REPEATED)
        if _attribute(head, b"table:visibility") in (b"collapse", b"filter"):
            look.hidden.update(range(first, min(number, first + 100_000) + 1))
        if number > _MOST_REPEATED:
            break
        if any(sign in cells for sign in _TELLING):
            _row(cells, first, look, zeros, votes)
    for column, found in votes.items():
        value, count = found.most_common(1)[0]
        if value is not None and count * 2 >= sum(found.values()):
            if isinstance(value, int):
                look.zeros[column] = value
            else:
                look.currency[column] = value


def _row(
    cells: bytes,
    number: int,
    look: Look,
    zeros: dict[bytes, int],
    votes: dict[int, Counter[int | str | None]],
) -> None:
    column = 0
    for cell in _CELL.finditer(cells):
        attributes = cell.group(1)
        width = _number(attributes, b"table:number-columns-repeated", _MOST_COLUMNS)
        kind = _attribute(attributes, b"office:value-type")
        if b'calcext:value-type="error"' in attributes:
            text = _TEXT.search(cells, cell.end())
            look.odd.setdefault(number, {})[column] = (
                unescape(text.group(1).decode("utf-8", "replace")) if text else "?"
            )
        elif b"table:formula=" in attributes and not kind:
            look.odd.setdefault(number, {})[column] = NO_VALUE
        down = _number(attributes, b"table:number-rows-spanned", _MOST_REPEATED)
        across = _number(attributes, b"table:number-columns-spanned", _MOST_COLUMNS)
        if (down > 1 or across > 1) and cell.group(0).startswith(b"<table:table-cell"):
            look.merges.append((number, column, number + down - 1, column + across - 1))
        if kind in (b"float", b"currency") and number <= _STYLED_ROWS:
            meant: int | str | None = zeros.get(_attribute(attributes, b"table:style-name"))
            meant = meant or _attribute(attributes, b"office:currency").decode("ascii", "replace") or None
            votes.setdefault(column, Counter())[meant] += 1
        column += width
        if column > _MOST_COLUMNS:
            break
