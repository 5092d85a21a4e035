from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from funneldesk.domain.results import Column, Population, Report, Type
from funneldesk.errors import UserError
from funneldesk.exporting.files import atomic_path, atomic_write
from funneldesk.exporting.report_csv import report_csv
from funneldesk.exporting.report_json import report_json, report_to_dict
from funneldesk.exporting.report_xlsx import ReportWords, TableWords, sheet_name, write_report

AS_OF = 1_740_787_200_000_000  # 2025-03-01 00:00 UTC
WARSAW = ZoneInfo("Europe/Warsaw")


def small(**more: Any) -> Report:
    columns = (
        Column("stage", Type.TEXT),
        Column("count", Type.COUNT, opens=True),
        Column("amount", Type.MONEY),
        Column("weighted_amount", Type.MONEY),
        Column("share", Type.RATE),
    )
    report = Report(
        name="stage-funnel",
        funnel="Sales",
        as_of=AS_OF,
        start=None,
        end=AS_OF,
        population=str(Population.COHORT),
        rule="reached",
        currency="PLN",
        columns=columns,
        rows=(
            {"stage": "=1+1", "count": 3, "amount": 123_456, "weighted_amount": 1000.5, "share": 1.0},
            {"stage": "Ждём", "count": 0, "amount": 0, "weighted_amount": 0.0, "share": None},
        ),
        total_columns=(Column("won", Type.COUNT, opens=True), Column("won_amount", Type.MONEY)),
        totals={"won": 1, "won_amount": 5_000},
        excluded={"no_amount": 2},
        filters={"manager": ("Anna",)},
        extra={"by": ("stage",)},
    )
    return replace(report, **more)


WORDS = ReportWords(
    "Stage funnel",
    notes=(("Funnel", "Sales"), ("Rule", "+reached")),
    labels={"stage": "Stage", "count": "Deals", "won": "Won"},
    totals="Totals",
)


def test_json_has_exactly_the_agreed_keys_and_plain_numbers() -> None:
    made = report_to_dict(small(), WARSAW)
    keys = "report as_of from to population rule filters excluded rows totals"
    assert list(made) == keys.split()
    assert made["as_of"] == "2025-03-01T01:00:00+01:00"
    assert made["from"] is None
    assert made["filters"] == {"funnel": "Sales", "manager": ["Anna"]}
    assert made["rows"][0]["amount"] == pytest.approx(1234.56)
    assert made["rows"][0]["weighted_amount"] == pytest.approx(10.005)
    assert made["rows"][1]["share"] is None
    assert made["totals"] == {"won": 1, "won_amount": 50}
    assert json.loads(report_json(small(), WARSAW)) == made


def test_json_of_a_currency_without_minor_units_keeps_the_number() -> None:
    assert report_to_dict(small(currency="JPY"), WARSAW)["rows"][0]["amount"] == 123_456


def test_csv_has_rows_only_and_defuses_formulas() -> None:
    data = report_csv(small(), {"stage": "Stage"})
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == ["Stage", "count", "amount", "weighted_amount", "share"]
    assert rows[1] == ["'=1+1", "3", "1234.56", "10.00", "1.0"]
    assert rows[2] == ["Ждём", "0", "0.00", "0.00", ""]
    assert len(rows) == 3


def test_the_spreadsheet_holds_real_numbers_and_never_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(path, small(), WORDS)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.title == "Stage funnel"
    assert [sheet["A1"].value, sheet["A2"].value, sheet["B3"].value] == ["Stage funnel", "Funnel", "+reached"]
    assert [cell.value for cell in sheet[5]] == ["Stage", "Deals", "amount", "weighted_amount", "share"]
    first = sheet[6]
    assert (first[0].value, first[0].data_type) == ("=1+1", "s")
    assert [cell.value for cell in first][1:] == pytest.approx([3, 1234.56, 10.005, 1])
    assert first[2].number_format == "#,##0.00"
    assert first[4].number_format == "0.0%"
    assert sheet[7][4].value is None
    assert [cell.value for cell in sheet["A"]][8:] == ["Totals", "Won", "won_amount"]
    assert (sheet["B10"].value, sheet["B11"].value) == (1, 50)


def test_the_spreadsheet_has_a_native_chart_that_points_at_the_cells(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(path, small(), WORDS)
    with zipfile.ZipFile(path) as inside:
        chart = inside.read("xl/charts/chart1.xml").decode()
    assert "'Stage funnel'!$B$6:$B$7" in chart
    assert "barChart" in chart


def test_long_notes_take_several_lines_over_the_table(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(path, small(), replace(WORDS, notes=(("Funnel", "Sales"), ("Rule", "so many words " * 20))))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    across = {str(each) for each in sheet.merged_cells.ranges}
    assert {each.split(":")[0] for each in across} == {"B2", "B3"}
    letters = sum(sheet.column_dimensions[name].width for name in "BCDE")
    assert letters < 280  # more than one line needs
    assert sheet.row_dimensions[3].height >= 5 * 15  # of the usual height
    assert sheet["B3"].alignment.wrap_text


def test_numbers_that_are_all_whole_have_no_decimals(tmp_path: Path) -> None:
    columns = (Column("stage", Type.TEXT), Column("plan", Type.NUMBER), Column("per_entry", Type.NUMBER))
    rows = ({"stage": "A", "plan": 5, "per_entry": 2.0}, {"stage": "B", "plan": None, "per_entry": 1.5})
    path = tmp_path / "report.xlsx"
    write_report(path, small(columns=columns, rows=rows), WORDS)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [sheet[6][place].number_format for place in (1, 2)] == ["#,##0", "#,##0.00"]
    assert [sheet[6][place].value for place in (1, 2)] == [5, 2]


def test_sums_without_cents_are_shown_without_decimals(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    write_report(path, small(), replace(WORDS, whole_money=True))
    cell = openpyxl.load_workbook(path).worksheets[0][6][2]
    assert cell.number_format == "#,##0" and cell.value == pytest.approx(1234.56)


def test_words_are_put_in_by_the_caller(tmp_path: Path) -> None:
    def text_of(row: Any, column: Column) -> str:
        return f"<{row[column.key]}>"

    path = tmp_path / "report.xlsx"
    write_report(path, small(), replace(WORDS, text_of=text_of))
    assert openpyxl.load_workbook(path).worksheets[0]["A6"].value == "<=1+1>"


def test_a_table_below_has_its_row_of_totals(tmp_path: Path) -> None:
    columns = (Column("label", Type.TEXT), Column("lost", Type.COUNT), Column("lost_amount", Type.MONEY))
    rows = (
        {"label": "Dear", "lost": 2, "lost_amount": 500},
        {"label": "Late", "lost": 1, "lost_amount": 250},
    )
    total = {"label": "", "lost": 3, "lost_amount": 750}
    table = small(columns=columns, rows=rows, total_columns=columns, totals=total)
    heads = {column.key: column.key for column in columns}
    below = TableWords("Lost", table, heads, lambda row, column: str(row[column.key]), totals="Sum")
    bare = replace(below, title="Bare", report=replace(table, total_columns=(), totals={}))
    path = tmp_path / "report.xlsx"
    write_report(path, small(), replace(WORDS, below=[below, bare]))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    told = [[cell.value for cell in row[:3]] for row in sheet.iter_rows() if row[0].value is not None]
    start = told.index(["Lost", None, None])
    assert told[start + 1 : start + 6] == [
        ["label", "lost", "lost_amount"], ["Dear", 2, 5], ["Late", 1, 2.5], ["Sum", 3, 7.5],
        ["Bare", None, None],
    ]  # fmt: skip
    assert told[start + 6 :] == [["label", "lost", "lost_amount"], ["Dear", 2, 5], ["Late", 1, 2.5]]


def test_a_sheet_is_named_within_what_a_spreadsheet_allows() -> None:
    assert sheet_name("Sales: 2024/25 [all] and a very long tail") == "Sales  2024 25  all  and a very"
    assert sheet_name("'") == sheet_name("History") == "Report"


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "old.xlsx"
    path.write_bytes(b"old")

    def breaks() -> None:
        with atomic_path(path) as temporary:
            temporary.write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        breaks()
    assert [each.name for each in tmp_path.iterdir()] == ["old.xlsx"]
    assert path.read_bytes() == b"old"
    atomic_write(path, b"new")
    assert path.read_bytes() == b"new"


def _bytes(path: Path) -> None:
    atomic_write(path, b"")


def _spreadsheet(path: Path) -> None:
    write_report(path, small(), WORDS)


@pytest.mark.parametrize("write", [_bytes, _spreadsheet])
def test_a_place_that_cannot_be_written_is_told_in_words(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    with pytest.raises(UserError) as caught:
        write(tmp_path / "nowhere" / "report.xlsx")
    assert caught.value.code == "export.failed"
    assert "Errno" not in str(caught.value.params["reason"])
