"""Which of many records would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.store import tables as t
from funneldesk.store.among import among


def differing(conn: sa.Connection, kind: str, ids: Sequence[int], column: str, value: Any) -> list[int]:
    """Those of `ids` whose `column` is not `value`, by id; one that is gone is left out."""
    table = t.table_of(kind)
    other = table.c[column].is_distinct_from(value)
    return list(conn.scalars(sa.select(table.c.id).where(among(table.c.id, ids), other).order_by(table.c.id)))
