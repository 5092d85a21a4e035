"""The people of a list as their cards in an address book."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain.address_card import AddressCard
from funneldesk.domain.client_list import ref_of
from funneldesk.store import tables as t
from funneldesk.store.among import among


def cards(conn: sa.Connection, codes: Sequence[int]) -> list[AddressCard]:
    """The people among the clients of a list, in its order; companies have no cards."""
    ids = [ref_of(code)[1] for code in codes if ref_of(code)[0] == "person"]
    points = t.contact_points.c
    reach: dict[tuple[int, str], list[str]] = {}
    query = sa.select(points.person_id, points.kind, points.value).where(among(points.person_id, ids))
    for owner, kind, value in conn.execute(query.order_by(points.position, points.id)):
        reach.setdefault((owner, kind), []).append(value)
    p = t.people.c
    names = ("name", "first_name", "last_name", "position", "address", "city", "region", "country", "comment")
    people = (
        sa.select(p.id, t.companies.c.name.label("company"), *[p[name].label(f"p_{name}") for name in names])
        .select_from(t.people.outerjoin(t.companies, t.companies.c.id == p.company_id))
        .where(among(p.id, ids))
    )
    found = {}
    for row in conn.execute(people):
        texts = {name: getattr(row, f"p_{name}") or "" for name in names}
        found[row.id] = AddressCard(
            **texts,
            company=row.company or "",
            phones=tuple(reach.get((row.id, "phone"), ())),
            emails=tuple(reach.get((row.id, "email"), ())),
            sites=tuple(reach.get((row.id, "website"), ())),
        )
    return [found[i] for i in ids if i in found]
