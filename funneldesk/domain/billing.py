"""Invoices and payments: what clients owe, what they paid, and since when it is overdue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from funneldesk.domain.folding import fold

# What stands before a number ("Invoice No. 12", "Счёт на оплату № 12") and behind it ("of 12.03.2026").
_BEFORE = re.compile(
    r"^(?:(?:счет(?:[- ]фактура)?|на оплату|покупателю|клиенту|акт|накладная|реализация|invoice|credit note|"
    r"faktura|korekta|rachunek|proforma|inv|fv|vat|nr|no|num|number|номер|numer)[\s#:.]+|#\s*)+"
    r"(?=\S*\d)",
)
_BEHIND = re.compile(r"\s+(?:от|of|dated|z dnia|z|du|from)\s+\d.*$")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What a client is to pay; a credit note is an invoice with a negative amount.

    `date` and `due_date` are ISO days, the amount is minor units of `currency`.
    """

    id: int = 0
    version: int = 1
    external_id: str | None = None
    number: str
    company_id: int | None = None
    person_id: int | None = None
    deal_id: int | None = None
    date: str | None = None
    due_date: str | None = None
    amount: int
    currency: str
    manager_id: int | None = None
    comment: str | None = None
    created_at: int | None = None
    number_key: str = ""  # kept: see `number_key`

    @property
    def credit_note(self) -> bool:
        """Whether it takes back what was charged."""
        return self.amount < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a client paid, for an invoice or on account; money given back is negative."""

    id: int = 0
    version: int = 1
    external_id: str | None = None
    invoice_id: int | None = None
    company_id: int | None = None
    person_id: int | None = None
    date: str | None = None
    amount: int
    currency: str
    comment: str | None = None
    created_at: int | None = None


@dataclass(frozen=True, slots=True)
class InvoiceState:
    """Where an invoice stands on a day: paid and outstanding in minor units of its currency.

    `overdue_days` is 0 while nothing is outstanding, it is not due yet or has no due date.
    """

    invoice: Invoice
    paid: int
    outstanding: int
    overdue_days: int


@dataclass(frozen=True, slots=True)
class Balance:
    """The sums of a client in one currency: owed by invoices, of it overdue, paid on account."""

    currency: str
    outstanding: int
    overdue: int
    on_account: int


Convert = Callable[[int, str, str, str | None], int | None]  # minor, currency, target, day


def same_currency(minor: int, currency: str, target: str, _day: str | None) -> int | None:
    """The conversion of a base without rates: only what needs none."""
    return minor if currency == target else None


def number_key(text: str | None) -> str:
    """The number of an invoice to compare: "Счёт № 12 от 01.03.2026" and "12" are one."""
    folded = _SPACE.sub(" ", fold((text or "").replace("№", "# "))).strip()
    bare = _BEHIND.sub("", folded)
    return _BEFORE.sub("", bare).replace(" ", "") or folded


def invoice_states(
    invoices: Iterable[Invoice], payments: Iterable[Payment], on: date, convert: Convert = same_currency
) -> list[InvoiceState]:
    """Every invoice dated up to `on` with what is outstanding then: amount - payments dated <= `on`.

    A payment in another currency counts at the rate of its day; without a rate it does not count.
    """
    today = on.isoformat()
    issued = [i for i in invoices if i.date is None or i.date <= today]
    known = {i.id: i for i in issued}
    paid: dict[int, int] = defaultdict(int)
    for payment in payments:
        invoice = known.get(payment.invoice_id or 0)
        if invoice is None or (payment.date is not None and payment.date > today):
            continue
        part = convert(payment.amount, payment.currency, invoice.currency, payment.date)
        if part is not None:
            paid[invoice.id] += part
    return [_state(invoice, paid[invoice.id], on) for invoice in issued]


def _state(invoice: Invoice, paid: int, on: date) -> InvoiceState:
    left = invoice.amount - paid
    late = 0
    if left > 0 and invoice.due_date is not None:
        late = max(0, (on - date.fromisoformat(invoice.due_date)).days)
    return InvoiceState(invoice, paid, left, late)


def balances(states: Iterable[InvoiceState], payments: Iterable[Payment], on: date) -> list[Balance]:
    """The sums by currency; payments without an invoice stand apart, they are on account."""
    today = on.isoformat()
    sums: Mapping[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for state in states:
        line = sums[state.invoice.currency]
        line[0] += state.outstanding
        line[1] += state.outstanding if state.overdue_days else 0
    for payment in payments:
        if payment.invoice_id is None and (payment.date is None or payment.date <= today):
            sums[payment.currency][2] += payment.amount
    return [Balance(currency, *line) for currency, line in sorted(sums.items()) if any(line)]
