"""What is to be done: planned activities by time, deals and leads that nobody has planned anything for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.board import STALE_DAYS
from funneldesk.domain.clock import DAY
from funneldesk.domain.deal import Status
from funneldesk.domain.lead import LeadStatus
from funneldesk.store import tables as t

_a, _d, _c, _p, _l, _m = (
    table.c for table in (t.activities, t.deals, t.companies, t.people, t.leads, t.managers)
)


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """One line; without an activity (`activity_id` 0) a deal or a lead that has no next step.

    `due_at` is when the activity is due, or since when the deal or the lead has been waiting.
    """

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
    lead_id: int | None = None
    minutes: int | None = None
    done_at: int | None = None
    result: str = ""
    manager_id: int | None = None


Found = tuple[int, list[AgendaLine]]  # how many there are, and the first of them


def planned(conn: sa.Connection, start: int | None, end: int, manager_id: int | None, limit: int) -> Found:
    """How many activities are due in [start, end) (microseconds), and the first `limit` of them by time."""
    where = [_a.done_at.is_(None), _a.due_at.is_not(None), _a.due_at < end, _a.kind != "note"]
    if start is not None:
        where.append(_a.due_at >= start)
    if manager_id is not None:
        where.append(_a.manager_id == manager_id)
    return _activities(conn, where, (_a.due_at, _a.id), limit)


def subject(conn: sa.Connection, kind: str, record_id: int) -> AgendaLine | None:
    """A deal, lead, company or person as a line without an activity; None when it is gone."""
    client = sa.func.coalesce(_c.name, _p.name, "")
    columns: dict[str, tuple[sa.ColumnElement[int], list[Any]]] = {
        "deal": (_d.id, [_d.id, _d.company_id, _d.person_id, client, _d.title, sa.null()]),
        "lead": (
            _l.id,
            [sa.null(), _l.company_id, _l.person_id, sa.func.coalesce(_l.company_name, _l.person_name, ""),
             _l.title, _l.id],
        ),
        "company": (_c.id, [sa.null(), _c.id, sa.null(), _c.name, sa.literal(""), sa.null()]),
        "person": (_p.id, [sa.null(), _p.company_id, _p.id, _p.name, sa.literal(""), sa.null()]),
    }  # fmt: skip
    if kind not in columns:
        return None
    key, wanted = columns[kind]
    source = t.deals.outerjoin(t.companies, _c.id == _d.company_id).outerjoin(t.people, _p.id == _d.person_id)
    table = source if kind == "deal" else t.table_of(kind)
    row = conn.execute(sa.select(*wanted).select_from(table).where(key == record_id)).one_or_none()
    if row is None:
        return None
    deal, company, person, name, title, lead = row
    return AgendaLine(0, "", "", None, False, deal, company, person, name, title, "", lead)


def given_by(conn: sa.Connection, manager_id: int, limit: int) -> Found:
    """What a manager has given to others and not yet seen done: what is done first, then by time."""
    where = [_a.given_by_id == manager_id, _a.checked_at.is_(None)]
    return _activities(conn, where, (_a.done_at.is_(None), _a.due_at.is_(None), _a.due_at, _a.id), limit)


def to_remind(conn: sa.Connection, manager_id: int | None, now: int, limit: int) -> Found:
    """What is to be told of at `now`: due by then, or put off till then."""
    moment = sa.func.coalesce(_a.remind_at, _a.due_at)
    where = [_a.done_at.is_(None), _a.due_at.is_not(None), moment <= now, _a.kind != "note"]
    if manager_id is not None:
        where.append(_a.manager_id == manager_id)
    return _activities(conn, where, (moment.desc(), _a.id), limit)


def between(conn: sa.Connection, start: int, end: int, manager_id: int | None) -> list[AgendaLine]:
    """All activities with a time in [start, end), done ones too, for a calendar."""
    where = [_a.due_at.is_not(None), _a.due_at >= start, _a.due_at < end, _a.kind != "note"]
    if manager_id is not None:
        where.append(_a.manager_id == manager_id)
    return _activities(conn, where, (_a.due_at, _a.id), 5_000)[1]


def all_planned(conn: sa.Connection, manager_id: int | None) -> list[AgendaLine]:
    """Everything that is planned for a time, the earliest first."""
    return _activities(conn, _open_dated(manager_id), (_a.due_at, _a.id), 100_000)[1]


def meant_times(conn: sa.Connection, manager_id: int | None) -> dict[int, tuple[str | None, str | None]]:
    """By planned activity: the local time it was meant at (ISO), and in which zone."""
    query = sa.select(_a.id, _a.due_local, _a.due_zone).where(*_open_dated(manager_id))
    return {row[0]: (row[1], row[2]) for row in conn.execute(query)}


def _open_dated(manager_id: int | None) -> list[sa.ColumnElement[bool]]:
    where = [_a.done_at.is_(None), _a.due_at.is_not(None), _a.kind != "note"]
    if manager_id is not None:
        where.append(_a.manager_id == manager_id)
    return where


def done_between(conn: sa.Connection, start: int, end: int, manager_id: int | None) -> int:
    """How many planned activities were done in [start, end)."""
    where = [_a.done_at >= start, _a.done_at < end, _a.kind != "note"]
    if manager_id is not None:
        where.append(_a.manager_id == manager_id)
    return conn.scalar(sa.select(sa.func.count()).select_from(t.activities).where(*where)) or 0


def _activities(
    conn: sa.Connection, where: Sequence[sa.ColumnElement[bool]], order: Sequence[Any], limit: int
) -> Found:
    count = conn.scalar(sa.select(sa.func.count()).select_from(t.activities).where(*where)) or 0
    query = (
        sa.select(
            _a.id, _a.kind, _a.subject, _a.due_at, _a.all_day, _a.deal_id, _a.company_id, _a.person_id,
            sa.func.coalesce(_c.name, _p.name, _l.company_name, _l.person_name, ""),
            sa.func.coalesce(_d.title, _l.title, ""), sa.func.coalesce(_m.name, ""), _a.lead_id, _a.minutes,
            _a.done_at, sa.func.coalesce(_a.result, ""), _a.manager_id,
        )
        .select_from(
            t.activities.outerjoin(t.deals, _d.id == _a.deal_id)
            .outerjoin(t.companies, _c.id == _a.company_id)
            .outerjoin(t.people, _p.id == _a.person_id)
            .outerjoin(t.leads, _l.id == _a.lead_id)
            .outerjoin(t.managers, _m.id == _a.manager_id)
        )
        .where(*where)
        .order_by(*order)
        .limit(limit)
    )  # fmt: skip
    return count, _lines(conn, query)


def _last_action() -> sa.ColumnElement[int]:
    entered = sa.func.coalesce(_d.entered_at, _d.created_at, 0)
    done = sa.func.coalesce(_d.last_done_at, 0)
    return sa.case((done > entered, done), else_=entered)


def _stale(now: int) -> sa.ColumnElement[bool]:
    """Deals without a step that have stood longer than their stage allows since the last real action.

    A stage on hold has no limit; a deal whose beginning is unknown is not called stale.
    """
    stage = t.stages.c
    limit = sa.func.coalesce(stage.limit_days, STALE_DAYS) * DAY
    known = sa.or_(_d.entered_at.is_not(None), _d.last_done_at.is_not(None))
    return sa.exists(
        sa.select(stage.id).where(
            stage.id == _d.stage_id, stage.kind != "hold", known, now - _last_action() > limit
        )
    )


def _bare(manager_id: int | None) -> list[sa.ColumnElement[bool]]:
    where = [_d.status == str(Status.OPEN), _d.next_due_at.is_(None), _d.next_activity_id.is_(None)]
    if manager_id is not None:
        where.append(_d.manager_id == manager_id)
    return where


def stale(conn: sa.Connection, manager_id: int | None, now: int, limit: int) -> Found:
    """Open deals with nothing planned that have stood for too long, the longest first."""
    return _deals(conn, [*_bare(manager_id), _stale(now)], limit)


def without_step(conn: sa.Connection, manager_id: int | None, now: int, limit: int) -> Found:
    """Open deals with nothing planned that have not yet stood for too long."""
    return _deals(conn, [*_bare(manager_id), sa.not_(_stale(now))], limit)


def _deals(conn: sa.Connection, where: Sequence[sa.ColumnElement[bool]], limit: int) -> Found:
    count = conn.scalar(sa.select(sa.func.count()).select_from(t.deals).where(*where)) or 0
    last = _last_action()
    since = sa.case((last == 0, None), else_=last)
    query = (
        sa.select(
            sa.literal(0), sa.literal(""), sa.literal(""), since, sa.literal(False), _d.id,
            _d.company_id, _d.person_id, sa.func.coalesce(_c.name, _p.name, ""), _d.title,
            sa.func.coalesce(_m.name, ""),
        )
        .select_from(
            t.deals.outerjoin(t.companies, _c.id == _d.company_id)
            .outerjoin(t.people, _p.id == _d.person_id)
            .outerjoin(t.managers, _m.id == _d.manager_id)
        )
        .where(*where)
        .order_by(since.is_(None), since, _d.id)
        .limit(limit)
    )  # fmt: skip
    return count, _lines(conn, query)


def new_leads(conn: sa.Connection, manager_id: int | None, limit: int) -> Found:
    """New leads that nobody has answered or planned anything for, the longest waiting first.

    With `manager_id` those of this manager and those that are nobody's.
    """
    touched = sa.exists(sa.select(_a.id).where(_a.lead_id == _l.id))
    where = [_l.status == str(LeadStatus.NEW), sa.not_(touched)]
    if manager_id is not None:
        where.append(sa.or_(_l.manager_id == manager_id, _l.manager_id.is_(None)))
    count = conn.scalar(sa.select(sa.func.count()).select_from(t.leads).where(*where)) or 0
    client = sa.func.coalesce(_l.company_name, _l.person_name, "")
    query = (
        sa.select(
            sa.literal(0), sa.literal(""), sa.func.coalesce(_l.phone, _l.email, ""), _l.created_at,
            sa.literal(False), sa.null(), sa.null(), sa.null(), client, _l.title,
            sa.func.coalesce(_m.name, ""), _l.id,
        )
        .select_from(t.leads.outerjoin(t.managers, _m.id == _l.manager_id))
        .where(*where)
        .order_by(_l.created_at.is_(None), _l.created_at, _l.id)
        .limit(limit)
    )  # fmt: skip
    return count, _lines(conn, query)


def _lines(conn: sa.Connection, query: sa.Select[Any]) -> list[AgendaLine]:
    return [AgendaLine(*row) for row in conn.execute(query)]
