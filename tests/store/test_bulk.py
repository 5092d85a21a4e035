"""Indexes of a table that is filled or emptied are made afterwards, and are there whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import sqlalchemy as sa

from funneldesk.domain.change import Label
from funneldesk.errors import Cancelled
from funneldesk.services import bases, history
from funneldesk.store import bulk
from funneldesk.store.database import Database
from funneldesk.store.engine import wal_is_safe

COLUMNS = ("id", "name", "folded")


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(bulk, "_MANY", 10)
    with bases.new_base(tmp_path / "b.funneldesk", language="en", currency="EUR", zone="UTC") as base:
        yield base


def indexes(conn: sa.Connection) -> list[tuple[str, str]]:
    found = conn.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name")
    return [tuple(row) for row in found if row[1]]


def kept(db: Database) -> list[tuple[str, str]]:
    with db.read() as conn:
        return indexes(conn)


def put(db: Database, count: int, *, fail: bool = False) -> bool:
    """Put `count` sources; whether their index was away meanwhile."""
    with db.transaction(Label("import.run", {"file": "x"})) as tx:
        first = tx.reserve("source", count)
        with tx.many("source", count):
            away = "ix_sources_folded" not in dict(indexes(tx.conn))
            tx.bulk_insert("source", COLUMNS, [(first + n, f"S {n}", f"s {n}") for n in range(count)])
            if fail:
                raise Cancelled
    return away


def test_the_index_comes_back_with_every_row_in_it(db: Database) -> None:
    before = kept(db)
    assert put(db, 30)
    assert kept(db) == before
    full = bases.check(db)
    history.undo(db)
    assert kept(db) == before
    history.redo(db)
    assert kept(db) == before
    again = bases.check(db)
    assert (again.problems, again.content_sha256) == ((), full.content_sha256)


def test_a_cancelled_import_leaves_the_index(db: Database) -> None:
    before = kept(db)
    with pytest.raises(Cancelled):
        put(db, 30, fail=True)
    assert kept(db) == before
    assert bases.check(db).problems == ()


def test_few_rows_and_rows_beside_many_others_keep_the_index(db: Database) -> None:
    assert not put(db, 9)
    assert put(db, 40)
    assert not put(db, 20)


@pytest.mark.skipif(not wal_is_safe(), reason="there is no log of writes")
@pytest.mark.parametrize("fail", [False, True])
def test_a_large_import_leaves_the_log_of_writes_to_the_next_commit(db: Database, *, fail: bool) -> None:
    size = db.path.stat().st_size

    def put_long(count: int, *, later: bool) -> None:
        with db.transaction(Label("import.run", {"file": "x"})) as tx:
            tx.search_later = later
            first = tx.reserve("source", count)
            tx.bulk_insert("source", COLUMNS, [(first + n, f"{n} {'x' * 500}", f"{n}") for n in range(count)])
            if fail and later:
                raise Cancelled

    with pytest.raises(Cancelled) if fail else nullcontext():
        put_long(12_000, later=True)
    assert db.path.stat().st_size == size
    put_long(20 if not fail else 12_000, later=False)
    assert db.path.stat().st_size > size
    with db.read() as conn:
        assert conn.exec_driver_sql("PRAGMA quick_check").scalar_one() == "ok"
        found = conn.exec_driver_sql("SELECT count(*) FROM sources").scalar_one()
        assert found >= 12_000
