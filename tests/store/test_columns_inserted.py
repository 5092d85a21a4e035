"""Rows put in by columns: what all of them share stands in the statement, and nobody's words do."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from funneldesk.domain.change import Label
from funneldesk.store import journal
from funneldesk.store import tables as t
from funneldesk.store.database import Database


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("company_id", [None, None], "NULL"),
        ("version", [1, 1], "1"),
        ("active", [True, True], "1"),
        ("kind", ["phone", "phone"], "'phone'"),
        ("kind", ["phone", "email"], None),
        ("kind", ["it's", "it's"], None),
        ("name", ["Anna", "Anna"], None),
        ("amount", [5, None, 5], None),
        ("position", [1.0, 1.0], None),
    ],
)
def test_what_is_told_of_a_column(name: str, values: list[Any], told: str | None) -> None:
    assert journal._the_same(name, values) == told


def test_the_words_of_people_are_in_no_statement_and_all_values_in_the_base(db: Database) -> None:
    statements: list[str] = []
    sa.event.listen(db._writer, "before_cursor_execute", lambda *given: statements.append(given[2]))
    with db.transaction(Label("test")) as tx:
        first = tx.reserve("source", 3)
        ids = range(first, first + 3)
        tx.bulk_insert_columns("source", {"id": ids, "name": ["Anna's"] * 3, "folded": ["a", "b", "c"]})
        tx.bulk_insert("source", ("id", "name", "folded"), [(tx.reserve("source"), "One", "one")])
    written, _one = [s for s in statements if s.startswith("INSERT INTO sources")]
    assert "Anna" not in written
    assert written.count("?") == 3
    with db.read() as conn:
        rows = conn.execute(sa.select(t.sources.c.name, t.sources.c.folded, t.sources.c.version))
        assert rows.fetchall() == [
            ("Anna's", "a", 1),
            ("Anna's", "b", 1),
            ("Anna's", "c", 1),
            ("One", "one", 1),
        ]
