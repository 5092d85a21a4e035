"""A board over a small base, its work done at once, with real drag events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from funneldesk.domain.change import Change
from funneldesk.services import history
from funneldesk.settings import Settings
from funneldesk.store.database import Database
from funneldesk.ui.board.deal_dialogs import WonDialog
from funneldesk.ui.board.model import mime_of
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.context import AppContext
from funneldesk.ui.hub import Hub
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import LIGHT

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@dataclass
class Bench:
    """The page, the base, and what a person sees and does."""

    db: Database
    page: BoardPage
    toasts: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def ids(self, stage_id: int) -> list[int]:
        """The deals a column shows, from the top."""
        column = self.page.area.column_of(stage_id)
        assert column is not None
        return [card.id for card in column.model.cards()]

    def view(self, stage_id: int) -> Any:
        """The list view of a stage."""
        column = self.page.area.column_of(stage_id)
        assert column is not None
        return column.list

    def select(self, *deal_ids: int) -> None:
        """Select deals and put the focus on them."""
        assert self.page.area.select(list(deal_ids), focus=True)

    def spot(self, stage_id: int, row: int) -> QPoint:
        """A point just above the card in a row, in the viewport of a column."""
        view = self.view(stage_id)
        return QPoint(view.viewport().width() // 2, row * view.row_height() + 2 - view.verticalOffset())

    def drop(self, target: QWidget, where: QPoint, deal_ids: list[int]) -> bool:
        """Send the events of a drag that ends on a widget."""
        return send_drop(target, where, mime_of(deal_ids))

    def drop_on_stage(self, stage_id: int, row: int, deal_ids: list[int]) -> bool:
        """Drop deals above a row of a column."""
        return self.drop(self.view(stage_id).viewport(), self.spot(stage_id, row), deal_ids)

    def row(self, deal_id: int) -> dict[str, Any]:
        """The deal as it is in the base."""
        with self.db.read() as conn:
            found = conn.exec_driver_sql(f"SELECT * FROM deals WHERE id = {deal_id}").mappings().one_or_none()
        return dict(found) if found else {}

    def undo(self) -> None:
        """Take back the last change as the window does."""
        self.page.context.undo()


def send_drop(target: QWidget, where: QPoint, data: QMimeData) -> bool:
    """Enter, move and drop, as the platform sends them; whether the drop was taken."""
    spot, move = QPointF(where), Qt.DropAction.MoveAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where, move, data, left, none)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(target, QDragMoveEvent(where, move, data, left, none))
    drop = QDropEvent(spot, move, data, left, none)
    QApplication.sendEvent(target, drop)
    return drop.isAccepted()


def open_board(
    db: Database, qtbot: QtBot, *, synchronous: bool = True, settings: Settings | None = None, **more: Any
) -> Bench:
    """A board page on a base as the window would hold it."""
    tasks, hub = TaskRunner(db, synchronous=synchronous), Hub()
    info = db.info()
    context = AppContext(
        tasks=tasks,
        hub=hub,
        settings=settings or Settings(),
        theme=LIGHT,
        zone=info.zone,
        currency=info.currency,
        **more,
    )
    bench = Bench(db, BoardPage(context))
    context.toast = lambda text, undo=None, **_more: bench.toasts.append(text)
    context.undo = lambda: tasks.write(history.undo)
    hub.changed.connect(bench.page.refresh)
    hub.changed.connect(lambda change: bench.changes.append(change))
    qtbot.addWidget(bench.page)
    bench.page.resize(1200, 700)
    bench.page.show()
    return bench


def press(board: Bench, key: Qt.Key) -> None:
    """A key with Ctrl and Shift on the focused column."""
    QTest.keyClick(QApplication.focusWidget() or board.page, key, CTRL_SHIFT)


def win(board: Bench) -> WonDialog:
    """The dialog of a win, agreed to as it stands."""
    dialog = board.page.mover.dialog
    assert isinstance(dialog, WonDialog)
    dialog.accept()
    return dialog
