"""One list of the day: a heading with the number, and the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.text import _, format_date_short, format_number, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import pixmap
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3
from funneldesk.ui.today.row import DayRow
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.domain.team import Manager
    from funneldesk.services.agenda import Part
    from funneldesk.store.queries.agenda import AgendaLine

SHOWN = 20
HOUR = 3600 * clock.SECOND


class DaySection(QFrame):
    """A list; with nothing in it a sentence, and what to do instead."""

    opened = Signal(str, int)
    row_made = Signal(object)  # DayRow

    def __init__(
        self,
        context: AppContext,
        title: str,
        nothing: str,
        *,
        late: bool = False,
        waiting: bool = False,
        mine: bool = True,
        button: str = "",
        act: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._context = context
        self._late, self._waiting, self._mine = late, waiting, mine
        self._part: Part | None = None
        self._shown = SHOWN
        self.managers: list[Manager] = []
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        column.setSpacing(SPACE)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        head.setSpacing(SPACE_2)
        self._tick = QLabel()
        self._tick.setPixmap(pixmap("circle-check", context.theme.success, context.theme.px(16)))
        head.addWidget(self._tick)
        head.addWidget(PlainLabel(title, "strong"))
        self.count = Quiet()
        head.addWidget(self.count)
        head.addStretch(1)
        column.addLayout(head)
        foot = QHBoxLayout()
        foot.setContentsMargins(SPACE_2, 0, 0, 0)
        self._empty = Quiet(nothing, wrap=True)
        foot.addWidget(self._empty, 1)
        self.act = push_button(button, act, role="link")
        foot.addWidget(self.act)
        column.addLayout(foot)
        for widget in (self._tick, self._empty, self.act):
            widget.hide()  # what is not read yet is not said to be nothing
        self._inner: QWidget | None = None
        self._column = column
        self.rows: list[DayRow] = []

    def show_part(self, part: Part) -> None:
        """Show other lines."""
        self._part = part
        self.count.setText(format_number(part.count))
        for widget in (self._tick, self._empty, self.act):
            widget.setVisible(not part.count)
        self.count.setVisible(bool(part.count))
        if self._inner is not None:
            self._column.removeWidget(self._inner)
            self._inner.hide()
            self._inner.deleteLater()
        inner = self._inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.rows = [self._row(line) for line in part.lines[: self._shown]]
        for row in self.rows:
            column.addWidget(row)
        self._add_more(column, part)
        inner.setVisible(bool(part.lines))
        self._column.addWidget(inner)

    def _add_more(self, column: QVBoxLayout, part: Part) -> None:
        hidden = part.count - len(self.rows)
        if hidden <= 0:
            return
        words = ngettext("and {count} more", "and {count} more", hidden).format(count=format_number(hidden))
        if len(part.lines) > len(self.rows):
            column.addWidget(push_button(words, self._show_more, role="link"))
        else:
            rest = Quiet(words)
            rest.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE)
            column.addWidget(rest)

    def _show_more(self) -> None:
        self._shown += 2 * SHOWN
        if self._part is not None:
            self.show_part(self._part)

    def _row(self, line: AgendaLine) -> DayRow:
        late = self._late or (not self._mine and self._overdue(line))
        row = DayRow(self._context, line, self._when(line), late=late, mine=self._mine)
        row.managers = self.managers
        kind, record_id = card_of(line)
        if kind:
            row.opened.connect(lambda: self.opened.emit(kind, record_id))
        self.row_made.emit(row)
        return row

    def _overdue(self, line: AgendaLine) -> bool:
        if line.done_at is not None or line.due_at is None:
            return False
        return line.due_at + (clock.DAY if line.all_day else 0) < clock.now()

    def _when(self, line: AgendaLine) -> str:
        zone, now = self._context.zone, clock.now()
        if line.done_at is not None:
            return _("done {day}").format(day=format_date_short(line.done_at, zone))
        if line.due_at is None:
            return ""
        if self._waiting:
            waited = max(0, now - line.due_at)
            if waited < clock.DAY:
                hours = waited // HOUR
                return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
            days = waited // clock.DAY
            return ngettext("{count} day", "{count} days", days).format(count=format_number(days))
        local = clock.from_micros(line.due_at).astimezone(zone)
        if local.date() != clock.local_date(now, zone):
            return format_date_short(line.due_at, zone)
        return "" if line.all_day else f"{local:%H:%M}"


def card_of(line: AgendaLine) -> tuple[str, int]:
    """The card that a line opens."""
    for kind, record_id in (
        ("deal", line.deal_id),
        ("lead", line.lead_id),
        ("company", line.company_id),
        ("person", line.person_id),
    ):
        if record_id:
            return kind, record_id
    return "", 0
