"""What is asked of all moves at once by arrays, held against the same asked move by move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact
from funneldesk.domain.move_table import CLOSING, LOST, MOVE_COLUMNS, NONE, PLACED, WON, MoveTable
from funneldesk.reports.catalog import CATALOG, compute
from funneldesk.reports.columns import brought_to, columns, distinct, ids_of, order_of, stays
from funneldesk.reports.moves import effective
from tests.reports.test_invariants import K, histories, periods, requests_of

STAGE_IDS = {10 + rank: rank for rank in range(1, K + 1)}


def plain_stays(facts: FunnelFacts) -> list[tuple[int, int, bool, float | None]]:
    """(deal, rank, whether it is over, days) of every stay in a stage."""
    found = []
    for deal_id, own in effective(facts.moves).items():
        for place, move in enumerate(own):
            if move.to_kind == "open" and move.to_rank > 0:
                after = own[place + 1] if place + 1 < len(own) else None
                end = facts.as_of if after is None else after.at
                known = move.at is not None and end is not None
                days = (end - move.at) / DAY if known else None  # type: ignore[operator]
                found.append((deal_id, move.to_rank, after is not None, days))
    return found


def plain_credit(own: Sequence[MoveFact], deal: DealFact, k: int) -> list[int | None]:
    """For each rank 1..reach the actor of the first entry, else of the first move beyond."""
    reach = min(deal.reach, k)
    actors: list[int | None] = [None] * reach
    entered, passed = [False] * reach, [False] * reach
    for move in own:
        if move.to_kind == "open" and move.to_rank > 0:
            top = min(move.to_rank, reach)
            if move.to_rank <= reach and not entered[top - 1]:
                entered[top - 1] = True
                actors[top - 1] = move.actor
        elif move.to_kind == "won":
            top = reach + 1
        else:
            continue
        for below in range(top - 1):
            if not entered[below] and not passed[below]:
                passed[below] = True
                actors[below] = move.actor
    return actors


PACKED = (("place", 7), ("actor", 3), ("owner", 3), ("counts", 1))


def as_table(moves: Sequence[MoveFact], names: Sequence[str] = MOVE_COLUMNS) -> MoveTable:
    """The moves as the base hands them over, in an order of its own."""
    ids = {rank: stage_id for stage_id, rank in STAGE_IDS.items()} | {0: 0, -1: 99}
    places = {"won": WON, "lost": LOST}
    rows = sorted(moves, key=lambda m: (m.seq, -m.deal_id))
    place = [places.get(m.to_kind, ids[m.to_rank]) for m in rows]
    packed = [(name, bits) for name, bits in PACKED if name == "place" or name in names]
    step = [m.seq for m in rows]
    for name, bits in packed:
        small = [at + PLACED for at in place]
        if name != "place":
            small = [int(getattr(m, name) or 0) for m in rows]
        assert max(small, default=0) < 1 << bits
        step = [each << bits | low for each, low in zip(step, small, strict=True)]
    told: dict[str, list[int | None]] = {
        "deal": [m.deal_id for m in rows],
        "step": [*step],
        "at": [m.at for m in rows],
        "amount": [m.amount for m in rows],
        CLOSING: [m.amount for m, at in zip(rows, place, strict=True) if at < 0],
    }
    numbers = {
        name: [NONE if each is None else each for each in column]
        for name, column in told.items()
        if name in ("deal", "step") or name in names
    }
    return MoveTable(numbers, STAGE_IDS, packed)


@settings(max_examples=60, deadline=None)
@given(facts=histories(), odd=st.booleans(), short=st.booleans())
def test_stays_and_credits_by_arrays_are_those_by_moves(facts: FunnelFacts, odd: bool, short: bool) -> None:
    if short:  # said to have come less far than they have
        facts = replace(facts, deals=tuple(d._replace(reach=max(0, d.reach - 1)) for d in facts.deals))
    if odd:  # times and places of which nothing is known
        moves = tuple(m._replace(at=None) if m.seq == 0 else m._replace(to_rank=-1) for m in facts.moves)
        facts = replace(facts, moves=moves)
    found = stays(columns(facts.moves).effective(), facts.as_of)
    told = [
        (int(deal), int(rank), bool(over), None if length == NONE else float(length / DAY))
        for deal, rank, over, length in zip(found.deal, found.rank, found.over, found.length, strict=True)
    ]
    assert told == plain_stays(facts)
    own = effective(facts.moves)
    for place, deal in enumerate(facts.deals):
        reach = np.array([each.reach for each in facts.deals])
        brought = brought_to(columns(facts.moves), ids_of(facts.deals), reach, K)
        mine = [None if each[place] == NONE else int(each[place]) for each in brought]
        assert mine[: min(deal.reach, K)] == plain_credit(own.get(deal.id, ()), deal, K)


@settings(max_examples=60, deadline=None)
@given(facts=histories(), period=periods)
def test_reports_of_a_table_of_moves_are_those_of_moves(
    facts: FunnelFacts, period: tuple[int | None, int | None]
) -> None:
    table = as_table(facts.moves)
    plain = [m._replace(from_kind=None, from_rank=0) for m in facts.moves]
    assert [m._replace(from_kind=None, from_rank=0) for m in table] == plain
    closes = as_table(facts.moves, (CLOSING,))
    amounts = [m.amount if m.to_kind != "open" else None for m in facts.moves]
    assert [m.amount for m in closes] == amounts
    assert columns(closes).amount.tolist() == [NONE if each is None else each for each in amounts]
    for name, info in CATALOG.items():
        if info.moves:
            told = replace(facts, moves=as_table(facts.moves, info.move_columns))
            for request in requests_of(name)[:2]:
                request = replace(request, start=period[0], end=period[1])
                assert compute(told, request) == compute(facts, request)


some_numbers = st.lists(st.one_of(st.just(NONE), st.integers(-9, 9), st.integers(-(10**12), 10**12)))


@given(some_numbers)
def test_numbers_are_told_apart_as_by_sorting(values: list[int]) -> None:
    for some in (values, [value % 20 for value in values], [NONE for _each in values]):
        different, which = distinct(np.array(some, dtype=np.int64))
        assert different.tolist() == sorted(set(some))
        assert different[which].tolist() == some


@given(some_numbers)
def test_numbers_close_together_are_ordered_as_by_sorting(values: list[int]) -> None:
    for some in ({value % 30 for value in values}, {value for value in values if value != NONE}):
        ids = np.array(list(some), dtype=np.int64)
        order = order_of(ids)
        assert (ids if order is None else ids[order]).tolist() == sorted(some)
