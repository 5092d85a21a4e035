from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk import text
from funneldesk.ui.theme import LIGHT
from funneldesk.ui.widgets.fields import MoneyField, parse_amount, parse_day
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.popup_filter import ChoiceFilter
from funneldesk.ui.widgets.tick_list import TickList


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1 234,56", 123456),
        ("1,234.5", 123450),
        ("1.234", 123400),
        ("12\u00a0000", 1200000),
        ("-5", -500),
        ("0", 0),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, minor: int) -> None:
    assert parse_amount(typed, "PLN") == minor


@pytest.mark.parametrize("typed", ["abc", "12a", "-", "nan", "Infinity", "1e400", "99999999999999999"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        parse_amount(typed, "PLN")


@pytest.mark.parametrize(
    ("language", "typed", "day"),
    [
        ("pl", "5.03.2026", "2026-03-05"),
        ("ru", "05.03.26", "2026-03-05"),
        ("en", "3/5/2026", "2026-03-05"),
        ("en", "2026-03-05", "2026-03-05"),
    ],
)
def test_days_are_read_in_the_order_of_the_language(language: str, typed: str, day: str) -> None:
    text.set_language(language)
    assert parse_day(typed).isoformat() == day


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
@pytest.mark.parametrize("minor", [None, 0, 5, 123456789, -100050])
def test_a_shown_amount_is_read_back_the_same(qtbot: QtBot, language: str, minor: int | None) -> None:
    text.set_language(language)
    field = MoneyField("PLN", minor)
    qtbot.addWidget(field)
    assert field.value() == minor


def test_a_form_says_under_the_field_what_is_wrong(qtbot: QtBot) -> None:
    form = Form(LIGHT)
    qtbot.addWidget(form)
    name = form.add_text("name", "Name", required=True)
    form.add_money("amount", "Amount", "PLN").edit.setText("much")
    assert not form.check()
    assert [form._errors[key].text() for key in ("name", "amount")] == [
        "Fill this in",
        "This cannot be understood",
    ]
    QTest.keyClicks(name, "Delta")
    assert form._errors["name"].text() == ""
    form.set_values({"amount": 700})
    assert form.check()
    assert form.values() == {"name": "Delta", "amount": 700}


def test_a_click_on_a_word_ticks_it_as_one_on_its_box_does(qtbot: QtBot) -> None:
    chip = ChoiceFilter(LIGHT, "Manager", [(1, "Boris"), (2, "Anna")])
    qtbot.addWidget(chip)
    chip.show()
    chip.click()
    listing = chip.findChild(TickList)
    assert listing is not None
    second = listing.visualItemRect(listing.item(1))
    box = QPoint(second.left() + 10, second.center().y())
    for where, chosen in ((second.center(), (2,)), (second.center(), ()), (box, (2,)), (box, ())):
        QTest.mouseClick(listing.viewport(), Qt.MouseButton.LeftButton, pos=where)
        QTest.qWait(QApplication.doubleClickInterval() + 20)  # no double click
        assert chip.chosen() == chosen


def test_a_filter_chip_says_what_it_filters_by(qtbot: QtBot) -> None:
    chip = ChoiceFilter(LIGHT, "Manager", [(1, "R&D <b>"), (2, "Anna")])
    qtbot.addWidget(chip)
    told: list[tuple[int, ...]] = []
    chip.changed.connect(lambda: told.append(chip.chosen()))
    chip.set_chosen([1])
    assert chip.text() == "Manager: R&&D <b>"
    assert chip.is_on()
    chip.set_options([(2, "Anna")])
    assert not chip.is_on()
    assert told == [(1,), ()]
