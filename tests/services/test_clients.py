from __future__ import annotations

from collections.abc import Callable

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.errors import StaleRecord, UserError
from funneldesk.services import activities, cards, clients, deals, doubles
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import Database

BothWays = Callable[[Callable[[], Change]], Change]


def test_every_service_of_clients_is_taken_back_to_the_same_content(
    db: Database, both_ways: BothWays
) -> None:
    contacts = [("phone", "8 (912) 000-11-22"), ("email", "a@b.example")]
    made = both_ways(lambda: clients.create_company(db, name="ООО «Ёлка»", city="Łódź", contacts=contacts))
    company = made.new_id("company")
    person = both_ways(lambda: clients.create_person(db, name="Пётр", company_id=company)).new_id("person")
    both_ways(lambda: clients.update(db, ("company", company), name="Ёлка", contacts=[("phone", "12345")]))
    both_ways(lambda: clients.assign(db, [("company", company), ("person", person)], 2))
    deals.create(db, NewDeal("Deal", company_id=company, person_id=person), funnel_id=1)
    activities.log(db, ActivityKind.NOTE, About(company_id=company), text="a note")
    both_ways(lambda: clients.delete(db, [("company", company), ("person", person)]))
    assert cards.client(db, "company", company, 10) is None


def test_a_write_on_a_version_changed_since_is_refused_with_both_values(db: Database) -> None:
    clients.update(db, ("company", 1), city="Paris")
    with pytest.raises(StaleRecord) as caught:
        clients.update(db, ("company", 1), expected_version=1, city="Rome")
    assert caught.value.params["mine"] == {"city": "Rome"}
    assert caught.value.params["theirs"] == {"city": "Paris"}


def test_a_client_without_a_name_is_refused(db: Database) -> None:
    with pytest.raises(UserError, match=r"name\.empty"):
        clients.create_company(db, name="  ")


def test_doubles_are_found_by_phone_in_any_form_by_email_and_by_name_without_its_legal_form(
    db: Database,
) -> None:
    def why(**known: object) -> set[str]:
        return {double.why for double in doubles.similar(db, **known)}  # type: ignore[arg-type]

    assert why(contacts=[("phone", "022 0001234")]) == {"phone"}
    assert why(contacts=[("email", "info@ACME.example ")]) == {"email"}
    assert why(name="«ACME», GmbH") == {"name"}
    assert why(name="Acme Tools") == set()


def test_a_whole_list_is_given_to_a_manager_as_one_batch_and_taken_back(
    db: Database, both_ways: BothWays
) -> None:
    many = [
        ("company", clients.create_company(db, name=f"C{n}").new_id("company")) for n in range(clients.MANY)
    ]
    change = both_ways(lambda: clients.assign(db, [*many, ("person", 1)], 2))
    assert change.ids_of("company") is None
    card = cards.client(db, "company", many[7][1], 5)
    assert card is not None
    assert card[0].record.manager_id == 2
    assert card[1][0].values["edits"] == (("manager_id", None, 2),)
