"""Every way of moving a deal: drag, keys, menu, drop zones; one service behind them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.deal import Status
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.services import bases, deals, funnels
from funneldesk.store.database import Database
from funneldesk.ui.board.deal_dialogs import LossDialog, WonDialog
from tests.ui.board.board_kit import Bench, open_board, press, send_drop, win

# -- drag and drop ------------------------------------------------------------------------------


def test_a_card_dropped_on_another_column_goes_there_above_the_card_it_was_dropped_on(board: Bench) -> None:
    assert (board.ids(1), board.ids(2)) == ([1, 2, 3], [4])
    assert board.drop_on_stage(2, 0, [2])
    assert (board.ids(1), board.ids(2)) == ([1, 3], [2, 4])
    assert board.row(2)["stage_id"] == 2
    assert board.drop_on_stage(2, 2, [3])
    assert board.ids(2) == [2, 4, 3]


def test_cards_are_put_in_order_within_a_column(board: Bench) -> None:
    assert board.drop_on_stage(1, 0, [3])
    assert board.ids(1) == [3, 1, 2]
    assert board.drop_on_stage(1, 3, [3])
    assert board.ids(1) == [1, 2, 3]
    assert board.toasts == [], "a change of order alone says nothing"


def test_cards_that_share_a_position_are_put_in_order_all_the_same(board: Bench) -> None:
    with board.db.maintenance() as conn:
        conn.exec_driver_sql("UPDATE deals SET position = 0 WHERE stage_id = 1")
    board.page.refresh(None)
    assert board.ids(1) == [1, 2, 3]
    board.drop_on_stage(1, 1, [3])
    assert board.ids(1) == [1, 3, 2]
    board.undo()
    assert board.ids(1) == [1, 2, 3]


def test_a_card_can_be_put_between_the_same_two_any_number_of_times(board: Bench) -> None:
    board.drop_on_stage(1, 3, [1])
    for _turn in range(70):  # a float halves about fifty times
        board.drop_on_stage(1, 1, [board.ids(1)[2]])
    first, *rest = board.ids(1)
    assert first == 2 and sorted(rest) == [1, 3]
    with board.db.read() as conn:
        places = conn.exec_driver_sql("SELECT position FROM deals WHERE stage_id = 1").scalars().all()
    assert len(set(places)) == 3


def test_a_stale_card_is_painted_with_its_mark(board: Bench) -> None:
    with board.db.transaction(Label("stage.changed")) as tx:
        tx.update(Stage, 1, limit_days=0.0)
    before = board.view(1).viewport().grab().toImage()
    board.page.refresh(None)
    assert board.view(1).viewport().grab().toImage() != before


def test_the_order_is_the_same_when_the_board_is_read_again(board: Bench, qtbot: QtBot) -> None:
    board.drop_on_stage(1, 2, [1])
    again = open_board(board.db, qtbot)
    assert again.ids(1) == board.ids(1) == [2, 1, 3]


def test_several_selected_cards_are_dragged_together_and_keep_their_order(board: Bench) -> None:
    board.select(1, 3)
    assert board.view(1).drag_ids() == [1, 3]
    assert board.drop_on_stage(2, 1, [1, 3])
    assert (board.ids(1), board.ids(2)) == ([2], [4, 1, 3])
    assert [change.label.code for change in board.changes] == ["deals.moved"]
    assert board.toasts == ["2 deals → Client qualified"]


def test_the_model_does_not_move_a_card_that_the_service_refuses(board: Bench) -> None:
    with board.db.transaction(Label("funnel.changed")) as tx:
        tx.update(Funnel, 1, allow_skip=False)
    said: list[str] = []
    board.page.context.tasks.user_error.connect(lambda error: said.append(error.code))
    board.drop_on_stage(3, 0, [1])
    assert said == ["deal.no_skip"]
    assert (board.ids(1), board.ids(3)) == ([1, 2, 3], [])
    board.select(1)
    board.page.moves.sideways(1)
    assert board.ids(2)[0] == 1, "a refused move is forgotten, the next one starts where the card stands"


def test_something_else_dropped_on_a_column_is_left_alone(board: Bench) -> None:
    from PySide6.QtCore import QMimeData

    data = QMimeData()
    data.setText("1")
    assert not send_drop(board.view(2).viewport(), QPoint(20, 20), data)
    assert board.changes == []


def drag_to(monkeypatch: pytest.MonkeyPatch, drop: Callable[[QDrag], object]) -> None:
    """Offscreen QDrag.exec returns at once; here it ends with `drop`."""

    def run(self: QDrag, *_actions: Any) -> Qt.DropAction:
        drop(self)
        return Qt.DropAction.MoveAction

    monkeypatch.setattr(QDrag, "exec", run)


def test_won_and_lost_appear_only_while_a_card_is_dragged(
    board: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    drag_to(monkeypatch, lambda _drag: seen.append(board.page.strip.isVisible()))
    board.select(1)
    assert not board.page.strip.isVisible()
    board.view(1).startDrag(Qt.DropAction.MoveAction)
    assert seen == [True]
    assert not board.page.strip.isVisible()


def test_a_card_dropped_on_won_is_won_with_its_amount_and_today(
    board: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = board.page.strip.won
    drag_to(monkeypatch, lambda drag: send_drop(zone, zone.rect().center(), drag.mimeData()))
    board.select(1)
    board.view(1).startDrag(Qt.DropAction.MoveAction)
    dialog = win(board)
    assert (dialog.amount(), dialog.at()) == (120_000_00, None)
    assert board.row(1)["status"] == Status.WON
    assert board.ids(1) == [2, 3]


def test_a_win_is_given_another_day_and_none_that_is_to_come(board: Bench) -> None:
    board.drop(board.page.strip.won, QPoint(10, 10), [1])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, WonDialog)
    dialog.day.set_value("2199-01-01")
    dialog.accept()
    assert dialog.day_error.isVisible() and board.row(1)["status"] == Status.OPEN
    dialog.day.set_value("2020-01-01")
    dialog.accept()
    assert board.row(1)["closed_at"] == board.row(1)["entered_at"], "never before its last move"


# -- what a stage requires -------------------------------------------------------------------------


# -- keys ---------------------------------------------------------------------------------------


def test_deals_dropped_on_later_wait_together_as_long_as_is_chosen(board: Bench) -> None:
    board.page._drag_started()
    board.drop(board.page.strip.later, QPoint(20, 20), [1, 3])
    board.page._drag_ended()
    menu = board.page.moves.menu
    assert menu is not None
    next(a for a in menu.actions() if a.text() == "In 7 days").trigger()
    today = clock.local_date(clock.now(), board.page.context.zone)
    with board.db.read() as conn:
        rows = conn.exec_driver_sql("SELECT deal_id, due_local, manager_id FROM activities").all()
    assert sorted(map(tuple, rows)) == [
        (1, str(today + timedelta(days=7)), 1),
        (3, str(today + timedelta(days=7)), 1),
    ]
    board.page.requests.wait([1], 2)
    with board.db.read() as conn:
        count = conn.exec_driver_sql("SELECT count(*) FROM activities").scalar()
    assert count == 2, "what has a step gets no second one"
    assert len(board.changes) == 2


def test_a_deal_dropped_on_other_funnel_goes_there_with_its_history(board: Bench) -> None:
    made = funnels.create(board.db, "Service", ["Request taken", "Work done"]).new_id("funnel")
    board.page.reload()
    before = bases.check(board.db).content_sha256
    board.page._drag_started()
    assert board.page.strip.funnel.isVisible()
    board.drop(board.page.strip.funnel, QPoint(20, 20), [1, 4])
    board.page._drag_ended()
    assert board.ids(1) == [2, 3]
    assert board.ids(2) == []
    result = bases.check(board.db)
    assert result.problems == ()
    assert [board.row(i)["funnel_id"] for i in (1, 4)] == [made, made]
    board.page.show_funnel(made)
    assert [c.id for c in board.page.area.columns[0].model.cards()] == [1, 4]
    board.undo()
    assert bases.check(board.db).content_sha256 == before


def test_the_zone_of_other_funnels_is_not_there_when_there_is_none(board: Bench) -> None:
    board.page._drag_started()
    zones = board.page.strip
    assert [z.isVisible() for z in (zones.won, zones.lost, zones.funnel, zones.later)] == [
        True,
        True,
        False,
        True,
    ]
    board.page._drag_ended()
    assert not zones.isVisible()


# -- the menu -----------------------------------------------------------------------------------


# -- one path -----------------------------------------------------------------------------------


def test_every_way_of_moving_ends_in_the_one_service(
    board: Bench, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[tuple[list[int], str, int | None]] = []
    real = deals.move

    def noted(db: Database, ids: list[int], place: Any, **more: Any) -> Any:
        called.append((list(ids), str(place.kind), place.stage_id))
        return real(db, ids, place, **more)

    monkeypatch.setattr(deals, "move", noted)
    board.drop_on_stage(2, 0, [1])
    board.select(1)
    press(board, Qt.Key.Key_Right)
    press(board, Qt.Key.Key_Left)
    press(board, Qt.Key.Key_Down)
    board.page.moves.selected_to(4)
    board.drop(board.page.strip.won, QPoint(5, 5), [1])
    win(board)
    board.drop(board.page.strip.lost, QPoint(5, 5), [2])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, LossDialog)
    dialog.reasons.setCurrentRow(0)
    dialog.comment.setPlainText("no")
    dialog.accept()
    assert [(kind, stage_id) for _ids, kind, stage_id in called] == [
        ("open", 2), ("open", 3), ("open", 2), ("open", 2), ("open", 4), ("won", None), ("lost", None),
    ]  # fmt: skip
    with board.db.read() as conn:
        moves = conn.exec_driver_sql("SELECT count(*) FROM stage_moves WHERE deal_id = 1").scalar_one()
    assert moves == 1 + 5, "its creation, and one for each change of stage; an order alone is none"


def test_undo_takes_every_move_back_in_turn(board: Bench, qtbot: QtBot) -> None:
    before = [board.ids(stage) for stage in (1, 2, 3, 4)]
    board.drop_on_stage(3, 0, [1])
    board.select(2)
    press(board, Qt.Key.Key_Right)
    board.drop(board.page.strip.won, QPoint(5, 5), [4])
    win(board)
    for _step in range(3):
        board.undo()
    assert [board.ids(stage) for stage in (1, 2, 3, 4)] == before


def test_a_base_open_for_looking_only_offers_no_moves(db: Database, qtbot: QtBot) -> None:
    board = open_board(db, qtbot, read_only=True)
    board.select(1)
    board.page.actions_.refresh()
    assert not board.page.actions_.get("board-won").isEnabled()
    assert all(column.add_button.isHidden() for column in board.page.area.columns)
