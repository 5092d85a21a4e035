"""Deals at a standstill, what rules did, and for what a timed rule has fired."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain.clock import DAY
from funneldesk.domain.deal import Status
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.rule import Event, Rule, RuleRun
from funneldesk.store import tables as t
from funneldesk.store.transaction import Transaction, select_records


def imported(conn: sa.Connection, rule: Rule, first: int, last: int) -> list[int]:
    """Of the leads or deals with ids from `first` to `last` those that a rule on arriving is for."""
    if rule.event == Event.LEAD_ARRIVED:
        leads = t.leads.c
        query = sa.select(leads.id).where(leads.id.between(first, last), leads.closed_at.is_(None))
        return list(conn.scalars(query.order_by(leads.id)))
    deals = t.deals.c
    query = sa.select(deals.id).where(deals.id.between(first, last), deals.status == str(Status.OPEN))
    if rule.funnel_id is not None:
        query = query.where(deals.funnel_id == rule.funnel_id)
    if rule.stage_id is not None:
        query = query.where(deals.stage_id == rule.stage_id)
    return list(conn.scalars(query.order_by(deals.id)))


def standing_still(conn: sa.Connection, rule: Rule, now: int) -> list[tuple[int, int]]:
    """(deal, its last action) of the open deals of a rule without any action for so many days.

    The last action is what was done last, or the entry into the stage.  A planned next step and a stage
    on hold are no standstill.
    """
    deals = t.deals.c
    last = sa.func.max(sa.func.coalesce(deals.entered_at, 0), sa.func.coalesce(deals.last_done_at, 0))
    query = (
        sa.select(deals.id, last)
        .select_from(t.deals.outerjoin(t.stages, t.stages.c.id == deals.stage_id))
        .where(
            deals.status == str(Status.OPEN),
            deals.next_activity_id.is_(None),
            sa.func.coalesce(t.stages.c.kind, "open") != "hold",
            last > 0,
            last <= now - round((rule.days or 0) * DAY),
        )
        .order_by(deals.id)
    )
    if rule.funnel_id is not None:
        query = query.where(deals.funnel_id == rule.funnel_id)
    if rule.stage_id is not None:
        query = query.where(deals.stage_id == rule.stage_id)
    return [(row[0], row[1]) for row in conn.execute(query)]


def fired_for(conn: sa.Connection, rule_id: int) -> set[tuple[int, int]]:
    """(record, mark) for which a timed rule has fired."""
    column = t.rule_marks.c
    query = sa.select(column.record_id, column.mark).where(column.rule_id == rule_id)
    return {(row[0], row[1]) for row in conn.execute(query)}


def mark_fired(tx: Transaction, rule_id: int, record_id: int, mark: int) -> None:
    """Keep that a timed rule has fired; not journalled, so no undo lets it fire twice."""
    tx.conn.execute(sa.insert(t.rule_marks).values(rule_id=rule_id, record_id=record_id, mark=mark))


def runs(conn: sa.Connection, limit: int) -> list[RuleRun]:
    """What rules did, newest first."""
    column = t.rule_runs.c
    names = t.COLUMNS["rule_run"]
    query = sa.select(*[column[name] for name in names]).order_by(column.id.desc()).limit(limit)
    return [t.record_from("rule_run", row) for row in conn.execute(query)]


def titles(conn: sa.Connection, kind: str, ids: Sequence[int]) -> dict[int, str]:
    """What deals or leads are called."""
    table = t.table_of(kind)
    query = sa.select(table.c.id, table.c.title).where(table.c.id.in_(sorted(set(ids))))
    return {row[0]: row[1] for row in conn.execute(query)}


def in_order(conn: sa.Connection) -> list[Rule]:
    """Every rule in its order."""
    return select_records(conn, Rule, order=t.rules.c.position)


def places(conn: sa.Connection) -> tuple[list[Funnel], list[Stage]]:
    """Every funnel and stage, archived ones too: a rule may still name one."""
    return select_records(conn, Funnel), select_records(conn, Stage)
