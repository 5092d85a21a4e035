"""The one way in which a deal is moved: rules are checked, answers kept, and what follows from it done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.change import Change, Label
from funneldesk.domain.criteria import Answers
from funneldesk.domain.deal import Deal, Status
from funneldesk.domain.funnel import DealMode, Funnel, Stage
from funneldesk.domain.rule import Event
from funneldesk.domain.team import LossReason
from funneldesk.errors import UserError
from funneldesk.services import automation, criteria, steps
from funneldesk.services.team import get_or_add
from funneldesk.store.database import Database
from funneldesk.store.moves import WON, Place, append_move
from funneldesk.store.queries import board as board_queries
from funneldesk.store.transaction import Actor, Transaction

LOST = Place(Status.LOST)
MOST = 10**15  # minor units of one deal


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A task that is planned in the same change as the loss."""

    text: str
    due_at: int | None = None
    due_local: str | None = None
    due_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a deal was lost; asked by every way of losing one.  `new_reason` is made when there is no id."""

    reason_id: int | None
    comment: str = ""
    competitor: str | None = None
    new_reason: str = ""
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Moving:
    """All that is said with a move: where, why lost, how much and when won, what was answered."""

    place: Place
    loss: Loss | None = None
    amount: int | None = None
    at: int | None = None
    answers: Mapping[int, Answers] | None = None
    cause: str = "user"


def stage(stage_id: int) -> Place:
    """The place that is an open stage."""
    return Place(Status.OPEN, stage_id)


def move(
    db: Database,
    deal_ids: Sequence[int],
    place: Place,
    *,
    before_id: int | None = None,
    loss: Loss | None = None,
    amount: int | None = None,
    at: int | None = None,
    answers: Mapping[int, Answers] | None = None,
    actor: Actor | None = None,
) -> Change:
    """Move deals to a place: another stage, WON, or LOST with its reason.  One change for all of them.

    `before_id` puts them above that card of the column (None = at the top).  A deal already
    there is only reordered, one won or lost already is left as it is.  `answers` (by deal) fill what
    the stage requires, `at` is the day of the win.  What the funnel's rules do on it belongs to the
    same change.

    Raises `deal.loss_needs_reason`, `deal.loss_needs_comment`, `deal.wrong_stage`, `deal.no_back`,
    `deal.no_skip`, `deal.fixed_steps`, `deal.stageless`, `deal.criteria`, `deal.won_later`.
    """
    with db.transaction(Label("deal.moved"), actor=actor) as tx:
        deals = [tx.get(Deal, i) for i in deal_ids]
        target = tx.find(Stage, place.stage_id)
        tx.label = _label(deals, place, target)
        lost = place.kind == Status.LOST and not all(_is_there(deal, place) for deal in deals)
        if lost and loss is not None and loss.new_reason.strip():
            loss = replace(loss, reason_id=get_or_add(tx, LossReason, loss.new_reason))
        moving = Moving(place, loss, amount, at, answers)
        for deal in deals:
            move_one(tx, deal, moving)
        if place.kind == Status.OPEN and target is not None:
            _put_in_order(tx, [d.id for d in deals if _stands_in(tx, d.id, target)], target, before_id)
    return tx.change


def _stands_in(tx: Transaction, deal_id: int, target: Stage) -> bool:
    """Whether a deal is still where it was moved: a rule may have sent it on."""
    deal = tx.find(Deal, deal_id)
    return deal is not None and deal.stage_id == target.id


def _is_there(deal: Deal, place: Place) -> bool:
    return deal.status == place.kind and deal.stage_id == place.stage_id


def _label(deals: Sequence[Deal], place: Place, target: Stage | None) -> Label:
    """What the move is called: it counts those that move, and says how many were won or lost already."""
    moved = [deal for deal in deals if not _is_there(deal, place)] or deals
    many = len(moved) > 1
    first = {"count": len(moved)} if many else {"title": moved[0].title if moved else ""}
    where: dict[str, str | int] = {**first}
    if place.kind == Status.OPEN:
        where["stage"] = target.name if target else ""
        reopened = not many and bool(moved) and moved[0].status != Status.OPEN
        return Label("deals.moved" if many else "deal.reopened" if reopened else "deal.moved", where)
    if len(moved) < len(deals):
        return Label(f"deals.{place.kind}_rest", {"count": len(moved), "left": len(deals) - len(moved)})
    return Label(f"{'deals' if many else 'deal'}.{place.kind}", where)


def move_one(tx: Transaction, deal: Deal, moving: Moving) -> None:
    """Move one deal inside a transaction, with everything that follows from it."""
    place = moving.place
    if _is_there(deal, place):
        return
    funnel = tx.get(Funnel, deal.funnel_id)
    target = tx.find(Stage, place.stage_id)
    if place.kind == Status.LOST:
        _lose(tx, funnel, deal, moving)
    elif place.kind == Status.WON:
        _win(tx, funnel, deal, moving)
    else:
        _check_stage(tx, funnel, deal, target)
        assert target is not None
        check_entry(tx, deal, target, (moving.answers or {}).get(deal.id))
    if deal.status == Status.LOST:
        tx.update(Deal, deal.id, loss_reason_id=None, loss_comment=None, competitor=None)
    reason = moving.loss.reason_id if moving.loss is not None and place.kind == Status.LOST else None
    at = moving.at if place.kind == Status.WON else None
    append_move(tx, tx.get(Deal, deal.id), place, cause=moving.cause, loss_reason_id=reason, at=at)
    steps.moved(tx, funnel, deal, place)
    _tell_rules(tx, deal, place)


def check_entry(tx: Transaction, deal: Deal, target: Stage, answers: Answers | None) -> None:
    """Whatever way a deal comes to a stage: what was answered is kept, what is still lacking refuses it.

    Raises `deal.criteria`.
    """
    if answers is not None:
        criteria.answer(tx, deal, answers)
    criteria.check(tx, deal, target)


def _tell_rules(tx: Transaction, before: Deal, place: Place) -> None:
    if before.status == Status.OPEN and before.stage_id is not None:
        automation.happened(tx, Event.LEFT, deal_id=before.id, stage_id=before.stage_id)
    event = {Status.WON: Event.WON, Status.LOST: Event.LOST}.get(Status(place.kind), Event.ENTERED)
    automation.happened(tx, event, deal_id=before.id, stage_id=place.stage_id)


def _lose(tx: Transaction, funnel: Funnel, deal: Deal, moving: Moving) -> None:
    loss = moving.loss
    if loss is None or loss.reason_id is None:
        raise UserError("deal.loss_needs_reason")
    if funnel.loss_comment_required and not loss.comment.strip():
        raise UserError("deal.loss_needs_comment")
    tx.update(
        Deal,
        deal.id,
        loss_reason_id=loss.reason_id,
        loss_comment=loss.comment.strip() or None,
        competitor=loss.competitor,
    )
    if loss.follow_up is not None and loss.follow_up.text.strip():
        later = loss.follow_up
        tx.insert(
            Activity(
                kind=str(ActivityKind.TASK), subject=later.text.strip(), company_id=deal.company_id,
                person_id=deal.person_id, deal_id=deal.id, manager_id=deal.manager_id, created_at=tx.at,
                due_at=later.due_at, due_local=later.due_local, due_zone=later.due_zone, all_day=True,
            )
        )  # fmt: skip


def _win(tx: Transaction, funnel: Funnel, deal: Deal, moving: Moving) -> None:
    if moving.at is not None and moving.at > tx.at:
        raise UserError("deal.won_later")
    if deal.mode == DealMode.AUTOMATIC and deal.status == Status.OPEN:
        way = steps.way(tx, deal)
        if deal.stage_id in way and deal.stage_id != way[-1]:
            raise UserError("deal.fixed_steps")
    if moving.amount is not None:
        check_amount(moving.amount)
        tx.update(Deal, deal.id, amount=moving.amount)


def check_amount(amount: int | None) -> None:
    """Sums of whole numbers must stay whole numbers of the store.  Raises `deal.amount_too_large`."""
    if amount is not None and abs(amount) > MOST:
        raise UserError("deal.amount_too_large")


def _check_stage(tx: Transaction, funnel: Funnel, deal: Deal, target: Stage | None) -> None:
    if target is None or target.funnel_id != deal.funnel_id or target.archived:
        raise UserError("deal.wrong_stage")
    if deal.mode == DealMode.STAGELESS:
        raise UserError("deal.stageless")
    way = steps.way(tx, deal, target.id)
    if deal.status != Status.OPEN or deal.stage_id not in way:
        return
    step = way.index(target.id) - way.index(deal.stage_id)
    if step < 0 and not funnel.allow_back:
        raise UserError("deal.no_back")
    if step > 1 and deal.mode == DealMode.AUTOMATIC:
        raise UserError("deal.fixed_steps")
    if step > 1 and not funnel.allow_skip:
        raise UserError("deal.no_skip")


def _put_in_order(tx: Transaction, deal_ids: Sequence[int], target: Stage, before_id: int | None) -> None:
    for deal_id, place in zip(deal_ids, positions(tx, deal_ids, target, before_id), strict=True):
        tx.update(Deal, deal_id, position=place)


def positions(tx: Transaction, deal_ids: Sequence[int], target: Stage, before_id: int | None) -> list[float]:
    """Rising positions for deals in a column, see `board_queries.free_positions`.

    Where there is no room between two numbers, the cards that stand there are numbered anew.
    """
    ids, where = list(deal_ids), (target.funnel_id, target.id)
    places = board_queries.free_positions(tx.conn, *where, ids, before_id, len(ids))
    if ids and not places:
        anew = board_queries.numbered_anew(tx.conn, *where, ids)
        tx.bulk_update("deal", ["position"], [i for i, _place in anew], [[place] for _i, place in anew])
        places = board_queries.free_positions(tx.conn, *where, ids, before_id, len(ids))
        # above one of those that move themselves, which kept its number, there may still be no room
        places = places or board_queries.free_positions(tx.conn, *where, ids, None, len(ids))
    return places


__all__ = [
    "LOST", "WON", "FollowUp", "Loss", "Moving", "Place", "check_amount", "check_entry", "move", "move_one",
    "positions", "stage",
]  # fmt: skip
