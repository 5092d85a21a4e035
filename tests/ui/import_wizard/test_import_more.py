"""What an office owner does with a crooked file: parts columns, keeps mappings, mends rows, takes back."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from funneldesk.domain.client import Company, Person
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.plan import Action
from funneldesk.importing.units import Unit
from funneldesk.services import clients, history, mappings, team
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from funneldesk.ui.import_wizard.check_model import CELLS, STATE
from funneldesk.ui.import_wizard.columns_table import FIELD
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.import_wizard.replace_popup import ReplacePopup
from funneldesk.ui.import_wizard.steps import CHECK, COLUMNS, FILE, LOG, RESULT
from funneldesk.ui.import_wizard.views import INSIDE
from tests.ui.import_wizard.kit import HEADS, PEOPLE, cells, counts, enter

BOTH = [
    ["Company, contact", "City"],
    ["Delta Ltd, Ann Brown", "Warsaw"],
    ["Omega Inc, Bob Grey", "Cracow"],
    ["Sigma LLC, Cid White", "Lodz"],
]


def names(db: Database, cls: type[Company] | type[Person]) -> list[str]:
    with db.read() as conn:
        return sorted(record.name for record in select_records(conn, cls))


def state(page: ImportPage, column: str) -> str:
    row = next(i for i, view in enumerate(page.session.columns) if view.name == column)
    return page.columns_step.table.model_.state(row)


def select(page: ImportPage, *rows: int) -> None:
    table = page.check_step.table
    select = QItemSelectionModel.SelectionFlag
    table.setCurrentIndex(page.check_step.model.index(rows[0], STATE))
    for row in rows:
        table.selectionModel().select(page.check_step.model.index(row, STATE), select.Select | select.Rows)


def test_two_things_in_a_column_are_parted_when_a_person_says_so(page: ImportPage, db: Database) -> None:
    page.session.paste(cells(BOTH))
    page.go(COLUMNS)
    offer = page.columns_step.splits
    assert offer.isVisible()
    split = page.session.values.splits[0] if page.session.values else None
    assert split is not None and split.parts == ("Delta Ltd", "Ann Brown")
    page.session.split(split)
    assert offer.title.text() == "Split columns"
    page.next()
    page.next()
    assert names(db, Company) == ["Delta Ltd", "Omega Inc", "Sigma LLC"]
    assert names(db, Person) == ["Ann Brown", "Bob Grey", "Cid White"]


def test_a_column_that_is_to_stay_whole_is_not_offered_again(page: ImportPage) -> None:
    page.session.paste(cells(BOTH))
    page.go(COLUMNS)
    offer = page.columns_step.splits
    offer._keep(0)
    page.session.ask()
    assert not offer.isVisible()


def test_an_unknown_column_becomes_a_field_in_one_click(page: ImportPage, db: Database) -> None:
    page.session.paste(cells([["Company", "Boots"], ["Delta", "41"], ["Omega", "42"]]))
    page.go(COLUMNS)
    assert state(page, "Boots") == "fresh"
    table = page.columns_step.table
    table.setCurrentIndex(table.model_.index(1, FIELD))
    QTest.keyClick(table, Qt.Key.Key_Insert)
    assert page.session.columns[1].field == "custom:Boots"
    page.next()
    page.next()
    with db.read() as conn:
        from funneldesk.domain.fields import CustomField

        assert [(f.name, f.type) for f in select_records(conn, CustomField)] == [("Boots", "number")]


def test_a_header_and_cells_that_disagree_are_a_doubt_and_not_taken(page: ImportPage) -> None:
    rows = [[f"C{i}", f"c{i}@firm.example"] for i in range(8)]
    page.session.paste(cells([["Company", "City"], *rows]))
    page.go(COLUMNS)
    city = page.session.columns[1]
    assert (city.field, city.state) != ("city", "sure")
    assert city.field == "email" or city.state == "doubt"


def test_a_mapping_is_kept_used_renamed_removed_and_goes_by_file(
    page: ImportPage, db: Database, tmp_path: Path
) -> None:
    page.session.paste(cells([["Firm of it", "Where it is"], ["Delta", "Warsaw"]]))
    page.go(COLUMNS)
    page.session.set_kind(Kind.CLIENTS)
    page.session.set_map(0, "name")
    page.session.set_map(1, "region")
    menu = page.columns_step.mappings
    menu.keep("Fair")
    assert menu.names == ["Fair"]
    menu.save_to(tmp_path / "fair.json")
    page.session.paste(cells([["Where it is", "Firm of it"], ["Lodz", "Omega"]]))
    page.go(COLUMNS)
    menu.use("Fair")
    assert [view.field for view in page.session.columns] == ["region", "name"]
    menu.rename("Fair", "Spring fair")
    assert mappings.names(db) == ["Spring fair"]
    menu.remove("Spring fair")
    assert mappings.names(db) == []
    page.session.set_map(0, None)
    menu.take_from(tmp_path / "fair.json")
    assert [view.field for view in page.session.columns] == ["region", "name"]
    (tmp_path / "bad.json").write_text("[1]", encoding="utf-8")
    menu.take_from(tmp_path / "bad.json")
    assert [view.field for view in page.session.columns] == ["region", "name"]


def test_the_keys_of_duplicates_are_chosen(page: ImportPage, db: Database) -> None:
    clients.create_company(db, name="Delta Ltd", contacts=[("phone", "+48 22 100 00 01")])
    page.session.paste(cells([["Company", "Phone"], ["Other name", "+48 22 100 00 01"]]))
    page.go(COLUMNS)
    page.next()
    assert counts(page)["duplicates"] == 1
    page.go(COLUMNS)
    page.columns_step.duplicates.keys["phone"].click()
    page.next()
    assert counts(page)["created"] == 1


def test_many_rows_are_left_out_and_taken_in_at_once(page: ImportPage) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    page.go(COLUMNS)
    page.next()
    select(page, 0, 2)
    assert page.check_step.out.text() == "Leave 2 rows out"
    QTest.keyClick(page.check_step.table, Qt.Key.Key_Delete)
    assert counts(page)["skipped"] == 2
    select(page, 0, 2)
    page.check_step.out.click()
    assert counts(page)["skipped"] == 0


def test_a_text_is_replaced_over_a_whole_column(page: ImportPage) -> None:
    page.session.paste(cells([["Company", "City"], ["A", "Wawa"], ["B", "Wawa"], ["C", "Lodz"]]))
    page.go(COLUMNS)
    page.next()
    table = page.check_step.table
    table.setCurrentIndex(page.check_step.model.index(0, CELLS + 1))
    QTest.keyClick(table, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    popup = page.findChildren(ReplacePopup)[-1]
    assert popup.old.text() == "Wawa"
    QTest.keyClicks(popup.new, "Warsaw")
    QTest.keyClick(popup.new, Qt.Key.Key_Return)
    model = page.check_step.model
    assert [model.index(row, CELLS + 1).data() for row in range(3)] == ["Warsaw", "Warsaw", "Lodz"]


def test_saved_rejects_take_exactly_those_rows_when_dropped_again(
    page: ImportPage, db: Database, tmp_path: Path
) -> None:
    rows = [["Company", "City"], ["Delta", "Warsaw"], ["", "Lodz"], ["Omega", "Radom"]]
    page.session.paste(cells(rows))
    page.go(COLUMNS)
    page.next()
    assert counts(page)["rejected"] == 1
    page.save_rejects(tmp_path / "again.xlsx")
    page.next()
    page.open_path(tmp_path / "again.xlsx")
    assert page.session.file is not None and page.session.file.count == 1
    page.next()
    assert [view.field for view in page.session.columns if view.state != "proposed"][:2] == ["name", "city"]
    assert page.session.columns[2].state in ("out", "proposed", "doubt")
    page.next()
    assert counts(page)["read"] == 1
    row = page.session.rows.row(0) if page.session.rows else None
    assert row is not None and row.action is Action.REJECT
    page.session.mend(row.number, 0, "Sigma")
    page.next()
    assert names(db, Company) == ["Delta", "Omega", "Sigma"]


def test_the_list_of_imports_shows_what_one_made_and_takes_it_back_later(
    page: ImportPage, db: Database
) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    for _ in range(3):
        page.next()
    assert page.step == RESULT
    page.imports.click()
    assert page.stack.currentIndex() == LOG
    log = page.log
    assert [chip.text() for chip in log.chips.values()] == ["companies  3", "people  3"]
    assert [record.name for record in log.made.records] == ["Delta Ltd", "Omega Inc", "Sigma LLC"]
    assert "Nothing was done since" in log.what.text()
    with db.read() as conn:
        delta = next(c for c in select_records(conn, Company) if c.name == "Delta Ltd")
    change = clients.update(db, ("company", delta.id), city="Radom")
    page._context.hub.changed.emit(change)
    assert "companies 2" in log.what.text()
    assert "Delta Ltd" in log.left_words.text()
    log.take.click()
    assert names(db, Company) == ["Delta Ltd"]
    assert log.model.lines[0].state == "taken_back"
    assert not log.take.isVisible()


def test_without_imports_the_list_says_what_it_is_for_and_leads_back(page: ImportPage) -> None:
    page.imports.click()
    assert page.stack.currentIndex() == LOG
    page.log.closed.emit()
    assert page.stack.currentIndex() == FILE


def test_the_check_is_reached_again_from_the_list(page: ImportPage) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    page.go(COLUMNS)
    page.next()
    page.imports.click()
    assert not page.foot.isVisible()
    page.imports.click()
    assert page.stack.currentIndex() == CHECK
    assert page.foot.isVisible()


def test_a_click_on_the_likeness_says_that_it_is_the_known_one(page: ImportPage, db: Database) -> None:
    team.add_manager(db, "Rachel Dunmore")
    page.session.paste(cells([["Company", "Manager"], ["A", "Emma"], ["B", "Rachel Dunmor"]]))
    page.go(COLUMNS)
    words = page.columns_step.words
    assert [line.text for line in words._shown["manager"]] == ["Rachel Dunmor", "Emma"]
    words.hints["manager", "Rachel Dunmor"].click()
    assert words.combos["manager", "Rachel Dunmor"].currentData() == "Rachel Dunmore"


def test_doubles_inside_the_file_are_filtered_and_name_the_row_they_repeat(page: ImportPage) -> None:
    page.session.paste(cells([HEADS, *PEOPLE, PEOPLE[0]]))
    page.go(COLUMNS)
    page.next()
    assert page.check_step.chips[INSIDE].text() == "Doubles in the file  1"
    page.check_step.filter_by(INSIDE)
    model = page.check_step.model
    assert model.rowCount() == 1
    assert model.what(0).endswith("(row 2)")


def test_a_cell_says_beside_it_what_is_wrong_and_what_it_changes(page: ImportPage, db: Database) -> None:
    clients.create_company(db, name="Delta Ltd", city="Radom")
    page.session.paste(cells([["Company", "City", "E-mail"], ["Delta Ltd", "Warsaw", "ann@delta"]]))
    page.go(COLUMNS)
    page.session.change_request(on_duplicate=OnDuplicate.UPDATE)
    page.next()
    model = page.check_step.model
    city, email = (model.index(0, CELLS + column) for column in (1, 2))
    assert "Radom → Warsaw" in city.data(Qt.ItemDataRole.ToolTipRole)
    assert city.data(Qt.ItemDataRole.BackgroundRole) is not None
    assert "e-mail" in email.data(Qt.ItemDataRole.ToolTipRole)


def test_several_tables_of_a_sheet_are_offered_and_hidden_rows_marked(
    page: ImportPage, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Fair"
    for row in ([*HEADS], *PEOPLE, (), (), ("Company", "E-mail"), ("Partner Ltd", "p@partner.example")):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "fair.xlsx")
    page.open_path(tmp_path / "fair.xlsx")
    step = page.file_step
    assert step.tables.text() == "2 tables on this sheet"
    assert "table from row 7" in step.sheet.itemText(1)
    head = step.grid.model().headerData(2, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)
    assert "hidden" in head
    step.sheet.setCurrentIndex(1)
    step.sheet.activated.emit(1)
    assert page.session.file is not None and page.session.file.count == 1


def test_a_name_spelt_otherwise_in_the_same_file_is_asked(page: ImportPage) -> None:
    rows = [["A", "Rachel Dunmore"], ["B", "Rachel Dunmore"], ["C", "Rachel Dunmor"]]
    page.session.paste(cells([["Company", "Manager"], *rows]))
    page.go(COLUMNS)
    hints = page.columns_step.words.hints
    assert [(key[1], hint.text()) for key, hint in hints.items()] == [
        ("Rachel Dunmor", "is it Rachel Dunmore?")
    ]
    hints["manager", "Rachel Dunmor"].click()
    page.next()
    assert page.session.rows is not None
    assert page.session.rows.plan.new_names("manager") == ["Rachel Dunmore"]


def test_the_result_knows_when_the_import_was_undone_elsewhere(page: ImportPage, db: Database) -> None:
    page.session.paste(cells([HEADS, *PEOPLE]))
    for _ in range(3):
        page.next()
    page.imports.click()
    page.log.take.click()
    page.imports.click()
    assert page.stack.currentIndex() == RESULT
    assert page.result_step.title.text() == "The import is taken back"
    assert not page.result_step.undo.isVisible()
    page._context.hub.changed.emit(history.redo(db))
    assert page.result_step.title.text() == "3 rows are in the base"


def test_a_stage_spelt_otherwise_is_no_stage_of_its_own(page: ImportPage) -> None:
    rows = [
        [f"D{i}", stage] for i, stage in enumerate(["Offer sent", "Offer sent", "Ofer sent", "Deal agreed"])
    ]
    page.session.paste(cells([["Deal", "Stage"], *rows]))
    page.session.set_kind(Kind.DEALS)
    page.go(COLUMNS)
    page.session.change_request(
        create_funnel=True, funnel="Fair", stages=("Offer sent", "Ofer sent", "Deal agreed")
    )
    page.columns_step.words.hints["stage", "Ofer sent"].click()
    page.next()
    assert page.session.rows is not None
    assert page.session.rows.plan.new_names("stage") == ["Offer sent", "Deal agreed"]
    assert counts(page)["created"] == 4


def test_a_split_is_joined_again_in_one_click(page: ImportPage, db: Database) -> None:
    page.session.paste(cells(BOTH))
    enter(page)
    page.session.set_map(0, "name")
    before = [(view.name, view.field, view.state) for view in page.session.columns]
    splits = page.columns_step.splits
    page.session.split(page.session.values.splits[0])  # type: ignore[union-attr]
    assert len(page.session.columns) == 4
    assert "is split" in " ".join(label.text() for label in splits.findChildren(QLabel))
    splits.joins[0].click()
    assert [(view.name, view.field, view.state) for view in page.session.columns] == before
    assert page.session.values is not None and len(page.session.values.splits) == 1
    page.next()
    page.next()
    assert names(db, Company) == [row[0] for row in BOTH[1:]], (page.step, page.foot.said())


def test_a_part_that_was_split_goes_with_the_column_that_is_joined(page: ImportPage) -> None:
    firms = ([f"ООО Завод {n}, Иванов Иван Иванович", "Москва"] for n in "ABC")
    page.session.paste(cells([["Company, contact", "City"], *firms]))
    enter(page)
    page.session.set_map(0, "name")
    assert page.session.values is not None
    page.session.split(page.session.values.splits[0])
    flow = page.session.flow
    assert flow is not None
    inner = next(s for s in flow.splits() if s.what == "full_name")
    page.session.set_map(1, "region")
    page.session.split(inner)
    assert len(page.session.columns) > 4 and len(flow.parted) == 2
    page.session.join(0)
    shown = [(view.name, view.field) for view in page.session.columns]
    assert shown == [("Company, contact", "name"), ("City", "region")]
    assert not page.session.flow.parted  # type: ignore[union-attr]


def test_merged_cells_are_drawn_as_one(page: ImportPage, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    heads = ["Company", "City", "Phone"]
    for row in (["Our list"], heads, ["Delta Ltd", "Warsaw", "1"], ["Omega Inc", None, "2"]):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet.merge_cells("B3:B4")
    book.save(tmp_path / "m.xlsx")
    page.open_path(tmp_path / "m.xlsx")
    grid = page.file_step.grid
    assert (grid.columnSpan(0, 0), grid.rowSpan(2, 1)) == (3, 2)
    page.session.paste(cells(BOTH))
    assert (grid.columnSpan(0, 0), grid.rowSpan(2, 1)) == (1, 1)


def test_sums_in_thousands_are_said_and_a_click_takes_them_as_they_stand(page: ImportPage) -> None:
    page.session.paste(cells([["Deal", "Amount, $k"], ["A", "12.5"], ["B", "300"]]))
    page.go(COLUMNS)
    units = page.columns_step.units
    assert units.isVisible()
    assert [radio.text() for radio in units.radios.values()] == ["12,500", "12.50"]
    assert units.radios[1, Unit.THOUSANDS].isChecked()
    units.radios[1, Unit.ONES].click()
    assert units.radios[1, Unit.ONES].isChecked() and units.isVisible()
    page.next()
    flow = page.session.flow
    assert flow is not None and flow.settings.units == {1: Unit.ONES}
    page.session.paste(cells([["Deal", "Amount"], ["A", "12.5"]]))
    page.go(COLUMNS)
    assert not units.isVisible()


def test_beside_long_names_the_choices_are_whole(qtbot: QtBot, page: ImportPage, db: Database) -> None:
    long = "Rachel Josephine Dunmore-Featherstonehaugh of Nottingham and of Burton & Stather"
    team.add_manager(db, long)
    team.add_manager(db, "Rachel")
    side = page.columns_step.side
    widths = []
    for near in ("Rachell", long[:-2]):
        page.session.paste(
            cells([["Company", "Manager"], ["A", near], *([f"C{i}", f"M{i}"] for i in range(20))])
        )
        page.go(COLUMNS)
        inner = side.widget()
        assert inner is not None
        widths.append(inner.minimumSizeHint().width())
    assert widths[1] <= widths[0]
    hint = page.columns_step.words.hints["manager", long[:-2]]
    words = f"<span>is it {long.replace('&', '&amp;')}?</span>"
    qtbot.waitUntil(lambda: not hint.grab().isNull() and hint.toolTip() == words)
    assert hint.isVisible() and hint.width() < hint.sizeHint().width()
