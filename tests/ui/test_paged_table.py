from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from funneldesk.settings import Settings
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import LIGHT
from funneldesk.ui.widgets.paged_model import PAGE, PagedModel, TableColumn
from funneldesk.ui.widgets.paged_table import PagedTable

COLUMNS = (
    TableColumn("name", "Name", 200),
    TableColumn("sum", "Sum", numeric=True),
    TableColumn("town", "Town", shown=False),
)
BASE: Any = object()


class Fetched:
    """Makes rows and notes which were asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.word = "Client"

    def __call__(self, _db: Any, ids: Sequence[int]) -> Mapping[int, Mapping[str, str]]:
        self.asked.append(len(ids))
        return {i: {"name": f"{self.word} <{i}>", "sum": f"{i}\u00a0000", "town": "a\tb"} for i in ids}


@pytest.fixture
def fetched() -> Fetched:
    return Fetched()


@pytest.fixture
def model(qtbot: QtBot, fetched: Fetched) -> PagedModel:
    made = PagedModel(TaskRunner(BASE, synchronous=True), LIGHT, COLUMNS, fetched)
    made.set_ids(range(1, 100_001))
    return made


@pytest.fixture
def table(qtbot: QtBot, model: PagedModel) -> PagedTable:
    made = PagedTable("clients", model, Settings(), TaskRunner(BASE, synchronous=True), LIGHT)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester, fetched: Fetched, qtbot: QtBot) -> None:
    model = PagedModel(TaskRunner(BASE, synchronous=True), LIGHT, COLUMNS, fetched)
    model.set_ids(range(1, 30))
    qtmodeltester.check(model)


def test_only_the_pages_that_are_seen_are_fetched(table: PagedTable, fetched: Fetched) -> None:
    table.grab()
    assert fetched.asked == [PAGE]
    table.scrollToBottom()
    table.grab()
    assert len(fetched.asked) <= 3


def test_a_change_fetches_again_only_the_page_it_touches(
    table: PagedTable, model: PagedModel, fetched: Fetched
) -> None:
    table.grab()
    fetched.asked.clear()
    model.refresh([99_999])
    assert fetched.asked == []
    fetched.word = "New"
    model.refresh([5])
    assert model.index(4, 0).data() == "New <5>"


def test_rows_are_copied_as_text_and_as_html(table: PagedTable) -> None:
    table.set_column_shown("town", True)
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "Name\tSum\tTown\nClient <2>\t2\u00a0000\ta b"
    assert "<td>Client &lt;2&gt;</td>" in mime.html()


def test_a_click_on_a_head_asks_for_sorting_and_the_second_turns_it_round(table: PagedTable) -> None:
    wished: list[tuple[str, bool]] = []
    table.sort_wished.connect(lambda key, down: wished.append((key, down)))
    table.horizontalHeader().sectionClicked.emit(1)
    table.horizontalHeader().sectionClicked.emit(1)
    assert wished == [("sum", False), ("sum", True)]


def test_chosen_columns_are_remembered(qtbot: QtBot, model: PagedModel) -> None:
    settings = Settings()
    tasks = TaskRunner(BASE, synchronous=True)
    first = PagedTable("clients", model, settings, tasks, LIGHT)
    qtbot.addWidget(first)
    first.set_column_shown("town", True)
    first.set_column_shown("sum", False)
    second = PagedTable("clients", model, settings, tasks, LIGHT)
    qtbot.addWidget(second)
    assert [column.key for column in second.shown_columns()] == ["name", "town"]


def test_enter_opens_and_selecting_tells_the_ids(table: PagedTable) -> None:
    opened: list[int] = []
    chosen: list[list[int]] = []
    table.opened.connect(opened.append)
    table.ids_selected.connect(chosen.append)
    table.selectRow(2)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [3]
    assert chosen[-1] == [3]
    table.selectAll()
    assert len(table.selected_ids()) == 100_000


def test_rows_have_one_height_whatever_the_number(table: PagedTable) -> None:
    assert {table.rowHeight(row) for row in (0, 500, 99_999)} == {28}
