from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.clock import DAY
from funneldesk.services import activities, bases, deals, funnels
from funneldesk.services.activities import About
from funneldesk.store.database import Database
from funneldesk.ui.today.page import TodayPage
from tests.ui.shell_kit import make_context

HOUR = DAY // 24


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general", zone="Europe/Warsaw") as made:
        yield made


def add_deal(db: Database, title: str) -> int:
    view = funnels.views(db)[0]
    change = deals.create(
        db, deals.NewDeal(title=title), funnel_id=view.funnel.id, stage_id=view.stages[0].id
    )
    return change.new_id("deal")


def test_the_day_parts_what_is_late_what_is_due_and_what_has_no_step(qtbot: QtBot, db: Database) -> None:
    late, bare = add_deal(db, "Late <b>deal</b>"), add_deal(db, "Bare deal")
    activities.plan(db, ActivityKind.CALL, About(deal_id=late), text="Ask", due_at=clock.now() - 2 * DAY)
    activities.plan(db, ActivityKind.CALL, About(deal_id=late), text="Far", due_at=clock.now() + 3 * DAY)
    page = TodayPage(make_context(db))
    qtbot.addWidget(page)
    page.show()
    page.activated()
    assert [part.count.text() for part in (page.overdue, page.today, page.missing)] == ["1", "0", "1"]
    opened: list[tuple[str, int]] = []
    page.open_card.connect(lambda kind, record_id: opened.append((kind, record_id)))
    QTest.mouseClick(page.missing.rows[0], Qt.MouseButton.LeftButton)
    QTest.keyClick(page.overdue.rows[0], Qt.Key.Key_Return)
    assert opened == [("deal", bare), ("deal", late)]


def test_the_tick_marks_the_activity_as_done(qtbot: QtBot, db: Database) -> None:
    deal = add_deal(db, "Deal")
    activities.plan(db, ActivityKind.CALL, About(deal_id=deal), text="Ask", due_at=clock.now() - HOUR * 30)
    context = make_context(db)
    said: list[str] = []
    context.toast = lambda text, undo=None, **_more: said.append(text)
    page = TodayPage(context)
    context.hub.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.activated()
    line_done = page.overdue.rows[0].across.itemAt(3)
    assert line_done is not None
    button = line_done.widget()
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert page.overdue.count.text() == "0"
    assert page.missing.count.text() == "1"
    assert said
