"""What is to be done: planned activities by time, and open deals that nobody has planned anything for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.store import tables as t


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One line; without an activity (`activity_id` 0) a deal that has no next step."""

    activity_id: int
    kind: str
    subject: str
    due_at: int | None
    all_day: bool
    deal_id: int | None
    company_id: int | None
    person_id: int | None
    client: str
    deal: str
    manager: str


def planned(
    conn: sa.Connection, start: int | None, end: int, manager_id: int | None, limit: int
) -> tuple[int, list[AgendaLine]]:
    """How many activities are due in [start, end) (microseconds), and the first `limit` of them by time."""
    a, d, c, p = t.activities.c, t.deals.c, t.companies.c, t.people.c
    where = [a.done_at.is_(None), a.due_at.is_not(None), a.due_at < end]
    if start is not None:
        where.append(a.due_at >= start)
    if manager_id is not None:
        where.append(a.manager_id == manager_id)
    count = conn.scalar(sa.select(sa.func.count()).select_from(t.activities).where(*where)) or 0
    query = (
        sa.select(
            a.id, a.kind, a.subject, a.due_at, a.all_day, a.deal_id, a.company_id, a.person_id,
            sa.func.coalesce(c.name, p.name, ""), sa.func.coalesce(d.title, ""),
            sa.func.coalesce(t.managers.c.name, ""),
        )
        .select_from(
            t.activities.outerjoin(t.deals, d.id == a.deal_id)
            .outerjoin(t.companies, c.id == a.company_id)
            .outerjoin(t.people, p.id == a.person_id)
            .outerjoin(t.managers, t.managers.c.id == a.manager_id)
        )
        .where(*where)
        .order_by(a.due_at, a.id)
        .limit(limit)
    )  # fmt: skip
    return count, _lines(conn, query)


def without_step(conn: sa.Connection, manager_id: int | None, limit: int) -> tuple[int, list[AgendaLine]]:
    """How many open deals have nothing planned, and the first `limit`, the longest in their stage first."""
    d, c, p = t.deals.c, t.companies.c, t.people.c
    where = [d.status == str(Status.OPEN), d.next_due_at.is_(None), d.next_activity_id.is_(None)]
    if manager_id is not None:
        where.append(d.manager_id == manager_id)
    count = conn.scalar(sa.select(sa.func.count()).select_from(t.deals).where(*where)) or 0
    query = (
        sa.select(
            sa.literal(0), sa.literal(""), sa.literal(""), d.entered_at, sa.literal(False), d.id,
            d.company_id, d.person_id, sa.func.coalesce(c.name, p.name, ""), d.title,
            sa.func.coalesce(t.managers.c.name, ""),
        )
        .select_from(
            t.deals.outerjoin(t.companies, c.id == d.company_id)
            .outerjoin(t.people, p.id == d.person_id)
            .outerjoin(t.managers, t.managers.c.id == d.manager_id)
        )
        .where(*where)
        .order_by(d.entered_at.is_(None), d.entered_at, d.id)
        .limit(limit)
    )  # fmt: skip
    return count, _lines(conn, query)


def _lines(conn: sa.Connection, query: sa.Select[Any]) -> list[AgendaLine]:
    return [AgendaLine(*row) for row in conn.execute(query)]
