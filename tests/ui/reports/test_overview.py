"""The overview: chosen reports as tiles, refreshed by changes, printed together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain.goals import Standard
from funneldesk.services import deals, goals, views
from funneldesk.ui.reports import preview
from funneldesk.ui.reports.dashboard import SCREEN, USUAL, Dashboard
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.theme import SPACE_3
from tests.ui.clients.conftest import Desk
from tests.ui.clients.conftest import db as db
from tests.ui.clients.conftest import desk as desk


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[ReportsPage]:
    deals.create(desk.db, deals.NewDeal("Second", company_id=2, amount=200_00, manager_id=2), funnel_id=1)
    made = ReportsPage(desk.context)
    desk.context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1290, 696)
    made.show()
    yield made
    made.hide()


def board(page: ReportsPage) -> Dashboard:
    found = page.dashboard
    assert isinstance(found, Dashboard)
    return found


def names(page: ReportsPage) -> list[str]:
    return [tile.name for tile in board(page).tiles]


def test_the_tab_begins_with_the_usual_reports(page: ReportsPage) -> None:
    assert page.sides.currentWidget() is page.dashboard
    assert [tile.spec["report"] for tile in board(page).tiles] == list(USUAL)
    first = board(page).tiles[0]
    assert first.answer is not None and first.answer.report.totals["created"] == 2
    assert first.figures.tiles and first.figures.tiles[0].accessibleName().startswith("Created: 2")


def test_a_tile_opens_its_report_and_the_list_leads_back(page: ReportsPage) -> None:
    QTest.mouseClick(board(page).tiles[2].title, Qt.MouseButton.LeftButton)
    assert page.sides.currentIndex() == 0 and page.answer is not None
    assert page.answer.report.name == "managers" and page.choice.period.kind == "this_quarter"
    page.list.setCurrentRow(0)
    assert page.sides.currentWidget() is page.dashboard


def test_a_report_is_put_on_the_overview_with_what_is_chosen(page: ReportsPage, desk: Desk) -> None:
    page.choose("lost")
    page.controls.by.choose("reason")
    page.head.pin.click()
    assert names(page)[-1] == "Lost deals 2" and len(names(page)) == len(USUAL) + 1
    assert views.spec_of(views.views(desk.db, SCREEN)[-1])["own"]["lost"]["by"] == ["reason"]
    desk.undo()
    page.show_overview()
    assert names(page)[-1] != "Lost deals 2"


def test_tiles_are_moved_and_taken_off(page: ReportsPage, desk: Desk) -> None:
    before = names(page)
    board(page).shift(0, 1)
    assert names(page) == [before[1], before[0], *before[2:]]
    board(page).remove(0)
    assert names(page) == [before[0], *before[2:]]
    desk.undo()
    board(page).reload()
    assert names(page) == [before[1], before[0], *before[2:]]
    acts = {action.text(): action.isEnabled() for action in board(page).tiles[0].make_menu().actions()}
    assert acts["Move down"] and not acts["Move up"]


def test_a_change_is_seen_without_asking(page: ReportsPage, desk: Desk) -> None:
    def created() -> int:
        answer = board(page).tiles[0].answer
        assert answer is not None
        return int(answer.report.totals["created"])

    desk.context.tasks.write(
        lambda db: deals.create(db, deals.NewDeal("Third", company_id=3, manager_id=1), funnel_id=1)
    )
    page.count()  # the timer's work
    assert created() == 3


def test_all_tiles_are_printed_together(page: ReportsPage, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(preview, "show_preview", lambda reports, *_rest: shown.extend(reports))
    page._print()
    assert [report.name for report in shown] == list(USUAL)


def test_a_tile_whose_report_cannot_be_counted_says_so(page: ReportsPage, desk: Desk) -> None:
    board(page).add(
        {"report": "managers", "conditions": {"parts": [{"field": "amount", "op": "on", "value": "x"}]}}
    )
    tile = board(page).tiles[-1]
    assert tile.answer is not None or tile.words.text()


def test_a_tile_shows_as_many_columns_of_a_chart_as_can_be_read(page: ReportsPage, desk: Desk) -> None:
    for limit in (3, 7, 14, 30):
        goals.set_standard(desk.db, Standard(kind="contact", limit_=limit))
    page.choose("standards")
    page.head.pin.click()
    page.show_overview()
    tile = board(page).tiles[-1]
    panel = tile._panel
    assert panel is not None and panel.columns == 4
    for width, all_of_them in ((420, False), (2000, True), (420, False)):
        tile.resize(width, 400)
        low, high = panel.canvas.getViewBox().viewRange()[0]
        assert high - low == panel.room_for(width - 2 * SPACE_3)
        assert (high - low == panel.columns) == all_of_them
