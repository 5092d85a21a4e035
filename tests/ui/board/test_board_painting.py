"""How much of the board is painted when it is scrolled."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from funneldesk.domain.change import Label
from funneldesk.services import deals
from funneldesk.services.deals import NewDeal
from tests.ui.board.board_kit import Bench


class Painted(QObject):
    """Notes what of a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.areas: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(event.rect())
        return False


def test_a_step_of_scrolling_paints_only_what_comes_into_sight(board: Bench, qtbot: QtBot) -> None:
    with board.db.transaction(Label("deal.created")) as tx:
        for n in range(30):
            deals.add_deal(tx, NewDeal(f"Racks {n}", amount=n), funnel_id=1, stage_id=1)
    board.page.refresh(None)
    view = board.view(1)
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 600)
    view.verticalScrollBar().setValue(100)  # the first step shows the bar
    QApplication.processEvents()
    painted = Painted(view.viewport())
    view.verticalScrollBar().setValue(124)
    QApplication.processEvents()
    assert [area.height() for area in painted.areas] == [24]
    # what was copied and what was painted make the same picture as painting all of it
    where = QRect(view.viewport().mapTo(board.page, QPoint()), view.viewport().size())
    seen = board.page.screen().grabWindow(board.page.winId()).toImage().copy(where)
    assert seen == view.viewport().grab().toImage().convertToFormat(seen.format())
