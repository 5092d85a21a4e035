"""Whatever the history: the screen, JSON, CSV, the spreadsheet and the PDF say one and the same."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given, settings
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.results import Column, Report, ReportRequest, Type
from funneldesk.exporting.report_csv import report_csv
from funneldesk.exporting.report_json import report_json
from funneldesk.report_words import cell_text, figures, findings, has_total_row, shown_columns
from funneldesk.report_words.files import write_xlsx
from funneldesk.report_words.spans import is_span
from funneldesk.reports.catalog import CATALOG, compute
from funneldesk.ui.reports.print import render_pdf
from funneldesk.ui.reports.table import ReportModel
from funneldesk.ui.theme import choose_theme
from tests.reports.test_invariants import histories

UTC = ZoneInfo("UTC")
_CODES = ("finding", "cause")


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def units(value: Any, column: Column) -> Any:
    if value is None or isinstance(value, str):
        return value or None
    return pytest.approx(value / 100 if column.type is Type.MONEY else value)


def check_json_and_csv(report: Report) -> None:
    data = json.loads(report_json(report, UTC))
    lines = list(csv.DictReader(io.StringIO(report_csv(report).decode("utf-8-sig"))))
    assert len(data["rows"]) == len(lines) == len(report.rows)
    for row, entry, line in zip(report.rows, data["rows"], lines, strict=True):
        for column in report.columns:
            value = units(row[column.key], column)
            assert (entry[column.key] or None) == value or entry[column.key] == value
            if value is None or isinstance(value, str):
                assert line[column.key].removeprefix("'") == (value or "")
            else:
                # money in CSV ends at the minor unit
                assert float(line[column.key]) == pytest.approx(entry[column.key], abs=0.0051)
    for column in report.total_columns:
        value = data["totals"][column.key]
        assert (value if value != "" else None) == units(report.totals[column.key], column)


def check_screen(model: ReportModel, report: Report) -> set[str]:
    """Every cell is its number in words; gives all that the screen says."""
    model.set_report(report)
    shown = shown_columns(report)
    said = set()
    for index in range(len(report.rows)):
        values: Mapping[str, Any] = report.rows[index]
        for place, column in enumerate(shown):
            told = model.text(index, place)
            if not column.range_of:
                value, cents = values[column.column.key], column.cents or None
                assert told == cell_text(report, column.column, value, values, cents=cents)
            said.add(told)
    if has_total_row(report):
        said |= {model.text(len(report.rows), place) for place in range(len(shown))}
    return said | {figure.text for figure in figures(report)} | {each.text for each in findings(report)}


def check_spreadsheet(report: Report, path: Path) -> None:
    write_xlsx(report, path, UTC)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = [list(row) for row in sheet.iter_rows(values_only=True)]
    columns = [c for c in report.columns if report.name != "audit" or c.key not in _CODES]
    told = 1 if report.name == "audit" else 0
    if not report.rows:
        return
    top = next(n for n, row in enumerate(cells) if n > 1 and row[0] and cells[n - 1][0] is None) + 1
    for row, line in zip(report.rows, cells[top:], strict=False):
        for column, cell in zip(columns, line[told:], strict=False):
            if column.type in (Type.TEXT, Type.FLAG):
                code = row[column.key] if is_span(report, column.key, row) else None
                assert (cell or "") == (code or cell_text(report, column, row[column.key], row))
            else:
                assert cell == units(row[column.key], column)


@pytest.mark.parametrize("name", list(CATALOG))
@settings(max_examples=4)
@given(facts=histories())
def test_every_output_says_the_same(qapp: QApplication, name: str, facts: FunnelFacts) -> None:
    report = compute(facts, ReportRequest(name))
    check_json_and_csv(report)
    said = check_screen(ReportModel(choose_theme("light")), report)
    with tempfile.TemporaryDirectory() as folder:
        check_spreadsheet(report, Path(folder) / "r.xlsx")
        path = Path(folder) / "r.pdf"
        render_pdf(report, path, zone=UTC)
        printed = squeezed("".join(page.extract_text() for page in PdfReader(path).pages))
    for text in said:
        assert squeezed(text) in printed, text
