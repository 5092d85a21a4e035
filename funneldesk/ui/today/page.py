"""Today: overdue, due today, deals without a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.text import _, format_date
from funneldesk.ui.context import AppContext
from funneldesk.ui.page import Page
from funneldesk.ui.theme import SPACE_3, SPACE_4, SPACE_6
from funneldesk.ui.today.column import DayColumn
from funneldesk.ui.widgets.labels import Heading, Quiet

if TYPE_CHECKING:
    from funneldesk.services.agenda import Day
    from funneldesk.store.queries.agenda import AgendaLine

MINUTE_MS = 60_000
KINDS = ("activity", "deal", "company", "person", "manager")


class TodayPage(Page):
    """Three columns; a click opens the deal, the tick marks the activity as done."""

    help_page = "today"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_4, SPACE_6, SPACE_4)
        column.setSpacing(SPACE_3)
        head = QHBoxLayout()
        head.setSpacing(SPACE_3)
        head.addWidget(Heading(_("Today")))
        self._date = Quiet()
        head.addWidget(self._date)
        head.addStretch(1)
        self.mine = QPushButton(_("Only mine"))
        self.mine.setProperty("role", "chip")
        self.mine.setCheckable(True)
        self.mine.setChecked(bool(context.settings.more.get("today_mine", True)) and context.me is not None)
        self.mine.setToolTip(_("Who you are is chosen in the settings."))
        self.mine.toggled.connect(self._choose_mine)
        head.addWidget(self.mine)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(SPACE_4)
        self.overdue = DayColumn(context, _("Overdue"), _("Nothing is late."), late=True)
        self.today = DayColumn(context, _("Due today"), _("Nothing more is planned for today."))
        self.missing = DayColumn(
            context, _("No next step"), _("Every open deal has a next step."), deals=True
        )
        for part in (self.overdue, self.today, self.missing):
            part.opened.connect(self.open_card)
            part.done.connect(self._complete)
            row.addWidget(part, 1)
        column.addLayout(row, 1)
        self._clock = QTimer(self)
        self._clock.setInterval(MINUTE_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()

    def title(self) -> str:
        """The name of the screen."""
        return _("Today")

    def activated(self) -> None:
        """Time has gone on."""
        self._read()

    def refresh(self, change: Change | None) -> None:
        """Read again what is due."""
        if change is None or any(change.touches(kind) for kind in KINDS):
            self._read()

    def _tick(self) -> None:
        if self.isVisible():
            self._read()

    def _choose_mine(self, on: bool) -> None:
        self._context.settings.more["today_mine"] = on
        self._context.settings.save()
        self._read()

    def _read(self) -> None:
        self.mine.setEnabled(self._context.me is not None)
        who = self._context.me if self.mine.isChecked() else None

        def read(db: object) -> Day:
            from funneldesk.services import agenda

            return agenda.day(self._context.db, zone=self._context.zone, manager_id=who)

        self._context.tasks.read(read, self._show, receiver=self, key="today")

    def _show(self, day: Day) -> None:
        self._date.setText(format_date(clock.now(), self._context.zone))
        self.overdue.show_part(day.overdue)
        self.today.show_part(day.today)
        self.missing.show_part(day.without_step)

    def _complete(self, line: AgendaLine) -> None:
        me = self._context.me

        def write(_db: object) -> Change:
            from funneldesk.services import acting, activities

            db = self._context.db
            return activities.complete(db, line.activity_id, actor=acting.actor(db, me))

        self._context.tasks.write(write, self._completed, receiver=self)

    def _completed(self, change: Change) -> None:
        self._context.tell(change)
