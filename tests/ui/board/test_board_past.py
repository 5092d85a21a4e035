"""The board of a past day: told by the history, and nothing on it can be changed."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.services import deals
from funneldesk.services.deals import WON, stage
from funneldesk.store.queries.past_board import first_move, past_board
from tests.ui.board.board_kit import Bench


def shift(board: Bench, days: int) -> None:
    """Let everything that has happened have happened so many days earlier."""
    with board.db.maintenance() as conn:
        by = days * DAY
        conn.exec_driver_sql(f"UPDATE stage_moves SET at = at - {by}")
        for column in ("created_at", "entered_at", "closed_at"):
            conn.exec_driver_sql(f"UPDATE deals SET {column} = {column} - {by}")


def today(board: Bench) -> date:
    return clock.local_date(clock.now(), board.page.context.zone)


def places(board: Bench) -> dict[int, list[int]]:
    shown = {c.model.column.stage_id: sorted(k.id for k in c.model.cards()) for c in board.page.area.columns}
    return {stage_id: ids for stage_id, ids in shown.items() if ids}


def test_the_board_shows_where_deals_stood_on_a_past_evening(board: Bench) -> None:
    shift(board, 40)
    deals.move(board.db, [1], stage(3))
    deals.move(board.db, [2], WON)
    board.page.reload()
    assert places(board) == {1: [3], 2: [4], 3: [1]}
    page = board.page
    page.past.show_day((today(board) - timedelta(days=20)).isoformat())
    assert places(board) == {1: [1, 2, 3], 2: [4]}
    assert page.area.columns[0].head._totals.amount == 170_000_00
    assert page.past.bar.isVisible()
    assert "to look at only" in page.past.bar.words.text()
    page.past.show_day((today(board) - timedelta(days=60)).isoformat())
    assert places(board) == {}
    page.past.bar.back.click()
    assert places(board) == {1: [3], 2: [4], 3: [1]}
    assert not page.past.bar.isVisible()


def test_nothing_moves_on_a_past_board(board: Bench) -> None:
    shift(board, 40)
    page = board.page
    page.past.begin()
    assert places(board) == {1: [1, 2, 3], 2: [4]}
    assert not board.drop_on_stage(3, 0, [1])
    board.select(1)
    QTest.keyClick(board.view(1), Qt.Key.Key_F2)
    assert page.editor is None
    page.quick_add()
    assert all(column.quick_add is None or not column.quick_add.isVisible() for column in page.area.columns)
    page.actions_.refresh()
    for name in ("right", "won", "lost", "delete", "edit"):
        assert not page.actions_.get(f"board-{name}").isEnabled(), name
    assert board.changes == []
    page.past.show_day("")
    page.actions_.refresh()
    assert page.actions_.get("board-right").isEnabled()
    assert board.drop_on_stage(3, 0, [1])


def test_the_slider_and_the_field_lead_to_the_same_day_which_the_reports_share(board: Bench) -> None:
    shift(board, 40)
    page = board.page
    page.past.begin()
    bar = page.past.bar
    assert bar.slider.maximum() == 40
    bar.slider.setValue(10)
    bar._rest.timeout.emit()
    day = (today(board) - timedelta(days=30)).isoformat()
    assert (page.context.as_of, bar.field.value()) == (day, day)
    page.context.as_of = (today(board) - timedelta(days=5)).isoformat()
    page.activated()
    assert bar.slider.value() == 35
    with board.db.read() as conn:
        assert first_move(conn) is not None


def test_the_past_board_of_this_moment_is_the_board(board: Bench) -> None:
    deals.move(board.db, [3], stage(4))
    with board.db.read() as conn:
        past = past_board(conn, 1, clock.now())
    board.page.reload()
    shown = {c.stage_id: sorted(card.id for card in c.cards) for c in past.columns if c.cards}
    assert shown == places(board)
    heads = [column.head._totals.amount for column in board.page.area.columns]
    assert [column.totals.amount for column in past.columns] == heads
