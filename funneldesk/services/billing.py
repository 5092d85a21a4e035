"""Invoices and payments: made, changed, removed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.deal import Deal
from funneldesk.errors import UserError
from funneldesk.services.fields import put_own, remove_values
from funneldesk.services.waiting import settle
from funneldesk.store.database import Database, read_info
from funneldesk.store.transaction import Actor, Transaction

Own = Mapping[int, str]
NO_OWN: Own = MappingProxyType({})
MOST = 10**15  # minor units; above it a sum of many invoices could overflow


def add_invoice(
    db: Database,
    number: str,
    amount: int,
    *,
    own: Own = NO_OWN,
    actor: Actor | None = None,
    **values: Any,
) -> Change:
    """Make an invoice (a credit note when `amount` is negative); a deal brings its client.

    `own` holds the values of own fields by their ids.

    Raises UserError `invoice.no_number`, `invoice.no_amount`, `invoice.no_client`.
    """
    with db.transaction(Label("invoice.created", {"number": number}), actor=actor) as tx:
        put_own(tx, "invoice", insert_invoice(tx, number, amount, **values), own)
    return tx.change


def insert_invoice(tx: Transaction, number: str, amount: int, **values: Any) -> int:
    """As `add_invoice` inside a transaction; returns the id."""
    values.update(_client_of(tx, values))
    values.setdefault("manager_id", tx.actor.manager_id)
    values["currency"] = values.get("currency") or read_info(tx.conn).currency
    _refuse(number=number, amount=amount)
    made = tx.insert(Invoice(number=number.strip(), amount=amount, created_at=tx.at, **values))
    settle(tx, tx.get(Invoice, made))
    return made


def update_invoice(
    db: Database,
    invoice_id: int,
    *,
    expected_version: int | None = None,
    own: Own = NO_OWN,
    actor: Actor | None = None,
    **values: Any,
) -> Change:
    """Change an invoice, and its own fields.  Raises as `add_invoice`, and `record.stale`, `record.gone`."""
    _refuse(**values)
    if "number" in values:
        values["number"] = values["number"].strip()
    with db.transaction(Label("invoice.changed"), actor=actor) as tx:
        invoice = tx.get(Invoice, invoice_id)
        tx.label = Label("invoice.changed", {"number": values.get("number", invoice.number)})
        tx.update(Invoice, invoice_id, expected_version=expected_version, **values)
        put_own(tx, "invoice", invoice_id, own)
        if {"number", "external_id"} & values.keys():
            settle(tx, tx.get(Invoice, invoice_id))
    return tx.change


def delete_invoice(db: Database, invoice_id: int, *, actor: Actor | None = None) -> Change:
    """Remove an invoice; what was paid for it stays as money on account of its client."""
    with db.transaction(Label("invoice.deleted"), actor=actor) as tx:
        invoice = tx.get(Invoice, invoice_id)
        tx.label = Label("invoice.deleted", {"number": invoice.number})
        remove_invoice(tx, invoice)
    return tx.change


def remove_invoice(tx: Transaction, invoice: Invoice) -> None:
    """As `delete_invoice` inside a transaction."""
    for payment in tx.all(Payment, invoice_id=invoice.id):
        owner: dict[str, Any] = {}
        if payment.company_id is None and payment.person_id is None:
            owner = {"company_id": invoice.company_id, "person_id": invoice.person_id}
        tx.update(Payment, payment.id, invoice_id=None, **owner)
    _remove(tx, invoice)


def _remove(tx: Transaction, record: Invoice | Payment) -> None:
    remove_values(tx, "invoice" if isinstance(record, Invoice) else "payment", record.id)
    tx.delete(type(record), record.id)


def add_payment(
    db: Database, amount: int, *, own: Own = NO_OWN, actor: Actor | None = None, **values: Any
) -> Change:
    """Write down a payment for an invoice (`invoice_id`) or of a client on account.

    Raises UserError `payment.no_amount`, `payment.no_owner`.
    """
    with db.transaction(Label("payment.created"), actor=actor) as tx:
        put_own(tx, "payment", insert_payment(tx, amount, **values), own)
    return tx.change


def insert_payment(tx: Transaction, amount: int, **values: Any) -> int:
    """As `add_payment` inside a transaction; returns the id.  An invoice gives client and currency."""
    invoice = tx.find(Invoice, values.get("invoice_id"))
    if invoice is not None:
        if values.get("company_id") is None and values.get("person_id") is None:
            values |= {"company_id": invoice.company_id, "person_id": invoice.person_id}
        values["currency"] = values.get("currency") or invoice.currency
    elif values.get("company_id") is None and values.get("person_id") is None:
        raise UserError("payment.no_owner")
    values["currency"] = values.get("currency") or read_info(tx.conn).currency
    if not amount:
        raise UserError("payment.no_amount")
    _refuse(amount=amount)
    tx.label = Label("payment.created", {"name": _name_of(tx, values)})
    return tx.insert(Payment(amount=amount, created_at=tx.at, **values))


def update_payment(
    db: Database,
    payment_id: int,
    *,
    expected_version: int | None = None,
    own: Own = NO_OWN,
    actor: Actor | None = None,
    **values: Any,
) -> Change:
    """Change a payment, and its own fields."""
    if values.get("amount") == 0:
        raise UserError("payment.no_amount")
    _refuse(**values)
    with db.transaction(Label("payment.changed"), actor=actor) as tx:
        payment = tx.get(Payment, payment_id)
        tx.label = Label("payment.changed", {"name": _name_of(tx, _owner(payment))})
        tx.update(Payment, payment_id, expected_version=expected_version, **values)
        put_own(tx, "payment", payment_id, own)
    return tx.change


def delete_payment(db: Database, payment_id: int, *, actor: Actor | None = None) -> Change:
    """Remove a payment."""
    with db.transaction(Label("payment.deleted"), actor=actor) as tx:
        payment = tx.get(Payment, payment_id)
        tx.label = Label("payment.deleted", {"name": _name_of(tx, _owner(payment))})
        _remove(tx, payment)
    return tx.change


def detach_billing(tx: Transaction, **link: int) -> None:
    """Cut invoices and payments loose from a client or deal that goes; what then has no owner goes too."""
    column = next(iter(link))
    for invoice in tx.all(Invoice, **link):
        if _others(invoice, ("company_id", "person_id", "deal_id"), column):
            tx.update(Invoice, invoice.id, **{column: None})
            continue
        for payment in tx.all(Payment, invoice_id=invoice.id):
            if _others(payment, ("company_id", "person_id"), column):
                tx.update(Payment, payment.id, invoice_id=None)
            else:
                _remove(tx, payment)
        _remove(tx, invoice)
    if column == "deal_id":
        return
    for payment in tx.all(Payment, **link):
        if _others(payment, ("company_id", "person_id", "invoice_id"), column):
            tx.update(Payment, payment.id, **{column: None})
        else:
            _remove(tx, payment)


def _others(record: Invoice | Payment, columns: tuple[str, ...], but: str) -> bool:
    return any(getattr(record, column) is not None for column in columns if column != but)


def _refuse(**values: Any) -> None:
    if "number" in values and not str(values["number"] or "").strip():
        raise UserError("invoice.no_number")
    amount = values.get("amount")
    if "amount" in values and amount is None:
        raise UserError("invoice.no_amount")
    if amount is not None and abs(amount) > MOST:
        raise UserError("deal.amount_too_large")


def _client_of(tx: Transaction, values: dict[str, Any]) -> dict[str, Any]:
    """The client of a new invoice: the one given, else that of its deal."""
    if values.get("company_id") is not None or values.get("person_id") is not None:
        return {}
    deal = tx.find(Deal, values.get("deal_id"))
    if deal is None or (deal.company_id is None and deal.person_id is None):
        raise UserError("invoice.no_client")
    return {"company_id": deal.company_id, "person_id": deal.person_id}


def _owner(payment: Payment) -> dict[str, Any]:
    return {n: getattr(payment, n) for n in ("company_id", "person_id", "invoice_id")}


def _name_of(tx: Transaction, values: dict[str, Any]) -> str:
    """What a payment is told by: the client's name, else the number of its invoice."""
    for cls, key in ((Company, "company_id"), (Person, "person_id")):
        found: Any = tx.find(cls, values.get(key))
        if found is not None:
            return str(found.name)
    invoice = tx.find(Invoice, values.get("invoice_id"))
    return invoice.number if invoice is not None else ""
