"""Clients by their keys for the finder of doubles, and everything that hangs on a client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.folding import name_key
from funneldesk.domain.matching import Party, city_key, tax_key
from funneldesk.domain.phone import email_key, phone_key
from funneldesk.store import search
from funneldesk.store import tables as t
from funneldesk.store.among import among

_NEAR = 300  # clients with a name that begins alike, looked at while one is typed


def parties(conn: sa.Connection, kind: str, ids: Sequence[int] | None = None) -> list[Party]:
    """Every client of a kind (or those of `ids`) by their keys."""
    table = t.table_of(kind)
    employer = table.c.company_id if kind == "person" else sa.null()
    query = sa.select(table.c.id, table.c.name_key, table.c.tax_id, table.c.city, employer)
    owner = t.contact_points.c[f"{kind}_id"]
    contacts = sa.select(owner, t.contact_points.c.kind, t.contact_points.c.key).where(owner.is_not(None))
    if ids is not None:
        query, contacts = query.where(among(table.c.id, ids)), contacts.where(among(owner, ids))
    found = {
        row[0]: Party(kind, row[0], row[1], tax_key(row[2]), city_key(row[3]), row[4])
        for row in conn.execute(query.order_by(table.c.id))
    }
    for who, what, key in conn.execute(contacts):
        if key and who in found:
            if what == "phone":
                found[who].phones.add(key)
            elif what == "email":
                found[who].emails.add(key)
    return list(found.values())


def near(conn: sa.Connection, kind: str, name: str) -> list[int]:
    """Ids of clients whose names begin like `name` or hold its longest word: worth comparing."""
    key = name_key(name)
    if len(key) < 3:
        return []
    table = t.table_of(kind)
    start = key[:4]
    query = sa.select(table.c.id).where(table.c.name_key >= start, table.c.name_key < start + "\U0010ffff")
    found = set(conn.scalars(query.limit(_NEAR)))
    longest = max(key.split(), key=len)
    if len(longest) >= 4:
        found.update(hit.id for hit in search.find(conn, longest[:6], [kind], _NEAR))
    return sorted(found)


def with_tax(conn: sa.Connection, kind: str, tax_id: str) -> list[int]:
    """Ids of clients with this tax number, however it is written."""
    key = tax_key(tax_id)
    if not key:
        return []
    column = t.table_of(kind).c
    bare: Any = column.tax_id
    for mark in (" ", "-", "."):
        bare = sa.func.replace(bare, mark, "")
    query = sa.select(column.id, column.tax_id).where(column.tax_id.is_not(None), bare.endswith(key))
    return [row.id for row in conn.execute(query) if tax_key(row.tax_id) == key]


def open_leads(conn: sa.Connection) -> list[tuple[int, str, set[str]]]:
    """(id, title, its keys) of leads that are not closed: phones, e-mails, folded names."""
    c = t.leads.c
    query = sa.select(c.id, c.title, c.phone, c.email, c.company_name, c.person_name)
    found = []
    for row in conn.execute(query.where(c.closed_at.is_(None)).order_by(c.id)):
        keys = {phone_key(part) for part in (row.phone or "").split(",")}
        keys |= {email_key(part) for part in (row.email or "").split(",")}
        keys |= {name_key(name) for name in (row.company_name, row.person_name) if name}
        found.append((row.id, row.title, keys - {""}))
    return found


def apart(conn: sa.Connection, kind: str) -> list[tuple[int, int]]:
    """Pairs of clients that somebody said are two."""
    c = t.not_doubles.c
    rows = conn.execute(sa.select(c.first_id, c.second_id).where(c.record_kind == kind))
    return [(row.first_id, row.second_id) for row in rows]


def links_to(kind: str) -> list[tuple[str, str]]:
    """(kind, column) of every kind of record that refers to companies or people by a foreign key."""
    target = t.table_of(kind)
    return [
        (name, column.name)
        for name, (_cls, table) in t.KINDS.items()
        for column in table.c
        if any(key.column.table is target for key in column.foreign_keys)
    ]


def hanging() -> list[str]:
    """Kinds of record that name their owner by `record_kind` and `record_id`."""

    return [
        name for name, (_cls, table) in t.KINDS.items() if {"record_kind", "record_id"} <= {*table.c.keys()}
    ]


def linked_ids(conn: sa.Connection, linked: str, column: str, owners: Iterable[int]) -> list[int]:
    """Ids of records of kind `linked` whose `column` is one of `owners`."""
    c = t.table_of(linked).c
    return list(conn.scalars(sa.select(c.id).where(among(c[column], list(owners))).order_by(c.id)))


def link_counts(conn: sa.Connection, kind: str, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    """For each client how many records of each kind hang on it."""
    found: dict[int, dict[str, int]] = {i: defaultdict(int) for i in ids}
    for linked, column in links_to(kind):
        owner = t.table_of(linked).c[column]
        query = sa.select(owner, sa.func.count()).where(among(owner, ids)).group_by(owner)
        for who, count in conn.execute(query):
            found[who][linked] += count
    for linked in hanging():
        c = t.table_of(linked).c
        query = sa.select(c.record_id, sa.func.count()).where(c.record_kind == kind, among(c.record_id, ids))
        for who, count in conn.execute(query.group_by(c.record_id)):
            found[who][linked] += count
    return {who: dict(counts) for who, counts in found.items()}


def names_of(conn: sa.Connection, kind: str, ids: Sequence[int]) -> dict[int, str]:
    """Names of clients."""
    c = t.table_of(kind).c
    return {row.id: row.name for row in conn.execute(sa.select(c.id, c.name).where(among(c.id, ids)))}
