"""Deals: made, changed, moved, won, lost.  Every way of moving a deal ends in `move`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Change, Label
from funneldesk.domain.deal import Deal, StageMove, Status
from funneldesk.domain.fields import CustomValue
from funneldesk.domain.funnel import Funnel, Stage, ordered
from funneldesk.domain.lead import Lead
from funneldesk.domain.team import LossReason
from funneldesk.errors import UserError
from funneldesk.services.billing import detach_billing
from funneldesk.services.client_records import detach_activities
from funneldesk.services.team import get_or_add
from funneldesk.store.database import Database
from funneldesk.store.moves import WON, Place, append_move
from funneldesk.store.queries import board as board_queries
from funneldesk.store.transaction import Actor, Transaction

LOST = Place(Status.LOST)
MOST = 10**15  # minor units of one deal


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a deal was lost; asked by every way of losing one.  `new_reason` is made when there is no id."""

    reason_id: int | None
    comment: str = ""
    competitor: str | None = None
    new_reason: str = ""


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


def stage(stage_id: int) -> Place:
    """The place that is an open stage."""
    return Place(Status.OPEN, stage_id)


def create(
    db: Database, new: NewDeal, *, funnel_id: int, stage_id: int | None = None, actor: Actor | None = None
) -> Change:
    """Make a deal in a stage (the first one by default).  Raises `name.empty`, `deal.wrong_stage`."""
    title = new.title.strip()
    if not title:
        raise UserError("name.empty")
    with db.transaction(Label("deal.created", {"title": title}), actor=actor) as tx:
        add_deal(tx, replace(new, title=title), funnel_id=funnel_id, stage_id=stage_id)
    return tx.change


def add_deal(tx: Transaction, new: NewDeal, *, funnel_id: int, stage_id: int | None = None) -> int:
    """As `create` inside a transaction; returns the new id."""
    _check_amount(new.amount)
    stages = ordered(tx.all(Stage, funnel_id=funnel_id))
    if not stages:
        raise UserError("funnel.none")
    target = stage_id if stage_id is not None else stages[0].id
    if target not in {s.id for s in stages}:
        raise UserError("deal.wrong_stage")
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
    )
    deal_id = tx.insert(deal)
    append_move(tx, tx.get(Deal, deal_id), stage(target))
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
    if "title" in values and not str(values["title"]).strip():
        raise UserError("name.empty")
    _check_amount(values.get("amount"))
    with db.read() as conn:
        title = values.get("title") or board_queries.deal_title(conn, deal_id)
    with db.transaction(Label("deal.changed", {"title": title}), actor=actor) as tx:
        tx.update(Deal, deal_id, expected_version=expected_version, **values)
    return tx.change


def move(
    db: Database,
    deal_ids: Sequence[int],
    place: Place,
    *,
    before_id: int | None = None,
    loss: Loss | None = None,
    amount: int | None = None,
    actor: Actor | None = None,
) -> Change:
    """Move deals to a place: another stage, WON, or LOST with its reason.  One change for all of them.

    `before_id` puts them above that card of the column (None = at the top).  A deal already
    there is only reordered.  Raises `deal.loss_needs_reason`, `deal.loss_needs_comment`,
    `deal.wrong_stage`, `deal.no_back`, `deal.no_skip`.
    """
    with db.transaction(Label("deal.moved"), actor=actor) as tx:
        deals = [tx.get(Deal, i) for i in deal_ids]
        target = tx.find(Stage, place.stage_id)
        tx.label = _label(deals, place, target)
        if place.kind == Status.LOST and loss is not None and loss.new_reason.strip():
            loss = replace(loss, reason_id=get_or_add(tx, LossReason, loss.new_reason))
        for deal in deals:
            _move_one(tx, deal, place, target, loss, amount)
        if place.kind == Status.OPEN and target is not None:
            _put_in_order(tx, [d.id for d in deals], target, before_id)
    return tx.change


def _label(deals: Sequence[Deal], place: Place, target: Stage | None) -> Label:
    many = len(deals) > 1
    first = {"count": len(deals)} if many else {"title": deals[0].title if deals else ""}
    where: dict[str, str | int] = {**first}
    if place.kind == Status.OPEN:
        where["stage"] = target.name if target else ""
        reopened = not many and bool(deals) and deals[0].status != Status.OPEN
        return Label("deals.moved" if many else "deal.reopened" if reopened else "deal.moved", where)
    return Label(f"{'deals' if many else 'deal'}.{place.kind}", where)


def _move_one(
    tx: Transaction, deal: Deal, place: Place, target: Stage | None, loss: Loss | None, amount: int | None
) -> None:
    if deal.status == place.kind and deal.stage_id == place.stage_id:
        return
    funnel = tx.get(Funnel, deal.funnel_id)
    if place.kind == Status.LOST:
        _check_loss(funnel, loss)
        assert loss is not None
        tx.update(
            Deal,
            deal.id,
            loss_reason_id=loss.reason_id,
            loss_comment=loss.comment.strip() or None,
            competitor=loss.competitor,
        )
        append_move(tx, tx.get(Deal, deal.id), place, loss_reason_id=loss.reason_id)
        return
    if place.kind == Status.WON:
        if amount is not None:
            _check_amount(amount)
            tx.update(Deal, deal.id, amount=amount)
    else:
        _check_stage(tx, funnel, deal, target)
    if deal.status == Status.LOST:
        tx.update(Deal, deal.id, loss_reason_id=None, loss_comment=None, competitor=None)
    append_move(tx, tx.get(Deal, deal.id), place)


def _check_amount(amount: int | None) -> None:
    """Sums of whole numbers must stay whole numbers of the store."""
    if amount is not None and abs(amount) > MOST:
        raise UserError("deal.amount_too_large")


def _check_loss(funnel: Funnel, loss: Loss | None) -> None:
    if loss is None or loss.reason_id is None:
        raise UserError("deal.loss_needs_reason")
    if funnel.loss_comment_required and not loss.comment.strip():
        raise UserError("deal.loss_needs_comment")


def _check_stage(tx: Transaction, funnel: Funnel, deal: Deal, target: Stage | None) -> None:
    if target is None or target.funnel_id != deal.funnel_id or target.archived:
        raise UserError("deal.wrong_stage")
    ranks = {s.id: n for n, s in enumerate(ordered(tx.all(Stage, funnel_id=funnel.id)), 1)}
    if deal.status != Status.OPEN or deal.stage_id not in ranks:
        return
    step = ranks[target.id] - ranks[deal.stage_id]
    if step < 0 and not funnel.allow_back:
        raise UserError("deal.no_back")
    if step > 1 and not funnel.allow_skip:
        raise UserError("deal.no_skip")


def _put_in_order(tx: Transaction, deal_ids: Sequence[int], target: Stage, before_id: int | None) -> None:
    ids, where = list(deal_ids), (target.funnel_id, target.id)
    places = board_queries.free_positions(tx.conn, *where, ids, before_id, len(ids))
    if ids and not places:
        anew = board_queries.numbered_anew(tx.conn, *where, ids)
        tx.bulk_update("deal", ["position"], [i for i, _place in anew], [[place] for _i, place in anew])
        places = board_queries.free_positions(tx.conn, *where, ids, before_id, len(ids))
    for deal_id, place in zip(deal_ids, places, strict=True):
        tx.update(Deal, deal_id, position=place)


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
    with db.transaction(Label("deals.deleted", {"count": len(deal_ids)}), actor=actor) as tx:
        for deal_id in deal_ids:
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
    for value in tx.all(CustomValue, record_kind="deal", record_id=deal_id):
        tx.delete(CustomValue, value.id)
    for row in reversed(tx.all(StageMove, deal_id=deal_id)):
        tx.delete(StageMove, row.id)
    tx.delete(Deal, deal_id)


__all__ = [
    "LOST", "WON", "Loss", "NewDeal", "Place", "add_deal", "assign", "create", "delete", "move",
    "remove_deal", "stage", "update",
]  # fmt: skip
