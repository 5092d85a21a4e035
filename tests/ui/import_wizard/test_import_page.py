"""The import as a person goes through it, in a real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from funneldesk.domain.team import Manager
from funneldesk.importing.dates import Order
from funneldesk.importing.fields import Kind
from funneldesk.importing.plan import Action
from funneldesk.services import bases, funnels, team
from funneldesk.store.database import Database
from funneldesk.store.queries.client_list import count_clients
from funneldesk.store.transaction import select_records
from funneldesk.ui.import_wizard.check_model import CELLS, STATE, WHAT
from funneldesk.ui.import_wizard.columns_table import FIELD
from funneldesk.ui.import_wizard.field_popup import FieldPopup
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.import_wizard.steps import CHECK, COLUMNS, FILE, RESULT
from funneldesk.ui.main_window import MainWindow
from tests.importing.makers import csv, xlsx
from tests.ui.import_wizard.kit import (
    HEADS,
    PEOPLE,
    cells,
    drop,
    enter,
    import_page,
    make_import_window,
    sha,
)
from tests.ui.shell_kit import page_of


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general") as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, db: Database) -> MainWindow:
    made = make_import_window(db)
    qtbot.addWidget(made)
    made.show_page("import")
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def page(window: MainWindow) -> ImportPage:
    return import_page(window)


def clients(db: Database) -> int:
    with db.read() as conn:
        return count_clients(conn)


def counts(page: ImportPage) -> dict[str, int]:
    assert page.session.rows is not None
    return page.session.rows.plan.counts


def choose(page: ImportPage, column: str, field: str) -> None:
    """Open the list of fields of a column, type and press Enter."""
    views = page.session.columns
    row = next(i for i, view in enumerate(views) if view.name == column)
    table = page.columns_step.table
    table.setCurrentIndex(table.model_.index(row, FIELD))
    QTest.keyClick(table, Qt.Key.Key_F2)
    popup = page.findChildren(FieldPopup)[-1]
    QTest.keyClicks(popup.field, field)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)


def field_of(page: ImportPage, column: str) -> str | None:
    return next(
        view.field for view in page.session.columns if view.name == column and view.state != "proposed"
    )


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


def test_another_row_becomes_the_header_by_a_click(page: ImportPage) -> None:
    page.session.paste(cells([["List", "of the", "spring", "fair"], ["Name", "Phone", "City", "Note"],
                              ["Delta", "+48 22 100 00 01", "Warsaw", "x"]]))  # fmt: skip
    page.session.choose_header(1)
    assert page.session.file is not None and page.session.file.count == 2
    grid = page.file_step.grid
    model = grid.model()
    place = grid.visualRect(model.index(1, 2)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert page.session.file.header == 2
    assert page.session.file.count == 1
    assert [view.name for view in page.session.columns] == ["Name", "Phone", "City", "Note"]
    QTest.mouseClick(page.file_step.no_header, Qt.MouseButton.LeftButton)
    assert page.session.file.header == 0
    assert page.session.file.count == 3


def test_space_makes_the_row_under_the_cursor_the_header(page: ImportPage) -> None:
    page.session.paste(cells([["a", "b"], ["Name", "City"], ["Delta", "Warsaw"]]))
    grid = page.file_step.grid
    page.session.choose_header(1)
    grid.setFocus()
    grid.setCurrentIndex(grid.model().index(1, 0))
    QTest.keyClick(grid, Qt.Key.Key_Space)
    assert page.session.file is not None and page.session.file.header == 2


def test_hidden_sheets_are_marked_and_another_sheet_can_be_taken(page: ImportPage, tmp_path: Path) -> None:
    path = xlsx(tmp_path / "two.xlsx", [HEADS, *PEOPLE], sheet="Clients", hidden="Lists")
    page.open_path(path)
    combo = page.file_step.sheet
    names = [combo.itemText(i) for i in range(combo.count())]
    assert sorted(names) == ["Clients", "Lists (hidden)"]
    assert combo.currentText() == "Clients"
    combo.setCurrentIndex(names.index("Lists (hidden)"))
    combo.activated.emit(combo.currentIndex())
    assert page.session.file is not None and page.session.file.sheet.name == "Lists"


def test_the_encoding_is_changed_with_a_live_preview(page: ImportPage, tmp_path: Path) -> None:
    path = csv(tmp_path / "koi.csv", [["Компания", "Город"], ["Ромашка", "Тула"]], encoding="koi8-r")
    page.open_path(path)
    page.file_step.encoding.setCurrentText("windows-1251")
    page.file_step.encoding.activated.emit(page.file_step.encoding.currentIndex())
    assert page.session.file is not None
    assert page.session.file.rows[1][1][0] != "Ромашка"
    page.file_step.encoding.setCurrentText("koi8-r")
    page.file_step.encoding.activated.emit(page.file_step.encoding.currentIndex())
    assert page.session.file is not None
    assert page.session.file.rows[1][1] == ("Ромашка", "Тула")


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


def test_a_problem_is_mended_in_place(page: ImportPage, db: Database) -> None:
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
    QTest.qWait(10)
    assert page.step == CHECK
    assert counts(page) | {"rejected": 0, "created": 2} == counts(page)
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


def test_cells_on_the_clipboard_go_through_the_preview(page: ImportPage, db: Database) -> None:
    QGuiApplication.clipboard().setText(cells([HEADS, *PEOPLE]))
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert page.step == FILE
    assert page.session.file is not None and page.session.file.count == 3
    assert clients(db) == 0


def test_an_empty_clipboard_is_said_not_imported(page: ImportPage) -> None:
    QGuiApplication.clipboard().clear()
    page.paste()
    assert page.session.file is None
    assert "clipboard" in page.file_step.drop.error.text()


def test_another_dropped_file_replaces_the_one_before_without_asking(
    window: MainWindow, page: ImportPage, tmp_path: Path
) -> None:
    drop(window, csv(tmp_path / "one.csv", [HEADS, *PEOPLE]))
    page.go(COLUMNS)
    drop(window, csv(tmp_path / "two.csv", [["Name", "City"], ["Delta", "Warsaw"]]))
    assert page.step == FILE
    assert page.file_step.name.text() == "two.csv"
    assert [view.name for view in page.session.columns] == ["Name", "City"]


def test_a_file_that_is_no_table_is_named_with_what_to_do(page: ImportPage, tmp_path: Path) -> None:
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing of use")
    page.open_path(path)
    assert page.session.file is None
    assert "broken.xlsx" in page.file_step.drop.error.text()
    page.session.paste(cells([HEADS, *PEOPLE]))
    page.session.clear()
    assert page.file_step.drop.error.text() == ""


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


def test_a_file_imported_before_is_offered_again(page: ImportPage, tmp_path: Path) -> None:
    path = csv(tmp_path / "spring & fair.csv", [HEADS, *PEOPLE])
    page.open_path(path)
    page.session.clear()
    assert page._context.settings.more["import_recent"] == [str(path)]


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


def test_a_table_of_eighty_columns_is_mapped_too(page: ImportPage) -> None:
    heads = ["Company", *(f"Mark {i}" for i in range(79))]
    page.session.paste(cells([heads, ["Delta", *("x" for _ in range(79))]]))
    page.go(COLUMNS)
    choose(page, "Mark 70", "region")
    assert field_of(page, "Mark 70") == "region"
    page.session.set_kind(Kind.LEADS)
    assert page.session.kind is Kind.LEADS
    page.session.set_kind(Kind.CLIENTS)
    page.next()
    assert counts(page)["created"] == 1


def test_a_history_is_read_into_the_funnel_whose_stages_it_has(page: ImportPage, db: Database) -> None:
    funnels.create(db, "Repairs", ["Taken in", "Looked at"])
    page.session.paste(cells([["Deal id", "When", "To stage"], ["D1", "2026-01-05", "Looked at"]]))
    assert page.session.kind is Kind.HISTORY
    page.go(COLUMNS)
    assert page.columns_step.funnel.combo.currentText() == "Repairs"
    assert page.columns_step.words.combos == {}
    page.next()
    assert page.check_step.model.what(0).startswith("Waits for the deal D1")


def test_another_header_asks_anew_about_its_columns(page: ImportPage, db: Database) -> None:
    page.session.paste(cells([["Company", "Manager"], ["Name", "Source"], ["Delta", "Expo"]]))
    page.session.choose_header(1)
    page.go(COLUMNS)
    assert set(page.columns_step.words.combos) == {("manager", "Source"), ("manager", "Expo")}
    page.go(FILE)
    page.session.choose_header(2)
    assert page.columns_step.words.combos == {}
    page.go(COLUMNS)
    assert set(page.columns_step.words.combos) == {("source", "Expo")}
