"""Plans typed and pasted, costs, marks and standards kept, by what a person does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from funneldesk.domain.goals import Measure
from funneldesk.errors import UserError
from funneldesk.services import goals, reporting, team
from funneldesk.ui.goals.block import place, reader
from funneldesk.ui.goals.dialogs import CostDialog, MarkDialog, StandardDialog
from funneldesk.ui.goals.grid import shared
from funneldesk.ui.goals.page import GoalsPage
from funneldesk.ui.goals.records import RecordsPart
from tests.ui.clients.conftest import Desk
from tests.ui.clients.conftest import db as db
from tests.ui.clients.conftest import desk as desk

MONEY, CALLS = Measure.MONEY, Measure.CALLS


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> GoalsPage:
    made = GoalsPage(desk.context)
    desk.context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1280, 690)
    made.show()
    return made


def planned(desk: Desk, measure: Measure = MONEY) -> dict[tuple[int | None, str], int]:
    return {(p.manager_id, p.month[5:]): p.value for p in goals.plans(desk.db) if p.measure == measure}


def pick(page: GoalsPage, *cells: tuple[int, int]) -> None:
    grid = page.plans.grid
    grid.clearSelection()
    for row, column in cells:
        grid.selectionModel().select(grid.plans.index(row, column), QItemSelectionModel.SelectionFlag.Select)


def shown(page: GoalsPage, row: int) -> list[str]:
    grid = page.plans.grid.plans
    return [str(grid.data(grid.index(row, column)) or "") for column in range(13)]


def test_the_grid_has_the_team_and_every_manager(page: GoalsPage) -> None:
    assert [name for _key, name in page.plans.grid.plans.people] == ["Team", "Ann", "Bob"]
    assert "No plans yet" in page.plans.note.text()


def test_a_number_is_typed_and_the_team_shows_the_sum(page: GoalsPage, desk: Desk, qtbot: QtBot) -> None:
    grid = page.plans.grid
    grid.setCurrentIndex(grid.plans.index(1, 2))
    QTest.keyClicks(grid, "1")
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "500.50")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: planned(desk) == {(1, "03"): 150_050})
    assert shown(page, 1)[2] == shown(page, 0)[2] == shown(page, 1)[12] == "1,500.50"
    desk.undo()
    assert planned(desk) == {}
    assert shown(page, 1)[2] == ""


def test_a_block_from_a_spreadsheet_is_one_change(page: GoalsPage, desk: Desk) -> None:
    QGuiApplication.clipboard().setText("1 000\t2 000\r\n3000,5\t-\r\n")
    page.plans.grid.setCurrentIndex(page.plans.grid.plans.index(1, 10))
    page.plans.grid.setFocus()
    QTest.keyClick(page.plans.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert planned(desk) == {(1, "11"): 100_000, (1, "12"): 200_000, (2, "11"): 300_050}
    assert desk.said[-1].startswith("4 plans set")
    desk.undo()
    assert planned(desk) == {}


def test_a_block_with_names_and_a_head_finds_its_rows(page: GoalsPage, desk: Desk) -> None:
    page.plans.put("\tJan\tFeb\nBob\t5\t6\nann\t7\t\nTeam\t20\t30\n", 0, 0)
    assert planned(desk) == {
        (2, "01"): 500,
        (2, "02"): 600,
        (1, "01"): 700,
        (None, "01"): 2000,
        (None, "02"): 3000,
    }
    assert shown(page, 0)[0] == "20"


def test_what_was_copied_whole_can_be_pasted_back(page: GoalsPage, desk: Desk) -> None:
    page.plans.put("10\t20.5\n30", 1, 0)
    page.plans.copy_all()
    before, text = planned(desk), QGuiApplication.clipboard().text()
    page.plans.put("0\t0\n0", 1, 0)
    assert planned(desk) != before
    head, team_row, *rows = text.split("\n")
    page.plans.put("\n".join([head, *rows]), 0, 0)
    assert planned(desk) == before
    assert team_row.startswith("Team\t40\t20.5\t")


@pytest.mark.parametrize("text", ["12\tmany", "-5", "1\t2\n3\t5 or 6"])
def test_a_block_with_a_cell_that_is_no_number_changes_nothing(
    page: GoalsPage, desk: Desk, text: str
) -> None:
    page.plans.put(text, 1, 0)
    assert planned(desk) == {}
    assert "Nothing was changed" in desk.said[-1]


def test_a_stranger_in_the_block_is_named(page: GoalsPage, desk: Desk) -> None:
    page.plans.put("Ann\t5\nZoe\t6", 0, 0)
    assert planned(desk) == {}
    assert "Zoe" in desk.said[-1]


def test_what_lies_beside_the_grid_is_counted(page: GoalsPage, desk: Desk) -> None:
    page.plans.put("1\t2\n3\t4", 2, 11)
    assert planned(desk) == {(2, "12"): 100}
    assert page.plans.note.text().startswith("3 cells lay beside")


def test_one_value_fills_and_delete_clears_the_selection(page: GoalsPage, desk: Desk) -> None:
    page.plans.measure.set_value(CALLS)
    pick(page, *[(row, column) for row in (1, 2) for column in range(4)])
    QGuiApplication.clipboard().setText("40\n")
    page.plans.grid.paste()
    assert len(planned(desk, CALLS)) == 8 and set(planned(desk, CALLS).values()) == {40}
    pick(page, (1, 0), (1, 1))
    QTest.keyClick(page.plans.grid, Qt.Key.Key_Delete)
    assert len(planned(desk, CALLS)) == 6
    desk.undo()
    assert len(planned(desk, CALLS)) == 8


def test_the_first_month_is_given_to_the_right(page: GoalsPage, desk: Desk) -> None:
    page.plans.put("7", 1, 0)
    pick(page, *[(1, column) for column in range(12)])
    page.plans.fill_button.click()
    assert len(planned(desk)) == 12 and set(planned(desk).values()) == {700}


def test_another_year_is_another_grid(page: GoalsPage, desk: Desk) -> None:
    page.plans.put("7", 1, 0)
    page.plans.turn(1)
    assert shown(page, 1)[0] == ""
    page.plans.turn(-1)
    assert shown(page, 1)[0] == "7"


def test_a_manager_who_left_keeps_a_row_where_plans_are(page: GoalsPage, desk: Desk) -> None:
    page.plans.put("7", 2, 0)
    desk.context.tasks.write(lambda db: team.set_active(db, 2, False))
    assert [name for _key, name in page.plans.grid.plans.people] == ["Team", "Ann", "Bob"]
    page.plans.turn(1)
    assert [name for _key, name in page.plans.grid.plans.people] == ["Team", "Ann"]


@pytest.mark.parametrize(
    ("text", "value"), [("1 234", 123_400), ("1 234,5", 123_450), ("€ 12", 1200), ("", None)]
)
def test_money_is_read_as_it_is_written(text: str, value: int | None) -> None:
    assert reader(MONEY, "EUR")(text) == value


@pytest.mark.parametrize("text", ["2.5", "-1", "many", "1e99"])
def test_a_number_of_calls_is_whole(text: str) -> None:
    with pytest.raises(ValueError):
        reader(CALLS, "EUR")(text)


def test_a_lone_word_is_no_name() -> None:
    with pytest.raises(UserError) as error:
        place("Ann", ["Ann"], 12, (0, 0), reader(CALLS, "EUR"))
    assert error.value.code == "plan.cell"


def test_a_cost_is_entered_changed_and_removed(page: GoalsPage, desk: Desk) -> None:
    team.add_source(desk.db, "Exhibition")
    page.show_params(part="costs")
    assert page.stack.currentWidget() is page.costs
    page.costs.reload()
    page.costs.empty.button.click()
    dialog = page.costs.findChild(CostDialog)
    assert dialog is not None
    dialog.accept()
    assert dialog.form._errors["source"].text() == "Fill this in"
    source = next(s.id for s in reporting.choices(desk.db).sources if s.name == "Exhibition")
    dialog.form.set_values({"source": source, "first": "2026-03-10", "last": "2026-03-01", "amount": 50_000})
    dialog.accept()
    assert "Turn them round" in dialog.form._errors["amount"].text()
    dialog.form.set_values({"last": "2026-03-31"})
    dialog.accept()
    assert page.costs.stack.currentIndex() == 1
    assert cell(page.costs, 0) == "Exhibition"
    page.costs.table.setFocus()
    QTest.keyClick(page.costs.table, Qt.Key.Key_Delete)
    assert goals.costs(desk.db) == [] and page.costs.stack.currentIndex() == 0
    desk.undo()
    assert len(goals.costs(desk.db)) == 1


def cell(part: RecordsPart, column: int) -> str:
    item = part.table.item(0, column)
    assert item is not None
    return item.text()


def test_a_change_is_marked(page: GoalsPage, desk: Desk) -> None:
    page.show_part("marks")
    page.marks.empty.button.click()
    dialog = page.marks.findChild(MarkDialog)
    assert dialog is not None
    dialog.form.set_values({"title": "New <b>price</b> list", "day": "2026-02-01"})
    dialog.accept()
    assert [cell(page.marks, c) for c in (1, 2)] == ["New <b>price</b> list", "all"]


@pytest.mark.parametrize(
    ("kind", "limit", "words"),
    [
        ("contact", "7", ("A contact at least every 7 days", "all open deals")),
        ("contact", "1", ("A contact at least every 1 day", "all open deals")),
        ("answer", "1,5", ("An answer within 1.5 hours", "all leads")),
    ],
)
def test_a_standard_is_set(
    page: GoalsPage, desk: Desk, kind: str, limit: str, words: tuple[str, str]
) -> None:
    page.show_part("standards")
    page.standards.empty.button.click()
    dialog = page.standards.findChild(StandardDialog)
    assert dialog is not None
    dialog.form.set_values({"kind": kind, "limit": "0"})
    dialog.accept()
    assert "above 0" in dialog.form._errors["limit"].text()
    dialog.form.set_values({"limit": limit})
    dialog.accept()
    assert tuple(cell(page.standards, c) for c in (0, 1)) == words


def test_a_base_open_for_reading_only_takes_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.context.read_only = True
    page = GoalsPage(desk.context)
    qtbot.addWidget(page)
    page.plans.put("5", 1, 0)
    assert planned(desk) == {}
    assert not page.plans.paste_button.isEnabled() and not page.costs.empty.button.isEnabled()


def cut_off(page: GoalsPage) -> list[int]:
    grid = page.plans.grid
    head = grid.horizontalHeader()
    needs = [max(grid.sizeHintForColumn(c), head.sectionSizeHint(c)) for c in range(13)]
    return [column for column in range(13) if grid.columnWidth(column) < needs[column]]


def test_the_sums_of_the_team_are_never_cut_off(page: GoalsPage, desk: Desk) -> None:
    page.plans.put("\t".join(["999999999"] * 12) + "\n" + "\t".join(["888888888"] * 12), 1, 0)
    assert len(planned(desk)) == 24
    assert cut_off(page) == []
    page.plans.measure.set_value(CALLS)
    assert cut_off(page) == []
    page.resize(700, 500)
    assert cut_off(page) == []


def test_columns_are_measured_when_figures_or_the_font_change_not_with_the_room(
    page: GoalsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    grid, asked = page.plans.grid, list[int]()
    hint = grid.sizeHintForColumn

    def counted(column: int) -> int:
        asked.append(column)
        return hint(column)

    monkeypatch.setattr(grid, "sizeHintForColumn", counted)
    before = grid.columnWidth(0)
    page.resize(page.width() + 260, 690)
    QTest.qWait(0)
    assert grid.columnWidth(0) > before
    assert asked == []
    page.plans.put("\t".join(["999999999"] * 12), 1, 0)
    assert set(asked) == set(range(13))
    asked.clear()
    font = grid.font()
    font.setPointSizeF(font.pointSizeF() + 6)
    grid.setFont(font)
    assert set(asked) == set(range(13))
    assert cut_off(page) == []


def test_columns_fill_the_room_there_is() -> None:
    assert shared([50, 50, 50], 240) == [80, 80, 80]
    assert shared([50, 100, 50], 241) == [70, 100, 71]
    assert shared([50, 100, 60], 100) == [50, 100, 60]
