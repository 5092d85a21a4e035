from __future__ import annotations

from pytestqt.qtbot import QtBot

from funneldesk.ui.transfer.page import TransferPage
from tests.ui.clients.conftest import Desk


def cell(page: TransferPage, row: int, column: int) -> str:
    item = page.table.item(row, column)
    assert item is not None
    return item.text()


def test_a_portfolio_is_given_after_its_size_is_shown(desk: Desk, qtbot: QtBot) -> None:
    page = TransferPage(desk.context)
    desk.context.hub.changed.connect(page.refresh)
    qtbot.addWidget(page)
    assert [cell(page, row, 0) for row in range(page.table.rowCount())] == [
        "Ann",
        "Bob",
        "Nobody",
    ]
    assert [cell(page, 0, column) for column in range(7)] == [
        "Ann", "1", "0", "1", "€1,000", "0", "0",
    ]  # fmt: skip
    page.table.setCurrentCell(0, 0)
    page.preview()
    assert page.summary.text() == "1 client, 1 deal. Choose who receives it."
    assert not page.button.isEnabled()
    page.takers.set_chosen([2])
    page.preview()
    assert page.summary.text() == "1 client, 1 deal"
    page.boxes["deals"].setChecked(False)
    page.chips["city"].set_chosen([1 + page._cities.index("Łódź")])
    page.preview()
    assert page.summary.text() == "Nothing fits these conditions."
    page.chips["city"].clear()
    page.boxes["deals"].setChecked(True)
    page.transfer()
    assert desk.said[-1] == "2 records of Ann given to Bob"
    assert cell(page, 0, 1) == "0"
    desk.undo()
    assert cell(page, 0, 1) == "1"
