"""Calls, letters, meetings, messages, notes, tasks: logged, planned, done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.deal import Deal
from funneldesk.domain.lead import Lead
from funneldesk.domain.rule import Event
from funneldesk.domain.team import Manager
from funneldesk.services import automation, steps
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, Transaction


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done next: its fields are those of `plan`."""

    kind: ActivityKind
    text: str = ""
    due_at: int | None = None
    due_local: str | None = None
    due_zone: str | None = None
    all_day: bool = False
    manager_id: int | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What an activity is about; a deal brings its client with it."""

    company_id: int | None = None
    person_id: int | None = None
    deal_id: int | None = None
    lead_id: int | None = None


def log(
    db: Database,
    kind: ActivityKind,
    about: About,
    *,
    text: str = "",
    result: str | None = None,
    at: int | None = None,
    then: Step | None = None,
    actor: Actor | None = None,
) -> Change:
    """Write down something that was done (a call, a note) now or `at`, and plan what comes `then`."""
    with db.transaction(Label("activity.added"), actor=actor) as tx:
        links, name = _links(tx, about)
        tx.label = Label("activity.added", {"kind": str(kind), "name": name})
        moment = tx.at if at is None else at
        new_id = tx.insert(
            Activity(
                kind=str(kind),
                subject=text,
                result=result,
                manager_id=tx.actor.manager_id,
                created_at=tx.at,
                done_at=moment,
                **links,
            )
        )
        done(tx, tx.get(Activity, new_id))
        if then is not None:
            _plan(tx, then, links)
    return tx.change


def plan(
    db: Database,
    kind: ActivityKind,
    about: About,
    *,
    text: str = "",
    due_at: int | None,
    due_local: str | None = None,
    due_zone: str | None = None,
    all_day: bool = False,
    manager_id: int | None = None,
    minutes: int | None = None,
    actor: Actor | None = None,
) -> Change:
    """Plan a call, meeting, task...; `due_at` None = some day.

    One that is planned for another manager is given to them: who planned it sees what becomes of it.
    """
    step = Step(kind, text, due_at, due_local, due_zone, all_day, manager_id, minutes)
    with db.transaction(Label("activity.planned"), actor=actor) as tx:
        links, name = _links(tx, about)
        tx.label = Label("activity.planned", {"kind": str(kind), "name": name or text})
        _plan(tx, step, links)
    return tx.change


def _plan(tx: Transaction, step: Step, links: dict[str, Any]) -> None:
    me = tx.actor.manager_id
    owner = step.manager_id if step.manager_id is not None else me
    tx.insert(
        Activity(
            kind=str(step.kind),
            subject=step.text,
            manager_id=owner,
            created_at=tx.at,
            due_at=step.due_at,
            due_local=step.due_local,
            due_zone=step.due_zone,
            all_day=step.all_day,
            minutes=step.minutes,
            given_by_id=me if owner != me else None,
            **links,
        )
    )


def plan_for(db: Database, deal_ids: Sequence[int], step: Step, *, actor: Actor | None = None) -> Change:
    """Plan the same step for the clients of many deals, closed ones too: a list of calls or tasks.

    The steps hang on the clients, so that a closed deal is not taken for one in work; on the deal only
    where it has no client.
    """
    with db.transaction(Label("activities.planned", {"count": len(deal_ids)}), actor=actor) as tx:
        for deal_id in deal_ids:
            deal = tx.get(Deal, deal_id)
            owner = deal.company_id or deal.person_id
            about = About(deal.company_id, deal.person_id) if owner else About(deal_id=deal_id)
            links, _name = _links(tx, about)
            _plan(tx, step, links)
    return tx.change


def complete(
    db: Database,
    activity_id: int,
    *,
    result: str | None = None,
    then: Step | None = None,
    actor: Actor | None = None,
) -> Change:
    """Mark a planned activity as done now, with what came of it, and plan what comes `then`."""
    with db.transaction(Label("activity.done"), actor=actor) as tx:
        links = _named(tx, activity_id, "activity.done")
        values: dict[str, Any] = {"done_at": tx.at, "remind_at": None}
        if result is not None:
            values["result"] = result
        if tx.update(Activity, activity_id, **values):
            done(tx, tx.get(Activity, activity_id))
        if then is not None:
            _plan(tx, then, links)
    return tx.change


def put_off(
    db: Database,
    activity_id: int,
    *,
    due_at: int | None,
    due_local: str | None = None,
    due_zone: str | None = None,
    all_day: bool = False,
    minutes: int | None = None,
    actor: Actor | None = None,
) -> Change:
    """Plan an activity for another time; `minutes` None leaves its length."""
    values: dict[str, Any] = {
        "due_at": due_at,
        "due_local": due_local,
        "due_zone": due_zone,
        "all_day": all_day,
        "remind_at": None,
    }
    if minutes is not None:
        values["minutes"] = minutes
    with db.transaction(Label("activity.put_off"), actor=actor) as tx:
        _named(tx, activity_id, "activity.put_off")
        tx.update(Activity, activity_id, **values)
    return tx.change


def wait(
    db: Database,
    deal_ids: Sequence[int],
    *,
    text: str,
    days: int,
    due_at: int,
    due_local: str,
    due_zone: str,
    all_day: bool = True,
    actor: Actor | None = None,
) -> Change:
    """Come back to deals on a day: their next step is put off till then, or a task `text` planned."""
    when = {"due_at": due_at, "due_local": due_local, "due_zone": due_zone, "all_day": all_day}
    with db.transaction(Label("deals.waiting"), actor=actor) as tx:
        tx.label = Label("deals.waiting", {"count": len(deal_ids), "days": days})
        for deal_id in deal_ids:
            deal = tx.get(Deal, deal_id)
            if len(deal_ids) == 1:
                tx.label = Label("deal.waiting", {"title": deal.title, "days": days})
            found = deal.next_activity_id
            set_step(tx, deal, found, text if found is None else None, when)
    return tx.change


def set_step(
    tx: Transaction, deal: Deal, activity_id: int | None, text: str | None, when: dict[str, Any] | None
) -> None:
    """Change a deal's next step inside a transaction, or plan a task when it has none.

    `text` and `when` None stay as they are.
    """
    known = tx.find(Activity, activity_id)
    if known is not None:
        values = {**(when or {}), **({"remind_at": None} if when else {})}
        if text is not None:
            values["subject"] = text
        tx.update(Activity, known.id, **values)
        return
    links, _name = _links(tx, About(deal_id=deal.id))
    step = Step(ActivityKind.TASK, text or "", **(when or {}), manager_id=deal.manager_id)
    _plan(tx, step, links)


def snooze(db: Database, activity_ids: Sequence[int], until: int, *, actor: Actor | None = None) -> Change:
    """Remind of activities again at `until` (microseconds); when they are due stays as it is."""
    with db.transaction(Label("activity.snoozed", {"count": len(activity_ids)}), actor=actor) as tx:
        for activity_id in activity_ids:
            tx.update(Activity, activity_id, remind_at=until)
    return tx.change


def give(db: Database, activity_id: int, manager_id: int, *, actor: Actor | None = None) -> Change:
    """Give an activity to a manager; who gives it to somebody else sees what becomes of it."""
    with db.transaction(Label("activity.given"), actor=actor) as tx:
        manager = tx.get(Manager, manager_id)
        _named(tx, activity_id, "activity.given")
        tx.label = Label("activity.given", {**tx.label.params, "manager": manager.name})
        me = tx.actor.manager_id
        giver = me if me != manager_id else None
        tx.update(Activity, activity_id, manager_id=manager_id, given_by_id=giver, checked_at=None)
    return tx.change


def accept(db: Database, activity_ids: Sequence[int], *, actor: Actor | None = None) -> Change:
    """Who gave tasks has seen that they are done."""
    with db.transaction(Label("activity.accepted", {"count": len(activity_ids)}), actor=actor) as tx:
        for activity_id in activity_ids:
            tx.update(Activity, activity_id, checked_at=tx.at)
    return tx.change


def return_back(db: Database, activity_id: int, *, actor: Actor | None = None) -> Change:
    """What was done is not done well: it is open again."""
    with db.transaction(Label("activity.returned"), actor=actor) as tx:
        _named(tx, activity_id, "activity.returned")
        tx.update(Activity, activity_id, done_at=None, checked_at=None)
    return tx.change


def done(tx: Transaction, activity: Activity) -> None:
    """What follows from something that was done: the deal's next step, and the rules that wait for it."""
    steps.finished(tx, activity)
    automation.happened(
        tx,
        Event.ACTIVITY_DONE,
        deal_id=activity.deal_id,
        lead_id=activity.lead_id,
        activity_kind=activity.kind,
    )


def update(db: Database, activity_id: int, *, actor: Actor | None = None, **values: Any) -> Change:
    """Change an activity (text, time, result, manager)."""
    with db.transaction(Label("activity.changed"), actor=actor) as tx:
        tx.update(Activity, activity_id, **values)
    return tx.change


def delete(db: Database, activity_id: int, *, actor: Actor | None = None) -> Change:
    """Remove an activity."""
    with db.transaction(Label("activity.deleted"), actor=actor) as tx:
        tx.delete(Activity, activity_id)
    return tx.change


def _named(tx: Transaction, activity_id: int, code: str) -> dict[str, Any]:
    """Call the change by `code` and what the activity is about; what it hangs on."""
    activity = tx.get(Activity, activity_id)
    about = About(activity.company_id, activity.person_id, activity.deal_id, activity.lead_id)
    links, name = _links(tx, about)
    tx.label = Label(code, {"kind": activity.kind, "name": name or activity.subject})
    return links


def _links(tx: Transaction, about: About) -> tuple[dict[str, Any], str]:
    company, person = about.company_id, about.person_id
    name = ""
    deal = tx.find(Deal, about.deal_id)
    if deal is not None:
        company = company if company is not None else deal.company_id
        person = person if person is not None else deal.person_id
        name = deal.title
    lead = tx.find(Lead, about.lead_id)
    if lead is not None:
        name = lead.title
    found_company = tx.find(Company, company)
    found_person = tx.find(Person, person)
    for record in (found_person, found_company):
        if record is not None:
            name = record.name
    links = {
        "company_id": company,
        "person_id": person,
        "deal_id": about.deal_id,
        "lead_id": about.lead_id,
    }
    return links, name
