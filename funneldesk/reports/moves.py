"""What the moves of deals say, move by move: which of them count, and the events of a period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from funneldesk.domain.facts import MoveFact


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
