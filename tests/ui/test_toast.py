"""The toast stands where it covers nothing that a person presses."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from funneldesk.ui.widgets.scroll import ScrollArea
from funneldesk.ui.widgets.toast import STAYS_MS, Toast


class Room(QWidget):
    """A window with a page that has a foot, and one that has none."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = QStackedWidget()
        self.bare, self.page = QWidget(), QWidget()
        self.stack.addWidget(self.bare)
        self.stack.addWidget(self.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 26)  # the status bar
        column.addWidget(self.stack)
        self.down = QVBoxLayout(self.page)
        self.down.addStretch(1)
        self.toast = Toast(self, "Undo")
        self.resize(1000, 600)

    def foot(self, *widgets: QWidget) -> None:
        row = QHBoxLayout()
        for widget in widgets:
            row.addWidget(widget)
        self.down.addLayout(row)

    def under_toast(self, *widgets: QWidget) -> list[QWidget]:
        corners = [(each, each.mapTo(self, each.rect().topLeft())) for each in widgets]
        spot = self.toast.geometry()
        return [each for each, corner in corners if spot.intersects(QRect(corner, each.size()))]


@pytest.fixture
def room(qtbot: QtBot) -> Room:
    made = Room()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def wide(words: str) -> QPushButton:
    button = QPushButton(words)
    button.setMinimumWidth(300)
    return button


def test_it_stands_at_the_foot_in_the_middle_where_nothing_is_pressed(room: Room) -> None:
    room.toast.show_text("Saved", print)
    spot = room.toast.geometry()
    assert abs(spot.center().x() - 500) <= 1
    assert 590 <= spot.bottom() < 600


def test_it_stands_above_the_buttons_of_a_page(room: Room, qtbot: QtBot) -> None:
    buttons = [wide("Back"), wide("Later"), wide("Next")]
    room.foot(*buttons)
    room.stack.setCurrentWidget(room.page)
    qtbot.waitUntil(lambda: buttons[1].y() > 500)
    room.toast.show_text("14 reminders are waiting", print, action_text="Show")
    assert room.under_toast(*buttons) == []
    assert room.toast.geometry().top() >= 400
    assert abs(room.toast.geometry().center().x() - 500) <= 1


def test_it_leaves_the_place_of_buttons_that_come_later(room: Room, qtbot: QtBot) -> None:
    button, field = wide("Next"), QLineEdit()
    room.foot(field, button)
    room.toast.show_text("14 reminders are waiting", print, action_text="Show")
    assert room.toast.geometry().bottom() >= 590
    room.stack.setCurrentWidget(room.page)
    qtbot.waitUntil(lambda: button.y() > 500)
    assert room.under_toast(button, field) != []
    qtbot.waitUntil(lambda: room.under_toast(button, field) == [], timeout=STAYS_MS)
    assert room.toast.isVisible()


def test_it_moves_aside_of_a_column_of_fields(room: Room, qtbot: QtBot) -> None:
    column = QWidget(room.page)
    column.setGeometry(300, 0, 400, 600)
    fields = [QLineEdit(column) for _each in range(30)]
    for place, field in enumerate(fields):
        field.setGeometry(0, place * 20, 400, 18)
    room.stack.setCurrentWidget(room.page)
    qtbot.waitUntil(lambda: fields[0].isVisible())
    room.toast.show_text("Saved")
    assert room.under_toast(*fields) == []
    assert room.toast.geometry().bottom() >= 590


def test_what_is_scrolled_out_of_sight_is_nothing_to_make_room_for(room: Room, qtbot: QtBot) -> None:
    inner = QWidget()
    inside = QVBoxLayout(inner)
    inside.addSpacing(900)
    button = wide("Remove")
    inside.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
    area = ScrollArea(inner)
    area.setFixedHeight(500)
    down = QVBoxLayout(room.bare)
    down.addWidget(area)
    down.addStretch(1)
    qtbot.waitUntil(lambda: button.mapTo(room, button.rect().topLeft()).y() > 600)
    room.toast.show_text("Saved")
    assert room.toast.geometry().bottom() >= 590


def test_where_everything_is_pressed_it_stands_at_the_foot_nevertheless(room: Room, qtbot: QtBot) -> None:
    whole = QPushButton("All of it", room.bare)
    whole.setGeometry(0, 0, 1000, 600)
    whole.show()
    room.toast.show_text("Saved")
    assert room.toast.geometry().bottom() >= 590
    assert room.rect().contains(room.toast.geometry())
