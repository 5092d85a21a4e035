"""Invoices and payments as cards, timelines and files show them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.billing import Balance, Invoice, InvoiceState, Payment, balances, invoice_states
from funneldesk.domain.card import TimelineItem
from funneldesk.domain.rates import Rates
from funneldesk.store import tables as t
from funneldesk.store.database import read_info
from funneldesk.store.queries.exports import own_texts
from funneldesk.store.queries.rates import rates
from funneldesk.store.transaction import select_records

INVOICE_FIELDS = (
    "external_id", "number", "client", "deal", "date", "due_date", "amount", "currency", "manager", "comment",
)  # fmt: skip
PAYMENT_FIELDS = ("external_id", "invoice", "client", "date", "amount", "currency", "comment")
Rows = list[dict[str, Any]]


def client_invoices(conn: sa.Connection, kind: str, client_id: int) -> list[Invoice]:
    """The invoices of a client, of a company's people too, the newest first."""
    found = select_records(conn, Invoice, _of_client(t.invoices.c, kind, client_id))
    return sorted(found, key=lambda i: (i.date or "", i.id), reverse=True)


def client_payments(conn: sa.Connection, kind: str, client_id: int) -> list[Payment]:
    """The payments of a client and those for its invoices, the newest first."""
    column = t.payments.c
    mine = sa.select(t.invoices.c.id).where(_of_client(t.invoices.c, kind, client_id))
    where = sa.or_(_of_client(column, kind, client_id), column.invoice_id.in_(mine))
    found = select_records(conn, Payment, where)
    return sorted(found, key=lambda p: (p.date or "", p.id), reverse=True)


def client_billing(
    conn: sa.Connection, kind: str, client_id: int, on: date | None = None
) -> tuple[tuple[InvoiceState, ...], tuple[Payment, ...], tuple[Balance, ...]]:
    """Invoices as they stand on a day (today), payments, and the sums by currency."""
    known = rates(conn)
    today = on or clock.local_date(clock.now(), known.zone)
    payments = client_payments(conn, kind, client_id)
    states = invoice_states(client_invoices(conn, kind, client_id), payments, today, converter(known))
    return tuple(states), tuple(payments), tuple(balances(states, payments, today))


def converter(known: Rates) -> Any:
    """How a payment in another currency counts: over the accounting currency, at the rates of its day."""

    def convert(minor: int, currency: str, target: str, day: str | None) -> int | None:
        if currency == target:
            return minor
        at = None if day is None else clock.start_of_day(date.fromisoformat(day), known.zone)
        own = known.convert(minor, currency, at)
        unit = known.convert(1_000_000, target, at)
        if own is None or not unit:
            return None
        return round(own * 1_000_000 / unit)

    return convert


def billing_items(conn: sa.Connection, kind: str, client_id: int, limit: int) -> list[TimelineItem]:
    """Invoices and payments of a client or a deal as things of its timeline, at the start of their day."""
    zone = read_info(conn).zone
    if kind == "deal":
        invoices = select_records(conn, Invoice, t.invoices.c.deal_id == client_id)
        ids = [i.id for i in invoices]
        payments = select_records(conn, Payment, t.payments.c.invoice_id.in_(ids)) if ids else []
    else:
        invoices = client_invoices(conn, kind, client_id)
        payments = client_payments(conn, kind, client_id)
    numbers = {i.id: i.number for i in invoices}
    managers = {row[0]: row[1] for row in conn.execute(sa.select(t.managers.c.id, t.managers.c.name))}

    def at(day: str | None, created: int | None) -> int | None:
        return created if day is None else clock.start_of_day(date.fromisoformat(day), zone)

    items = [
        TimelineItem(
            "invoice", at(i.date, i.created_at), managers.get(i.manager_id or 0, ""), f"i{i.id:012}",
            {"number": i.number, "amount": i.amount, "currency": i.currency, "due": i.due_date,
             "comment": i.comment or ""},
        )
        for i in invoices
    ] + [
        TimelineItem(
            "payment", at(p.date, p.created_at), "", f"p{p.id:012}",
            {"number": numbers.get(p.invoice_id or 0, ""), "amount": p.amount, "currency": p.currency,
             "comment": p.comment or ""},
        )
        for p in payments
    ]  # fmt: skip
    items.sort(key=lambda item: (item.at or 0, item.key), reverse=True)
    return items[:limit]


def invoice_rows(conn: sa.Connection) -> Rows:
    """Every invoice with names instead of ids, by id; the amount in minor units."""
    clients, managers = _names(conn), _pairs(conn, t.managers)
    own = own_texts(conn, "invoice")
    deals = {
        row.id: row for row in conn.execute(sa.select(t.deals.c.id, t.deals.c.external_id, t.deals.c.title))
    }
    out = []
    for invoice in select_records(conn, Invoice):
        deal = deals.get(invoice.deal_id or 0)
        line = {name: getattr(invoice, name, None) for name in INVOICE_FIELDS}
        line["client"] = clients(invoice.company_id, invoice.person_id)
        line["deal"] = None if deal is None else deal.external_id or deal.title
        line["manager"] = managers.get(invoice.manager_id or 0)
        out.append(line | own[invoice.id])
    return out


def payment_rows(conn: sa.Connection) -> Rows:
    """Every payment with names instead of ids, by id; the amount in minor units."""
    clients, own = _names(conn), own_texts(conn, "payment")
    numbers = {
        row.id: row
        for row in conn.execute(
            sa.select(t.invoices.c.id, t.invoices.c.number, t.invoices.c.company_id, t.invoices.c.person_id)
        )
    }
    out = []
    for payment in select_records(conn, Payment):
        invoice = numbers.get(payment.invoice_id or 0)
        line = {name: getattr(payment, name, None) for name in PAYMENT_FIELDS}
        line["invoice"] = None if invoice is None else invoice.number
        owner = (payment.company_id, payment.person_id)
        if owner == (None, None) and invoice is not None:
            owner = (invoice.company_id, invoice.person_id)
        line["client"] = clients(*owner)
        out.append(line | own[payment.id])
    return out


def _of_client(column: Any, kind: str, client_id: int) -> sa.ColumnElement[bool]:
    own: sa.ColumnElement[bool] = column[f"{kind}_id"] == client_id
    if kind == "person":
        return own
    people = sa.select(t.people.c.id).where(t.people.c.company_id == client_id)
    return sa.or_(own, column.person_id.in_(people))


def _pairs(conn: sa.Connection, table: sa.Table) -> dict[int, str]:
    return {row[0]: row[1] for row in conn.execute(sa.select(table.c.id, table.c.name))}


def _names(conn: sa.Connection) -> Any:
    companies, people = _pairs(conn, t.companies), _pairs(conn, t.people)
    return lambda company, person: companies.get(company or 0) or people.get(person or 0)
