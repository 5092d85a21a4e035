"""Companies and people: made, changed, removed, assigned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.deal import Deal
from funneldesk.domain.lead import Lead
from funneldesk.domain.repeat import Repeat
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.services import backups
from funneldesk.services.billing import detach_billing
from funneldesk.services.client_records import (
    detach_activities,
    forget_pairs,
    remove_files,
    set_contacts,
)
from funneldesk.services.fields import remove_values
from funneldesk.services.waiting import settle
from funneldesk.store.database import Database
from funneldesk.store.removal import MANY as MANY
from funneldesk.store.removal import remove_many
from funneldesk.store.transaction import Actor, Transaction

Contacts = Sequence[tuple[str, str]]
ClientRef = tuple[str, int]  # ("company" | "person", id)
_CLASS: dict[str, type[Any]] = {"company": Company, "person": Person}


def create_company(
    db: Database, *, contacts: Contacts = (), actor: Actor | None = None, **values: Any
) -> Change:
    """Make a company with its phones, e-mails and sites ((kind, value) pairs)."""
    name = _name(values)
    with db.transaction(Label("company.created", {"name": name}), actor=actor) as tx:
        add_company(tx, contacts=contacts, **{**values, "name": name})
    return tx.change


def add_company(tx: Transaction, *, contacts: Contacts = (), **values: Any) -> int:
    """As `create_company` inside a transaction; returns the id."""
    values.setdefault("manager_id", tx.actor.manager_id)
    values.setdefault("created_at", tx.at)
    company_id = tx.insert(Company(**values))
    set_contacts(tx, contacts, company_id=company_id)
    settle(tx, tx.get(Company, company_id))
    return company_id


def create_person(
    db: Database, *, contacts: Contacts = (), actor: Actor | None = None, **values: Any
) -> Change:
    """Make a person, of a company (`company_id`) or by themselves."""
    name = _name(values)
    with db.transaction(Label("person.created", {"name": name}), actor=actor) as tx:
        add_person(tx, contacts=contacts, **{**values, "name": name})
    return tx.change


def add_person(tx: Transaction, *, contacts: Contacts = (), **values: Any) -> int:
    """As `create_person` inside a transaction; returns the id."""
    values.setdefault("manager_id", tx.actor.manager_id)
    values.setdefault("created_at", tx.at)
    if values.get("company_id") is None:
        values.setdefault("kind", "individual")
    person_id = tx.insert(Person(**values))
    set_contacts(tx, contacts, person_id=person_id)
    settle(tx, tx.get(Person, person_id))
    return person_id


def update(
    db: Database,
    client: ClientRef,
    *,
    contacts: Contacts | None = None,
    expected_version: int | None = None,
    actor: Actor | None = None,
    **values: Any,
) -> Change:
    """Change fields and, when given, the whole list of contact points of a company or person."""
    kind, client_id = client
    if "name" in values:
        values["name"] = _name(values)
    with db.transaction(Label(f"{kind}.changed"), actor=actor) as tx:
        record = tx.get(_CLASS[kind], client_id)
        tx.label = Label(f"{kind}.changed", {"name": values.get("name", record.name)})
        tx.update(_CLASS[kind], client_id, expected_version=expected_version, **values)
        if contacts is not None:
            owner = {f"{kind}_id": client_id}
            set_contacts(tx, contacts, **owner)
        if {"name", "external_id"} & values.keys():
            settle(tx, tx.get(_CLASS[kind], client_id))
    return tx.change


def assign(
    db: Database, clients: Sequence[ClientRef], manager_id: int, *, actor: Actor | None = None
) -> Change:
    """Give clients to a manager."""
    with db.transaction(Label("clients.assigned"), actor=actor) as tx:
        manager = tx.get(Manager, manager_id)
        tx.label = Label("clients.assigned", {"count": len(clients), "manager": manager.name})
        if len(clients) < MANY:
            for kind, client_id in clients:
                tx.update(_CLASS[kind], client_id, manager_id=manager_id)
        else:  # a whole list is kept as one batch of before and after
            for kind in _CLASS:
                ids = [client_id for known, client_id in clients if known == kind]
                tx.bulk_update(kind, ["manager_id"], ids, [[manager_id]] * len(ids))
    return tx.change


def delete(db: Database, clients: Sequence[ClientRef], *, actor: Actor | None = None) -> Change:
    """Remove clients; their deals and people stay, cut loose; activities of nothing else go too."""
    backups.before(db, backups.Why.DELETE, len(clients))
    with db.transaction(Label("clients.deleted", {"count": len(clients)}), actor=actor) as tx:
        if len(clients) >= MANY:
            for kind in _CLASS:
                remove_many(tx, kind, [client_id for known, client_id in clients if known == kind])
        for kind, client_id in clients if len(clients) < MANY else ():
            record = tx.get(_CLASS[kind], client_id)
            if len(clients) == 1:
                tx.label = Label(f"{kind}.deleted", {"name": record.name})
            _remove(tx, kind, client_id)
    return tx.change


def _remove(tx: Transaction, kind: str, client_id: int) -> None:
    link: dict[str, Any] = {f"{kind}_id": client_id}
    none: dict[str, None] = {f"{kind}_id": None}
    if kind == "company":
        for person in tx.all(Person, company_id=client_id):
            tx.update(Person, person.id, company_id=None)
    for deal in tx.all(Deal, **link):
        tx.update(Deal, deal.id, **none)
    for lead in tx.all(Lead, **link):
        tx.update(Lead, lead.id, **none)
    detach_activities(tx, tx.all(Activity, **link), **none)
    detach_billing(tx, **link)
    for point in tx.all(ContactPoint, **link):
        tx.delete(ContactPoint, point.id)
    for repeat in tx.all(Repeat, **link):
        tx.update(Repeat, repeat.id, **none)
    remove_values(tx, kind, client_id)
    forget_pairs(tx, kind, [client_id])
    remove_files(tx, kind, client_id)
    tx.delete(_CLASS[kind], client_id)


def _name(values: dict[str, Any]) -> str:
    name = str(values.get("name", "")).strip()
    if not name:
        raise UserError("name.empty")
    return name
