"""Automatic deals: each step makes its key task, and finishing that task moves the deal on.

Manual deals go as people move them; a deal may do without some stages of its funnel.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.change import Change, Label
from funneldesk.domain.deal import Deal, Status
from funneldesk.domain.funnel import DealMode, Funnel, Stage, lines_of, ordered
from funneldesk.errors import UserError
from funneldesk.store.database import Database, read_info
from funneldesk.store.moves import WON, Place, append_move
from funneldesk.store.transaction import Actor, Transaction

USUAL_DAYS = 1.0  # until a key task is due where its stage sets no limit


def skips_of(deal: Deal) -> frozenset[int]:
    """The stages that a deal does without."""
    return frozenset(json.loads(deal.skips)) if deal.skips else frozenset()


def way(tx: Transaction, deal: Deal, through: int | None = None) -> list[int]:
    """The stages that a deal goes through, in order; the one it stands in and `through` always among them."""
    without = skips_of(deal) - {deal.stage_id, through}
    return [stage.id for stage in ordered(tx.all(Stage, funnel_id=deal.funnel_id)) if stage.id not in without]


def moved(tx: Transaction, funnel: Funnel, before: Deal, place: Place) -> None:
    """What a move of an automatic deal does to its key tasks; `before` is the deal as it stood."""
    if before.mode != DealMode.AUTOMATIC:
        return
    _end_step(tx, before, place)
    if place.kind == Status.OPEN and place.stage_id is not None:
        _begin_step(tx, tx.get(Deal, before.id), tx.get(Stage, place.stage_id))
    elif place.kind == Status.LOST and (funnel.loss_task or "").strip():
        _task(tx, before, str(funnel.loss_task).strip(), days=USUAL_DAYS, stage=None)


def _end_step(tx: Transaction, before: Deal, place: Place) -> None:
    """The key task of the step that is left: done when the deal goes on, else taken away."""
    stages = way(tx, before, place.stage_id)
    on = place.kind == Status.WON
    if place.kind == Status.OPEN and before.stage_id in stages and place.stage_id in stages:
        on = stages.index(place.stage_id) > stages.index(before.stage_id)
    for task in tx.all(Activity, deal_id=before.id):
        if task.stage_id is not None and task.done_at is None:
            if on:
                tx.update(Activity, task.id, done_at=tx.at)
            else:
                tx.delete(Activity, task.id)


def _begin_step(tx: Transaction, deal: Deal, stage: Stage) -> None:
    text = (stage.key_task or "").strip() or (stage.goal or "").strip() or stage.name
    _task(tx, deal, text, days=stage.limit_days or USUAL_DAYS, stage=stage)


def _task(tx: Transaction, deal: Deal, text: str, *, days: float, stage: Stage | None) -> None:
    subtasks = lines_of(stage.subtasks) if stage is not None else ()
    owner = stage.manager_id if stage is not None else None
    tx.insert(
        Activity(
            kind=str(ActivityKind.TASK), subject=text, comment="\n".join(f"– {s}" for s in subtasks) or None,
            company_id=deal.company_id, person_id=deal.person_id, deal_id=deal.id,
            manager_id=owner if owner is not None else deal.manager_id, created_at=tx.at,
            stage_id=stage.id if stage is not None else None, **due_in(tx, days),
        )
    )  # fmt: skip


def due_in(tx: Transaction, days: float) -> dict[str, Any]:
    """The columns of a task that is due on the day that comes in so many days, in the base's zone."""
    zone = read_info(tx.conn).zone
    day = clock.local_date(tx.at, zone) + timedelta(days=int(days))
    return {
        "due_at": clock.start_of_day(day, zone),
        "due_local": day.isoformat(),
        "due_zone": zone.key,
        "all_day": True,
    }


def finished(tx: Transaction, activity: Activity) -> None:
    """A task was done: when it is the key task of an automatic deal's step, the deal goes on.

    What the next stage requires may be missing: the task is done all the same, the deal waits, and
    `summary["waits"]` names it.
    """
    deal = tx.find(Deal, activity.deal_id)
    if deal is None or activity.stage_id is None or deal.stage_id != activity.stage_id:
        return
    if deal.mode != DealMode.AUTOMATIC or deal.status != Status.OPEN:
        return
    from funneldesk.services.moving import Moving, move_one

    stages = way(tx, deal)
    place = stages.index(activity.stage_id) + 1 if activity.stage_id in stages else len(stages)
    target = Place(Status.OPEN, stages[place]) if place < len(stages) else WON
    try:
        with tx.attempt():
            move_one(tx, deal, Moving(target, cause="task"))
    except UserError as error:
        if error.code != "deal.criteria":
            raise
        tx.summary["waits"] = deal.id


def set_mode(db: Database, deal_ids: Sequence[int], mode: DealMode, *, actor: Actor | None = None) -> Change:
    """Let deals go another way from now on: manual, automatic or without stages.

    An automatic deal gets the key task of its step; one without stages leaves its stage; one that
    comes back from there begins in the first.
    """
    with db.transaction(Label("deals.mode", {"count": len(deal_ids)}), actor=actor) as tx:
        for deal_id in deal_ids:
            deal = tx.get(Deal, deal_id)
            if len(deal_ids) == 1:
                tx.label = Label("deal.changed", {"title": deal.title})
            if (deal.mode or DealMode.MANUAL) != mode:
                _change_mode(tx, deal, mode)
    return tx.change


def _change_mode(tx: Transaction, deal: Deal, mode: DealMode) -> None:
    if deal.mode == DealMode.AUTOMATIC:
        for task in tx.all(Activity, deal_id=deal.id):
            if task.stage_id is not None and task.done_at is None:
                tx.update(Activity, task.id, stage_id=None)
    tx.update(Deal, deal.id, mode=str(mode))
    if deal.status != Status.OPEN:
        return
    if mode == DealMode.STAGELESS:
        append_move(tx, tx.get(Deal, deal.id), Place(Status.OPEN))
        return
    if deal.stage_id is None:
        first = way(tx, deal)
        if not first:
            raise UserError("funnel.no_stages")
        append_move(tx, tx.get(Deal, deal.id), Place(Status.OPEN, first[0]))
    if mode == DealMode.AUTOMATIC:
        begin(tx, deal.id)


def begin(tx: Transaction, deal_id: int) -> None:
    """The key task of the step where an automatic deal stands."""
    deal = tx.get(Deal, deal_id)
    stage = tx.find(Stage, deal.stage_id)
    if deal.mode == DealMode.AUTOMATIC and stage is not None:
        _begin_step(tx, deal, stage)


def set_skips(db: Database, deal_id: int, stage_ids: Sequence[int], *, actor: Actor | None = None) -> Change:
    """Say which stages of its funnel a manual deal does without.  Raises `deal.fixed_steps`."""
    with db.transaction(Label("deal.changed"), actor=actor) as tx:
        deal = tx.get(Deal, deal_id)
        tx.label = Label("deal.changed", {"title": deal.title})
        if deal.mode == DealMode.AUTOMATIC:
            raise UserError("deal.fixed_steps")
        live = {stage.id for stage in ordered(tx.all(Stage, funnel_id=deal.funnel_id))}
        kept = sorted(live & set(stage_ids))
        tx.update(Deal, deal_id, skips=json.dumps(kept) if kept else None)
    return tx.change
