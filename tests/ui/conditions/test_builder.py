from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain.client_list import filter_from
from funneldesk.domain.condition import EVERYTHING, Condition, Group
from funneldesk.domain.fields import FieldType
from funneldesk.services import conditions, fields
from funneldesk.text import set_language
from funneldesk.ui.clients.page import ClientsPage
from funneldesk.ui.conditions.builder import ConditionRow, GroupBox
from funneldesk.ui.conditions.chip import ConditionChip, ConditionDialog
from funneldesk.ui.conditions.values import RangeValue, SomeValue, TextValue
from tests.ui.clients.conftest import Desk
from tests.ui.clients.conftest import db as db
from tests.ui.clients.conftest import desk as desk


def dialog_of(chip: ConditionChip, desk: Desk) -> ConditionDialog:
    return chip.open_dialog(conditions.catalogue(desk.db, chip.kind))


def row_of(dialog: ConditionDialog, place: int = 0) -> ConditionRow:
    row = dialog.box.parts[place]
    assert isinstance(row, ConditionRow)
    return row


def test_a_condition_is_typed_counted_and_applied(desk: Desk, qtbot: QtBot) -> None:
    page = ClientsPage(desk.context)
    qtbot.addWidget(page)
    page.show()
    dialog = dialog_of(page.filters.conditions, desk)
    row = row_of(dialog)
    row.field.set_value("name")
    assert isinstance(row.editor, TextValue)
    QTest.keyClicks(row.editor.edit, "lodz")
    dialog.count()
    assert dialog.found.text() == "1 record fits"
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert page.model.rowCount() == 1
    assert page.filters.conditions.text() == "Conditions: Name contains “lodz”"
    again = filter_from(page.filters.value().spec())
    assert again.where == Group((Condition("name", "contains", "lodz"),))
    page.show_all()
    assert page.model.rowCount() == 4
    assert not page.filters.conditions.is_on()


def test_groups_are_joined_by_any_and_come_back_as_they_were(desk: Desk, qtbot: QtBot) -> None:
    fields.add(desk.db, "company", "Area", FieldType.NUMBER)
    chip = ConditionChip(desk.context, "client")
    qtbot.addWidget(chip)
    tree = Group(
        (
            Condition("manager", "one_of", (1, 2)),
            Group((Condition("has_open_deals", "yes"), Condition("field:1", "between", (5.0, None))), True),
            Condition("next_step", "past"),
            Condition("last_contact", "older_days", 30),
        )
    )
    chip.set_tree(tree)
    assert "Manager is one of: Ann, Bob and (Has open deals: yes or Area from 5)" in chip.toolTip()
    assert "Next step: overdue and Last contact more than 30 days ago" in chip.toolTip()
    dialog = dialog_of(chip, desk)
    assert dialog.box.group() == tree
    first = row_of(dialog).editor
    assert isinstance(first, SomeValue)
    assert [name for _n, name in first._named()] == ["Ann", "Bob"]
    inner = dialog.box.parts[1]
    assert isinstance(inner, GroupBox)
    last = inner.parts[1]
    assert isinstance(last, ConditionRow)
    assert isinstance(last.editor, RangeValue)
    last.removed.emit(last)
    assert dialog.box.group().parts[1] == Group((Condition("has_open_deals", "yes"),), True)
    dialog.box.add_button.click()
    dialog.box.group_button.click()
    assert len(dialog.box.group().parts) == 4  # what is not filled in asks for nothing
    dialog.reject()
    assert chip.tree() == tree


def test_a_field_that_is_gone_is_left_out_and_told(desk: Desk, qtbot: QtBot) -> None:
    chip = ConditionChip(desk.context, "client")
    qtbot.addWidget(chip)
    chip.set_tree(Group((Condition("field:99", "filled"), Condition("city", "filled"))))
    assert chip.tree() == Group((Condition("city", "filled"),))
    assert desk.said == ["A condition on a field that is not there any more was left out."]
    chip.clear()
    assert chip.tree() == EVERYTHING


def test_conditions_are_told_in_russian_and_polish(desk: Desk, qtbot: QtBot) -> None:
    tree = Group((Condition("amount", "ge", 100_000_00), Condition("last_contact", "older_days", 5)))
    told = {}
    for language in ("ru", "pl"):
        set_language(language)
        chip = ConditionChip(desk.context, "deal")
        qtbot.addWidget(chip)
        chip.set_tree(tree)
        told[language] = chip.toolTip()
    set_language("en")
    assert "Сумма ≥ 100\u00a0000\u00a0€ и Посл. контакт более 5 дней назад" in told["ru"]
    assert "Kwota ≥ 100\u00a0000\u00a0€ i Ostatni kontakt ponad 5 dni temu" in told["pl"]
