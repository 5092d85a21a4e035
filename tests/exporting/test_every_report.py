"""Every report of the worked example in every file format, cell by cell."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from funneldesk.domain.results import Column, Report, ReportRequest, Type
from funneldesk.exporting.report_csv import report_csv
from funneldesk.exporting.report_json import report_json, report_to_dict
from funneldesk.exporting.report_xlsx import ReportWords, write_report
from funneldesk.reports.catalog import CATALOG, compute
from tests.reports.golden import golden

UTC = ZoneInfo("UTC")


def report_of(name: str) -> Report:
    return compute(golden(), ReportRequest(name))


def written(row: Any, column: Column) -> Any:
    """The value of a cell as a file holds it: money in units."""
    value = row[column.key]
    if value is None or isinstance(value, str):
        return value or None
    return pytest.approx(value / 100 if column.type is Type.MONEY else value)


@pytest.mark.parametrize("name", list(CATALOG))
def test_the_spreadsheet_holds_the_figures_of_the_report(name: str, tmp_path: Path) -> None:
    report = report_of(name)
    path = tmp_path / "report.xlsx"
    write_report(path, report, ReportWords("T", totals="Totals"))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    for row, cells in zip(report.rows, rows, strict=False):
        for column, cell in zip(report.columns, cells, strict=False):
            assert (None if cell == "" else cell) == written(row, column)
    if report.total_columns and report.total_columns != report.columns:
        totals = {row[0]: row[1] for row in rows[len(report.rows) + 1 :]}
        for column in report.total_columns:
            cell = totals[column.key]
            assert (None if cell == "" else cell) == written(report.totals, column)


@pytest.mark.parametrize("name", list(CATALOG))
def test_csv_and_json_hold_the_figures_of_the_report(name: str) -> None:
    report = report_of(name)
    data = json.loads(report_json(report, UTC))
    assert data == json.loads(json.dumps(report_to_dict(report, UTC)))
    lines = list(csv.DictReader(io.StringIO(report_csv(report).decode("utf-8-sig"))))
    assert len(lines) == len(report.rows) == len(data["rows"])
    for row, line, entry in zip(report.rows, lines, data["rows"], strict=True):
        for column in report.columns:
            expected = written(row, column)
            assert entry[column.key] == expected
            if expected is None or isinstance(expected, str):
                assert line[column.key] == (expected or "")
            else:
                # a spreadsheet's money ends at the minor unit
                assert float(line[column.key]) == pytest.approx(entry[column.key], abs=0.0051)


def test_csv_tells_the_team_from_deals_of_nobody() -> None:
    lines = list(csv.DictReader(io.StringIO(report_csv(report_of("manager-matrix")).decode("utf-8-sig"))))
    assert [line["scope"] for line in lines[:3]] == ["manager", "manager", "team"]
