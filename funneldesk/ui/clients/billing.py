"""The section of a client's card with what is owed and what was paid."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from funneldesk.domain import card as model
from funneldesk.domain.billing import InvoiceState, Payment
from funneldesk.text import _, format_date_short, format_money, format_number, ngettext
from funneldesk.ui.clients.billing_dialogs import InvoiceDialog, PaymentDialog
from funneldesk.ui.clients.sections import Line, Section
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

_SHOWN = 5  # lines shown at first


class BillingSection(Section):
    """Sums by currency, the invoices (those that are owed first), money on account."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context.theme, _("Invoices and payments"))
        self._context = context
        self._card: model.ClientCard | None = None
        self._all = False

    def show_billing(self, card: model.ClientCard) -> None:
        """Show what a card says."""
        self._card = card
        self.clear()
        for text, role in balance_words(card):
            label = PlainLabel(text, role)
            label.setWordWrap(True)
            self.add(label)
        states = sorted(card.invoices, key=lambda s: (s.outstanding == 0, -s.overdue_days))
        numbers = {s.invoice.id: s.invoice.number for s in card.invoices}
        lines = [self._invoice_line(state) for state in states]
        lines += [self._payment_line(p, numbers.get(p.invoice_id or 0, "")) for p in card.payments]
        shown = lines if self._all else lines[:_SHOWN]
        for line in shown:
            self.add(line)
        for line in lines[len(shown) :]:
            line.deleteLater()
        if len(lines) > len(shown):
            self.add(_left(push_button(_("Show all"), self._show_all, role="link")))
        if not lines:
            self.add(Quiet(_("No invoices yet."), wrap=True, small=True))
        if not self._context.read_only:
            self.add(self._buttons())

    def _show_all(self) -> None:
        self._all = True
        if self._card is not None:
            self.show_billing(self._card)

    def _buttons(self) -> QWidget:
        theme = self._context.theme
        return _left(
            push_button(_("New invoice"), self.new_invoice, role="link", theme=theme, icon="receipt"),
            push_button(_("New payment"), self.new_payment, role="link", theme=theme, icon="banknote"),
        )

    def _invoice_line(self, state: InvoiceState) -> Line:
        invoice = state.invoice
        name = _("Credit note {number}") if invoice.credit_note else _("Invoice {number}")
        token, more = "quiet", invoice_words(state)
        if state.overdue_days:
            token = "danger"
        elif not state.outstanding:
            token = "won_text"
        left = ""
        if state.paid and state.outstanding:
            left = _("{amount} outstanding").format(amount=format_money(state.outstanding, invoice.currency))
        line = Line(
            self._context.theme, "receipt", name.format(number=invoice.number), more,
            format_money(invoice.amount, invoice.currency), token=token, right_more=left,
            right_role="strong" if state.outstanding else "quiet",
        )  # fmt: skip
        line.clicked.connect(lambda: self._open_invoice(state))
        return line

    def _payment_line(self, payment: Payment, number: str) -> Line:
        about = _("For invoice {number}").format(number=number) if number else _("On account")
        name = _("Payment") if payment.amount > 0 else _("Paid back")
        line = Line(
            self._context.theme, "banknote", name, " · ".join(p for p in (_day(payment.date), about) if p),
            format_money(payment.amount, payment.currency), token="won_text",
        )  # fmt: skip
        line.clicked.connect(lambda: self._open_payment(payment))
        return line

    # -- dialogs --------------------------------------------------------------------------------

    def new_invoice(self) -> None:
        """Ask for a new invoice."""
        if self._card is not None:
            self._open(InvoiceDialog(self._context, self, self._card))

    def new_payment(self) -> None:
        """Ask for a new payment."""
        if self._card is not None:
            self._open(PaymentDialog(self._context, self, self._card))

    def _open_invoice(self, state: InvoiceState) -> None:
        if self._card is not None and not self._context.read_only:
            self._open(InvoiceDialog(self._context, self, self._card, state.invoice))

    def _open_payment(self, payment: Payment) -> None:
        if self._card is not None and not self._context.read_only:
            self._open(PaymentDialog(self._context, self, self._card, payment))

    @staticmethod
    def _open(dialog: InvoiceDialog | PaymentDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def balance_words(card: model.ClientCard) -> list[tuple[str, str]]:
    """(text, role): what is owed in each currency, of it overdue, and what is paid on account."""
    out = []
    for balance in card.balances:
        parts = [
            _("Outstanding: {amount}").format(amount=format_money(balance.outstanding, balance.currency))
        ]
        if balance.overdue:
            amount = format_money(balance.overdue, balance.currency)
            parts.append(_("overdue: {amount}").format(amount=amount))
        if balance.on_account:
            amount = format_money(balance.on_account, balance.currency)
            parts.append(_("on account: {amount}").format(amount=amount))
        out.append((" · ".join(parts), "error" if balance.overdue else "strong"))
    return out


def invoice_words(state: InvoiceState) -> str:
    """When an invoice was written and how it stands."""
    parts = [_day(state.invoice.date)]
    if state.overdue_days:
        days = ngettext("{count} day overdue", "{count} days overdue", state.overdue_days)
        parts.append(days.format(count=format_number(state.overdue_days)))
    elif not state.outstanding:
        parts.append(_("settled"))
    elif state.invoice.due_date:
        parts.append(_("due {day}").format(day=_day(state.invoice.due_date)))
    return " · ".join(part for part in parts if part)


def _day(text: str | None) -> str:
    return format_date_short(date.fromisoformat(text)) if text else ""


def _left(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(SPACE_2)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return row
