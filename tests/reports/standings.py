"""Where a deal stands, of moves as records."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.facts import MoveFact
from funneldesk.domain.history import DealStanding, row_standing


def deal_standing(moves: Sequence[MoveFact], k: int) -> DealStanding:
    """After `moves`, in order of seq; K = `k` stages."""
    return row_standing([(m.at, m.to_kind, m.to_rank, m.owner, m.amount) for m in moves], k)
