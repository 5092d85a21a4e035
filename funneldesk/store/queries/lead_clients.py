"""Whose prospect a lead is: the company and the person that are there already."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain.doubles import Double
from funneldesk.domain.folding import name_key
from funneldesk.domain.lead import Lead
from funneldesk.store import tables as t
from funneldesk.store.queries.clients import doubles

Known = tuple[int | None, int | None]  # company, person
_EXACT = ("phone", "email", "name")  # the keys by which a client is the same one


def known_clients(conn: sa.Connection, lead: Lead) -> Known:
    """The company and person of a lead that are there: linked, or found by exact keys."""
    company_id, person_id = lead.company_id, lead.person_id
    company_name = (lead.company_name or "").strip()
    person_name = (lead.person_name or "").strip()
    if company_id is None and person_id is None:
        # A phone or e-mail that somebody has tells who this is, whatever the names say.
        for known in _same(conn, "", contacts_of(lead)):
            if known.kind == "person" and (not person_name or same_name(known.name, person_name)):
                person_id = person_id or known.id
            elif known.kind == "company" and (not company_name or same_name(known.name, company_name)):
                company_id = company_id or known.id
    if person_id is not None and company_id is None and not company_name:
        people = t.people.c
        company_id = conn.scalar(sa.select(people.company_id).where(people.id == person_id))
    if company_id is None:
        company_id = company_named(conn, company_name)
    return company_id, person_id


def company_named(conn: sa.Connection, name: str) -> int | None:
    """The company of that folded name."""
    named = [double.id for double in _same(conn, name.strip(), ()) if double.kind == "company"]
    return named[0] if named else None


def client_name(conn: sa.Connection, kind: str, client_id: int) -> str:
    """What a company or a person is called, empty when it is gone."""
    table = t.table_of(kind)
    return conn.scalar(sa.select(table.c.name).where(table.c.id == client_id)) or ""


def contacts_of(lead: Lead) -> list[tuple[str, str]]:
    """The ways to reach a lead, as (kind, value)."""
    return [(k, v) for k, v in (("phone", lead.phone), ("email", lead.email)) if v]


def same_name(one: str, other: str) -> bool:
    """Whether two names are of the same one: surname first or last."""
    return sorted(name_key(one).split()) == sorted(name_key(other).split())


def _same(conn: sa.Connection, name: str, contacts: Sequence[tuple[str, str]]) -> list[Double]:
    found = doubles(conn, name=name, contacts=contacts)
    return [double for double in found if double.why in _EXACT]
