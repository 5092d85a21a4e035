"""A comparison with an earlier period in every file: the same numbers as on the screen."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from funneldesk.domain.results import Report, ReportRequest, Span, Type
from funneldesk.exporting.report_compared import with_comparison
from funneldesk.exporting.report_csv import report_csv
from funneldesk.exporting.report_json import report_json
from funneldesk.report_words import comparison_report
from funneldesk.report_words.files import write_xlsx
from funneldesk.reports.catalog import CATALOG, compute
from funneldesk.reports.comparison import compare
from tests.reports.golden import at, golden

UTC = ZoneInfo("UTC")
COMPARED = [name for name, info in CATALOG.items() if info.compares]


def compared(name: str) -> Report:
    now = compute(golden(), ReportRequest(name, start=at("2025-02-01"), end=at("2025-03-01")))
    before = compute(golden(), ReportRequest(name, start=at("2025-01-01"), end=at("2025-02-01")))
    return compare(now, before, Span.PREVIOUS)


@pytest.mark.parametrize("name", COMPARED)
def test_the_spreadsheet_has_both_numbers_as_numbers(name: str, tmp_path: Path) -> None:
    report = compared(name)
    assert report.comparison is not None
    path = tmp_path / "report.xlsx"
    write_xlsx(report, path, UTC)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[-1] == "Comparison"
    lines = list(book.worksheets[-1].iter_rows(min_row=5, values_only=True))
    shown = comparison_report(report)
    assert shown is not None and len(lines) == len(shown.rows) == len(report.comparison.rows)
    for cells, line, words in zip(lines, report.comparison.rows, shown.rows, strict=True):
        assert (cells[0], cells[1], cells[6] or "") == (words["row"], words["figure"], words["verdict"])
        kind = report.column(line.key).type
        unit = 0.01 if kind is Type.MONEY else 1
        for cell, value in ((cells[2], line.now), (cells[3], line.before)):
            assert cell == (None if value is None else pytest.approx(value * unit))
        of_change = 100 if kind in (Type.RATE, Type.POINTS) else unit
        change = None if line.change is None else line.change * of_change
        assert cells[4] == (None if change is None else pytest.approx(change))
        assert cells[5] == (None if line.p is None else pytest.approx(line.p))


@pytest.mark.parametrize("name", COMPARED)
def test_csv_has_the_earlier_number_and_the_difference_beside_each(name: str) -> None:
    report = compared(name)
    assert report.comparison is not None
    lines = list(csv.DictReader(io.StringIO(report_csv(with_comparison(report)).decode("utf-8-sig"))))
    plain = list(csv.DictReader(io.StringIO(report_csv(report).decode("utf-8-sig"))))
    # what there was stays as it was
    assert [{key: line[key] for key in own} for line, own in zip(lines, plain, strict=False)] == plain
    words = report.naming()
    by_label = {tuple(line[key] for key in words): line for line in lines}
    told = json.loads(report_json(report, UTC))["compared"]["rows"]
    for line in told:
        if line["label"] is not None or not report.total_columns:
            cells = by_label[tuple(each or "" for each in line["label"] or ())]
            for side in ("before", "change"):
                cell, value = cells[f"{line['figure']}_{side}"], line[side]
                if value is None:
                    assert cell == ""
                else:
                    assert float(cell) == pytest.approx(value, abs=0.0051)


def test_who_is_of_the_earlier_period_only_stands_at_the_end_of_the_csv() -> None:
    report = compared("managers")
    lines = list(csv.DictReader(io.StringIO(report_csv(with_comparison(report)).decode("utf-8-sig"))))
    gone = [line for line in lines if line["deals"] == ""]
    assert len(lines) == len(report.rows) + len(gone)
    assert gone and gone == lines[-len(gone) :]
    assert all(int(line["deals_before"]) > 0 and line["deals_change"].startswith("-") for line in gone)


def test_without_a_comparison_nothing_is_added() -> None:
    report = compute(golden(), ReportRequest("managers"))
    assert with_comparison(report) is report
