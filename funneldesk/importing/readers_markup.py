"""HTML tables and SpreadsheetML 2003, which other systems like to call .xls.  Only in the child."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from funneldesk.importing.child import ReadError, ReadOptions
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
    found = [t for t in tables.tables if t]
    if not found:
        raise ReadError("import.not_a_table")
    for number, rows in enumerate(found, 1):
        writer.begin_sheet(f"{path.stem} {number}" if len(found) > 1 else path.stem)
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
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins."""
        if tag == "table":
            self._end_cell()
            if len(self.tables) >= _MAX_TABLES:
                raise ReadError("import.too_many_parts", parts=len(self.tables))
            rows: list[list[Cell]] = []
            self.tables.append(rows)
            self._open.append(rows)
        elif tag == "tr" and self._open:
            self._end_cell()
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            self._end_cell()
            self._text = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), _MAX_SPAN) if span.isdecimal() and len(span) < 6 else 1
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """A table, row or cell ends."""
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self._open:
            self._end_cell()
            self._open.pop()

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
        rows[-1].append(text or None)
        rows[-1].extend([None] * (self._span - 1))
        self._text = None


def _read_xml(data: bytes, writer: StagingWriter) -> None:
    from defusedxml.ElementTree import fromstring

    root = fromstring(data, forbid_dtd=True)
    name = f"{{{_SPREADSHEET}}}"
    for sheet in root.iter(f"{name}Worksheet"):
        writer.begin_sheet(sheet.get(f"{name}Name") or "")
        number = 0
        for row in sheet.iter(f"{name}Row"):
            index = row.get(f"{name}Index") or ""
            number = int(index) if index.isdecimal() else number + 1
            writer.add(number, _xml_row(row, name))
        writer.end_sheet()


def _xml_row(row: Any, name: str) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row.iter(f"{name}Cell"):
        index = cell.get(f"{name}Index") or ""
        if index.isdecimal() and int(index) <= 16_384:
            cells.extend([None] * (int(index) - 1 - len(cells)))
        data = cell.find(f"{name}Data")
        cells.append(None if data is None else _xml_cell(data, name))
        merged = cell.get(f"{name}MergeAcross") or ""
        if merged.isdecimal():
            cells.extend([None] * min(int(merged), _MAX_SPAN))
        if len(cells) > _MAX_COLUMNS:
            raise ReadError("import.too_wide", row=1)
    return cells


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
