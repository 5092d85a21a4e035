"""A board in a real X window for test_board_xvfb.py: tells where things are, ends after a drop."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QDragMoveEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

from funneldesk.services import history
from funneldesk.settings import Settings
from funneldesk.store.database import open_database
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.context import AppContext
from funneldesk.ui.hub import Hub
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import LIGHT, apply_theme

NEAR = 12  # pixels


class Over(QObject):
    """Says when the board would take the card where the mouse is, near the target: then it may be let go."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.target = QPoint()
        self.said = False
        app.installEventFilter(self)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragMoveEvent) and isinstance(watched, QWidget) and not self.said:
            place = watched.mapToGlobal(event.position().toPoint())
            if (place - self.target).manhattanLength() < NEAR:
                self.said = True
                print("over", flush=True)
        return False


def main(path: str, target: str) -> None:
    """Show the board; print `x y` of card 1 and of the target; end when a change has come back."""
    app = QApplication(sys.argv[:1])
    apply_theme(app, LIGHT)
    with open_database(Path(path)) as db:
        tasks, hub = TaskRunner(db), Hub()
        info = db.info()
        context = AppContext(
            tasks=tasks, hub=hub, settings=Settings(), theme=LIGHT, zone=info.zone, currency=info.currency
        )
        context.undo = lambda: tasks.write(history.undo)
        page = BoardPage(context)
        page.resize(1000, 600)
        page.move(0, 0)
        page.show()
        over = Over(app)
        hub.changed.connect(lambda _change: QTimer.singleShot(100, app.quit))

        def tell() -> None:
            if not page.model.board.complete or not page.area.columns:
                QTimer.singleShot(50, tell)
                return
            first, second = page.area.columns[0].list, page.area.columns[1].list
            start = first.viewport().mapToGlobal(first.visualRect(first.model().index(0, 0)).center())
            if target == "stage":
                end = second.viewport().mapToGlobal(QPoint(60, 4))
            else:
                page.strip.place()
                end = page.strip.mapToGlobal(page.strip.won.geometry().center())
                end.setX(page.mapToGlobal(QPoint(page.width() // 4, 0)).x())
            over.target = end
            print(start.x(), start.y(), end.x(), end.y(), flush=True)

        def agree() -> None:
            """A win asks for its amount and day: what it proposes is taken."""
            dialog = app.activeModalWidget()
            if isinstance(dialog, QDialog):
                next(b for b in dialog.findChildren(QPushButton) if b.isDefault()).click()
            QTimer.singleShot(200, agree)

        QTimer.singleShot(300, tell)
        QTimer.singleShot(300, agree)
        QTimer.singleShot(120_000, app.quit)  # nobody came
        app.exec()
        tasks.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
