"""What the search over everything shows of each record it finds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from funneldesk.domain.folding import fold
from funneldesk.store import search
from funneldesk.store import tables as t

Line = tuple[str, int, str, str]  # kind, id, title, subtitle
_KINDS = ("company", "person", "deal", "lead")
_LOOK_AT = 60  # candidates per kind from which the best are taken


def found(conn: sa.Connection, text: str, limit: int, *, leads: bool = True) -> list[Line]:
    """Records that hold every word of `text`: names that begin with it first, every kind with its share."""
    kinds = _KINDS if leads else _KINDS[:-1]
    folded = fold(text)
    if not folded or limit <= 0:
        return []
    by_kind: list[list[Line]] = []
    for kind in kinds:
        ids = [hit.id for hit in search.find(conn, text, [kind], _LOOK_AT)]
        lines = _lines(conn, kind, ids) if ids else []
        lines.sort(key=lambda line: (_rank(fold(line[2]), folded), len(line[2]), line[2]))
        by_kind.append(lines)
    chosen: list[list[Line]] = [[] for _kind in kinds]
    left = limit
    while left and any(by_kind):  # in turn, so that many companies do not hide the one deal
        for place, lines in enumerate(by_kind):
            if lines and left:
                chosen[place].append(lines.pop(0))
                left -= 1
    return [line for lines in chosen for line in lines]


def _rank(name: str, wanted: str) -> int:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in name else 3


def _lines(conn: sa.Connection, kind: str, ids: list[int]) -> list[Line]:
    table = t.table_of(kind)
    first: dict[int, str] = {}
    if kind in ("company", "person"):
        points = t.contact_points.c
        owner = points[f"{kind}_id"]
        query = sa.select(owner, points.value).where(owner.in_(ids)).order_by(points.position, points.id)
        for who, value in conn.execute(query):
            first.setdefault(who, value)
    return [
        (kind, row.id, row.title or "", " · ".join(part for part in (*row[2:], first.get(row.id)) if part))
        for row in conn.execute(_query(kind).where(table.c.id.in_(ids)))
    ]


def _query(kind: str) -> sa.Select[Any]:
    company = t.companies.c
    if kind == "company":
        return sa.select(company.id, company.name.label("title"), company.city)
    if kind == "person":
        person = t.people.c
        joined = t.people.outerjoin(t.companies, company.id == person.company_id)
        columns = (person.id, person.name.label("title"), company.name.label("company"))
        return sa.select(*columns).select_from(joined)
    if kind == "deal":
        deal = t.deals.c
        joined = t.deals.outerjoin(t.companies, company.id == deal.company_id).outerjoin(
            t.stages, t.stages.c.id == deal.stage_id
        )
        stage = t.stages.c.name.label("stage")
        shown = (deal.id, deal.title.label("title"), company.name.label("company"), stage)
        return sa.select(*shown).select_from(joined)
    lead = t.leads.c
    return sa.select(lead.id, lead.title.label("title"), lead.company_name, lead.phone)
