"""From a number to its deals, to the card of one, and back, in the whole window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.services import bases, demo
from funneldesk.store.database import Database
from funneldesk.ui.deal.card import DealCard
from funneldesk.ui.main_window import MainWindow, complete_window
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.screens import make_screens
from funneldesk.ui.wiring import shell_services
from tests.ui.shell_kit import Called, make_context


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "w.funneldesk", language="en") as made:
        demo.make_sample(made, deals=40, language="en")
        yield made


@pytest.fixture
def window(qtbot: QtBot, db: Database) -> Iterator[MainWindow]:
    made = complete_window(make_context(db), make_screens(), shell_services(), Called().commands())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    yield made
    made.hide()


def test_from_a_number_to_its_deals_to_a_card_and_back(window: MainWindow, db: Database) -> None:
    window.show_page("reports", report="stage-funnel")
    page = window.current_page()
    assert isinstance(page, ReportsPage) and page.view is not None and page.answer is not None
    table = page.view.table
    count = [shown.column.key for shown in table.rows.columns].index("count")
    row = next(n for n in range(table.rows.rowCount()) if table.rows.opens(n, count))
    table.setCurrentIndex(table.rows.index(row, count))
    QTest.keyClick(table, Qt.Key.Key_Return)
    deals = page.deals
    assert deals.isVisible()
    assert len(deals.model.rows) == page.answer.report.rows[row]["count"] > 1
    QTest.keyClick(deals.table, Qt.Key.Key_Down)
    QTest.keyClick(deals.table, Qt.Key.Key_Return)
    second = deals.model.rows[1].id
    assert window.card_open() == ("deal", second)
    assert isinstance(window.body.panel.card(), DealCard)

    window.go_back()
    assert window.card_open() is None
    assert window.current_page() is page and deals.isVisible()
    assert deals.table.currentIndex().row() == 1
    assert page.focusWidget() is deals.table, "the next deal is one key away"
    QTest.keyClick(deals.table, Qt.Key.Key_Down)
    QTest.keyClick(deals.table, Qt.Key.Key_Return)
    assert window.card_open() == ("deal", deals.model.rows[2].id)

    window.go_back()
    window.go_forward()
    assert window.card_open() == ("deal", deals.model.rows[2].id)


def test_the_losses_of_another_question_do_not_stand_under_a_report(window: MainWindow, db: Database) -> None:
    window.show_page("reports", report="stage-funnel")
    page = window.current_page()
    assert isinstance(page, ReportsPage) and page.view is not None and page.answer is not None
    whole = page.answer.report
    assert page.view.unsuccessful.isVisibleTo(page)
    first = replace(whole, extra={})  # as it is shown before its losses are read
    page.view.show_report(first)
    assert page.view.unsuccessful.isVisibleTo(page), "the same question: they stay until they come anew"
    page.view.show_report(replace(first, filters={"manager": ("Anna",)}))
    assert not page.view.unsuccessful.isVisibleTo(page)
