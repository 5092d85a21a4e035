"""Writing to a base: all of a transaction or nothing of it, one writer at a time."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from funneldesk.domain.change import Label
from funneldesk.domain.team import Source
from funneldesk.errors import UserError
from funneldesk.services import bases, team
from funneldesk.store import engine as sqlite_engine
from funneldesk.store import tables as t
from funneldesk.store.database import Database, open_database

LABEL = Label("list.created", {"name": "x"})


def test_a_reader_cannot_write_even_by_sql(db: Database) -> None:
    with db.read() as conn, pytest.raises(sa.exc.OperationalError):
        conn.exec_driver_sql("DELETE FROM deals")


def test_which_engine_runs_and_how_its_connections_are_set(db: Database) -> None:
    con = sqlite_engine.connect(db.path)
    found = {
        name: con.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "application_id")
    }
    con.close()
    assert found == {
        "journal_mode": "wal" if sqlite_engine.wal_is_safe() else "delete",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "application_id": sqlite_engine.APPLICATION_ID,
    }


@pytest.mark.skipif(sys.platform != "linux", reason="pysqlite3 has wheels for Linux")
def test_on_linux_a_new_engine_is_brought_along() -> None:
    pytest.importorskip("pysqlite3")
    assert tuple(sqlite_engine.sqlite_module().sqlite_version_info) >= sqlite_engine.SAFE_WAL


def test_an_error_inside_a_transaction_leaves_nothing_and_the_base_goes_on(db: Database) -> None:
    before = bases.check(db)

    class Oops(Exception):
        pass

    def fail() -> None:
        with db.transaction(LABEL) as tx:
            tx.insert(Source(name="Fair"))
            raise Oops

    with pytest.raises(Oops):
        fail()
    assert bases.check(db) == before
    team.add_source(db, "Fair")
    assert bases.check(db).content_sha256 != before.content_sha256


def test_a_constraint_broken_inside_leaves_nothing(db: Database) -> None:
    before = bases.check(db)

    def fail() -> None:
        with db.transaction(LABEL) as tx:
            tx.insert(Source(name="Fair"))
            tx.conn.execute(sa.insert(t.deals).values(id=900, version=1, title="x", funnel_id=77))

    with pytest.raises(sa.exc.IntegrityError):
        fail()
    assert bases.check(db) == before


def test_a_full_disk_leaves_nothing_and_says_so(db: Database) -> None:
    team.add_source(db, "Fair")
    before = bases.check(db)

    def fill() -> None:
        with db.transaction(LABEL) as tx:
            pages = tx.conn.exec_driver_sql("PRAGMA page_count").scalar_one()
            tx.conn.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
            for number in range(2_000):
                tx.insert(Source(name=f"source {number} " + "x" * 200))

    with pytest.raises(UserError, match=r"base\.full"):
        fill()
    assert bases.check(db) == before


def test_writers_of_several_threads_wait_for_one_another(db: Database) -> None:
    errors: list[BaseException] = []

    def add(number: int) -> None:
        try:
            for step in range(5):
                team.add_source(db, f"{number}-{step}")
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with db.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(t.sources)) == 20
    assert bases.check(db).ok


def test_a_naive_time_is_refused(db: Database) -> None:
    from funneldesk.domain.client import Company

    wrong: list[object] = [datetime(2026, 1, 1), "2026-01-01", 1.5]  # noqa: DTZ001
    for moment in wrong:
        with pytest.raises((sa.exc.StatementError, ValueError)), db.transaction(LABEL) as tx:
            tx.insert(Company(name="x", created_at=moment))  # type: ignore[arg-type]
    with db.transaction(LABEL) as tx:
        made = tx.insert(Source(name="fine"))
    assert made and datetime(2026, 1, 1, tzinfo=UTC)


def test_ids_are_not_given_twice_even_after_undo(db: Database) -> None:
    from funneldesk.services import history

    first = team.add_source(db, "Fair").new_id("source")
    history.undo(db)
    assert team.add_source(db, "Site").new_id("source") == first + 1


def test_settings_of_a_base_are_kept_and_not_journalled(db: Database, place: Path) -> None:
    before = len(_entries(db))
    db.set_setting("me", {"manager": 1, "город": "Łódź"})
    assert db.setting("me") == {"manager": 1, "город": "Łódź"}
    assert db.setting("nothing", 5) == 5
    assert len(_entries(db)) == before
    db.close()
    with open_database(place) as again:
        assert again.setting("me") == {"manager": 1, "город": "Łódź"}


def _entries(db: Database) -> list[object]:
    from funneldesk.services import history

    return list(history.entries(db))
