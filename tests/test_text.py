"""Every code has a sentence that its parameters fill; numbers and dates are as Babel has them."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton
from babel.numbers import format_decimal
from babel.numbers import format_percent as babel_percent
from hypothesis import given
from hypothesis import strategies as st

import funneldesk
from funneldesk import text
from funneldesk.domain.change import Label
from funneldesk.errors import UserError
from funneldesk.sentences import LABELS

PACKAGE = Path(funneldesk.__file__).parent


def _calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                if node.args and isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value), node


def _placeholders(sentence: str) -> set[str]:
    return {field for _lit, field, _spec, _conv in string.Formatter().parse(sentence) if field}


def test_every_user_error_has_a_sentence_that_its_parameters_fill() -> None:
    for code, call in _calls("UserError"):
        assert code in text.ERRORS, f"{code} has no sentence"
        given_names = {keyword.arg for keyword in call.keywords}
        if None not in given_names:
            assert _placeholders(text.ERRORS[code]) <= given_names, code


def test_every_label_of_a_change_has_a_sentence() -> None:
    codes = {code for code, _call in _calls("Label")}
    assert codes
    assert codes <= LABELS.keys()


def test_an_unknown_error_is_shown_as_it_is() -> None:
    assert "no.such" in text.error_text(UserError("no.such", a=1))


def test_a_missing_parameter_does_not_break_a_message() -> None:
    assert "…" in text.error_text(UserError("base.missing"))


def test_an_activity_label_speaks_the_kind() -> None:
    assert text.label_text(Label("activity.added", {"kind": "call", "name": "Delta"})) == "Call with Delta"


@pytest.mark.parametrize("language", text.LANGUAGES)
@given(value=st.integers(-(10**15), 10**15), digits=st.integers(0, 3))
def test_whole_numbers_are_written_as_babel_writes_them(language: str, value: int, digits: int) -> None:
    text.set_language(language)
    try:
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        assert text.format_number(value, digits) == format_decimal(value, format=pattern, locale=language)
    finally:
        text.set_language("en")


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_dates_are_written_as_babel_writes_them(language: str) -> None:
    text.set_language(language)
    try:
        for month in range(1, 13):
            day = date(2024, month, 7)
            assert text.format_date(day) == babel_date(day, format="medium", locale=language)
            this_year = date(datetime.now(UTC).year, month, 7)
            assert text.format_date_short(this_year) == format_skeleton("MMMd", this_year, locale=language)
    finally:
        text.set_language("en")


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_a_month_stands_alone_as_babel_writes_it(language: str) -> None:
    text.set_language(language)
    try:
        for month in range(1, 13):
            wanted = babel_date(date(2024, month, 1), format="LLL y", locale=language)
            assert text.format_month(2024, month) == wanted
            whole = babel_date(date(2024, month, 1), format="LLLL y", locale=language)
            assert text.format_month(2024, month, whole=True) == whole
    finally:
        text.set_language("en")


@pytest.mark.parametrize("language", text.LANGUAGES)
def test_percents_are_written_as_babel_writes_them(language: str) -> None:
    text.set_language(language)
    try:
        pattern = Locale(language).percent_formats[None].pattern
        for share in (0.0, 0.241, 1.0, 12.345):
            assert text.format_percent(share, 0) == babel_percent(share, pattern, locale=language)
            wanted = babel_percent(share, pattern.replace("##0", "##0.0"), locale=language)
            assert text.format_percent(share) == wanted
    finally:
        text.set_language("en")


def test_a_day_near_another_one_needs_no_year_of_its_own() -> None:
    assert text.format_date_short(date(2020, 3, 5), near=date(2020, 12, 31)) == "Mar 5"
    assert text.format_date_short(date(2021, 1, 5), near=date(2020, 12, 31)) == "Jan 5, 2021"


def test_what_is_printed_has_true_minuses_and_no_letter_or_number_at_the_end_of_a_line() -> None:
    assert text.typeset("z dziesięciu i z tej, a nie w 60 %") == (
        "z\u00a0dziesięciu i\u00a0z\u00a0tej, a\u00a0nie w\u00a060 %"
    )
    assert (
        text.typeset("(w toku) „o nim” 14 K na 5 d")
        == "(w\u00a0toku) „o\u00a0nim” 14\u00a0K\u00a0na 5\u00a0d"
    )
    assert text.typeset("1 working day (79 deals)") == "1\u00a0working day (79\u00a0deals)"
    assert text.typeset("activities per deal: 10; win rate: -3") == (
        "activities per deal:\u00a010; win rate:\u00a0\u22123"
    )
    assert text.typeset("-21.1, -$5 and 2026-11, 3-4, e-mail") == (
        "\u221221.1, \u2212$5\u00a0and 2026-11, 3-4, e-mail"
    )


def test_days_have_a_decimal_below_ten_as_they_are_written() -> None:
    told = [text.format_days(days) for days in (0.04, 9.94, 9.96, 10.0, 10.4, -3.21, -26.4, None)]
    assert told == ["0.0", "9.9", "10", "10", "10", "-3.2", "-26", "–"]


def test_money_shows_cents_only_where_there_are_any() -> None:
    assert text.format_money(120000, "USD") == "$1,200"
    assert text.format_money(120050, "USD") == "$1,200.50"
    assert text.format_money(-120000, "EUR") == "-€1,200"
    assert text.format_money(120000, "PLN") == "1,200\u00a0zł"
    assert text.format_money(None, "USD") == "–"


def test_the_form_of_a_company_stays_in_one_line() -> None:
    assert text.typeset("Grapak Fitness sp. z o.o.") == "Grapak Fitness sp.\u00a0z\u00a0o.o."
    assert text.typeset("Sp. 5") == "Sp. 5"


def test_half_of_a_unit_is_rounded_up_whatever_stands_before_it() -> None:
    assert [text.format_amount(minor, "PLN", cents=False) for minor in (27250, 27350)] == ["273", "274"]
    assert text.format_amount_short(1_125_000, "PLN") == "11.3\u00a0K"
    assert text.format_amount_short(13_035_000, "PLN") == "130.4\u00a0K"
    assert text.format_amount_short(-13_035_000, "PLN") == "-130.4\u00a0K"


def test_a_thousand_thousands_are_a_million() -> None:
    assert text.format_amount_short(99_994_999, "USD") == "999.9\u00a0K"
    assert text.format_amount_short(99_995_000, "USD") == "1.0\u00a0M"
    assert text.format_amount_short(99_995_000_000, "USD") == "1.0\u00a0bn"
