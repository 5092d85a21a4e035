"""The board narrowed: by manager, text and conditions, and what of it goes to the list."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from funneldesk.domain.condition import Condition, Group
from funneldesk.services import clients, deals
from tests.ui.board.board_kit import Bench, open_board


def test_only_mine_shows_my_deals_and_is_remembered(board: Bench, qtbot: QtBot) -> None:
    board.page.header.mine.click()
    assert (board.ids(1), board.ids(2)) == ([1, 3], [])
    assert board.page.header.figures.text().startswith("2 deals")
    assert board.page.context.settings.more["board"] == {"mine": True}
    board.page.header.mine.click()
    assert board.ids(1) == [1, 2, 3]


def test_a_manager_and_a_text_in_any_case_filter_the_cards(board: Bench) -> None:
    board.page.header.managers.set_chosen([2])
    assert (board.ids(1), board.ids(2)) == ([2], [4])
    board.page.header.managers.clear()
    board.page.header.search.setText("LODZKIE desk")
    board.page.header.search.returnPressed.emit()
    assert board.ids(1) == [2], "client and title together, marks and case ignored"
    board.page.header.search.setText("nothing like this")
    board.page.header.search.returnPressed.emit()
    assert board.page.states.kind() == "no_match"
    board.page.header.clear_filter()
    assert board.page.states.kind() == "board" and board.ids(1) == [1, 2, 3]


def test_a_card_moved_while_filtered_keeps_its_hidden_neighbours_in_order(board: Bench) -> None:
    board.page.header.managers.set_chosen([1])
    assert board.ids(1) == [1, 3]
    board.select(3)
    board.page.moves.up_or_down(-1)
    assert board.ids(1) == [3, 1]
    board.page.header.managers.clear()
    assert board.ids(1) == [3, 1, 2]


def asked_for(amount: int) -> Group:
    return Group((Condition("amount", "ge", amount),))


def test_conditions_narrow_the_board_and_its_sums_and_are_remembered(board: Bench, qtbot: QtBot) -> None:
    header = board.page.header
    header.conditions.set_tree(asked_for(50_000_00))
    assert (board.ids(1), board.ids(2)) == ([1, 2], [])
    assert header.figures.text().startswith("2 deals")
    header.managers.set_chosen([1])
    assert board.ids(1) == [1], "beside the manager"
    header.managers.clear()
    again = open_board(board.db, qtbot, settings=board.page.context.settings)
    assert again.ids(1) == [1, 2] and again.page.header.conditions.is_on()
    again.page.header.clear_filter()
    assert again.ids(1) == [1, 2, 3] and again.page.context.settings.more["board_where"] == {}


def test_a_deal_comes_to_a_narrowed_board_when_it_begins_to_fit(board: Bench) -> None:
    board.page.header.conditions.set_tree(asked_for(20_000_00))
    assert board.ids(2) == []
    board.page.context.tasks.write(lambda db: deals.update(db, 4, amount=30_000_00))
    assert board.ids(2) == [4]
    board.page.header.conditions.set_tree(Group((Condition("client_region", "is", "North"),)))
    assert board.page.states.kind() == "no_match"
    board.page.context.tasks.write(lambda db: clients.update(db, ("company", 1), region="North"))
    assert (board.ids(1), board.ids(2)) == ([1], [4])
    board.undo()
    assert board.page.states.kind() == "no_match"


def test_a_past_day_is_shown_without_conditions_and_says_why(board: Bench) -> None:
    chip = board.page.header.conditions
    chip.set_tree(asked_for(50_000_00))
    board.page.past.begin()
    assert (
        not chip.isEnabled() and "past day" in chip.toolTip() and "past day" in chip.accessibleDescription()
    )
    board.page.past.show_day("")
    assert chip.isEnabled() and "past day" not in chip.toolTip()
    assert board.ids(1) == [1, 2]


def test_conditions_go_with_the_board_to_the_list(board: Bench) -> None:
    shown: list[dict[str, object]] = []
    board.page.context.show_page = lambda key, **params: shown.append({"page": key, **params})
    board.page.header.conditions.set_tree(asked_for(1))
    board.page.header.switch.buttons["list"].click()
    assert shown[0]["page"] == "deals" and shown[0]["where"] == asked_for(1)
