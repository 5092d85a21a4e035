"""What is asked when a deal is won or lost: one small dialog, Cancel leaves everything as it was."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QWidget,
)

from funneldesk.domain import clock
from funneldesk.domain.deal import Status
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.clients.due import Due, DueButton
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import DateField, MoneyField
from funneldesk.ui.widgets.labels import PlainLabel, Quiet, plain_tooltip

if TYPE_CHECKING:
    from funneldesk.services.deals import FollowUp, Loss
    from funneldesk.store.queries.board import ClosingFacts, DealPlace

_NEW = -1  # the line that makes a reason of one's own


def _open_to(facts: ClosingFacts, status: Status) -> list[DealPlace]:
    """The deals that are to be closed so; those that are already stay as they are."""
    return [deal for deal in facts.deals if deal.status != status] or list(facts.deals)


def _about(facts: ClosingFacts, status: Status) -> str:
    """The one deal that it is about; of several deals how many are closed already."""
    deals, words = _open_to(facts, status), []
    if len(deals) == 1:
        words += [text for text in (deals[0].client, deals[0].title) if text]
    if len(facts.deals) > 1:
        closed = Counter(deal.status for deal in facts.deals)
        for kind, text in (
            (Status.WON, _("Won already: {count}")),
            (Status.LOST, _("Lost already: {count}")),
        ):
            if closed[kind]:
                words.append(text.format(count=format_number(closed[kind])))
    return " · ".join(words)


class _Dialog(Dialog):
    """A heading with what it is about, rows, and two buttons."""

    help_page = "board"

    def __init__(self, theme: Theme, title: str, about: str, parent: QWidget | None) -> None:
        super().__init__(theme, parent)
        self.theme = theme
        self.rows = self.headed(title, 440, SPACE_2, fixed=True)
        line = Quiet(about, wrap=True)
        line.setVisible(bool(about))
        self.rows.addWidget(line)
        self.rows.addSpacing(SPACE)

    def add_buttons(self, do: str, icon: str) -> None:
        """Cancel and the button that does it."""
        self.rows.addSpacing(SPACE_2)
        self.do_button = PrimaryButton(do, self.accept, theme=self.theme, icon=icon)
        self.add_foot(self.rows, self.do_button)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)


class WonDialog(_Dialog):
    """Asks for how much and on which day a deal was won; of several deals only the day."""

    def __init__(self, context: AppContext, facts: ClosingFacts, parent: QWidget | None = None) -> None:
        deals = _open_to(facts, Status.WON)
        count = len(deals)
        title = ngettext("{count} deal won", "{count} deals won", count).format(count=format_number(count))
        if count == 1:
            title = _("Deal won")
        super().__init__(context.theme, title, _about(facts, Status.WON), parent)
        self._context = context
        deal = deals[0]
        self.field = MoneyField(deal.currency or context.currency, deal.amount)
        self.field.edit.setAccessibleName(_("Amount"))
        self.error = PlainLabel("", "error")
        self.error.hide()
        if count == 1:
            self.rows.addWidget(PlainLabel(_("Amount"), "field"))
            self.rows.addWidget(self.field)
            self.rows.addWidget(self.error)
            self.rows.addWidget(Quiet(_("Leave it empty when it is not known yet."), small=True))
        self.rows.addSpacing(SPACE)
        self.rows.addWidget(PlainLabel(_("Won on"), "field"))
        self.day = DateField(context.theme, self._today().isoformat())
        self.day.edit.setAccessibleName(_("Day of the win"))
        self.rows.addWidget(self.day)
        self.day_error = PlainLabel("", "error")
        self.day_error.hide()
        self.rows.addWidget(self.day_error)
        do = ngettext("Mark {count} deal as won", "Mark {count} deals as won", count)
        words = _("Mark as won") if count == 1 else do.format(count=format_number(count))
        self.add_buttons(words, "trophy")
        (self.field if count == 1 and deal.amount is None else self.do_button).setFocus()
        if count != 1:
            self.field.hide()

    def _today(self) -> date:
        return clock.local_date(clock.now(), self._context.zone)

    def amount(self) -> int | None:
        """Minor units, None when left empty."""
        return self.field.value() if self.field.isVisibleTo(self) else None

    def at(self) -> int | None:
        """The moment of the win: noon of its day, None (now) when it is today."""
        day = date.fromisoformat(self.day.value() or self._today().isoformat())
        if day == self._today():
            return None
        return clock.start_of_day(day, self._context.zone) + clock.DAY // 2

    # Qt overrides

    def accept(self) -> None:
        """Close when amount and day can be read."""
        self.error.hide()
        self.day_error.hide()
        try:
            self.amount()
        except ValueError:
            self.error.setText(_("This cannot be understood"))
            self.error.show()
            self.field.edit.setFocus()
            return
        try:
            late = date.fromisoformat(self.day.value() or self._today().isoformat()) > self._today()
            wrong = _("This day has not come yet.") if late else ""
        except ValueError:
            wrong = _("This cannot be understood")
        if wrong:
            self.day_error.setText(wrong)
            self.day_error.show()
            self.day.edit.setFocus()
            return
        super().accept()


class LossDialog(_Dialog):
    """Asks why deals were lost: a reason, a comment, the competitor where the reason is one."""

    def __init__(self, context: AppContext, facts: ClosingFacts, parent: QWidget | None = None) -> None:
        count = len(_open_to(facts, Status.LOST))
        title = ngettext("{count} deal lost", "{count} deals lost", count).format(count=format_number(count))
        if count == 1:
            title = _("Deal lost")
        super().__init__(context.theme, title, _about(facts, Status.LOST), parent)
        self._context = context
        self._facts = facts
        self._required = facts.comment_required
        self._add_reasons()
        self._add_competitor()
        self._add_comment()
        self._add_follow_up()
        do = ngettext("Mark {count} deal as lost", "Mark {count} deals as lost", count)
        words = _("Mark as lost") if count == 1 else do.format(count=format_number(count))
        self.add_buttons(words, "circle-x")
        self._show_extra()
        self.reasons.setFocus()

    def _add_reasons(self) -> None:
        self.rows.addWidget(PlainLabel(_("Why was it lost?"), "field"))
        self.reasons = QListWidget()
        self.reasons.setAccessibleName(_("Reason"))
        for reason in self._facts.reasons:
            item = QListWidgetItem(reason.name)
            if reason.outcome:
                item.setToolTip(plain_tooltip(reason.outcome))
            item.setData(Qt.ItemDataRole.UserRole, reason.id)
            self.reasons.addItem(item)
        other = QListWidgetItem(_("Another reason…"))
        other.setData(Qt.ItemDataRole.UserRole, _NEW)
        other.setForeground(self.theme.color("accent"))
        self.reasons.addItem(other)
        row = self.theme.px(26)
        self.reasons.setStyleSheet(f"QListView::item {{ height: {row}px; padding-left: 4px; }}")
        self.reasons.setFixedHeight(min(self.reasons.count(), 8) * (row + SPACE) + SPACE_2)
        self.reasons.itemSelectionChanged.connect(self._show_extra)
        self.rows.addWidget(self.reasons)
        self.new_reason = QLineEdit()
        self.new_reason.setPlaceholderText(_("Reason in a few words"))
        self.new_reason.setAccessibleName(_("Another reason"))
        self.rows.addWidget(self.new_reason)
        self.reason_error = PlainLabel("", "error")
        self.reason_error.hide()
        self.rows.addWidget(self.reason_error)
        if self.reasons.count() == 1:
            self.reasons.setCurrentRow(0)

    def _add_competitor(self) -> None:
        self._competitor_label = PlainLabel(_("To which competitor?"), "field")
        self.competitor = QLineEdit()
        self.competitor.setAccessibleName(_("Competitor"))
        completer = QCompleter(list(self._facts.competitors), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.competitor.setCompleter(completer)
        self.rows.addWidget(self._competitor_label)
        self.rows.addWidget(self.competitor)

    def _add_comment(self) -> None:
        self.rows.addSpacing(SPACE)
        label = _("Comment") if self._required else _("Comment (may be left out)")
        self.rows.addWidget(PlainLabel(label, "field"))
        self.comment = QPlainTextEdit()
        self.comment.setTabChangesFocus(True)
        self.comment.setAccessibleName(_("Comment"))
        self.comment.setPlaceholderText(_("What did the client say? What would have changed it?"))
        self.comment.setFixedHeight(self.theme.px(20) * 3 + SPACE_3)
        self.rows.addWidget(self.comment)
        self.comment_error = PlainLabel("", "error")
        self.comment_error.hide()
        self.rows.addWidget(self.comment_error)

    def _add_follow_up(self) -> None:
        self.follow = QCheckBox(_("Plan what comes next"))
        self.rows.addWidget(self.follow)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.follow_text = QLineEdit()
        self.follow_text.setAccessibleName(_("What is to be done next"))
        self.follow_due = DueButton(self._context)
        self.follow_due.set_due(Due(self.follow_due.today() + timedelta(days=30)))
        row.addWidget(self.follow_text, 1)
        row.addWidget(self.follow_due)
        self.rows.addLayout(row)
        self.follow.toggled.connect(self._show_extra)

    def _follow_up(self) -> FollowUp | None:
        from funneldesk.services.deals import FollowUp

        text = self.follow_text.text().strip()
        if not self.follow.isChecked() or not text:
            return None
        planned = self.follow_due.due().planned(self._context)
        return FollowUp(text, planned["due_at"], planned.get("due_local"), planned.get("due_zone"))

    def _reason_id(self) -> int | None:
        # the cursor alone is no choice: the focus puts it on the first line
        chosen = self.reasons.selectedItems()
        return int(chosen[0].data(Qt.ItemDataRole.UserRole)) if chosen else None

    def _show_extra(self) -> None:
        chosen = self._reason_id()
        competitor = any(r.id == chosen and r.competitor for r in self._facts.reasons)
        self._competitor_label.setVisible(competitor)
        self.competitor.setVisible(competitor)
        self.new_reason.setVisible(chosen == _NEW)
        if chosen == _NEW and self.isVisible():
            self.new_reason.setFocus()
        if chosen is not None:
            self.reason_error.hide()
        advice = next((r.advice for r in self._facts.reasons if r.id == chosen), None)
        self.follow_text.setPlaceholderText(advice or _("For example: call again"))
        if self.follow.isChecked() and not self.follow_text.text() and advice:
            self.follow_text.setText(advice)
            self.follow_text.setCursorPosition(0)
        self.follow_text.setVisible(self.follow.isChecked())
        self.follow_due.setVisible(self.follow.isChecked())
        self.adjustSize()

    def loss(self) -> Loss:
        """What was answered."""
        from funneldesk.services.deals import Loss

        chosen = self._reason_id()
        competitor = self.competitor.text().strip() if self.competitor.isVisibleTo(self) else ""
        return Loss(
            reason_id=None if chosen == _NEW else chosen,
            comment=self.comment.toPlainText().strip(),
            competitor=competitor or None,
            new_reason=self.new_reason.text().strip() if chosen == _NEW else "",
            follow_up=self._follow_up(),
        )

    # Qt overrides

    def accept(self) -> None:
        """Close when nothing is missing."""
        chosen = self._reason_id()
        no_reason = chosen is None or (chosen == _NEW and not self.new_reason.text().strip())
        no_comment = self._required and not self.comment.toPlainText().strip()
        self.reason_error.setText(_("Choose why the deal was lost."))
        self.reason_error.setVisible(no_reason)
        self.comment_error.setText(_("Write in a few words why the deal was lost."))
        self.comment_error.setVisible(no_comment)
        self.adjustSize()
        if no_reason:
            (self.new_reason if chosen == _NEW else self.reasons).setFocus()
        elif no_comment:
            self.comment.setFocus()
        else:
            super().accept()
