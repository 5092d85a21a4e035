"""The open deals of a board by the month of their expected close, instead of by stage.

Columns have ids below 0, which no stage has, so that what moves deals between stages cannot take one for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from funneldesk.domain.board import Board, BoardCard, BoardColumn, Totals, add_up, sums_of
from funneldesk.domain.rates import Rates

OVERDUE, LATER, NO_DATE = -1, -2, -3
AHEAD = 3  # months after the running one that have a column each


def month_id(day: date) -> int:
    """The column of the month in which a day lies."""
    return -(day.year * 12 + day.month - 1)


def is_month(column_id: int) -> bool:
    """Whether a column is a month, and no other."""
    return column_id < NO_DATE


def takes(column_id: int) -> bool:
    """Whether cards may be put into a column: a stage, a month, or that without a date."""
    return column_id > 0 or column_id <= NO_DATE


def last_day(column_id: int) -> date:
    """The last day of a month's column."""
    year, month = divmod(-column_id, 12)
    after = date(year + month // 11, (month + 1) % 12 + 1, 1)
    return after - timedelta(days=1)


def columns_of(today: date) -> tuple[int, ...]:
    """The columns in their order: overdue, this month and those after it, later, without a date."""
    this = month_id(today)
    return OVERDUE, *(this - n for n in range(AHEAD + 1)), LATER, NO_DATE


def column_of(card: BoardCard, today: date) -> int:
    """Where a card stands: overdue once its day is over."""
    if not card.expected_close:
        return NO_DATE
    day = date.fromisoformat(card.expected_close[:10])
    if day < today:
        return OVERDUE
    found = month_id(day)
    return LATER if found < month_id(today) - AHEAD else found


def placed(card: BoardCard) -> BoardCard:
    """The card in the order of its day; those without one keep theirs."""
    if not card.expected_close:
        return card
    return card._replace(position=float(date.fromisoformat(card.expected_close[:10]).toordinal()))


def by_months(board: Board, today: date, names: Mapping[int, str], at: int) -> tuple[BoardColumn, ...]:
    """The columns of a whole board by months, in the figures of the moment `at`."""
    cards: dict[int, list[BoardCard]] = {column: [] for column in columns_of(today)}
    for stage in board.columns:
        for card in stage.cards:
            cards[column_of(card, today)].append(placed(card))
    chances = chances_of(board)
    found = []
    for column, own in cards.items():
        own.sort(key=lambda card: card.place)
        totals = weighed(own, chances, board.rates, at)
        found.append(BoardColumn(column, names[column], 0.0, None, False, None, None, totals, tuple(own)))
    return tuple(found)


def chances_of(board: Board) -> dict[int, float]:
    """The chance to win by stage."""
    return {column.stage_id: column.probability for column in board.columns}


def weighed(cards: Iterable[BoardCard], chances: Mapping[int, float], rates: Rates | None, at: int) -> Totals:
    """The figures of cards of several stages, each weighted by the chance of its own."""
    by_stage: dict[int, list[BoardCard]] = {}
    for card in cards:
        stage = card.stage_id if card.stage_id in chances else 0
        by_stage.setdefault(stage or 0, []).append(card)
    total = Totals()
    for stage, own in by_stage.items():
        total += add_up(sums_of(own), chances.get(stage, 0.0), rates, at)
    return total
