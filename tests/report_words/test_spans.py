from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from funneldesk.domain.results import ReportRequest
from funneldesk.report_words import cell_text, span_text
from funneldesk.report_words.files import write_xlsx
from funneldesk.reports.catalog import compute
from funneldesk.text import set_language
from tests.reports.golden import at, golden


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Feb 2025", "Q1 2025", "week 6, 2025"]),
        ("ru", ["февр. 2025", "1 кв. 2025", "6-я неделя 2025"]),
        ("pl", ["lut 2025", "1 kw. 2025", "tydz. 6, 2025"]),
    ],
)
def test_a_span_is_said_in_the_language(language: str, said: list[str]) -> None:
    set_language(language)
    try:
        assert [span_text(code) for code in ("2025-02", "2025-Q1", "2025-W06")] == said
    finally:
        set_language("en")


@pytest.mark.parametrize(
    ("request_", "key", "said"),
    [
        (ReportRequest("dynamics"), "period", "Jan 2025"),
        (ReportRequest("dynamics", by=("quarter",)), "period", "Q1 2025"),
        (ReportRequest("leaks", by=("month",)), "slice", "Jan 2025"),
        (ReportRequest("cross-table", by=("manager", "month")), "label_2", "Jan 2025"),
        (ReportRequest("plan-fact", start=at("2025-01-01"), end=at("2025-02-01")), "month", "Jan 2025"),
    ],
)
def test_reports_say_months_in_words_and_carry_their_codes(
    request_: ReportRequest, key: str, said: str
) -> None:
    report = compute(golden(), request_)
    told = [cell_text(report, report.column(key), row[key], row) for row in report.rows]
    assert said in told
    assert not any(str(row[key]) == said for row in report.rows)


def test_what_a_person_called_something_is_no_month() -> None:
    report = compute(golden(), ReportRequest("lost", by=("reason",)))
    assert cell_text(report, report.column("label"), "2025-02", report.rows[0]) == "2025-02"


def test_a_spreadsheet_keeps_the_codes_which_can_be_sorted(tmp_path: Path) -> None:
    path = tmp_path / "dynamics.xlsx"
    write_xlsx(compute(golden(), ReportRequest("dynamics")), path, ZoneInfo("UTC"))
    values = [cell.value for row in load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert "2025-01" in values and "Jan 2025" not in values
