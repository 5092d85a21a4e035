"""What an .xlsb says that its reader does not: error cells, hidden rows, merged cells, formats.

Only in the child.  Records by the published [MS-XLSB]; what does not fit them ends the look quietly,
since the reader proper says what is wrong with a file.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator

from funneldesk.importing.readers_biff import ERRORS
from funneldesk.importing.readers_format import Styles, currency_of, zeros_of
from funneldesk.importing.readers_look import BookLook, Look, columns_by_style

_ROW, _RK, _ERROR, _REAL, _FORMULA_NUMBER, _FORMULA_ERROR, _MERGE = 0, 2, 3, 5, 9, 11, 176
_FORMAT, _XF, _XFS, _XFS_END = 44, 47, 617, 618
_BOOK, _SHEET = 153, 156
_LOOKED_AT = 400
_MOST_MERGES = 50_000
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_LARGEST = 300_000_000


def look_into_xlsb(archive: zipfile.ZipFile) -> BookLook:
    """The look of every sheet."""
    book = BookLook()
    names = {info.filename: info.file_size for info in archive.infolist()}
    try:
        styles = _styles(archive.read("xl/styles.bin")) if "xl/styles.bin" in names else Styles()
        targets = _targets(archive.read("xl/_rels/workbook.bin.rels").decode("utf-8", "replace"))
        for kind, data in _records(archive.read("xl/workbook.bin")):
            if kind == _BOOK:
                book.from_1904 = bool(data[0] & 1)
            elif kind == _SHEET:
                relation, at = _wide(data, 8)
                name, _at = _wide(data, at)
                part = targets.get(relation, "")
                if 0 < names.get(part, 0) < _LARGEST:
                    look = book.sheets[name] = Look()
                    _look_at(archive.read(part), look, styles)
    except (struct.error, IndexError, KeyError, ValueError, UnicodeDecodeError):
        return book
    return book


def _targets(relations: str) -> dict[str, str]:
    out = {}
    for tag in _RELATION.findall(relations):
        name = re.search(r'\bId="([^"]*)"', tag)
        target = re.search(r'\bTarget="([^"]*)"', tag)
        if name and target:
            part = target.group(1)
            out[name.group(1)] = part.lstrip("/") if part.startswith("/") else f"xl/{part}"
    return out


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    """(kind, data) of every record."""
    at = 0
    while at < len(stream):
        kind = stream[at]
        at += 1
        if kind & 0x80:
            kind = kind & 0x7F | (stream[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in range(0, 28, 7):
            byte = stream[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        yield kind, stream[at : at + size]
        at += size


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """A text and where what follows it begins."""
    count = struct.unpack_from("<I", data, at)[0]
    end = at + 4 + 2 * min(count, 32_767)
    return data[at + 4 : end].decode("utf-16-le"), end


def _styles(stream: bytes) -> Styles:
    styles = Styles()
    codes: dict[int, str] = {}
    inside, xf = False, 0
    for kind, data in _records(stream):
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", data, 0)[0]] = _wide(data, 2)[0]
        elif kind in (_XFS, _XFS_END):
            inside = kind == _XFS
        elif kind == _XF and inside:
            code = codes.get(struct.unpack_from("<H", data, 2)[0], "")
            zeros, currency = zeros_of(code), currency_of(code)
            if zeros:
                styles.zeros[xf] = zeros
            if currency:
                styles.currency[xf] = currency
            xf += 1
    return styles


def _look_at(stream: bytes, look: Look, styles: Styles) -> None:
    row = 0
    counts: dict[int, dict[bytes, int]] = {}
    for kind, data in _records(stream):
        if kind == _ROW:
            row = struct.unpack_from("<I", data, 0)[0]
            if len(data) > 11 and data[11] & 0x10:
                look.hidden.add(row + 1)
        elif kind in (_ERROR, _FORMULA_ERROR):
            column = struct.unpack_from("<I", data, 0)[0]
            look.odd.setdefault(row + 1, {})[column] = ERRORS.get(data[8], "#?")
        elif kind in (_RK, _REAL, _FORMULA_NUMBER) and row < _LOOKED_AT:
            column, style = struct.unpack_from("<II", data, 0)
            of_column = counts.setdefault(column, {})
            key = str(style & 0xFFFFFF).encode()
            of_column[key] = of_column.get(key, 0) + 1
        elif kind == _MERGE and len(look.merges) < _MOST_MERGES:
            first, last, left, right = struct.unpack_from("<IIII", data, 0)
            look.merges.append((first + 1, left, last + 1, right))
    columns_by_style(look, counts, styles)
