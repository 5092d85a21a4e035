"""What the week and the month have in common: items to choose, move, open and make, by mouse and keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from funneldesk.domain import clock
from funneldesk.text import _, activity_kind, format_date
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SMALL
from funneldesk.ui.today.calendar_model import SNAP, Item, Slot, slot_of

FAR = 6  # pixels the mouse goes before it drags


class CalendarGrid(QWidget):
    """Paints items and asks for what a person does with them; nothing moves before it is written."""

    opened = Signal(object)  # Item
    moved = Signal(object, object)  # Item, Slot
    make_wanted = Signal(object)  # Slot
    done = Signal(object)  # Item
    menu_wanted = Signal(object, QPoint)
    turned = Signal(int)  # to the span before (-1) or after (1)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self.first = date(2000, 1, 1)
        self.items: list[Item] = []
        self.chosen = 0  # the id of the activity with the cursor
        self.place = Slot(self.first)
        self.drag: tuple[Item | None, QPoint, Slot] | None = None  # what, from where, where to
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Calendar"))
        theme = context.theme
        self.small, self.bold = theme.font(SMALL), theme.font(SMALL, bold=True)

    # -- what a grid gives ---------------------------------------------------------------------

    def rect_of(self, item: Item) -> QRect:
        """Where an item is painted."""
        raise NotImplementedError

    def rect_in(self, slot: Slot, row: int = 0) -> QRect:
        """Where something that lies in a slot would be painted."""
        raise NotImplementedError

    def slot_at(self, pos: QPoint) -> Slot | None:
        """The place under the mouse."""
        raise NotImplementedError

    def days(self) -> int:
        """How many days are shown."""
        raise NotImplementedError

    def step_minutes(self) -> int:
        """What Up and Down move by in minutes; 0 = a week."""
        return 0

    # -- items --------------------------------------------------------------------------------

    def show_items(self, first: date, items: Sequence[Item]) -> None:
        """Show other days."""
        if first != self.first:
            today = clock.local_date(clock.now(), self.context.zone)
            inside = first <= today < first + timedelta(days=self.days())
            start = 9 * 60 if self.step_minutes() else None
            self.place = Slot(today if inside else first, start)
        self.first, self.items = first, list(items)
        if self.item() is None:
            self.chosen = 0
        self._speak()
        self.update()

    def item(self) -> Item | None:
        """The item with the cursor."""
        return next((i for i in self.items if i.line.activity_id == self.chosen), None)

    def item_at(self, pos: QPoint) -> Item | None:
        """The item under the mouse."""
        return next((i for i in reversed(self.items) if self.rect_of(i).contains(pos)), None)

    def choose(self, item: Item | None) -> None:
        """Put the cursor on an item."""
        self.chosen = item.line.activity_id if item is not None else 0
        if item is not None:
            self.place = slot_of(item)
        self._speak()
        self.update()

    def _speak(self) -> None:
        item = self.item()
        words = self.words_of(item) if item is not None else format_date(self.place.day)
        self.setAccessibleDescription(words)
        self.setToolTip("")

    def words_of(self, item: Item) -> str:
        """An item in words."""
        line = item.line
        when = format_date(item.day)
        if not item.all_day:
            when = f"{when} {item.start // 60:02}:{item.start % 60:02}"
        parts = (when, activity_kind(line.kind), line.client, line.subject, _("done") if line.done_at else "")
        return ", ".join(part for part in parts if part)

    def title_of(self, item: Item) -> str:
        """What stands on an item."""
        line = item.line
        time = "" if item.all_day else f"{item.start // 60:02}:{item.start % 60:02} "
        return time + " · ".join(part for part in (line.client, line.subject or line.deal) if part)

    def colours(self, item: Item) -> tuple[str, str]:
        """The tokens of an item's edge and words: late, done, or as its kind."""
        line = item.line
        if line.done_at is not None:
            return "neutral", "quiet"
        due = (line.due_at or 0) + (clock.DAY if item.all_day else 0)
        if due < clock.now():
            return "danger", "danger"
        return {"meeting": "boost", "call": "accent", "task": "waiting"}.get(line.kind, "won"), "text"

    def paint_item(self, painter: QPainter, item: Item, rect: QRect) -> None:
        """An item: a box with a coloured edge."""
        theme = self.context.theme
        edge, words = self.colours(item)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("selected" if item.line.activity_id == self.chosen else "raised"))
        painter.drawRoundedRect(rect, 4, 4)
        painter.setBrush(theme.color(edge))
        painter.drawRoundedRect(rect.x(), rect.y(), 3, rect.height(), 1.5, 1.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(theme.color("accent" if item.line.activity_id == self.chosen else "line"))
        painter.drawRoundedRect(rect, 4, 4)
        painter.setPen(theme.color(words))
        painter.setFont(self.small)
        room = rect.adjusted(8, 2, -4, -2)
        metrics = painter.fontMetrics()
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        if room.height() < 2 * metrics.height():
            text = metrics.elidedText(self.title_of(item), Qt.TextElideMode.ElideRight, room.width())
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(room, flags, text)
        else:
            painter.drawText(room, int(flags) | int(Qt.TextFlag.TextWordWrap), self.title_of(item))

    def paint_drag(self, painter: QPainter) -> None:
        """What is dragged, where it would go."""
        if self.drag is None:
            return
        item, _start, slot = self.drag
        rect = self.rect_in(slot)
        if item is not None:
            self.paint_item(painter, item, rect)
        painter.setPen(QPen(self.context.theme.color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 4, 4)

    def paint_cursor(self, painter: QPainter) -> None:
        """The free place that the keys are at."""
        days = (self.place.day - self.first).days
        if self.chosen or not self.hasFocus() or self.drag is not None or not 0 <= days < self.days():
            return
        painter.setPen(QPen(self.context.theme.color("accent"), 1.4, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect_in(Slot(self.place.day, self.place.start)))

    # -- dragging -----------------------------------------------------------------------------

    def drag_to(self, item: Item | None, start: QPoint, pos: QPoint) -> Slot | None:
        """Where a drag from `start` to `pos` leads; without an item a new one is drawn."""
        raise NotImplementedError

    # Qt overrides

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        pos = event.position().toPoint()
        item, slot = self.item_at(pos), self.slot_at(pos)
        self.choose(item)
        if item is None and slot is not None:
            self.place = slot
            self._speak()
        if event.button() == Qt.MouseButton.LeftButton and not self.context.read_only:
            start = slot_of(item) if item is not None else slot
            self.drag = (item, pos, start) if start is not None else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pos = event.position().toPoint()
        if not event.buttons() & Qt.MouseButton.LeftButton or self.drag is None:
            return
        item, start, _slot = self.drag
        far = (pos - start).manhattanLength() >= FAR
        slot = self.drag_to(item, start, pos) if far else None
        if slot is not None:
            self.drag = (item, start, slot)
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.drag is None:
            return
        item, start, slot = self.drag
        far = (event.position().toPoint() - start).manhattanLength() >= FAR
        self.drag = None
        self.update()
        if item is None:
            if far:
                self.make_wanted.emit(slot)
        elif slot != slot_of(item):
            self.moved.emit(item, slot)
        elif not far:
            self.opened.emit(item)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        slot = self.slot_at(event.position().toPoint())
        if self.item_at(event.position().toPoint()) is None and slot is not None:
            if not self.context.read_only:
                self.make_wanted.emit(slot)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.item_at(event.pos()) or self.item()
        if item is not None:
            self.choose(item)
            self.menu_wanted.emit(item, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not self._press(event.key(), modifiers):
            super().keyPressEvent(event)

    def _press(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        keys, control, shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        ways = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, -1), keys.Key_Down: (0, 1)}
        item = self.item()
        if key in ways:
            days, step = ways[keys(key)]
            if modifiers == control | shift and item is not None and self.step_minutes() and step:
                self._wish(item, slot_of(item).stretched(step * SNAP))
            elif modifiers == control and item is not None:
                self._wish(item, self._stepped(slot_of(item), days, step, SNAP))
            elif not modifiers:
                self._go(days, step)
            return True
        if key in (keys.Key_PageUp, keys.Key_PageDown):
            self.turned.emit(-1 if key == keys.Key_PageUp else 1)
        elif key in (keys.Key_Return, keys.Key_Enter) and item is not None:
            self.opened.emit(item)
        elif self.context.read_only:
            return False
        elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_Insert):
            self.make_wanted.emit(self.place)
        elif key == keys.Key_Space and item is not None:
            self.done.emit(item)
        else:
            return False
        return True

    def _wish(self, item: Item, slot: Slot) -> None:
        if not self.context.read_only and slot != slot_of(item):
            self.moved.emit(item, slot)

    def _stepped(self, slot: Slot, days: int, step: int, minutes: int) -> Slot:
        if not self.step_minutes():
            return slot.moved(days + 7 * step)
        return slot.moved(days, step * minutes)

    def _go(self, days: int, step: int) -> None:
        """The cursor goes to the next item of the day, else to the next place."""
        here = [i for i in self.items if i.day == self.place.day]
        item = self.item()
        if step and here:
            place = here.index(item) + step if item in here else (0 if step > 0 else len(here) - 1)
            if 0 <= place < len(here):
                self.choose(here[place])
                return
        slot = self._stepped(Slot(self.place.day, self.place.start), days, step, self.step_minutes())
        self.choose(None)
        self.place = slot
        if not self.first <= slot.day < self.first + timedelta(days=self.days()):
            self.turned.emit(-1 if slot.day < self.first else 1)
        self._speak()
        self.update()
