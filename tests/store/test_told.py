"""Columns of whole numbers read as arrays: in pieces the same as at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from funneldesk.domain.move_table import NONE
from funneldesk.store.queries import told as module
from funneldesk.store.queries.told import or_none, told, told_in_order

TABLE = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("place", sa.Integer),
    sa.Column("at", sa.Integer),
    sa.Index("ix_things", "place", "at"),
)
COLUMNS = {
    "id": TABLE.c.id,
    "at": or_none("at", TABLE.c.at),
    "odd": sa.case((TABLE.c.id % 2 == 1, TABLE.c.id)),  # of others nothing at all is told
}


def rows(many: int, step: int) -> list[dict[str, int | None]]:
    """So many rows with gaps between their ids."""
    return [{"id": 5 + n * step, "place": n % 3, "at": None if n % 7 == 0 else n} for n in range(many)]


@pytest.mark.parametrize(("many", "step"), [(0, 1), (1, 1), (40, 1), (41, 3), (40, 50)])
def test_columns_read_in_pieces_are_those_read_at_once(
    monkeypatch: pytest.MonkeyPatch, many: int, step: int
) -> None:
    """Some ids lie too far apart for pieces."""
    engine = sa.create_engine("sqlite://")
    made = rows(many, step)
    with engine.begin() as conn:
        TABLE.metadata.create_all(conn)
        if made:
            conn.execute(TABLE.insert(), made)
        where = [TABLE.c.id != 8]
        at_once = told(conn, COLUMNS, where)
        monkeypatch.setattr(module, "_AT_ONCE", 7)
        pieces = told(conn, COLUMNS, where, TABLE.c.id)
        by_place = told_in_order(conn, COLUMNS, where, TABLE.c.place)
    expected = [row for row in made if row["id"] != 8]
    for found in (at_once, pieces):
        assert found["id"].tolist() == [row["id"] for row in expected]
        assert found["at"].tolist() == [NONE if row["at"] is None else row["at"] for row in expected]
        assert found["odd"].tolist() == [row["id"] for row in expected if (row["id"] or 0) % 2]
    placed = zip(*(by_place[name].tolist() for name in ("id", "place", "at")), strict=True)
    assert sorted(placed) == [
        (row["id"], row["place"], NONE if row["at"] is None else row["at"]) for row in expected
    ]
    assert by_place["place"].tolist() == sorted(by_place["place"].tolist())
