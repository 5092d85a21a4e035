"""Moves that were asked for and are not back yet: keys may be quicker than the base."""

from __future__ import annotations

from collections.abc import Sequence


class Pending:
    """Where deals are on their way to, and which to select when they arrive."""

    def __init__(self) -> None:
        self.follow: list[int] = []
        self._heading: dict[int, int] = {}  # deal -> stage it was sent to
        self._under_way = 0

    def expect(self, ids: Sequence[int], stage_id: int = 0) -> None:
        """A move of these was asked for (to a stage, or to be closed): follow them."""
        self.follow = list(ids)
        self._under_way += 1
        if stage_id:
            self._heading.update(dict.fromkeys(ids, stage_id))

    def stage_of(self, deal_id: int, now: int) -> int:
        """The stage a deal will be in, which is `now` unless it is on its way."""
        return self._heading.get(deal_id, now)

    def written(self) -> None:
        """One of the moves has been written."""
        self._under_way = max(0, self._under_way - 1)

    def settle(self) -> None:
        """What is written is shown: nothing more to follow, unless more is under way."""
        if self._under_way == 0:
            self.follow = []
            self._heading.clear()

    def forget(self) -> None:
        """What was asked for was cancelled or refused: nothing will come back."""
        self._under_way = 0
        self.settle()
