"""What can be done with a line of the day; each is a request to a service, told with Undo."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.text import _
from funneldesk.ui.clients.common import save
from funneldesk.ui.clients.due import Due
from funneldesk.ui.context import AppContext
from funneldesk.ui.today.result import ResultDialog, Subject

if TYPE_CHECKING:
    from funneldesk.services.activities import About
    from funneldesk.store.database import Database
    from funneldesk.store.queries.agenda import AgendaLine

WAITS = (1, 2, 3, 5, 7, 14, 30)


def about_of(line: AgendaLine) -> About:
    """What a line hangs on."""
    from funneldesk.services.activities import About

    return About(line.company_id, line.person_id, line.deal_id, line.lead_id)


class Doing(QObject):
    """Done, result, put off, given, accepted: for the lists of the day, the calendar, the reminders."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._window = parent
        self.dialog: ResultDialog | None = None

    def done(self, line: AgendaLine) -> None:
        """It is done; where nothing was planned, say what was done."""
        if not line.activity_id:
            self.result(line)
            return
        self._write(lambda services, db, actor: services.complete(db, line.activity_id, actor=actor))

    def result(self, line: AgendaLine) -> None:
        """Ask what came of it and what comes next."""
        name = " · ".join(part for part in (line.client, line.deal) if part)
        self.ask(Subject(about_of(line), name, line.activity_id, line.kind or "call", line.subject))

    def result_of(self, kind: str, record_id: int) -> None:
        """Ask what was done for a deal, lead, company or person."""

        def read(db: Database) -> AgendaLine | None:
            from funneldesk.services import agenda

            return agenda.subject(db, kind, record_id)

        self._context.tasks.read(read, lambda line: self.result(line) if line else None, receiver=self)

    def ask(self, subject: Subject) -> None:
        """The form of what came of it."""
        self.dialog = ResultDialog(self._context, subject, self._window)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def wait(self, line: AgendaLine, days: int) -> None:
        """Come back to it in so many days."""
        today = clock.local_date(clock.now(), self._context.zone)
        self.put_off(line, Due(today + timedelta(days=days)))

    def put_off(self, line: AgendaLine, due: Due) -> None:
        """Plan it for another day; what has no step gets one."""
        when = due.planned(self._context)
        if line.activity_id:
            self._write(
                lambda services, db, actor: services.put_off(db, line.activity_id, actor=actor, **when)
            )
            return
        about, text = about_of(line), _("Come back to it")
        kind = ActivityKind.CALL if line.lead_id else ActivityKind.TASK
        self._write(
            lambda services, db, actor: services.plan(db, kind, about, text=text, actor=actor, **when)
        )

    def give(self, line: AgendaLine, manager_id: int) -> None:
        """Somebody else is to do it."""
        self._write(lambda services, db, actor: services.give(db, line.activity_id, manager_id, actor=actor))

    def accept(self, line: AgendaLine) -> None:
        """What was given is done well."""
        self._write(lambda services, db, actor: services.accept(db, [line.activity_id], actor=actor))

    def return_back(self, line: AgendaLine) -> None:
        """What was given is to be done again."""
        self._write(lambda services, db, actor: services.return_back(db, line.activity_id, actor=actor))

    def snooze(self, lines: list[AgendaLine], minutes: int) -> None:
        """Remind of them again later."""
        until = clock.now() + minutes * 60 * clock.SECOND
        ids = [line.activity_id for line in lines]
        self._write(lambda services, db, actor: services.snooze(db, ids, until, actor=actor), toast=False)

    def _write(self, make: Any, *, toast: bool = True) -> None:
        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            change: Change = make(activities, db, actor)
            return change

        save(self._context, write, self, toast=toast)
