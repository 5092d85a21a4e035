"""What is owed: amounts less payments, overdue days, numbers of invoices as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from funneldesk.domain.billing import Balance, Invoice, Payment, balances, invoice_states, number_key

DAY = date(2026, 3, 31)


def invoice(number: int, amount: int, due: str | None, day: str | None = "2026-03-01") -> Invoice:
    return Invoice(
        id=number, number=str(number), company_id=1, date=day, due_date=due, amount=amount, currency="EUR"
    )


def paid(invoice_id: int | None, amount: int, day: str, currency: str = "EUR") -> Payment:
    return Payment(invoice_id=invoice_id, company_id=1, date=day, amount=amount, currency=currency)


def test_outstanding_counts_only_what_was_issued_and_paid_by_the_day() -> None:
    invoices = [
        invoice(1, 1000, "2026-03-20"),
        invoice(2, 500, "2026-03-31"),
        invoice(3, 300, None),
        invoice(4, 900, "2026-03-05", day="2026-04-01"),
        invoice(5, -200, "2026-03-10"),
        invoice(6, 700, "2026-03-11"),
    ]
    payments = [
        paid(1, 400, "2026-03-31"), paid(1, 100, "2026-04-01"), paid(6, 700, "2026-03-31"),
        paid(None, 50, "2026-03-30"), paid(2, 10, "2026-03-30", "USD"),
    ]  # fmt: skip
    states = invoice_states(invoices, payments, DAY)
    assert [(s.invoice.id, s.paid, s.outstanding, s.overdue_days) for s in states] == [
        (1, 400, 600, 11), (2, 0, 500, 0), (3, 0, 300, 0), (5, 0, -200, 0), (6, 700, 0, 0),
    ]  # fmt: skip
    assert balances(states, payments, DAY) == [Balance("EUR", 1200, 600, 50)]
    assert states[3].invoice.credit_note


def test_a_payment_in_another_currency_counts_by_its_rate() -> None:
    found = invoice_states(
        [invoice(1, 1000, None)],
        [paid(1, 500, "2026-03-02", "USD")],
        DAY,
        lambda minor, currency, target, _day: minor * 2 if (currency, target) == ("USD", "EUR") else minor,
    )
    assert found[0].outstanding == 0


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("12", "12"),
        ("Счёт № 12 от 01.03.2026", "12"),
        ("Счет на оплату 0000-000123 от 12.03.2026 0:00:00", "0000-000123"),
        ("Счет покупателю КА00-000007 от 1 марта 2026", "ка00-000007"),
        ("Invoice No. INV-7", "inv-7"),
        ("FV 12/03/2026", "12/03/2026"),
        ("Faktura VAT nr 5/2026 z dnia 01.03.2026", "5/2026"),
        ("№ 5", "5"),
        ("Advance", "advance"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_is_known_however_it_is_written(written: str | None, key: str) -> None:
    assert number_key(written) == key
