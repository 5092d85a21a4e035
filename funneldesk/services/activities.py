"""Calls, letters, meetings, messages, notes, tasks: logged, planned, done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.deal import Deal
from funneldesk.domain.lead import Lead
from funneldesk.domain.rule import Event
from funneldesk.services import automation, steps
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, Transaction


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
    actor: Actor | None = None,
) -> Change:
    """Write down something that was done (a call, a note) now or `at`."""
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
    actor: Actor | None = None,
) -> Change:
    """Plan a call, meeting, task...; `due_at` None = some day."""
    with db.transaction(Label("activity.planned"), actor=actor) as tx:
        links, name = _links(tx, about)
        tx.label = Label("activity.planned", {"kind": str(kind), "name": name or text})
        tx.insert(
            Activity(
                kind=str(kind),
                subject=text,
                manager_id=manager_id if manager_id is not None else tx.actor.manager_id,
                created_at=tx.at,
                due_at=due_at,
                due_local=due_local,
                due_zone=due_zone,
                all_day=all_day,
                **links,
            )
        )
    return tx.change


def complete(
    db: Database, activity_id: int, *, result: str | None = None, actor: Actor | None = None
) -> Change:
    """Mark a planned activity as done now, with what came of it."""
    with db.transaction(Label("activity.done"), actor=actor) as tx:
        activity = tx.get(Activity, activity_id)
        about = About(activity.company_id, activity.person_id, activity.deal_id, activity.lead_id)
        _links_found, name = _links(tx, about)
        tx.label = Label("activity.done", {"kind": activity.kind, "name": name or activity.subject})
        values: dict[str, Any] = {"done_at": tx.at}
        if result is not None:
            values["result"] = result
        if tx.update(Activity, activity_id, **values):
            done(tx, activity)
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
