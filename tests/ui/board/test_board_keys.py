"""Moving a deal by keys, on the card and by its menu."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from funneldesk.domain.deal import Status
from funneldesk.services import bases
from funneldesk.ui.board import board_actions
from funneldesk.ui.board.deal_dialogs import LossDialog
from tests.ui.board.board_kit import Bench, press, win


def menu_actions(menu: QMenu) -> dict[str, QAction]:
    return {action.text(): action for action in menu.actions()}


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


def test_del_deletes_at_once_and_undo_brings_the_card_back(board: Bench, qtbot: QtBot) -> None:
    board.select(1, 2)
    QTest.keyClick(board.view(1), Qt.Key.Key_Delete)
    assert board.ids(1) == [3]
    assert board.toasts == ["2 deals deleted"]
    board.undo()
    assert board.ids(1) == [1, 2, 3]


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
