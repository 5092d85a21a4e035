"""Clients to be won again: lost ones by reason, and those who have bought and could buy more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.text import _, format_date_short, format_money, format_money_short, format_number, ngettext
from funneldesk.ui.again.dialogs import CallsDialog, RepeatDialog, ask_again
from funneldesk.ui.again.planned import PlannedRepeats
from funneldesk.ui.board.moving import DealMover
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.page import Page
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.popup_filter import ChoiceFilter
from funneldesk.ui.widgets.short_table import dress_table

if TYPE_CHECKING:
    from funneldesk.domain.team import LossReason
    from funneldesk.store.database import Database
    from funneldesk.store.queries.again import AgainLine

LIMIT = 500
LOST, BOUGHT, PLANNED = "lost", "bought", "planned"
Read = tuple[int, "list[AgainLine]", "list[LossReason]", list[tuple[int, str]], dict[int, int]]


class AgainPage(Page):
    """A list with filters; what is chosen gets calls, is opened again or started anew."""

    help_page = "again"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._tab = LOST
        self.dialog: CallsDialog | RepeatDialog | None = None
        self.lines: list[AgainLine] = []
        self._reasons: dict[int, LossReason] = {}
        self._first_stage: dict[int, int] = {}
        self.mover = DealMover(context, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        column.setSpacing(SPACE_3)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(Heading(_("Win again")))
        head.addStretch(1)
        self.count = Quiet()
        head.addWidget(self.count)
        column.addLayout(head)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.tabs: dict[str, QPushButton] = {}
        tabs = ((LOST, _("Lost deals")), (BOUGHT, _("More to clients")), (PLANNED, _("Planned repeats")))
        for key, words in tabs:
            chip = push_button(words, partial(self.show_tab, key), role="chip")
            self.tabs[key] = chip
            row.addWidget(chip)
        row.addStretch(1)
        column.addLayout(row)
        self._bar = self._filters()
        column.addWidget(self._bar)
        self.advice = Quiet("", wrap=True)
        self.advice.hide()
        column.addWidget(self.advice)
        self.table = self._table()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self.empty = EmptyState(
            context.theme, "history", _("Nobody fits what is chosen above."), _("Show all"), self.clear,
            primary=False,
        )  # fmt: skip
        self._stack.addWidget(self.empty)
        self.planned = PlannedRepeats(context, lambda: self.show_tab(LOST))
        self.planned.counted.connect(self._count_planned)
        self.planned.opened.connect(self.open_card)
        self._stack.addWidget(self.planned)
        column.addWidget(self._stack, 1)
        self._buttons = self._foot()
        column.addWidget(self._buttons)
        self._selected()
        self.show_tab(LOST)

    # -- building -----------------------------------------------------------------------------

    def _filters(self) -> QWidget:
        theme, bar = self._context.theme, QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        self.reasons = ChoiceFilter(theme, _("Reason"), icon="circle-x")
        self.reasons.changed.connect(self._read)
        periods = (
            ("", _("All time")), ("30", _("The last 30 days")), ("90", _("The last 90 days")),
            ("365", _("The last year")), ("-180", _("Half a year ago or more")),
        )  # fmt: skip
        self.period = ChoiceField(periods, "", optional=False)
        self.period.setAccessibleName(_("Period"))
        self.has, self.hasnt = ChoiceField(()), ChoiceField(())
        self.has.setAccessibleName(_("Has bought"))
        self.hasnt.setAccessibleName(_("Has not bought"))
        self.mine = push_button(_("Only mine"), role="chip")
        self.mine.setCheckable(True)
        self.mine.toggled.connect(lambda _on: self._read())
        self._has_words, self._hasnt_words = Quiet(_("Has bought")), Quiet(_("Has not bought"))
        for widget in (self.reasons, self.period, self._has_words, self.has, self._hasnt_words, self.hasnt):
            row.addWidget(widget)
        row.addWidget(self.mine)
        row.addStretch(1)
        for field in (self.period, self.has, self.hasnt):
            field.changed.connect(self._read)
        return bar

    def _table(self) -> QTableWidget:
        table = QTableWidget(0, 6)
        table.setAccessibleName(_("Win again"))
        names = (_("Client"), _("Deal"), _("Amount"), _("Closed"), _("Reason"), _("Manager"))
        table.setHorizontalHeaderLabels(list(names))
        dress_table(table, self._context.theme, numbers=(2,))
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.horizontalHeader().setStretchLastSection(True)
        for place, width in enumerate((250, 230, 130, 130, 210, 120)):
            table.setColumnWidth(place, self._context.theme.px(width))
        table.itemSelectionChanged.connect(self._selected)
        table.itemActivated.connect(lambda item: self.open_card.emit("deal", self.lines[item.row()].deal_id))
        return table

    def _foot(self) -> QWidget:
        theme, foot = self._context.theme, QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        self.calls = push_button(_("Plan calls…"), self.plan_calls, theme=theme, icon="phone", role="primary")
        self.again = push_button(_("Start again…"), self.start_again, theme=theme, icon="refresh-cw")
        self.reopen = push_button(_("Open again"), self.open_again, theme=theme, icon="undo-2")
        for button in (self.calls, self.again, self.reopen):
            row.addWidget(button)
        row.addStretch(1)
        return foot

    # -- what is shown ------------------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Win again")

    def activated(self) -> None:
        """Things may have changed."""
        self._read()

    def refresh(self, change: Change | None) -> None:
        """Read again after a change of deals."""
        kinds = ("repeat",) if self._tab == PLANNED else ("deal", "loss_reason", "product", "deal_item")
        if change is None or any(change.touches(kind) for kind in kinds):
            self._read()

    def subject(self) -> tuple[str, int] | None:
        """The deal with the cursor."""
        row = self.table.currentRow() if self._tab != PLANNED else -1
        return ("deal", self.lines[row].deal_id) if 0 <= row < len(self.lines) else None

    def show_params(self, **params: Any) -> None:
        """`planned` shows the planned repeats, those of the client or deal (kind, id) it names selected."""
        if params.get("planned"):
            self.show_tab(PLANNED)
            self.planned.read(params["planned"])

    def show_tab(self, tab: str) -> None:
        """Lost deals, clients who have bought, or what is planned to be started again."""
        self._tab = tab
        lost, planned = tab == LOST, tab == PLANNED
        for key, chip in self.tabs.items():
            chip.setProperty("on", "true" if key == tab else "")
            chip.style().unpolish(chip)
            chip.style().polish(chip)
        self.reasons.setVisible(lost)
        self.reopen.setVisible(lost)
        for widget in (self._has_words, self.has, self._hasnt_words, self.hasnt):
            widget.setVisible(not lost)
        self._bar.setVisible(not planned)
        self._buttons.setVisible(not planned)
        self.table.setColumnHidden(4, not lost)
        self._read()

    def clear(self) -> None:
        """No filter."""
        self.reasons.clear()
        for field in (self.period, self.has, self.hasnt):
            field.setCurrentIndex(0)
        self.mine.setChecked(False)
        self._read()

    def _count_planned(self, count: int) -> None:
        if self._tab == PLANNED:
            words = ngettext("{count} deal", "{count} deals", count)
            self.count.setText(words.format(count=format_number(count)))

    def _read(self) -> None:
        if self._tab == PLANNED:
            self.advice.hide()
            self._stack.setCurrentWidget(self.planned)
            self.selection_changed.emit(0, "")
            self.planned.read()
            return
        lost, span, now = self._tab == LOST, int(str(self.period.value() or 0)), clock.now()
        who = self._context.me if self.mine.isChecked() else None
        self.mine.setVisible(self._context.me is not None)
        period = {
            "since": now - span * clock.DAY if span > 0 else None,
            "until": now + span * clock.DAY if span < 0 else None,
        }
        reasons, has, hasnt = list(self.reasons.chosen()), self.has.value(), self.hasnt.value()

        def read(db: Database) -> Read:
            from funneldesk.store.queries import again, lists

            with db.read() as conn:
                if lost:
                    count, lines = again.lost(conn, reason_ids=reasons, manager_id=who, limit=LIMIT, **period)
                else:
                    count, lines = again.bought(
                        conn,
                        product_id=_id(has),
                        without_id=_id(hasnt),
                        manager_id=who,
                        limit=LIMIT,
                        **period,
                    )
                products = [(p.id, p.name) for p in lists.products(conn)]
                first = {v.funnel.id: v.stages[0].id for v in lists.funnels(conn) if v.stages}
                return count, lines, lists.loss_reasons(conn), products, first

        self._context.tasks.read(read, self._show, receiver=self, key="again")

    def _show(self, found: Read) -> None:
        if self._tab == PLANNED:
            return  # another tab was chosen meanwhile
        count, self.lines, reasons, products, self._first_stage = found
        self._reasons = {reason.id: reason for reason in reasons}
        self.reasons.set_options([(reason.id, reason.name) for reason in reasons])
        for field in (self.has, self.hasnt):
            blocked = QSignalBlocker(field)  # what was chosen stays: nothing is to be read again
            field.set_options(products)
            blocked.unblock()
        self._show_advice()
        self.table.setRowCount(len(self.lines))
        for row, line in enumerate(self.lines):
            self._fill(row, line)
        self._say_why_empty()
        self._stack.setCurrentIndex(0 if self.lines else 1)
        words = ngettext("{count} client", "{count} clients", count).format(count=format_number(count))
        self.count.setText(
            words
            if count <= LIMIT
            else _("{words}, the first {limit} are shown").format(words=words, limit=LIMIT)
        )
        self._selected()

    def _say_why_empty(self) -> None:
        chosen = self.reasons.chosen() or self.period.value() or self.has.value() or self.hasnt.value()
        filtered = bool(chosen) or self.mine.isChecked()
        self.empty.button.setVisible(filtered)
        if filtered:
            self.empty.set_sentence(_("Nobody fits what is chosen above."))
        elif self._tab == LOST:
            words = _("Lost deals come here by themselves when their client has no other open deal.")
            self.empty.set_sentence(words, _("Nobody to win again yet"))
        else:
            words = _("Clients come here by themselves with the first deal that is won.")
            self.empty.set_sentence(words, _("Nobody has bought yet"))

    def _fill(self, row: int, line: AgainLine) -> None:
        currency = line.currency or self._context.currency
        amount = format_money(line.amount, currency) if line.amount is not None else "–"
        closed = format_date_short(line.closed_at, self._context.zone)
        for place, text in enumerate((line.client, line.title, amount, closed, line.reason, line.manager)):
            item = QTableWidgetItem(text)
            if place == 2:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.table.setItem(row, place, item)

    def _show_advice(self) -> None:
        chosen = [self._reasons[i] for i in self.reasons.chosen() if i in self._reasons]
        advice = " ".join(f"{reason.name}: {reason.advice}" for reason in chosen if reason.advice)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice) and self._tab == LOST)

    def selected(self) -> list[AgainLine]:
        """The lines selected; all of them when none is."""
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        return [self.lines[row] for row in rows] or list(self.lines)

    def _selected(self) -> None:
        rows = {index.row() for index in self.table.selectedIndexes()}
        amount = sum(self.lines[row].amount or 0 for row in rows if row < len(self.lines))
        self.selection_changed.emit(
            len(rows), format_money_short(amount, self._context.currency) if amount else ""
        )
        writable = bool(self.lines) and not self._context.read_only
        for button in (self.calls, self.again, self.reopen):
            button.setEnabled(writable)

    # -- what is done -------------------------------------------------------------------------

    def plan_calls(self) -> None:
        """Ask what is to be done, and make a list of it for a manager."""
        lines = self.selected()
        advice = self._reasons[self.reasons.chosen()[0]].advice if len(self.reasons.chosen()) == 1 else ""
        dialog = CallsDialog(self._context, len(lines), advice or "", self)
        dialog.accepted.connect(lambda: self._plan(dialog, [line.deal_id for line in lines]))
        self._open(dialog)

    def _plan(self, dialog: CallsDialog, ids: list[int]) -> None:
        from funneldesk.domain.activity import ActivityKind

        kind, text, who = ActivityKind(dialog.kinds.kind()), dialog.text.text().strip(), dialog.who.who()
        when = dialog.due.due().planned(self._context)

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            step = activities.Step(kind, text, manager_id=who, **when)
            return activities.plan_for(db, ids, step, actor=actor)

        save(self._context, write, self)

    def start_again(self) -> None:
        """New deals for the clients, now or on a day."""
        lines = self.selected()
        self.dialog = ask_again(self._context, [line.deal_id for line in lines], self)

    def open_again(self) -> None:
        """Take the lost deals up again in the first stage of their funnel."""
        by_funnel: dict[int, list[int]] = {}
        for line in self.selected():
            by_funnel.setdefault(line.funnel_id, []).append(line.deal_id)
        for funnel_id, ids in by_funnel.items():
            if funnel_id in self._first_stage:
                self.mover.to_stage(ids, self._first_stage[funnel_id])

    def _open(self, dialog: CallsDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        self.dialog = dialog


def _id(value: object) -> int | None:
    return value if isinstance(value, int) else None
