"""A list of calls for a manager; a deal again now or on a day."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.clients.due import DueButton
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_4
from funneldesk.ui.today.result import NEXT_KINDS, KindRow
from funneldesk.ui.today.who import WhoButton
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.fields import DateField
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet


class _Small(QDialog):
    """A heading, rows, and two buttons."""

    def __init__(self, context: AppContext, title: str, do: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context = context
        self.setWindowTitle(title)
        self.setFixedWidth(context.theme.px(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_2)
        column.addWidget(Heading(title, 2))
        self.rows = QVBoxLayout()
        self.rows.setSpacing(SPACE_2)
        column.addLayout(self.rows)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(push_button(_("Cancel"), self.reject))
        self.do_button = PrimaryButton(do, self.accept)
        self.do_button.setDefault(True)
        foot.addWidget(self.do_button)
        column.addSpacing(SPACE)
        column.addLayout(foot)


class CallsDialog(_Small):
    """What is to be done with all of them, when and by whom."""

    def __init__(self, context: AppContext, count: int, advice: str, parent: QWidget | None = None) -> None:
        words = ngettext("A task for {count} client", "Tasks for {count} clients", count)
        super().__init__(context, words.format(count=format_number(count)), _("Plan"), parent)
        self.kinds = KindRow(context, NEXT_KINDS, "call")
        self.text = QLineEdit(advice)
        self.text.setPlaceholderText(_("What is to be done?"))
        self.text.setAccessibleName(_("What is to be done?"))
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.due, self.who = DueButton(context), WhoButton(context, _("For me"))
        row.addWidget(self.due)
        row.addWidget(self.who)
        row.addStretch(1)
        self.rows.addWidget(self.kinds)
        self.rows.addWidget(self.text)
        self.rows.addLayout(row)
        self.text.setFocus()


class RepeatDialog(_Small):
    """On which day the deals are to be started again; empty = now."""

    def __init__(self, context: AppContext, count: int, parent: QWidget | None = None) -> None:
        words = ngettext("Start {count} deal again", "Start {count} deals again", count)
        super().__init__(context, words.format(count=format_number(count)), _("Start again"), parent)
        today = clock.local_date(clock.now(), context.zone)
        self.rows.addWidget(PlainLabel(_("On the day"), "field"))
        self.field = DateField(context.theme, (today + timedelta(days=365)).isoformat())
        self.field.edit.setAccessibleName(_("On the day"))
        self.rows.addWidget(self.field)
        self.rows.addWidget(
            Quiet(_("A new deal is made on that day, with client, sum and manager. Empty: now."), wrap=True)
        )
        self.error = PlainLabel("", "error")
        self.error.hide()
        self.rows.addWidget(self.error)
        self.field.setFocus()

    def day(self) -> str | None:
        """The ISO day, None = now."""
        return self.field.value()

    # Qt overrides

    def accept(self) -> None:
        """Close when the day can be read and is not past."""
        today = clock.local_date(clock.now(), self.context.zone).isoformat()
        try:
            day = self.field.value()
        except ValueError:
            day = ""
        if day is not None and day < today:
            self.error.setText(_("This cannot be understood") if not day else _("Choose a day to come."))
            self.error.show()
            self.field.setFocus()
            return
        super().accept()
