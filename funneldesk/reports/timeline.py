"""The moves of many deals as columns, for questions about many past moments at once.

Times are microseconds in float64 (exact to the microsecond until the year 2255); -inf = unknown, which
lies before any moment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funneldesk.domain.facts import MoveFact
from funneldesk.domain.move_table import NONE
from funneldesk.reports.columns import LOST, OPEN, WON, columns

if TYPE_CHECKING:
    import numpy as np

__all__ = ["LOST", "OPEN", "WON", "Timeline", "timeline"]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Effective moves by deal and seq: those to the place a deal is already in are left out."""

    deals: np.ndarray  # ids, one per deal
    first: np.ndarray  # where each deal's moves begin
    deal: np.ndarray  # per move: the place of its deal in `deals`
    at: np.ndarray
    kind: np.ndarray
    rank: np.ndarray
    amount: np.ndarray  # minor units, nan = unknown
    # what has been asked already: the end of one month is the beginning of the next
    _stood: dict[int, np.ndarray] = field(default_factory=dict)
    _left: list[np.ndarray] = field(default_factory=list)

    def standing(self, moment: int) -> np.ndarray:
        """Per deal the place of its last move until `moment`, -1 where it was not there yet."""
        import numpy as np

        if not len(self.deals):
            return np.zeros(0, dtype=np.int64)
        if moment not in self._stood:
            until = np.add.reduceat((self.at <= moment).astype(np.int64), self.first)
            self._stood[moment] = np.where(until > 0, self.first + until - 1, -1)
        return self._stood[moment]

    def left(self) -> np.ndarray:
        """Per move the time of the deal's next one; nan for its last."""
        import numpy as np

        if not self._left:
            after = np.full(len(self.at), np.nan)
            if len(self.at) > 1:
                same = self.deal[1:] == self.deal[:-1]
                after[:-1][same] = self.at[1:][same]
            self._left.append(after)
        return self._left[0]


def timeline(moves: Sequence[MoveFact], amounts: Mapping[int, int | None]) -> Timeline:
    """The columns of `moves` (by deal and seq), of the deals that `amounts` names.

    `amounts`: what a deal is worth now, in minor units; it stands in where the history keeps none.
    """
    import numpy as np

    ids = np.array(sorted(amounts), dtype=np.int64)
    worth = np.array(
        [np.nan if amounts[each] is None else amounts[each] for each in ids.tolist()], dtype=float
    )
    found = columns(moves)
    found = found.where(np.isin(found.deal, ids)).effective()
    amount = worth[np.searchsorted(ids, found.deal)] if len(ids) else np.zeros(0)
    deals, first, deal = np.unique(found.deal, return_index=True, return_inverse=True)
    return Timeline(
        deals,
        first,
        deal,
        np.where(found.at == NONE, -np.inf, found.at.astype(float)),
        found.kind,
        found.rank,
        np.where(found.amount == NONE, amount, found.amount.astype(float)),
    )
