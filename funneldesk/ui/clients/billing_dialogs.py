"""The dialogs of an invoice and of a payment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from funneldesk.domain import card as model
from funneldesk.domain.billing import Invoice, InvoiceState, Payment
from funneldesk.domain.change import Change
from funneldesk.text import _, format_money
from funneldesk.ui.clients.common import save
from funneldesk.ui.clients.own_rows import OwnRows, without_own
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.fields import MoneyField

if TYPE_CHECKING:
    from funneldesk.store.database import Database

_USUAL = ("EUR", "USD", "PLN", "RUB")


class BillingDialog(FormDialog):
    """What both have: the day, the amount with its currency, Delete for what is there already."""

    help_page = "card"

    def __init__(
        self, context: AppContext, parent: QWidget | None, card: model.ClientCard, title: str, there: bool
    ) -> None:
        super().__init__(context, parent, title, _("Save") if there else _("Add"), "check")
        self.card = card
        self.tell(card.record.name)
        if there:
            self.foot.insertWidget(0, push_button(_("Delete"), self._delete, role="danger"))
        self.form.changed.connect(self._edited)

    def add_own(self, kind: str, record_id: int) -> None:
        """The rows of own fields, last."""
        self.own = OwnRows(self.context, self.form, kind, record_id, self, self.adjustSize)

    def collected(self) -> dict[str, Any]:
        """The values of the record, and its own fields that were changed."""
        return {**without_own(self.form.values()), "own": self.own.changed()}

    def add_amount(self, currency: str) -> None:
        """The rows of the amount and its currency."""
        self.form.add_money("amount", _("Amount"), currency)
        codes = dict.fromkeys((currency, self.context.currency, *_USUAL))
        options = [(code, code) for code in codes]
        self.form.add_choice("currency", _("Currency"), options, currency, optional=False)

    def owner(self) -> dict[str, Any]:
        """The client of the card as the link of a record."""
        return {f"{self.card.kind}_id": self.card.record.id}

    def _edited(self, key: str) -> None:
        if key == "currency":
            self._in_currency(str(self.choice("currency").value()))

    def _in_currency(self, currency: str) -> None:
        field = self.form.field("amount")
        assert isinstance(field, MoneyField)
        field.set_currency(currency)

    def remove(self, db: Database, actor: Any) -> Change:
        """Delete what the dialog is about."""
        raise NotImplementedError

    def _delete(self) -> None:
        save(self.context, self.remove, self, lambda _change: self.reject())


class InvoiceDialog(BillingDialog):
    """An invoice, new or there already."""

    error_key = "number"

    def __init__(
        self,
        context: AppContext,
        parent: QWidget | None,
        card: model.ClientCard,
        invoice: Invoice | None = None,
    ) -> None:
        title = _("Invoice") if invoice else _("New invoice")
        super().__init__(context, parent, card, title, invoice is not None)
        self._invoice = invoice
        form, names = self.form, card.names
        form.add_text("number", _("Invoice number"), required=True)
        form.add_date("date", _("Date"), None if invoice else _today(context))
        form.add_date("due_date", _("Due"))
        self.add_amount(invoice.currency if invoice else context.currency)
        form.add_choice("deal_id", _("Deal"), [(deal.id, deal.title) for deal in card.deals])
        managers = [(i, names.managers[i]) for i in names.active_managers]
        form.add_choice("manager_id", _("Manager"), managers, None if invoice else context.me)
        form.add_long_text("comment", _("Comment"), lines=2)
        form.set_row_visible("deal_id", bool(card.deals))
        if invoice is not None:
            form.set_values({key: getattr(invoice, key) for key in form.values()})
        self.add_own("invoice", invoice.id if invoice else 0)
        form.field("number").setFocus()

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Make or change the invoice."""
        from funneldesk.services import billing

        if self._invoice is not None:
            known = self._invoice
            return billing.update_invoice(db, known.id, expected_version=known.version, actor=actor, **values)
        number, amount = values.pop("number"), values.pop("amount")
        return billing.add_invoice(db, number, amount, actor=actor, **values, **self.owner())

    def remove(self, db: Database, actor: Any) -> Change:
        """Delete the invoice."""
        from funneldesk.services import billing

        assert self._invoice is not None
        return billing.delete_invoice(db, self._invoice.id, actor=actor)


class PaymentDialog(BillingDialog):
    """A payment, new or there already; a new one is proposed for the invoice that is longest overdue."""

    error_key = "amount"

    def __init__(
        self,
        context: AppContext,
        parent: QWidget | None,
        card: model.ClientCard,
        payment: Payment | None = None,
    ) -> None:
        title = _("Payment") if payment else _("New payment")
        super().__init__(context, parent, card, title, payment is not None)
        self._payment = payment
        self._states = {state.invoice.id: state for state in card.invoices}
        form = self.form
        form.add_choice("invoice_id", _("For invoice"), _invoice_options(card.invoices))
        form.add_date("date", _("Date"), None if payment else _today(context))
        self.add_amount(payment.currency if payment else context.currency)
        form.add_long_text("comment", _("Comment"), lines=2)
        form.set_row_visible("invoice_id", bool(card.invoices))
        if payment is not None:
            form.set_values({key: getattr(payment, key) for key in form.values()})
        self.add_own("payment", payment.id if payment else 0)
        if payment is not None:
            return
        due = max((s for s in card.invoices if s.outstanding > 0), key=lambda s: s.overdue_days, default=None)
        if due is not None:
            self.choice("invoice_id").set_value(due.invoice.id)
            self._edited("invoice_id")
        form.field("amount").setFocus()

    def _edited(self, key: str) -> None:
        super()._edited(key)
        state = self._states.get(int(str(self.choice("invoice_id").value() or 0)))
        if key == "invoice_id" and state is not None and self._payment is None:
            self._in_currency(state.invoice.currency)
            self.form.set_values({"currency": state.invoice.currency, "amount": state.outstanding})

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Make or change the payment."""
        from funneldesk.services import billing

        values["amount"] = values["amount"] or 0
        if self._payment is not None:
            known = self._payment
            return billing.update_payment(db, known.id, expected_version=known.version, actor=actor, **values)
        return billing.add_payment(db, values.pop("amount"), actor=actor, **values, **self.owner())

    def remove(self, db: Database, actor: Any) -> Change:
        """Delete the payment."""
        from funneldesk.services import billing

        assert self._payment is not None
        return billing.delete_payment(db, self._payment.id, actor=actor)


def _invoice_options(states: Sequence[InvoiceState]) -> list[tuple[object, str]]:
    """Invoices with what is outstanding, open ones first."""
    ordered = sorted(states, key=lambda s: s.outstanding <= 0)
    sentence = _("{number}, {amount} outstanding")
    return [
        (
            s.invoice.id,
            sentence.format(number=s.invoice.number, amount=format_money(s.outstanding, s.invoice.currency))
            if s.outstanding > 0
            else s.invoice.number,
        )
        for s in ordered
    ]


def _today(context: AppContext) -> str:
    from funneldesk.domain import clock

    return clock.local_date(clock.now(), context.zone).isoformat()
