"""Six weeks: a cell for each day with the first of its activities; the rest by a click on the number."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent

from funneldesk.domain import clock
from funneldesk.text import ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.today.calendar_base import CalendarGrid
from funneldesk.ui.today.calendar_model import Item, Slot, slot_of
from funneldesk.ui.today.calendar_words import weekday_name

WEEKS = 6


class MonthGrid(CalendarGrid):
    """Drag an activity to another day; a double click makes one."""

    day_wanted = Signal(object)  # the day whose hidden ones are wanted

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        theme = context.theme
        self.head, self.number, self.line = theme.px(26), theme.px(22), theme.px(20)
        self.month = 1
        self.setMinimumHeight(self.head + WEEKS * (self.number + self.line + 6))

    def days(self) -> int:
        """Six weeks."""
        return 7 * WEEKS

    def cell(self, day: date) -> QRect:
        """The place of a day."""
        place = (day - self.first).days
        width, height = self.width() // 7, (self.height() - self.head) // WEEKS
        return QRect(place % 7 * width, self.head + place // 7 * height, width, height)

    def room(self) -> int:
        """How many lines a day holds."""
        return max(1, (self.cell(self.first).height() - self.number - 4) // self.line)

    def _of(self, day: date) -> list[Item]:
        return [item for item in self.items if item.day == day]

    def rect_of(self, item: Item) -> QRect:
        """The line of an item, an empty place when it does not fit."""
        same, room = self._of(item.day), self.room()
        row = same.index(item) if item in same else 0
        if row >= room - (len(same) > room):
            return QRect()
        return self.rect_in(slot_of(item), row)

    def rect_in(self, slot: Slot, row: int = 0) -> QRect:
        """A line in the cell of a day."""
        cell = self.cell(slot.day)
        return QRect(cell.x() + 3, cell.y() + self.number + row * self.line, cell.width() - 6, self.line - 2)

    def slot_at(self, pos: QPoint) -> Slot | None:
        """The day under the mouse."""
        cell = self.cell(self.first)
        column, row = pos.x() // max(cell.width(), 1), (pos.y() - self.head) // max(cell.height(), 1)
        if not (0 <= column < 7 and 0 <= row < WEEKS) or pos.y() < self.head:
            return None
        return Slot(self.first + timedelta(days=int(row * 7 + column)))

    def drag_to(self, item: Item | None, start: QPoint, pos: QPoint) -> Slot | None:
        """The same time on another day."""
        under = self.slot_at(pos)
        if under is None or item is None:
            return under
        here = slot_of(item)
        return Slot(under.day, here.start, here.minutes)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(700, self.minimumHeight())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pos = event.position().toPoint()
        slot = self.slot_at(pos)
        if slot is not None and self._more_rect(slot.day).contains(pos):
            self.drag = None
            self.day_wanted.emit(slot.day)
            return
        super().mouseReleaseEvent(event)

    def _hidden(self, day: date) -> int:
        count, room = len(self._of(day)), self.room()
        return 0 if count <= room else count - room + 1

    def _more_rect(self, day: date) -> QRect:
        return self.rect_in(Slot(day), self.room() - 1) if self._hidden(day) else QRect()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self.context.theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("raised"))
        today = clock.local_date(clock.now(), self.context.zone)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self.bold)
        painter.setPen(theme.color("quiet"))
        for number in range(7):
            day = self.first + timedelta(days=number)
            where = QRect(self.cell(day).x() + 6, 0, self.cell(day).width(), self.head)
            painter.drawText(where, middle, weekday_name(day))
        for number in range(self.days()):
            self._paint_day(painter, self.first + timedelta(days=number), today)
        for item in self.items:
            rect = self.rect_of(item)
            if not rect.isEmpty() and (self.drag is None or item is not self.drag[0]):
                self.paint_item(painter, item, rect)
        self.paint_cursor(painter)
        self.paint_drag(painter)

    def _paint_day(self, painter: QPainter, day: date, today: date) -> None:
        theme, cell = self.context.theme, self.cell(day)
        if day == today:
            painter.fillRect(cell, theme.color("hover"))
        elif day.month != self.month or day.weekday() >= 5:
            painter.fillRect(cell, theme.color("surface"))
        painter.setPen(theme.color("line"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(cell)
        token = "accent" if day == today else "text" if day.month == self.month else "disabled"
        painter.setPen(theme.color(token))
        painter.setFont(self.bold if day == today else self.small)
        where = QRect(cell.x() + 6, cell.y(), cell.width() - 10, self.number)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, str(day.day))
        hidden = self._hidden(day)
        if hidden:
            painter.setPen(theme.color("quiet"))
            painter.setFont(self.small)
            words = ngettext("{count} more", "{count} more", hidden).format(count=hidden)
            painter.drawText(self._more_rect(day).adjusted(6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)
