"""The events of a period as arrays: what moved in it, from where, and for how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneldesk.domain.facts import DealFact
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import ReportRequest
from funneldesk.reports.columns import OPEN, Columns, ids_of, places_in
from funneldesk.reports.population import has_period

if TYPE_CHECKING:
    import numpy as np


def inside(at: np.ndarray, request: ReportRequest) -> np.ndarray:
    """As `population.within` of each of many moments."""
    found: np.ndarray = (at != NONE) | (not has_period(request))
    if request.start is not None:
        found &= at >= request.start
    if request.end is not None:
        found &= at < request.end
    return found


@dataclass(frozen=True, slots=True)
class Events:
    """Effective moves of a period that count in activity, by deal and seq."""

    deal: np.ndarray
    kind: np.ndarray
    rank: np.ndarray
    amount: np.ndarray  # kept with the event, NONE = not kept
    created: np.ndarray  # the first move of the deal
    backward: np.ndarray  # from an open stage to an earlier one
    reopened: np.ndarray  # from won or lost to open

    def deals(self, which: np.ndarray) -> list[int]:
        """The deals of some of the events, each once."""
        import numpy as np

        ids: list[int] = np.unique(self.deal[which]).tolist()
        return ids

    def money(self, which: np.ndarray, worth: dict[int, int | None]) -> int:
        """The sum of some of the events: the amount kept with each, otherwise the deal's own."""
        kept = zip(self.deal[which].tolist(), self.amount[which].tolist(), strict=True)
        return sum((worth[deal] or 0) if amount == NONE else amount for deal, amount in kept)


def events(moves: Columns, deals: Sequence[DealFact], request: ReportRequest) -> Events:
    """What happened to `deals` in the period."""
    return events_of(moves, ids_of(deals), request)


def events_of(moves: Columns, ids: np.ndarray, request: ReportRequest) -> Events:
    """What happened to the deals with these ids."""
    import numpy as np

    own = moves.where(places_in(ids, moves.deal)[1]).effective()
    first = np.ones(len(own.deal), dtype=bool)
    first[1:] = own.deal[1:] != own.deal[:-1]
    kind_before, rank_before = np.roll(own.kind, 1), np.roll(own.rank, 1)
    is_open = own.kind == OPEN
    back = ~first & is_open & (kind_before == OPEN) & (own.rank > 0) & (own.rank < rank_before)
    again = ~first & is_open & (kind_before != OPEN)
    keep = own.counts & inside(own.at, request)
    return Events(
        own.deal[keep], own.kind[keep], own.rank[keep], own.amount[keep], first[keep], back[keep], again[keep]
    )
