"""Columns of choices in the window: a new field of the right type in one click, values matched."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from funneldesk.domain.fields import CustomField, CustomValue, FieldType
from funneldesk.services import fields, history
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from funneldesk.ui.import_wizard.columns_table import FIELD, STATE
from funneldesk.ui.import_wizard.field_popup import FieldPopup
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.import_wizard.steps import CHECK, COLUMNS, RESULT
from tests.ui.import_wizard.kit import cells, sha

KEY = "custom:Interests"
INTERESTS = ["solar, boilers", "solar", "boilers", "service", "service, solar", "Solar", "boilers"]


def paste(page: ImportPage, values: list[str]) -> None:
    page.session.paste(cells([["Company", "Interests"], *([f"Delta {n}", v] for n, v in enumerate(values))]))
    page.go(COLUMNS)


def pick(combo: QComboBox, data: str) -> None:
    place = combo.findData(data)
    assert place >= 0
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def field(db: Database) -> CustomField:
    with db.read() as conn:
        return select_records(conn, CustomField)[0]


def kept(db: Database) -> list[str]:
    with db.read() as conn:
        return [v.value for v in select_records(conn, CustomValue)]


def test_one_click_makes_a_list_of_several_choices(page: ImportPage, db: Database) -> None:
    before = sha(db)
    paste(page, INTERESTS)
    table = page.columns_step.table
    at = table.model_.index(1, STATE)
    assert table.model_.data(at, Qt.ItemDataRole.ToolTipRole).startswith("<span>Several of a list: solar")
    assert not page.columns_step.new_fields.isVisible()
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(at).center()
    )  # fmt: skip
    card = page.columns_step.new_fields
    assert card.isVisible()
    assert card.combos[KEY].currentText() == "Several of a list"
    assert card.hints[KEY].text() == "Choices: solar  ·  boilers  ·  service"
    assert table.model_.data(table.model_.index(1, FIELD)) == "new field: Interests"
    page.next()
    page.next()
    assert page.step == RESULT
    assert json.loads(field(db).options or "") == ["solar", "boilers", "service"]
    assert kept(db)[0] == '["solar", "boilers"]'
    history.undo(db)
    assert sha(db) == before


def test_the_proposed_type_is_changed_and_what_does_not_fit_is_said(page: ImportPage, db: Database) -> None:
    paste(page, INTERESTS)
    page.session.set_map(1, KEY)
    card = page.columns_step.new_fields
    pick(card.combos[KEY], "number")
    assert page.session.values is not None
    assert page.session.values.fresh[0].misfits == len(INTERESTS)
    pick(card.combos[KEY], "text")
    assert page.session.values.fresh[0].misfits == 0
    page.next()
    page.next()
    assert field(db).type == "text"


def test_the_list_of_fields_names_the_type_of_a_new_one(page: ImportPage) -> None:
    paste(page, INTERESTS)
    page.columns_step.choose_field(1)
    popup = page.columns_step.findChild(FieldPopup)
    assert isinstance(popup, FieldPopup)
    last = popup.list.item(popup.list.count() - 1)
    assert last.text() == "New field “Interests”: Several of a list"
    popup.close()


def test_a_column_of_many_values_cannot_be_made_a_list(page: ImportPage) -> None:
    paste(page, [f"wish {n}" for n in range(250)])
    page.session.set_map(1, KEY)
    combo = page.columns_step.new_fields.combos[KEY]
    assert combo.currentData() == "text"
    at = combo.model().index(combo.findData("choice"), 0)
    assert not at.flags() & Qt.ItemFlag.ItemIsEnabled


def test_unknown_values_are_said_to_be_known_ones_made_or_left_empty(page: ImportPage, db: Database) -> None:
    fields.add(db, "company", "Interests", FieldType.CHOICE, options=["Solar", "Boilers"])
    before = sha(db)
    paste(page, ["solar", "Boilrs", "service", "none yet", "wind", "Service"])
    words = page.columns_step.words
    assert page.session.columns[1].field == KEY
    assert {text for field, text in words.combos if field == KEY} == {"Boilrs", "service", "none yet", "wind"}
    page.next()
    assert page.session.rows is not None and page.session.rows.plan.counts["rejected"] == 5
    page.go(COLUMNS)
    words.hints[KEY, "Boilrs"].click()
    pick(words.combos[KEY, "none yet"], "")
    assert [button.text() for button in words.for_all[KEY]] == ["Make 2 new choices", "Leave 2 empty"]
    words.for_all[KEY][0].click()
    assert words.combos[KEY, "wind"].currentText() == "make a new choice"
    page.next()
    assert page.step == CHECK
    assert page.session.rows.plan.counts["rejected"] == 0
    page.next()
    assert json.loads(field(db).options or "") == ["Solar", "Boilers", "service", "wind"]
    assert kept(db) == ["Solar", "Boilers", "service", "wind", "service"]
    page.session.undo()
    assert sha(db) == before


def test_a_choice_spelt_otherwise_in_a_new_field_is_asked(page: ImportPage, db: Database) -> None:
    paste(page, ["service", "service", "servise", "solar", "solar", "solar", "no", "not yet"])
    page.session.set_map(1, KEY + ":choice")
    words = page.columns_step.words
    assert list(words.combos) == [(KEY, "servise")]
    words.hints[KEY, "servise"].click()
    page.next()
    page.next()
    assert json.loads(field(db).options or "") == ["service", "solar", "no", "not yet"]
