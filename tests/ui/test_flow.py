"""Heads of pages: in one line where it fits, and a search field gives way before a line is added."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from funneldesk.ui.widgets.flow import HeadRow


def box(wide: int) -> QWidget:
    made = QWidget()
    made.setFixedSize(wide, 20)
    return made


@pytest.mark.parametrize(
    ("width", "lines", "search"),
    [
        (900, [0, 0, 0, 0, 0], 200),  # all of it
        (600, [0, 0, 0, 0, 0], 160),  # narrower, and all stays in one line
        (500, [0, 0, 1, 1, 1], 200),
        (380, [0, 0, 1, 1, 1], 160),  # narrower, and the second part stays in one
        (250, [0, 0, 1, 2, 2], 200),
    ],
)
def test_a_search_field_gives_way_before_a_line_is_added(
    qtbot: QtBot, width: int, lines: list[int], search: int
) -> None:
    left, field, right = [box(100), box(100)], QWidget(), [box(100), box(100)]
    field.setFixedHeight(20)
    row = HeadRow(left, [field, *right], 10, search=field, least=100, most=200)
    qtbot.addWidget(row)
    row.resize(width, 100)
    row.show()
    qtbot.waitUntil(lambda: [w.y() // 30 for w in (*left, field, *right)] == lines)
    assert field.width() == search
    if lines[-1] == 0:  # at the right edge
        assert right[-1].x() + right[-1].width() == width
