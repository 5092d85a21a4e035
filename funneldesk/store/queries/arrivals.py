"""Rows that wait for what they name, imports that were run, and what such rows can name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from funneldesk.domain.arrivals import ImportRun, Waiting
from funneldesk.store import tables as t
from funneldesk.store.transaction import select_records

_CHUNK = 450


def deal_titles(conn: Connection) -> list[tuple[Any, ...]]:
    """(id, title, funnel_id, manager_id, company_id) of every deal, by id."""
    c = t.deals.c
    query = sa.select(c.id, c.title, c.funnel_id, c.manager_id, c.company_id).order_by(c.id)
    return [tuple(row) for row in conn.execute(query)]


def deal_people(conn: Connection) -> dict[int, int]:
    """Deal -> its person, where it has one."""
    c = t.deals.c
    rows = conn.execute(sa.select(c.id, c.person_id).where(c.person_id.is_not(None)))
    return {row[0]: row[1] for row in rows}


def employers(conn: Connection) -> dict[int, int | None]:
    """Person -> company."""
    c = t.people.c
    return {row[0]: row[1] for row in conn.execute(sa.select(c.id, c.company_id))}


def invoice_keys(conn: Connection) -> list[tuple[Any, ...]]:
    """(id, external_id, number_key, company_id, person_id, date, currency) of every invoice, by id."""
    c = t.invoices.c
    query = sa.select(c.id, c.external_id, c.number_key, c.company_id, c.person_id, c.date, c.currency)
    return [tuple(row) for row in conn.execute(query.order_by(c.id))]


def payment_keys(conn: Connection) -> list[tuple[Any, ...]]:
    """(id, external_id, invoice, company, person, date, amount, currency) of every payment, by id."""
    c = t.payments.c
    query = sa.select(
        c.id, c.external_id, c.invoice_id, c.company_id, c.person_id, c.date, c.amount, c.currency
    )
    return [tuple(row) for row in conn.execute(query.order_by(c.id))]


def waiting_cells(conn: Connection, kind: str) -> list[str]:
    """The cells of the rows of a kind that wait."""
    c = t.waiting.c
    return list(conn.scalars(sa.select(c.cells).where(c.settled_at.is_(None), c.kind == kind)))


def waiting_rows(conn: Connection, limit: int | None = None) -> list[Waiting]:
    """The rows that wait, in the order in which they came."""
    found = select_records(conn, Waiting, t.waiting.c.settled_at.is_(None))
    return found[:limit]


def anything_waits(conn: Connection) -> bool:
    """Whether any row waits."""
    c = t.waiting.c
    return conn.scalar(sa.select(c.id).where(c.settled_at.is_(None)).limit(1)) is not None


def waiting_for(conn: Connection, wants: str, keys: Iterable[str], folded: Iterable[str]) -> list[Waiting]:
    """The rows that wait for a record with one of these numbers or folded names, in order."""
    c = t.waiting.c
    named = sa.or_(c.key.in_(sorted({k for k in keys if k})), c.folded.in_(sorted({f for f in folded if f})))
    return select_records(conn, Waiting, c.settled_at.is_(None), c.wants == wants, named)


def waiting_names(conn: Connection) -> list[tuple[int, str, str, str]]:
    """(id, wants, key, folded) of every row that waits, in order."""
    c = t.waiting.c
    query = sa.select(c.id, c.wants, c.key, c.folded).where(c.settled_at.is_(None)).order_by(c.id)
    return [(row[0], row[1], row[2], row[3]) for row in conn.execute(query)]


def waiting_by_id(conn: Connection, ids: Iterable[int]) -> list[Waiting]:
    """Rows by their ids, in order."""
    wanted = sorted(set(ids))
    found: list[Waiting] = []
    for start in range(0, len(wanted), _CHUNK):
        found += select_records(conn, Waiting, t.waiting.c.id.in_(wanted[start : start + _CHUNK]))
    return found


def named_there(conn: Connection) -> dict[str, tuple[set[str], list[str]]]:
    """What can be waited for -> (numbers, names not yet folded) that the base has."""

    def numbers(table: sa.Table) -> set[str]:
        c = table.c.external_id
        return set(conn.scalars(sa.select(c).where(c.is_not(None))))

    people = t.people.c
    alone = sa.select(people.name_key).where(people.company_id.is_(None))
    return {
        "deal": (numbers(t.deals), list(conn.scalars(sa.select(t.deals.c.title)))),
        "client": (
            numbers(t.companies) | numbers(t.people),
            [*conn.scalars(sa.select(t.companies.c.name_key)), *conn.scalars(alone)],
        ),
        "invoice": (numbers(t.invoices), list(conn.scalars(sa.select(t.invoices.c.number_key)))),
    }


_NAMED_BY = {"company": "name", "person": "name", "lead": "title", "deal": "title", "invoice": "number"}


def names_of(conn: Connection, kind: str, ids: Iterable[int]) -> list[tuple[int, str, str]]:
    """(id, name, number in the other program) of the records of a kind that are there."""
    c = t.table_of(kind).c
    name = c[_NAMED_BY[kind]] if kind in _NAMED_BY else sa.literal("")
    wanted = sorted(set(ids))
    found: list[tuple[int, str, str]] = []
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(c.id, name, c.external_id).where(c.id.in_(wanted[start : start + _CHUNK]))
        found += [(row[0], row[1], row[2] or "") for row in conn.execute(query)]
    return found


def import_runs(conn: Connection, fingerprint: str | None = None) -> list[ImportRun]:
    """The imports that were run, the newest first; of one fingerprint when given."""
    where = [] if fingerprint is None else [t.import_runs.c.fingerprint == fingerprint]
    return select_records(conn, ImportRun, *where, order=t.import_runs.c.id.desc())
