"""What is known of deals, by the keys that stages require, and what was checked off for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.criteria import CUSTOM, MEETING
from funneldesk.store import tables as t

_DEAL = (
    "amount", "expected_close", "person_id", "manager_id", "source_id", "product_id", "demand", "comment",
)  # fmt: skip
_CLIENT = ("tax_id", "address", "city")


def known_values(conn: sa.Connection, deal_id: int) -> dict[str, object]:
    """Every value that a stage may require of a deal, by its key; what is not there is unknown."""
    deals = t.deals.c
    row = conn.execute(sa.select(t.deals).where(deals.id == deal_id)).mappings().one_or_none()
    if row is None:
        return {}
    owners = [(kind, row[f"{kind}_id"]) for kind in ("person", "company") if row[f"{kind}_id"] is not None]
    known: dict[str, object] = {name: row[name] for name in _DEAL}
    known["client"] = row["company_id"] or row["person_id"]
    known.update(_of_client(conn, owners))
    known.update(_custom(conn, [("deal", deal_id), *owners]))
    known[MEETING] = _meeting(conn, deal_id)
    return known


def checked_items(conn: sa.Connection, deal_id: int) -> frozenset[str]:
    """The entries of checklists that were checked off for a deal."""
    column = t.deal_checks.c
    return frozenset(conn.scalars(sa.select(column.item).where(column.deal_id == deal_id)))


def _of_client(conn: sa.Connection, owners: Sequence[tuple[str, int]]) -> dict[str, object]:
    """Contacts and columns of the client; what the person has comes before what the company has."""
    found: dict[str, object] = {}
    points = t.contact_points.c
    for kind, record_id in reversed(owners):
        table = t.table_of(kind)
        columns = [table.c[name] for name in _CLIENT]
        row = conn.execute(sa.select(*columns).where(table.c.id == record_id)).mappings().one()
        found.update({name: value for name, value in row.items() if value})
        query = sa.select(points.kind, points.value).where(points[f"{kind}_id"] == record_id)
        for contact, value in conn.execute(query.order_by(points.position.desc(), points.id.desc())):
            found[contact] = value
    return found


def _custom(conn: sa.Connection, records: Sequence[tuple[str, int]]) -> dict[str, object]:
    column = t.custom_values.c
    found: dict[str, object] = {}
    for kind, record_id in records:
        query = sa.select(column.field_id, column.value).where(
            column.record_kind == kind, column.record_id == record_id
        )
        found.update({f"{CUSTOM}{field_id}": value for field_id, value in conn.execute(query)})
    return found


def _meeting(conn: sa.Connection, deal_id: int) -> bool:
    """Whether a meeting of the deal has a place, a date and a time."""
    acts = t.activities.c
    query: Any = sa.select(acts.id).where(
        acts.deal_id == deal_id, acts.kind == "meeting", acts.due_at.is_not(None), acts.all_day.is_(False),
        acts.place.is_not(None), acts.place != "",
    )  # fmt: skip
    return conn.scalar(query.limit(1)) is not None
