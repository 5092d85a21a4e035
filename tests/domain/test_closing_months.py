"""The board by months: which column a deal stands in, in which order, and what the columns add up to."""

from __future__ import annotations

from datetime import date

import pytest

from funneldesk.domain.board import Board, BoardCard, BoardColumn, Totals
from funneldesk.domain.closing_months import (
    LATER,
    NO_DATE,
    OVERDUE,
    by_months,
    column_of,
    columns_of,
    is_month,
    last_day,
    month_id,
    takes,
)

TODAY = date(2026, 11, 29)


def card(deal: int, close: str | None, amount: int | None = None, stage: int = 1) -> BoardCard:
    return BoardCard(
        deal, f"D{deal}", None, "", None, amount, "EUR", None, stage, 100.0 - deal, None, None, None, None,
        None, None, 1, expected_close=close,
    )  # fmt: skip


def stage(number: int, chance: float, *cards: BoardCard) -> BoardColumn:
    return BoardColumn(number, f"S{number}", chance, None, False, None, None, Totals(), cards)


@pytest.mark.parametrize(
    ("close", "column"),
    [
        (None, NO_DATE),
        ("", NO_DATE),
        ("2026-11-28", OVERDUE),
        ("2025-12-31", OVERDUE),
        ("2026-11-29", month_id(date(2026, 11, 1))),  # its day is not over
        ("2026-11-30", month_id(date(2026, 11, 1))),
        ("2026-12-01", month_id(date(2026, 12, 1))),
        ("2027-02-28", month_id(date(2027, 2, 1))),
        ("2027-03-01", LATER),
    ],
)
def test_a_deal_stands_in_the_month_of_its_expected_close(close: str | None, column: int) -> None:
    assert column_of(card(1, close), TODAY) == column
    assert column in columns_of(TODAY)


@pytest.mark.parametrize(
    ("day", "last"),
    [("2026-11-29", "2026-11-30"), ("2026-12-01", "2026-12-31"), ("2027-02-01", "2027-02-28"),
     ("2028-02-01", "2028-02-29"), ("2027-01-31", "2027-01-31")],
)  # fmt: skip
def test_the_last_day_of_a_month(day: str, last: str) -> None:
    assert last_day(month_id(date.fromisoformat(day))) == date.fromisoformat(last)


def test_cards_are_put_into_months_and_out_of_dates_but_not_into_what_is_none() -> None:
    overdue, *months, later, none = columns_of(TODAY)
    assert [takes(each) for each in (overdue, later, 0)] == [False] * 3
    assert [takes(each) for each in (*months, none, 7)] == [True] * 6
    assert [is_month(each) for each in (overdue, later, none)] == [False] * 3
    assert all(is_month(each) for each in months)


def test_columns_hold_every_deal_by_day_and_weigh_each_by_its_own_stage() -> None:
    first = stage(1, 0.2, card(1, "2026-12-20", 1_000), card(2, None, 500), card(3, "2026-12-05"))
    second = stage(2, 0.5, card(4, "2026-12-05", 2_000, 2), card(5, "2026-01-01", 300, 2))
    stray = stage(0, 0.0, card(6, "2026-12-31", 700, 9))
    names = {column: str(column) for column in columns_of(TODAY)}
    found = by_months(Board(1, "F", columns=(stray, first, second)), TODAY, names, 0)
    by_id = {column.stage_id: column for column in found}
    assert [column.stage_id for column in found] == list(columns_of(TODAY))
    december = by_id[month_id(date(2026, 12, 1))]
    # of the same day by the number of the deal
    assert [each.id for each in december.cards] == [3, 4, 1, 6]
    # 0.2 * 1000 + 0.5 * 2000; one without an amount; what stands in no stage has no chance
    assert december.totals == Totals(4, 3_700, 1_200.0, 1, 0)
    assert by_id[OVERDUE].totals == Totals(1, 300, 150.0, 0, 0)
    assert by_id[NO_DATE].totals == Totals(1, 500, 100.0, 0, 0)
    assert sum(column.totals.count for column in found) == 6
