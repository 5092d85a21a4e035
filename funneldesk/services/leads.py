"""Leads: made, qualified, converted in one step to company, person and deal, or dropped with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.criteria import Answers
from funneldesk.domain.lead import Lead, LeadStatus
from funneldesk.domain.rule import Event
from funneldesk.errors import UserError
from funneldesk.services import automation, backups, clients, deals
from funneldesk.services.client_records import detach_activities, remove_files
from funneldesk.services.fields import remove_values
from funneldesk.services.questionnaire import forget_answers, put_answers
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries.lead_clients import (
    Known,
    client_name,
    company_named,
    contacts_of,
    known_clients,
    same_name,
)
from funneldesk.store.removal import MANY as MANY
from funneldesk.store.removal import remove_many
from funneldesk.store.transaction import Actor, Transaction, select_records

_OPEN = (LeadStatus.NEW, LeadStatus.QUALIFIED)


def create(
    db: Database, *, actor: Actor | None = None, answers: Mapping[int, str] | None = None, **values: Any
) -> Change:
    """Make a lead with its answers; without a title it is called after its company or person.

    Raises `name.empty`.
    """
    names = [str(values.get(k) or "").strip() for k in ("title", "company_name", "person_name")]
    title = next((name for name in names if name), "")
    if not title:
        raise UserError("name.empty")
    with db.transaction(Label("lead.created", {"title": title}), actor=actor) as tx:
        fresh = {"created_at": tx.at, "manager_id": tx.actor.manager_id, **values, "title": title}
        lead_id = tx.insert(Lead(**fresh))
        put_answers(tx, lead_id, answers or {})
        automation.happened(tx, Event.LEAD_ARRIVED, lead_id=lead_id)
    return tx.change


def update(
    db: Database,
    lead_id: int,
    *,
    expected_version: int | None = None,
    actor: Actor | None = None,
    answers: Mapping[int, str] | None = None,
    **values: Any,
) -> Change:
    """Change fields and answers of a lead.  Raises `name.empty`, `record.stale`, `record.gone`."""
    if {"status", "closed_at", "deal_id"} & values.keys():
        raise AssertionError("a lead's status changes only by qualify, convert, drop and reopen")
    if "title" in values:
        values["title"] = str(values["title"] or "").strip()
        if not values["title"]:
            raise UserError("name.empty")
    with db.transaction(Label("lead.changed"), actor=actor) as tx:
        lead = tx.get(Lead, lead_id)
        tx.label = Label("lead.changed", {"title": values.get("title", lead.title)})
        tx.update(Lead, lead_id, expected_version=expected_version, **values)
        put_answers(tx, lead_id, answers or {})
    return tx.change


def qualify(db: Database, lead_id: int, *, actor: Actor | None = None) -> Change:
    """Mark a lead as one whose need is confirmed.  Raises `lead.closed`."""
    with db.transaction(Label("lead.qualified"), actor=actor) as tx:
        lead = _open_lead(tx, lead_id)
        tx.label = Label("lead.qualified", {"title": lead.title})
        tx.update(Lead, lead_id, status=str(LeadStatus.QUALIFIED))
    return tx.change


def drop(db: Database, lead_ids: Sequence[int], reason: str, *, actor: Actor | None = None) -> Change:
    """Close leads that lead nowhere, with the reason.  Raises `lead.drop_needs_reason`, `lead.closed`."""
    if not reason.strip():
        raise UserError("lead.drop_needs_reason")
    with db.transaction(Label("leads.dropped", {"count": len(lead_ids)}), actor=actor) as tx:
        for lead_id in lead_ids:
            lead = _open_lead(tx, lead_id)
            if len(lead_ids) == 1:
                tx.label = Label("lead.dropped", {"title": lead.title})
            dropped: dict[str, Any] = {
                "status": str(LeadStatus.DROPPED),
                "drop_reason": reason.strip(),
                "closed_at": tx.at,
            }
            tx.update(Lead, lead_id, **dropped)
    return tx.change


def reopen(db: Database, lead_id: int, *, actor: Actor | None = None) -> Change:
    """Take a dropped lead up again.  Raises `lead.closed` for a converted one."""
    with db.transaction(Label("lead.reopened"), actor=actor) as tx:
        lead = tx.get(Lead, lead_id)
        if lead.status == LeadStatus.CONVERTED:
            raise UserError("lead.closed")
        tx.label = Label("lead.reopened", {"title": lead.title})
        tx.update(Lead, lead_id, status=str(LeadStatus.NEW), drop_reason=None, closed_at=None)
    return tx.change


def delete(db: Database, lead_ids: Sequence[int], *, actor: Actor | None = None) -> Change:
    """Remove leads; what was made of them stays."""
    backups.before(db, backups.Why.DELETE, len(lead_ids))
    with db.transaction(Label("leads.deleted", {"count": len(lead_ids)}), actor=actor) as tx:
        if len(lead_ids) >= MANY:
            remove_many(tx, "lead", lead_ids)
        for lead_id in lead_ids if len(lead_ids) < MANY else ():
            lead = tx.get(Lead, lead_id)
            if len(lead_ids) == 1:
                tx.label = Label("lead.deleted", {"title": lead.title})
            detach_activities(tx, tx.all(Activity, lead_id=lead_id), lead_id=None)
            remove_values(tx, "lead", lead_id)
            forget_answers(tx, lead_id)
            remove_files(tx, "lead", lead_id)
            tx.delete(Lead, lead_id)
    return tx.change


def convert(
    db: Database,
    lead_id: int,
    *,
    funnel_id: int,
    stage_id: int | None = None,
    amount: int | None = None,
    title: str = "",
    demand: str = "",
    client: clients.ClientRef | None = None,
    new_client: str = "",
    answers: Answers | None = None,
    actor: Actor | None = None,
) -> Change:
    """Make company, person and deal of a lead in one step; `amount` in minor units.

    A client with the same tax number, phone, e-mail or folded name is taken instead of making a
    double, unless `client` says who it is or `new_client` gives another name.  The lead's activities
    go with the deal.  Raises `lead.closed`, `funnel.none`,
    `deal.wrong_stage`.
    """
    with db.transaction(Label("lead.converted"), actor=actor) as tx:
        lead = _open_lead(tx, lead_id)
        tx.label = Label("lead.converted", {"title": lead.title})
        company_id, person_id = _clients_of(tx, *_said(tx, lead, client, new_client.strip()))
        new = deals.NewDeal(
            title.strip() or lead.title,
            company_id=company_id,
            person_id=person_id,
            amount=amount,
            manager_id=lead.manager_id,
            source_id=lead.source_id,
            comment=lead.comment,
            demand=demand.strip() or lead.comment or lead.title,
        )
        deal_id = deals.add_deal(tx, new, funnel_id=funnel_id, stage_id=stage_id, answers=answers)
        from funneldesk.domain.deal import Deal

        tx.update(Deal, deal_id, lead_id=lead_id)
        for activity in tx.all(Activity, lead_id=lead_id):
            tx.update(Activity, activity.id, deal_id=deal_id, company_id=company_id, person_id=person_id)
        closed: dict[str, Any] = {"status": str(LeadStatus.CONVERTED), "closed_at": tx.at, "deal_id": deal_id}
        tx.update(Lead, lead_id, company_id=company_id, person_id=person_id, **closed)
    return tx.change


def proposed(db: Database, lead_id: int) -> tuple[str, clients.ClientRef | None]:
    """Whose deal a lead would become: the name, and the client when it is there already."""
    with db.read() as conn:
        found = select_records(conn, Lead, t.leads.c.id == lead_id)
        if not found:
            raise UserError("record.gone", kind="lead", id=lead_id)
        lead = found[0]
        company_id, person_id = known_clients(conn, lead)
        for kind, client_id in (("company", company_id), ("person", person_id)):
            if client_id is not None and (kind == "company" or not lead.company_name):
                return client_name(conn, kind, client_id), (kind, client_id)
        return lead.company_name or lead.person_name or lead.title, None


def _said(
    tx: Transaction, lead: Lead, client: clients.ClientRef | None, new_client: str
) -> tuple[Lead, Known]:
    """The lead, and whose it is by what a person said: a client that is there, a new name, or nothing."""
    if client is not None:
        kind, client_id = client
        if kind == "person":
            person = tx.get(Person, client_id)
            return replace(lead, company_name=None), (person.company_id, person.id)
        return lead, (tx.get(Company, client_id).id, None)
    if new_client:
        name = "company_name" if lead.company_name or not lead.person_name else "person_name"
        values: dict[str, Any] = {name: new_client}
        lead = replace(lead, **values)
        return lead, (company_named(tx.conn, lead.company_name or ""), None)
    return lead, known_clients(tx.conn, lead)


def _clients_of(tx: Transaction, lead: Lead, known: Known) -> Known:
    """The company and person of a lead: those that are known, or new ones."""
    contacts = contacts_of(lead)
    company_id, person_id = known
    company_name = (lead.company_name or "").strip()
    person_name = (lead.person_name or "").strip()
    common = {"manager_id": lead.manager_id or tx.actor.manager_id, "source_id": lead.source_id}
    if company_id is None and company_name:
        own = () if person_name else contacts
        company_id = clients.add_company(tx, name=company_name, contacts=own, **common)
    if person_id is None and (person_name or company_id is None):
        name = person_name or lead.title
        colleagues = [] if company_id is None else tx.all(Person, company_id=company_id)
        person_id = next((p.id for p in colleagues if same_name(p.name, name)), None)
        if person_id is None:
            person_id = clients.add_person(tx, name=name, contacts=contacts, company_id=company_id, **common)
    return company_id, person_id


def _open_lead(tx: Transaction, lead_id: int) -> Lead:
    lead = tx.get(Lead, lead_id)
    if lead.status not in _OPEN:
        raise UserError("lead.closed")
    return lead
