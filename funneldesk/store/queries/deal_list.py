"""Deals as lists and exports show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from funneldesk.store import tables as t

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class DealRow:
    """One line of a list of deals; names instead of ids, money in minor units of its currency."""

    id: int
    external_id: str | None
    title: str
    client: str
    funnel: str
    stage: str | None
    status: str
    amount: int | None
    currency: str | None
    manager: str | None
    source: str | None
    product: str | None
    created_at: int | None
    closed_at: int | None
    expected_close: str | None
    lost_reason: str | None
    comment: str | None


def rows(conn: sa.Connection, deal_ids: Sequence[int]) -> list[DealRow]:
    """The lines of the given deals in the given order; deals that are gone are left out."""
    found: dict[int, DealRow] = {}
    for start in range(0, len(deal_ids), _CHUNK):
        part = list(deal_ids[start : start + _CHUNK])
        for row in conn.execute(_query().where(t.deals.c.id.in_(part))):
            found[row[0]] = DealRow(*row)
    return [found[i] for i in deal_ids if i in found]


def _query() -> sa.Select[Any]:
    d = t.deals.c
    return (
        sa.select(
            d.id,
            d.external_id,
            d.title,
            sa.func.coalesce(t.companies.c.name, t.people.c.name, ""),
            t.funnels.c.name,
            t.stages.c.name,
            d.status,
            d.amount,
            d.currency,
            t.managers.c.name,
            t.sources.c.name,
            t.products.c.name,
            d.created_at,
            d.closed_at,
            d.expected_close,
            t.loss_reasons.c.name,
            sa.func.coalesce(d.loss_comment, d.comment),
        )
        .join(t.funnels, t.funnels.c.id == d.funnel_id)
        .outerjoin(t.stages, t.stages.c.id == d.stage_id)
        .outerjoin(t.companies, t.companies.c.id == d.company_id)
        .outerjoin(t.people, t.people.c.id == d.person_id)
        .outerjoin(t.managers, t.managers.c.id == d.manager_id)
        .outerjoin(t.sources, t.sources.c.id == d.source_id)
        .outerjoin(t.products, t.products.c.id == d.product_id)
        .outerjoin(t.loss_reasons, t.loss_reasons.c.id == d.loss_reason_id)
    )
