"""Corners of services that a careful reader asked about; each was wrong once."""

from __future__ import annotations

from typing import Any

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.fields import FieldType
from funneldesk.errors import UserError
from funneldesk.services import activities, billing, clients, deals, fields, leads
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.store import search
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.transaction import Transaction, select_records


def test_a_client_that_is_gone_is_told_however_many_are_given_away(db: Database) -> None:
    gone = [("company", 1 + n) for n in range(clients.MANY)]
    with pytest.raises(UserError, match=r"record\.gone"):
        clients.assign(db, gone, 2)


def test_giving_many_clients_away_marks_each_as_changed(db: Database) -> None:
    with db.transaction(Label("sample.made")) as tx:
        for number in range(clients.MANY):
            tx.insert(Company(name=f"Company {number}"))
    with db.read() as conn:
        every = [
            ("company", i) for i in conn.scalars(t.companies.select().with_only_columns(t.companies.c.id))
        ]
    clients.assign(db, every, 2)
    with db.read() as conn:
        assert all(company.updated_at is not None for company in select_records(conn, Company))


def test_a_lead_without_a_company_is_not_compared_with_every_person(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients.create_person(db, name="Somebody else")
    lead = leads.create(db, person_name="Olga").new_id("lead")
    read: list[Any] = []
    real = Transaction.select

    def watched(tx: Transaction, cls: type[Any], *where: Any, order: Any = None) -> list[Any]:
        found: list[Any] = real(tx, cls, *where, order=order)
        if cls is Person:
            read.extend(found)
        return found

    monkeypatch.setattr(Transaction, "select", watched)
    leads.convert(db, lead, funnel_id=1)
    assert "Somebody else" not in {person.name for person in read}


@pytest.mark.parametrize("text", ["nan", "inf", "1e999"])
def test_a_number_that_is_none_does_not_fit_a_field_of_numbers(db: Database, text: str) -> None:
    field = fields.add(db, "company", "Share", FieldType.NUMBER).new_id("custom_field")
    with pytest.raises(UserError, match=r"field\.unreadable"):
        fields.set_value(db, field, "company", 1, text)


@pytest.mark.parametrize("typed", ["żu", "zu", "Żu"])
def test_two_letters_find_a_deal_whose_title_begins_with_marks(db: Database, typed: str) -> None:
    deal = deals.create(db, NewDeal("Żubr"), funnel_id=1).new_id("deal")
    with db.read() as conn:
        assert search.find(conn, typed, ["deal"]) == [search.Hit("deal", deal)]


def test_two_letters_find_a_deal_whose_title_begins_with_yo(db: Database) -> None:
    deal = deals.create(db, NewDeal("Ёлка"), funnel_id=1).new_id("deal")
    with db.read() as conn:
        assert search.find(conn, "ёл", ["deal"]) == [search.Hit("deal", deal)]
        assert search.find(conn, "ел", ["deal"]) == [search.Hit("deal", deal)]


def test_an_activity_done_is_called_after_its_lead(db: Database) -> None:
    lead = leads.create(db, title="Racks").new_id("lead")
    planned = activities.plan(db, ActivityKind.CALL, About(lead_id=lead), text="ask", due_at=1)
    change = activities.complete(db, planned.new_id("activity"))
    assert change.label.params["name"] == "Racks"


def test_a_name_changed_is_kept_without_the_blanks_around_it(db: Database) -> None:
    deal = deals.create(
        db, NewDeal("Racks", company_id=clients.create_company(db, name="A").new_id("company")), funnel_id=1
    )
    lead = leads.create(db, title="Call")
    invoice = billing.add_invoice(db, "7", 5, deal_id=deal.new_id("deal"))
    for change in (
        deals.update(db, deal.new_id("deal"), title=" Desks "),
        leads.update(db, lead.new_id("lead"), title=" Letter "),
        billing.update_invoice(db, invoice.new_id("invoice"), number=" 8 "),
    ):
        after = change.edits[0].after or {}
        assert {after.get("title"), after.get("number")} & {"Desks", "Letter", "8"}
    with pytest.raises(UserError, match=r"name\.empty"):
        deals.update(db, deal.new_id("deal"), title=None)
