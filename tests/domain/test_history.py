from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def by_definition(rows: list[MoveRow]) -> dict[str, object]:
    """The same figures, each straight from its sentence in the definitions, without any speed."""
    kept: list[MoveRow] = []
    for row in rows:
        if not kept or (row[1], row[2]) != (kept[-1][1], kept[-1][2]):
            kept.append(row)
    entered = [(row[2], row[0], place) for place, row in enumerate(kept) if row[1] == "open" and row[2] > 0]
    first = {rank: (at, place) for rank, at, place in reversed(entered)}
    strict = 0
    while strict + 1 in first:
        after = first[strict + 1][0]
        before = first[strict][0] if strict else None
        if before is not None and after is not None and after < before:
            break
        strict += 1
    status = kept[-1][1]
    reach = K + 1 if status == "won" else max((rank for rank, _, _ in entered), default=0)
    losses = [place for place, row in enumerate(kept) if row[1] == "lost"]
    return {
        "status": status,
        "stage": kept[-1][2] if status == "open" else 0,
        "reach": reach,
        "visited": sum(1 << (rank - 1) for rank in first),
        "strict": strict,
        "lost_at": max((place, rank) for rank, _, place in [(0, 0, -1), *entered] if place < losses[-1])[1]
        if status == "lost"
        else None,
        "entered_at": kept[-1][0],
        "closed_at": None if status == "open" else kept[-1][0],
        "path_known": all(row[1] != "open" or row[2] for row in kept),
        "reopened": any(row[1] == "lost" and later[1] == "open" for row, later in pairwise(kept)),
    }


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [("open", 0), ("open", 1), ("open", 2), ("open", 3), ("open", 4), ("won", 0), ("lost", 0)]
            ),
            st.integers(0, 2),
        ),
        min_size=1,
        max_size=10,
    )
)
def test_the_replay_is_what_the_definitions_say(steps: list[tuple[tuple[str, int], int]]) -> None:
    at = 0
    rows: list[MoveRow] = []
    for (kind, rank), pause in steps:
        at += pause
        rows.append((at, kind, rank, None, None))
    found = row_standing(rows, K)._asdict()
    assert {key: found[key] for key in by_definition(rows)} == by_definition(rows)
