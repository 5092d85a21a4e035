"""Invoices and payments of clients: written, taken back, shown on the card and in the timeline, exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.change import Change
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.services import billing, cards, clients, deals, exports, list_entries
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import Database
from tests.services.conftest import records

Step = Callable[[Database], Change]
STEPS: dict[str, Step] = {
    "an invoice is made": lambda db: billing.add_invoice(db, "2", 500, company_id=1),
    "an invoice of a deal is made": lambda db: billing.add_invoice(db, "2", -500, deal_id=1),
    "an invoice changes": lambda db: billing.update_invoice(db, 1, amount=1, number="Invoice 8"),
    "a paid invoice goes": lambda db: billing.delete_invoice(db, 1),
    "a payment is made": lambda db: billing.add_payment(db, 700, invoice_id=1),
    "money on account is taken": lambda db: billing.add_payment(db, 700, person_id=1),
    "a payment changes": lambda db: billing.update_payment(db, 1, amount=5, date="2026-02-01"),
    "a payment goes": lambda db: billing.delete_payment(db, 1),
    "the client goes": lambda db: clients.delete(db, [("company", 1)]),
    "the person goes": lambda db: clients.delete(db, [("person", 1)]),
    "the deal goes": lambda db: deals.delete(db, [1]),
    "managers are merged": lambda db: list_entries.merge(db, Manager, 1, 2),
}


@pytest.fixture(autouse=True)
def _billed(db: Database) -> None:
    """Deal 1 of the company, invoice 1 of the deal with a payment, invoice 2 and money of the person."""
    deals.create(db, NewDeal("Big", company_id=1), funnel_id=1)
    billing.add_invoice(
        db, "Invoice 7", 1000, deal_id=1, date="2026-01-10", due_date="2026-01-20", manager_id=1
    )
    billing.add_payment(db, 300, invoice_id=1, date="2026-01-15")
    billing.add_invoice(db, "8", 50, person_id=1, date="2026-01-11", currency="USD")
    billing.add_payment(db, 40, person_id=1, date="2026-01-12", comment="advance")


@pytest.mark.parametrize("name", STEPS)
def test_what_is_done_is_taken_back_and_done_again(
    name: str, db: Database, both_ways: Callable[[Callable[[], Change]], Change]
) -> None:
    assert both_ways(lambda: STEPS[name](db)).journal_id > 0


def test_the_card_sums_up_what_is_owed_and_the_timeline_tells_it(db: Database) -> None:
    found = cards.client(db, "company", 1, 50)
    assert found is not None
    card, items, _more = found
    assert [(s.invoice.number, s.outstanding) for s in card.invoices] == [("8", 50), ("Invoice 7", 700)]
    assert card.invoices[1].overdue_days > 300
    assert [(b.currency, b.outstanding, b.overdue, b.on_account) for b in card.balances] == [
        ("EUR", 700, 700, 40), ("USD", 50, 0, 0),
    ]  # fmt: skip
    told = [item.what for item in items if item.what in ("invoice", "payment")]
    assert told == ["payment", "payment", "invoice", "invoice"]
    deal = cards.deal(db, 1, 50)
    assert deal is not None
    assert [i.what for i in deal[1]].count("payment") == 1


def test_payments_of_a_removed_invoice_stay_on_account(db: Database) -> None:
    billing.delete_invoice(db, 1)
    assert [(p.invoice_id, p.company_id, p.amount) for p in records(db, Payment)] == [
        (None, 1, 300), (None, None, 40),
    ]  # fmt: skip


def test_what_goes_with_its_client_and_what_stays(db: Database) -> None:
    clients.delete(db, [("person", 1)])
    assert [i.number for i in records(db, Invoice)] == ["Invoice 7"]
    clients.delete(db, [("company", 1)])
    assert [(i.number, i.company_id, i.deal_id) for i in records(db, Invoice)] == [("Invoice 7", None, 1)]
    deals.delete(db, [1])
    assert records(db, Invoice) == []
    assert [(p.amount, p.invoice_id) for p in records(db, Payment)] == []


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (lambda db: billing.add_invoice(db, " ", 5, company_id=1), "invoice.no_number"),
        (lambda db: billing.add_invoice(db, "9", 5), "invoice.no_client"),
        (lambda db: billing.add_payment(db, 0, company_id=1), "payment.no_amount"),
        (lambda db: billing.add_payment(db, 5), "payment.no_owner"),
        (lambda db: billing.update_invoice(db, 1, amount=None), "invoice.no_amount"),
        (lambda db: billing.add_payment(db, 10**16, company_id=1), "deal.amount_too_large"),
    ],
)
def test_what_makes_no_sense_is_refused(step: Step, code: str, db: Database) -> None:
    with pytest.raises(UserError) as refused:
        step(db)
    assert refused.value.code == code


def test_invoices_and_payments_are_written_to_a_file(db: Database, tmp_path: Path) -> None:
    assert exports.export(db, "invoices", tmp_path / "i.csv") == 2
    lines = (tmp_path / "i.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == ",Invoice 7,Acme Ltd,Big,2026-01-10,2026-01-20,10.00,EUR,Ann,"
    assert exports.export(db, "payments", tmp_path / "p.xlsx") == 2
    exports.export(db, "payments", tmp_path / "p.csv")
    rows = (tmp_path / "p.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[1:] == [
        ",Invoice 7,Acme Ltd,2026-01-15,3.00,EUR,", ",,Eva Lark,2026-01-12,0.40,EUR,advance",
    ]  # fmt: skip
