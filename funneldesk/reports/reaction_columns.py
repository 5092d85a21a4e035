"""The waits of `reaction` from columns: the same as case by case, without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import ReportRequest
from funneldesk.reports.columns import columns, places_in
from funneldesk.reports.deal_columns import DealColumns, deals_of, read_done, together
from funneldesk.reports.happened import inside

if TYPE_CHECKING:
    import numpy as np

_NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Waits:
    """One number per case that arrived at a known time in the period: NONE of nobody, _NEVER answered."""

    manager: np.ndarray
    arrived: np.ndarray
    answered: np.ndarray  # when; `waiting` where nobody has
    is_deal: np.ndarray  # of bool

    @property
    def waiting(self) -> np.ndarray:
        """Which nobody has answered."""
        found: np.ndarray = self.answered == _NEVER
        return found

    def of(self, manager: int) -> Waits:
        """Those of one manager."""
        keep = self.manager == manager
        return Waits(self.manager[keep], self.arrived[keep], self.answered[keep], self.is_deal[keep])


def waits_of(funnels: Sequence[FunnelFacts], request: ReportRequest) -> tuple[Waits, int]:
    """The waits of leads, with the deals made of them, and of deals without one; how many are undated."""
    import numpy as np

    deals = together([deals_of(facts, request) for facts in funnels])
    leads = [lead for facts in funnels for lead in facts.leads]
    lead_ids = np.array([lead.id for lead in leads], dtype=np.int64)
    begun = np.array([NONE if lead.created_at is None else lead.created_at for lead in leads], dtype=np.int64)
    held = np.array([NONE if lead.manager_id is None else lead.manager_id for lead in leads], dtype=np.int64)
    made = _deals_of_leads(deals, lead_ids, np.array([lead.deal_id or 0 for lead in leads], dtype=np.int64))
    alone = np.ones(len(deals.id), dtype=bool)
    alone[made[made >= 0]] = False
    direct = np.flatnonzero(alone)
    # leads first, then the deals without one
    deal = np.concatenate((made, direct))
    arrived = np.concatenate((begun, deals.created[direct]))
    is_deal = deal >= 0
    manager = np.concatenate((held, np.full(len(direct), NONE)))
    manager[is_deal] = deals.owner[deal[is_deal]]
    undated = int((arrived == NONE).sum())  # left out of a period, and without one as well
    keep = np.flatnonzero(inside(arrived, request) & (arrived != NONE))
    answered = _first(funnels, deals, deal[keep], arrived[keep])
    mine = keep < len(leads)
    answered[mine] = np.minimum(
        answered[mine], _first_of_leads(funnels, deals, lead_ids, begun, made)[keep[mine]]
    )
    return Waits(manager[keep], arrived[keep], answered, is_deal[keep]), undated


def _deals_of_leads(deals: DealColumns, leads: np.ndarray, named: np.ndarray) -> np.ndarray:
    """Per lead the place of its deal: that it names, else the last that names it; -1 without one."""
    import numpy as np

    place, there = places_in(deals.id, named)
    order = np.argsort(deals.lead, kind="stable")
    at = np.searchsorted(deals.lead[order], leads, side="right") - 1
    by_lead = order[np.maximum(at, 0)] if len(order) else at
    found = (at >= 0) & (deals.lead[by_lead] == leads) if len(order) else at >= 0
    made: np.ndarray = np.where(there, place, np.where(found, by_lead, -1))
    return made


def _first(
    funnels: Sequence[FunnelFacts], deals: DealColumns, deal: np.ndarray, arrived: np.ndarray
) -> np.ndarray:
    """Per case the first activity or move of its deal from its arrival on."""
    import numpy as np

    found = np.full(len(deal), _NEVER)
    cases = np.flatnonzero(deal >= 0)
    order = cases[np.argsort(deal[cases], kind="stable")]
    again = np.zeros(len(order), dtype=bool)
    again[1:] = deal[order[1:]] == deal[order[:-1]]
    since, first = np.full(len(deals.id), _NEVER), np.full(len(deals.id), _NEVER)
    since[deal[order[~again]]] = arrived[order[~again]]
    told = list(_happened(funnels, deals))
    for place, at in told:
        late = at >= since[place]
        np.minimum.at(first, place[late], at[late])
    found[order[~again]] = first[deal[order[~again]]]
    for case in order[again].tolist():
        # a deal of several leads: few
        for place, at in told:
            later = at[(place == deal[case]) & (at >= arrived[case])]
            found[case] = min(int(found[case]), int(later.min(initial=_NEVER)))
    return found


def _happened(funnels: Sequence[FunnelFacts], deals: DealColumns) -> list[tuple[np.ndarray, np.ndarray]]:
    """(places of deals, moments) of what was done, and of the moves but the first of each deal."""
    import numpy as np

    found = []
    for facts in funnels:
        if facts.done is not None:
            done = read_done(facts.done)
            place, mine = places_in(deals.id, done["deal"])
            found.append((place[mine], done["done"][mine]))
        moves = columns(facts.moves).effective()
        moved = np.zeros(len(moves.deal), dtype=bool)
        moved[1:] = moves.deal[1:] == moves.deal[:-1]
        moved &= moves.at != NONE
        place, mine = places_in(deals.id, moves.deal[moved])
        found.append((place[mine], moves.at[moved][mine]))
    return found


def _first_of_leads(
    funnels: Sequence[FunnelFacts], deals: DealColumns, leads: np.ndarray, begun: np.ndarray, made: np.ndarray
) -> np.ndarray:
    """Per lead the first thing done for it, or its becoming a deal, from its arrival on."""
    import numpy as np

    first = np.full(len(leads), _NEVER)
    order = np.argsort(leads)
    for facts in funnels:
        if facts.done is not None:
            done = read_done(facts.done)
            place, mine = places_in(leads[order], done["lead"])
            lead, at = order[place[mine]], done["done"][mine]
            late = at >= begun[lead]
            np.minimum.at(first, lead[late], at[late])
    created = np.where(made >= 0, deals.created[np.maximum(made, 0)] if len(deals.id) else NONE, NONE)
    turned: np.ndarray = np.where((created != NONE) & (created >= begun), np.minimum(first, created), first)
    return turned
