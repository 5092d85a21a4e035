"""One list of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.text import _, format_date_short, format_number, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import pixmap
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.services.agenda import Part
    from funneldesk.store.queries.agenda import AgendaLine

ICONS = {
    "call": "phone",
    "letter": "mail",
    "meeting": "users",
    "message": "message-square",
    "note": "sticky-note",
    "task": "square-check",
    "": "circle",
}


class DayRow(QFrame):
    """Client, what is to be done, when; Enter or a click opens it."""

    opened = Signal()

    def __init__(self, context: AppContext, line: AgendaLine, when: str, *, late: bool) -> None:
        super().__init__()
        theme = context.theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("role", "row")
        self.setAccessibleName(f"{line.client}, {line.subject or line.deal}, {when}")
        self.across = QHBoxLayout(self)
        self.across.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        self.across.setSpacing(SPACE_2)
        picture = QLabel()
        picture.setPixmap(
            pixmap(ICONS.get(line.kind, "circle"), theme.danger if late else theme.quiet, theme.px(16))
        )
        self.across.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(ElidedLabel(line.client or line.deal or line.subject, "strong"))
        more = " · ".join(part for part in (line.subject, line.deal) if part)
        words.addWidget(ElidedLabel(more, "quiet"))
        self.across.addLayout(words, 1)
        moment = PlainLabel(when, "error" if late else "small")
        self.across.addWidget(moment, 0, Qt.AlignmentFlag.AlignTop)

    # Qt overrides

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)


class DayColumn(QFrame):
    """A heading with the number, and the rows."""

    opened = Signal(str, int)
    done = Signal(object)  # AgendaLine

    def __init__(
        self, context: AppContext, title: str, nothing: str, *, late: bool = False, deals: bool = False
    ) -> None:
        super().__init__()
        self._context = context
        self._late = late
        self._deals = deals
        self._nothing = nothing
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_2, SPACE_3, 1, SPACE)
        column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_2, 0, SPACE_4, 0)
        head.addWidget(PlainLabel(title, "title"))
        head.addStretch(1)
        self.count = Quiet()
        head.addWidget(self.count)
        column.addLayout(head)
        self._area = ScrollArea()
        column.addWidget(self._area, 1)
        self.rows: list[DayRow] = []

    def show_part(self, part: Part) -> None:
        """Show other lines."""
        self.count.setText(format_number(part.count))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACE_2, 0)
        column.setSpacing(0)
        self.rows = [self._row(line) for line in part.lines]
        for row in self.rows:
            column.addWidget(row)
        if not part.lines:
            empty = Quiet(self._nothing, wrap=True)
            empty.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
            column.addWidget(empty)
        more = part.count - len(part.lines)
        if more > 0:
            words = ngettext("and {count} more", "and {count} more", more).format(count=format_number(more))
            rest = Quiet(words)
            rest.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
            column.addWidget(rest)
        column.addStretch(1)
        place = self._area.verticalScrollBar().value()
        self._area.set_inner(inner)
        self._area.verticalScrollBar().setValue(place)

    def _row(self, line: AgendaLine) -> DayRow:
        row = DayRow(self._context, line, self._when(line), late=self._late)
        kind, record_id = _card_of(line)
        if kind:
            row.opened.connect(lambda: self.opened.emit(kind, record_id))
        if line.activity_id and not self._context.read_only:
            tick = IconButton(self._context.theme, "check", _("Done"), lambda: self.done.emit(line))
            row.across.addWidget(tick, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _when(self, line: AgendaLine) -> str:
        zone = self._context.zone
        if line.due_at is None:
            return ""
        if self._deals:
            days = max(0, (clock.now() - line.due_at) // clock.DAY)
            return ngettext("{count} day", "{count} days", days).format(count=format_number(days))
        local = clock.from_micros(line.due_at).astimezone(zone)
        if local.date() != clock.local_date(clock.now(), zone):
            return format_date_short(line.due_at, zone)
        return "" if line.all_day else f"{local:%H:%M}"


def _card_of(line: AgendaLine) -> tuple[str, int]:
    for kind, record_id in (("deal", line.deal_id), ("company", line.company_id), ("person", line.person_id)):
        if record_id:
            return kind, record_id
    return "", 0
