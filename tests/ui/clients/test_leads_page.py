from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

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
