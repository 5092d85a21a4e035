from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain.client_list import ClientFilter, code_of, ref_of
from funneldesk.domain.fields import FieldType
from funneldesk.services import bases, clients, fields
from funneldesk.store.check import content_sha256
from funneldesk.store.database import Database
from funneldesk.ui.clients.new_client import NewClientDialog
from funneldesk.ui.clients.page import ClientsPage
from funneldesk.ui.tasks import TaskRunner
from tests.ui.clients.conftest import Desk, row_of


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> ClientsPage:
    made = ClientsPage(desk.context)
    desk.context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show()
    return made


def names(page: ClientsPage) -> list[str]:
    model = page.model
    return [row_of(model, row)["name"] for row in range(model.rowCount())]


def content(db: Database) -> str:
    with db.read() as conn:
        return content_sha256(conn)


def test_companies_and_people_stand_in_one_list_sorted_by_name(page: ClientsPage) -> None:
    assert names(page) == [
        "<b>Delta</b> & Sons",
        "Łódź Meble",
        "ООО «Ромашка»",
        "Пётр Иванов · ООО «Ромашка»",
    ]
    assert page.count.text() == "4 clients"


@pytest.mark.parametrize(
    ("typed", "found"),
    [("РОМАШКА", 1), ("lodz", 1), ("9123456", 1), ("8 912 345-67-89", 1), ("петр", 1), ("zzz", 0)],
)
def test_typing_narrows_the_list(page: ClientsPage, typed: str, found: int) -> None:
    page.search.setText(typed)
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert page.model.rowCount() == found
    assert page.stack.currentWidget() is (page.table if found else page.no_match)
    page.show_all()
    assert page.model.rowCount() == 4


def test_filters_narrow_the_list_and_are_cleared(page: ClientsPage) -> None:
    page.filters.manager.set_chosen([2])
    assert names(page) == ["Łódź Meble"]
    page.filters.clear()
    page.filters.kind.set_chosen([1])
    assert names(page) == ["Пётр Иванов · ООО «Ромашка»"]
    page.show_params(filter=ClientFilter(cities=("Paris", "Łódź")))
    assert len(names(page)) == 2
    assert page.filters.clear_button.isVisible()


def test_a_click_on_a_head_sorts_and_another_turns_it_round(page: ClientsPage) -> None:
    number = [c.key for c in page.model.columns].index("city")
    page.table.horizontalHeader().sectionClicked.emit(number)
    assert names(page)[-1].startswith("Пётр")  # no city: last
    assert names(page)[0] == "<b>Delta</b> & Sons"
    page.table.horizontalHeader().sectionClicked.emit(number)
    assert names(page)[0] == "ООО «Ромашка»"
    assert names(page)[-1].startswith("Пётр")


def test_enter_opens_the_card_and_delete_removes_what_undo_brings_back(
    page: ClientsPage, desk: Desk, db: Database, qtbot: QtBot
) -> None:
    page.table.select_id(code_of("company", 2))
    with qtbot.waitSignal(page.open_card) as caught:
        QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert caught.args == ["company", 2]
    before = content(db)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert "Łódź Meble" not in names(page)
    assert "Łódź Meble" in desk.said[-1]
    desk.undo()
    assert "Łódź Meble" in names(page)
    assert content(db) == before


def test_the_clients_selected_are_given_to_a_manager_in_one_change(page: ClientsPage, desk: Desk) -> None:
    page.table.selectAll()
    menu = page.selection.make_menu()
    page.tools.assign(2)
    assert menu.actions()
    page.filters.manager.set_chosen([2])
    assert page.model.rowCount() == 4
    desk.undo()
    assert page.model.rowCount() == 1


def test_copying_gives_text_with_tabs_and_a_table(page: ClientsPage) -> None:
    page.table.select_id(code_of("company", 3))
    page.table.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert "<b>Delta</b> & Sons\tCompany" in mime.text()
    assert "&lt;b&gt;Delta&lt;/b&gt; &amp; Sons" in mime.html()


def test_a_new_client_is_warned_of_its_double_and_then_made(page: ClientsPage, qtbot: QtBot) -> None:
    page.new_client("company")
    dialog = page.findChild(NewClientDialog)
    assert dialog is not None
    dialog.form.set_values({"name": "ромашка"})
    dialog.warning.look()
    assert not dialog.warning.isHidden()
    dialog.form.set_values({"name": "Quite another", "phone": "1"})
    dialog.warning.look()
    assert dialog.warning.isHidden()
    with qtbot.waitSignal(page.open_card) as caught:
        dialog.accept()
    assert caught.args is not None
    assert "Quite another" in names(page)
    assert page.selection.refs() == [tuple(caught.args)]


def test_a_client_without_a_name_is_not_made(page: ClientsPage) -> None:
    page.new_client("person")
    dialog = page.findChild(NewClientDialog)
    assert dialog is not None
    dialog.accept()
    assert page.model.rowCount() == 4
    dialog.reject()


def test_a_view_is_kept_and_shown_again(page: ClientsPage, desk: Desk) -> None:
    page.filters.manager.set_chosen([2])
    page._sort_by("city", True)
    page.views.keep("Bob's")
    page.show_view({})
    page.filters.clear()
    assert page.model.rowCount() == 4
    actions = {action.text(): action for action in page.views.make_menu().actions()}
    actions["Bob's"].trigger()
    assert names(page) == ["Łódź Meble"]
    assert page._sort == ("city", True)


def test_a_new_own_field_becomes_a_column(page: ClientsPage, desk: Desk) -> None:
    desk.context.tasks.write(lambda db: fields.add(db, "company", "Area", FieldType.NUMBER))
    desk.context.tasks.write(lambda db: fields.set_value(db, 1, "company", 1, "12.5"))
    assert page.model.columns[-1].title == "Area"
    page.table.set_column_shown("field:1", True)
    row = next(i for i, code in enumerate(page.model.ids()) if ref_of(code) == ("company", 1))
    assert row_of(page.model, row)["field:1"] == "12.5"


def test_a_change_elsewhere_keeps_the_selection(page: ClientsPage, desk: Desk) -> None:
    page.table.select_id(code_of("company", 1))
    desk.context.tasks.write(lambda db: clients.create_company(db, name="Aaa"))
    assert page.selection.refs() == [("company", 1)]
    assert names(page)[1] == "Aaa"


def test_an_empty_base_offers_the_import_and_the_first_client(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    place = tmp_path / "empty.funneldesk"
    with bases.new_base(place, language="en", currency="EUR", zone="UTC") as empty:
        desk.context.tasks = TaskRunner(empty, synchronous=True)
        page = ClientsPage(desk.context)
        qtbot.addWidget(page)
        assert page.stack.currentWidget() is page.no_clients
        page.no_clients.button.click()
        assert desk.pages == [("import", {})]
