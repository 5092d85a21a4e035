"""A deal typed in one line at the head of a column: with its client, who is made when new."""

from __future__ import annotations

from dataclasses import replace

from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company
from funneldesk.domain.folding import name_key
from funneldesk.errors import UserError
from funneldesk.services.clients import ClientRef, add_company
from funneldesk.services.deals import NewDeal, add_deal, demand_required
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor


def add(
    db: Database,
    new: NewDeal,
    *,
    funnel_id: int,
    stage_id: int | None = None,
    client: ClientRef | None = None,
    client_name: str = "",
    actor: Actor | None = None,
) -> Change:
    """Make a deal with a client that is there, or with the company called `client_name`, made when new.

    Raises `name.empty`, `deal.wrong_stage`, `funnel.none`.
    """
    title = new.title.strip()
    if not title:
        raise UserError("name.empty")
    with db.transaction(Label("deal.created", {"title": title}), actor=actor) as tx:
        kind, client_id = client or ("company", 0)
        name = client_name.strip()
        if client is None and name:
            known = tx.all(Company, name_key=name_key(name))
            client_id = known[0].id if known else add_company(tx, name=name)
        deal = replace(new, title=title)
        if not deal.demand and demand_required(tx):  # the line of the quick entry says what is wanted
            deal = replace(deal, demand=title)
        if client_id and kind == "company":
            deal = replace(deal, company_id=client_id)
        elif client_id:
            deal = replace(deal, person_id=client_id)
        add_deal(tx, deal, funnel_id=funnel_id, stage_id=stage_id)
    return tx.change
