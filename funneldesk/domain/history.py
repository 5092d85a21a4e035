"""The replay of a deal's history for reports: where it stood, how far it got, where it was lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# One move as plain values, for whoever reads many of them: (at, to_kind, to_rank, owner, amount).
# to_rank of an open place: 1..K, 0 = unknown, -1 = a known place without a rank now (a stage of
# another funnel, a removed stage).
MoveRow = tuple[int | None, str, int, int | None, int | None]


class DealStanding(NamedTuple):
    """What follows from the moves of one deal; the names and units are those of `DealFact`."""

    status: str
    stage: int  # rank of the open stage now; 0 = none (closed, or unknown)
    reach: int  # highest open rank ever entered; K+1 iff won now
    visited: int  # bit k-1 = stage of rank k entered
    strict: int  # visited s1..sk, first entries in non-decreasing time: the largest such k
    lost_at: int | None  # rank left for lost; 0 = at creation; None = not lost
    entered_at: int | None
    closed_at: int | None
    path_known: bool
    reopened: bool  # ever lost and open again later
    owner_at_close: int | None
    amount_at_close: int | None


def row_standing(rows: Iterable[MoveRow], k: int) -> DealStanding:
    """Where a deal stands after its moves (in order of seq, all with time <= T); K = `k` stages.

    DEFINITIONS: ground rules: a move to the place the deal is already in is ignored; reach falls back when a
    win is rolled back.  A loss straight from won counts as lost at the last open stage occupied.
    """
    status, stage, last_open = "open", 0, 0
    visited = strict = 0
    entered: int | None = None
    closed: int | None = None
    owner: int | None = None
    amount: int | None = None
    known, reopened, started = True, False, False
    first: list[int | None] = [None] * (k + 2)
    for at, kind, rank, by, money in rows:
        if kind == "open":
            if started and status == "open" and rank == stage and rank >= 0:
                continue
            if status == "lost":
                reopened = True
            if rank > 0:
                bit = 1 << (rank - 1)
                if not visited & bit:
                    visited |= bit
                    first[rank] = at
                    if rank == strict + 1:
                        strict = _extend(rank, visited, first, k)
                last_open = rank
            elif rank == 0:
                known = False
            closed = owner = amount = None
            status, stage, entered = "open", rank, at
        else:
            if started and status == kind:
                continue
            closed, owner, amount = at, by, money
            status, stage, entered = kind, 0, at
        started = True
    reach = k + 1 if status == "won" else visited.bit_length()
    lost_at = last_open if status == "lost" else None
    return DealStanding(
        status,
        max(stage, 0),
        reach,
        visited,
        strict,
        lost_at,
        entered,
        closed,
        known,
        reopened,
        owner,
        amount,
    )


def _extend(rank: int, visited: int, first: list[int | None], k: int) -> int:
    # A higher stage seen before counts when it was entered at the very same time (a bulk jump
    # recorded out of order); with unknown times only the order of seq can tell.
    while rank < k and visited >> rank & 1 and first[rank] is not None and first[rank + 1] == first[rank]:
        rank += 1
    return rank
