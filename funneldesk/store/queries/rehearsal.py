"""What was done for the deals of a funnel, and by what statuses they were known before."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.domain.fields import FieldType
from funneldesk.store import tables as t

_STATUS = ("status", "stage", "статус", "этап", "стадия", "etap", "faza")


def deal_count(conn: sa.Connection, funnel_id: int) -> int:
    """The number of a funnel's deals."""
    query = sa.select(sa.func.count()).select_from(t.deals).where(t.deals.c.funnel_id == funnel_id)
    return int(conn.scalar(query) or 0)


def done_for_deals(conn: sa.Connection, funnel_id: int) -> list[tuple[int, str, str]]:
    """(deal, kind, subject) of everything that was done for the deals of a funnel, each once."""
    acts = t.activities.c
    query = (
        sa.select(acts.deal_id, acts.kind, acts.subject)
        .join(t.deals, t.deals.c.id == acts.deal_id)
        .where(t.deals.c.funnel_id == funnel_id, acts.done_at.is_not(None))
        .distinct()
    )
    return [(row[0], row[1], row[2]) for row in conn.execute(query)]


def statuses(conn: sa.Connection, funnel_id: int) -> dict[str, int]:
    """Status -> number of deals: own fields of deals that are called a status or a stage."""
    fields, values = t.custom_fields.c, t.custom_values.c
    named = sa.or_(*[fields.folded.like(f"%{word}%") for word in _STATUS])
    kinds = (str(FieldType.TEXT), str(FieldType.CHOICE))
    query = (
        sa.select(values.value, sa.func.count())
        .join(t.custom_fields, fields.id == values.field_id)
        .join(t.deals, t.deals.c.id == values.record_id)
        .where(values.record_kind == "deal", t.deals.c.funnel_id == funnel_id, named, fields.type.in_(kinds))
        .group_by(values.value)
    )
    return {row[0]: row[1] for row in conn.execute(query)}
