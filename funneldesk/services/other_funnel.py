"""Deals that go on in another funnel; their history goes with them."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.change import Change, Label
from funneldesk.domain.deal import Deal
from funneldesk.domain.funnel import Funnel, Stage, ordered
from funneldesk.domain.rule import Event
from funneldesk.errors import UserError
from funneldesk.services import automation
from funneldesk.store.database import Database
from funneldesk.store.moves import enter_funnel
from funneldesk.store.queries import board as board_queries
from funneldesk.store.transaction import Actor


def send(db: Database, deal_ids: Sequence[int], funnel_id: int, *, actor: Actor | None = None) -> Change:
    """Put deals on top of the first stage of a funnel; those that are there stay.  Raises `funnel.none`."""
    with db.transaction(Label("deals.to_funnel"), actor=actor) as tx:
        funnel = tx.get(Funnel, funnel_id)
        stages = ordered(tx.all(Stage, funnel_id=funnel_id))
        if not stages:
            raise UserError("funnel.none")
        tx.label = Label("deals.to_funnel", {"count": len(deal_ids), "funnel": funnel.name})
        for deal_id in reversed(deal_ids):
            deal = tx.get(Deal, deal_id)
            if len(deal_ids) == 1:
                tx.label = Label("deal.to_funnel", {"title": deal.title, "funnel": funnel.name})
            if deal.funnel_id == funnel_id:
                continue
            enter_funnel(tx, deal, stages[0])
            if deal.stage_id is not None:
                automation.happened(tx, Event.LEFT, deal_id=deal_id, stage_id=deal.stage_id)
            automation.happened(tx, Event.ENTERED, deal_id=deal_id, stage_id=stages[0].id)
            tx.update(Deal, deal_id, position=board_queries.top_position(tx.conn, funnel_id, stages[0].id))
    return tx.change
