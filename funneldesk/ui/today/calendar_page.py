"""The calendar: a week or a month, turned by arrows, and written into a file for other calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.paths import documents_dir
from funneldesk.text import _, activity_kind, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import SPACE_2, SPACE_3
from funneldesk.ui.today import calendar_model as model
from funneldesk.ui.today.calendar_base import CalendarGrid
from funneldesk.ui.today.calendar_model import Item, Slot
from funneldesk.ui.today.calendar_words import month_words, span_words
from funneldesk.ui.today.column import card_of
from funneldesk.ui.today.doing import Doing
from funneldesk.ui.today.month_grid import MonthGrid
from funneldesk.ui.today.plan_dialog import PlanDialog
from funneldesk.ui.today.week_grid import WeekGrid
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import PlainLabel, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.queries.agenda import AgendaLine

MORNING = 8  # the hour at the top when a week is first shown


class CalendarView(QWidget):
    """Two grids and the bar above them."""

    opened = Signal(str, int)

    def __init__(self, context: AppContext, doing: Doing) -> None:
        super().__init__()
        self._context, self._doing = context, doing
        self._who: int | None = None
        self._span = "week"
        self._day = self._today()
        self.dialog: PlanDialog | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        column.addLayout(self._bar())
        self.nothing = Quiet(
            _("Nothing is planned here. Drag across hours or days to plan something."), wrap=True
        )
        self.nothing.hide()
        column.addWidget(self.nothing)
        self.week, self.month = WeekGrid(context), MonthGrid(context)
        self._scroll = ScrollArea(self.week)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._scroll)
        self._stack.addWidget(self.month)
        column.addWidget(self._stack, 1)
        for grid in (self.week, self.month):
            self._connect(grid)
        self.month.day_wanted.connect(self._show_week_of)
        self._scroll.verticalScrollBar().valueChanged.connect(lambda _value: self.week.update())
        self._scrolled = False

    def _bar(self) -> QHBoxLayout:
        theme, row = self._context.theme, QHBoxLayout()
        row.setSpacing(SPACE_3)
        row.addWidget(IconButton(theme, "chevron-left", _("Before (PgUp)"), lambda: self.turn(-1)))
        row.addWidget(push_button(_("Today"), self.go_today))
        row.addWidget(IconButton(theme, "chevron-right", _("After (PgDn)"), lambda: self.turn(1)))
        self.words = PlainLabel("", "title")
        row.addWidget(self.words)
        row.addStretch(1)
        row.addWidget(
            push_button(_("Save as .ics…"), self.save_ics, theme=theme, icon="calendar-plus", role="link")
        )
        return row

    def _connect(self, grid: CalendarGrid) -> None:
        grid.opened.connect(self._open)
        grid.moved.connect(self._move)
        grid.make_wanted.connect(self._make)
        grid.done.connect(lambda item: self._doing.done(item.line))
        grid.menu_wanted.connect(self._menu)
        grid.turned.connect(self.turn)

    def _today(self) -> date:
        return clock.local_date(clock.now(), self._context.zone)

    def grid(self) -> CalendarGrid:
        """The grid in front."""
        return self.week if self._span == "week" else self.month

    # -- what is shown ------------------------------------------------------------------------

    def show_span(self, span: str, who: int | None) -> None:
        """Show the week or the month, of one manager or of all."""
        self._span, self._who = span, who
        self._stack.setCurrentIndex(0 if span == "week" else 1)
        self._read()

    def turn(self, by: int) -> None:
        """To the span before or after."""
        if self._span == "week":
            self._day += timedelta(days=7 * by)
        else:
            self._day = model.next_month(self._day, by)
        self._read()

    def go_today(self) -> None:
        """Back to this day."""
        self._day = self._today()
        self._read()

    def _show_week_of(self, day: date) -> None:
        self._day = day
        self.show_span("week", self._who)

    def _first(self) -> date:
        return model.week_of(self._day) if self._span == "week" else model.month_start(self._day)

    def _read(self) -> None:
        first, days, who, zone = self._first(), self.grid().days(), self._who, self._context.zone
        if self._span == "week":
            self.words.setText(span_words(first, first + timedelta(days=6)))
        else:
            self.words.setText(month_words(self._day))
            self.month.month = self._day.month

        def read(db: Database) -> list[AgendaLine]:
            from funneldesk.services import agenda

            return agenda.calendar(db, first, days, zone=zone, manager_id=who)

        grid = self.grid()
        self._context.tasks.read(
            read,
            lambda lines: self._show(grid, first, lines),
            receiver=self,
            key="calendar",
        )

    def _show(self, grid: CalendarGrid, first: date, lines: list[AgendaLine]) -> None:
        self.nothing.setVisible(not lines and not self._context.read_only)
        grid.show_items(first, model.items_of(lines, self._context.zone))
        if not self._scrolled and grid is self.week:
            self._scrolled = True
            self._scroll.verticalScrollBar().setValue(MORNING * self.week.hour)

    # -- what is done -------------------------------------------------------------------------

    def _open(self, item: Item) -> None:
        kind, record_id = card_of(item.line)
        if kind:
            self.opened.emit(kind, record_id)
        elif item.line.done_at is None:
            self._doing.result(item.line)

    def _move(self, item: Item, slot: Slot) -> None:
        when = slot.due().planned(self._context)
        minutes = slot.minutes if slot.minutes != item.minutes else None
        activity_id = item.line.activity_id

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            return activities.put_off(db, activity_id, minutes=minutes, actor=actor, **when)

        save(self._context, write, self)

    def _make(self, slot: Slot) -> None:
        self.dialog = PlanDialog(self._context, slot, self)
        self.dialog.finished.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()
        self.grid().setFocus()

    def _menu(self, item: Item, where: QPoint) -> None:
        menu, theme = QMenu(self), self._context.theme

        def add(icon: str, words: str, act: Callable[[], object]) -> None:
            menu.addAction(theme_icon(theme, icon), words, act)

        add("panel-right", _("Open"), lambda: self._open(item))
        if not self._context.read_only:
            if item.line.done_at is None:
                add("check", _("Done") + "\t" + _("Space"), lambda: self._doing.done(item.line))
                add("phone", _("What came of it?"), lambda: self._doing.result(item.line))
            add("trash-2", _("Delete"), lambda: self._delete(item))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)

    def _delete(self, item: Item) -> None:
        activity_id = item.line.activity_id

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            return activities.delete(db, activity_id, actor=actor)

        save(self._context, write, self)

    # -- the file -----------------------------------------------------------------------------

    def save_ics(self) -> None:
        """Ask for a file and write what is planned into it."""
        suggested = str(documents_dir() / f"{_('Calendar')}.ics")
        name, _kind = QFileDialog.getSaveFileName(
            self, _("Save the calendar"), suggested, _("Calendars") + " (*.ics)"
        )
        if name:
            self.write_ics(Path(name))

    def write_ics(self, path: Path) -> None:
        """Write everything that is planned, of one manager or of all."""
        who, zone = self._who, self._context.zone
        words = {str(kind): activity_kind(kind) for kind in ActivityKind}
        target = path if path.suffix.lower() == ".ics" else path.with_name(path.name + ".ics")

        def read(db: Database) -> int:
            from funneldesk.services import calendars

            return calendars.save_ics(db, target, zone=zone, manager_id=who, words=words)

        def tell(count: int) -> None:
            said = ngettext("{count} entry written to {path}", "{count} entries written to {path}", count)
            self._context.toast(said.format(count=count, path=target.name))

        self._context.tasks.read(read, tell, receiver=self)
