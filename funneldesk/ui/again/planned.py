"""Deals that are to be started again on a day to come: another day, or not after all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.text import _, format_date, format_money, format_number, ngettext
from funneldesk.ui.again.dialogs import DayDialog
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2, SPACE_3
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.empty import EmptyState

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.queries.repeats import PlannedRepeat


class PlannedRepeats(QWidget):
    """The list, the earliest first; `counted` says how many, `opened` the client or deal of a line."""

    counted = Signal(int)
    opened = Signal(str, int)

    def __init__(self, context: AppContext, back: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self._wanted: tuple[str, int] | None = None
        self.lines: list[PlannedRepeat] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_3)
        self.table = self._table()
        self.empty = EmptyState(
            context.theme, "calendar-clock", _("Nothing is planned to be started again."),
            _("Choose deals to start again"), back, primary=False,
        )  # fmt: skip
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column.addWidget(self._stack, 1)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        theme = context.theme
        self.day_button = push_button(_("Another day…"), self.ask_day, theme=theme, icon="calendar")
        self.cancel_button = push_button(_("Do not start again"), self.cancel, theme=theme, icon="ban")
        for button in (self.day_button, self.cancel_button):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 6)
        table.setAccessibleName(_("Planned repeats"))
        names = (_("On the day"), _("Client"), _("Deal"), _("Amount"), _("Funnel"), _("Manager"))
        table.setHorizontalHeaderLabels(list(names))
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.horizontalHeader().setStretchLastSection(True)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        table.horizontalHeader().setDefaultAlignment(left)
        for place, width in enumerate((140, 230, 230, 130, 160, 120)):
            table.setColumnWidth(place, self._context.theme.px(width))
        table.itemSelectionChanged.connect(self._selected)
        table.itemActivated.connect(lambda item: self._open(item.row()))
        return table

    # -- what is shown ------------------------------------------------------------------------

    def read(self, wanted: tuple[str, int] | None = None) -> None:
        """Read the list; `wanted` is the client or the deal whose lines are to be selected."""
        self._wanted = wanted or self._wanted

        def work(db: Database) -> list[PlannedRepeat]:
            from funneldesk.store.queries.repeats import planned_repeats

            with db.read() as conn:
                return planned_repeats(conn)

        self._context.tasks.read(work, self._show, receiver=self, key="planned-repeats")

    def _show(self, lines: list[PlannedRepeat]) -> None:
        kept = {line.repeat.id for line in self.selected()}
        self.lines = lines
        self.table.setRowCount(len(lines))
        chosen = self.table.selectionModel()
        self.table.clearSelection()
        for row, line in enumerate(lines):
            self._fill(row, line)
            repeat, wanted = line.repeat, self._wanted
            mine = wanted is not None and getattr(repeat, f"{wanted[0]}_id") == wanted[1]
            if mine or repeat.id in kept:
                how = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
                chosen.select(self.table.model().index(row, 0), how)
        self._wanted = None
        self._stack.setCurrentIndex(0 if lines else 1)
        self.counted.emit(len(lines))
        self._selected()

    def _fill(self, row: int, line: PlannedRepeat) -> None:
        repeat = line.repeat
        currency = repeat.currency or self._context.currency
        amount = format_money(repeat.amount, currency) if repeat.amount is not None else "–"
        day = format_date(date.fromisoformat(repeat.due_day))
        texts = (day, line.client, repeat.title, amount, line.funnel, line.manager)
        for place, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if place == 3:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, place, item)

    def selected(self) -> list[PlannedRepeat]:
        """The lines selected."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self.lines[row] for row in rows if row < len(self.lines)]

    def _selected(self) -> None:
        writable = bool(self.selected()) and not self._context.read_only
        for button in (self.day_button, self.cancel_button):
            button.setEnabled(writable)
            button.setVisible(bool(self.lines))

    def _open(self, row: int) -> None:
        repeat = self.lines[row].repeat
        for kind in ("deal", "company", "person"):
            record_id = getattr(repeat, f"{kind}_id")
            if record_id:
                self.opened.emit(kind, record_id)
                return

    # -- what is done -------------------------------------------------------------------------

    def ask_day(self) -> None:
        """Another day for the lines selected."""
        lines = self.selected()
        if not lines:
            return
        count = len(lines)
        words = ngettext("Another day for {count} deal", "Another day for {count} deals", count)
        first = lines[0].repeat.due_day
        today = clock.local_date(clock.now(), self._context.zone).isoformat()
        self.dialog = DayDialog(
            self._context, words.format(count=format_number(count)), max(first, today), self
        )
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ids, dialog = [line.repeat.id for line in lines], self.dialog
        dialog.accepted.connect(lambda: self._put(ids, dialog.day()))
        dialog.open()

    def _put(self, ids: list[int], day: str | None) -> None:
        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import repeats

            return repeats.put_day(db, ids, date.fromisoformat(day or ""), actor=actor)

        save(self._context, write, self)

    def cancel(self) -> None:
        """The lines selected are not to be started again; the toast takes it back."""
        ids = [line.repeat.id for line in self.selected()]

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import repeats

            return repeats.cancel(db, ids, actor=actor)

        if ids:
            save(self._context, write, self)
