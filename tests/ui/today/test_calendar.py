"""The calendar as a person uses it: dragged, stretched, drawn, and driven by keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.services import activities, bases, clients, history
from funneldesk.services.activities import About
from funneldesk.store.database import Database
from funneldesk.ui.today.calendar_model import Slot, items_of, month_start, next_month, week_of
from funneldesk.ui.today.calendar_page import CalendarView
from funneldesk.ui.today.page import TodayPage
from tests.ui.shell_kit import make_context

WARSAW = ZoneInfo("Europe/Warsaw")
MEETING = ActivityKind.MEETING


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general", zone="Europe/Warsaw") as made:
        clients.create_company(made, name="Delta & Sons <b>")
        yield made


def today() -> date:
    return clock.local_date(clock.now(), WARSAW)


def at(day: date, hour: int, minute: int = 0) -> dict[str, Any]:
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=WARSAW)
    return {
        "due_at": clock.to_micros(local),
        "due_local": f"{day}T{hour:02}:{minute:02}",
        "due_zone": WARSAW.key,
    }


def rows(db: Database) -> list[tuple[Any, ...]]:
    with db.read() as conn:
        sql = "SELECT due_local, all_day, minutes, subject FROM activities ORDER BY id"
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def open_calendar(qtbot: QtBot, db: Database, span: str) -> tuple[TodayPage, CalendarView]:
    context = make_context(db)
    page = TodayPage(context)
    context.hub.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    page.activated()
    page.show_view(span)
    view = page.calendar()
    assert view is not None
    return page, view


def drag(widget: Any, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    middle = QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2)
    for spot in (middle, end):
        _move(widget, spot)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)


def _move(widget: Any, spot: QPoint) -> None:
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    where = QPointF(widget.mapToGlobal(spot))
    QApplication.sendEvent(
        widget, QMouseEvent(QEvent.Type.MouseMove, QPointF(spot), where, Qt.MouseButton.NoButton, left, none)
    )


def test_a_meeting_is_dragged_to_another_day_and_time_in_the_week(qtbot: QtBot, db: Database) -> None:
    monday = week_of(today())
    activities.plan(db, MEETING, About(company_id=1), text="Show", minutes=60, **at(monday, 10))
    _page, view = open_calendar(qtbot, db, "week")
    grid = view.week
    start = grid.rect_of(grid.items[0]).center()
    by = QPoint(2 * grid.day_width(), 3 * grid.hour // 2)
    drag(grid, start, start + by)
    wednesday = monday + timedelta(days=2)
    assert rows(db) == [(f"{wednesday}T11:30", 0, 60, "Show")]
    assert grid.items[0].start == 11 * 60 + 30
    history.undo(db)
    assert rows(db)[0][0] == f"{monday}T10:00"


def test_the_lower_edge_makes_it_longer_and_the_strip_above_the_whole_day(qtbot: QtBot, db: Database) -> None:
    monday = week_of(today())
    activities.plan(db, MEETING, About(company_id=1), text="Show", minutes=60, **at(monday, 10))
    _page, view = open_calendar(qtbot, db, "week")
    grid = view.week
    rect = grid.rect_of(grid.items[0])
    foot = QPoint(rect.center().x(), rect.bottom() - 1)
    drag(grid, foot, foot + QPoint(0, grid.hour))
    assert rows(db) == [(f"{monday}T10:00", 0, 120, "Show")]
    start = grid.rect_of(grid.items[0]).center()
    drag(grid, start, QPoint(start.x(), grid.head + 8))
    assert rows(db)[0][:2] == (str(monday), 1)


def test_drawing_over_free_time_plans_a_meeting_with_a_client(qtbot: QtBot, db: Database) -> None:
    _page, view = open_calendar(qtbot, db, "week")
    grid = view.week
    monday = week_of(today())
    spot = QPoint(grid.left + 30, grid.y_of(9 * 60) + 2)
    drag(grid, spot, spot + QPoint(0, 2 * grid.hour))
    dialog = view.dialog
    assert dialog is not None
    QTest.keyClicks(dialog.client, "Delta")
    dialog._look_up("Delta")
    dialog.client.setText("Delta & Sons <b>")
    QTest.keyClicks(dialog.text, "Offer")
    QTest.keyClick(dialog.text, Qt.Key.Key_Return)
    assert rows(db) == [(f"{monday}T09:00", 0, 120, "Offer")]
    assert grid.items[0].line.client == "Delta & Sons <b>"


def test_everything_in_the_week_goes_by_keys(qtbot: QtBot, db: Database) -> None:
    monday = week_of(today())
    activities.plan(db, MEETING, About(company_id=1), text="Show", minutes=30, **at(monday, 10))
    _page, view = open_calendar(qtbot, db, "week")
    grid = view.week
    grid.choose(grid.items[0])
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(grid, Qt.Key.Key_Right, control)
    QTest.keyClick(grid, Qt.Key.Key_Down, control)
    QTest.keyClick(grid, Qt.Key.Key_Down, control | Qt.KeyboardModifier.ShiftModifier)
    assert rows(db) == [(f"{monday + timedelta(days=1)}T10:15", 0, 45, "Show")]
    assert "Delta & Sons <b>" in grid.accessibleDescription()
    QTest.keyClick(grid, Qt.Key.Key_Space)
    with db.read() as conn:
        assert conn.exec_driver_sql("SELECT done_at FROM activities").scalar() is not None
    words = view.words.text()
    QTest.keyClick(grid, Qt.Key.Key_PageDown)
    assert view.words.text() != words


def test_in_the_month_a_drag_keeps_the_time_and_changes_the_day(qtbot: QtBot, db: Database) -> None:
    middle = today().replace(day=15)
    activities.plan(db, MEETING, About(company_id=1), text="Show", **at(middle, 14, 15))
    _page, view = open_calendar(qtbot, db, "month")
    grid = view.month
    start = grid.rect_of(grid.items[0]).center()
    target = middle + timedelta(days=1)
    drag(grid, start, grid.cell(target).center())
    assert rows(db)[0][0] == f"{target}T14:15"
    grid.choose(grid.items[0])
    QTest.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert rows(db)[0][0] == f"{target + timedelta(days=7)}T14:15"


def test_a_crowded_day_says_how_many_more_there_are_and_opens_its_week(qtbot: QtBot, db: Database) -> None:
    day = today().replace(day=15)
    for hour in range(8, 20):
        activities.plan(db, MEETING, About(company_id=1), **at(day, hour))
    _page, view = open_calendar(qtbot, db, "month")
    grid = view.month
    shown = [item for item in grid.items if not grid.rect_of(item).isEmpty()]
    assert len(shown) == grid.room() - 1
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid._more_rect(day).center())
    assert view.grid() is view.week
    assert view.week.first == week_of(day)


def test_what_is_planned_is_written_for_other_calendars(qtbot: QtBot, db: Database, tmp_path: Path) -> None:
    activities.plan(db, MEETING, About(company_id=1), text="Show", **at(today(), 10))
    activities.plan(db, ActivityKind.TASK, About(company_id=1), text="Send it", due_at=clock.now())
    _page, view = open_calendar(qtbot, db, "week")
    view.write_ics(tmp_path / "mine")
    text = (tmp_path / "mine.ics").read_text(encoding="utf-8")
    assert [text.count(f"BEGIN:{part}") for part in ("VEVENT", "VTODO")] == [1, 1]
    assert "SUMMARY:Meeting: Delta & Sons <b> · Show" in text


def test_the_calendar_paints_in_the_dark_and_with_what_is_late_or_done(qtbot: QtBot, db: Database) -> None:
    done = activities.plan(db, MEETING, About(company_id=1), **at(today(), 0)).new_id("activity")
    activities.complete(db, done)
    activities.plan(db, MEETING, About(company_id=1), **at(today(), 0))
    _page, view = open_calendar(qtbot, db, "week")
    assert [view.week.colours(item)[0] for item in view.week.items] == ["neutral", "danger"]
    assert not view.week.grab().isNull()


SPANS = st.lists(st.tuples(st.integers(0, 1425), st.integers(1, 600)), max_size=12)


@given(SPANS)
def test_items_that_overlap_never_share_a_lane(spans: list[tuple[int, int]]) -> None:
    midnight = clock.start_of_day(date(2026, 6, 1), WARSAW)
    lines = [
        SimpleNamespace(due_at=midnight + start * 60_000_000, all_day=False, minutes=minutes)
        for start, minutes in spans
    ]
    items = items_of(lines, WARSAW)  # type: ignore[arg-type]
    assert len(items) == len(spans)
    for number, one in enumerate(items):
        assert 0 <= one.lane < one.lanes
        for other in items[number + 1 :]:
            if one.start < other.end and other.start < one.end:
                assert one.lane != other.lane
                assert one.lanes == other.lanes


def test_months_turn_over_the_end_of_the_year_and_begin_on_a_monday() -> None:
    assert next_month(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert month_start(date(2026, 2, 14)) == date(2026, 1, 26)
    assert Slot(date(2026, 1, 1), 1430, 30).moved(0, 60).start == 1425
