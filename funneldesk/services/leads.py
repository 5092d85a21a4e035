"""Leads: made, qualified, converted in one step to company, person and deal, or dropped with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.doubles import Double
from funneldesk.domain.fields import CustomValue
from funneldesk.domain.lead import Lead, LeadStatus
from funneldesk.domain.rule import Event
from funneldesk.errors import UserError
from funneldesk.services import automation, backups, clients, deals
from funneldesk.services.client_records import detach_activities, remove_files
from funneldesk.services.questionnaire import forget_answers, put_answers
from funneldesk.store.database import Database
from funneldesk.store.queries.clients import doubles
from funneldesk.store.removal import MANY as MANY
from funneldesk.store.removal import remove_many
from funneldesk.store.transaction import Actor, Transaction

_OPEN = (LeadStatus.NEW, LeadStatus.QUALIFIED)
_EXACT = ("phone", "email", "name")  # the keys by which a client is the same one


def create(
    db: Database, *, actor: Actor | None = None, answers: Mapping[int, str] | None = None, **values: Any
) -> Change:
    """Make a lead; without a title it is called after its company or person.  Raises `name.empty`."""
    names = [str(values.get(k) or "").strip() for k in ("title", "company_name", "person_name")]
    title = next((name for name in names if name), "")
    if not title:
        raise UserError("name.empty")
    with db.transaction(Label("lead.created", {"title": title}), actor=actor) as tx:
        fresh = {"created_at": tx.at, "manager_id": tx.actor.manager_id, **values, "title": title}
        lead_id = tx.insert(Lead(**fresh))
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
    if "title" in values and not str(values["title"] or "").strip():
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
            for value in tx.all(CustomValue, record_kind="lead", record_id=lead_id):
                tx.delete(CustomValue, value.id)
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
    actor: Actor | None = None,
) -> Change:
    """Make company, person and deal of a lead in one step; `amount` in minor units.

    A client with the same tax number, phone, e-mail or folded name is taken instead of making a
    double.  The lead's activities go with the deal.  Raises `lead.closed`, `funnel.none`,
    `deal.wrong_stage`.
    """
    with db.transaction(Label("lead.converted"), actor=actor) as tx:
        lead = _open_lead(tx, lead_id)
        tx.label = Label("lead.converted", {"title": lead.title})
        company_id, person_id = _clients_of(tx, lead)
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
        deal_id = deals.add_deal(tx, new, funnel_id=funnel_id, stage_id=stage_id)
        from funneldesk.domain.deal import Deal

        tx.update(Deal, deal_id, lead_id=lead_id)
        for activity in tx.all(Activity, lead_id=lead_id):
            tx.update(Activity, activity.id, deal_id=deal_id, company_id=company_id, person_id=person_id)
        closed: dict[str, Any] = {"status": str(LeadStatus.CONVERTED), "closed_at": tx.at, "deal_id": deal_id}
        tx.update(Lead, lead_id, company_id=company_id, person_id=person_id, **closed)
    return tx.change


def _clients_of(tx: Transaction, lead: Lead) -> tuple[int | None, int | None]:
    """The company and person of a lead: those it is linked to, those found by exact keys, or new ones."""
    contacts = [(k, v) for k, v in (("phone", lead.phone), ("email", lead.email)) if v]
    company_id, person_id = lead.company_id, lead.person_id
    company_name = (lead.company_name or "").strip()
    person_name = (lead.person_name or "").strip()
    if company_id is None and person_id is None:
        # A phone or e-mail that somebody has tells who this is, whatever the names say.
        for known in _same(tx, "", contacts):
            if known.kind == "person" and (not person_name or _named(tx, known, person_name)):
                person_id = person_id or known.id
            elif known.kind == "company" and (not company_name or _named(tx, known, company_name)):
                company_id = company_id or known.id
    if person_id is not None and company_id is None and not company_name:
        company_id = tx.get(Person, person_id).company_id
    common = {"manager_id": lead.manager_id, "source_id": lead.source_id}
    if company_id is None and company_name:
        named = [d.id for d in _same(tx, company_name, ()) if d.kind == "company"]
        company_id = named[0] if named else None
        if company_id is None:
            own = () if person_name else contacts
            company_id = clients.add_company(tx, name=company_name, contacts=own, **common)
    if person_id is None and (person_name or company_id is None):
        name = person_name or lead.title
        colleagues = [] if company_id is None else tx.all(Person, company_id=company_id)
        person_id = next((p.id for p in colleagues if _folded_same(p.name, name)), None)
        if person_id is None:
            person_id = clients.add_person(tx, name=name, contacts=contacts, company_id=company_id, **common)
    return company_id, person_id


def _same(tx: Transaction, name: str, contacts: Sequence[tuple[str, str]]) -> list[Double]:
    found = doubles(tx.conn, name=name, contacts=contacts)
    return [double for double in found if double.why in _EXACT]


def _named(tx: Transaction, known: Double, name: str) -> bool:
    record: Company | Person
    record = tx.get(Company, known.id) if known.kind == "company" else tx.get(Person, known.id)
    return _folded_same(record.name, name)


def _folded_same(one: str, other: str) -> bool:
    from funneldesk.domain.folding import name_key

    return sorted(name_key(one).split()) == sorted(name_key(other).split())  # surname first or last


def _open_lead(tx: Transaction, lead_id: int) -> Lead:
    lead = tx.get(Lead, lead_id)
    if lead.status not in _OPEN:
        raise UserError("lead.closed")
    return lead
