# ruff: noqa: E501, C901
"""Workbooks with peculiar cells, for the corpus: xlsx, xls, xlsb and vCards."""

from __future__ import annotations

import quopri
import struct
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Zeros:
    """A number under the format 0000."""

    value: int
    width: int


@dataclass(frozen=True)
class Money:
    """A sum under a number format that shows its currency."""

    value: float
    shown_by: str
    currency: str


@dataclass(frozen=True)
class Failed:
    """A cell that holds an error."""

    text: str


@dataclass(frozen=True)
class Unsolved:
    """A formula whose value was never stored."""

    text: str


@dataclass
class Page:
    """A sheet; rows and merged ranges count rows from 1, columns from 0."""

    rows: Sequence[Sequence[Any]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_sheet: bool = False
    from_1904: bool = False


def xlsx(path: Path, page: Page) -> Path:
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    if page.from_1904:
        book.epoch = CALENDAR_MAC_1904
    sheet: Any = book.active
    sheet.title = str(page.rows[0][0])[:20] if page.rows[0][0] else "A"
    if page.hidden_sheet:
        extra = book.create_sheet("Old", 0)
        extra["A1"], extra["B1"] = "Company", "Phone"
        extra.sheet_state = "hidden"
    for r, row in enumerate(page.rows, 1):
        for c, value in enumerate(row, 1):
            if value is None:
                continue
            cell = sheet.cell(r, c)
            if isinstance(value, Zeros):
                cell.value, cell.number_format = value.value, "0" * value.width
            elif isinstance(value, Money):
                cell.value, cell.number_format = value.value, value.shown_by
            elif isinstance(value, Failed):
                cell.value, cell.data_type = value.text, "e"
            elif isinstance(value, Unsolved):
                cell.value = value.text
            else:
                cell.value = value
                if isinstance(value, date):
                    cell.number_format = "dd.mm.yyyy"
                elif isinstance(value, str):
                    cell.data_type = "s"
    for number in page.hidden_rows:
        sheet.row_dimensions[number].hidden = True
    for first, left, last, right in page.merges:
        sheet.merge_cells(start_row=first, start_column=left + 1, end_row=last, end_column=right + 1)
    book.active = sheet
    book.save(path)
    return path


_XLS_ERRORS = {"#N/A": 0x2A, "#REF!": 0x17}


def xls(path: Path, page: Page) -> Path:
    import xlwt

    book = xlwt.Workbook()
    book.dates_1904 = page.from_1904
    if page.hidden_sheet:
        extra = book.add_sheet("Old")
        extra.write(0, 0, "Company")
        extra.write(0, 1, "Phone")
        extra.visibility = 1
    sheet = book.add_sheet(str(page.rows[0][0])[:20] if page.rows[0][0] else "A")
    day = xlwt.easyxf(num_format_str="DD.MM.YYYY")
    merged = {(a - 1, b): (a - 1, c - 1, b, d) for a, b, c, d in page.merges}
    for r, row in enumerate(page.rows):
        for c, value in enumerate(row):
            if (r, c) in merged:
                sheet.write_merge(*merged[r, c], value)
            elif isinstance(value, Zeros):
                sheet.write(r, c, value.value, xlwt.easyxf(num_format_str="0" * value.width))
            elif isinstance(value, Money):
                sheet.write(r, c, value.value, xlwt.easyxf(num_format_str=value.shown_by))
            elif isinstance(value, Failed):
                sheet.row(r).set_cell_error(c, _XLS_ERRORS[value.text])
            elif isinstance(value, datetime):
                sheet.write(r, c, value, day)
            elif value is not None:
                sheet.write(r, c, value)
    for number in page.hidden_rows:
        sheet.row(number - 1).hidden = True
    if page.hidden_sheet:
        book.set_active_sheet(1)
    book.save(str(path))
    return path


def vcf(path: Path, clients: Sequence[Sequence[Any]], version: str) -> Path:
    lines = []
    for company, person, phone, email, _tax, city in clients:
        first, _, last = person.partition(" ")
        lines += ["BEGIN:VCARD", f"VERSION:{version}"]
        values = {"FN": person, "N": f"{last};{first};;;", "ORG": company, "ADR": f";;;{city};;;"}
        for name, value in values.items():
            if version == "2.1":
                written = quopri.encodestring(value.encode()).decode().replace("\n", "\r\n")
                lines.append(f"{name};CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{written}")
            else:
                lines.append(f"{name}:{value.replace(',', chr(92) + ',')}")
        tel = f"TEL;VALUE=uri:tel:{phone}" if version == "4.0" else f"TEL;TYPE=WORK:{phone}"
        lines += [tel, f"EMAIL:{email}", "END:VCARD"]
    path.write_bytes("\r\n".join(lines).encode())
    return path


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(data)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 127 else 0)])
        length >>= 7
        if not length:
            return head + size + data


def _text(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def xlsb(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """The least binary workbook: records of [MS-XLSB] for one sheet with texts and numbers."""
    cells = b""
    for r, row in enumerate(rows):
        cells += _record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, 0, 0, 0))
        for c, value in enumerate(row):
            start = struct.pack("<II", c, 0)
            if isinstance(value, str):
                cells += _record(6, start + _text(value))
            elif isinstance(value, int | float):
                cells += _record(5, start + struct.pack("<d", value))
            elif isinstance(value, Failed):
                cells += _record(3, start + bytes([_XLS_ERRORS[value.text]]))
    box = struct.pack("<IIII", 0, max(len(rows) - 1, 0), 0, max(map(len, rows)) - 1)
    sheet = _record(129) + _record(148, box) + _record(145) + cells + _record(146) + _record(130)
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text("A")
    book = (
        _record(131)
        + _record(153, struct.pack("<II", 0, 0) + _text(""))
        + _record(143)
        + _record(156, bundle)
    )
    book += _record(144) + _record(132)
    types = (
        '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.'
        'macroEnabled.main"/></Types>'
    )
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    open_ = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(
            "_rels/.rels",
            f'{open_}<Relationship Id="rId1" Type="{base}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'{open_}<Relationship Id="rId1" Type="{base}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path
