"""Currency rates: the list in the settings, and the dialog of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.change import Change
from funneldesk.domain.team import CurrencyRate
from funneldesk.text import _, format_date, format_number
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class RatesSection(QWidget):
    """Every rate with the day it holds from; they are added, changed and removed."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._rates: Sequence[CurrencyRate] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        sentence = _("Sums of deals in another currency are counted in {currency} by the rate of their day.")
        column.addWidget(Quiet(sentence.format(currency=context.currency), wrap=True))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Currency rates"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        row = context.theme.px(26)
        self.list.setStyleSheet(f"QListView::item {{ height: {row}px; padding-left: 4px; }}")
        self.list.setFixedHeight(row * 9 + SPACE_2)
        self.list.itemDoubleClicked.connect(lambda _item: self.change())
        self.list.currentRowChanged.connect(lambda _row: self._enable())
        column.addWidget(self.list)
        self.note = Quiet(
            _("No rates yet. Without one, sums in another currency are left out and said to be."), wrap=True
        )
        column.addWidget(self.note)
        self.add_button = push_button(_("Add…"), self.add, theme=context.theme, icon="plus")
        self.change_button = push_button(_("Change…"), self.change, theme=context.theme, icon="pencil")
        self.remove_button = push_button(_("Remove"), self.remove, theme=context.theme, icon="trash-2")
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        for button in (self.add_button, self.change_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        remove = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self.remove)
        context.hub.changed.connect(self._changed)
        self.reload()

    def reload(self) -> None:
        """Read the rates anew."""
        self._context.tasks.read(_read, self._take, receiver=self, key="settings-rates")

    def _changed(self, change: Change) -> None:
        if change.touches("currency_rate"):
            self.reload()

    def _take(self, found: Sequence[CurrencyRate]) -> None:
        self._rates = found
        place = self.list.currentRow()
        self.list.clear()
        for rate in found:
            digits = max(2, -int(Decimal(rate.rate).as_tuple().exponent))
            self.list.addItem(
                QListWidgetItem(
                    _("1 {currency} = {rate} {own} from {day}").format(
                        currency=rate.currency,
                        rate=format_number(Decimal(rate.rate), digits),
                        own=self._context.currency,
                        day=format_date(date.fromisoformat(rate.day)),
                    )
                )
            )
        self.list.setCurrentRow(min(place, len(found) - 1))
        self.list.setVisible(bool(found))
        self.note.setVisible(not found)
        self._enable()

    def chosen(self) -> CurrencyRate | None:
        """The rate that is selected."""
        row = self.list.currentRow()
        return self._rates[row] if 0 <= row < len(self._rates) else None

    def _enable(self) -> None:
        writable = not self._context.read_only
        self.add_button.setEnabled(writable)
        for button in (self.change_button, self.remove_button):
            button.setEnabled(writable and self.chosen() is not None)

    def add(self) -> None:
        """Ask for a rate."""
        self._open(None)

    def change(self) -> None:
        """Give the chosen rate another value."""
        if self.chosen() is not None:
            self._open(self.chosen())

    def _open(self, rate: CurrencyRate | None) -> None:
        if not self._context.read_only:
            dialog = RateDialog(self._context, self, rate)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def remove(self) -> None:
        """Take the chosen rate away; the toast brings it back."""
        rate = self.chosen()
        if rate is None or self._context.read_only:
            return

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import team

            return team.delete_rate(db, rate.currency, rate.day, actor=actor)

        save(self._context, write, self)


class RateDialog(FormDialog):
    """Currency, the day from which it holds, and the rate."""

    help_page = "settings"

    error_key = "rate"

    def __init__(self, context: AppContext, parent: QWidget | None, rate: CurrencyRate | None) -> None:
        super().__init__(context, parent, _("Currency rate"), _("Save"), "check")
        from funneldesk.domain import clock

        today = clock.local_date(clock.now(), context.zone).isoformat()
        form = self.form
        form.add_text("currency", _("Currency"), rate.currency if rate else "", required=True, hint="USD")
        form.add_date("day", _("From"), rate.day if rate else today)
        label = _("Worth in {currency}").format(currency=context.currency)
        form.add_text("rate", label, rate.rate if rate else "", required=True)
        form.field("rate" if rate else "currency").setFocus()

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Set the rate."""
        from funneldesk.services import team

        return team.set_rate(db, values["currency"], values["day"] or "", values["rate"], actor=actor)


def _read(db: Database) -> Sequence[CurrencyRate]:
    from funneldesk.services import team

    return team.rates(db)
