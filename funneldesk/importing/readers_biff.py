"""What an .xls says that its reader does not: formats with zeros, error cells, hidden rows.

Only in the child.  Layout by the published [MS-CFB] and [MS-XLS]; whatever does not fit them ends
the look quietly, since the reader proper says what is wrong with a file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from funneldesk.importing.readers_format import Styles, currency_of, zeros_of
from funneldesk.importing.readers_look import NO_VALUE, BookLook, Look

_END = 0xFFFFFFFA
ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A",
}  # fmt: skip
_BOUNDSHEET, _FORMAT, _XF, _DATEMODE, _BOF, _EOF = 0x85, 0x41E, 0xE0, 0x22, 0x809, 0x0A
_ROW, _NUMBER, _RK, _MULRK, _BOOLERR, _FORMULA, _LABEL = 0x208, 0x203, 0x27E, 0xBD, 0x205, 0x06, 0xFD
_LOOKED_AT = 400


def look_into_xls(data: bytes) -> BookLook:
    """The look of a whole .xls file (an OLE container or a bare stream)."""
    book = BookLook()
    try:
        stream = _workbook(data)
        _look(stream, book)
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return book
    return book


def _workbook(data: bytes) -> bytes:
    """The stream "Workbook" of the container."""
    if not data.startswith(b"\xd0\xcf\x11\xe0"):
        return data
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError(size)
    fat = _fat(data, size)
    directory = _chain(data, fat, struct.unpack_from("<I", data, 48)[0], size)
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        if name in ("Workbook", "Book"):
            start, total = struct.unpack_from("<II", directory, at + 116)
            if total < 4096:
                return b""  # kept in the small stream: no file that a program wrote is that short
            return _chain(data, fat, start, size)[:total]
    return b""


def _fat(data: bytes, size: int) -> list[int]:
    sectors = list(struct.unpack_from("<109I", data, 76))
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, 10_000)):
        if more >= _END:
            break
        words = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        sectors.extend(words[:-1])
        more = words[-1]
    fat: list[int] = []
    for sector in sectors:
        if sector < _END:
            fat.extend(struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size))
    return fat


def _chain(data: bytes, fat: list[int], sector: int, size: int) -> bytes:
    parts = []
    for _ in range(len(fat)):
        if sector >= _END:
            break
        parts.append(data[(sector + 1) * size : (sector + 2) * size])
        sector = fat[sector]
    return b"".join(parts)


def _records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """(kind, where its data begin, their length)."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, at + 4, length
        at += 4 + length


def _look(stream: bytes, book: BookLook) -> None:
    sheets: list[tuple[str, int]] = []
    codes: dict[int, str] = {}
    styles = Styles()
    xf = 0
    for kind, at, _length in _records(stream, 0):
        if kind == _DATEMODE:
            book.from_1904 = stream[at] == 1
        elif kind == _BOUNDSHEET:
            place = struct.unpack_from("<I", stream, at)[0]
            sheets.append((_short_text(stream, at + 6), place))
        elif kind == _FORMAT:
            number, count, wide = struct.unpack_from("<HHB", stream, at)
            text = stream[at + 5 : at + 5 + count * (2 if wide & 1 else 1)]
            codes[number] = text.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
        elif kind == _XF:
            code = codes.get(struct.unpack_from("<H", stream, at + 2)[0], "")
            zeros, currency = zeros_of(code), currency_of(code)
            if zeros:
                styles.zeros[xf] = zeros
            if currency:
                styles.currency[xf] = currency
            xf += 1
        elif kind == _EOF:
            break
    for name, place in sheets:
        look = book.sheets[name] = Look()
        _look_at(stream, place, look, styles)


def _short_text(stream: bytes, at: int) -> str:
    count, wide = stream[at], stream[at + 1] & 1
    return stream[at + 2 : at + 2 + count * (2 if wide else 1)].decode("utf-16-le" if wide else "latin-1")


def _look_at(stream: bytes, place: int, look: Look, styles: Styles) -> None:
    from funneldesk.importing.readers_look import columns_by_style

    counts: dict[int, dict[bytes, int]] = {}
    for kind, at, length in _records(stream, place):
        if kind == _EOF:
            break
        if kind == _ROW:
            if struct.unpack_from("<H", stream, at + 12)[0] & 0x20:
                look.hidden.add(struct.unpack_from("<H", stream, at)[0] + 1)
        elif kind in (_NUMBER, _RK, _LABEL, _FORMULA, _BOOLERR):
            row, column, style = struct.unpack_from("<HHH", stream, at)
            if row < _LOOKED_AT:
                _count(counts, column, style)
            text = _odd_text(stream, kind, at)
            if text:
                look.odd.setdefault(row + 1, {})[column] = text
        elif kind == _MULRK:
            row, column = struct.unpack_from("<HH", stream, at)
            for index in range((length - 6) // 6 if row < _LOOKED_AT else 0):
                _count(counts, column + index, struct.unpack_from("<H", stream, at + 4 + index * 6)[0])
    columns_by_style(look, counts, styles)


def _count(counts: dict[int, dict[bytes, int]], column: int, style: int) -> None:
    of_column = counts.setdefault(column, {})
    key = str(style).encode()
    of_column[key] = of_column.get(key, 0) + 1


def _odd_text(stream: bytes, kind: int, at: int) -> str | None:
    """The error of a cell, or that its formula is only calculated when its program opens the file."""
    if kind == _BOOLERR and stream[at + 7] == 1:
        return ERRORS.get(stream[at + 6], "#?")
    if kind == _FORMULA and stream[at + 12 : at + 14] == b"\xff\xff":
        if stream[at + 6] == 2:
            return ERRORS.get(stream[at + 8], "#?")
        if stream[at + 6] == 3 and struct.unpack_from("<H", stream, at + 14)[0] & 2:
            return NO_VALUE
    return None
