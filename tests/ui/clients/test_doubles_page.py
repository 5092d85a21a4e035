from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from funneldesk.services import cards, clients, doubles
from funneldesk.ui.clients.new_client import NewClientDialog
from funneldesk.ui.doubles.page import DoublesPage
from funneldesk.ui.leads.dialogs import LeadDialog
from tests.ui.clients.conftest import Desk


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> DoublesPage:
    db = desk.db
    clients.create_company(db, name="Гранит", city="Пермь", tax_id="7701234567", comment="old")
    clients.create_company(
        db, name="ООО «Гранит»", city="Perm", tax_id="770-123-45-67", contacts=[("phone", "111222333")]
    )
    clients.create_company(db, name="Omega", city="Oslo")
    clients.create_company(db, name="Omega AS", city="Oslo")
    made = DoublesPage(desk.context)
    desk.context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1200, 640)
    made.show()
    made.activated()
    return made


def heads(page: DoublesPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def test_the_groups_stand_with_their_reasons_the_certain_ones_first(page: DoublesPage) -> None:
    assert heads(page) == [
        "Гранит / ООО «Гранит»\n2 · Same tax number, same name",
        "Omega / Omega AS\n2 · Same name",
    ]
    assert page.count.text() == "2 groups"
    page.which.set_value("certain")
    assert len(heads(page)) == 1


def test_cards_are_merged_with_the_values_chosen_and_undo_brings_the_group_back(
    page: DoublesPage, desk: Desk, qtbot: QtBot
) -> None:
    city = {choice.value: choice for choice in page.compare.choices["city"]}
    assert city["Пермь"].isChecked()
    city["Perm"].setChecked(True)
    assert page.merge_button.text() == "Merge 2 cards"
    qtbot.mouseClick(page.merge_button, Qt.MouseButton.LeftButton)
    assert len(heads(page)) == 1
    kept = cards.client(desk.db, "company", 4, 3)
    assert kept is not None
    assert (kept[0].record.city, kept[0].record.comment) == ("Perm", "old")
    assert [point.value for point in kept[0].contacts] == ["111222333"]
    assert desk.said[-1] == "2 cards merged into Гранит"
    desk.undo()
    assert len(heads(page)) == 2


def test_all_certain_groups_are_merged_at_once(page: DoublesPage, desk: Desk) -> None:
    assert page.all_button.text() == "Merge 1 certain group"
    page.merge_certain()
    assert heads(page) == ["Omega / Omega AS\n2 · Same name"]
    assert page.all_button.isHidden()


def test_not_doubles_leave_for_good(page: DoublesPage, desk: Desk) -> None:
    page.list.setCurrentRow(1)
    page.dismiss()
    assert len(heads(page)) == 1
    page.look()
    assert len(heads(page)) == 1
    assert len(doubles.find(desk.db)) == 1


def test_one_of_three_can_be_left_out(page: DoublesPage, desk: Desk) -> None:
    clients.create_company(desk.db, name="Omega Ltd", city="Oslo")
    page.look()
    page.list.setCurrentRow(1)
    box = list(page.compare.included.values())[1]
    box.setChecked(False)
    one = page.compare.merge()
    assert one is not None
    assert len(one.gone_ids) == 1
    list(page.compare.included.values())[2].setChecked(False)
    assert not page.merge_button.isEnabled()


def test_a_base_without_doubles_says_so(desk: Desk, qtbot: QtBot) -> None:
    page = DoublesPage(desk.context)
    qtbot.addWidget(page)
    page.activated()
    assert page.stack.currentWidget() is page.none


def test_a_person_who_is_there_is_taken_into_the_company(desk: Desk, qtbot: QtBot) -> None:
    clients.create_person(desk.db, name="Olga Lis", contacts=[("phone", "+48 600 700 800")])
    dialog = NewClientDialog(desk.context, "person", None, company=(2, "Łódź Meble"))
    qtbot.addWidget(dialog)
    dialog.form.set_values({"name": "Olga", "phone": "600700800"})
    dialog.warning.look()
    assert [(d.name, d.why) for d in dialog.warning.doubles] == [("Olga Lis", "phone")]
    assert dialog.button.text() == "Add anyway"
    with qtbot.waitSignal(dialog.made) as caught:
        dialog.warning.used.emit("person", 2, "Olga Lis")
    assert caught.args == ["person", 2]
    card = cards.client(desk.db, "company", 2, 1)
    assert card is not None
    assert [p.name for p in card[0].people] == ["Olga Lis"]


def test_a_lead_of_a_client_who_is_there_is_linked_with_it(desk: Desk, qtbot: QtBot) -> None:
    dialog = LeadDialog(desk.context, None)
    qtbot.addWidget(dialog)
    dialog.form.set_values({"company_name": "ромашка"})
    dialog.warning.look()
    assert {double.kind for double in dialog.warning.doubles} == {"company", "lead"}
    dialog.warning.used.emit("company", 1, "ООО «Ромашка»")
    dialog.accept()
    lead = cards.lead(desk.db, 3)[1]
    assert lead is not None
    assert (lead.company_id, lead.company_name) == (1, "ООО «Ромашка»")
