"""Rules do their work inside the change that set them off, so that one undo takes both back.

A rule fires once for a record in one change: rules that set each other off come to an end, and the log
says so.  What a rule may not do (a move that is refused) is logged and holds nothing up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.deal import Deal, Status
from funneldesk.domain.funnel import Stage
from funneldesk.domain.lead import Lead
from funneldesk.domain.rule import Action, Event, Params, Rule, RuleRun, params_of
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.services import rule_conditions
from funneldesk.store.moves import Place
from funneldesk.store.queries import rules as queries
from funneldesk.store.transaction import Transaction


def happened(
    tx: Transaction,
    event: Event,
    *,
    deal_id: int | None = None,
    lead_id: int | None = None,
    stage_id: int | None = None,
    activity_kind: str | None = None,
) -> None:
    """Something happened to a deal or a lead: every rule that waits for it does its work."""
    found = list(tx.all(Rule, active=True, event=str(event)))
    if not found:
        return
    record: Deal | Lead | None = tx.find(Deal, deal_id) if deal_id is not None else tx.find(Lead, lead_id)
    for rule in sorted(found, key=lambda r: (r.position, r.id)):
        if record is not None and _meant(rule, event, record, stage_id, activity_kind):
            fire(tx, rule, "deal" if deal_id is not None else "lead", record.id)


def imported(
    tx: Transaction, kind: str, first: int, count: int, step: Callable[[], None] = lambda: None
) -> None:
    """An import has made `count` leads or deals from the id `first` on.

    Only rules that ask for imports too act on them; `step` is called for every record.
    """
    event = {"lead": Event.LEAD_ARRIVED, "deal": Event.ENTERED}[kind]
    found = list(tx.all(Rule, active=True, event=str(event), imports=True))
    for rule in sorted(found, key=lambda r: (r.position, r.id)):
        for record_id in queries.imported(tx.conn, rule, first, first + count - 1):
            step()
            fire(tx, rule, kind, record_id)


def _meant(
    rule: Rule, event: Event, record: Deal | Lead, stage_id: int | None, activity_kind: str | None
) -> bool:
    if isinstance(record, Deal) and rule.funnel_id not in (None, record.funnel_id):
        return False
    if event in (Event.ENTERED, Event.LEFT) and rule.stage_id not in (None, stage_id):
        return False
    if event is Event.ACTIVITY_DONE:
        kind = rule_conditions.activity_kind(rule)
        return kind in ("", activity_kind)
    return True


def fire(tx: Transaction, rule: Rule, kind: str, record_id: int) -> bool:
    """Let a rule act on a record when its condition holds; whether anything was logged."""
    record: Any = tx.find(Deal if kind == "deal" else Lead, record_id)
    if record is None:
        return False
    try:
        if not rule_conditions.holds(tx, rule, kind, record_id):
            return False
    except UserError as error:  # a field of the condition was removed
        tx.update(RuleRun, _log(tx, rule, kind, record_id, "refused"), detail=error.code)
        return True
    if (rule.id, kind, record_id) in tx.fired:
        _log(tx, rule, kind, record_id, "loop")
        return True
    tx.fired.add((rule.id, kind, record_id))
    line = _log(tx, rule, kind, record_id, "done")
    try:
        with tx.attempt():
            _act(tx, rule, record)
    except UserError as error:
        gone = error.code == "record.gone"
        tx.update(RuleRun, line, outcome="gone" if gone else "refused", detail=error.code)
    return True


def _log(tx: Transaction, rule: Rule, kind: str, record_id: int, outcome: str) -> int:
    return tx.insert(
        RuleRun(rule_id=rule.id, at=tx.at, record_kind=kind, record_id=record_id, outcome=outcome)
    )


def _act(tx: Transaction, rule: Rule, record: Deal | Lead) -> None:
    params = params_of(rule)
    cls = type(record)
    if rule.action in (Action.CHANGE_OWNER, Action.HAND_OVER):
        manager = tx.get(Manager, params.manager_id or 0)
        tx.update(cls, record.id, manager_id=manager.id)
    if rule.action in (Action.TASK, Action.REMIND, Action.HAND_OVER):
        _plan(tx, rule, params, tx.get(cls, record.id))
    elif rule.action == Action.SET_FIELD:
        _set_field(tx, params, record)
    elif rule.action == Action.MOVE and isinstance(record, Deal):
        _move(tx, params, record)


def _plan(tx: Transaction, rule: Rule, params: Params, record: Deal | Lead) -> None:
    from funneldesk.services.steps import due_in

    timed: dict[str, Any] = due_in(tx, params.days)
    if rule.action == Action.REMIND:
        timed = {"due_at": tx.at + round(params.days * clock.DAY)}
    owner = params.manager_id if params.manager_id is not None else record.manager_id
    if owner is not None:
        tx.get(Manager, owner)
    about: dict[str, Any] = {"deal_id" if isinstance(record, Deal) else "lead_id": record.id}
    kind = params.kind if rule.action == Action.TASK else str(ActivityKind.TASK)
    tx.insert(
        Activity(
            kind=kind, subject=params.text, company_id=record.company_id, person_id=record.person_id,
            manager_id=owner, created_at=tx.at, **about, **timed,
        )
    )  # fmt: skip


def _set_field(tx: Transaction, params: Params, record: Deal | Lead) -> None:
    from funneldesk.services import criteria

    if isinstance(record, Deal):
        value = rule_conditions.typed(params.field, params.value)
        criteria.put(tx, record, params.field, value)


def _move(tx: Transaction, params: Params, deal: Deal) -> None:
    from funneldesk.services.moving import Loss, Moving, move_one

    if params.place == Status.OPEN:
        tx.get(Stage, params.stage_id or 0)
        place = Place(Status.OPEN, params.stage_id)
    else:
        place = Place(params.place)
    loss = Loss(params.reason_id, params.text) if params.place == Status.LOST else None
    move_one(tx, deal, Moving(place, loss, cause="rule"))
