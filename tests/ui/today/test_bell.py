"""Reminders: the list is the truth, the number on the bell and the toasts point to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.services import activities, bases, deals, history, repeats
from funneldesk.services.activities import About
from funneldesk.store.database import Database
from funneldesk.ui.main_window import MainWindow
from funneldesk.ui.today.bell import Bell
from tests.ui.shell_kit import make_context, make_window

CALL = ActivityKind.CALL
HOUR = clock.DAY // 24


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general", zone="Europe/Warsaw") as made:
        deals.create(made, deals.NewDeal("Racks <b>"), funnel_id=1)
        yield made


def open_window(qtbot: QtBot, db: Database) -> tuple[MainWindow, Bell, list[Any]]:
    context = make_context(db)
    window = make_window(context)
    qtbot.addWidget(window)
    window.show()
    bell = window.findChild(Bell)
    assert bell is not None
    told: list[Any] = []
    window.show_toast = lambda text, undo=None, **_more: told.append(text)  # type: ignore[method-assign]
    return window, bell, told


def call(db: Database, due: int, text: str = "Ask") -> int:
    return activities.plan(db, CALL, About(deal_id=1), text=text, due_at=due).new_id("activity")


def test_at_the_start_it_tells_what_was_missed_and_later_only_what_is_new(qtbot: QtBot, db: Database) -> None:
    call(db, clock.now() - HOUR)
    call(db, clock.now() - 2 * HOUR)
    window, bell, told = open_window(qtbot, db)
    bell.watch.look()
    assert told == ["2 reminders are waiting"]
    bell.watch.look()
    assert len(told) == 1, "what is known is not told again"
    window.context.tasks.write(
        lambda base: activities.plan(base, CALL, About(deal_id=1), text="New", due_at=0)
    )
    assert told[1:] == ["Call: New"]
    assert bell.accessibleName() == "3 reminders"


def test_a_reminder_is_done_or_put_off_in_the_list_itself(qtbot: QtBot, db: Database) -> None:
    call(db, clock.now() - HOUR, "First <b>")
    call(db, clock.now() - 2 * HOUR, "Second")
    _window, bell, _told = open_window(qtbot, db)
    bell.watch.look()
    bell.show_list()
    popup = bell.popup
    assert popup is not None
    assert [row.accessibleName() for row in popup.rows] == ["Call: First <b>", "Call: Second"]
    tick = next(b for b in popup.rows[0].children() if getattr(b, "accessibleName", str)() == "Done")
    assert isinstance(tick, QWidget)
    QTest.mouseClick(tick, Qt.MouseButton.LeftButton)
    assert [row.accessibleName() for row in popup.rows] == ["Call: Second"]
    QTest.mouseClick(popup.all_later, Qt.MouseButton.LeftButton)
    assert popup.rows == []
    assert bell.lines == ()
    with db.read() as conn:
        until, due = conn.exec_driver_sql("SELECT remind_at, due_at FROM activities WHERE id = 2").one()
    assert until - clock.now() > 59 * 60 * clock.SECOND
    assert due < clock.now(), "it stays overdue; only the reminder waits"
    popup.close()


def test_the_keys_open_the_list(qtbot: QtBot, db: Database) -> None:
    window, bell, _told = open_window(qtbot, db)
    window.actions_.get("reminders").trigger()
    assert bell.popup is not None
    bell.popup.close()


def test_a_repeat_whose_day_has_come_becomes_a_deal_at_the_start(qtbot: QtBot, db: Database) -> None:
    repeats.plan(db, [1], date(2020, 1, 1))
    _window, bell, _told = open_window(qtbot, db)
    for _again in range(2):
        bell.watch.look()
    with db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM deals").scalar() == 2
    history.undo(db)
    bell.watch.look()
    with db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM deals").scalar() == 1, "not twice on one day"


def test_what_was_said_on_the_phone_is_written_down_from_any_screen(qtbot: QtBot, db: Database) -> None:
    window, bell, told = open_window(qtbot, db)
    window.show_page("clients")
    window.actions_.get("after-call").trigger()
    assert told == ["Choose a client, a deal or a lead first."]
    window.open_card("deal", 1)
    window.actions_.get("after-call").trigger()
    dialog = bell.doing.dialog
    assert dialog is not None
    QTest.keyClicks(dialog.result_line, "They agree")
    QTest.keyClick(dialog.result_line, Qt.Key.Key_Return)
    with db.read() as conn:
        row = conn.exec_driver_sql("SELECT kind, result, deal_id, done_at FROM activities").one()
    assert tuple(row[:3]) == ("call", "They agree", 1)
    assert row[3]
