"""The search index after large imports, their undo and redo is what a fresh one would be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import bases, history, imports
from funneldesk.services import search as services
from funneldesk.store import search
from funneldesk.store.database import Database


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(search, "_MANY", 5)
    monkeypatch.setattr(search, "_PART", 3)
    with bases.new_base(tmp_path / "b.funneldesk", language="en", currency="EUR", zone="UTC") as base:
        yield base


def take(db: Database, names: list[str]) -> None:
    flow = ImportFlow()
    imports.prepare(db, flow)
    rows = [f"{name}\t+48 {len(names)} {n:07d}\ti{n}@x{len(names)}.pl" for n, name in enumerate(names)]
    flow.open_text("\n".join(["Company\tPhone\tE-mail", *rows]))
    flow.set_kind(Kind.CLIENTS)
    imports.run_import(db, flow)
    flow.close()


def texts(db: Database) -> list[tuple[int, str]]:
    """What the index holds when all that was left for later has been brought in, seven at a time."""
    while services.fill(db, 7):
        assert bases.check(db).problems == ()
    with db.read() as conn:
        return [tuple(r) for r in conn.exec_driver_sql("SELECT rowid, body FROM search_index ORDER BY rowid")]


def rebuilt(db: Database) -> list[tuple[int, str]]:
    with db.maintenance() as conn:
        search.rebuild(conn)
    return texts(db)


@pytest.mark.parametrize("before", [["Łódź", "Ёлка"], [f"Old {n}" for n in range(40)]])
def test_the_index_is_right_whether_little_or_much_stays(before: list[str], db: Database) -> None:
    take(db, before)
    kept = texts(db)
    assert len(kept) == len(before)
    take(db, [f"Żółć\u00a0{n}" for n in range(20)])
    full = texts(db)
    assert full == rebuilt(db)
    history.undo(db)
    assert texts(db) == kept
    history.redo(db)
    assert texts(db) == full
    assert bases.check(db).problems == ()
    with db.read() as conn:
        assert len(search.find(conn, "zolc 7", ["company"])) == 1
