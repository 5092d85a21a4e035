"""The board by months of the expected close, in the window."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.closing_months import LATER, NO_DATE, OVERDUE, columns_of, last_day
from funneldesk.domain.results import ReportRequest
from funneldesk.services import bulk, reporting
from funneldesk.settings import Settings, load_settings
from funneldesk.store.database import Database
from funneldesk.ui.board import board_actions
from tests.ui.board.board_kit import Bench, open_board, press

TODAY = clock.local_date(clock.now(), ZoneInfo("UTC"))
THIS, NEXT = columns_of(TODAY)[1:3]


def close(db: Database, deal: int, day: date | None) -> None:
    bulk.set_column(db, [("deal", deal)], "expected_close", day.isoformat() if day else None)


@pytest.fixture
def months(db: Database, qtbot: QtBot) -> Bench:
    """Deal 1 is overdue, 2 closes next month, 3 nobody knows, 4 closes today."""
    close(db, 1, TODAY - timedelta(days=3))
    close(db, 2, last_day(NEXT))
    close(db, 4, TODAY)
    board = open_board(db, qtbot, me=1)
    board.page.header.switch.buttons["months"].click()
    return board


def shown(board: Bench) -> dict[int, list[int]]:
    return {
        column.model.column.stage_id: [card.id for card in column.model.cards()]
        for column in board.page.area.columns
    }


def test_deals_stand_in_their_month_and_the_columns_add_up_to_the_report(months: Bench) -> None:
    there = shown(months)
    assert list(there) == list(columns_of(TODAY))
    assert {column: ids for column, ids in there.items() if ids} == {
        OVERDUE: [1], THIS: [4], NEXT: [2], NO_DATE: [3],
    }  # fmt: skip
    funnel = months.page.model.board.funnel_id
    totals = reporting.run(months.db, ReportRequest("active-funnel", funnel_id=funnel)).totals
    figures = [months.page.model.totals_of(c.model, clock.now()) for c in months.page.area.columns]
    assert sum(each.count for each in figures) == totals["open"] == 4
    assert sum(each.amount for each in figures) == totals["amount"]
    assert sum(each.weighted for each in figures) == pytest.approx(totals["expected_amount"])


def test_the_columns_overdue_and_this_month_are_the_forecast_by_dates(months: Bench) -> None:
    funnel = months.page.model.board.funnel_id
    asked = ReportRequest("forecast", funnel_id=funnel, by=("dated",))
    rows = reporting.run(months.db, asked).rows
    models = [c.model for c in months.page.area.columns if c.model.column.stage_id in (OVERDUE, THIS)]
    weighted = sum(months.page.model.totals_of(model, clock.now()).weighted for model in models)
    assert weighted == pytest.approx(sum(row["expected_amount"] for row in rows))


def test_a_card_dragged_to_another_month_closes_at_its_end_and_one_undo_takes_it_back(months: Bench) -> None:
    assert months.drop_on_stage(NEXT, 0, [1, 3])
    assert [months.row(deal)["expected_close"] for deal in (1, 3)] == [last_day(NEXT).isoformat()] * 2
    assert shown(months)[NEXT] == [1, 2, 3]
    assert months.page.area.selected_ids() == [1, 3]
    assert months.row(1)["stage_id"] == 1
    months.undo()
    assert months.row(1)["expected_close"] == (TODAY - timedelta(days=3)).isoformat()
    assert months.row(3)["expected_close"] is None
    assert shown(months)[OVERDUE] == [1]


def test_a_date_is_taken_away_and_what_is_no_month_takes_nothing(months: Bench) -> None:
    assert months.drop_on_stage(NO_DATE, 0, [2])
    assert months.row(2)["expected_close"] is None
    for column in (OVERDUE, LATER):
        assert not months.drop_on_stage(column, 0, [4])
    before = len(months.changes)
    assert months.drop_on_stage(THIS, 0, [4])  # where it stands already
    assert len(months.changes) == before
    assert months.row(4)["expected_close"] == TODAY.isoformat()


def test_keys_go_from_month_to_month(months: Bench) -> None:
    months.select(4)
    press(months, Qt.Key.Key_Right)
    assert months.row(4)["expected_close"] == last_day(NEXT).isoformat()
    press(months, Qt.Key.Key_Left)
    assert months.row(4)["expected_close"] == last_day(THIS).isoformat()
    press(months, Qt.Key.Key_Left)  # there is no month before
    assert months.row(4)["expected_close"] == last_day(THIS).isoformat()
    months.select(3)
    press(months, Qt.Key.Key_Left)  # from without a date to the last month
    assert months.row(3)["expected_close"] == last_day(columns_of(TODAY)[-3]).isoformat()
    press(months, Qt.Key.Key_Up)  # the order is that of the days
    assert months.row(3)["stage_id"] == 1


def test_a_card_says_its_stage_and_its_menu_moves_it_there(months: Bench) -> None:
    page = months.page
    first = page.model.board.columns[0].name
    assert page.own.words(1) == (first,)
    assert "close" in page.look.fields
    opened: list[tuple[str, int]] = []
    page.open_card.connect(lambda kind, deal: opened.append((kind, deal)))
    months.select(1)
    page.open_current()
    assert opened == [("deal", 1)]
    menu = board_actions.context_menu(page, page.actions_)
    move = next(each for each in menu.findChildren(QMenu) if each.title() == "Move to stage")
    assert [action.text() for action in move.actions()] == [c.name for c in page.model.board.columns]
    assert [action.isChecked() for action in move.actions()][:2] == [True, False]
    move.actions()[1].trigger()
    assert months.row(1)["stage_id"] == page.model.board.columns[1].stage_id
    assert shown(months)[OVERDUE] == [1]
    assert page.own.words(1) == (page.model.board.columns[1].name,)


def test_a_change_elsewhere_moves_the_card(months: Bench) -> None:
    close_all = bulk.set_column(months.db, [("deal", 3)], "expected_close", TODAY.isoformat())
    months.page.refresh(close_all)
    assert shown(months)[THIS] == [3, 4]


def test_stages_again_for_a_new_deal_and_a_past_day(months: Bench) -> None:
    page = months.page
    stages = [column.stage_id for column in page.model.board.columns]
    page.quick_add()
    assert list(shown(months)) == stages
    assert page.area.columns[0].quick_add is not None
    assert page.own.words(1) == ()
    page.header.switch.buttons["months"].click()
    assert list(shown(months)) == list(columns_of(TODAY))
    page.past.show_day((TODAY - timedelta(days=1)).isoformat())
    assert not page.months.on
    assert list(shown(months)) == stages
    page.header.switch.buttons["months"].click()
    assert page.past.at() is None
    assert list(shown(months)) == list(columns_of(TODAY))
    page.header.switch.buttons["board"].click()
    assert list(shown(months)) == stages


def test_months_are_shown_again_at_the_next_start_once_chosen(
    db: Database, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "settings.json"
    page = open_board(db, qtbot, settings=Settings(path=file)).page
    page.header.switch.buttons["months"].click()
    again = open_board(db, qtbot, settings=load_settings(file))
    assert again.page.months.on
    assert list(shown(again)) == list(columns_of(TODAY))
    assert "close" in again.page.look.fields and again.page.own.words(1)
    assert again.page.header.switch.buttons["months"].text() == "Months"
    again.page.past.show_day((TODAY - timedelta(days=1)).isoformat())  # goes to the stages without a choice
    again = open_board(db, qtbot, settings=load_settings(file))
    assert again.page.months.on
    again.page.header.switch.buttons["board"].click()
    again = open_board(db, qtbot, settings=load_settings(file))
    assert list(shown(again)) == [column.stage_id for column in again.page.model.board.columns]


def test_with_a_new_day_deals_are_overdue(months: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + clock.DAY)
    months.page._new_minute()
    assert shown(months)[OVERDUE][-1] == 4


def test_a_narrowed_board_weighs_only_what_it_shows(months: Bench) -> None:
    months.page.header.mine.setChecked(True)
    assert {column: ids for column, ids in shown(months).items() if ids} == {OVERDUE: [1], NO_DATE: [3]}
    totals = months.page.model.totals_of(months.page.area.columns[0].model, clock.now())
    assert (totals.count, totals.amount) == (1, 120_000_00)


def test_months_begin_at_the_left_with_the_focus_in_the_first(db: Database, qtbot: QtBot) -> None:
    board = open_board(db, qtbot, me=1)
    board.page.resize(700, 500)
    board.page.activateWindow()
    qtbot.waitUntil(board.page.isActiveWindow)
    board.select(4)
    assert board.view(2).hasFocus()
    board.page.header.switch.buttons["months"].click()
    assert board.page.area.horizontalScrollBar().value() == 0
    assert board.view(OVERDUE).hasFocus()
    words = [button.text() for button in board.page.header.switch.buttons.values()]
    assert words == ["Board", "Months", "List"]
    board.page.header.switch.buttons["board"].click()
    assert board.page.header.switch.buttons["months"].text() == ""
    assert board.page.header.switch.buttons["months"].toolTip()
