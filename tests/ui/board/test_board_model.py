"""The models behind the columns."""

from __future__ import annotations

from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytestqt.modeltest import ModelTester

from funneldesk.domain import clock
from funneldesk.domain.board import Board, BoardCard, BoardColumn, Mark, Totals, is_stale
from funneldesk.domain.clock import DAY
from funneldesk.text import set_language
from funneldesk.ui.board.card_text import Today, initials, step_text, step_variants
from funneldesk.ui.board.model import BoardModel, ColumnModel, dragged_ids, mime_of

NOW = clock.start_of_day(clock.local_date(1_780_000_000_000_000, ZoneInfo("UTC")), ZoneInfo("UTC")) + DAY // 2
TODAY = Today.at(NOW, ZoneInfo("UTC"))


def card(deal_id: int, position: float = 0.0, stage_id: int = 1, **more: Any) -> BoardCard:
    values: dict[str, Any] = {
        "id": deal_id, "title": f"Deal {deal_id}",
        "client": "Client", "client_kind": "company", "client_id": 1,
        "amount": 100, "currency": "EUR", "manager_id": 1, "stage_id": stage_id, "position": position,
        "entered_at": NOW - 3 * DAY, "next_due_at": None, "next_id": None, "next_kind": None,
        "next_subject": None, "next_all_day": None, "version": 1,
    }  # fmt: skip
    return BoardCard(**{**values, **more})


def column(stage_id: int, *cards: BoardCard) -> BoardColumn:
    return BoardColumn(stage_id, f"Stage {stage_id}", 0.5, None, False, None, None, Totals(), cards)


def ids(model: ColumnModel) -> list[int]:
    return [c.id for c in model.cards()]


def test_a_column_keeps_its_cards_in_order_whatever_comes(qtmodeltester: ModelTester) -> None:
    model = ColumnModel(column(1, card(2, 1.0), card(1, 3.0)))
    qtmodeltester.check(model)
    assert ids(model) == [2, 1]
    model.put(card(3, 2.0))
    assert ids(model) == [2, 3, 1]
    model.put(card(1, 0.0))
    assert ids(model) == [1, 2, 3]
    model.put(card(1, 9.0))
    assert ids(model) == [2, 3, 1]
    model.remove(3)
    model.remove(77)
    assert ids(model) == [2, 1]
    qtmodeltester.check(model)


def test_random_changes_leave_what_a_fresh_sort_would(qtmodeltester: ModelTester) -> None:
    rnd = Random(5)
    model = ColumnModel(column(1))
    qtmodeltester.check(model)
    expected: dict[int, BoardCard] = {}
    for step in range(400):
        deal_id = rnd.randrange(1, 25)
        if rnd.random() < 0.3:
            model.remove(deal_id)
            expected.pop(deal_id, None)
        else:
            expected[deal_id] = card(deal_id, float(rnd.randrange(6)), manager_id=rnd.choice([1, 2]))
            model.put(expected[deal_id])
        if step == 200:
            model.set_filter(lambda c: c.manager_id == 1)
        shown = [c for c in expected.values() if step < 200 or c.manager_id == 1]
        assert ids(model) == [c.id for c in sorted(shown, key=lambda c: c.place)]
        assert all(model.row_of(c.id) == row for row, c in enumerate(model.cards()))


def test_a_card_leaves_one_column_and_comes_to_another() -> None:
    board = BoardModel()
    board.set_board(Board(funnel_id=1, columns=(column(1, card(1), card(2, 1.0)), column(2))))
    board.apply([1], [card(1, stage_id=2)])
    assert [ids(c) for c in board.columns] == [[2], [1]]
    board.apply([1, 2], [])
    assert [ids(c) for c in board.columns] == [[], []]


def test_columns_stay_when_the_stages_are_the_same() -> None:
    board = BoardModel()
    rebuilt: list[bool] = []
    board.rebuilt.connect(lambda: rebuilt.append(True))
    board.set_board(Board(funnel_id=1, columns=(column(1), column(2))))
    kept = list(board.columns)
    board.set_board(Board(funnel_id=1, columns=(column(1, card(1)), column(2))))
    assert board.columns == kept and rebuilt == [True]
    board.set_board(Board(funnel_id=1, columns=(column(2),)))
    assert rebuilt == [True, True]


def test_dragged_deals_keep_their_order() -> None:
    assert dragged_ids(mime_of([7, 3, 5])) == [7, 3, 5]
    assert dragged_ids(None) == []


@pytest.mark.parametrize(
    ("more", "mark", "text"),
    [
        ({}, Mark.NONE, "No next step"),
        ({"next_id": 1, "next_kind": "task"}, Mark.LATER, "Task, some day"),
        ({"next_id": 1, "next_kind": "call", "next_due_at": NOW + 3_600_000_000, "next_subject": "Ask"},
         Mark.TODAY, "Call, today 13:00 · Ask"),
        ({"next_id": 1, "next_kind": "call", "next_due_at": NOW - 3_600_000_000},
         Mark.OVERDUE, "Call, today 11:00"),
        ({"next_id": 1, "next_kind": "call", "next_due_at": TODAY.start, "next_all_day": 1},
         Mark.TODAY, "Call, today"),
        ({"next_id": 1, "next_kind": "call", "next_due_at": TODAY.start - DAY, "next_all_day": 1},
         Mark.OVERDUE, "Call, 1 day late"),
        ({"next_id": 1, "next_kind": "meeting", "next_due_at": TODAY.end + 3_600_000_000},
         Mark.LATER, "Meeting, tomorrow 01:00"),
    ],
)  # fmt: skip
def test_the_next_step_has_its_mark_and_its_words(more: dict[str, Any], mark: str, text: str) -> None:
    one = card(1, **more)
    assert TODAY.mark(one) == mark
    assert step_text(one, TODAY) == text


def test_a_card_is_stale_when_it_stands_longer_than_the_stage_allows() -> None:
    assert not is_stale(card(1), NOW, None)
    assert not is_stale(card(1), NOW, 3.0)
    assert is_stale(card(1), NOW, 2.5)
    assert not is_stale(card(1, entered_at=None), NOW, 1.0)


def test_a_call_done_or_a_step_that_is_not_late_keeps_a_card_from_being_stale() -> None:
    assert not is_stale(card(1, last_done_at=NOW - DAY), NOW, 2.5)
    assert is_stale(card(1, entered_at=NOW - 9 * DAY, last_done_at=NOW - 3 * DAY), NOW, 2.5)
    assert not is_stale(card(1, next_id=5, next_due_at=NOW + DAY), NOW, 2.5)
    assert not is_stale(card(1, next_id=5, next_due_at=None), NOW, 2.5)
    assert not is_stale(card(1, next_id=5, next_due_at=NOW - DAY // 2, next_all_day=1), NOW, 2.5)
    assert is_stale(card(1, next_id=5, next_due_at=NOW - DAY), NOW, 2.5)


def test_what_is_late_is_said_shorter_where_it_does_not_fit() -> None:
    set_language("pl")
    late = card(1, next_id=5, next_kind="call", next_due_at=NOW - 12 * DAY, next_subject="Zapytać o cenę")
    full, head, short = step_variants(late, TODAY)
    assert full.startswith(head) and head.endswith(short)
    assert "Telefon" not in short
    set_language("en")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ann Kowalska", "AK"), ("Łukasz", "Ł"), ("Иванов И. П.", "ИП"), ("", ""), ("anna maria nowak", "AN")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_marks_speak_the_language_chosen() -> None:
    set_language("ru")
    assert step_text(card(1), TODAY)
