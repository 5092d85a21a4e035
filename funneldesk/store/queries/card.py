"""The cards of a client and of a deal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.activity import Activity
from funneldesk.domain.card import (
    ClientCard,
    DealCard,
    DealLine,
    FieldValue,
    Names,
    PersonLine,
    StageSpell,
)
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.funnel import Funnel, Stage, ordered
from funneldesk.domain.items import DealItem
from funneldesk.domain.team import Product
from funneldesk.store import tables as t
from funneldesk.store.queries.billing import client_billing
from funneldesk.store.queries.calculated import calculated
from funneldesk.store.transaction import select_records

_CLASS: dict[str, type[Any]] = {"company": Company, "person": Person}


def client_card(conn: sa.Connection, kind: str, client_id: int) -> ClientCard | None:
    """Everything on a client's card; None when the client is gone."""
    table = t.table_of(kind)
    found = select_records(conn, _CLASS[kind], table.c.id == client_id)
    if not found:
        return None
    record: Company | Person = found[0]
    points = t.contact_points.c
    contacts = select_records(conn, ContactPoint, points[f"{kind}_id"] == client_id, order=points.position)
    company = None
    if isinstance(record, Person) and record.company_id is not None:
        company = _named(conn, t.companies, record.company_id)
    people = _people(conn, client_id) if kind == "company" else ()
    invoices, payments, sums = client_billing(conn, kind, client_id)
    return ClientCard(
        kind=kind,
        record=record,
        contacts=tuple(contacts),
        company=company,
        people=people,
        deals=_deals(conn, kind, client_id),
        planned=planned(conn, *_about(kind, client_id)),
        fields=field_values(conn, kind, client_id),
        names=names(conn),
        invoices=invoices,
        payments=payments,
        balances=sums,
    )


def deal_card(conn: sa.Connection, deal_id: int) -> DealCard | None:
    """Everything on a deal's card; None when the deal is gone."""
    found = select_records(conn, Deal, t.deals.c.id == deal_id)
    if not found:
        return None
    deal = found[0]
    funnel = select_records(conn, Funnel, t.funnels.c.id == deal.funnel_id)[0]
    stages = ordered(select_records(conn, Stage, t.stages.c.funnel_id == deal.funnel_id))
    moves = select_records(conn, StageMove, t.stage_moves.c.deal_id == deal_id, order=t.stage_moves.c.seq)
    return DealCard(
        deal=deal,
        funnel=funnel,
        stages=tuple(stages),
        company=_named(conn, t.companies, deal.company_id),
        person=_named(conn, t.people, deal.person_id),
        phone=_deal_contact(conn, deal, "phone"),
        email=_deal_contact(conn, deal, "email"),
        planned=planned(conn, t.activities.c.deal_id == deal_id),
        spells=spells(moves),
        fields=field_values(conn, "deal", deal_id),
        names=names(conn),
        items=tuple(
            select_records(conn, DealItem, t.deal_items.c.deal_id == deal_id, order=t.deal_items.c.position)
        ),
        products=tuple(select_records(conn, Product, order=t.products.c.folded)),
    )


def spells(moves: Sequence[StageMove]) -> tuple[StageSpell, ...]:
    """The stays of a deal from its history, in order."""
    found = []
    for place, move in enumerate(moves):
        until = moves[place + 1].at if place + 1 < len(moves) else None
        found.append(StageSpell(move.to_kind, move.to_stage_id, move.at, until))
    return tuple(found)


def names(conn: sa.Connection) -> Names:
    """Ids to names of every small list."""

    def pairs(table: sa.Table, order: sa.Column[Any]) -> dict[int, str]:
        rows = conn.execute(sa.select(table.c.id, table.c.name).order_by(order))
        return {row.id: row.name for row in rows}

    active = sa.select(t.managers.c.id).where(t.managers.c.active.is_(True)).order_by(t.managers.c.folded)
    return Names(
        managers=pairs(t.managers, t.managers.c.folded),
        active_managers=tuple(conn.scalars(active)),
        sources=pairs(t.sources, t.sources.c.folded),
        products=pairs(t.products, t.products.c.folded),
        reasons=pairs(t.loss_reasons, t.loss_reasons.c.position),
        stages=pairs(t.stages, t.stages.c.position),
        fields=pairs(t.custom_fields, t.custom_fields.c.position),
    )


def planned(conn: sa.Connection, *about: sa.ColumnElement[bool]) -> tuple[Activity, ...]:
    """Planned activities, the one due first in front, undated ones last."""
    acts = t.activities.c
    found = select_records(
        conn, Activity, sa.or_(*about), acts.done_at.is_(None), acts.kind != "note", order=acts.due_at
    )
    return tuple(sorted(found, key=lambda a: (a.due_at is None, a.due_at or 0, a.id)))


def field_values(conn: sa.Connection, kind: str, record_id: int) -> tuple[FieldValue, ...]:
    """Every custom field of this kind of record, with the value this one has."""
    fields = custom_fields(conn, kind)
    if not fields:
        return ()
    column = t.custom_values.c
    rows = conn.execute(
        sa.select(column.field_id, column.value).where(
            column.record_kind == kind, column.record_id == record_id
        )
    )
    values = {row.field_id: row.value for row in rows}
    values |= calculated(conn, kind, [record_id], fields).get(record_id, {})
    return tuple(FieldValue(f, values.get(f.id, "")) for f in fields)


def custom_fields(conn: sa.Connection, *kinds: str) -> list[CustomField]:
    """The custom fields of these kinds of record, in their order."""
    column = t.custom_fields.c
    found = select_records(conn, CustomField, column.record_kind.in_(kinds), order=column.position)
    return sorted(found, key=lambda f: (f.position, f.id))


def kept_fields(conn: sa.Connection, *kinds: str) -> list[CustomField]:
    """The custom fields that people fill in: not those that a formula gives."""
    return [field for field in custom_fields(conn, *kinds) if field.type != FieldType.CALCULATED]


def _about(kind: str, client_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """What an activity must refer to in order to stand on a client's card."""
    acts = t.activities.c
    if kind == "person":
        return (acts.person_id == client_id,)
    people = sa.select(t.people.c.id).where(t.people.c.company_id == client_id)
    return (acts.company_id == client_id, acts.person_id.in_(people))


def _people(conn: sa.Connection, company_id: int, limit: int = 200) -> tuple[PersonLine, ...]:
    people = t.people.c
    query = sa.select(people.id, people.name, people.position).where(people.company_id == company_id)
    rows = conn.execute(query.order_by(people.sort_key).limit(limit)).all()
    points = t.contact_points.c
    first: dict[tuple[int, str], str] = {}
    ids = [row.id for row in rows]
    for owner, kind, value in conn.execute(
        sa.select(points.person_id, points.kind, points.value)
        .where(points.person_id.in_(ids))
        .order_by(points.position, points.id)
    ):
        first.setdefault((owner, kind), value)
    return tuple(
        PersonLine(
            r.id, r.name, r.position or "", first.get((r.id, "phone"), ""), first.get((r.id, "email"), "")
        )
        for r in rows
    )


def _deals(conn: sa.Connection, kind: str, client_id: int, limit: int = 100) -> tuple[DealLine, ...]:
    deals = t.deals.c
    query = (
        sa.select(
            deals.id, deals.title, deals.status, t.stages.c.name, deals.amount, deals.currency,
            deals.entered_at, deals.closed_at, deals.next_due_at,
        )
        .select_from(t.deals.outerjoin(t.stages, t.stages.c.id == deals.stage_id))
        .where(deals[f"{kind}_id"] == client_id)
        .order_by(deals.status != "open", deals.closed_at.desc(), deals.created_at.desc(), deals.id.desc())
    )  # fmt: skip
    return tuple(
        DealLine(row[0], row[1], row[2], row[3] or "", *row[4:]) for row in conn.execute(query.limit(limit))
    )


def _named(conn: sa.Connection, table: sa.Table, record_id: int | None) -> tuple[int, str] | None:
    if record_id is None:
        return None
    name = conn.scalar(sa.select(table.c.name).where(table.c.id == record_id))
    return None if name is None else (record_id, name)


def _deal_contact(conn: sa.Connection, deal: Deal, kind: str) -> str:
    points = t.contact_points.c
    for owner, record_id in (("person_id", deal.person_id), ("company_id", deal.company_id)):
        if record_id is not None:
            query = sa.select(points.value).where(points[owner] == record_id, points.kind == kind)
            value = conn.scalar(query.order_by(points.position, points.id).limit(1))
            if value:
                return str(value)
    return ""
