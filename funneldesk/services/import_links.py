"""What rows of files can name in the base: deals by title, invoices, payments, rows that wait already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

from funneldesk.domain.folding import fold
from funneldesk.importing.fields import Kind
from funneldesk.importing.links import InvoiceKey, LinkIndex
from funneldesk.importing.matching import DealKey
from funneldesk.store.database import Database
from funneldesk.store.queries import arrivals as queries

_NAME_DEALS = (Kind.HISTORY, Kind.ACTIVITIES, Kind.INVOICES)
_NAME_CLIENTS = (Kind.DEALS, Kind.ACTIVITIES, Kind.INVOICES, Kind.PAYMENTS)


def read_links(conn: Any, kind: Kind, db: Database | None) -> LinkIndex:
    """The index of an import of `kind`; titles of deals are read only when a row needs them."""
    found = LinkIndex()
    if kind in _NAME_DEALS:
        found.titles = _titles(conn, db)
    if kind in (Kind.ACTIVITIES, Kind.INVOICES):
        found.deal_people = dict(queries.deal_people(conn))
    if kind in _NAME_CLIENTS:
        found.employers = queries.employers(conn)
    if kind in (Kind.INVOICES, Kind.PAYMENTS):
        _invoices(conn, found)
    if kind is Kind.PAYMENTS:
        _payments(conn, found)
    for cells in queries.waiting_cells(conn, str(kind)):
        found.waiting[str(kind), cells] += 1
    return found


def _titles(conn: Any, db: Database | None) -> Callable[[], Mapping[str, DealKey | None]]:
    def door() -> AbstractContextManager[Any]:
        return nullcontext(conn) if db is None else db.read()

    @cache
    def read() -> dict[str, DealKey | None]:
        titles: dict[str, DealKey | None] = {}
        with door() as fresh:
            for number, title, funnel, manager, company in queries.deal_titles(fresh):
                folded = fold(title)
                titles[folded] = None if folded in titles else DealKey(number, funnel, manager, company)
        return titles

    return read


def _invoices(conn: Any, found: LinkIndex) -> None:
    for number, external, key, company, person, day, currency in queries.invoice_keys(conn):
        invoice = InvoiceKey(number, company, person, day, currency)
        found.invoice_numbers[key].append(invoice)
        if external:
            found.invoice_ids.setdefault(external, invoice)


def _payments(conn: Any, found: LinkIndex) -> None:
    for number, external, *rest in queries.payment_keys(conn):
        if external:
            found.payment_ids.setdefault(external, number)
        else:
            found.payments[tuple(rest)] += 1
