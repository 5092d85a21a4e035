"""The ids of the client list in their order, and the rows of one page of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.client_list import ClientChoices, ClientFilter, ClientRow, code_of, ref_of
from funneldesk.store import search
from funneldesk.store import tables as t
from funneldesk.store.queries.conditions import clause
from funneldesk.store.queries.custom import custom_sort, custom_texts

FEW = 2_000  # found records up to this many are put into the query, more are cut out of the whole order
_KINDS = ("company", "person")
_NONE = 0  # in a filter of ids: those without any


def client_ids(
    conn: sa.Connection,
    flt: ClientFilter,
    sort: str = "name",
    *,
    descending: bool = False,
    order: Sequence[int] | None = None,
) -> list[int]:
    """Codes (`domain.client_list.code_of`) of the clients that pass the filter, in order; unknown last.

    `sort` is one of `domain.client_list.COLUMNS` or ``field:<custom field id>``.  `order`, when given,
    is what this function gave for the same filter without text; while a person types, it saves
    ordering all clients at every letter.
    """
    kinds = [k for k in _KINDS if not flt.kinds or k in flt.kinds]
    if not flt.text.strip():
        return _ordered(conn, flt, kinds, sort, descending, None)
    hits = _codes(search.find_ids(conn, flt.text, kinds, None))
    if not hits:
        return []
    if len(hits) <= FEW:
        return _ordered(conn, flt, kinds, sort, descending, hits)
    everyone = _ordered(conn, flt, kinds, sort, descending, None) if order is None else order
    return [code for code in everyone if code in hits]


def _ordered(
    conn: sa.Connection,
    flt: ClientFilter,
    kinds: Sequence[str],
    sort: str,
    descending: bool,
    within: set[int] | None,
) -> list[int]:
    parts = [_part(conn, kind, flt, sort, within) for kind in kinds]
    rows = sa.union_all(*parts).subquery() if len(parts) > 1 else parts[0].subquery()
    ordered: list[Any] = [rows.c.k.desc() if descending else rows.c.k.asc()]
    if sort != "name":
        ordered = [rows.c.k.is_(None), *ordered, rows.c.n]
    return list(conn.scalars(sa.select(rows.c.code).order_by(*ordered)))


def count_clients(conn: sa.Connection) -> int:
    """How many companies and people there are."""
    return sum(conn.scalar(sa.select(sa.func.count()).select_from(t.table_of(k))) or 0 for k in _KINDS)


def _codes(index_rows: Sequence[int]) -> set[int]:
    people = search.row_id("person", 0)
    mask = search.row_id("company", 0) - 1
    return {(i & mask) * 2 + (i >= people) for i in index_rows}


def _part(
    conn: sa.Connection, kind: str, flt: ClientFilter, sort: str, within: set[int] | None
) -> sa.Select[Any]:
    table = t.table_of(kind)
    odd = int(kind == "person")
    key, joined = _sort_key(conn, kind, sort, table)
    columns: list[Any] = [(table.c.id * 2 + odd).label("code"), key.label("k")]
    if sort != "name":
        columns.append(table.c.sort_key.label("n"))
    query = sa.select(*columns)
    query = query.select_from(joined)
    if within is not None:
        mine = sorted(code >> 1 for code in within if code & 1 == odd)
        query = query.where(table.c.id.in_(mine))
    for condition in _conditions(kind, flt, table):
        query = query.where(condition)
    if flt.where:
        query = query.where(clause(conn, kind, flt.where, listed="client"))
    return query


def _conditions(kind: str, flt: ClientFilter, table: sa.Table) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    for column, wanted in ((table.c.manager_id, flt.manager_ids), (table.c.source_id, flt.source_ids)):
        if wanted:
            some = column.in_([i for i in wanted if i != _NONE])
            found.append(sa.or_(some, column.is_(None)) if _NONE in wanted else some)
    if flt.cities:
        found.append(table.c.city.in_(flt.cities))
    if flt.categories:
        found.append(table.c.category.in_(flt.categories))
    if flt.open_deals is not None:
        owner = t.deals.c[f"{kind}_id"]
        has = sa.exists().where(owner == table.c.id, t.deals.c.status == "open")
        found.append(has if flt.open_deals else ~has)
    if flt.no_next_step:
        acts = t.activities.c
        planned = sa.exists().where(
            acts[f"{kind}_id"] == table.c.id, acts.done_at.is_(None), acts.kind != "note"
        )
        found.append(~planned)
    return found


def _sort_key(
    conn: sa.Connection, kind: str, sort: str, table: sa.Table
) -> tuple[sa.ColumnElement[Any], sa.FromClause]:
    """The stored value to sort by, and what must be joined to have it."""
    plain: dict[str, Any] = {
        "name": table.c.sort_key,
        "kind": sa.literal(kind),
        "city": table.c.city,
        "created": table.c.created_at,
        "category": table.c.category,
        "tax_id": table.c.tax_id,
    }
    if sort in plain:
        return plain[sort], table
    if sort in ("manager", "source"):
        other = t.managers if sort == "manager" else t.sources
        return other.c.folded, table.outerjoin(other, other.c.id == table.c[f"{sort}_id"])
    if sort in ("phone", "email"):
        points = t.contact_points.c
        wanted = _per_owner(points[f"{kind}_id"], sa.func.min(points.key), points.kind == sort)
    elif sort in ("open_deals", "open_sum"):
        deals = t.deals.c
        value: Any = sa.func.count() if sort == "open_deals" else sa.func.sum(deals.amount)
        wanted = _per_owner(deals[f"{kind}_id"], value, deals.status == "open")
    elif sort in ("last_contact", "next_step"):
        acts = t.activities.c
        if sort == "last_contact":
            wanted = _per_owner(acts[f"{kind}_id"], sa.func.max(acts.done_at), acts.done_at.is_not(None))
        else:
            open_ = sa.and_(acts.done_at.is_(None), acts.kind != "note")
            wanted = _per_owner(acts[f"{kind}_id"], sa.func.min(acts.due_at), open_)
    elif sort.startswith("field:"):
        wanted = custom_sort(conn, int(sort.split(":")[1]), kind)
    else:
        raise ValueError(f"no such column to sort by: {sort}")
    return wanted.c.v, table.outerjoin(wanted, wanted.c.o == table.c.id)


def _per_owner(owner: Any, value: Any, where: Any) -> sa.Subquery:
    query = sa.select(owner.label("o"), value.label("v")).where(owner.is_not(None), where)
    return query.group_by(owner).subquery()


def client_rows(conn: sa.Connection, codes: Sequence[int]) -> dict[int, ClientRow]:
    """The rows of one page by code; a client that is gone is missing."""
    found: dict[int, ClientRow] = {}
    for kind in _KINDS:
        ids = [ref_of(code)[1] for code in codes if ref_of(code)[0] == kind]
        if ids:
            found.update(_rows_of(conn, kind, ids))
    return found


def _rows_of(conn: sa.Connection, kind: str, ids: Sequence[int]) -> dict[int, ClientRow]:
    table = t.table_of(kind)
    names = [table.c.id, table.c.name, table.c.city, table.c.category, table.c.tax_id, table.c.created_at]
    joined = table.outerjoin(t.managers, t.managers.c.id == table.c.manager_id).outerjoin(
        t.sources, t.sources.c.id == table.c.source_id
    )
    company: Any = sa.literal(None)
    if kind == "person":
        company = t.companies.c.name
        joined = joined.outerjoin(t.companies, t.companies.c.id == table.c.company_id)
    query = sa.select(
        *names, t.managers.c.name.label("manager"), t.sources.c.name.label("source"), company.label("company")
    ).select_from(joined)
    contacts = _first_contacts(conn, kind, ids)
    deals = _open_deals(conn, kind, ids)
    acts = _activities(conn, kind, ids)
    custom = custom_texts(conn, kind, ids)
    found = {}
    for row in conn.execute(query.where(table.c.id.in_(ids))):
        last, next_at, next_kind, subject = acts.get(row.id, (None, None, "", ""))
        count, sums = deals.get(row.id, (0, ()))
        found[code_of(kind, row.id)] = ClientRow(
            kind=kind,
            id=row.id,
            name=row.name,
            company=row.company or "",
            phone=contacts.get((row.id, "phone"), ""),
            email=contacts.get((row.id, "email"), ""),
            city=row.city or "",
            manager=row.manager or "",
            source=row.source or "",
            open_deals=count,
            open_sums=sums,
            last_contact=last,
            next_at=next_at,
            next_kind=next_kind,
            next_subject=subject,
            created_at=row.created_at,
            category=row.category or "",
            tax_id=row.tax_id or "",
            custom=custom.get(row.id, {}),
        )
    return found


def _first_contacts(conn: sa.Connection, kind: str, ids: Sequence[int]) -> dict[tuple[int, str], str]:
    points = t.contact_points.c
    owner = points[f"{kind}_id"]
    query = sa.select(owner, points.kind, points.value).where(owner.in_(ids))
    found: dict[tuple[int, str], str] = {}
    for row in conn.execute(query.order_by(points.position, points.id)):
        found.setdefault((row[0], row[1]), row[2])
    return found


def _open_deals(
    conn: sa.Connection, kind: str, ids: Sequence[int]
) -> dict[int, tuple[int, tuple[tuple[str, int], ...]]]:
    deals = t.deals.c
    owner = deals[f"{kind}_id"]
    query = (
        sa.select(owner, deals.currency, sa.func.count(), sa.func.sum(deals.amount))
        .where(owner.in_(ids), deals.status == "open")
        .group_by(owner, deals.currency)
        .order_by(owner, deals.currency)
    )
    found: dict[int, tuple[int, tuple[tuple[str, int], ...]]] = {}
    for who, currency, count, total in conn.execute(query):
        before, sums = found.get(who, (0, ()))
        more = ((currency or "", int(total)),) if total is not None else ()
        found[who] = (before + count, sums + more)
    return found


def _activities(
    conn: sa.Connection, kind: str, ids: Sequence[int]
) -> dict[int, tuple[int | None, int | None, str, str]]:
    acts = t.activities.c
    owner = acts[f"{kind}_id"]
    found: dict[int, tuple[int | None, int | None, str, str]] = {}
    done = sa.select(owner, sa.func.max(acts.done_at)).where(owner.in_(ids)).group_by(owner)
    for who, last in conn.execute(done):
        found[who] = (last, None, "", "")
    planned = (
        sa.select(owner, acts.due_at, acts.kind, acts.subject)
        .where(owner.in_(ids), acts.done_at.is_(None), acts.kind != "note")
        .order_by(owner, sa.nulls_first(acts.due_at.desc()), acts.id.desc())
    )
    for who, due, what, subject in conn.execute(planned):  # the earliest comes last and stays
        found[who] = (found.get(who, (None,))[0], due, what, subject)
    return found


def choices(conn: sa.Connection) -> ClientChoices:
    """What the filters of the list can be set to: managers, sources, cities and categories in use."""

    def names(table: sa.Table) -> tuple[tuple[int, str], ...]:
        query = sa.select(table.c.id, table.c.name).order_by(table.c.folded)
        return tuple((row.id, row.name) for row in conn.execute(query))

    def used(column: str) -> tuple[str, ...]:
        parts = [sa.select(t.table_of(k).c[column].label("v")).distinct() for k in _KINDS]
        both = sa.union(*parts).subquery()
        query = sa.select(both.c.v).where(both.c.v.is_not(None), both.c.v != "").order_by(both.c.v)
        return tuple(conn.scalars(query.limit(1_000)))

    return ClientChoices(names(t.managers), names(t.sources), used("city"), used("category"))
