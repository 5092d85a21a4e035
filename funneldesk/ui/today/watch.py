"""What comes with time: reminders, and deals whose day to be started again has come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.services.agenda import Part
    from funneldesk.store.database import Database

MINUTE_MS = 60_000
FIRST_MS = 2_500  # the window is to be there before


class DayWatch(QObject):
    """Looks every minute, and after every change of an activity."""

    reminded = Signal(object, object)  # Part, the set of ids that are new in it (all at the first look)

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._known: set[int] | None = None
        self._ran_on: date | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(MINUTE_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        QTimer.singleShot(FIRST_MS, self.look)
        context.hub.changed.connect(self._changed)

    def _changed(self, change: Change) -> None:
        if self._known is not None and change.touches("activity"):
            self._read()

    def look(self) -> None:
        """Read what is to be told of; once a day make the deals whose day has come."""
        today = clock.local_date(clock.now(), self._context.zone)
        if self._ran_on != today and not self._context.read_only:
            self._ran_on = today
            self._repeat(today)
        self._read()

    def _repeat(self, today: date) -> None:
        context = self._context

        def read(db: Database) -> int:
            from funneldesk.store.queries.repeats import due_repeats

            with db.read() as conn:
                return len(due_repeats(conn, today.isoformat()))

        def make(count: int) -> None:
            if count:
                context.tasks.write(write, context.tell, receiver=self)

        def write(db: Database) -> Any:
            from funneldesk.services import acting, repeats

            return repeats.run_due(db, today, actor=acting.actor(db, context.me))

        context.tasks.read(read, make, receiver=self, key="repeats-due")

    def _read(self) -> None:
        me = self._context.me

        def read(db: Database) -> Part:
            from funneldesk.services import agenda

            return agenda.reminders(db, manager_id=me)

        self._context.tasks.read(read, self._show, receiver=self, key="reminders")

    def _show(self, part: Part) -> None:
        ids = {line.activity_id for line in part.lines}
        fresh = ids - (self._known or set())
        self._known = ids
        self.reminded.emit(part, fresh)
