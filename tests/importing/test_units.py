"""Sums that stand in thousands or millions, as the heading of their column says."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.presets import apply_mapping, mapping_of
from funneldesk.importing.units import Unit, unit_in
from tests.importing.test_splitting import flow_of

ONES, THOUSANDS, MILLIONS = Unit
INDEX = BaseIndex(0, "RUB", ZoneInfo("UTC"), lambda *_asked: [])


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Сумма, тыс. руб.", THOUSANDS), ("Бюджет (млн ₽)", MILLIONS), ("Сумма т.р.", THOUSANDS),
        ("Сумма, т.руб.", THOUSANDS), ("Wartość [tys. zł]", THOUSANDS), ("Kwota w mln PLN", MILLIONS),
        ("Amount, $k", THOUSANDS), ("Value (k€)", THOUSANDS), ("Revenue in thousands", THOUSANDS),
        ("Amount '000 USD", THOUSANDS), ("Deal size $m", MILLIONS), ("Total, k EUR", THOUSANDS),
        ("Сумма", ONES), ("Сумма, руб.", ONES), ("Amount K", ONES), ("Kwota m", ONES),
        ("Total kEUR / mln", ONES), ("Kod", ONES), ("Market", ONES), ("Сумма с т", ONES),
    ],
)  # fmt: skip
def test_a_heading_says_what_its_numbers_count(header: str, unit: Unit) -> None:
    assert unit_in(header) is unit


def sums(flow: ImportFlow) -> list[Decimal | None]:
    return [None if sum_ is None else sum_[0] for sum_ in flow._values(INDEX).get("amount")]


def deals(header: str = "Сумма, тыс. руб.", *cells: str) -> ImportFlow:
    return flow_of(Kind.DEALS, f"Сделка\t{header}", *(f"d{i}\t{cell}" for i, cell in enumerate(cells)))


def test_sums_in_thousands_become_whole_ones_but_those_that_say_it_themselves() -> None:
    flow = deals("Сумма, тыс. руб.", "1 250,5", "300", "", "2,5 млн", "-", "15 тыс")
    assert sums(flow) == [1250500, 300000, None, 2500000, None, 15000]
    (use,) = flow.units()
    assert (use.said, use.used, use.example, use.value) == (
        THOUSANDS,
        THOUSANDS,
        "1 250,5",
        Decimal("1250.5"),
    )
    assert [sum_[1] for sum_ in flow._values(INDEX).get("amount") if sum_] == ["RUB"] * 4


def test_a_person_says_that_they_stand_whole_and_the_mapping_keeps_it() -> None:
    flow = deals("Сумма, тыс. руб.", "1250500", "300000")
    flow.set_map(1, "amount:ones")
    assert sums(flow) == [1250500, 300000]
    assert [(use.said, use.used) for use in flow.units()] == [(THOUSANDS, ONES)]  # still asked, to be changed
    document = mapping_of(flow)
    assert document["columns"]["Сумма, тыс. руб."] == "amount:ones"
    again = deals("Сумма, тыс. руб.", "7")
    assert sums(again) == [7000]
    apply_mapping(again, document)
    assert sums(again) == [7]


def test_sums_without_a_word_are_whole_unless_a_person_says_thousands() -> None:
    flow = deals("Сумма", "12", "3,5")
    assert sums(flow) == [12, Decimal("3.5")] and flow.units() == []
    flow.set_map(1, "amount:thousands")
    assert sums(flow) == [12000, 3500]


def test_nothing_is_asked_where_every_cell_says_its_unit() -> None:
    flow = deals("Сумма, тыс. руб.", "12 тыс", "2 млн")
    assert sums(flow) == [12000, 2000000] and flow.units() == []


def test_a_sum_that_no_base_can_keep_is_a_problem_and_not_a_number() -> None:
    flow = deals("Сумма, млн", "5", "99999999")
    assert sums(flow) == [5000000, None]
    assert [(p.place, p.bad.code, p.bad.value) for p in flow._values(INDEX).problems] == [
        (1, "import.bad_amount", "99999999")
    ]
