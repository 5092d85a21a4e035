from __future__ import annotations

import pytest

from funneldesk.domain.history import DealStanding, MoveRow, row_standing

K = 4


def stood(*places: str, times: tuple[int | None, ...] = ()) -> DealStanding:
    """The standing after moves to the places: a rank, 0 (unknown), -1 (elsewhere), won or lost."""
    rows: list[MoveRow] = []
    for seq, place in enumerate(places):
        at = times[seq] if times else seq * 10
        closed = place in ("won", "lost")
        rows.append((at, place if closed else "open", 0 if closed else int(place), seq, seq * 100))
    return row_standing(rows, K)


def test_a_move_to_the_same_place_does_not_restart_the_clock() -> None:
    assert stood("1", "2", "2", "2").entered_at == 10
    assert stood("1", "lost", "lost").closed_at == 10


def test_going_back_does_not_lower_the_reach() -> None:
    deal = stood("1", "3", "2")
    assert (deal.stage, deal.reach, deal.visited, deal.strict) == (2, 3, 0b111, 2)


def test_a_rolled_back_win_falls_to_the_highest_open_stage() -> None:
    assert stood("1", "3", "won").reach == K + 1
    deal = stood("1", "3", "won", "2")
    assert (deal.status, deal.reach, deal.closed_at, deal.reopened) == ("open", 3, None, False)


def test_a_loss_is_where_the_deal_stood_and_at_creation_when_nowhere() -> None:
    assert stood("1", "3", "2", "lost").lost_at == 2
    assert stood("lost").lost_at == 0
    assert stood("1", "2", "won", "lost").lost_at == 2
    assert stood("1", "lost", "1").lost_at is None
    assert stood("1", "lost", "1").reopened


@pytest.mark.parametrize(
    ("places", "strict"),
    [("1234", 4), ("134", 1), ("213", 1), ("2", 0), ("1213", 3), ("4321", 1), ("124313", 3)],
)
def test_strict_needs_the_first_entries_in_order(places: str, strict: int) -> None:
    assert stood(*places).strict == strict


def test_stages_entered_at_one_moment_count_in_any_order_but_not_when_the_moment_is_unknown() -> None:
    assert stood("2", "1", times=(5, 5)).strict == 2
    assert stood("3", "2", "1", times=(5, 5, 5)).strict == 3
    assert stood("2", "1", times=(None, None)).strict == 1


def test_an_open_place_without_a_stage_makes_the_path_unknown() -> None:
    assert not stood("0", "won").path_known
    elsewhere = stood("-1", "2", "won")
    assert (elsewhere.path_known, elsewhere.visited) == (True, 0b10)


def test_owner_and_amount_are_those_of_the_close() -> None:
    assert stood("1", "won")[-2:] == (1, 100)
    assert stood("1", "won", "2")[-2:] == (None, None)
