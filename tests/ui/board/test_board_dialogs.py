"""What a move asks: what a stage requires, the amount of a win, why a deal is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from funneldesk.domain.change import Label
from funneldesk.domain.deal import Status
from funneldesk.domain.funnel import Funnel
from funneldesk.services import deals, funnels
from funneldesk.ui.board.criteria_dialog import CriteriaDialog
from funneldesk.ui.board.deal_dialogs import LossDialog, WonDialog
from funneldesk.ui.board.quick_add import Draft
from funneldesk.ui.widgets.fields import MoneyField
from tests.ui.board.board_kit import Bench, press


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
def test_what_is_missing_is_said_in_full(board: Bench, required: str, qtbot: QtBot) -> None:
    funnels.update_stage(board.db, 3, required=required)
    board.select(3)
    board.page.moves.selected_to(3)
    dialog = board.page.mover.dialog
    assert isinstance(dialog, CriteriaDialog)
    assert dialog.area.verticalScrollBar().maximum() == 0
    dialog.resize(dialog.minimumSizeHint())
    dialog.accept()
    QTest.qWait(1)  # what is missing has come to stand there
    qtbot.waitUntil(lambda: dialog.area.verticalScrollBar().maximum() == 0)  # nothing of it is hidden


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
