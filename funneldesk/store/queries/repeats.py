"""Deals that are to be started again: which are due, which are still to come."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from funneldesk.domain.repeat import Repeat
from funneldesk.store import tables as t
from funneldesk.store.transaction import select_records

_repeats = t.repeats.c


def due_repeats(conn: sa.Connection, day: str) -> list[Repeat]:
    """Those whose day (ISO) has come and that are no deal yet, the earliest first."""
    where = (_repeats.made_deal_id == 0, _repeats.due_day <= day)
    return select_records(conn, Repeat, *where, order=_repeats.due_day)


@dataclass(frozen=True, slots=True)
class PlannedRepeat:
    """One that is still to come, with the names that its line shows."""

    repeat: Repeat
    client: str
    funnel: str
    manager: str


def planned_repeats(conn: sa.Connection) -> list[PlannedRepeat]:
    """Those that are still to come, the earliest first."""
    names = (t.companies.c.name, t.people.c.name, t.funnels.c.name, t.managers.c.name)
    query = (
        sa.select(_repeats.id, *(name.label(f"name{place}") for place, name in enumerate(names)))
        .select_from(
            t.repeats.outerjoin(t.companies, t.companies.c.id == _repeats.company_id)
            .outerjoin(t.people, t.people.c.id == _repeats.person_id)
            .outerjoin(t.funnels, t.funnels.c.id == _repeats.funnel_id)
            .outerjoin(t.managers, t.managers.c.id == _repeats.manager_id)
        )
        .where(_repeats.made_deal_id == 0)
    )
    by_id = {row[0]: row[1:] for row in conn.execute(query)}
    found = []
    for repeat in select_records(conn, Repeat, _repeats.made_deal_id == 0, order=_repeats.due_day):
        company, person, funnel, manager = by_id[repeat.id]
        found.append(PlannedRepeat(repeat, company or person or "", funnel or "", manager or ""))
    return found
