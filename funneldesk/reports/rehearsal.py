"""Past deals sent through other stages, in memory: the facts a report would have had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby

from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact, StageInfo
from funneldesk.domain.history import MoveRow, row_standing


def replayed(facts: FunnelFacts, stages: tuple[StageInfo, ...], ranks: Mapping[int, int]) -> FunnelFacts:
    """`facts` (with all their moves) as if the funnel had had `stages` from the beginning.

    `ranks` maps ranks of the present stages to new ones; a rank that is not in it has none in the new
    funnel.  Statuses, closes and money stay as they were; where deals stood and how far they got follows.
    """
    moves = tuple(
        move._replace(from_rank=_new(move.from_rank, ranks), to_rank=_new(move.to_rank, ranks))
        for move in facts.moves
    )
    by_deal = {deal_id: list(rows) for deal_id, rows in groupby(moves, key=lambda move: move.deal_id)}
    k = len(stages)
    return replace(
        facts,
        stages=stages,
        moves=moves,
        deals=tuple(_stood(deal, by_deal.get(deal.id, []), k) for deal in facts.deals),
        probabilities=None,
    )


def _new(rank: int, ranks: Mapping[int, int]) -> int:
    return rank if rank <= 0 else ranks.get(rank, -1)


def _stood(deal: DealFact, moves: list[MoveFact], k: int) -> DealFact:
    rows: list[MoveRow] = [(m.at, m.to_kind, m.to_rank, m.owner, m.amount) for m in moves]
    standing = row_standing(rows, k)
    return deal._replace(
        stage=standing.stage,
        reach=standing.reach,
        visited=standing.visited,
        strict=standing.strict,
        lost_at=standing.lost_at,
        entered_at=standing.entered_at,
    )
