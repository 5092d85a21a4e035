"""Every way of moving a deal: drag, keys, menu, drop zones; one service behind them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QDrag
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.deal import Status
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.services import bases, deals, funnels
from funneldesk.store.database import Database
from funneldesk.ui.board import board_actions
from funneldesk.ui.board.criteria_dialog import CriteriaDialog
from funneldesk.ui.board.deal_dialogs import LossDialog, WonDialog
from funneldesk.ui.board.quick_add import Draft
from funneldesk.ui.widgets.fields import MoneyField
from tests.ui.board.board_kit import Bench, open_board, send_drop

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def press(board: Bench, key: Qt.Key) -> None:
    """A key with Ctrl and Shift on the focused column."""
    QTest.keyClick(QApplication.focusWidget() or board.page, key, CTRL_SHIFT)


def menu_actions(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions()}


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


def win(board: Bench) -> WonDialog:
    """The dialog of a win, agreed to as it stands."""
    dialog = board.page.mover.dialog
    assert isinstance(dialog, WonDialog)
    dialog.accept()
    return dialog


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


def test_a_loss_plans_what_comes_next_in_the_same_change(board: Bench) -> None:
    board.drop(board.page.strip.lost, QPoint(10, 10), [2])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, LossDialog)
    assert not dialog.follow_text.isVisible()
    dialog.reasons.setCurrentRow(0)
    dialog.comment.setPlainText("Too dear")
    dialog.follow.setChecked(True)
    assert dialog.follow_text.text().startswith("Offer a discount"), "what the reason advises"
    dialog.accept()
    assert len(board.changes) == 1
    with board.db.read() as conn:
        found = conn.exec_driver_sql("SELECT kind, deal_id FROM activities").one()
    assert tuple(found) == ("task", 2)
    board.undo()
    assert board.row(2)["status"] == Status.OPEN


# -- what a stage requires -------------------------------------------------------------------------


def test_what_a_stage_requires_is_asked_at_the_drop_and_the_move_completes(board: Bench) -> None:
    funnels.update_stage(board.db, 3, required='["amount", "meeting"]', checklist="Budget named")
    assert board.drop_on_stage(3, 0, [3])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, CriteriaDialog) and board.ids(3) == []
    dialog.accept()
    assert dialog.isVisible(), "nothing was answered"
    part = dialog.parts[0]
    assert part.meeting is not None and part.meeting.error.isVisible() and part.error.isVisible()
    amount = part.form.field("amount")
    assert isinstance(amount, MoneyField)
    amount.edit.setText("100")
    part.meeting.place.setText("Their office")
    part.meeting.day.set_value("2030-05-06")
    part.meeting.time.setText("14.30")
    part.boxes["Budget named"].setChecked(True)
    dialog.accept()
    assert board.ids(3) == [3]
    assert (board.row(3)["amount"], len(board.changes)) == (100_00, 1)
    board.undo()
    assert (board.ids(3), board.row(3)["amount"]) == ([], None)


@pytest.mark.parametrize("required", ['["amount"]', '["meeting"]', '["amount", "expected_close", "demand"]'])
def test_what_is_missing_is_said_in_full(board: Bench, required: str) -> None:
    funnels.update_stage(board.db, 3, required=required)
    board.select(3)
    board.page.moves.selected_to(3)
    dialog = board.page.mover.dialog
    assert isinstance(dialog, CriteriaDialog)
    assert dialog.area.verticalScrollBar().maximum() == 0
    dialog.resize(dialog.minimumSizeHint())
    dialog.accept()
    QTest.qWait(1)
    assert dialog.area.verticalScrollBar().maximum() == 0, "nothing of it is hidden"


def test_the_first_thing_that_is_missing_gets_the_cursor(board: Bench) -> None:
    funnels.update_stage(board.db, 3, required='["demand", "meeting"]', checklist="Budget named")
    board.select(1, 3)
    board.page.moves.selected_to(3)
    dialog = board.page.mover.dialog
    assert isinstance(dialog, CriteriaDialog)
    dialog.accept()
    assert dialog.focusWidget() is dialog.parts[0].form.field("demand")


def test_a_dialog_that_is_left_puts_the_card_back(board: Bench) -> None:
    funnels.update_stage(board.db, 2, required='["amount"]')
    board.select(3)
    press(board, Qt.Key.Key_Right)
    dialog = board.page.mover.dialog
    assert isinstance(dialog, CriteriaDialog)
    dialog.reject()
    assert board.ids(1) == [1, 2, 3] and board.changes == []
    press(board, Qt.Key.Key_Right)
    assert isinstance(board.page.mover.dialog, CriteriaDialog), "the next key starts where the card stands"


def test_several_deals_are_asked_in_one_dialog(board: Bench) -> None:
    funnels.update_stage(board.db, 4, checklist="Budget named")
    board.select(1, 3)
    board.page.moves.selected_to(4)
    dialog = board.page.mover.dialog
    assert isinstance(dialog, CriteriaDialog)
    assert [part.deal.id for part in dialog.parts] == [1, 3]
    for part in dialog.parts:
        part.boxes["Budget named"].setChecked(True)
    dialog.accept()
    assert board.ids(4) == [1, 3]


def test_winning_asks_the_amount_when_it_is_unknown(board: Bench) -> None:
    board.drop(board.page.strip.won, QPoint(10, 10), [3])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, WonDialog)
    dialog.field.edit.setText("12 500")
    dialog.accept()
    assert (board.row(3)["status"], board.row(3)["amount"]) == (Status.WON, 12_500_00)


def test_an_amount_that_cannot_be_read_keeps_the_dialog_open(board: Bench) -> None:
    board.drop(board.page.strip.won, QPoint(10, 10), [3])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, WonDialog)
    dialog.field.edit.setText("a lot")
    dialog.accept()
    assert dialog.isVisible() and board.row(3)["status"] == Status.OPEN


def test_a_loss_asks_why_and_cancel_leaves_the_card_where_it_was(board: Bench) -> None:
    board.drop(board.page.strip.lost, QPoint(10, 10), [2])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, LossDialog) and dialog.isVisible()
    dialog.reject()
    assert board.ids(1) == [1, 2, 3]
    assert board.row(2)["status"] == Status.OPEN
    assert board.changes == [] and board.page.mover.dialog is None


def test_a_loss_is_not_taken_without_a_reason_and_a_comment(board: Bench) -> None:
    board.drop(board.page.strip.lost, QPoint(10, 10), [2])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, LossDialog)
    dialog.accept()
    assert dialog.reason_error.isVisible() and dialog.isVisible()
    dialog.reasons.setCurrentRow(0)
    dialog.accept()
    assert dialog.comment_error.isVisible() and dialog.isVisible()
    dialog.comment.setPlainText("Found it cheaper")
    dialog.accept()
    row = board.row(2)
    assert (row["status"], row["loss_comment"]) == (Status.LOST, "Found it cheaper")
    assert row["loss_reason_id"] is not None
    assert board.ids(1) == [1, 3]


def test_the_comment_may_be_left_out_where_the_funnel_says_so(board: Bench) -> None:
    with board.db.transaction(Label("funnel.changed")) as tx:
        tx.update(Funnel, 1, loss_comment_required=False)
    board.drop(board.page.strip.lost, QPoint(10, 10), [2])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, LossDialog)
    dialog.reasons.setCurrentRow(1)
    dialog.accept()
    assert board.row(2)["status"] == Status.LOST


def test_a_loss_to_a_competitor_asks_which_one(board: Bench) -> None:
    board.drop(board.page.strip.lost, QPoint(10, 10), [2])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, LossDialog)
    reasons = dialog._facts.reasons
    rival = next(n for n, reason in enumerate(reasons) if reason.competitor)
    dialog.reasons.setCurrentRow(1 if rival == 0 else 0)
    assert not dialog.competitor.isVisible()
    dialog.reasons.setCurrentRow(rival)
    assert dialog.competitor.isVisible()
    dialog.competitor.setText("Rival GmbH")
    dialog.comment.setPlainText("They deliver sooner")
    dialog.accept()
    assert board.row(2)["competitor"] == "Rival GmbH"


def test_a_reason_of_ones_own_is_made_with_the_loss_and_undone_with_it(board: Bench) -> None:
    with board.db.read() as conn:
        before = conn.exec_driver_sql("SELECT count(*) FROM loss_reasons").scalar_one()
    board.drop(board.page.strip.lost, QPoint(10, 10), [2])
    dialog = board.page.mover.dialog
    assert isinstance(dialog, LossDialog)
    dialog.reasons.setCurrentRow(dialog.reasons.count() - 1)
    dialog.new_reason.setText("Moved abroad")
    dialog.comment.setPlainText("Closed the branch")
    dialog.accept()
    with board.db.read() as conn:
        name = conn.exec_driver_sql(
            "SELECT r.name FROM deals d JOIN loss_reasons r ON r.id = d.loss_reason_id WHERE d.id = 2"
        ).scalar_one()
    assert name == "Moved abroad"
    board.undo()
    with board.db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM loss_reasons").scalar_one() == before
    assert board.ids(1) == [1, 2, 3]


# -- keys ---------------------------------------------------------------------------------------


def test_ctrl_shift_arrows_carry_a_card_through_the_stages_and_the_focus_goes_with_it(
    board: Bench, qtbot: QtBot
) -> None:
    board.select(2)
    press(board, Qt.Key.Key_Right)
    assert (board.ids(1), board.ids(2)) == ([1, 3], [2, 4])
    assert board.page.area.selected_ids() == [2]
    press(board, Qt.Key.Key_Right)
    assert board.ids(3) == [2]
    press(board, Qt.Key.Key_Left)
    press(board, Qt.Key.Key_Left)
    assert 2 in board.ids(1)
    press(board, Qt.Key.Key_Left)
    assert 2 in board.ids(1), "the first stage is the end"


def test_ctrl_shift_up_and_down_put_cards_in_order(board: Bench, qtbot: QtBot) -> None:
    board.select(1)
    press(board, Qt.Key.Key_Down)
    assert board.ids(1) == [2, 1, 3]
    press(board, Qt.Key.Key_Down)
    press(board, Qt.Key.Key_Down)
    assert board.ids(1) == [2, 3, 1]
    press(board, Qt.Key.Key_Up)
    assert board.ids(1) == [2, 1, 3]


def test_plain_arrows_walk_between_columns_and_enter_opens_the_card(board: Bench, qtbot: QtBot) -> None:
    opened: list[tuple[str, int]] = []
    board.page.open_card.connect(lambda kind, deal: opened.append((kind, deal)))
    board.select(1)
    QTest.keyClick(board.view(1), Qt.Key.Key_Right)
    assert board.page.area.selected_ids() == [4]
    QTest.keyClick(board.view(2), Qt.Key.Key_Return)
    assert opened == [("deal", 4)]


def test_f2_edits_title_amount_and_next_step_in_one_change(board: Bench) -> None:
    before = bases.check(board.db).content_sha256
    board.select(2)
    QTest.keyClick(board.view(1), Qt.Key.Key_F2)
    editor = board.page.editor
    assert editor is not None and editor.title.text() == "Desks"
    editor.title.setText("Desks and chairs")
    editor.amount.edit.setText("51 000,50")
    QTest.keyClicks(editor.step, "Send the offer")
    QTest.keyClick(editor.step, Qt.Key.Key_Return)
    found = board.page.model.find(2)
    assert found is not None
    card = found[1]
    assert (card.title, card.amount, card.next_subject) == ("Desks and chairs", 51_000_50, "Send the offer")
    assert len(board.toasts) == 1
    board.undo()
    assert bases.check(board.db).content_sha256 == before


def test_a_card_left_with_esc_or_with_no_readable_amount_stays_as_it_was(board: Bench) -> None:
    board.select(2)
    QTest.keyClick(board.view(1), Qt.Key.Key_F2)
    editor = board.page.editor
    assert editor is not None
    editor.amount.edit.setText("a lot")
    QTest.keyClick(editor.title, Qt.Key.Key_Return)
    assert editor.isVisible()
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert board.changes == []


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


def test_del_deletes_at_once_and_undo_brings_the_card_back(board: Bench, qtbot: QtBot) -> None:
    board.select(1, 2)
    QTest.keyClick(board.view(1), Qt.Key.Key_Delete)
    assert board.ids(1) == [3]
    assert board.toasts == ["2 deals deleted"]
    board.undo()
    assert board.ids(1) == [1, 2, 3]


# -- the menu -----------------------------------------------------------------------------------


def test_the_menu_moves_to_any_stage(board: Bench) -> None:
    board.select(1, 3)
    actions = menu_actions(board_actions.context_menu(board.page, board.page.actions_))
    move = actions["Move to stage"].menu()
    assert isinstance(move, QMenu)
    names = [action.text() for action in move.actions()]
    assert len(names) == 4 and move.actions()[0].isChecked()
    move.actions()[3].trigger()
    assert board.ids(4) == [1, 3]


def test_the_menu_wins_loses_and_gives_to_a_manager(board: Bench) -> None:
    board.select(1)
    actions = menu_actions(board_actions.context_menu(board.page, board.page.actions_))
    give = actions["Give to"].menu()
    assert isinstance(give, QMenu)
    menu_actions(give)["Boris Petrov"].trigger()
    assert board.row(1)["manager_id"] == 2
    actions["Mark as won"].trigger()
    win(board)
    assert board.row(1)["status"] == Status.WON
    board.select(2)
    menu_actions(board_actions.context_menu(board.page, board.page.actions_))["Mark as lost…"].trigger()
    assert isinstance(board.page.mover.dialog, LossDialog)


def test_the_dialog_says_how_many_are_closed_already(board: Bench) -> None:
    deals.move(board.db, [1], deals.WON)
    deals.move(board.db, [2], deals.LOST, loss=deals.Loss(1, comment="why"))
    mover = board.page.mover
    mover.lose([1, 2, 3])
    dialog = mover.dialog
    assert isinstance(dialog, LossDialog)
    assert dialog.windowTitle() == "2 deals lost"
    assert "Won already: 1 · Lost already: 1" in [label.text() for label in dialog.findChildren(QLabel)]
    dialog.reject()
    mover.win([1, 3])
    dialog = mover.dialog
    assert isinstance(dialog, WonDialog)
    assert dialog.windowTitle() == "Deal won"
    dialog.reject()
    board.toasts.clear()
    mover.lose([2])
    assert mover.dialog is None
    assert board.toasts == ["These deals are lost already."]


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


def test_a_card_added_in_a_later_stage_is_asked_what_the_stage_requires(board: Bench) -> None:
    funnels.update_stage(board.db, 3, required='["amount"]')
    board.page._add(3, Draft("Gate", "Delta LLC", ("company", 1), None))
    dialog = board.page.findChild(CriteriaDialog)
    assert dialog is not None and board.ids(3) == []
    amount = dialog.parts[0].form.field("amount")
    assert isinstance(amount, MoneyField)
    amount.edit.setText("70")
    dialog.accept()
    assert len(board.ids(3)) == 1 and board.row(board.ids(3)[0])["amount"] == 70_00
    board.undo()
    assert board.ids(3) == []
