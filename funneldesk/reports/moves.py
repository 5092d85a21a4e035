"""What the moves of deals say: events of a period, visits to stages, who brought a deal into a stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, MoveFact


def effective(moves: Iterable[MoveFact]) -> dict[int, list[MoveFact]]:
    """The moves of each deal without those to the place the deal is already in (DEFINITIONS: ground rules).

    Each deal's moves come in order of seq, as `FunnelFacts.moves` holds them.
    """
    by_deal: dict[int, list[MoveFact]] = {}
    for move in moves:
        own = by_deal.get(move.deal_id)
        if own is None:
            by_deal[move.deal_id] = [move]
        elif not _same_place(own[-1], move):
            own.append(move)
    return by_deal


def _same_place(before: MoveFact, after: MoveFact) -> bool:
    if before.to_kind != after.to_kind:
        return False
    # A place without a rank (-1) may be any of several, so two of them are not taken for one.
    return after.to_kind != "open" or (before.to_rank == after.to_rank and after.to_rank >= 0)


class Event(NamedTuple):
    """A move with the move before it (None at the creation)."""

    move: MoveFact
    before: MoveFact | None

    @property
    def created(self) -> bool:
        """The first row of a deal."""
        return self.before is None

    @property
    def backward(self) -> bool:
        """From an open stage to an earlier one."""
        if self.before is None or self.before.to_kind != "open" or self.move.to_kind != "open":
            return False
        return 0 < self.move.to_rank < self.before.to_rank

    @property
    def reopened(self) -> bool:
        """From won or lost to open."""
        return self.before is not None and self.before.to_kind != "open" and self.move.to_kind == "open"


def events(by_deal: Mapping[int, Sequence[MoveFact]]) -> list[Event]:
    """Every effective move that counts in activity, with the one before it."""
    found = []
    for own in by_deal.values():
        before: MoveFact | None = None
        for move in own:
            if move.counts:
                found.append(Event(move, before))
            before = move
    return found


class Visit(NamedTuple):
    """A stay in an open stage; `left` None = still there at T."""

    deal_id: int
    rank: int
    entered: int | None
    left: int | None
    over: bool


def visits(by_deal: Mapping[int, Sequence[MoveFact]]) -> list[Visit]:
    """All stays in open stages with a rank (DEFINITIONS: time in a stage); zero-length ones are real."""
    found = []
    for deal_id, own in by_deal.items():
        for place, move in enumerate(own):
            if move.to_kind == "open" and move.to_rank > 0:
                after = own[place + 1] if place + 1 < len(own) else None
                left = after.at if after is not None else None
                found.append(Visit(deal_id, move.to_rank, move.at, left, after is not None))
    return found


def length_days(visit: Visit, as_of: int) -> float | None:
    """The length in days, until `as_of` while it lasts; None where a time is unknown."""
    end = visit.left if visit.over else as_of
    if visit.entered is None or end is None:
        return None
    return (end - visit.entered) / DAY


def brought_by(own: Sequence[MoveFact], deal: DealFact, k: int) -> list[int | None]:
    """For each rank 1..reach (at most `k`): the actor of the deal's first entry into that stage.

    A stage the deal skipped is credited to the first move that took it beyond (DEFINITIONS: comparing slices:
    the credit of a step is never the last owner's).  None = no actor known.
    """
    reach = min(deal.reach, k)
    actors: list[int | None] = [None] * reach
    entered = [False] * reach
    passed = [False] * reach
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
