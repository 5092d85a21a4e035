"""A list of calls for a manager; a deal again now or on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.clients.due import DueButton
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE, SPACE_2
from funneldesk.ui.today.result import NEXT_KINDS, KindRow
from funneldesk.ui.today.who import WhoButton
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import DateField
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class _Small(Dialog):
    """A heading, rows, and two buttons."""

    help_page = "again"

    def __init__(self, context: AppContext, title: str, do: str, parent: QWidget | None) -> None:
        super().__init__(context.theme, parent)
        self.context = context
        column = self.headed(title, 420, SPACE_2, fixed=True)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(SPACE_2)
        column.addLayout(self.rows)
        self.do_button = PrimaryButton(do, self.accept)
        column.addSpacing(SPACE)
        self.add_foot(column, self.do_button)


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


class DayDialog(_Small):
    """On which day; today at the earliest, and not empty unless `empty_words` say what that means."""

    def __init__(
        self,
        context: AppContext,
        title: str,
        day: str,
        parent: QWidget | None = None,
        *,
        do: str = "",
        empty_words: str = "",
    ) -> None:
        super().__init__(context, title, do or _("Put it on that day"), parent)
        self._may_be_empty = bool(empty_words)
        self.rows.addWidget(PlainLabel(_("On the day"), "field"))
        self.field = DateField(context.theme, day)
        self.field.edit.setAccessibleName(_("On the day"))
        self.rows.addWidget(self.field)
        if empty_words:
            self.rows.addWidget(Quiet(empty_words, wrap=True))
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
        if (day is None and not self._may_be_empty) or (day is not None and day < today):
            self.error.setText(_("This cannot be understood") if not day else _("Choose a day to come."))
            self.error.show()
            self.field.setFocus()
            return
        super().accept()


class RepeatDialog(DayDialog):
    """On which day the deals are to be started again; empty = now."""

    def __init__(self, context: AppContext, count: int, parent: QWidget | None = None) -> None:
        words = ngettext("Start {count} deal again", "Start {count} deals again", count)
        in_a_year = clock.local_date(clock.now(), context.zone) + timedelta(days=365)
        super().__init__(
            context,
            words.format(count=format_number(count)),
            in_a_year.isoformat(),
            parent,
            do=_("Start again"),
            empty_words=_("A new deal is made on that day, with client, sum and manager. Empty: now."),
        )


def ask_again(context: AppContext, deal_ids: Sequence[int], parent: QWidget) -> RepeatDialog:
    """Ask for the day and start the deals again, now or then."""
    ids = list(deal_ids)
    dialog = RepeatDialog(context, len(ids), parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def work() -> None:
        day = dialog.day()

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import repeats

            if day is None:
                return repeats.start(db, ids, actor=actor)
            return repeats.plan(db, ids, date.fromisoformat(day), actor=actor)

        save(context, write, parent)

    dialog.accepted.connect(work)
    dialog.open()
    return dialog
