"""The moves of many deals as columns, for questions about many past moments at once.

Times are microseconds in float64 (exact to the microsecond until the year 2255); -inf = unknown, which
lies before any moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneldesk.domain.facts import MoveFact

if TYPE_CHECKING:
    import numpy as np

OPEN, WON, LOST = 0, 1, 2
_KINDS = {"open": OPEN, "won": WON, "lost": LOST}


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

    def standing(self, moment: int) -> np.ndarray:
        """Per deal the place of its last move until `moment`, -1 where it was not there yet."""
        import numpy as np

        if not len(self.deals):
            return np.zeros(0, dtype=np.int64)
        until = np.add.reduceat((self.at <= moment).astype(np.int64), self.first)
        return np.where(until > 0, self.first + until - 1, -1)

    def left(self) -> np.ndarray:
        """Per move the time of the deal's next one; nan for its last."""
        import numpy as np

        after = np.full(len(self.at), np.nan)
        if len(self.at) > 1:
            same = self.deal[1:] == self.deal[:-1]
            after[:-1][same] = self.at[1:][same]
        return after


def timeline(moves: Iterable[MoveFact], amounts: Mapping[int, int | None]) -> Timeline:
    """The columns of `moves` (by deal and seq), of the deals that `amounts` names.

    `amounts`: what a deal is worth now, in minor units; it stands in where the history keeps none.
    """
    import numpy as np

    rows = [
        (m.deal_id, -np.inf if m.at is None else m.at, _KINDS[m.to_kind], m.to_rank, _worth(m, amounts))
        for m in moves
        if m.deal_id in amounts
    ]
    table = np.array(rows, dtype=float).reshape(-1, 5)
    ids, kind, rank = table[:, 0], table[:, 2], table[:, 3]
    keep = np.ones(len(table), dtype=bool)
    if len(table) > 1:
        still = (ids[1:] == ids[:-1]) & (kind[1:] == kind[:-1])
        # two places without a rank (-1) are not taken for one
        still &= (kind[1:] != OPEN) | ((rank[1:] == rank[:-1]) & (rank[1:] >= 0))
        keep[1:] = ~still
    table = table[keep]
    deals, first, deal = np.unique(table[:, 0], return_index=True, return_inverse=True)
    return Timeline(
        deals.astype(np.int64), first, deal, table[:, 1], table[:, 2].astype(int), table[:, 3].astype(int),
        table[:, 4],
    )  # fmt: skip


def _worth(move: MoveFact, amounts: Mapping[int, int | None]) -> float:
    known = move.amount if move.amount is not None else amounts[move.deal_id]
    return float("nan") if known is None else float(known)
