"""Today: what is late, due, new, stale, without a step, given to others; and the calendar beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.text import _, format_date, format_number, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.page import Page
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from funneldesk.ui.today.column import DaySection, card_of
from funneldesk.ui.today.doing import Doing
from funneldesk.ui.today.first_steps import FirstSteps
from funneldesk.ui.today.row import DayRow
from funneldesk.ui.today.who import read_managers
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import HeadRow, part_of
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea
from funneldesk.ui.widgets.two_columns import TwoColumns

if TYPE_CHECKING:
    from funneldesk.domain.team import Manager
    from funneldesk.services.agenda import Day
    from funneldesk.store.database import Database
    from funneldesk.ui.today.calendar_page import CalendarView

MINUTE_MS = 60_000
KINDS = ("activity", "deal", "lead", "company", "person", "manager", "stage")
VIEWS = ("list", "week", "month")


class TodayPage(Page):
    """Lists that are to become empty; keys and a menu on each row; week and month as a calendar."""

    help_page = "today"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.doing = Doing(context, self)
        self._managers: list[Manager] = []
        self._calendar: CalendarView | None = None
        self._view = "list"
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_4, SPACE_6, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(self._head())
        self.first = FirstSteps(context, self._plan_call)
        column.addWidget(self.first)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._lists())
        column.addWidget(self._stack, 1)
        self._clock = QTimer(self)
        self._clock.setInterval(MINUTE_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self._mark_view()

    # -- building -----------------------------------------------------------------------------

    def _head(self) -> QWidget:
        context = self._context
        self._date = Quiet()
        self.progress_words = Quiet()
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(context.theme.px(110))
        self.progress.setAccessibleName(_("How much of the day is done"))
        self.progress.hide()  # until the day is read
        self.mine = QPushButton(_("Only mine"))
        self.mine.setProperty("role", "chip")
        self.mine.setCheckable(True)
        self.mine.setChecked(bool(context.settings.more.get("today_mine", True)) and context.me is not None)
        self.mine.setToolTip(_("Who you are is chosen in the settings."))
        self.mine.toggled.connect(self._choose_mine)
        self.views: dict[str, QPushButton] = {}
        for key, words in (("list", _("List")), ("week", _("Week")), ("month", _("Month"))):
            chip = push_button(words, partial(self.show_view, key), role="chip")
            self.views[key] = chip
        views = part_of(*self.views.values(), spacing=SPACE_2 // 2)
        right = (self.progress_words, self.progress, self.mine, views)
        return HeadRow((Heading(_("Today")), self._date), right, SPACE_3)

    def _lists(self) -> QWidget:
        context = self._context
        week, show = partial(self.show_view, "week"), context.show_page
        board: dict[str, Any] = {"button": _("Look at the board"), "act": lambda: show("board")}
        self.overdue = DaySection(
            context, _("Overdue"), _("Nothing is late"), late=True, button=_("See the week"), act=week
        )
        self.today = DaySection(
            context, _("Due today"), _("Nothing more is planned for today"), button=_("Plan in the week"),
            act=week,
        )  # fmt: skip
        self.given = DaySection(
            context, _("Given by me"), _("Nothing is given to others"), mine=False,
            button=_("See everyone's load"), act=lambda: show("transfer"),
        )  # fmt: skip
        self.leads = DaySection(
            context, _("New leads"), _("Every lead is answered"), waiting=True, button=_("New lead"),
            act=lambda: show("leads", new=True),
        )  # fmt: skip
        self.stale = DaySection(
            context, _("Stale"), _("No deal has stood too long"), late=True, waiting=True, **board
        )
        self.missing = DaySection(
            context, _("No next step"), _("Every open deal has a next step"), waiting=True, **board
        )
        self.parts = (self.overdue, self.today, self.given, self.leads, self.stale, self.missing)
        for part in self.parts:
            part.opened.connect(self._open)
            part.row_made.connect(self._wire)
        return TwoColumns(context.theme, self.parts[:3], self.parts[3:])

    def _wire(self, row: DayRow) -> None:
        line, doing = row.line, self.doing
        row.done.connect(lambda: doing.accept(line) if line.done_at is not None else doing.done(line))
        row.result_wanted.connect(lambda: doing.result(line))
        row.waited.connect(lambda days: doing.wait(line, days))
        row.put_off.connect(lambda due: doing.put_off(line, due))
        row.given.connect(lambda manager: doing.give(line, manager))
        row.returned.connect(lambda: doing.return_back(line))
        row.stepped.connect(lambda by: self._step(row, by))

    def _open(self, kind: str, record_id: int) -> None:
        if kind == "lead":
            self._context.show_page("leads", lead=record_id)
        else:
            self.open_card.emit(kind, record_id)

    def _step(self, row: DayRow, by: int) -> None:
        rows = [found for part in self.parts for found in part.rows]
        place = rows.index(row) + by
        if 0 <= place < len(rows):
            rows[place].setFocus()
            self._show_row(rows[place])

    def _focus_place(self) -> tuple[int, int] | None:
        """The list and the row that have the focus: it goes to what takes their place."""
        focus = self.focusWidget()
        for number, part in enumerate(self.parts):
            for row_number, row in enumerate(part.rows):
                if row is focus or (focus is not None and row.isAncestorOf(focus)):
                    return number, row_number
        return None

    def _focus_near(self, number: int, row_number: int) -> None:
        rows = self.parts[number].rows[: row_number + 1][-1:]
        rows = rows or [found for part in self.parts[number:] for found in part.rows[:1]]
        rows = rows or [found for part in self.parts[number::-1] for found in part.rows[-1:]]
        if rows:
            rows[0].setFocus()
            self._show_row(rows[0])

    def _show_row(self, row: DayRow) -> None:
        area = row.parentWidget()
        while area is not None and not isinstance(area, ScrollArea):
            area = area.parentWidget()
        if area is not None:
            area.ensureWidgetVisible(row, 0, SPACE_4)

    # -- list, week, month --------------------------------------------------------------------

    def show_view(self, view: str) -> None:
        """Show the lists, the week or the month."""
        self._view = view
        self._mark_view()
        if view == "list":
            self._stack.setCurrentIndex(0)
            return
        if self._calendar is None:
            from funneldesk.ui.today.calendar_page import CalendarView

            self._calendar = CalendarView(self._context, self.doing)
            self._calendar.opened.connect(self._open)
            self._stack.addWidget(self._calendar)
        self._stack.setCurrentWidget(self._calendar)
        self._calendar.show_span(view, self._who())

    def _mark_view(self) -> None:
        for key, chip in self.views.items():
            chip.setProperty("on", "true" if key == self._view else "")
            chip.style().unpolish(chip)
            chip.style().polish(chip)

    def calendar(self) -> CalendarView | None:
        """The calendar, once it was shown."""
        return self._calendar

    def _plan_call(self) -> None:
        """A call is planned on a card: that of the newest deal, or on the board when there is none yet."""

        def read(db: Database) -> int:
            from funneldesk.store.queries.first_steps import newest_deal

            with db.read() as conn:
                return newest_deal(conn)

        def show(deal_id: int) -> None:
            if deal_id:
                self.open_card.emit("deal", deal_id)
                self._context.toast(
                    _("Press “Plan” on the card, write what the call is about, choose a day.")
                )
            else:
                self._context.toast(_("Add a client or a deal first: a call is planned on its card."))

        self._context.tasks.read(read, show, receiver=self)

    # -- what the window calls ----------------------------------------------------------------

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

    def subject(self) -> tuple[str, int] | None:
        """What the line with the focus is about."""
        place = self._focus_place()
        return (card_of(self.parts[place[0]].rows[place[1]].line)) if place is not None else None

    def show_params(self, **params: Any) -> None:
        """`view` is list, week or month."""
        if params.get("view") in VIEWS:
            self.show_view(str(params["view"]))

    # -- reading ------------------------------------------------------------------------------

    def _tick(self) -> None:
        if self.isVisible():
            self._read()

    def _choose_mine(self, on: bool) -> None:
        self._context.settings.more["today_mine"] = on
        self._context.settings.save()
        self._read()

    def _who(self) -> int | None:
        return self._context.me if self.mine.isChecked() else None

    def _read(self) -> None:
        context, who = self._context, self._who()
        self.first.read()
        self.mine.setEnabled(context.me is not None)
        if self._calendar is not None and self._view != "list":
            self._calendar.show_span(self._view, who)

        def read(db: Database) -> tuple[Day, list[Manager]]:
            from funneldesk.services import agenda

            day = agenda.day(db, zone=context.zone, manager_id=who, giver_id=context.me)
            return day, read_managers(db)

        context.tasks.read(read, self._show, receiver=self, key="today")

    def _show(self, found: tuple[Day, list[Manager]]) -> None:
        day, self._managers = found
        place = self._focus_place()
        self._date.setText(format_date(clock.now(), self._context.zone))
        for part, lines in zip(
            self.parts,
            (day.overdue, day.today, day.given, day.leads, day.stale, day.without_step),
            strict=True,
        ):
            part.managers = self._managers
            part.show_part(lines)
        self.leads.setVisible(not self._context.leads_off)
        if place is not None:
            self._focus_near(*place)
        self._show_progress(day.done, day.left)

    def _show_progress(self, done: int, left: int) -> None:
        self.progress.setRange(0, max(done + left, 1))
        self.progress.setValue(done if left else max(done, 1))
        if not left:
            words = _("The day is at zero")
        else:
            to_go = ngettext("{count} left", "{count} left", left).format(count=format_number(left))
            words = _("{done} done, {left}").format(done=format_number(done), left=to_go)
        self.progress_words.setText(words)
        self.progress.show()
