"""Rows of records as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import load_workbook

from funneldesk.exporting.records import write_records


def test_a_sum_in_a_spreadsheet_has_the_decimals_of_its_own_currency(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"amount": 1_500, "currency": "JPY"},
        {"amount": 150_050, "currency": "EUR"},
        {"amount": 1_500_500, "currency": "KWD"},
        {"amount": 100, "currency": None},
    ]
    file = tmp_path / "deals.xlsx"
    write_records(file, ["amount", "currency"], rows, zone=ZoneInfo("UTC"), currency="EUR")
    sheet = load_workbook(file).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [1500, 1500.5, 1500.5, 1]
    assert [cell.number_format for cell in cells] == ["#,##0", "#,##0.00", "#,##0.000", "#,##0.00"]
