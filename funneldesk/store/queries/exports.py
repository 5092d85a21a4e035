"""Whole lists of clients, deals, products and activities as plain rows, for files that leave the base."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.fields import FieldType, as_typed
from funneldesk.store import tables as t
from funneldesk.store.database import read_info

CLIENT_FIELDS = (
    "external_id", "name", "legal_name", "tax_id", "person", "position", "phone", "email", "website",
    "address", "city", "region", "country", "size", "category", "source", "manager", "comment",
)  # fmt: skip
DEAL_FIELDS = (
    "external_id", "title", "client", "person", "phone", "email", "funnel", "stage", "outcome", "amount",
    "currency", "manager", "source", "product", "created_at", "closed_at", "expected_close", "lost_reason",
    "comment",
)  # fmt: skip
PRODUCT_FIELDS = ("name", "price", "cost", "currency")
ACTIVITY_FIELDS = ("deal", "client", "kind", "at", "manager", "result", "comment")

Rows = list[dict[str, Any]]


def custom_columns(conn: sa.Connection, kind: str) -> list[tuple[int, str]]:
    """(id, name) of the custom fields that a kind of record keeps values of, in their order."""
    column = t.custom_fields.c
    kept = sa.and_(column.record_kind == kind, column.type != FieldType.CALCULATED)
    query = sa.select(column.id, column.name).where(kept).order_by(column.position)
    return [(row.id, row.name) for row in conn.execute(query)]


def clients(conn: sa.Connection) -> Rows:
    """Companies with each of their people, a row per person, then people without a company.

    A company without people has one row; several phones of one record are joined by "; ".
    """
    contacts = _contacts(conn)
    names = _names(conn)
    staff: dict[int, list[Any]] = defaultdict(list)
    people = list(conn.execute(sa.select(t.people).order_by(t.people.c.id)).mappings())
    for row in people:
        if row["company_id"] is not None:
            staff[row["company_id"]].append(row)
    custom = {kind: own_texts(conn, kind) for kind in ("company", "person")}
    found: Rows = []
    for row in conn.execute(sa.select(t.companies).order_by(t.companies.c.id)).mappings():
        whole = _client(row, names, contacts["company"][row["id"]]) | custom["company"][row["id"]]
        for person in staff[row["id"]]:
            line = {**custom["person"][person["id"]], **whole}
            line |= {"person": person["name"], "position": person["position"]}
            for kind, values in contacts["person"][person["id"]].items():
                line[kind] = "; ".join(filter(None, [line.get(kind), "; ".join(values)]))
            found.append(line)
        if not staff[row["id"]]:
            found.append(whole)
    for row in people:
        if row["company_id"] is None:
            line = _client(row, names, contacts["person"][row["id"]])
            found.append(line | custom["person"][row["id"]])
    return found


def _client(row: Any, names: dict[str, dict[int, str]], points: dict[str, list[str]]) -> dict[str, Any]:
    line = {name: row.get(name) for name in CLIENT_FIELDS}
    line["source"] = names["sources"].get(row["source_id"])
    line["manager"] = names["managers"].get(row["manager_id"])
    line |= {kind: "; ".join(values) for kind, values in points.items()}
    return line


def deals(conn: sa.Connection, ids: Sequence[int] | None = None) -> Rows:
    """Deals with names instead of ids; `amount` in minor units, times in microseconds."""
    names = _names(conn)
    contacts = _contacts(conn)
    custom = own_texts(conn, "deal")
    wanted = None if ids is None else set(ids)
    found: Rows = []
    for row in conn.execute(sa.select(t.deals).order_by(t.deals.c.id)).mappings():
        if wanted is not None and row["id"] not in wanted:
            continue
        points = contacts["person"][row["person_id"]] or contacts["company"][row["company_id"]]
        line = {name: row.get(name) for name in DEAL_FIELDS}
        line |= {
            "client": names["companies"].get(row["company_id"]),
            "person": names["people"].get(row["person_id"]),
            "phone": "; ".join(points.get("phone", [])) or None,
            "email": "; ".join(points.get("email", [])) or None,
            "funnel": names["funnels"].get(row["funnel_id"]),
            "stage": names["stages"].get(row["stage_id"]),
            "outcome": None if row["status"] == "open" else row["status"],
            "manager": names["managers"].get(row["manager_id"]),
            "source": names["sources"].get(row["source_id"]),
            "product": names["products"].get(row["product_id"]),
            "lost_reason": names["loss_reasons"].get(row["loss_reason_id"]),
            "comment": row["loss_comment"] or row["comment"],
        }
        found.append(line | custom[row["id"]])
    return found


def products(conn: sa.Connection) -> Rows:
    """Products by name; price and cost in minor units."""
    own, c = own_texts(conn, "product"), t.products.c
    rows = conn.execute(sa.select(t.products).order_by(c.folded)).mappings()
    return [{name: row[name] for name in PRODUCT_FIELDS} | own[row["id"]] for row in rows]


def activities(conn: sa.Connection) -> Rows:
    """Activities, the oldest first; `at` is when it was done, else when it is due."""
    names = _names(conn)
    numbers = {row[0]: row[1] for row in conn.execute(sa.select(t.deals.c.id, t.deals.c.external_id))}
    titles = {row[0]: row[1] for row in conn.execute(sa.select(t.deals.c.id, t.deals.c.title))}
    found: Rows = []
    for row in conn.execute(sa.select(t.activities).order_by(t.activities.c.id)).mappings():
        deal = row["deal_id"]
        found.append(
            {
                "deal": numbers.get(deal) or titles.get(deal),
                "client": names["companies"].get(row["company_id"]) or names["people"].get(row["person_id"]),
                "kind": row["kind"],
                "at": row["done_at"] if row["done_at"] is not None else row["due_at"],
                "manager": names["managers"].get(row["manager_id"]),
                "result": row["result"],
                "comment": row["subject"] or row["comment"],
            }
        )
    return found


def _names(conn: sa.Connection) -> dict[str, dict[int, str]]:
    tables = (
        t.managers, t.sources, t.products, t.loss_reasons, t.funnels, t.stages, t.companies, t.people
    )  # fmt: skip
    return {
        table.name: {row[0]: row[1] for row in conn.execute(sa.select(table.c.id, table.c.name))}
        for table in tables
    }


def _contacts(conn: sa.Connection) -> dict[str, dict[int | None, dict[str, list[str]]]]:
    found: dict[str, dict[int | None, dict[str, list[str]]]] = {
        "company": defaultdict(dict),
        "person": defaultdict(dict),
    }
    column = t.contact_points.c
    query = sa.select(column.company_id, column.person_id, column.kind, column.value)
    for company, person, kind, value in conn.execute(query.order_by(column.position, column.id)):
        owner = found["person"][person] if company is None else found["company"][company]
        owner.setdefault(kind, []).append(value)
    return found


def own_texts(conn: sa.Connection, kind: str) -> dict[int, dict[str, str]]:
    """Record -> name of the custom field -> its value as a file has it."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    value, field = t.custom_values.c, t.custom_fields.c
    query = (
        sa.select(value.record_id, field.name, value.value, field.type)
        .join(t.custom_fields, field.id == value.field_id)
        .where(value.record_kind == kind)
    )
    currency = read_info(conn).currency
    for record, name, text, type_ in conn.execute(query):
        found[record][name] = as_typed(type_, text, currency)
    return found
