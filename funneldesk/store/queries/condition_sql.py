"""Where the fields that conditions ask for are kept: columns, sums over deals, dates of activities."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.money import minor_digits
from funneldesk.domain.phone import digits
from funneldesk.store import tables as t
from funneldesk.store.queries.import_log import made_spans
from funneldesk.store.queries.rates import rates

_PLAIN = {  # key -> column, where they differ
    "created": "created_at", "updated": "updated_at", "closed": "closed_at", "entered": "entered_at",
    "consent": "consent_at", "manager": "manager_id", "source": "source_id", "product": "product_id",
    "funnel": "funnel_id", "stage": "stage_id", "lost_reason": "loss_reason_id", "lead_status": "status",
}  # fmt: skip
_LEAST_DIGITS = 3


def built_in_sql(conn: sa.Connection, kind: str, key: str, now: int) -> Any:
    """The value of a built-in field for a row of the table of `kind`; NULL where that kind lacks it."""
    table = t.table_of(kind)
    if key in ("has_open_deals", "open_deals", "open_sum", "won_deals", "won_sum"):
        return _of_deals(conn, kind, key)
    if key in ("next_step", "last_contact"):
        return _of_activities(kind, key)
    if kind == "deal" and key == "amount":
        return converted(conn, now)
    if kind == "deal" and key == "days_in_stage":
        return (sa.literal(now) - table.c.entered_at) / sa.literal(float(clock.DAY))
    if kind == "deal" and key.startswith("client"):
        name = "name" if key == "client" else key.removeprefix("client_")
        return sa.func.coalesce(*[_linked(table, link, name) for link in ("company", "person")])
    if kind == "person" and key == "company":
        return _linked(table, "company", "name")
    if kind == "lead" and key in ("company", "person"):
        return table.c[f"{key}_name"]
    if key == "import":
        spans = made_spans(conn, kind)
        whens = [(table.c.id.between(first, last), sa.literal(entry)) for entry, first, last in spans]
        return sa.case(*whens, else_=sa.null()) if whens else sa.null()
    if key == "kind":
        return sa.literal(kind)
    column = _PLAIN.get(key, key)
    return table.c[column] if column in table.c else sa.null()


def converted(conn: sa.Connection, at: int) -> sa.ColumnElement[Any]:
    """The amount of a deal in minor units of the accounting currency; NULL without amount or rate."""
    money, deals = rates(conn), t.deals.c
    base = minor_digits(money.currency)
    known: dict[str, Any] = {money.currency: deals.amount}
    for code, (days, values) in money.by_currency.items():
        if code == money.currency or not days:
            continue
        if money.convert(0, code, at) is not None:
            past = [v for d, v in zip(days, values, strict=True) if d <= _day(at, money)]
            factor = past[-1] * Decimal(10) ** (base - minor_digits(code))
            known[code] = sa.func.round(deals.amount * sa.literal(float(factor)))
    return sa.case(
        (deals.currency.is_(None), deals.amount),
        *[(deals.currency == code, value) for code, value in known.items()],
        else_=sa.null(),
    )


def _day(at: int, money: Any) -> str:
    return clock.local_date(at, money.zone).isoformat()


def _linked(table: sa.Table, link: str, column: str) -> Any:
    other = t.table_of(link).alias(f"its_{link}")
    if column not in other.c:
        return sa.null()
    query = sa.select(other.c[column]).where(other.c.id == table.c[f"{link}_id"])
    return query.correlate(table).scalar_subquery()


def _of_deals(conn: sa.Connection, kind: str, key: str) -> Any:
    deals, table = t.deals.c, t.table_of(kind)
    status = "won" if key.startswith("won") else "open"
    mine = sa.and_(deals[f"{kind}_id"] == table.c.id, deals.status == status)
    if key == "has_open_deals":
        return sa.exists().where(mine).correlate(table)
    value: Any = sa.func.count()
    if key.endswith("sum"):
        value = sa.func.coalesce(sa.func.sum(converted(conn, clock.now())), 0)
    query = sa.select(value).select_from(t.deals).where(mine)
    return query.correlate(table).scalar_subquery()


def _of_activities(kind: str, key: str) -> Any:
    if kind == "deal":  # kept on the deal
        return t.deals.c.next_due_at if key == "next_step" else t.deals.c.last_done_at
    acts, table = t.activities.c, t.table_of(kind)
    mine = acts[f"{kind}_id"] == table.c.id
    if key == "last_contact":
        query = sa.select(sa.func.max(acts.done_at)).where(mine)
    else:
        query = sa.select(sa.func.min(acts.due_at)).where(mine, acts.done_at.is_(None), acts.kind != "note")
    return query.correlate(table).scalar_subquery()


def custom_owner(conn: sa.Connection, kind: str, field_id: int) -> Any:
    """The column of the table of `kind` that names the record having that custom field; None = none."""
    column = t.custom_fields.c
    owner = conn.scalar(sa.select(column.record_kind).where(column.id == field_id))
    table = t.table_of(kind)
    if owner == kind:
        return table.c.id
    link = f"{owner}_id"
    return table.c[link] if kind == "deal" and link in table.c else None


def contact_owners(kind: str, of_client: bool) -> list[tuple[Any, Any]]:
    """(column of the record, column of the contact points) that must be equal."""
    points = t.contact_points.c
    if of_client:
        return [(t.deals.c[f"{k}_id"], points[f"{k}_id"]) for k in ("company", "person")]
    return [(t.table_of(kind).c.id, points[f"{kind}_id"])]


def phone_part(text: str) -> str:
    """The digits to look for in the key of a phone; "" where the text is no part of a phone."""
    number = digits(text)
    if len(number) < _LEAST_DIGITS or any(ch.isalpha() for ch in text):
        return ""
    return number[-9:]
