"""The keys by which an import finds what is in the base, as raw tuples (speed: 100,000 rows at once)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from funneldesk.store import journal
from funneldesk.store import tables as t

_CHUNK = 900


def journal_mark(conn: Connection) -> int:
    """A number that tells the states of the base apart: of changes, undo and redo alike.

    It holds how many entries the journal ever had and which is the last one done; neither changes when
    lines of the journal go.
    """
    given = conn.scalar(sa.select(t.sequences.c.next).where(t.sequences.c.kind == "journal")) or 1
    return (int(given) << 40) + (journal.last_done(conn) or 0)


def company_keys(conn: Connection) -> list[tuple[Any, ...]]:
    """(id, external_id, tax_id, name_key) of every company, by id."""
    c = t.companies.c
    return _rows(conn, sa.select(c.id, c.external_id, c.tax_id, c.name_key).order_by(c.id))


def company_towns(conn: Connection) -> list[tuple[Any, ...]]:
    """(id, name, name_key, tax_id, city) of every company whose city is known, by id."""
    c = t.companies.c
    query = sa.select(c.id, c.name, c.name_key, c.tax_id, c.city).where(c.city.is_not(None), c.city != "")
    return _rows(conn, query.order_by(c.id))


def people_keys(conn: Connection) -> list[tuple[Any, ...]]:
    """(id, external_id, tax_id, name_key, company_id) of every person, by id."""
    c = t.people.c
    return _rows(conn, sa.select(c.id, c.external_id, c.tax_id, c.name_key, c.company_id).order_by(c.id))


def contact_keys(conn: Connection) -> list[tuple[Any, ...]]:
    """(kind, key, company_id, person_id, the person's company_id) of phones and e-mails."""
    c, p = t.contact_points.c, t.people.c
    joined = t.contact_points.outerjoin(t.people, c.person_id == p.id)
    query = sa.select(c.kind, c.key, c.company_id, c.person_id, p.company_id).select_from(joined)
    return _rows(conn, query.where(c.kind.in_(["phone", "email"]), c.key != "").order_by(c.id))


def lead_keys(conn: Connection) -> list[tuple[Any, ...]]:
    """(id, external_id, company_name, person_name, phone, email) of every lead, by id."""
    c = t.leads.c
    query = sa.select(c.id, c.external_id, c.company_name, c.person_name, c.phone, c.email)
    return _rows(conn, query.order_by(c.id))


def deal_keys(conn: Connection) -> list[tuple[Any, ...]]:
    """(external_id, id, funnel_id, manager_id, company_id) of every deal that has an external id."""
    c = t.deals.c
    query = sa.select(c.external_id, c.id, c.funnel_id, c.manager_id, c.company_id)
    return _rows(conn, query.where(c.external_id.is_not(None)).order_by(c.id.desc()))


def activity_keys(conn: Connection) -> list[tuple[Any, ...]]:
    """(company_id, deal_id, kind, time, result, comment) of every activity."""
    c = t.activities.c
    moment = sa.func.coalesce(c.done_at, c.due_at)
    empty = sa.literal("")
    return _rows(
        conn,
        sa.select(
            c.company_id,
            c.deal_id,
            c.kind,
            moment,
            sa.func.coalesce(c.result, empty),
            sa.func.coalesce(c.comment, empty),
        ),
    )


def named(conn: Connection, kind: str) -> list[tuple[Any, ...]]:
    """(id, name, folded) of a small list."""
    c = t.table_of(kind).c
    return _rows(conn, sa.select(c.id, c.name, c.folded).order_by(c.id.desc()))


def funnel_rows(conn: Connection) -> list[tuple[Any, ...]]:
    """(id, name, won_name) of the funnels in use, in their order."""
    c = t.funnels.c
    query = sa.select(c.id, c.name, c.won_name).where(sa.not_(c.archived))
    return _rows(conn, query.order_by(c.position, c.id))


def stage_rows(conn: Connection) -> list[tuple[Any, ...]]:
    """(funnel_id, id, folded, slot, archived) of every stage, in their order."""
    c = t.stages.c
    query = sa.select(c.funnel_id, c.id, c.folded, c.slot, c.archived)
    return _rows(conn, query.order_by(c.funnel_id, c.position, c.id))


def custom_rows(conn: Connection) -> list[tuple[Any, ...]]:
    """(record_kind, folded, id, type, name, options) of every custom field that can be filled in."""
    c = t.custom_fields.c
    query = sa.select(c.record_kind, c.folded, c.id, c.type, c.name, c.options)
    return _rows(conn, query.where(c.type != "calculated"))


def rows_where(conn: Connection, kind: str, column: str, ids: Iterable[int]) -> list[dict[str, Any]]:
    """The records of a kind whose `column` is one of `ids`, as dictionaries, by id."""
    table = t.table_of(kind)
    wanted = sorted(set(ids))
    found: list[dict[str, Any]] = []
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(table).where(table.c[column].in_(wanted[start : start + _CHUNK]))
        found.extend(dict(row) for row in conn.execute(query.order_by(table.c.id)).mappings())
    return found


def move_ids(conn: Connection, deal_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Deal -> (seq, id) of its moves in order."""
    c = t.stage_moves.c
    wanted = sorted(set(deal_ids))
    found: dict[int, list[tuple[int, int]]] = {}
    for start in range(0, len(wanted), _CHUNK):
        query = sa.select(c.deal_id, c.seq, c.id).where(c.deal_id.in_(wanted[start : start + _CHUNK]))
        for deal, seq, move in conn.execute(query.order_by(c.deal_id, c.seq)):
            found.setdefault(deal, []).append((seq, move))
    return found


def _rows(conn: Connection, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in conn.execute(query)]
