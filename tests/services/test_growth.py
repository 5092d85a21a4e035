"""The journal within its bounds: what goes, what stays, and what is told of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from funneldesk.domain import clock, rule
from funneldesk.domain.change import Change, Label
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import (
    backups,
    bases,
    clients,
    deals,
    demo,
    files,
    growth,
    history,
    import_log,
    imports,
    mending,
    privacy,
    rules,
)
from funneldesk.services.deals import NewDeal, stage
from funneldesk.services.growth import Rule
from funneldesk.store import growth as store_growth
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import importing, timeline

NOON = datetime.now(UTC).replace(microsecond=0)


def count(db: Database, table: sa.Table) -> int:
    with db.read() as conn:
        return conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def made_long_ago(db: Database, days: int) -> None:
    """Let all that was done so far have been done so many days ago."""
    with db.maintenance() as conn:
        conn.execute(sa.update(t.journal).values(at=t.journal.c.at - days * clock.DAY))


def told(db: Database, company: int) -> list[str]:
    with db.read() as conn:
        items, _more = timeline.client_timeline(conn, "company", company)
    return [item.what for item in items]


@pytest.fixture
def old(db: Database) -> Change:
    """A base with deals moved, a client changed and another one removed 100 days ago; today's change."""
    deals.create(db, NewDeal("First", company_id=1), funnel_id=1)
    deals.move(db, [1], stage(3))
    clients.update(db, ("company", 1), city="Łódź")
    clients.create_company(db, name="Gone")
    clients.delete(db, [("company", 2)])
    made_long_ago(db, 100)
    return clients.update(db, ("company", 1), city="Toruń")


def test_what_is_older_than_chosen_cannot_be_undone_and_what_is_younger_can(
    db: Database, old: Change
) -> None:
    content = bases.check(db).content_sha256
    growth.tend(db, now=NOON)
    history.undo(db)
    with pytest.raises(UserError, match=r"history\.too_old"):
        history.undo(db)
    with pytest.raises(UserError, match=r"history\.too_old"):
        history.take_back(db, old.journal_id - 2)
    history.redo(db)
    found = bases.check(db)
    assert (found.problems, found.content_sha256) == ((), content)


def test_the_history_of_stages_and_the_timeline_stay(db: Database, old: Change) -> None:
    moves, lines, before = count(db, t.stage_moves), history.entries(db), told(db, 1)
    growth.tend(db, now=NOON)
    assert count(db, t.stage_moves) == moves
    assert [line.label for line in history.entries(db)] == [line.label for line in lines]
    assert told(db, 1) == before


def test_without_end_nothing_goes(db: Database, old: Change) -> None:
    growth.choose(db, Rule(days=0))
    growth.tend(db, now=NOON + timedelta(days=5_000))
    history.undo(db)
    history.undo(db)


def test_a_longer_choice_reaches_no_further_back_than_what_is_kept(db: Database, old: Change) -> None:
    growth.tend(db, now=NOON)
    growth.choose(db, Rule(days=365))
    growth.tend(db, now=NOON)
    history.undo(db)
    with pytest.raises(UserError, match=r"history\.too_old"):
        history.undo(db)


def test_a_clock_that_was_set_back_lets_nothing_young_go(db: Database) -> None:
    clients.create_company(db, name="Young")
    with db.maintenance() as conn:  # the clock went wrong for one change after it
        clients_entry = conn.scalar(sa.select(sa.func.max(t.journal.c.id)))
    clients.update(db, ("company", 2), city="Łódź")
    with db.maintenance() as conn:
        wrong = sa.update(t.journal).where(t.journal.c.id > clients_entry)
        conn.execute(wrong.values(at=clock.to_micros(NOON - timedelta(days=4_000))))
    growth.tend(db, now=NOON)
    history.undo(db)
    history.undo(db)


def test_a_journal_that_is_too_large_loses_its_oldest_and_keeps_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "MEGABYTE", 1_000)
    with bases.new_base(tmp_path / "b.funneldesk", template="general", language="en") as db:
        for number in range(60):
            clients.create_company(db, name=f"Company {number}", comment="x" * 300)
        growth.choose(db, Rule(days=0, megabytes=12))
        before = growth.weight(db)
        content = bases.check(db).content_sha256
        growth.tend(db)
        after = growth.weight(db)
        assert after.bytes <= 12_000 < before.bytes
        undone = 0
        while history.state(db).undo is not None:
            history.undo(db)
            undone += 1
        with pytest.raises(UserError, match=r"history\.too_old"):
            history.undo(db)
        assert 5 < undone < 40
        for _n in range(undone):
            history.redo(db)
        found = bases.check(db)
        assert (found.problems, found.content_sha256) == ((), content)


def test_contents_of_removed_files_go_with_the_entry_that_could_bring_them_back(
    db: Database, tmp_path: Path
) -> None:
    for name in ("kept.txt", "removed.txt"):
        (tmp_path / name).write_text(name * 100)
    files.attach(db, "company", 1, [tmp_path / "kept.txt", tmp_path / "removed.txt"])
    removed = next(file for file in files.files_of(db, "company", 1) if file.name == "removed.txt")
    files.remove(db, removed.id)
    growth.tend(db, now=NOON)
    assert count(db, t.file_contents) == 2, "undo may still want it"
    made_long_ago(db, 100)
    clients.create_company(db, name="Young")
    growth.tend(db, now=NOON)
    assert count(db, t.file_contents) == 1
    assert [file.name for file in files.files_of(db, "company", 1)] == ["kept.txt"]


def test_what_an_undo_left_behind_goes_at_once(db: Database) -> None:
    clients.create_company(db, name="Undone")
    history.undo(db)
    clients.create_company(db, name="Instead")
    states = [row for row in _states(db) if row == "dropped"]
    assert states
    growth.tend(db, now=NOON)
    assert "dropped" not in _states(db)
    assert bases.check(db).ok


def _states(db: Database) -> list[str]:
    with db.read() as conn:
        return list(conn.scalars(sa.select(t.journal.c.state)))


def test_the_file_is_written_anew_when_much_of_it_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "_WORTH", 100_000)
    path = tmp_path / "b.funneldesk"
    with bases.new_base(path, template="general", language="en") as db:
        demo.make_sample(db, deals=300, language="en", now=1_774_000_000_000_000)
        history.undo(db)
        clients.create_company(db, name="Instead")
        backups.daily(db)
        content = bases.check(db)
        with db.read() as conn:
            empty, whole = store_growth.free_bytes(conn)
        assert growth.tend(db)
        assert path.stat().st_size <= whole - empty * 0.9
        assert bases.check(db) == content
        assert not growth.tend(db), "there is nothing more to win"
        history.undo(db)
    assert mending.examine(path).ok


def test_erasing_a_person_still_finds_them_in_what_is_kept(db: Database) -> None:
    clients.update(db, ("person", 1), comment="Likes tea")
    made_long_ago(db, 100)
    clients.create_company(db, name="Young")
    growth.tend(db, now=NOON)
    privacy.erase(db, 1)
    raw = db.path.read_bytes()
    assert b"Eva Lark" not in raw and b"Likes tea" not in raw


def test_only_a_look_changes_nothing(db: Database, old: Change) -> None:
    db_path = db.path
    with bases.open_base(db_path, read_only=True) as looking:
        assert not growth.tend(looking, now=NOON)
    history.undo(db)
    history.undo(db)


def test_redo_after_letting_go_meets_no_gap(db: Database) -> None:
    deals.create(db, NewDeal("First", company_id=1), funnel_id=1)
    deals.move(db, [1], stage(2))
    made_long_ago(db, 100)
    deals.move(db, [1], stage(3))
    content = bases.check(db).content_sha256
    history.undo(db)
    history.undo(db)
    growth.tend(db, now=NOON)
    history.redo(db)
    history.redo(db)
    found = bases.check(db)
    assert (found.problems, found.content_sha256) == ((), content)


def test_a_plan_of_an_import_is_of_no_other_state_of_the_base(db: Database) -> None:
    clients.create_company(db, name="B")
    history.undo(db)
    clients.create_company(db, name="C")
    with db.read() as conn:
        before = importing.journal_mark(conn)
    growth.tend(db, now=NOON)
    with db.read() as conn:
        assert importing.journal_mark(conn) == before, "nothing has changed"
    history.undo(db)
    with db.read() as conn:
        assert importing.journal_mark(conn) != before
    history.redo(db)
    with db.read() as conn:
        assert importing.journal_mark(conn) == before


def test_a_clock_that_runs_ahead_lets_nothing_young_go(db: Database) -> None:
    clients.create_company(db, name="Young")
    growth.tend(db, now=NOON + timedelta(days=400))
    history.undo(db)
    history.redo(db)


def test_cards_tell_of_whole_lists_changed_long_ago(db: Database) -> None:
    with db.transaction(Label("clients.changed")) as tx:
        tx.bulk_update("company", ["city"], [1], [["Łódź"]])
    made_long_ago(db, 100)
    clients.create_company(db, name="Young")
    before = told(db, 1)
    growth.tend(db, now=NOON)
    assert told(db, 1) == before == ["change", "created"]
    history.undo(db)
    with pytest.raises(UserError, match=r"history\.too_old"):
        history.undo(db)


def test_what_an_import_made_is_known_also_where_the_journal_was_too_large(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules.add(
        db,
        rule.Rule(
            event=rule.Event.LEAD_ARRIVED, action=rule.Action.TASK,
            params=rule.Params("Call back", days=1).dumps(), imports=True,
        ),
    )  # fmt: skip
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("Lead\tCompany\nRoof\tAlpha")
    flow.set_kind(Kind.LEADS)
    entry = imports.run_import(db, flow).journal_id
    deals.create(db, NewDeal("Later"), funnel_id=1)
    before = import_log.made(db, entry)
    assert {record.kind for record in before} == {"lead", "activity"}
    monkeypatch.setattr(growth, "MEGABYTE", 1)
    growth.choose(db, Rule(days=0, megabytes=1))
    growth.tend(db)
    assert growth.weight(db).bytes == 0
    assert import_log.made(db, entry) == before
    assert bases.check(db).ok


def test_a_card_bears_a_journal_that_only_knows_that_it_was_made(db: Database) -> None:
    with db.maintenance() as conn:
        conn.execute(sa.update(t.journal_edits).values(before=None, after=None))
    assert "created" in told(db, 1)
