"""The cross table on the screen: rows and columns are chosen, cells and sums open their deals."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from pypdf import PdfReader
from pytestqt.qtbot import QtBot

from funneldesk.domain.facts import OwnValues
from funneldesk.domain.results import ReportRequest
from funneldesk.report_words import cross
from funneldesk.report_words.files import write_xlsx
from funneldesk.ui.context import AppContext
from funneldesk.ui.offscreen import render_report_pdf
from funneldesk.ui.reports.answer import number_title
from funneldesk.ui.reports.page import ReportsPage
from tests.ui.reports.sample import Reporting


def open_cross(page: ReportsPage) -> None:
    page.choose("cross-table")
    assert page.answer is not None and page.view is not None


def test_rows_columns_and_the_figure_are_chosen(page: ReportsPage) -> None:
    open_cross(page)
    assert page.controls.by.text().startswith("Rows")
    assert page.controls.then_by[0].text().startswith("Columns")
    page.controls.by.choose("source")
    page.controls.then_by[0].choose("status")
    page.controls.columns.set_chosen([4])
    page.controls.columns.changed.emit()
    assert page.answer is not None and page.view is not None
    assert page.answer.request.by == ("source", "status")
    (panel,) = page.view.chart.panels
    assert panel.title == "Win rate"
    assert [shown.column.key for shown in page.view.table.rows.columns] == ["label", "label_2", "win_rate"]
    page.choose("lost")
    assert page.controls.by.text().startswith("By")


def test_a_cell_and_its_sums_open_their_deals(page: ReportsPage) -> None:
    open_cross(page)
    assert page.answer is not None and page.view is not None
    report = page.answer.report
    canvas = page.view.chart.panels[0].canvas
    counted: dict[str, int] = {}
    for hit in canvas.hits:
        if hit.opens:
            page.view.opened.emit(hit.row, hit.key)
            many = len(page.deals.model.rows)
            wanted = report.totals if hit.row is None else report.rows[hit.row]
            if "@" not in hit.key:
                assert many == wanted["deals"]
            counted[page.deals.heading.text()] = many
    managers, sources = report.extra["sides"]
    assert sum(n for name, n in counted.items() if name.startswith("Manager: ")) == report.totals["deals"]
    assert sum(n for name, n in counted.items() if name.startswith("Source: ")) == report.totals["deals"]
    assert len(canvas.hits) >= len(managers) + len(sources) + 1


def test_own_fields_of_deals_are_offered_and_cross_with_the_rest(
    qtbot: QtBot, context: AppContext, reporting: Reporting
) -> None:
    values = {deal.id: "gold" if deal.id % 3 else "silver" for deal in reporting.facts.deals if deal.id % 2}
    reporting.facts = replace(reporting.facts, own={"custom:Tier": OwnValues(False, values)})
    page = ReportsPage(context, reporting)
    qtbot.addWidget(page)
    page.show()
    open_cross(page)
    page.controls.by.choose("custom:Tier")
    page.controls.then_by[0].choose("status")
    assert page.controls.by.text() == "Rows: Tier"
    assert page.answer is not None and page.view is not None
    report = page.answer.report
    names = [cross.label_of(report, 0, line) for line in report.extra["sides"][0]]
    assert sorted(names[:2]) == ["gold", "silver"] and names[2:] == ["Not stated"]
    page.view.opened.emit(0, "deals")
    assert len(page.deals.model.rows) == report.rows[0]["deals"] > 0
    # a field that is there no more is not asked for
    reporting.facts = replace(reporting.facts, own={})
    page.controls.set_choices(reporting.choices(None))
    assert page.controls.by.text() == "Rows: Status"
    page.hide()


def test_one_property_alone_is_a_table(page: ReportsPage) -> None:
    open_cross(page)
    page.controls.then_by[0].choose("")
    assert page.view is not None and page.answer is not None
    assert page.answer.request.by == ("manager",)
    assert page.view.chart.panels == [] and page.view.table.isVisible()


@pytest.mark.parametrize("figure", ["deals", "win_rate", "won_amount"])
def test_the_grid_is_a_sheet_of_its_own(reporting: Reporting, tmp_path: Path, figure: str) -> None:
    report = reporting.run(None, ReportRequest("cross-table", by=("manager", "reason"), columns=(figure,)))
    path = tmp_path / "cross.xlsx"
    write_xlsx(report, path, ZoneInfo("UTC"))
    sheet = openpyxl.load_workbook(path)["Matrix"]
    managers, reasons = report.extra["sides"]
    assert (sheet.max_row, sheet.max_column) == (len(managers) + 2, len(reasons) + 2)
    scale = 100 if figure == "won_amount" else 1
    foot = [cell.value for cell in sheet[sheet.max_row]][1:]
    for told, line in zip(foot, [*reasons, report.totals], strict=True):
        value = line[figure]
        assert told == (None if value is None else pytest.approx(value / scale))
    assert number_title(report, None, f"deals{managers[0]['key']}").startswith("Manager: ")


@pytest.mark.parametrize(("figures", "said"), [((), 2), (("won",), 1)])
def test_on_paper_a_grid_of_one_figure_needs_no_table(
    qtbot: QtBot, reporting: Reporting, tmp_path: Path, figures: tuple[str, ...], said: int
) -> None:
    report = reporting.run(None, ReportRequest("cross-table", by=("status", "source"), columns=figures))
    path = tmp_path / "cross.pdf"
    render_report_pdf(report, path, ZoneInfo("UTC"))
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    assert len(re.findall(r"Exhibition", text)) == (1 if said == 1 else 4)  # as a head, and a row per status
