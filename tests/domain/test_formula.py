"""Formulas: what they give, what they refuse, and that no text makes them fail otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.formula import FormulaError, Value, encode, evaluate, kept, parse, shown

TODAY = date(2026, 3, 10)
VALUES = {
    "amount": Value("money", Decimal(1000)),
    "field:1": Value("number", Decimal(4)),
    "created": Value("date", date(2026, 3, 1)),
    "field:2": Value("text", "North"),
}
NAMES = {"amount": "Сумма", "field:1": "Staff", "created": "Created", "field:2": "Area", "field:9": "Gone"}
KEYS = {name.casefold(): key for key, name in NAMES.items()}


def worth(text: str) -> str:
    return encode(evaluate(parse(text, KEYS), VALUES, TODAY))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1 + 2 * 3", "number:7"),
        ("(1 + 2) * 3 - -1", "number:10"),
        ("[Сумма] * 20%", "money:200"),
        ("[сумма] / [Staff]", "money:250"),
        ("[Сумма] / [Сумма]", "number:1"),
        ("1,5 * 2", "number:3"),
        ("round(10 / 3; 2)", "number:3.33"),
        ("days([Created]; today())", "number:9"),
        ("ДНЕЙ([Created]; СЕГОДНЯ()) > 5", "yes_no:1"),
        ("[Created] + 30", "date:2026-03-31"),
        ("today() - [Created]", "number:9"),
        ('if([Сумма] >= 1000; "big"; "small")', "text:big"),
        ('jeżeli([Area] = "north" ; 1 ; 0)', "number:1"),
        ("if(empty([Gone]); 5; [Gone])", "number:5"),
        ("[Gone] + 1", ""),
        ("max(3; [Staff]; 1) + min(2; 9) + abs(0-1)", "number:7"),
        ("and(1 < 2; not(1 > 2)) ", "yes_no:1"),
        ("2 <> 3", "yes_no:1"),
    ],
)
def test_a_formula_gives_what_a_person_expects(text: str, answer: str) -> None:
    assert worth(text) == answer


@pytest.mark.parametrize(
    ("text", "code", "what"),
    [
        ("", "empty", ""),
        ("1 +", "end", ""),
        ("(1 + 2", "end", ")"),
        ("1 2", "sign", "2"),
        ("[Budget] * 2", "field", "Budget"),
        ("sqrt(4)", "function", "sqrt"),
        ("if(1; 2)", "arguments", "if"),
        ("1 / 0", "zero", ""),
        ("[Created] * 2", "kinds", ""),
        ('__import__("os")', "function", "__import__"),
        ("1" + " + 1" * 300, "long", "500"),
        ("(" * 100 + "1" + ")" * 100, "deep", ""),
        ("999999999999 * 999999999999 * 999999999999", "large", ""),
    ],
)
def test_what_cannot_be_worked_out_is_told_by_what_is_wrong(text: str, code: str, what: str) -> None:
    with pytest.raises(FormulaError) as caught:
        worth(text)
    assert (caught.value.code, caught.value.what) == (code, what)


def test_a_kept_formula_outlives_new_names() -> None:
    text = kept("[Сумма] * [Staff]", KEYS)
    assert text == "{amount} * {field:1}"
    assert shown(text, {**NAMES, "amount": "Amount"}) == "[Amount] * [Staff]"


@given(st.text(alphabet='0123456789+-*/()=<>;,.%[]{}"ifmaxdays абв', max_size=40))
def test_any_text_is_worked_out_or_refused(text: str) -> None:
    try:
        worth(text)
    except FormulaError:
        pass


@given(st.integers(-999, 999), st.integers(-999, 999), st.integers(1, 99))
def test_arithmetic_agrees_with_exact_arithmetic(a: int, b: int, c: int) -> None:
    got = evaluate(parse(f"({a}) + ({b}) * {c} - {a} / {c}".replace("- -", "- 0 - ")), {}, TODAY).value
    if a >= 0:
        assert isinstance(got, Decimal)
        assert abs(got - (a + b * c - Decimal(a) / c)) < Decimal("1e-9")
