"""Every control of every screen and card has a name for screen readers, is reached by Tab, and F1 helps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.services import bases, demo
from funneldesk.store.database import Database
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.help import HelpPage
from funneldesk.ui.main_window import MainWindow, complete_window
from funneldesk.ui.page import Page
from funneldesk.ui.screens import make_screens
from funneldesk.ui.today.calendar_model import Slot
from funneldesk.ui.today.page import TodayPage
from funneldesk.ui.today.plan_dialog import PlanDialog
from funneldesk.ui.wiring import shell_services
from tests.ui.names_kit import nameless, unreachable
from tests.ui.shell_kit import Called, make_context


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "names.funneldesk", language="en") as made:
        demo.make_sample(made, deals=40, language="en")
        yield made


@pytest.fixture
def window(qtbot: QtBot, db: Database) -> MainWindow:
    context = make_context(db)
    context.me = 1
    made = complete_window(context, make_screens(), shell_services(), Called().commands())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    return made


def test_every_control_of_every_screen_has_a_name(window: MainWindow) -> None:
    silent = {}
    for key in window.screens.pages:
        window.show_page(key)
        silent[key] = nameless(window)
    assert {key: names for key, names in silent.items() if names} == {}


def test_every_control_of_every_screen_and_card_is_reached_by_tab(window: MainWindow) -> None:
    passed_over = {}
    for key in window.screens.pages:
        window.show_page(key)
        page = window.current_page()
        assert page is not None
        passed_over[key] = unreachable(page)
    for kind in window.screens.cards:
        window.open_card(kind, 1)
        passed_over[kind] = unreachable(window.body.panel)
    assert {key: names for key, names in passed_over.items() if names} == {}


def test_f1_opens_the_page_of_the_screen_in_front(window: MainWindow) -> None:
    window.activateWindow()
    led = {}
    for key in window.screens.pages:
        window.show_page(key)
        page = window.current_page()
        assert isinstance(page, Page)
        wanted = page.help_page or key
        if key == "help":
            continue
        QTest.keyClick(window, Qt.Key.Key_F1)
        help_page = window.current_page()
        assert isinstance(help_page, HelpPage), key
        led[key] = (help_page.list.currentItem().data(256), wanted)
    assert {key: topics for key, topics in led.items() if topics[0] != topics[1]} == {}


def test_every_control_of_every_card_has_a_name(window: MainWindow) -> None:
    silent = {}
    for kind in window.screens.cards:
        window.open_card(kind, 1)
        silent[kind] = nameless(window.body.panel)
    assert {key: names for key, names in silent.items() if names} == {}


def test_every_control_of_the_dialogs_of_the_day_has_a_name(window: MainWindow) -> None:
    window.show_page("board")
    board = window.current_page()
    assert isinstance(board, BoardPage)
    board.quick_add()
    assert nameless(board) == []
    board.past.begin()
    assert nameless(board) == []
    board.past.show_day("")
    board.edit(next(card.id for column in board.area.columns for card in column.model.cards()))
    assert board.editor is not None and nameless(board.editor) == []
    board.editor.close()
    window.show_page("today")
    today = window.current_page()
    assert isinstance(today, TodayPage)
    today.doing.result_of("deal", 1)
    assert today.doing.dialog is not None and nameless(today.doing.dialog) == []
    today.doing.dialog.close()
    plan = PlanDialog(window.context, Slot(date(2026, 6, 1), 540), today)
    plan.show()
    assert nameless(plan) == []
    plan.close()
