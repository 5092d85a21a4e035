"""What the list of leads shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.condition import EVERYTHING, Group
from funneldesk.domain.condition_fields import custom_id
from funneldesk.domain.folding import fold
from funneldesk.domain.questions import LeadAnswer, LeadQuestion, points_of
from funneldesk.store import search
from funneldesk.store import tables as t
from funneldesk.store.queries.conditions import clause
from funneldesk.store.queries.custom import custom_sort, custom_texts
from funneldesk.store.transaction import select_records


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A row of the list of leads."""

    id: int
    title: str
    company: str
    person: str
    phone: str
    email: str
    status: str
    source: str
    manager: str
    created_at: int | None
    drop_reason: str
    deal_id: int | None
    custom: Mapping[int, str] = field(default_factory=dict)
    points: int | None = None  # of the questionnaire; None when nothing is answered


def lead_ids(
    conn: sa.Connection,
    *,
    text: str = "",
    statuses: Sequence[str] = (),
    manager_ids: Sequence[int] = (),
    sort: str = "created",
    descending: bool = True,
    where: Group = EVERYTHING,
) -> list[int]:
    """Ids of the leads that pass, in order.

    `sort` is created, title, company, person, status, source or manager; unknown values come last.
    """
    lead = t.leads.c
    joined = t.leads.outerjoin(t.managers, t.managers.c.id == lead.manager_id).outerjoin(
        t.sources, t.sources.c.id == lead.source_id
    )
    keys = {
        "created": lead.created_at,
        "title": lead.title,
        "company": lead.company_name,
        "person": lead.person_name,
        "status": lead.status,
        "source": t.sources.c.folded,
        "manager": t.managers.c.folded,
    }
    own = custom_id(sort)
    key: Any
    if own is not None:
        values = custom_sort(conn, own, "lead")
        key, joined = values.c.v, joined.outerjoin(values, values.c.o == lead.id)
    else:
        key = keys[sort]
    query = sa.select(lead.id).select_from(joined)
    if where:
        query = query.where(clause(conn, "lead", where))
    if statuses:
        query = query.where(lead.status.in_(statuses))
    if manager_ids:
        query = query.where(lead.manager_id.in_(manager_ids))
    query = query.order_by(key.is_(None), key.desc() if descending else key, lead.id.desc())
    found = list(conn.scalars(query))
    if not fold(text):
        return found
    hits = {search.hit_of(i).id for i in search.find_ids(conn, text, ["lead"], None)}
    return [i for i in found if i in hits]


def lead_rows(conn: sa.Connection, ids: Sequence[int]) -> dict[int, LeadRow]:
    """The rows of one page by id."""
    lead = t.leads.c
    query = (
        sa.select(
            lead.id, lead.title, lead.company_name, lead.person_name, lead.phone, lead.email, lead.status,
            t.sources.c.name, t.managers.c.name, lead.created_at, lead.drop_reason, lead.deal_id,
        )
        .select_from(
            t.leads.outerjoin(t.managers, t.managers.c.id == lead.manager_id).outerjoin(
                t.sources, t.sources.c.id == lead.source_id
            )
        )
        .where(lead.id.in_(list(ids)))
    )  # fmt: skip
    custom = custom_texts(conn, "lead", ids)
    found = {}
    for row in conn.execute(query):
        texts: list[Any] = [row[0], *[value or "" for value in row[1:9]], row[9], row[10] or "", row[11]]
        found[row[0]] = LeadRow(*[*texts, custom.get(row[0], {})])
    points = _points(conn, ids)
    return {i: replace(row, points=points.get(i)) for i, row in found.items()}


def _points(conn: sa.Connection, ids: Sequence[int]) -> dict[int, int]:
    """Lead -> the points of its answers."""
    questions = {question.id: question for question in select_records(conn, LeadQuestion)}
    found: dict[int, int] = {}
    for answer in (
        select_records(conn, LeadAnswer, t.lead_answers.c.lead_id.in_(list(ids))) if questions else ()
    ):
        got = points_of(questions[answer.question_id], answer.value)
        found[answer.lead_id] = found.get(answer.lead_id, 0) + got
    return found


def lead_count(conn: sa.Connection) -> int:
    """How many leads there are."""
    return conn.scalar(sa.select(sa.func.count()).select_from(t.leads)) or 0
