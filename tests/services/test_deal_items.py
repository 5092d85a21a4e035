from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.card import DealCard
from funneldesk.domain.change import Change
from funneldesk.domain.fields import FieldType
from funneldesk.domain.formula import FormulaError
from funneldesk.domain.items import DealItem, line_sum, totals
from funneldesk.errors import UserError
from funneldesk.services import calculated, cards, deal_items, deals, fields, team
from funneldesk.services.deals import WON, NewDeal
from funneldesk.store.database import Database

BothWays = Callable[[Callable[[], Change]], Change]


@pytest.fixture
def deal(db: Database) -> int:
    """A deal of 500 EUR; products Rack (1: 100.00, costs 60.00) and Lamp (2: 40 PLN)."""
    team.add_product(db, "Rack", price=100_00, cost=60_00, currency="EUR")
    team.add_product(db, "Lamp", price=40_00, cost=None, currency="PLN")
    return deals.create(db, NewDeal("Shop", company_id=1, amount=500_00), funnel_id=1).new_id("deal")


def card(db: Database, deal_id: int) -> DealCard:
    found = cards.deal(db, deal_id, 10)
    assert found is not None
    return found[0]


def test_the_amount_follows_the_lines_until_another_is_typed(
    db: Database, deal: int, both_ways: BothWays
) -> None:
    line = both_ways(lambda: deal_items.add(db, deal, product_id=1, quantity=2500)).new_id("deal_item")
    assert card(db, deal).deal.amount == 250_00
    both_ways(lambda: deal_items.update(db, line, discount=1000))
    assert card(db, deal).deal.amount == 225_00
    assert totals(card(db, deal).items).margin == 75_00
    deals.update(db, deal, amount=999_00)
    both_ways(lambda: deal_items.add(db, deal, name="Delivery", price=10_00))
    assert card(db, deal).deal.amount == 999_00
    assert totals(card(db, deal).items).margin is None
    both_ways(lambda: deal_items.take_sum(db, deal))
    assert card(db, deal).deal.amount == 235_00
    both_ways(lambda: deal_items.remove(db, line))
    assert card(db, deal).deal.amount == 10_00


def test_a_price_in_another_currency_needs_its_rate(db: Database, deal: int) -> None:
    with pytest.raises(UserError, match=r"rate\.missing"):
        deal_items.add(db, deal, product_id=2)
    team.set_rate(db, "pln", "2026-01-01", "0,25")
    deal_items.add(db, deal, product_id=2)
    assert card(db, deal).deal.amount == 10_00
    polish = deals.create(db, NewDeal("Sklep", currency="PLN"), funnel_id=1).new_id("deal")
    deal_items.add(db, polish, product_id=1)
    assert card(db, polish).deal.amount == 400_00


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"quantity": 0, "name": "x"}, "item.quantity"),
        ({"discount": 10_001, "name": "x"}, "item.discount"),
        ({"name": " "}, "name.empty"),
        ({"name": "x", "price": 10**15, "quantity": 10**9}, "deal.amount_too_large"),
    ],
)
def test_bad_lines_are_refused_and_nothing_is_written(
    db: Database, deal: int, values: dict[str, int], code: str
) -> None:
    with pytest.raises(UserError, match=code.replace(".", r"\.")):
        deal_items.add(db, deal, **values)  # type: ignore[arg-type]
    assert card(db, deal).items == ()
    assert card(db, deal).deal.amount == 500_00


def test_a_deal_goes_with_its_lines(db: Database, deal: int, both_ways: BothWays) -> None:
    deal_items.add(db, deal, product_id=1)
    deals.move(db, [deal], WON)
    both_ways(lambda: deals.delete(db, [deal]))


def test_a_product_is_changed_and_old_lines_keep_their_price(
    db: Database, deal: int, both_ways: BothWays
) -> None:
    deal_items.add(db, deal, product_id=1)
    both_ways(lambda: team.update_product(db, 1, name="Rack XL", price=200_00))
    assert card(db, deal).items[0].price == 100_00
    with pytest.raises(UserError, match=r"name\.taken"):
        team.update_product(db, 1, name="lamp")


@given(
    st.lists(
        st.tuples(st.integers(1, 10**6), st.integers(-(10**7), 10**7), st.integers(0, 10_000)), max_size=6
    )
)
def test_lines_add_up_to_the_minor_unit(lines: list[tuple[int, int, int]]) -> None:
    from fractions import Fraction

    items = [DealItem(deal_id=1, name="x", quantity=q, price=p, discount=d) for q, p, d in lines]
    assert totals(items).amount == sum(line_sum(*line) for line in lines)
    for q, p, d in lines:
        exact = Fraction(q * p * (10_000 - d), 10_000_000)
        assert abs(line_sum(q, p, d) - exact) <= Fraction(1, 2)


def test_rates_are_set_and_taken_away(db: Database, both_ways: BothWays) -> None:
    both_ways(lambda: team.set_rate(db, "usd", "2026-01-01", "0,92"))
    both_ways(lambda: team.set_rate(db, "USD", "2026-02-01", "0.95"))
    assert [(r.currency, r.day, r.rate) for r in team.rates(db)] == [
        ("USD", "2026-02-01", "0.95"),
        ("USD", "2026-01-01", "0.92"),
    ]
    both_ways(lambda: team.delete_rate(db, "USD", "2026-02-01"))
    for bad, code in (
        (("EUR", "2026-01-01", "1"), "rate.own"),
        (("USD", "2026-01-01", "-1"), "rate.unreadable"),
        (("US", "2026-01-01", "1"), "rate.currency"),
        (("USD", "soon", "1"), "date.unreadable"),
    ):
        with pytest.raises(UserError, match=code.replace(".", r"\.")):
            team.set_rate(db, *bad)


NAMES = {"amount": "Amount", "created": "Created", "won_sum": "Won"}


def test_a_calculated_field_is_worked_out_on_cards_and_in_lists(
    db: Database, deal: int, both_ways: BothWays
) -> None:
    share = fields.add(db, "deal", "Share", FieldType.NUMBER).new_id("custom_field")
    names = {**NAMES, f"field:{share}": "Share"}
    assert calculated.attempt(db, "deal", deal, "[Amount] * 10%", names) == "money:50"
    made = both_ways(lambda: calculated.add(db, "deal", "Bonus", "[Amount] * [Share]", names))
    bonus = made.new_id("custom_field")

    def worth() -> str:
        return next(v.value for v in card(db, deal).fields if v.field.id == bonus)

    assert worth() == ""
    fields.set_value(db, share, "deal", deal, "0.2")
    assert worth() == "money:100"
    both_ways(lambda: calculated.change(db, bonus, "[Amount] / 0", names))
    assert worth() == "error:zero"
    with pytest.raises(UserError, match=r"field\.calculated"):
        fields.set_value(db, bonus, "deal", deal, "5")
    with pytest.raises(FormulaError):
        calculated.change(db, bonus, "[Nothing] + 1", names)


def test_a_company_knows_what_it_bought(db: Database, deal: int) -> None:
    made = calculated.add(db, "company", "Bonus", "[Won] * 2%", NAMES)
    deals.move(db, [deal], WON)
    row = cards.client_rows(db, [2])[2]
    assert row.custom == {made.new_id("custom_field"): "money:10"}
