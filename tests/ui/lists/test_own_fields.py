"""Own fields in Settings."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.domain.fields import FieldType
from funneldesk.services import fields
from funneldesk.ui.clients.formula import FormulaDialog
from funneldesk.ui.settings.field_dialog import OwnFieldDialog
from funneldesk.ui.settings.own_fields import OwnFieldsSection
from tests.ui.clients.conftest import Desk
from tests.ui.clients.conftest import db as db
from tests.ui.clients.conftest import desk as desk


@pytest.fixture
def section(desk: Desk, qtbot: QtBot) -> OwnFieldsSection:
    made = OwnFieldsSection(desk.context)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(section: OwnFieldsSection) -> list[str]:
    return [section.list.item(n).text() for n in range(section.list.count())]


def test_a_field_is_made_moved_changed_and_removed(section: OwnFieldsSection, desk: Desk) -> None:
    assert section.note.isVisible()
    section.add()
    dialog = section.findChild(OwnFieldDialog)
    assert dialog is not None
    dialog.name.setText("Colour")
    dialog.type.set_value("choice")
    dialog.accept()
    assert dialog.form._errors["choices"].text() == "Give the choices, one on each line."
    dialog.choices.setPlainText("red\nblue")
    dialog.accept()
    fields.add(desk.db, "company", "Area", FieldType.NUMBER)
    section.reload()
    assert shown(section) == ["Colour  ·  One of a list", "Area  ·  Numeric"]
    section.list.setCurrentRow(1)
    section.up.click()
    assert shown(section)[0] == "Area  ·  Numeric"
    assert section.list.currentRow() == 0
    section.remove()
    assert shown(section) == ["Colour  ·  One of a list"]
    desk.undo()
    assert len(shown(section)) == 2


def test_what_does_not_convert_is_told_before_it_is_done(section: OwnFieldsSection, desk: Desk) -> None:
    fields.add(desk.db, "company", "Area")
    for company, value in ((1, "12"), (2, "big"), (3, "7,5")):
        fields.set_value(desk.db, 1, "company", company, value)
    section.reload()
    section.list.setCurrentRow(0)
    section.change()
    dialog = section.findChild(OwnFieldDialog)
    assert dialog is not None
    dialog.type.set_value("number")
    assert dialog.told.text() == ("2 values convert. 1 does not and is taken away (Undo brings it back): big")
    assert dialog.button.text() == "Change the type"
    dialog.accept()
    assert shown(section) == ["Area  ·  Numeric"]
    assert desk.said[-1] == "New type of the field Area"
    desk.undo()
    assert shown(section) == ["Area  ·  Text"]


def test_a_calculated_field_is_made_here_too(section: OwnFieldsSection) -> None:
    section.tabs.setCurrentIndex(3)
    section.add()
    dialog = section.findChild(OwnFieldDialog)
    assert dialog is not None
    dialog.name.setText("Bonus")
    dialog.type.set_value("calculated")
    dialog.preview()
    assert dialog.button.text() == "Write the formula…"
    dialog.accept()
    formula = section.findChild(FormulaDialog)
    assert formula is not None
    formula.formula.setPlainText("[Amount] * x")
    formula.attempt()
    assert (
        formula.answer.text()
        == "There is no function “x”. There are: if, days, today, round, min, max, abs, empty."
    )
    formula.formula.setPlainText("[Amount] * 5%")
    formula.attempt()
    assert formula.answer.text() == "", "there is no card in front"
    formula.accept()
    assert shown(section) == ["Bonus  ·  Calculated"]
