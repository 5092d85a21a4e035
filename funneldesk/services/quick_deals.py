"""A deal edited on its card, or typed in one line at the head of a column with its client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from funneldesk.domain.activity import Activity
from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.criteria import Answers
from funneldesk.domain.deal import Deal
from funneldesk.domain.folding import name_key
from funneldesk.errors import UserError
from funneldesk.services import activities
from funneldesk.services.clients import ClientRef, add_company
from funneldesk.services.deals import NewDeal, add_deal, demand_required
from funneldesk.services.moving import check_amount
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, Transaction

_Owned = TypeVar("_Owned", Activity, Invoice, Payment)


def add(
    db: Database,
    new: NewDeal,
    *,
    funnel_id: int,
    stage_id: int | None = None,
    client: ClientRef | None = None,
    client_name: str = "",
    answers: Answers | None = None,
    actor: Actor | None = None,
) -> Change:
    """Make a deal with a client that is there, or with the company called `client_name`, made when new.

    Raises `name.empty`, `record.gone`, `deal.wrong_stage`, `funnel.none`, `deal.criteria`.
    """
    title = new.title.strip()
    if not title:
        raise UserError("name.empty")
    with db.transaction(Label("deal.created", {"title": title}), actor=actor) as tx:
        deal = replace(new, title=title, **_client_of(tx, client, client_name))
        if not deal.demand and demand_required(tx):  # the line of the quick entry says what is wanted
            deal = replace(deal, demand=title)
        add_deal(tx, deal, funnel_id=funnel_id, stage_id=stage_id, answers=answers)
    return tx.change


def give_client(
    db: Database,
    deal_id: int,
    *,
    client: ClientRef | None = None,
    client_name: str = "",
    actor: Actor | None = None,
) -> Change:
    """Say whose a deal without a client is: one that is there, or the company of that name, made when new.

    What was done and planned for the deal, and what is owed for it, then stands on the client's card too.
    Raises `name.empty`, `record.gone`, `record.stale` when it has a client.
    """
    if client is None and not client_name.strip():
        raise UserError("name.empty")
    with db.transaction(Label("deal.changed"), actor=actor) as tx:
        deal = tx.get(Deal, deal_id)
        tx.label = Label("deal.changed", {"title": deal.title})
        if deal.company_id is not None or deal.person_id is not None:
            raise UserError("record.stale", kind="deal", id=deal_id)  # somebody has said it meanwhile
        owner = _client_of(tx, client, client_name)
        tx.update(Deal, deal_id, **owner)
        _give(tx, tx.all(Activity, deal_id=deal_id), owner)
        for invoice in _give(tx, tx.all(Invoice, deal_id=deal_id), owner):
            _give(tx, tx.all(Payment, invoice_id=invoice.id), owner)
    return tx.change


def _give(tx: Transaction, records: Sequence[_Owned], owner: Mapping[str, Any]) -> list[_Owned]:
    """Make those records that are nobody's a client's; these."""
    nobodys = [record for record in records if record.company_id is None and record.person_id is None]
    for record in nobodys:
        tx.update(type(record), record.id, **owner)
    return nobodys


def _client_of(tx: Transaction, client: ClientRef | None, name: str) -> dict[str, Any]:
    """The column that says whose a deal is; nothing when neither a client nor a name is given.

    Raises `record.gone`.
    """
    if client is not None:
        tx.get(Company if client[0] == "company" else Person, client[1])
        return {f"{client[0]}_id": client[1]}
    if not name.strip():
        return {}
    known = tx.all(Company, name_key=name_key(name.strip()))
    return {"company_id": known[0].id if known else add_company(tx, name=name.strip())}


def edit(
    db: Database,
    deal_id: int,
    values: Mapping[str, Any],
    *,
    step: Mapping[str, Any] | None = None,
    actor: Actor | None = None,
) -> Change:
    """Change a deal's title or amount and its next step together.

    `step` holds activity_id (None = plan a new one), text, and when (as `activities.plan` takes it,
    None = as it is).  Raises `name.empty`, `deal.amount_too_large`, `record.gone`.
    """
    if "title" in values and not str(values["title"]).strip():
        raise UserError("name.empty")
    check_amount(values.get("amount"))
    with db.transaction(Label("deal.changed"), actor=actor) as tx:
        deal = tx.get(Deal, deal_id)
        tx.label = Label("deal.changed", {"title": values.get("title", deal.title)})
        if values:
            tx.update(Deal, deal_id, **values)
        if step is not None:
            activities.set_step(tx, deal, step["activity_id"], step["text"], step["when"])
    return tx.change
