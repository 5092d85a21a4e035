"""The first steps of the import: the file, its sheet, its header and encoding, the clipboard."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from funneldesk.importing.fields import Kind
from funneldesk.store.database import Database
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.import_wizard.steps import COLUMNS, FILE
from funneldesk.ui.main_window import MainWindow
from tests.importing.makers import csv, xlsx
from tests.ui.import_wizard.kit import (
    HEADS,
    PEOPLE,
    cells,
    choose,
    clients,
    counts,
    field_of,
)
from tests.ui.shell_kit import drop


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


def test_a_file_imported_before_is_offered_again(page: ImportPage, tmp_path: Path) -> None:
    path = csv(tmp_path / "spring & fair.csv", [HEADS, *PEOPLE])
    page.open_path(path)
    page.session.clear()
    assert page._context.settings.more["import_recent"] == [str(path)]


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
