from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.services import bases, leads, questionnaire
from funneldesk.ui.leads.dialogs import ConvertDialog, DropDialog, LeadDialog
from funneldesk.ui.leads.page import LeadsPage
from tests.ui.clients.conftest import Desk, row_of


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> LeadsPage:
    made = LeadsPage(desk.context)
    desk.context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    return made


def titles(page: LeadsPage) -> list[str]:
    return [row_of(page.model, row)["title"] for row in range(page.model.rowCount())]


def test_open_leads_stand_newest_first_and_are_searched(page: LeadsPage) -> None:
    assert titles(page) == ["Site request", "Call from the fair"]
    page.search.setText("new age")
    page.search._tell()
    assert titles(page) == ["Call from the fair"]


def test_a_lead_is_made_changed_and_qualified(page: LeadsPage) -> None:
    page.new_lead()
    dialog = page.findChild(LeadDialog)
    assert dialog is not None
    dialog.form.set_values({"person_name": "Olga"})
    dialog.accept()
    assert titles(page)[0] == "Olga"
    page.table.selectRow(0)
    page.qualify()
    assert row_of(page.model, 0)["status"] == "Qualified"


def test_a_lead_becomes_a_deal_of_the_client_that_is_there(page: LeadsPage, qtbot: QtBot) -> None:
    page.table.selectRow(0)
    page.convert()
    dialog = page.findChild(ConvertDialog)
    assert dialog is not None
    with qtbot.waitSignal(page.open_card) as caught:
        dialog.accept()
    assert caught.args == ["deal", 2]
    assert titles(page) == ["Call from the fair"]


def test_leads_are_dropped_with_a_reason_and_taken_up_again(page: LeadsPage, desk: Desk) -> None:
    page.table.selectAll()
    page.drop()
    dialog = page.findChild(DropDialog)
    assert dialog is not None
    dialog.accept()
    assert len(titles(page)) == 2  # no reason, nothing done
    dialog.form.set_values({"reason": "no budget"})
    dialog.accept()
    assert titles(page) == []
    assert page.stack.currentWidget() is page.no_match
    page.show_all()
    page.table.selectRow(0)
    page.reopen()
    assert row_of(page.model, 0)["status"] == "New lead"
    assert desk.said


def test_deleting_is_taken_back(page: LeadsPage, desk: Desk) -> None:
    page.table.selectRow(0)
    page.delete()
    assert len(titles(page)) == 1
    desk.undo()
    assert len(titles(page)) == 2


def convert_first(page: LeadsPage) -> ConvertDialog:
    page.table.selectRow(0)
    page.convert()
    dialog = page.findChild(ConvertDialog)
    assert dialog is not None
    return dialog


def test_the_deal_of_a_lead_goes_to_another_client_found_while_typing(page: LeadsPage, desk: Desk) -> None:
    dialog = convert_first(page)
    assert dialog.client.chosen() is not None, "who has the phone of the lead is proposed"
    assert "there already" in dialog.whose.text()
    dialog.client.clear()
    QTest.keyClicks(dialog.client, "lodz")
    assert dialog.client.chosen() is None
    dialog.client.setText("Łódź Meble")  # as the list of names does
    dialog.client.completer().activated.emit("Łódź Meble")
    assert dialog.client.chosen() == ("company", 2)
    made: list[int] = []
    dialog.made.connect(made.append)
    dialog.accept()
    with desk.db.read() as conn:
        row = conn.exec_driver_sql(f"SELECT company_id FROM deals WHERE id = {made[0]}").one()
        companies = conn.exec_driver_sql("SELECT count(*) FROM companies").scalar()
    assert (row[0], companies) == (2, 3)


def test_a_new_client_is_made_of_a_lead_when_another_name_is_typed(page: LeadsPage, desk: Desk) -> None:
    content = bases.check(desk.db).content_sha256
    dialog = convert_first(page)
    dialog.client.clear()
    QTest.keyClicks(dialog.client, "Somebody else")
    assert "new client" in dialog.whose.text()
    dialog.accept()
    with desk.db.read() as conn:
        names = conn.exec_driver_sql(
            "SELECT c.name FROM deals d JOIN companies c ON c.id = d.company_id ORDER BY d.id DESC LIMIT 1"
        ).scalar()
    assert names == "Somebody else"
    desk.undo()
    assert bases.check(desk.db).content_sha256 == content


def test_a_lead_named_from_elsewhere_opens_and_one_that_is_gone_says_so(page: LeadsPage, desk: Desk) -> None:
    page.show_params(lead=1)
    dialog = page.findChild(LeadDialog)
    assert dialog is not None and dialog.isVisible() and dialog.form.values()["title"]
    assert page.table.selected_ids() == [1]
    dialog.reject()
    page.show_params(lead=77)
    assert any("not there" in text for text in desk.said)


def test_answers_given_with_a_new_lead_are_kept(desk: Desk) -> None:
    question = questionnaire.put_question(desk.db, "Budget?").new_id("lead_question")
    lead = leads.create(desk.db, title="Roof", answers={question: "yes"}).new_id("lead")
    assert questionnaire.answers(desk.db, lead) == {question: "yes"}


def test_what_asks_of_one_lead_is_off_for_several(page: LeadsPage) -> None:
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    first = {action.text(): action.isEnabled() for action in page.selection_menu().actions()}
    page.table.selectAll()
    several = {action.text(): action.isEnabled() for action in page.selection_menu().actions()}
    assert first["Qualify"] and first["Make a deal…"]
    assert not several["Qualify"] and not several["Make a deal…"] and several["Drop…"]


def test_taking_up_again_is_offered_for_one_lead_only(page: LeadsPage) -> None:
    page.table.selectAll()
    able = {action.text(): action.isEnabled() for action in page.selection_menu().actions()}
    assert (able["Take up again"], able["Drop…"]) == (False, True)
