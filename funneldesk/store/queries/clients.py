"""What the client list shows, and doubles of a client."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain.doubles import Double
from funneldesk.domain.folding import name_key
from funneldesk.store import tables as t
from funneldesk.store.derive import contact_key


def doubles(
    conn: sa.Connection, *, name: str, contacts: Sequence[tuple[str, str]], limit: int = 5
) -> list[Double]:
    """Clients with the same phone, e-mail, site or folded name, the surest first."""
    found: dict[tuple[str, int], Double] = {}
    for contact, value in contacts:
        key = contact_key(contact, value)
        if not key:
            continue
        points = t.contact_points.c
        query = sa.select(points.company_id, points.person_id).where(
            points.key == key, points.kind == contact
        )
        for row in conn.execute(query.limit(limit)):
            kind, owner = ("company", row.company_id) if row.company_id else ("person", row.person_id)
            table = t.table_of(kind)
            known = conn.scalar(sa.select(table.c.name).where(table.c.id == owner))
            found.setdefault((kind, owner), Double(kind, owner, known or "", contact))
    if name.strip():
        for kind in ("company", "person"):
            table = t.table_of(kind)
            query = sa.select(table.c.id, table.c.name).where(table.c.name_key == name_key(name))
            for row in conn.execute(query.limit(limit)):
                found.setdefault((kind, row.id), Double(kind, row.id, row.name, "name"))
    return list(found.values())[:limit]
