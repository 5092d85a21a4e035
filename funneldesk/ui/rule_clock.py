"""Lets the timed rules act: soon after the base was opened, and then every ten minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from funneldesk.domain.change import Change
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.store.database import Database

SOON_MS = 5_000  # the first screen comes first
EVERY_MS = 10 * 60_000


class RuleClock(QObject):
    """Does nothing in a base that is only looked at."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.timer = QTimer(self)
        self.timer.setInterval(SOON_MS)
        self.timer.timeout.connect(self.run)
        self.timer.start()

    def run(self) -> None:
        """Let them act now; what they did is told with an Undo."""
        self.timer.setInterval(EVERY_MS)
        self._context.tasks.write(_run, self._tell, receiver=self)

    def _tell(self, change: Change | None) -> None:
        if change is not None:
            self._context.tell(change)


def _run(db: Database) -> Change | None:
    """What the rules did; None when there was nothing to do."""
    from funneldesk.services import timed_rules

    if db.read_only:
        return None
    change = timed_rules.run(db)
    return change if change.edits else None
