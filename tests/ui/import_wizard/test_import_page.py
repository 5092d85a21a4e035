"""The import as a person goes through it, in a real window."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from funneldesk.domain.team import Manager
from funneldesk.importing.dates import Order
from funneldesk.importing.fields import Kind
from funneldesk.importing.plan import Action
from funneldesk.services import funnels, team
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from funneldesk.ui.import_wizard.check_model import CELLS, STATE, WHAT
from funneldesk.ui.import_wizard.columns_table import FIELD
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.import_wizard.steps import CHECK, COLUMNS, FILE, RESULT
from funneldesk.ui.main_window import MainWindow
from tests.importing.makers import csv
from tests.ui.import_wizard.kit import (
    HEADS,
    PEOPLE,
    cells,
    choose,
    clients,
    counts,
    enter,
    field_of,
    sha,
)
from tests.ui.shell_kit import drop, page_of


def test_a_good_file_is_dropped_and_imported_by_pressing_enter_three_times(
    window: MainWindow, page: ImportPage, db: Database, tmp_path: Path
) -> None:
    drop(window, csv(tmp_path / "people.csv", [HEADS, *PEOPLE]))
    assert window.current_key() == "import"
    assert page.file_step.name.text() == "people.csv"
    assert page.file_step.kind_buttons[Kind.CLIENTS].isChecked()
    enter(page)
    assert page.step == COLUMNS
    assert [view.state for view in page.session.columns] == ["sure"] * 6
    enter(page)
    assert page.step == CHECK
    assert page.foot.next.text() == "Import 3 rows"
    assert page.check_step.counts.text().startswith("3 rows read = 3 new + 0 updated")
    enter(page)
    assert page.step == RESULT
    assert page.result_step.title.text() == "3 rows are in the base"
    assert clients(db) == 6  # three companies, three people
    assert [name.name for name in team_names(db)] == ["Emma Tolliver", "Rachel Dunmore"]
    enter(page)
    assert window.current_key() == "clients"


def team_names(db: Database) -> list[Manager]:
    with db.read() as conn:
        return sorted(select_records(conn, Manager), key=lambda manager: manager.name)


def test_a_column_is_sent_to_a_field_by_typing_its_name(page: ImportPage, db: Database) -> None:
    page.session.paste(cells([["Company", "Zone"], ["Delta", "North"]]))
    page.go(COLUMNS)
    assert field_of(page, "Zone") is None
    choose(page, "Zone", "region")
    assert field_of(page, "Zone") == "region"
    choose(page, "Zone", "new field")
    assert field_of(page, "Zone") == "custom:Zone"
    enter(page)
    enter(page)
    assert page.session.result is not None
    assert page.session.result.records["custom_field"] == 1


def test_del_leaves_a_column_out(page: ImportPage) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    page.go(COLUMNS)
    table = page.columns_step.table
    table.setCurrentIndex(table.model_.index(4, FIELD))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert field_of(page, "City") is None


def test_what_is_missing_is_said_in_place_and_nothing_is_lost(page: ImportPage) -> None:
    page.session.paste(cells([["City", "Zone"], ["Warsaw", "North"]]))
    page.go(COLUMNS)
    enter(page)
    assert page.step == COLUMNS
    assert "Company" in page.foot.said()
    choose(page, "Zone", "company")
    enter(page)
    assert page.step == CHECK
    assert page.foot.said() == ""


def test_a_date_that_can_be_two_is_asked_and_not_guessed(page: ImportPage) -> None:
    page.session.paste(
        cells([["Deal", "Client", "Amount", "Created"], ["Racks", "Delta", "100", "03/04/2026"]])
    )
    page.session.set_kind(Kind.DEALS)
    page.go(COLUMNS)
    radios = page.columns_step.questions.radios
    assert {radio.text() for radio in radios.values()} == {"Apr 3, 2026", "Mar 4, 2026"}
    enter(page)
    assert page.step == COLUMNS
    assert "Created" in page.foot.said()
    column = next(iter(radios))[0]
    radios[column, Order.DMY].click()
    enter(page)
    assert page.step == CHECK


def test_duplicates_are_left_filled_or_made_again_as_chosen(page: ImportPage, db: Database) -> None:
    page.session.paste(cells([["Company", "Phone"], ["Delta Ltd", "+48 22 100 00 01"]]))
    for _ in range(3):
        page.next()
    page.session.clear()
    page.session.paste(cells([["Company", "Phone", "City"], ["DELTA", "22 100 00 01", "Warsaw"]]))
    page.next()
    page.next()
    assert counts(page)["duplicates"] == 1
    assert page.foot.next.text() == "Nothing to import"
    assert not page.foot.next.isEnabled()
    assert "phone" in page.check_step.model.what(0)
    page.go(COLUMNS)
    combo = page.columns_step.duplicates.combo
    combo.setCurrentIndex(1)  # fill in what is empty
    combo.activated.emit(1)
    page.next()
    assert counts(page)["updated"] == 1
    assert page.check_step.model.what(0) == "City: – → Warsaw"
    page.next()
    assert page.session.result is not None
    assert page.session.result.counts["updated"] == 1


def test_new_managers_are_listed_and_one_is_told_to_be_a_known_one(page: ImportPage, db: Database) -> None:
    team.add_manager(db, "Rachel Dunmore")
    page.session.paste(
        cells([["Company", "Manager"], ["Delta", "Rachel Dunmor"], ["Omega", "Emma Tolliver"]])
    )
    page.go(COLUMNS)
    combos = page.columns_step.words.combos
    assert set(combos) == {("manager", "Rachel Dunmor"), ("manager", "Emma Tolliver")}
    combo = combos["manager", "Rachel Dunmor"]
    assert combo.itemText(1) == "is Rachel Dunmore"
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    page.next()
    assert page.session.rows is not None
    assert page.session.rows.plan.new_names("manager") == ["Emma Tolliver"]
    page.go(COLUMNS)
    combo = page.columns_step.words.combos["manager", "Rachel Dunmor"]
    assert combo.currentText() == "Rachel Dunmore"
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    page.next()
    assert page.session.rows.plan.new_names("manager") == ["Rachel Dunmor", "Emma Tolliver"]


def test_a_value_is_set_for_all_rows_and_taken_away(page: ImportPage) -> None:
    page.session.paste(cells([["Company"], ["Delta"]]))
    page.go(COLUMNS)
    constants = page.columns_step.constants
    constants.begin("source")
    edit = constants.edits["source"].lineEdit()
    assert isinstance(edit, QLineEdit)
    QTest.keyClicks(edit, "Exhibition")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert page.step == COLUMNS
    page.next()
    assert page.session.rows is not None
    assert page.session.rows.plan.new_names("source") == ["Exhibition"]
    page.go(COLUMNS)
    page.session.set_constant("source", "")
    page.next()
    assert page.session.rows.plan.new_names("source") == []


def test_a_funnel_is_made_from_stages_that_no_funnel_knows(page: ImportPage, db: Database) -> None:
    rows = [["Deal", "Client", "Amount", "Stage"],
            ["A", "Delta", "100", "Sniffed"], ["B", "Omega", "200", "Bitten"],
            ["C", "Sigma", "5", "won"]]  # fmt: skip
    page.session.paste(cells(rows))
    assert page.session.kind is Kind.DEALS
    page.go(COLUMNS)
    section = page.columns_step.funnel
    assert section.combo.currentText() == "Make a funnel from the stages of this file"
    section.stages.setCurrentRow(1)
    section.up.click()
    page.next()
    assert page.session.rows is not None
    assert page.session.rows.plan.new_names("stage") == ["Bitten", "Sniffed"]
    page.go(COLUMNS)
    section.combo.setCurrentIndex(0)
    section.combo.activated.emit(0)
    page.next()
    assert counts(page)["rejected"] == 2
    assert page.check_step.chips[Action.REJECT].text() == "Rejected  2"


def test_the_board_is_shown_with_the_funnel_that_was_made(
    window: MainWindow, page: ImportPage, db: Database
) -> None:
    page.session.paste(cells([["Deal", "Client", "Amount", "Stage"], ["A", "Delta", "100", "Sniffed"]]))
    page.next()
    page.next()
    page.next()
    assert page.session.result is not None
    made = page.session.result.change.new_id("funnel")
    assert made
    page.next()
    assert window.current_key() == "board"
    assert page_of(window, "board").noted[-1] == {"funnel": made}


def test_a_problem_is_mended_in_place(qtbot: QtBot, page: ImportPage, db: Database) -> None:
    page.session.paste(cells([["Deal", "Client", "Amount"], ["A", "Delta", "much"], ["B", "Omega", "200"]]))
    page.session.set_kind(Kind.DEALS)
    page.go(COLUMNS)
    page.next()
    assert counts(page)["rejected"] == 1
    step = page.check_step
    step.chips[Action.REJECT].click()
    assert step.model.rowCount() == 1
    assert step.model.index(0, WHAT).data() == "much is not a sum."
    cell = step.model.index(0, CELLS + 2)
    step.table.setCurrentIndex(cell)
    step.table.edit(cell)
    editor = step.table.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.setText("1 500,50")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: counts(page)["rejected"] == 0)
    assert page.step == CHECK
    assert counts(page)["created"] == 2
    assert step.model.rowCount() == 2
    page.next()
    assert page.session.result is not None and page.session.result.counts["created"] == 2


def test_a_row_is_left_out_and_taken_in_again(page: ImportPage) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    page.go(COLUMNS)
    page.next()
    table = page.check_step.table
    table.setCurrentIndex(page.check_step.model.index(1, STATE))
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert counts(page)["skipped"] == 1
    assert page.foot.next.text() == "Import 2 rows"
    assert page.check_step.out.text() == "Take it in"
    page.check_step.out.click()
    assert counts(page)["skipped"] == 0


def test_rejected_rows_are_saved_with_their_reasons(page: ImportPage, tmp_path: Path) -> None:
    page.session.paste(cells([["Deal", "Client", "Amount"], ["A", "Delta", "much"], ["B", "Omega", "2"]]))
    page.session.set_kind(Kind.DEALS)
    page.go(COLUMNS)
    page.next()
    page.save_rejects(tmp_path / "rejects.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "rejects.xlsx").active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [["Deal", "Client", "Amount", "Reason"], ["A", "Delta", "much", "much is not a sum."]]


def test_undo_from_the_result_gives_the_base_of_before(page: ImportPage, db: Database) -> None:
    before = sha(db)
    page.session.paste(cells([HEADS, *PEOPLE]))
    for _ in range(3):
        page.next()
    assert sha(db) != before
    page.result_step.undo.click()
    assert sha(db) == before
    assert page.result_step.title.text() == "The import is taken back"
    assert not page.result_step.undo.isVisible()


def test_taking_back_from_the_result_takes_back_nothing_else(page: ImportPage, db: Database) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    for _ in range(3):
        page.next()
    team.add_manager(db, "Somebody Else")
    page.result_step.undo.click()
    assert clients(db) == 0
    assert [name.name for name in team_names(db)] == ["Somebody Else"]
    assert "gone" in page.result_step.note.text()


def test_markup_in_a_cell_stays_text(page: ImportPage) -> None:
    page.session.paste(cells([["Company", "City"], ["<img src=x>", "<b>Bold</b>"]]))
    page.go(COLUMNS)
    page.next()
    model = page.check_step.model
    assert model.index(0, CELLS).data() == "<img src=x>"
    assert page.file_step.name.textFormat() == Qt.TextFormat.PlainText


def test_enter_in_the_grid_of_columns_goes_on(page: ImportPage) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    page.go(COLUMNS)
    page.columns_step.table.setFocus()
    QTest.keyClick(page.columns_step.table, Qt.Key.Key_Return)
    assert page.step == CHECK


def test_the_steps_behind_can_be_gone_back_to_until_it_is_imported(page: ImportPage) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    page.next()
    page.next()
    page.stepper.buttons[0].click()
    assert page.step == FILE
    page.stepper.buttons[2].click()
    assert page.step == CHECK
    page.next()
    assert [button.isEnabled() for button in page.stepper.buttons] == [False, False, False, True]
    page.result_step.again.click()
    assert page.step == FILE and page.session.file is None


def test_what_was_chosen_by_hand_is_known_again_the_next_time(page: ImportPage) -> None:
    rows = [["Company", "Zone"], ["Delta", "North"]]
    page.session.paste(cells(rows))
    page.go(COLUMNS)
    choose(page, "Zone", "region")
    page.next()
    page.next()
    page.session.clear()
    page.session.paste(cells([["Company", "Zone"], ["Omega", "South"]]))
    zone = page.session.columns[1]
    assert (zone.field, zone.state) == ("region", "kept")


def test_a_history_is_read_into_the_funnel_whose_stages_it_has(page: ImportPage, db: Database) -> None:
    funnels.create(db, "Repairs", ["Taken in", "Looked at"])
    page.session.paste(cells([["Deal id", "When", "To stage"], ["D1", "2026-01-05", "Looked at"]]))
    assert page.session.kind is Kind.HISTORY
    page.go(COLUMNS)
    assert page.columns_step.funnel.combo.currentText() == "Repairs"
    assert page.columns_step.words.combos == {}
    page.next()
    assert page.check_step.model.what(0).startswith("Waits for the deal D1")
