"""HTML tables and SpreadsheetML 2003, which other systems like to call .xls.  Only in the child."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from funneldesk.importing.child import ReadError, ReadOptions
from funneldesk.importing.readers_look import NO_VALUE
from funneldesk.importing.readers_text import decode
from funneldesk.importing.staging import DATE, ERROR, Cell, StagingWriter

_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_CHARSET = re.compile(rb"(?:charset|encoding)=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_MAX_SPAN = 500
_MAX_COLUMNS = 16_384
_MAX_TABLES = 1_000


def read(
    path: Path, kind: str, writer: StagingWriter, options: ReadOptions, progress: Callable[[float], None]
) -> None:
    """Read every table of the page, or every worksheet of the XML, as a sheet."""
    data = path.read_bytes()
    if kind == "xml":
        if _SPREADSHEET.encode() not in data:
            raise ReadError("import.not_a_table")
        _read_xml(data, writer)
        return
    declared = _CHARSET.search(data[:4000])
    encoding = options.encoding or (_known(declared.group(1).decode()) if declared else None)
    text, used = decode(data, encoding)
    writer.note("encoding", used)
    tables = _Tables()
    tables.feed(text)
    tables.close()
    found = [(place, t) for place, t in enumerate(tables.tables) if t]
    if not found:
        raise ReadError("import.not_a_table")
    for number, (place, rows) in enumerate(found, 1):
        merges = tables.merges.get(place)
        writer.begin_sheet(
            f"{path.stem} {number}" if len(found) > 1 else path.stem,
            extra={"merges": merges} if merges else None,
        )
        for line, cells in enumerate(rows, 1):
            writer.add(line, cells)
        writer.end_sheet()
        progress(number / len(found))


def _known(encoding: str) -> str | None:
    """An encoding that a page declares, None when there is no such one: then it is found."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return None


class _Tables(HTMLParser):
    """Collects the cells of every table; a table in a table is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[Cell]]] = []
        self._open: list[list[list[Cell]]] = []
        self._text: list[str] | None = None
        self._span = self._down = 1
        self._below: list[
            dict[int, int]
        ] = []  # per open table: column -> rows that a cell above still covers
        self.merges: dict[int, list[tuple[int, int, int, int]]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins."""
        if tag == "table":
            self._end_cell()
            if len(self.tables) >= _MAX_TABLES:
                raise ReadError("import.too_many_parts", parts=len(self.tables))
            rows: list[list[Cell]] = []
            self.tables.append(rows)
            self._open.append(rows)
            self._below.append({})
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
            self._cover()
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._text = []
            given = dict(attrs)
            self._span, self._down = _span(given.get("colspan")), _span(given.get("rowspan"))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A table, row or cell ends."""
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()
            self._below.pop()

    def handle_data(self, data: str) -> None:
        """Text inside a cell."""
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is None or not self._open:
            return
        rows = self._open[-1]
        if not rows:
            rows.append([])
        text = " ".join("".join(self._text).replace("\xa0", " ").split(" ")).strip(" \t\r\n\x01")
        if len(rows[-1]) + self._span > _MAX_COLUMNS:
            raise ReadError("import.too_wide", row=len(rows))
        column = len(rows[-1])
        rows[-1].append(text or None)
        rows[-1].extend([None] * (self._span - 1))
        if self._down > 1:
            self._below[-1].update(dict.fromkeys(range(column, column + self._span), self._down - 1))
        if self._down > 1 or self._span > 1:
            place = next(n for n, table in enumerate(self.tables) if table is rows)
            box = (len(rows), column, len(rows) + self._down - 1, column + self._span - 1)
            self.merges.setdefault(place, []).append(box)
        self._text = None
        self._cover()

    def _cover(self) -> None:
        """Pass over the places of a row that cells above reach down to."""
        row, below = self._open[-1][-1], self._below[-1]
        while below.get(len(row), 0) > 0:
            below[len(row)] -= 1
            row.append(None)


def _span(text: str | None) -> int:
    return min(int(text), _MAX_SPAN) if text and text.isdecimal() and 0 < len(text) < 6 and int(text) else 1


def _read_xml(data: bytes, writer: StagingWriter) -> None:
    from defusedxml.ElementTree import fromstring

    root = fromstring(data, forbid_dtd=True)
    name = f"{{{_SPREADSHEET}}}"
    for sheet in root.iter(f"{name}Worksheet"):
        number = 0
        rows: list[tuple[int, list[Cell]]] = []
        hidden: list[int] = []
        merges: list[tuple[int, int, int, int]] = []
        below: dict[int, int] = {}  # column -> the last row that a cell above reaches down to
        for row in sheet.iter(f"{name}Row"):
            index = row.get(f"{name}Index") or ""
            number = int(index) if index.isdecimal() and 0 < int(index[:8]) < 10_000_000 else number + 1
            if row.get(f"{name}Hidden") == "1":
                hidden.append(number)
            rows.append((number, _xml_row(row, name, number, below, merges)))
        extra = {key: value for key, value in (("hidden", hidden), ("merges", merges)) if value}
        options = sheet.find("{urn:schemas-microsoft-com:office:excel}WorksheetOptions")
        visible = None if options is None else options.find("{urn:schemas-microsoft-com:office:excel}Visible")
        writer.begin_sheet(
            sheet.get(f"{name}Name") or "",
            hidden=visible is not None and (visible.text or "").startswith("Sheet"),
            extra=extra,
        )
        for place, cells in rows:
            writer.add(place, cells)
        writer.end_sheet()


def _xml_row(
    row: Any, name: str, number: int, below: dict[int, int], merges: list[tuple[int, int, int, int]]
) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iter(f"{name}Cell"):
        index = cell.get(f"{name}Index") or ""
        if index.isdecimal() and len(index) < 6 and int(index) <= _MAX_COLUMNS:
            cells.extend([None] * (int(index) - 1 - len(cells)))
        else:
            while below.get(len(cells), -1) >= number:
                cells.append(None)
        data = cell.find(f"{name}Data")
        across, down = _merged(cell, f"{name}MergeAcross"), _merged(cell, f"{name}MergeDown")
        column = len(cells)
        cells.append(_xml_value(cell, data, name))
        cells.extend([None] * across)
        if down:
            below.update(dict.fromkeys(range(column, column + across + 1), number + down))
        if down or across:
            merges.append((number, column, number + down, column + across))
        if len(cells) > _MAX_COLUMNS:
            raise ReadError("import.too_wide", row=number)
    return cells


def _merged(cell: Any, name: str) -> int:
    text = cell.get(name) or ""
    return min(int(text), _MAX_SPAN) if text.isdecimal() and len(text) < 8 else 0


def _xml_value(cell: Any, data: Any, name: str) -> Cell:
    if data is not None:
        return _xml_cell(data, name)
    return ERROR + NO_VALUE if cell.get(f"{name}Formula") else None


def _xml_cell(data: Any, name: str) -> Cell:
    text = "".join(data.itertext()).strip("\x01 \r\n\t")
    kind = data.get(f"{name}Type")
    if not text:
        return None
    if kind == "Number":
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    if kind == "DateTime":
        return DATE + text.split(".")[0]
    if kind == "Error":
        return ERROR + text
    return text
