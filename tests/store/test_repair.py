"""What the checks find, and that it is put right: one kind of damage after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.fields import FieldType
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import bases, deals, demo, history, imports, mending, team
from funneldesk.services.deals import WON, stage
from funneldesk.store import engine as sqlite_engine
from funneldesk.store.database import Database, open_database

NOW = 1_774_000_000_000_000
_HALF_A_LEAD = {"record.dangling", "counter.behind", "search.count", "search.text"}
# What is done to a base behind the program's back -> the findings that tell of it.
DAMAGES = {
    "UPDATE deals SET stage_id = 3, visited = 4 WHERE id = 2": {"deal.standing", "deal.place"},
    "UPDATE deals SET status = 'lost', stage_id = NULL WHERE id = 2": {"deal.standing", "deal.place"},
    "UPDATE deals SET next_due_at = 5 WHERE id = 2": {"deal.next_step"},
    "UPDATE deals SET place_id = 99 WHERE id = 2": {"deal.place"},
    "UPDATE places SET traits = 3 - traits": {"deal.place"},
    "DELETE FROM places": {"deal.place"},
    "UPDATE deals SET counted_amount = 5, reopened = 1 WHERE id = 2": {"deal.closes", "deal.place"},
    "DELETE FROM stage_moves WHERE deal_id = 2": {"history.missing", "history.brought"},
    "DELETE FROM stage_moves WHERE deal_id = 1 AND seq = 1": {
        "history.gap",
        "deal.standing",
        "history.chain",
        "history.stays",
        "history.brought",
    },
    "UPDATE stage_moves SET seq = seq + 5 WHERE deal_id = 1 AND seq = 2": {"history.gap"},
    "UPDATE stage_moves SET at = 77 WHERE deal_id = 1 AND seq = 2": {
        "history.order",
        "deal.standing",
        "history.stays",
    },
    "UPDATE stage_moves SET stay = 7 WHERE deal_id = 1": {"history.stays"},
    "UPDATE stage_moves SET stay = NULL": {"history.stays"},
    "UPDATE deals SET brought = brought || brought WHERE id = 1": {"history.brought"},
    "UPDATE deals SET brought = NULL": {"history.brought"},
    "UPDATE stage_moves SET actor_id = NULL WHERE deal_id = 1": {"history.brought"},
    "UPDATE stage_moves SET from_stage_id = NULL WHERE deal_id = 1 AND seq = 1": {
        "history.chain",
        "history.stays",
    },
    "UPDATE companies SET name_key = 'x', sort_key = 'y'": {"record.keys"},
    "UPDATE managers SET folded = 'x'": {"record.keys"},
    "UPDATE contact_points SET key = ''": {"record.keys"},
    "UPDATE deals SET company_id = 999 WHERE id = 1": {"record.dangling"},
    "UPDATE contact_points SET company_id = 999 WHERE person_id IS NULL": {"record.dangling", "search.text"},
    "DELETE FROM companies": {"record.dangling", "record.hanging", "search.count", "search.text"},
    "INSERT INTO leads (id, version, title, status, deal_id) VALUES (9001, 1, 'a', 'new', 999)": _HALF_A_LEAD,
    "DELETE FROM sequences": {"counter.behind"},
    "UPDATE sequences SET next = 1 WHERE kind = 'journal'": {"counter.behind"},
    "UPDATE journal SET edits = 99 WHERE id = 1": {"journal.count"},
    "DELETE FROM search_index WHERE rowid > 0": {"search.count", "search.text"},
    "UPDATE search_index SET body = 'nonsense'": {"search.text"},
    "UPDATE custom_values SET number = 7": {"value.number"},
    "UPDATE custom_values SET record_id = 999": {"record.hanging", "search.text"},
}


@pytest.fixture
def place(db: Database) -> Path:
    """The base with a company, two deals, one of them won, and a value of an own field; closed."""
    from funneldesk.services import fields

    deals.move(db, [1], WON)
    fields.add(db, "company", "Employees", FieldType.NUMBER)
    fields.set_value(db, 1, "company", 1, "12")
    path = db.path
    db.close()
    return path


def spoil(path: Path, *statements: str) -> None:
    """Write into a base what the program never would."""
    con = sqlite_engine.connect(path)
    con.execute("PRAGMA foreign_keys=OFF")
    for sql in statements:
        con.execute(sql)
    con.close()


def codes(path: Path) -> set[str]:
    return {code for code, _detail in mending.examine(path).problems}


@pytest.mark.parametrize("sql", DAMAGES, ids=range(len(DAMAGES)))
def test_every_disagreement_is_found_and_put_right(place: Path, sql: str) -> None:
    assert mending.examine(place).ok
    spoil(place, sql)
    as_it_was = place.read_bytes()
    assert codes(place) == DAMAGES[sql]
    done = mending.repair(place)
    assert done.result.problems == ()
    assert done.fixed
    assert done.kept is not None and done.kept.read_bytes() == as_it_was
    assert done.kept.name.startswith("base.damaged-")


def test_a_sound_base_is_left_alone(place: Path) -> None:
    before = place.read_bytes()
    done = mending.repair(place)
    assert (done.result.ok, done.kept, dict(done.fixed)) == (True, None, {})
    assert place.read_bytes() == before
    assert list(place.parent.glob("*.damaged-*")) == []


def test_an_index_that_disagrees_with_its_table_is_made_anew(place: Path) -> None:
    spoil(
        place, "PRAGMA writable_schema=ON",
        "UPDATE sqlite_master SET sql = sql || ' WHERE 0' WHERE name = 'ix_companies_sort_key'",
        "PRAGMA writable_schema=RESET", "REINDEX ix_companies_sort_key",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_master SET sql = replace(sql, ' WHERE 0', '') WHERE name = 'ix_companies_sort_key'",
    )  # fmt: skip
    assert codes(place) == {"index"}
    assert mending.repair(place).result.ok


def test_a_repair_can_be_undone_where_nothing_was_cut_loose(place: Path) -> None:
    spoil(place, "UPDATE deals SET visited = 0 WHERE id = 1", "UPDATE companies SET name_key = 'x'")
    mending.repair(place)
    with open_database(place) as db:
        assert history.entries(db)[0].label.code == "base.repaired"
        history.undo(db)
    assert codes(place) == {"deal.standing", "record.keys"}


def test_a_repair_that_cut_pointers_loose_cannot_be_undone(place: Path) -> None:
    spoil(place, "UPDATE deals SET company_id = 999 WHERE id = 1")
    mending.repair(place)
    with open_database(place) as db, pytest.raises(UserError, match="nothing_to_undo"):
        history.undo(db)


def test_a_base_that_is_open_is_not_repaired(place: Path) -> None:
    with open_database(place), pytest.raises(UserError, match=r"base\.locked"):
        mending.repair(place)


def test_many_damages_of_a_larger_base_are_put_right_at_once(tmp_path: Path) -> None:
    path = tmp_path / "sample.funneldesk"
    with bases.new_base(path, language="en") as db:
        demo.make_sample(db, deals=300, language="en", now=NOW)
    many = [
        sql.replace("WHERE id = 1", "WHERE id % 3 = 0").replace("WHERE deal_id = 1", "WHERE deal_id % 5 = 0")
        for sql in DAMAGES
        if "seq + 5" not in sql  # numbers are unique, also those of a spoilt history
    ]
    spoil(path, *many)
    done = mending.repair(path)
    assert done.result.problems == ()
    with open_database(path) as again:
        team.add_source(again, "Fair")


@pytest.fixture
def slow_check(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Checks of an unclean base wait until the function is called."""
    import threading

    go = threading.Event()
    real = sqlite_engine.integrity_problems

    def slowly(con: object) -> list[str]:
        assert go.wait(10)
        return real(con)

    monkeypatch.setattr(sqlite_engine, "integrity_problems", slowly)
    return go.set


def die(place: Path) -> None:
    """Leave a base as a program does that dies: its note stays."""
    Path(f"{place}.owner").write_text("{}", encoding="utf-8")


def test_after_an_unclean_stop_reading_goes_on_and_the_first_write_waits(
    place: Path, slow_check: Callable[[], None]
) -> None:
    import threading

    die(place)
    with open_database(place) as db:
        assert db.setting("currency") == "EUR"
        writer = threading.Thread(target=team.add_source, args=(db, "Fair"))
        writer.start()
        writer.join(0.3)
        assert writer.is_alive(), "the write must wait for the check"
        slow_check()
        writer.join(60)
        assert not writer.is_alive()
        team.add_source(db, "Site")
    with open_database(place) as db:
        assert db.first_check is None


def test_a_base_found_damaged_after_an_unclean_stop_is_not_written_to(place: Path) -> None:
    con = sqlite_engine.connect(place)
    root = con.execute("SELECT rootpage FROM sqlite_master WHERE name = 'stage_moves'").fetchone()[0]
    con.close()
    raw = bytearray(place.read_bytes())
    raw[(root - 1) * 4096 + 8 : (root - 1) * 4096 + 200] = bytes(192)
    place.write_bytes(raw)
    die(place)
    with open_database(place) as db:
        assert db.first_check is not None and db.first_check.problems()
        with pytest.raises(UserError, match=r"base\.damaged"):
            team.add_source(db, "Fair")
    assert place.read_bytes() == bytes(raw)


def test_closing_does_not_wait_for_the_check(place: Path) -> None:
    die(place)
    open_database(place).close()
    with open_database(place) as db:
        assert db.first_check is None


def test_what_the_program_leaves_behind_by_itself_is_no_finding(place: Path) -> None:
    from funneldesk.services import fields, leads

    with open_database(place) as db:
        lead = leads.create(db, title="Call back", company_name="Lark", person_name="Eva").new_id("lead")
        leads.convert(db, lead, funnel_id=1)
        leads.delete(db, [lead])  # the deal made of it stays, and its number with it
        fields.set_value(db, 1, "company", 1, "1234567890123456789")  # more digits than the text keeps
    assert mending.examine(place).problems == ()


# What is gone of a base with deals and values -> the ids that must be there still.
NEEDED = {"funnels": "deals", "custom_fields": "custom_values"}


@pytest.mark.parametrize("table", NEEDED)
@pytest.mark.parametrize("journal", [True, False])
def test_deals_and_values_do_not_go_with_the_funnel_or_field_that_is_lost(
    place: Path, table: str, journal: bool
) -> None:
    def rows(name: str) -> list[tuple[object, ...]]:
        con = sqlite_engine.connect(place)
        try:
            return list(con.execute(f"SELECT * FROM {name} ORDER BY id"))
        finally:
            con.close()

    kept, names = rows(NEEDED[table]), [row[0] for row in rows(table)]
    before = rows(table)
    spoil(place, f"DELETE FROM {table}", *([] if journal else ["DELETE FROM journal_edits"]))
    done = mending.repair(place)
    assert done.result.problems == ()
    assert [row[0] for row in rows(NEEDED[table])] == [row[0] for row in kept]
    assert [row[0] for row in rows(table)] == names
    assert (rows(table) == before) == journal


def kept_of(place: Path, deal: int) -> tuple[tuple[Any, ...], list[tuple[Any, ...]]]:
    """What a deal keeps of its history, and the history."""
    con = sqlite_engine.connect(place)
    try:
        names = "status, stage_id, entered_at, closed_at, lost_from_id"
        kept = con.execute(f"SELECT {names} FROM deals WHERE id = ?", (deal,)).fetchone()
        names = "at, from_kind, from_stage_id, to_kind, to_stage_id"
        moves = con.execute(f"SELECT {names} FROM stage_moves WHERE deal_id = ? ORDER BY seq", (deal,))
        return kept, list(moves)
    finally:
        con.close()


@pytest.mark.parametrize("outcome", ["won", "lost"])
@pytest.mark.parametrize("closed", ["", "2024-01-01", "2024-07-01"])
def test_a_history_made_anew_is_the_one_an_import_infers(place: Path, outcome: str, closed: str) -> None:
    flow = ImportFlow()
    with open_database(place) as db:
        imports.prepare(db, flow)
        flow.open_text(f"Deal\tClient\tOutcome\tCreated\tClosed\nRoof\tAcme\t{outcome}\t2024-05-05\t{closed}")
        flow.set_kind(Kind.DEALS)
        imports.run_import(db, flow)
        with db.read() as conn:
            deal = conn.exec_driver_sql("SELECT max(id) FROM deals").scalar() or 0
    before = kept_of(place, deal)
    assert len(before[1]) == 2
    spoil(place, f"DELETE FROM stage_moves WHERE deal_id = {deal}")
    assert mending.repair(place).result.ok
    assert kept_of(place, deal) == before


@pytest.mark.parametrize(
    ("wrong", "time"),  # not of two only: nothing says which of them is wrong
    [(0, 1), (2, 1), (3, 1), *((place, 4_000_000_000_000_000) for place in range(4))],
)
def test_one_wrong_time_is_not_spread_over_a_history(place: Path, wrong: int, time: int) -> None:
    with open_database(place) as db:
        for number in (2, 3, 4):
            deals.move(db, [2], stage(number))
    spoil(place, "UPDATE stage_moves SET at = 1000 * (seq + 1) WHERE deal_id = 2")
    mending.repair(place)  # the deal as its history says
    before = [row[0] for row in kept_of(place, 2)[1]]
    assert before == [1000, 2000, 3000, 4000]
    spoil(place, f"UPDATE stage_moves SET at = {time} WHERE deal_id = 2 AND seq = {wrong}")
    assert mending.repair(place).result.ok
    after = [row[0] for row in kept_of(place, 2)[1]]
    assert after[:wrong] + after[wrong + 1 :] == before[:wrong] + before[wrong + 1 :]
    assert after == sorted(after)
