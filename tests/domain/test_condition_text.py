"""Conditions as they are typed and as a file holds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.condition import Condition, Group, ValueType, need, spec_of
from funneldesk.domain.condition import Need as Wants
from funneldesk.domain.condition_fields import AskField
from funneldesk.domain.condition_text import from_spec, parse, understand
from funneldesk.errors import UserError

FIELDS = [
    AskField("title", ValueType.TEXT),
    AskField("amount", ValueType.MONEY),
    AskField("days_in_stage", ValueType.NUMBER),
    AskField("created", ValueType.MOMENT),
    AskField("expected_close", ValueType.DAY),
    AskField("source", ValueType.REF, options=((1, "Web"), (2, "Fair in Łódź"))),
    AskField(
        "stage", ValueType.REF, options=((1, "Offer · Sales"), (2, "Offer · Service"), (3, "Won · Sales"))
    ),
    AskField("status", ValueType.CHOICE, options=(("open", ""), ("won", ""), ("lost", ""))),
    AskField("client_city", ValueType.CHOICE, options=(("Kraków", "Kraków"),)),
    AskField("field:7", ValueType.SEVERAL, "Needs", "deal", (("racks", "racks"), ("shelves", "shelves"))),
    AskField("field:8", ValueType.FLAG, "Is urgent", "deal"),
]


def read(text: str) -> Group:
    return understand(parse(text), FIELDS, "EUR")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("title ~ racks", Condition("title", "contains", "racks")),
        ("title = 'and or'", Condition("title", "is", "and or")),
        ("amount >= 1000", Condition("amount", "ge", 100_000)),
        ("amount between 10..20.5", Condition("amount", "between", (1_000, 2_050))),
        ("amount between 10..", Condition("amount", "between", (1_000, None))),
        ("days_in_stage<3", Condition("days_in_stage", "lt", 3.0)),
        ("created >= 2026-01-31", Condition("created", "between", ("2026-01-31", None))),
        ("created last_days 30", Condition("created", "last_days", 30)),
        ("expected_close = 2026-01-31", Condition("expected_close", "on", "2026-01-31")),
        ("expected_close this_month", Condition("expected_close", "this_month")),
        ("source = web, fair in lodz", Condition("source", "one_of", (1, 2))),
        ("source != Web", Condition("source", "none_of", (1,))),
        ('source = ""', Condition("source", "empty")),
        ("stage one_of Offer", Condition("stage", "one_of", (1, 2))),
        ("stage one_of 'Offer · Service'", Condition("stage", "one_of", (2,))),
        ("status = won", Condition("status", "one_of", ("won",))),
        ("city = krakow", Condition("client_city", "one_of", ("Kraków",))),
        ("client_city = Radom", Condition("client_city", "one_of", ("Radom",))),
        ("needs all_of racks, shelves", Condition("field:7", "all_of", ("racks", "shelves"))),
        ("'is urgent' = no", Condition("field:8", "no")),
        ("'is urgent' yes", Condition("field:8", "yes")),
    ],
)
def test_one_condition(text: str, condition: Condition) -> None:
    assert read(text) == Group((condition,))


def test_and_binds_closer_than_or_and_brackets_closest() -> None:
    a, b, c = (Condition("title", "is", letter) for letter in "abc")
    assert read("title = a or title = b and title = c") == Group((a, Group((b, c))), any=True)
    assert read("(title = a OR title = b) and title = c") == Group((Group((a, b), any=True), c))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "condition.syntax"), ("amount", "condition.syntax"), ("amount >=", "condition.syntax"),
        ("(amount > 3", "condition.syntax"), ("amount > 3)", "condition.syntax"),
        ("title ~ 'x", "condition.syntax"),
        ("amount > 3 and", "condition.syntax"), ("colour = red", "filter.unknown"),
        ("amount contains 3", "condition.op"), ("amount > many", "condition.unreadable"),
        ("amount > 1,5", "condition.unreadable"), ("created last_days soon", "condition.unreadable"),
        ("created = 31.01.2026", "condition.unreadable"), ("amount between 5", "condition.unreadable"),
        ("source = Radio", "condition.no_choice"), ("status = gone", "condition.no_choice"),
        ("((((((title = a))))))", "condition.syntax"), ("'is urgent' = maybe", "condition.op"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(text: str, code: str) -> None:
    with pytest.raises(UserError) as error:
        read(text)
    assert error.value.code == code


@given(st.text(alphabet="ab ()=<>!~,'\"«»and or amount title 12.", max_size=40))
def test_nothing_typed_breaks_it(text: str) -> None:
    try:
        found = read(text)
    except UserError:
        return
    assert all(need(each.op) is Wants.NOTHING or each.value is not None for each in found.conditions())


def test_a_file_holds_names_and_whole_units() -> None:
    spec = {
        "any": True,
        "parts": [
            {"field": "amount", "op": "ge", "value": 1000},
            {"parts": [
                {"field": "source", "op": "one_of", "value": ["Web", 2]}, {"field": "title", "op": "filled"},
            ]},
        ],
    }  # fmt: skip
    inner = Group((Condition("source", "one_of", (1, 2)), Condition("title", "filled")))
    assert understand(from_spec(spec), FIELDS, "EUR") == Group(
        (Condition("amount", "ge", 100_000), inner), any=True
    )


@pytest.mark.parametrize(
    "spec", [[], {}, {"parts": 3}, {"parts": ["x"]}, {"parts": [{"field": "title", "op": 3}]},
             {"parts": [{"field": "title", "op": "is", "value": {"a": 1}}]}],
)  # fmt: skip
def test_another_file_is_refused(spec: object) -> None:
    with pytest.raises(UserError) as error:
        from_spec(spec)
    assert error.value.code == "condition.spec"


def test_a_file_is_in_the_form_in_which_views_keep_conditions() -> None:
    typed = read("title ~ racks and (status = won or created last_days 7)")
    assert understand(from_spec(spec_of(typed)), FIELDS, "EUR") == typed
