"""Whom to offer something again: clients of lost deals, and clients who have bought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.store import tables as t

_d, _c, _p, _m, _r = (table.c for table in (t.deals, t.companies, t.people, t.managers, t.loss_reasons))


@dataclass(frozen=True, slots=True)
class AgainLine:
    """A client with the deal that speaks for them: the lost one, or the last one won."""

    deal_id: int
    funnel_id: int
    title: str
    company_id: int | None
    person_id: int | None
    client: str
    amount: int | None
    currency: str | None
    closed_at: int | None
    manager: str
    reason: str
    comment: str


Found = tuple[int, list[AgainLine]]


def lost(
    conn: sa.Connection,
    *,
    reason_ids: Sequence[int] = (),
    since: int | None = None,
    until: int | None = None,
    manager_id: int | None = None,
    limit: int = 500,
) -> Found:
    """Lost deals of clients who have no open deal now, the dearest first."""
    where = [_d.status == str(Status.LOST), _no_open()]
    if reason_ids:
        where.append(_d.loss_reason_id.in_(reason_ids))
    return _found(conn, [*where, *_between(since, until), *_of(manager_id)], limit)


def bought(
    conn: sa.Connection,
    *,
    product_id: int | None = None,
    without_id: int | None = None,
    since: int | None = None,
    until: int | None = None,
    manager_id: int | None = None,
    limit: int = 500,
) -> Found:
    """The last won deal of each client who has no open deal, the dearest first.

    With `product_id` only clients who have bought it; with `without_id` only those who have not.
    """
    other = t.deals.alias("later").c
    later = sa.exists(
        sa.select(other.id).where(
            other.status == str(Status.WON), _same_client(other),
            sa.tuple_(sa.func.coalesce(other.closed_at, 0), other.id)
            > sa.tuple_(sa.func.coalesce(_d.closed_at, 0), _d.id),
        )
    )  # fmt: skip
    where = [_d.status == str(Status.WON), _has_client(), _no_open(), sa.not_(later)]
    if product_id is not None:
        where.append(_has_bought(product_id))
    if without_id is not None:
        where.append(sa.not_(_has_bought(without_id)))
    return _found(conn, [*where, *_between(since, until), *_of(manager_id)], limit)


def _has_client() -> sa.ColumnElement[bool]:
    return sa.or_(_d.company_id.is_not(None), _d.person_id.is_not(None))


def _same_client(other: Any) -> sa.ColumnElement[bool]:
    """Of the same company, or of the same person where there is no company."""
    return sa.or_(
        sa.and_(_d.company_id.is_not(None), other.company_id == _d.company_id),
        sa.and_(_d.company_id.is_(None), other.company_id.is_(None), other.person_id == _d.person_id),
    )


def _no_open() -> sa.ColumnElement[bool]:
    other = t.deals.alias("open_deals").c
    return sa.not_(
        sa.exists(sa.select(other.id).where(other.status == str(Status.OPEN), _same_client(other)))
    )


def _has_bought(product_id: int) -> sa.ColumnElement[bool]:
    other, item = t.deals.alias("bought").c, t.deal_items.c
    listed = sa.exists(sa.select(item.id).where(item.deal_id == other.id, item.product_id == product_id))
    return sa.exists(
        sa.select(other.id).where(
            other.status == str(Status.WON), _same_client(other),
            sa.or_(other.product_id == product_id, listed),
        )
    )  # fmt: skip


def _between(since: int | None, until: int | None) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = []
    if since is not None:
        where.append(_d.closed_at >= since)
    if until is not None:
        where.append(_d.closed_at < until)
    return where


def _of(manager_id: int | None) -> list[sa.ColumnElement[bool]]:
    return [] if manager_id is None else [_d.manager_id == manager_id]


def _found(conn: sa.Connection, where: Sequence[sa.ColumnElement[bool]], limit: int) -> Found:
    count = conn.scalar(sa.select(sa.func.count()).select_from(t.deals).where(*where)) or 0
    query = (
        sa.select(
            _d.id, _d.funnel_id, _d.title, _d.company_id, _d.person_id,
            sa.func.coalesce(_c.name, _p.name, ""), _d.amount, _d.currency, _d.closed_at,
            sa.func.coalesce(_m.name, ""), sa.func.coalesce(_r.name, ""),
            sa.func.coalesce(_d.loss_comment, ""),
        )
        .select_from(
            t.deals.outerjoin(t.companies, _c.id == _d.company_id)
            .outerjoin(t.people, _p.id == _d.person_id)
            .outerjoin(t.managers, _m.id == _d.manager_id)
            .outerjoin(t.loss_reasons, _r.id == _d.loss_reason_id)
        )
        .where(*where)
        .order_by(_d.amount.is_(None), _d.amount.desc(), _d.id)
        .limit(limit)
    )  # fmt: skip
    rows: Any = conn.execute(query)
    return count, [AgainLine(*row) for row in rows]
