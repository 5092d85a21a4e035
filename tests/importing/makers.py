"""Files of every format, made by the tests themselves."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any

Rows = Sequence[Sequence[Any]]


def xlsx(path: Path, rows: Rows, *, sheet: str = "Sheet1", hidden: str | None = None) -> Path:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    if hidden:
        extra = book.add_worksheet(hidden)
        extra.write(0, 0, "secret")
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, date):
                moment = (
                    value if isinstance(value, datetime) else datetime.combine(value, datetime.min.time())
                )
                page.write_datetime(r, c, moment, day)
            elif isinstance(value, str):
                page.write_string(r, c, value)
            elif value is not None:
                page.write(r, c, value)
    page.activate()
    if hidden:
        page.set_first_sheet()
        extra.hide()
    book.close()
    return path


def text_of(rows: Rows, delimiter: str) -> str:
    def cell(value: Any) -> str:
        written = "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
        if any(sign in written for sign in (delimiter, '"', "\n")):
            return '"' + written.replace('"', '""') + '"'
        return written

    return "\r\n".join(delimiter.join(cell(v) for v in row) for row in rows) + "\r\n"


def csv(path: Path, rows: Rows, *, delimiter: str = ";", encoding: str = "utf-8") -> Path:
    path.write_bytes(text_of(rows, delimiter).encode(encoding))
    return path


def html(path: Path, rows: Rows) -> Path:
    def line(row: Sequence[Any]) -> str:
        return "<tr>" + "".join(f"<td>{'' if v is None else escape(str(v))}</td>" for v in row) + "</tr>"

    lines = "".join(map(line, rows))
    path.write_text(f"<html><meta charset=utf-8><body><table>{lines}</table></body></html>", encoding="utf-8")
    return path


def _kind(value: Any) -> str:
    return "Number" if isinstance(value, int | float) else "String"


def spreadsheet_ml(path: Path, rows: Rows) -> Path:
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    lines = "".join(
        "<Row>"
        + "".join(
            "<Cell/>" if v is None else f'<Cell><Data ss:Type="{_kind(v)}">{escape(str(v))}</Data></Cell>'
            for v in row
        )
        + "</Row>"
        for row in rows
    )
    path.write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="A"><Table>{lines}'  # noqa: E501
        "</Table></Worksheet></Workbook>",
        encoding="utf-8",
    )
    return path


def ods(path: Path, rows: Rows) -> Path:
    def cell(value: Any) -> str:
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, date):
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        if isinstance(value, int | float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        words = f"<text:p>{escape(value)}</text:p>"
        return f'<table:table-cell office:value-type="string">{words}</table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    base = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{base}office:1.0" '
        f'xmlns:table="{base}table:1.0" xmlns:text="{base}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="A">{lines}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{base}manifest:1.0"><manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return path
