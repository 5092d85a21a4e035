# ruff: noqa: E501
"""The pages of `sheets` in the other formats: ods, xlsb, xlsm, HTML, SpreadsheetML 2003, csv, copied cells."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from tests.importing import makers, sheets
from tests.importing.sheets import Failed, Money, Page, Unsolved, Zeros, _record, _text

_ERRORS = {"#N/A": 0x2A, "#REF!": 0x17}
_BASE = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def shown(value: Any) -> str:
    """What a person sees in a cell."""
    if value is None:
        return ""
    if isinstance(value, Zeros):
        return str(value.value).zfill(value.width)
    if isinstance(value, Failed):
        return value.text
    return value.strftime("%d.%m.%Y") if isinstance(value, datetime) else str(value)


def spans(page: Page) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Where merged ranges begin with their height and width, and the places they cover."""
    starts, covered = {}, set()
    for first, left, last, right in page.merges:
        starts[first - 1, left] = (last - first + 1, right - left + 1)
        covered |= {(r - 1, c) for r in range(first, last + 1) for c in range(left, right + 1)}
        covered.discard((first - 1, left))
    return starts, covered


def _ods_cell(value: Any, more: str) -> str:
    if isinstance(value, Unsolved):
        return f'<table:table-cell{more} table:formula="of:{escape(value.text)}"/>'
    if value is None:
        return f"<table:table-cell{more}/>"
    if isinstance(value, Failed):
        return f'<table:table-cell{more} office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>{value.text}</text:p></table:table-cell>'
    words = f"<text:p>{escape(shown(value))}</text:p></table:table-cell>"
    if isinstance(value, datetime):
        return f'<table:table-cell{more} office:value-type="date" office:date-value="{value.date().isoformat()}">{words}'
    if isinstance(value, Zeros):
        return f'<table:table-cell{more} table:style-name="ce{value.width}" office:value-type="float" office:value="{value.value}">{words}'
    if isinstance(value, Money):
        return f'<table:table-cell{more} office:value-type="currency" office:currency="{value.currency}" office:value="{value.value}">{words}'
    if isinstance(value, int | float):
        return f'<table:table-cell{more} office:value-type="float" office:value="{value}">{words}'
    return f'<table:table-cell{more} office:value-type="string">{words}'


def ods(path: Path, page: Page) -> Path:
    starts, covered = spans(page)
    lines = []
    for r, row in enumerate(page.rows):
        cells = []
        for c, value in enumerate(row):
            down, across = starts.get((r, c), (1, 1))
            more = (
                f' table:number-rows-spanned="{down}" table:number-columns-spanned="{across}"'
                if (r, c) in starts
                else ""
            )
            cells.append("<table:covered-table-cell/>" if (r, c) in covered else _ods_cell(value, more))
        hidden = ' table:visibility="collapse"' if r + 1 in page.hidden_rows else ""
        lines.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    widths = {v.width for row in page.rows for v in row if isinstance(v, Zeros)}
    styles = "".join(
        f'<number:number-style style:name="N{w}"><number:number number:decimal-places="0" number:min-integer-digits="{w}"/></number:number-style>'
        f'<style:style style:name="ce{w}" style:family="table-cell" style:data-style-name="N{w}"/>'
        for w in widths
    )
    old = '<style:style style:name="ta9" style:family="table"><style:table-properties table:display="false"/></style:style>'
    extra = f'<table:table table:name="Old" table:style-name="ta9"><table:table-row>{_ods_cell("Company", "")}{_ods_cell("Phone", "")}</table:table-row></table:table>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_BASE}office:1.0" '
        f'xmlns:table="{_BASE}table:1.0" xmlns:text="{_BASE}text:1.0" xmlns:style="{_BASE}style:1.0" xmlns:number="{_BASE}datastyle:1.0" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}{old}</office:automatic-styles><office:body><office:spreadsheet>{extra if page.hidden_sheet else ''}"
        f'<table:table table:name="{escape(_title(page))}">{"".join(lines)}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = f'<manifest:manifest xmlns:manifest="{_BASE}manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path


def _title(page: Page) -> str:
    return str(page.rows[0][0])[:20] if page.rows[0][0] else "A"


def _xlsb_sheet(page: Page, styles: dict[Any, int]) -> bytes:
    cells = b""
    for r, row in enumerate(page.rows):
        hidden = 0x10 if r + 1 in page.hidden_rows else 0
        cells += _record(0, struct.pack("<IIHBBBI", r, 0, 300, 0, hidden, 0, 0))
        for c, value in enumerate(row):
            if isinstance(value, Zeros):
                cells += _record(5, struct.pack("<IId", c, styles[value.width], value.value))
            elif isinstance(value, Money):
                cells += _record(5, struct.pack("<IId", c, styles[value.shown_by], value.value))
            elif isinstance(value, datetime):
                days = (value - datetime(1899, 12, 30)).days - (1462 if page.from_1904 else 0)  # noqa: DTZ001
                cells += _record(5, struct.pack("<IId", c, styles["day"], days))
            elif isinstance(value, Failed):
                cells += _record(3, struct.pack("<II", c, 0) + bytes([_ERRORS[value.text]]))
            elif isinstance(value, int | float):
                cells += _record(5, struct.pack("<IId", c, 0, value))
            elif value is not None:
                cells += _record(6, struct.pack("<II", c, 0) + _text(str(value)))
    box = struct.pack("<IIII", 0, max(len(page.rows) - 1, 0), 0, max(map(len, page.rows)) - 1)
    merges = b"".join(_record(176, struct.pack("<IIII", a - 1, c - 1, b, d)) for a, b, c, d in page.merges)
    after = _record(177, struct.pack("<I", len(page.merges))) + merges + _record(178) if merges else b""
    return _record(129) + _record(148, box) + _record(145) + cells + _record(146) + after + _record(130)


def xlsb(path: Path, page: Page) -> Path:
    widths: list[Any] = sorted({v.width for row in page.rows for v in row if isinstance(v, Zeros)})
    widths += sorted({v.shown_by for row in page.rows for v in row if isinstance(v, Money)})
    styles: dict[Any, int] = {"day": 1, **{width: n + 2 for n, width in enumerate(widths)}}
    formats = b"".join(
        _record(44, struct.pack("<H", 170 + n) + _text(width if isinstance(width, str) else "0" * width))
        for n, width in enumerate(widths)
    )
    kinds = [0, 14, *[170 + n for n in range(len(widths))]]
    xfs = b"".join(_record(47, struct.pack("<HHHHHBBHH", 0, kind, 0, 0, 0, 0, 0, 0, 0)) for kind in kinds)
    look = _record(278)
    if formats:
        look += _record(615, struct.pack("<I", len(widths))) + formats + _record(616)
    look += _record(617, struct.pack("<I", len(kinds))) + xfs + _record(618) + _record(279)
    pages = [("Old", 1, Page([["Company", "Phone"]]))] if page.hidden_sheet else []
    pages.append((_title(page), 0, page))
    book = _record(131) + _record(153, struct.pack("<II", int(page.from_1904), 0) + _text("")) + _record(143)
    relations = f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId99" Type="{_OFFICE}/styles" Target="styles.bin"/>'
    with zipfile.ZipFile(path, "w") as archive:
        for n, (name, state, made) in enumerate(pages, 1):
            book += _record(156, struct.pack("<II", state, n) + _text(f"rId{n}") + _text(name))
            relations += (
                f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.bin"/>'
            )
            archive.writestr(f"xl/worksheets/sheet{n}.bin", _xlsb_sheet(made, styles))
        archive.writestr("xl/workbook.bin", book + _record(144) + _record(132))
        archive.writestr("xl/_rels/workbook.bin.rels", relations + "</Relationships>")
        archive.writestr("xl/styles.bin", look)
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        )
    return path


def xlsm(path: Path, page: Page) -> Path:
    """An xlsx that carries macros, as they are kept in it."""
    sheets.xlsx(path, page)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    types = parts["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in {
            **parts,
            "[Content_Types].xml": types,
            "xl/vbaProject.bin": b"\xd0\xcf" * 900,
        }.items():
            archive.writestr(name, data)
    return path


def html(path: Path, page: Page) -> Path:
    starts, covered = spans(page)
    lines = []
    for r, row in enumerate(page.rows):
        cells = []
        for c, value in enumerate(row):
            if (r, c) in covered:
                continue
            down, across = starts.get((r, c), (1, 1))
            span = (f" rowspan={down}" if down > 1 else "") + (f" colspan={across}" if across > 1 else "")
            cells.append(f"<td{span}>{escape(shown(value))}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    path.write_text(
        f"<html><meta charset=utf-8><body><table>{''.join(lines)}</table></body></html>", encoding="utf-8"
    )
    return path


def spreadsheet_ml(path: Path, page: Page) -> Path:
    starts, covered = spans(page)
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    lines = []
    for r, row in enumerate(page.rows):
        cells = []
        for c, value in enumerate(row):
            if (r, c) in covered or (value is None and (r, c) not in starts):
                continue
            down, across = starts.get((r, c), (1, 1))
            where = f' ss:Index="{c + 1}"'
            where += f' ss:MergeDown="{down - 1}"' if down > 1 else ""
            where += f' ss:MergeAcross="{across - 1}"' if across > 1 else ""
            cells.append(f"<Cell{where}>{_ml_data(value)}</Cell>")
        hidden = ' ss:Hidden="1"' if r + 1 in page.hidden_rows else ""
        lines.append(f'<Row ss:Index="{r + 1}"{hidden}>{"".join(cells)}</Row>')
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="{escape(_title(page))}"><Table>{"".join(lines)}'
        "</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    return path


def _ml_data(value: Any) -> str:
    if isinstance(value, datetime):
        return f'<Data ss:Type="DateTime">{value.isoformat()}.000</Data>'
    if isinstance(value, Failed):
        return f'<Data ss:Type="Error">{value.text}</Data>'
    kind = "Number" if isinstance(value, int | float) else "String"
    return f'<Data ss:Type="{kind}">{escape(shown(value))}</Data>' if value is not None else ""


def csv(path: Path, page: Page) -> Path:
    return makers.csv(path, [[shown(value) for value in row] for row in page.rows])


def copied(path: Path, page: Page) -> Path:
    """The text that a spreadsheet puts on the clipboard."""
    return makers.csv(path, [[shown(value) for value in row] for row in page.rows], delimiter="\t")


FORMS: dict[str, Callable[[Path, Page], Path]] = {
    "xlsx": sheets.xlsx,
    "xls": sheets.xls,
    "xlsm": xlsm,
    "xlsb": xlsb,
    "ods": ods,
    "html": html,
    "xml": spreadsheet_ml,
    "csv": csv,
    "copied": copied,
}
# What a format cannot hold.
NO_MERGES = frozenset(("csv", "copied"))
NO_HIDDEN_ROWS = frozenset(("csv", "copied", "html"))
NO_HIDDEN_SHEETS = frozenset(("csv", "copied", "html", "xml"))
TEXTS = frozenset(("csv", "copied", "html"))
