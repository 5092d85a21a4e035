from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from funneldesk.errors import UserError
from funneldesk.services import bases
from funneldesk.store import migrate
from funneldesk.store import tables as t
from funneldesk.store.database import SCHEMA, Database, open_database


def test_the_models_equal_what_the_migrations_make(db: Database) -> None:
    with db.read() as conn:
        context = MigrationContext.configure(
            conn,
            opts={
                "compare_type": True,
                "include_object": lambda _o, name, kind, *_r: (
                    not (kind == "table" and (name.startswith("search_index") or name == "alembic_version"))
                ),
            },
        )
        assert compare_metadata(context, t.metadata) == []


def test_every_index_and_constraint_of_the_models_is_there(db: Database) -> None:
    with db.read() as conn:
        there = set(conn.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'index'")))
    named = {str(index.name) for table in t.metadata.tables.values() for index in table.indexes}
    assert named - there == set()


def test_the_schema_number_is_that_of_the_last_migration() -> None:
    script = ScriptDirectory.from_config(migrate._config())
    assert [len(list(script.walk_revisions())), int(script.get_current_head() or 0)] == [SCHEMA, SCHEMA]


def test_a_new_base_says_its_schema_number(db: Database) -> None:
    with db.read() as conn:
        assert conn.exec_driver_sql("PRAGMA user_version").scalar() == SCHEMA


def test_an_older_base_is_upgraded_after_a_copy_beside_it(
    db: Database, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bases.check(db).content_sha256
    with db.maintenance() as conn:
        conn.exec_driver_sql("PRAGMA user_version = 0")
    db.close()
    with pytest.raises(UserError, match=r"base\.old_read_only"):
        open_database(place, read_only=True)
    with open_database(place) as upgraded:
        assert bases.check(upgraded).content_sha256 == content
        with upgraded.read() as conn:
            assert conn.exec_driver_sql("PRAGMA user_version").scalar() == SCHEMA
    assert (place.parent / "base.before-1.funneldesk").stat().st_size > 100_000


def test_an_upgrade_that_fails_leaves_the_base_as_it_was(
    db: Database, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bases.check(db).content_sha256
    with db.maintenance() as conn:
        conn.exec_driver_sql("PRAGMA user_version = 0")
    db.close()

    class Broken(Exception):
        pass

    def fail(conn: sa.Connection, target: str = "head") -> None:
        conn.exec_driver_sql("DROP TABLE activities")
        raise Broken

    monkeypatch.setattr(migrate, "run_migrations", fail)
    with pytest.raises(Broken):
        open_database(place)
    monkeypatch.undo()
    with open_database(place) as again:
        assert bases.check(again).content_sha256 == content
        assert bases.check(again).ok
