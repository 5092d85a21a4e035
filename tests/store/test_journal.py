from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from funneldesk.domain.change import Label, Op
from funneldesk.domain.team import Source
from funneldesk.services import bases, deals, history, team
from funneldesk.services.deals import WON
from funneldesk.store import journal
from funneldesk.store import tables as t
from funneldesk.store.database import Database, open_database
from funneldesk.store.transaction import Actor

COLUMNS = ("id", "name", "folded")


def rows(db: Database) -> list[str]:
    with db.read() as conn:
        return list(conn.scalars(sa.select(t.sources.c.name).order_by(t.sources.c.id)))


@pytest.mark.parametrize(
    "image",
    [None, {}, [], {"a": 1}, {"имя": "Łódź" * 1000}, [1, None, "x"], {"rows": [[1, 2.5, True]] * 900}],
)
def test_an_image_comes_back_as_it_was(image: object) -> None:
    assert journal.unpack(journal.pack(image)) == image


def test_large_images_are_compressed() -> None:
    packed = journal.pack(["the same words"] * 1000)
    assert packed is not None and len(packed) < 1000


def test_a_change_says_who_did_what_to_which_record(db: Database) -> None:
    change = deals.move(db, [2], WON, actor=Actor(1, "Ann"))
    assert (change.who, change.label.code, change.label.params) == ("Ann", "deal.won", {"title": "Second"})
    assert change.ids_of("deal") == {2}
    with db.read() as conn:
        edits = journal.read_edits(conn, change.journal_id)
    kept = [edit for edit in edits if edit.kind == "deal" and edit.after and "status" in edit.after]
    assert [(e.op, e.before and e.before["status"], e.after and e.after["status"]) for e in kept] == [
        (Op.UPDATE, "open", "won")
    ]


def test_a_transaction_that_wrote_nothing_leaves_no_entry(db: Database) -> None:
    before = len(history.entries(db))
    change = deals.update(db, 1, title="First")
    assert (change.journal_id, change.edits) == (0, ())
    assert len(history.entries(db)) == before


def test_a_bulk_insert_is_one_range_and_undo_keeps_what_it_removes(db: Database) -> None:
    with db.transaction(Label("import.run", {"file": "x"})) as tx:
        first = tx.reserve("source", 1_000)
        tx.bulk_insert("source", COLUMNS, [(first + n, f"S {n}", f"s {n}") for n in range(1_000)])
    assert [(e.op, e.ids) for e in tx.change.edits] == [(Op.RANGE, (first, first + 999))]
    full = bases.check(db)
    team.rename(db, Source(id=first, name="S 0"), "Renamed")
    renamed = bases.check(db)
    history.undo(db)
    history.undo(db)
    assert rows(db) == []
    history.redo(db)
    assert bases.check(db) == full
    history.redo(db)
    assert bases.check(db) == renamed


def test_ids_of_a_bulk_insert_must_have_no_gap(db: Database) -> None:
    with pytest.raises(AssertionError, match="gap"), db.transaction(Label("import.run")) as tx:
        tx.bulk_insert("source", COLUMNS, [(1, "a", "a"), (3, "b", "b")])
    assert rows(db) == []


def test_a_bulk_update_goes_back_to_each_rows_own_value(db: Database) -> None:
    for name in ("a", "b", "c"):
        team.add_source(db, name)
    before = bases.check(db).content_sha256
    with db.transaction(Label("import.run", {"file": "x"})) as tx:
        tx.bulk_update("source", ["name", "folded"], [1, 3], [["A!", "a!"], ["C!", "c!"]])
    assert rows(db) == ["A!", "b", "C!"]
    assert tx.change.ids_of("source") is None
    history.undo(db)
    assert rows(db) == ["a", "b", "c"]
    assert bases.check(db).content_sha256 == before
    history.redo(db)
    assert rows(db) == ["A!", "b", "C!"]


def test_undo_and_redo_work_after_a_restart(db: Database, place: Path) -> None:
    before = bases.check(db).content_sha256
    team.add_source(db, "Fair")
    after = bases.check(db).content_sha256
    db.close()
    with open_database(place) as again:
        history.undo(again)
        assert bases.check(again).content_sha256 == before
    with open_database(place) as once_more:
        history.redo(once_more)
        assert bases.check(once_more).content_sha256 == after


def test_the_journal_is_listed_newest_first_without_what_was_left_behind(db: Database) -> None:
    team.add_source(db, "Fair")
    history.undo(db)
    assert [(e.label.params.get("name"), e.undone) for e in history.entries(db)][:1] == [("Fair", True)]
    team.add_source(db, "Site")
    listed = history.entries(db)
    assert [e.label.params.get("name") for e in listed][:1] == ["Site"]
    assert "Fair" not in [e.label.params.get("name") for e in listed]
    assert [e.id for e in listed] == sorted((e.id for e in listed), reverse=True)


def test_nothing_is_undone_past_a_barrier(db: Database) -> None:
    with db.transaction(Label("list.created", {"name": "x"})) as tx:
        tx.insert(Source(name="x"))
        tx.barrier = True
    assert history.state(db).undo is None


def test_versions_only_go_up_so_that_an_undo_is_seen_by_who_edits(db: Database) -> None:
    deals.update(db, 1, title="Other")
    history.undo(db)
    with db.read() as conn:
        version = conn.scalar(sa.select(t.deals.c.version).where(t.deals.c.id == 1))
    with pytest.raises(Exception, match=r"record\.stale"):
        deals.update(db, 1, expected_version=(version or 0) - 1, title="Mine")
