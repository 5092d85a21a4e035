"""What reports compare with beside deals: invoices as they stood, plans, costs, marks, standards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.billing import Invoice, InvoiceState, Payment, invoice_states
from funneldesk.domain.facts import InvoiceFact, Ledger
from funneldesk.domain.goals import Mark, Plan, SourceCost, Standard
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.queries.billing import converter
from funneldesk.store.queries.rates import Rates, rates
from funneldesk.store.transaction import equal_records

Name = Callable[[int | None, int | None], str | None]


def ledger(
    conn: sa.Connection, as_of: int, managers: Sequence[int] = (), deal_ids: set[int] | None = None
) -> Ledger:
    """All of it at T.  `managers` narrows invoices and plans, `deal_ids` the invoices to those of deals."""
    money = rates(conn)
    costs = [_converted(cost, money) for cost in equal_records(conn, SourceCost)]
    invoices = _invoices(conn, as_of, money)
    wanted = set(managers)
    return Ledger(
        invoices=tuple(
            fact
            for fact in invoices
            if (not wanted or fact.manager_id in wanted) and (deal_ids is None or fact.deal_id in deal_ids)
        ),
        plans=tuple(plan for plan in plans(conn) if not wanted or plan.manager_id in wanted),
        costs=tuple(cost for cost in costs if cost is not None),
        marks=tuple(equal_records(conn, Mark)),
        standards=tuple(equal_records(conn, Standard)),
        costs_without_rate=sum(1 for cost in costs if cost is None),
    )


def plans(conn: sa.Connection) -> list[Plan]:
    """Every plan."""
    return equal_records(conn, Plan)


def marks_only(conn: sa.Connection) -> Ledger:
    """The marks and nothing else: to look where nothing is takes as long as to count a month."""
    return Ledger(marks=tuple(equal_records(conn, Mark)))


def _converted(cost: SourceCost, money: Rates) -> SourceCost | None:
    at = clock.start_of_day(date.fromisoformat(cost.first_day), money.zone)
    amount = money.convert(cost.amount, cost.currency, at)
    return None if amount is None else replace(cost, amount=amount, currency=money.currency)


def _invoices(conn: sa.Connection, as_of: int, money: Rates) -> Iterable[InvoiceFact]:
    today = clock.local_date(as_of, money.zone)
    payments = equal_records(conn, Payment)
    states = invoice_states(equal_records(conn, Invoice), payments, today, converter(money))
    name = _client_names(conn, [*(state.invoice for state in states), *payments])
    owners = {state.invoice.id: state.invoice for state in states}
    for state in states:
        if state.outstanding:
            yield _fact(state, name, money, as_of)
    for payment in payments:
        known = owners.get(payment.invoice_id or 0)
        if known is not None or (payment.date is not None and payment.date > today.isoformat()):
            continue
        paid = money.convert(payment.amount, payment.currency, as_of)
        client = name(payment.company_id, payment.person_id)
        yield InvoiceFact(0, client, None, None, None, None if paid is None else -paid, True)


def _fact(state: InvoiceState, name: Name, money: Rates, as_of: int) -> InvoiceFact:
    invoice = state.invoice
    left = money.convert(state.outstanding, invoice.currency, as_of)
    return InvoiceFact(
        invoice.id,
        name(invoice.company_id, invoice.person_id),
        invoice.manager_id,
        invoice.deal_id,
        invoice.due_date,
        left,
        invoice.credit_note or state.outstanding < 0,
    )


def _client_names(conn: sa.Connection, of: Sequence[Invoice | Payment]) -> Name:
    """The names of those clients only: most have no invoices."""

    def names(table: sa.Table, ids: set[int]) -> dict[int, str]:
        query = sa.select(table.c.id, table.c.name).where(among(table.c.id, ids))
        return {row.id: row.name for row in conn.execute(query)}

    companies = names(t.companies, {each.company_id for each in of if each.company_id is not None})
    people = names(t.people, {each.person_id for each in of if each.person_id is not None})

    def name(company_id: int | None, person_id: int | None) -> str | None:
        if company_id is not None:
            return companies.get(company_id)
        return people.get(person_id) if person_id is not None else None

    return name
