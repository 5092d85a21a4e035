"""What a report is asked for: the controls over it, what they remember, how much room they take."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from funneldesk.domain.condition import EVERYTHING, Condition, Group
from funneldesk.reports.catalog import CATALOG
from funneldesk.text import set_language
from funneldesk.ui.context import AppContext
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.reports.period import Period
from funneldesk.ui.widgets.flow import FlowLayout
from tests.ui.reports.sample import Reporting, shown


def test_a_choice_is_remembered_by_the_next_page(
    qtbot: QtBot, page: ReportsPage, context: AppContext, reporting: Reporting
) -> None:
    page.choose("lost")
    page.controls.by.choose("reason")
    page.controls.period.choose("last_365")
    page.controls.managers.set_chosen([2])
    again = ReportsPage(context, reporting)
    qtbot.addWidget(again)
    assert again.choice.report == "lost"
    assert again.answer is not None
    assert again.answer.request.by == ("reason",)
    assert again.answer.request.managers == (2,)
    assert again.answer.request.start is not None
    assert again.controls.by.value() == "reason"


def test_what_was_remembered_wrongly_does_not_stop_the_page(
    qtbot: QtBot, context: AppContext, reporting: Reporting
) -> None:
    context.settings.more["reports"] = {
        "report": "gone", "period": {"kind": 3, "first": "x"}, "managers": "all", "as_of": "soon",
        "own": {"lost": {"by": ["nothing"]}, "stage-funnel": {"rule": "no", "population": "no"}},
        "funnel": 99,
    }  # fmt: skip
    made = ReportsPage(context, reporting)
    qtbot.addWidget(made)
    made.choose("stage-funnel")
    assert made.answer is not None


def test_controls_show_only_what_a_report_knows(page: ReportsPage) -> None:
    controls = page.controls
    assert controls.rule.isVisible()
    assert not controls.by.isVisible()
    page.choose("lost")
    assert controls.by.isVisible()
    assert not controls.rule.isVisible()
    page.choose("cycle")
    assert not controls.by.isVisible()


def test_filters_that_leave_nothing_say_so_and_can_be_cleared(qtbot: QtBot, page: ReportsPage) -> None:
    page.controls.period.set_period(Period("custom", "1999-01-01", "1999-12-31"))
    page.controls.period.changed.emit()
    assert page.stack.currentWidget() is page.empty
    assert not page.output.pdf.isEnabled()
    QTest.mouseClick(page.empty.button, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    assert page.stack.currentWidget() is page.view


def test_losses_are_grouped_by_up_to_three_things(page: ReportsPage) -> None:
    page.choose("lost")
    controls = page.controls
    second, third = controls.then_by
    assert second.isVisible() and not third.isVisible()
    second.choose("reason")
    assert third.isVisible()
    third.choose("manager")
    assert shown(page).report.extra["by"] == ("stage", "reason", "manager")
    table = shown(page).table
    heads = [table.rows.columns[place].label for place in range(3)]
    assert heads == ["Stage", "Reason", "Manager"]
    page.open_deals(0, "lost")
    assert page.deals.table.model().rowCount() == shown(page).report.rows[0]["lost"]
    second.choose("")
    assert shown(page).report.extra["by"] == ("stage", "manager")
    assert (second.value(), third.value()) == ("manager", "")
    page.choose("dynamics")
    assert not second.isVisible() and not third.isVisible()


def test_a_figure_of_ones_own_is_asked_for_and_remembered(
    page: ReportsPage, context: AppContext, reporting: Reporting, qtbot: QtBot
) -> None:
    controls = page.controls
    large = Group((Condition("amount", "ge", 500_00),))
    assert controls.figure.isVisible()
    controls.figure.set_tree(large)
    assert page.answer is not None
    assert page.answer.request.figure == large
    assert page.answer.request.condition == EVERYTHING
    assert "500" in page.answer.request.figure_words
    assert controls.figure.text().startswith("Own figure: Amount")
    kept = page.choice.spec()
    page.choose("managers")
    assert not controls.figure.isVisible()
    assert page.answer.request.figure == EVERYTHING
    again = ReportsPage(context, reporting)
    qtbot.addWidget(again)
    again.choose("stage-funnel")
    assert again.answer is not None and again.answer.request.figure == large
    again.controls.figure.clear()
    assert again.answer.request.figure == EVERYTHING
    again.show_variant(kept)
    assert again.answer.request.figure == large


@pytest.mark.parametrize("spoken", ["en", "ru", "pl"])
def test_the_controls_take_two_lines_in_a_small_window(
    qtbot: QtBot, context: AppContext, reporting: Reporting, spoken: str
) -> None:
    set_language(spoken)
    page = ReportsPage(context, reporting)
    qtbot.addWidget(page)
    page.resize(1278, 696)  # what a window of 1366 x 768 leaves
    page.show()
    qtbot.waitUntil(lambda: page.controls.width() > 900)
    page.choice.period = Period("this_quarter")  # so that it can be compared, and cleared
    high = {}
    for name in CATALOG:
        page.choose(name)
        high[name] = len(page.controls.flow._lines(page.controls.width()))

    assert page.controls.width() < 1020
    assert {name: lines for name, lines in high.items() if lines != 2} == {}
    page.hide()


def test_what_narrows_stands_in_a_line_of_its_own_while_that_costs_none(qtbot: QtBot) -> None:
    row = QWidget()
    flow = FlowLayout(row, 10)
    qtbot.addWidget(row)
    boxes = [QWidget(row) for _each in range(6)]
    for place, box in enumerate(boxes):
        box.setFixedSize(100, 20)
        flow.addWidget(box)
        if place == 2:
            flow.part()
    row.show()
    places = {}
    for width in (700, 320, 215, 105):
        flow.setGeometry(QRect(0, 0, width, 200))
        places[width] = [box.y() // 30 for box in boxes]
    assert places[700] == places[320] == [0, 0, 0, 1, 1, 1]
    assert places[215] == [0, 0, 1, 1, 2, 2]  # of its own it would take a fourth
    assert places[105] == [0, 1, 2, 3, 4, 5]
