"""Deals: made, changed, moved, won, lost.  Every way of moving a deal ends in `move`, see `moving`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Change, Label
from funneldesk.domain.criteria import Answers, DealCheck
from funneldesk.domain.deal import DEMAND_KEY, Deal, StageMove, Status
from funneldesk.domain.funnel import DealMode, Funnel, Stage, ordered
from funneldesk.domain.items import DealItem
from funneldesk.domain.lead import Lead
from funneldesk.domain.rule import Event
from funneldesk.errors import UserError
from funneldesk.services import automation, backups, steps
from funneldesk.services.billing import detach_billing
from funneldesk.services.client_records import detach_activities, remove_files
from funneldesk.services.fields import remove_values
from funneldesk.services.moving import (
    LOST,
    WON,
    FollowUp,
    Loss,
    Place,
    check_amount,
    check_entry,
    move,
    stage,
)
from funneldesk.services.waiting import settle
from funneldesk.store.database import Database
from funneldesk.store.moves import append_move
from funneldesk.store.queries import board as board_queries
from funneldesk.store.removal import MANY as MANY
from funneldesk.store.removal import remove_many
from funneldesk.store.transaction import Actor, Transaction

# the columns that the history of stages keeps
PLACE = frozenset(
    {"funnel_id", "stage_id", "status", "entered_at", "closed_at", "visited", "lost_from_id", "path_known"}
)


@dataclass(frozen=True, slots=True)
class NewDeal:
    """What is known of a deal when it is made; money in minor units."""

    title: str
    company_id: int | None = None
    person_id: int | None = None
    amount: int | None = None
    currency: str | None = None
    manager_id: int | None = None
    source_id: int | None = None
    product_id: int | None = None
    expected_close: str | None = None
    demand: str | None = None
    comment: str | None = None
    mode: DealMode | None = None  # None = as its funnel says


def create(
    db: Database,
    new: NewDeal,
    *,
    funnel_id: int,
    stage_id: int | None = None,
    answers: Answers | None = None,
    actor: Actor | None = None,
) -> Change:
    """Make a deal in a stage (the first one by default); `answers` fill what a later stage requires.

    Raises `name.empty`, `deal.wrong_stage`, `deal.criteria`.
    """
    title = new.title.strip()
    if not title:
        raise UserError("name.empty")
    with db.transaction(Label("deal.created", {"title": title}), actor=actor) as tx:
        if demand_required(tx) and not (new.demand or "").strip():
            raise UserError("deal.needs_demand")
        made = replace(new, title=title)
        add_deal(tx, made, funnel_id=funnel_id, stage_id=stage_id, answers=answers)
    return tx.change


def demand_required(tx: Transaction) -> bool:
    """Whether a deal needs what the client first asked for."""
    from funneldesk.store.database import read_setting

    return bool(read_setting(tx.conn, DEMAND_KEY, False))


def add_deal(
    tx: Transaction,
    new: NewDeal,
    *,
    funnel_id: int,
    stage_id: int | None = None,
    answers: Answers | None = None,
) -> int:
    """As `create` inside a transaction; returns the new id."""
    check_amount(new.amount)
    stages = ordered(tx.all(Stage, funnel_id=funnel_id))
    if not stages:
        raise UserError("funnel.none")
    target: int | None = stage_id if stage_id is not None else stages[0].id
    if target not in {s.id for s in stages}:
        raise UserError("deal.wrong_stage")
    mode = new.mode or tx.get(Funnel, funnel_id).deal_mode
    if mode == DealMode.STAGELESS:
        target = None
    from funneldesk.store.database import read_info

    deal = Deal(
        title=new.title,
        company_id=new.company_id,
        person_id=new.person_id,
        funnel_id=funnel_id,
        amount=new.amount,
        currency=new.currency or read_info(tx.conn).currency,
        manager_id=new.manager_id if new.manager_id is not None else tx.actor.manager_id,
        source_id=new.source_id,
        product_id=new.product_id,
        created_at=tx.at,
        expected_close=new.expected_close,
        demand=new.demand,
        comment=new.comment,
        position=board_queries.top_position(tx.conn, funnel_id, target),
        mode=None if mode == DealMode.MANUAL else str(mode),
    )
    deal_id = tx.insert(deal)
    later = next((s for s in stages[1:] if s.id == target), None)
    if later is not None:
        check_entry(tx, tx.get(Deal, deal_id), later, answers)
    append_move(tx, tx.get(Deal, deal_id), Place(Status.OPEN, target))
    settle(tx, tx.get(Deal, deal_id))
    steps.begin(tx, deal_id)
    automation.happened(tx, Event.ENTERED, deal_id=deal_id, stage_id=target)
    return deal_id


def update(
    db: Database,
    deal_id: int,
    *,
    expected_version: int | None = None,
    actor: Actor | None = None,
    **values: Any,
) -> Change:
    """Change fields of a deal (not its place).  Raises `name.empty`, `record.stale`, `record.gone`."""
    if PLACE & values.keys():
        raise AssertionError("a deal's place changes only by move")
    if "title" in values:
        values["title"] = str(values["title"] or "").strip()
        if not values["title"]:
            raise UserError("name.empty")
    check_amount(values.get("amount"))
    with db.read() as conn:
        title = values.get("title") or board_queries.deal_title(conn, deal_id)
    with db.transaction(Label("deal.changed", {"title": title}), actor=actor) as tx:
        if "demand" in values and not (values["demand"] or "").strip() and demand_required(tx):
            raise UserError("deal.needs_demand")
        tx.update(Deal, deal_id, expected_version=expected_version, **values)
        if {"title", "external_id"} & values.keys():
            settle(tx, tx.get(Deal, deal_id))
    return tx.change


def assign(db: Database, deal_ids: Sequence[int], manager_id: int, *, actor: Actor | None = None) -> Change:
    """Give deals to a manager."""
    from funneldesk.domain.team import Manager

    with db.transaction(Label("deals.assigned"), actor=actor) as tx:
        manager = tx.get(Manager, manager_id)
        tx.label = Label("deals.assigned", {"count": len(deal_ids), "manager": manager.name})
        for deal_id in deal_ids:
            tx.update(Deal, deal_id, manager_id=manager_id)
    return tx.change


def delete(db: Database, deal_ids: Sequence[int], *, actor: Actor | None = None) -> Change:
    """Remove deals with their history; their activities stay with the client, or go when there is none."""
    backups.before(db, backups.Why.DELETE, len(deal_ids))
    with db.transaction(Label("deals.deleted", {"count": len(deal_ids)}), actor=actor) as tx:
        if len(deal_ids) >= MANY:
            remove_many(tx, "deal", deal_ids)
        for deal_id in deal_ids if len(deal_ids) < MANY else ():
            deal = tx.get(Deal, deal_id)
            if len(deal_ids) == 1:
                tx.label = Label("deal.deleted", {"title": deal.title})
            remove_deal(tx, deal_id)
    return tx.change


def remove_deal(tx: Transaction, deal_id: int) -> None:
    """Remove one deal inside a transaction."""
    detach_activities(tx, tx.all(Activity, deal_id=deal_id), deal_id=None)
    detach_billing(tx, deal_id=deal_id)
    for lead in tx.all(Lead, deal_id=deal_id):
        tx.update(Lead, lead.id, deal_id=None)
    remove_values(tx, "deal", deal_id)
    remove_files(tx, "deal", deal_id)
    for item in tx.all(DealItem, deal_id=deal_id):
        tx.delete(DealItem, item.id)
    for check in tx.all(DealCheck, deal_id=deal_id):
        tx.delete(DealCheck, check.id)
    for row in reversed(tx.all(StageMove, deal_id=deal_id)):
        tx.delete(StageMove, row.id)
    tx.delete(Deal, deal_id)


__all__ = [
    "LOST", "WON", "FollowUp", "Loss", "NewDeal", "Place", "add_deal", "assign", "create", "delete", "move",
    "remove_deal", "stage", "update",
]  # fmt: skip
