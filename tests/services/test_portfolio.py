from __future__ import annotations

from collections.abc import Callable

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.domain.portfolio import Wish
from funneldesk.errors import UserError
from funneldesk.services import activities, cards, clients, deals, leads, portfolio, team
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import Database

BothWays = Callable[[Callable[[], Change]], Change]


@pytest.fixture
def loaded(db: Database) -> Database:
    """Ann (1) has company 2 of Oslo with a deal of 100 and a late call, company 3 of Bergen, a lead."""
    oslo = clients.create_company(db, name="Oslo AS", city="Oslo", manager_id=1).new_id("company")
    clients.create_company(db, name="Bergen AS", city="Bergen", manager_id=1)
    deal = deals.create(
        db, NewDeal("Racks", company_id=oslo, amount=100_00, manager_id=1), funnel_id=1
    ).new_id("deal")
    call = activities.plan(db, ActivityKind.CALL, About(deal_id=deal, company_id=oslo), due_at=1)
    activities.update(db, call.new_id("activity"), manager_id=1)
    leads.create(db, title="Fair", manager_id=1)
    return db


def test_the_load_of_everybody_is_counted(loaded: Database) -> None:
    found = {load.name: load for load in portfolio.loads(loaded)}
    ann = found["Ann"]
    assert (ann.clients, ann.leads, ann.deals, ann.amount, ann.planned, ann.late) == (2, 1, 1, 100_00, 1, 1)
    assert found["Bob"].carries() is False
    assert (found[""].manager_id, found[""].clients) == (0, 2)


def test_a_portfolio_moves_as_one_change(loaded: Database, both_ways: BothWays) -> None:
    wish = Wish(from_id=1, to_ids=(2,))
    assert portfolio.preview(loaded, wish) == {"company": 2, "deal": 1, "activity": 1, "lead": 1}
    both_ways(lambda: portfolio.transfer(loaded, wish))
    found = {load.name: load for load in portfolio.loads(loaded)}
    assert found["Ann"].carries() is False
    assert (found["Bob"].clients, found["Bob"].deals, found["Bob"].leads) == (2, 1, 1)


def test_only_what_fits_the_conditions_moves(loaded: Database) -> None:
    def fits(**more: object) -> dict[str, int]:
        return portfolio.preview(loaded, Wish(from_id=1, to_ids=(2,), **more))  # type: ignore[arg-type]

    assert fits(cities=("Oslo",), leads=False) == {"company": 1, "deal": 1, "activity": 1}
    assert fits(cities=("Bergen",), leads=False) == {"company": 1}
    assert fits(only_without_deals=True, deals=False, activities=False, leads=False) == {"company": 1}
    assert fits(clients=False, activities=False, leads=False, funnel_ids=(99,)) == {}
    assert fits(clients=False, activities=False, leads=False, funnel_ids=(1,)) == {"deal": 1}


def test_what_nobody_has_is_given_and_several_share_it(db: Database, both_ways: BothWays) -> None:
    for n in range(60):
        clients.create_company(db, name=f"C{n}")
    both_ways(lambda: portfolio.transfer(db, Wish(from_id=0, to_ids=(1, 2))))
    found = {load.name: load.clients for load in portfolio.loads(db)}
    assert found["Ann"] + found["Bob"] == 62
    assert abs(found["Ann"] - found["Bob"]) <= 2
    company = cards.client(db, "company", 1, 1)
    person = cards.client(db, "person", 1, 1)
    assert company is not None and person is not None
    assert company[0].record.manager_id == person[0].record.manager_id


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(from_id=1, to_ids=()), "transfer.nobody"),
        (Wish(from_id=1, to_ids=(1,)), "transfer.self"),
        (Wish(from_id=2, to_ids=(1,)), "transfer.nothing"),
        (Wish(from_id=1, to_ids=(99,)), "record.gone"),
    ],
)
def test_a_transfer_that_makes_no_sense_is_refused(loaded: Database, wish: Wish, code: str) -> None:
    with pytest.raises(UserError, match=code.replace(".", r"\.")):
        portfolio.transfer(loaded, wish)
    assert team.add_manager(loaded, "Cid").edits
