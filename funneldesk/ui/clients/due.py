"""When a step is planned for: a day with or without a time, and the button that chooses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from funneldesk.domain import clock
from funneldesk.text import _, format_date_short
from funneldesk.ui.clients.inline import make_calendar
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.popup_filter import Popup


@dataclass(frozen=True, slots=True)
class Due:
    """When a step is planned for: a day, with a time or the whole day; no day = some day."""

    day: date | None
    at: time | None = None

    def planned(self, context: AppContext) -> dict[str, Any]:
        """As `services.activities.plan` takes it."""
        if self.day is None:
            return {"due_at": None}
        zone = context.zone
        if self.at is None:
            start = clock.start_of_day(self.day, zone)
            return {"due_at": start, "due_local": self.day.isoformat(), "due_zone": zone.key, "all_day": True}
        local = datetime.combine(self.day, self.at, zone)
        iso = local.replace(tzinfo=None).isoformat(timespec="minutes")
        return {"due_at": clock.to_micros(local), "due_local": iso, "due_zone": zone.key, "all_day": False}


def shortcuts(today: date) -> list[tuple[str, Due]]:
    """The days that are chosen most often."""
    monday = today + timedelta(days=7 - today.weekday())
    return [
        (_("Today"), Due(today)),
        (_("Tomorrow"), Due(today + timedelta(days=1))),
        (_("In three days"), Due(today + timedelta(days=3))),
        (_("Next week"), Due(monday)),
        (_("In a month"), Due(today + timedelta(days=30))),
    ]


class DueButton(QPushButton):
    """Chooses a day, with or without a time."""

    chosen = Signal(object)  # Due

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self._context = context
        self._due = Due(None)
        self.clicked.connect(self._open)
        self.reset()

    def reset(self) -> None:
        """Back to tomorrow."""
        self.set_due(Due(self.today() + timedelta(days=1)))

    def today(self) -> date:
        """This day in the zone of the base."""
        return clock.local_date(clock.now(), self._context.zone)

    def due(self) -> Due:
        """What is chosen."""
        return self._due

    def set_due(self, due: Due) -> None:
        """Choose."""
        self._due = due
        self.setText(self._words(due))

    def _words(self, due: Due) -> str:
        if due.day is None:
            return _("Some day")
        near = {self.today(): _("Today"), self.today() + timedelta(days=1): _("Tomorrow")}
        day = near.get(due.day) or format_date_short(due.day)
        return f"{day} {due.at:%H:%M}" if due.at is not None else day

    def make_menu(self) -> QMenu:
        """The days to choose from."""
        menu = QMenu(self)
        for words, due in shortcuts(self.today()):
            menu.addAction(words, lambda due=due: self._take(due))
        menu.addAction(_("Some day"), lambda: self._take(Due(None)))
        menu.addSeparator()
        icon = theme_icon(self._context.theme, "calendar")
        menu.addAction(icon, _("Day and time…"), self.pick)
        return menu

    def pick(self) -> None:
        """Choose a day and a time in a calendar."""
        popup = Popup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = make_calendar(self._due.day.isoformat() if self._due.day else "")
        field = QLineEdit(f"{self._due.at:%H:%M}" if self._due.at else "")
        field.setPlaceholderText(_("Time, e.g. 14:30; empty = all day"))
        popup.column.addWidget(calendar)
        row = QHBoxLayout()
        row.addWidget(field, 1)
        choose = push_button(
            _("Choose"), lambda: self._take_picked(calendar.selectedDate(), field, popup), role="primary"
        )
        row.addWidget(choose)
        popup.column.addLayout(row)
        field.returnPressed.connect(choose.click)
        calendar.activated.connect(lambda _day: choose.click())
        popup.open_under(self)
        field.setFocus()

    def _take_picked(self, day: QDate, field: QLineEdit, popup: Popup) -> None:
        text = field.text().strip()
        at = parse_time(text)
        if text and at is None:
            field.setProperty("invalid", "true")
            field.style().unpolish(field)
            field.style().polish(field)
            return
        popup.close()
        self._take(Due(date(day.year(), day.month(), day.day()), at))

    def _take(self, due: Due) -> None:
        self.set_due(due)
        self.chosen.emit(due)

    def _open(self) -> None:
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))


def parse_time(text: str) -> time | None:
    """A typed time (14:30, 14.30, 1430, 9); None when it is none."""
    parts = "".join(c if c.isdigit() else " " for c in text).split()
    if len(parts) == 1 and len(parts[0]) in (3, 4):
        parts = [parts[0][:-2], parts[0][-2:]]
    try:
        hour, minute = int(parts[0]), int(parts[1]) if len(parts) > 1 else 0
        return time(hour, minute) if len(parts) <= 2 else None
    except (ValueError, IndexError):
        return None
