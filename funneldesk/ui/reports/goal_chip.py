"""The goal of a reverse plan or a forecast: so many wins, or so much money."""

from __future__ import annotations

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from funneldesk.errors import UserError
from funneldesk.text import _, error_text, format_money, format_number, ngettext
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.fields import MoneyField
from funneldesk.ui.widgets.labels import PlainLabel, Quiet
from funneldesk.ui.widgets.popup_filter import FilterChip, Popup

MOST_WINS = 1_000_000


class GoalChip(FilterChip):
    """One of wins and money (minor units of `currency`); 0 = none of it."""

    def __init__(self, theme: Theme, currency: str, parent: QWidget | None = None) -> None:
        self._wins, self._amount = 0, 0
        self._currency = currency
        super().__init__(theme, _("Goal"), "target", parent)

    def goal(self) -> tuple[int, int]:
        """Wins and money."""
        return self._wins, self._amount

    def set_goal(self, wins: int, amount: int) -> None:
        """Show a goal without telling anybody."""
        self._wins, self._amount = wins, amount
        words = ""
        if amount:
            words = format_money(amount, self._currency, cents=False)
        elif wins:
            words = ngettext("{count} win", "{count} wins", wins).format(count=format_number(wins))
        self._show(words)

    def choose(self, wins: int, amount: int) -> None:
        """Set a goal as a person does."""
        self.set_goal(wins, amount)
        self.changed.emit()

    def clear(self) -> None:
        """No goal."""
        if self._wins or self._amount:
            self.choose(0, 0)

    def _open(self) -> None:
        popup = Popup(self)
        wins = QLineEdit(str(self._wins) if self._wins else "")
        wins.setValidator(QIntValidator(1, MOST_WINS, wins))
        money = MoneyField(self._currency, self._amount or None)
        for words, field in ((_("Goal, wins"), wins), (_("or, amount"), money)):
            popup.column.addWidget(Quiet(words))
            popup.column.addWidget(field)
            field.setAccessibleName(words)
        error = PlainLabel("", "error")
        error.setWordWrap(True)
        error.setVisible(False)
        popup.column.addWidget(error)

        def take() -> None:
            try:
                amount = money.value() or 0
            except UserError as refused:
                error.setText(error_text(refused))
                error.setVisible(True)
                return
            except ValueError:
                error.setText(_("This is no amount."))
                error.setVisible(True)
                return
            typed = wins.text().strip()
            popup.close()
            self.choose(0 if amount > 0 else int(typed or 0), max(0, amount))

        def drop() -> None:
            popup.close()
            self.clear()

        popup.column.addWidget(PrimaryButton(_("Set the goal"), take))
        popup.column.addWidget(push_button(_("No goal"), drop, role="link"))
        popup.open_under(self)
        wins.setFocus()
