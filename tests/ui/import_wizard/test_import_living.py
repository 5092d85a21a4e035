"""The same list next month, and rows that wait, as the office sees them in the window."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from funneldesk.domain.client import Company
from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.fields import CustomValue
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.plan import Action
from funneldesk.services import clients, history
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.import_wizard.steps import CHECK, RESULT
from funneldesk.ui.import_wizard.views import GOES_IN, GONE, LIKELY
from funneldesk.ui.main_window import MainWindow
from tests.ui.import_wizard.kit import cells, enter, sha
from tests.ui.shell_kit import NotedPage

OCTOBER = (
    ("Company", "City", "Phone"),
    ("Delta Ltd", "Warsaw", "+48 22 100 00 01"),
    ("Omega Inc", "Cracow", "+48 22 100 00 02"),
    ("Sigma LLC", "Lodz", "+48 22 100 00 03"),
)
NOVEMBER = (
    ("Company", "City", "Phone"),
    ("Delta Ltd", "Warsaw", "+48 22 100 00 01"),
    ("Omega Inc", "Gdansk", "+48 22 100 00 02"),
    ("Zeta SA", "Poznan", "+48 22 100 00 04"),
)


def bring_in(page: ImportPage, rows: tuple[tuple[str, ...], ...]) -> None:
    page.session.clear()
    page.session.paste(cells(rows))
    enter(page)
    enter(page)
    assert page.step == CHECK


def cities(db: Database) -> dict[str, str | None]:
    with db.read() as conn:
        return {company.name: company.city for company in select_records(conn, Company)}


@pytest.fixture
def november(page: ImportPage) -> ImportPage:
    """The list of October is in the base, that of November is checked."""
    bring_in(page, OCTOBER)
    assert not page.check_step.listed.isVisible(), "a first list has nothing to be compared with"
    enter(page)
    assert page.step == RESULT
    bring_in(page, NOVEMBER)
    return page


def test_next_months_list_says_what_is_new_changed_the_same_and_gone(november: ImportPage) -> None:
    step = november.check_step
    assert step.listed.isVisible()
    said = step.listed.words.text()
    assert all(
        part in said
        for part in ("New rows: 1", "Changed rows: 1", "Unchanged rows: 1", "No longer in the list: 1")
    )
    shown = {what: chip.text() for what, chip in step.chips.items() if chip.isVisible()}
    assert shown == {
        None: "All  3", Action.CREATE: "New rows  1", Action.UPDATE: "Changed rows  1",
        Action.DUPLICATE: "Unchanged rows  1", GONE: "No longer in the list  1",
    }  # fmt: skip
    step.chips[GONE].click()
    assert step.gone.isVisible() and not step.table.isVisible()
    assert [record.name for record in step.gone.model.records] == ["Sigma LLC"]
    step.chips[None].click()
    assert step.table.isVisible() and step.model.rowCount() == 3


def test_only_what_changed_is_written_and_the_person_can_say_otherwise(
    november: ImportPage, db: Database
) -> None:
    flow = november.session.flow
    assert flow is not None and flow.request.on_duplicate is OnDuplicate.UPDATE
    enter(november)
    assert cities(db)["Omega Inc"] == "Gdansk"
    bring_in(november, OCTOBER)
    november.back()
    combo = november.columns_step.duplicates.combo
    combo.setCurrentIndex(combo.findData(OnDuplicate.SKIP))
    combo.activated.emit(combo.currentIndex())
    assert "This list came before" in november.columns_step.duplicates.before.text()
    assert flow is not november.session.flow
    enter(november)
    enter(november)
    assert cities(db)["Omega Inc"] == "Gdansk"


def test_the_vanished_get_a_tag_and_undo_takes_it_off(november: ImportPage, db: Database) -> None:
    before = sha(db)
    listed = november.check_step.listed
    assert november.foot.next.text() == "Import 2 rows"
    listed.choice.setCurrentIndex(listed.choice.findData("tag"))
    listed.choice.activated.emit(listed.choice.currentIndex())
    listed.value.setText("gone in November")
    listed.value.editingFinished.emit()
    november.next()
    assert november.step == RESULT, november.foot.said()
    with db.read() as conn:
        values = select_records(conn, CustomValue)
    assert [json.loads(value.value) for value in values] == [["gone in November"]]
    history.undo(db)
    assert sha(db) == before


def test_a_list_of_which_only_rows_vanished_can_be_imported_for_the_mark(
    november: ImportPage, db: Database
) -> None:
    bring_in(november, OCTOBER[:3])
    listed = november.check_step.listed
    assert (november.foot.next.text(), november.foot.next.isEnabled()) == ("Nothing to import", False)
    listed.choice.setCurrentIndex(listed.choice.findData("set"))
    listed.choice.activated.emit(listed.choice.currentIndex())
    listed.field.setCurrentIndex(listed.field.findData("category"))
    listed.field.activated.emit(listed.field.currentIndex())
    assert november.foot.next.text() == "Mark 1 record"
    november.next()
    with db.read() as conn:
        marked = {c.name for c in select_records(conn, Company) if c.category}
    assert marked == {"Sigma LLC"}


def test_rows_that_wait_are_listed_with_what_they_wait_for_and_thrown_away(
    page: ImportPage, db: Database
) -> None:
    rows = (("Invoice", "Payer", "Date", "Paid"), ("A-17", "Nobody Ltd", "2026-10-05", "120.50"))
    page.session.paste(cells(rows))
    page.session.set_kind(Kind.PAYMENTS)
    for column, field in enumerate(("invoice", "client", "date", "amount")):
        page.session.set_map(column, field)
    enter(page)
    enter(page)
    assert page.session.rows is not None and page.session.rows.plan.counts["waiting"] == 1
    enter(page)
    page.show_log()
    log = page.log
    assert log.waiting_tab.isVisible() and log.waiting_tab.text().endswith("1")
    before = sha(db)
    log.waiting_tab.click()
    model = log.waiting.model
    shown = [str(model.index(0, column).data()) for column in range(model.columnCount())]
    assert shown[0] == "Payments" and "Nobody Ltd" in shown[1] and "120" in shown[4]
    QTest.mouseClick(log.waiting.drop, Qt.MouseButton.LeftButton)
    assert model.rowCount() == 0
    history.undo(db)
    assert sha(db) == before


def test_a_waiting_row_leaves_the_list_when_its_client_comes(page: ImportPage, db: Database) -> None:
    page.log.show_waiting(True)
    page.show_log()
    clients.create_company(db, name="Somebody")
    assert page.log.waiting.model.rowCount() == 0


def test_what_an_import_made_is_shown_in_the_list_of_clients(window: MainWindow, page: ImportPage) -> None:
    bring_in(page, OCTOBER)
    enter(page)
    assert page.session.result is not None
    entry = page.session.result.change.journal_id
    page.result_step.made.click()
    shown = window.page("clients")
    assert isinstance(shown, NotedPage)
    where = next(n["filter"].where for n in shown.noted if isinstance(n, dict) and "filter" in n)
    assert where == Group((Condition("import", "one_of", (entry,)),))
    window.show_page("import", log=entry)
    page.log.listed.click()
    assert window.current_key() == "clients"


def test_a_like_name_in_the_same_city_is_asked_about(page: ImportPage, db: Database) -> None:
    clients.create_company(db, name="Romashka Tradings", city="Moscow")
    bring_in(page, (("Company", "City"), ("Romashka Trading", "Moscow"), ("Other", "Moscow")))
    step = page.check_step
    step.chips[LIKELY].click()
    assert step.model.rowCount() == 1 and step.same.isVisible()
    assert "Romashka Tradings" in step.detail_words.text() and "%" in step.detail_words.text()
    step.same.click()
    assert page.session.rows is not None
    assert page.session.rows.plan.actions == [Action.DUPLICATE, Action.CREATE]
    assert step.model.rowCount() == 2, "nothing is left to be asked, so all rows are shown again"


def test_a_changed_own_field_is_called_by_its_name(page: ImportPage) -> None:
    heads = ("Company", "City", "Interest in us")
    bring_in(page, (heads, ("Delta Ltd", "Lodz", "warm"), ("Omega Inc", "Lodz", "cold")))
    page.session.set_map(2, "custom:Interest in us")
    page.back()
    enter(page)
    enter(page)
    bring_in(page, (heads, ("Delta Ltd", "Lodz", "hot"), ("Omega Inc", "Lodz", "cold")))
    assert "Interest in us: warm → hot" in page.check_step.model.what(0)


def test_a_counter_of_rows_above_a_row_of_totals_is_no_number_of_a_client(page: ImportPage) -> None:
    rows = [("№", "Компания", "Город"), *((str(n), f"Завод {n}", "Тула") for n in (1, 2, 4, 5))]
    page.session.paste(cells([*rows, ("Итого", "", "")]))
    assert not any(v.field == "external_id" and v.state in GOES_IN for v in page.session.columns)
