"""The funnel again for a client: now, or on a day to come, when the deal is made by itself, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from funneldesk.domain.change import Change, Label
from funneldesk.domain.deal import Deal
from funneldesk.domain.funnel import Stage, ordered
from funneldesk.domain.repeat import Repeat
from funneldesk.errors import UserError
from funneldesk.services.deals import NewDeal, add_deal
from funneldesk.store.database import Database
from funneldesk.store.queries.repeats import due_repeats
from funneldesk.store.transaction import Actor, Transaction


@dataclass(frozen=True, slots=True)
class Again:
    """What the new deal is to be; None takes it from the deal that is repeated."""

    title: str = ""
    amount: int | None = None
    manager_id: int | None = None
    funnel_id: int | None = None


def start(
    db: Database, deal_ids: Sequence[int], again: Again | None = None, *, actor: Actor | None = None
) -> Change:
    """Make new deals now for the clients of `deal_ids`, in the first stage.  Raises `funnel.none`."""
    wish = again or Again()
    with db.transaction(Label("deals.repeated", {"count": len(deal_ids)}), actor=actor) as tx:
        for deal_id in deal_ids:
            repeat = _repeat_of(tx.get(Deal, deal_id), wish, "")
            if len(deal_ids) == 1:
                tx.label = Label("deal.repeated", {"title": repeat.title})
            _make(tx, repeat)
    return tx.change


def plan(
    db: Database,
    deal_ids: Sequence[int],
    day: date,
    again: Again | None = None,
    *,
    actor: Actor | None = None,
) -> Change:
    """Make new deals when `day` comes.  Raises `funnel.none` when the funnel has no stages."""
    wish = again or Again()
    with db.transaction(Label("deals.repeat_planned", {"count": len(deal_ids)}), actor=actor) as tx:
        for deal_id in deal_ids:
            repeat = _repeat_of(tx.get(Deal, deal_id), wish, day.isoformat())
            if not ordered(tx.all(Stage, funnel_id=repeat.funnel_id)):
                raise UserError("funnel.none")
            if len(deal_ids) == 1:
                params = {"title": repeat.title, "day": day.isoformat()}
                tx.label = Label("deal.repeat_planned", params)
            tx.insert(repeat)
    return tx.change


def put_day(db: Database, repeat_ids: Sequence[int], day: date, *, actor: Actor | None = None) -> Change:
    """Make the deals on another day.  Raises `record.gone` for one that is a deal already."""
    with db.transaction(Label("deals.repeat_moved", {"count": len(repeat_ids)}), actor=actor) as tx:
        for repeat_id in repeat_ids:
            repeat = _waiting(tx, repeat_id)
            if len(repeat_ids) == 1:
                tx.label = Label("deal.repeat_planned", {"title": repeat.title, "day": day.isoformat()})
            tx.update(Repeat, repeat_id, due_day=day.isoformat())
    return tx.change


def cancel(db: Database, repeat_ids: Sequence[int], *, actor: Actor | None = None) -> Change:
    """The deals will not be made after all.  Raises `record.gone` for one that is a deal already."""
    with db.transaction(Label("deals.repeat_cancelled", {"count": len(repeat_ids)}), actor=actor) as tx:
        for repeat_id in repeat_ids:
            repeat = _waiting(tx, repeat_id)
            if len(repeat_ids) == 1:
                tx.label = Label("deal.repeat_cancelled", {"title": repeat.title})
            tx.delete(Repeat, repeat_id)
    return tx.change


def _waiting(tx: Transaction, repeat_id: int) -> Repeat:
    repeat = tx.get(Repeat, repeat_id)
    if repeat.made_deal_id:
        raise UserError("record.gone", kind="repeat", id=repeat_id)
    return repeat


def run_due(db: Database, today: date, *, actor: Actor | None = None) -> Change | None:
    """Make the deals whose day has come; None when there are none.

    A repeat keeps the deal it became in the same transaction, so it cannot become two.
    """
    with db.read() as conn:
        if not due_repeats(conn, today.isoformat()):
            return None
    with db.transaction(Label("deals.repeated"), actor=actor) as tx:
        due = due_repeats(tx.conn, today.isoformat())
        tx.label = Label("deals.repeated", {"count": len(due)})
        for repeat in due:
            if len(due) == 1:
                tx.label = Label("deal.repeated", {"title": repeat.title})
            tx.update(Repeat, repeat.id, made_deal_id=_make(tx, repeat))
    return tx.change


def _repeat_of(deal: Deal, wish: Again, day: str) -> Repeat:
    return Repeat(
        company_id=deal.company_id,
        person_id=deal.person_id,
        funnel_id=wish.funnel_id or deal.funnel_id,
        deal_id=deal.id,
        title=wish.title.strip() or deal.title,
        amount=wish.amount if wish.amount is not None else deal.amount,
        currency=deal.currency,
        manager_id=wish.manager_id if wish.manager_id is not None else deal.manager_id,
        due_day=day,
    )


def _make(tx: Transaction, repeat: Repeat) -> int:
    old = tx.find(Deal, repeat.deal_id)
    new = NewDeal(
        repeat.title,
        company_id=repeat.company_id,
        person_id=repeat.person_id,
        amount=repeat.amount,
        currency=repeat.currency,
        manager_id=repeat.manager_id,
        source_id=old.source_id if old is not None else None,
        product_id=old.product_id if old is not None else None,
    )
    return add_deal(tx, new, funnel_id=repeat.funnel_id)
