"""A week: a column for each day, the hours from top to bottom, what has no time above them."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent

from funneldesk.domain import clock
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.today.calendar_base import CalendarGrid
from funneldesk.ui.today.calendar_model import DAY_MINUTES, SNAP, USUAL, Item, Slot, slot_of, snap
from funneldesk.ui.today.calendar_words import weekday_words

EDGE = 7  # pixels at the foot of an item that stretch it
ALL_DAY_ROWS = 3


class WeekGrid(CalendarGrid):
    """Drag to move, drag the lower edge to make longer, drag over free time to make a new one."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        theme = context.theme
        self.hour = theme.px(44)
        words = QFontMetrics(self.small).horizontalAdvance(_("all day"))
        self.left = max(theme.px(48), words + 10)  # hours, and what has none
        self.head = theme.px(30)
        self.line = theme.px(22)
        self.setMinimumHeight(self.top() + 24 * self.hour)

    def days(self) -> int:
        """Seven."""
        return 7

    def step_minutes(self) -> int:
        """Half an hour."""
        return 30

    def top(self) -> int:
        """Where midnight is."""
        return self.head + ALL_DAY_ROWS * self.line + 6

    def pinned(self) -> int:
        """How far the heads have to go down to stay in sight while the hours are scrolled."""
        return max(0, -self.y())

    def day_width(self) -> int:
        """The width of a day."""
        return max((self.width() - self.left) // 7, 20)

    def rect_of(self, item: Item) -> QRect:
        """The box of an item."""
        whole = self.rect_in(slot_of(item), self._row_of(item) if item.all_day else 0)
        if item.lanes == 1:
            return whole
        each = whole.width() // item.lanes
        return QRect(whole.x() + item.lane * each, whole.y(), each - 1, whole.height())

    def rect_in(self, slot: Slot, row: int = 0) -> QRect:
        """The box of what would lie in a slot."""
        left = self.left + (slot.day - self.first).days * self.day_width() + 2
        width = self.day_width() - 5
        if slot.start is None:
            return QRect(left, self.pinned() + self.head + row * self.line + 2, width, self.line - 3)
        top = self.y_of(slot.start)
        foot = self.y_of(min(slot.start + slot.minutes, DAY_MINUTES))
        return QRect(left, top + 1, width, max(foot - top - 2, self.line - 4))

    def _row_of(self, item: Item) -> int:
        same = [i for i in self.items if i.all_day and i.day == item.day]
        return min(same.index(item) if item in same else 0, ALL_DAY_ROWS - 1)

    def y_of(self, minutes: int) -> int:
        """How far down a time is."""
        return self.top() + minutes * self.hour // 60

    def slot_at(self, pos: QPoint) -> Slot | None:
        """The day and half hour under the mouse."""
        number = (pos.x() - self.left) // self.day_width()
        if not 0 <= number < 7 or pos.y() < 0:
            return None
        day = self.first + timedelta(days=int(number))
        if pos.y() < self.pinned() + self.top():
            return Slot(day)
        minutes = (pos.y() - self.top()) * 60 // self.hour
        return Slot(day, min(minutes // USUAL * USUAL, DAY_MINUTES - USUAL))

    def drag_to(self, item: Item | None, start: QPoint, pos: QPoint) -> Slot | None:
        """Moved, stretched, or drawn anew."""
        inside = QPoint(min(max(pos.x(), self.left), self.left + 7 * self.day_width() - 1), max(pos.y(), 0))
        under = self.slot_at(inside)
        if under is None:
            return None
        if item is None:
            first = self.slot_at(start)
            if first is None or first.start is None:
                return first
            end = snap((inside.y() - self.top()) * 60 / self.hour)
            low, high = sorted((snap((start.y() - self.top()) * 60 / self.hour), end))
            return Slot(first.day, low, max(high - low, SNAP))
        place = slot_of(item)
        if not item.all_day and start.y() > self.rect_of(item).bottom() - EDGE:
            end = snap((inside.y() - self.top()) * 60 / self.hour)
            return Slot(place.day, place.start, max(end - (place.start or 0), SNAP))
        if under.start is None:
            return Slot(under.day, None, place.minutes)
        grip = 0 if item.all_day else start.y() - self.y_of(place.start or 0)
        begin = snap((inside.y() - grip - self.top()) * 60 / self.hour)
        return Slot(under.day, min(begin, DAY_MINUTES - SNAP), place.minutes)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(700, self.minimumHeight())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        pos = event.position().toPoint()
        item = self.item_at(pos)
        edge = item is not None and not item.all_day and pos.y() > self.rect_of(item).bottom() - EDGE
        shape = Qt.CursorShape.SizeVerCursor if edge else Qt.CursorShape.ArrowCursor
        if self.cursor().shape() != shape and not event.buttons():
            self.setCursor(shape)
        self.setToolTip(self.words_of(item) if item is not None and not self.drag else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        dragged = self.drag[0] if self.drag is not None else None
        for item in self.items:
            if item is not dragged and not item.all_day:
                self.paint_item(painter, item, self.rect_of(item))
        self._paint_heads(painter)
        for item in self.items:
            if item is not dragged and item.all_day:
                self.paint_item(painter, item, self.rect_of(item))
        self.paint_cursor(painter)
        self.paint_drag(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        theme, width = self.context.theme, self.day_width()
        today = clock.local_date(clock.now(), self.context.zone)
        painter.fillRect(self.rect(), theme.color("raised"))
        for number in range(7):
            day = self.first + timedelta(days=number)
            left = self.left + number * width
            if day == today:
                painter.fillRect(left, 0, width, self.height(), theme.color("hover"))
            elif day.weekday() >= 5:
                painter.fillRect(left, 0, width, self.height(), theme.color("surface"))
            painter.setPen(theme.color("line"))
            painter.drawLine(left, 0, left, self.height())
        painter.setFont(self.small)
        for hour in range(24):
            y = self.y_of(hour * 60)
            painter.setPen(theme.color("line"))
            painter.drawLine(self.left, y, self.width(), y)
            painter.setPen(theme.color("quiet"))
            where = QRect(0, y - self.line // 2, self.left - 6, self.line)
            if hour:
                painter.drawText(
                    where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{hour}:00"
                )

    def _paint_heads(self, painter: QPainter) -> None:
        theme, width, top = self.context.theme, self.day_width(), self.pinned()
        today = clock.local_date(clock.now(), self.context.zone)
        painter.fillRect(0, top, self.width(), self.top(), theme.color("raised"))
        painter.setFont(self.bold)
        for number in range(7):
            day = self.first + timedelta(days=number)
            left = self.left + number * width
            painter.setPen(theme.color("line"))
            painter.drawLine(left, top, left, top + self.top())
            painter.setPen(theme.color("accent" if day == today else "text"))
            where = QRect(left + 6, top, width - 8, self.head)
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, weekday_words(day))
        painter.setPen(theme.color("outline"))
        painter.drawLine(0, top + self.top() - 1, self.width(), top + self.top() - 1)
        painter.setFont(self.small)
        painter.setPen(theme.color("quiet"))
        where = QRect(2, top + self.head, self.left - 6, self.line)
        painter.drawText(where, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _("all day"))
