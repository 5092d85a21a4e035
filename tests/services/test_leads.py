from __future__ import annotations

from collections.abc import Callable

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.domain.client import Company, Person
from funneldesk.domain.deal import Deal
from funneldesk.domain.lead import Lead
from funneldesk.errors import UserError
from funneldesk.services import activities, cards, leads, questionnaire
from funneldesk.services.activities import About
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, select_records

BothWays = Callable[[Callable[[], Change]], Change]


def lead_of(db: Database, lead_id: int) -> Lead:
    with db.read() as conn:
        return select_records(conn, Lead, t.leads.c.id == lead_id)[0]


def deal_of(db: Database, deal_id: int) -> Deal:
    with db.read() as conn:
        return select_records(conn, Deal, t.deals.c.id == deal_id)[0]


def test_every_service_of_leads_is_taken_back_to_the_same_content(db: Database, both_ways: BothWays) -> None:
    first = both_ways(lambda: leads.create(db, title="Racks", company_name="Новый век")).new_id("lead")
    other = both_ways(lambda: leads.create(db, person_name="Olga")).new_id("lead")
    both_ways(lambda: leads.update(db, first, phone="+7 999 000 00 00"))
    both_ways(lambda: leads.qualify(db, first))
    both_ways(lambda: leads.convert(db, first, funnel_id=1, amount=500_00))
    both_ways(lambda: leads.drop(db, [other], "no budget"))
    both_ways(lambda: leads.reopen(db, other))
    both_ways(lambda: leads.delete(db, [other]))


def test_a_lead_becomes_company_person_and_deal_in_one_change_with_its_activities(db: Database) -> None:
    lead_id = leads.create(
        db, title="Racks", company_name="New Age", person_name="Olga", phone="123 45 67", source_id=None
    ).new_id("lead")
    activities.log(db, ActivityKind.CALL, About(lead_id=lead_id), text="asked for a price")
    change = leads.convert(db, lead_id, funnel_id=1)
    company, person, deal = (change.new_id(kind) for kind in ("company", "person", "deal"))
    assert (company > 1, person > 1, deal) == (True, True, 1)
    made = deal_of(db, deal)
    assert (made.company_id, made.person_id, made.lead_id) == (company, person, lead_id)
    assert lead_of(db, lead_id).status == "converted"
    card = cards.deal(db, deal, 10)
    assert card is not None
    assert [i.values["text"] for i in card[1] if i.what == "activity"] == ["asked for a price"]


def test_who_makes_a_deal_of_nobodys_lead_looks_after_its_client_too(db: Database) -> None:
    lead_id = leads.create(db, title="Racks", company_name="New Age", person_name="Olga").new_id("lead")
    change = leads.convert(db, lead_id, funnel_id=1, actor=Actor(2))
    assert deal_of(db, change.new_id("deal")).manager_id == 2
    with db.read() as conn:
        company = select_records(conn, Company, t.companies.c.id == change.new_id("company"))[0]
        person = select_records(conn, Person, t.people.c.id == change.new_id("person"))[0]
    assert (company.manager_id, person.manager_id) == (2, 2)


def test_a_lead_is_made_with_its_answers(db: Database, both_ways: BothWays) -> None:
    question = questionnaire.put_question(db, "Budget?").new_id("lead_question")
    made = both_ways(lambda: leads.create(db, title="Racks", answers={question: "1"}))
    assert questionnaire.answers(db, made.new_id("lead")) == {question: "1"}


def test_a_lead_whose_phone_or_name_is_known_makes_no_double(db: Database) -> None:
    known = leads.create(db, title="A", company_name="ACME", phone="+48 220001234").new_id("lead")
    change = leads.convert(db, known, funnel_id=1)
    assert change.new_id("company") == 0
    assert change.new_id("person") == 0
    assert deal_of(db, change.new_id("deal")).company_id == 1
    same = leads.create(db, title="B", company_name="acme ltd", person_name="Lark Eva").new_id("lead")
    change = leads.convert(db, same, funnel_id=1)
    deal = deal_of(db, change.new_id("deal"))
    assert (deal.company_id, deal.person_id, change.new_id("person")) == (1, 1, 0)


def test_a_lead_with_only_a_title_becomes_a_person(db: Database) -> None:
    lead_id = leads.create(db, title="Caller from the fair").new_id("lead")
    change = leads.convert(db, lead_id, funnel_id=1)
    assert change.new_id("person")
    assert change.new_id("company") == 0


def test_a_closed_lead_is_left_as_it_is_and_dropping_needs_a_reason(db: Database) -> None:
    lead_id = leads.create(db, title="A").new_id("lead")
    with pytest.raises(UserError, match=r"lead\.drop_needs_reason"):
        leads.drop(db, [lead_id], "  ")
    leads.drop(db, [lead_id], "no need")
    with pytest.raises(UserError, match=r"lead\.closed"):
        leads.convert(db, lead_id, funnel_id=1)
    with pytest.raises(UserError, match=r"name\.empty"):
        leads.create(db, title=" ")
