"""A base of every schema there ever was opens in today's program with nothing lost."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
from pathlib import Path

import pytest

from funneldesk.resources import resource_path
from funneldesk.services import history
from funneldesk.store import check, migrations
from funneldesk.store.brought import of_new
from funneldesk.store.database import SCHEMA, create_database, open_database

BASES = Path(__file__).resolve().parent.parent / "data" / "bases"
MIGRATIONS = Path(migrations.__file__).parent
FIRST = resource_path("samples", "schema-1.funneldesk.gz")  # travels with the program, for its self-test
# schema -> hash of the content as the program that made the base counted it; a later schema that
# adds columns changes what is counted, so what is compared then is said here
CONTENT = {
    1: "a9b19445f446da90a1077f799678656e2a758c87423486ed77f79308ab2f02dd",
    2: "c36418d6e347c29dd8dc57dbea7487a6d06bc23a990738219f4dfb9207c54a0b",
    3: "3a004831510b74b917222f688e999ababf83c840719aa4167059b954fd293ff5",
    4: "80585fb4f953ead5f409b5aac5312ca0390dd0b2d292c2e28175da44d8477476",
    5: "1716520d20020db77cf337f521bd99838ccc95ee72f91327aa3f1adf53c1a12d",
}
# The schema in work, which gets its base (`kept_base`) when nothing more comes into it; None = there is none
IN_WORK: int | None = None
# The steps that were released, and what only they use: their text never changes.  The bases of people have
# been through them, so what a changed one would make differs from what there is.
RELEASED = {
    "as_of_0002.py": "a0bd372a9a809270181d644615c408f6eb99d3714eb5bd5a458f0dc192f619b7",
    "versions/0001_first_schema.py": "a2b4598b360da85966739e104ea739a695ec6c92a93922021c3eb17c2665673c",
    "versions/0002_the_working_day.py": "cb802c768a0ba2baba069b748bf38a4d4ff1cd4c726ea341baca18fbd7ba5d31",
    "versions/0003_faster_reports.py": "dc2727c581d2d33f385735bcec4bfec573c31af1fbc2d05d79d6a52969d67534",
    "versions/0004_stays.py": "b960b0f3988e284dcc20a306d8f4e3b2c24f63d014c7704a6a91f4e9fa67350f",
    "versions/0005_brought.py": "f5a6612be13680cd403090ef0851a8dddfa21af0e6b283bfa46cdac1b40d63cd",
}


def unpacked(schema: int, folder: Path) -> Path:
    path = folder / f"old-{schema}.funneldesk"
    kept = FIRST if schema == 1 else BASES / f"schema-{schema}.funneldesk.gz"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    return path


def built(path: Path) -> list[tuple[str, str, str]]:
    """Kind, name and definition of all that a base is made of."""
    plain = sqlite3.connect(path)
    try:
        found = plain.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY 1, 2")
        return list(found)
    finally:
        plain.close()


def test_there_is_a_base_of_every_schema() -> None:
    assert [*sorted(CONTENT), *([] if IN_WORK is None else [IN_WORK])] == list(range(1, SCHEMA + 1))


@pytest.mark.parametrize("name", RELEASED)
def test_a_released_step_stays_as_it_was(name: str) -> None:
    text = (MIGRATIONS / name).read_text(encoding="utf-8")
    assert hashlib.sha256(text.encode()).hexdigest() == RELEASED[name], "write a new step instead"


@pytest.mark.skipif(IN_WORK is not None, reason="the schema in work has no kept base yet")
def test_a_new_base_is_built_as_the_kept_one_of_its_schema(tmp_path: Path) -> None:
    create_database(tmp_path / "new.funneldesk").close()
    assert built(tmp_path / "new.funneldesk") == built(unpacked(SCHEMA, tmp_path))


@pytest.mark.parametrize("schema", sorted(CONTENT))
def test_an_older_base_opens_whole(schema: int, tmp_path: Path) -> None:
    with open_database(unpacked(schema, tmp_path)) as db, db.read() as conn:
        found = check.check(conn)
    assert found.problems == ()
    if schema == SCHEMA:
        assert found.content_sha256 == CONTENT[schema]


@pytest.mark.parametrize("schema", sorted(CONTENT))
def test_what_was_done_in_an_older_base_can_be_taken_back_and_done_again(schema: int, tmp_path: Path) -> None:
    with open_database(unpacked(schema, tmp_path)) as db:
        with db.read() as conn:
            before = check.content_sha256(conn)
        history.undo(db)
        with db.read() as conn:
            assert check.check(conn).problems == ()
        history.redo(db)
        with db.read() as conn:
            assert check.content_sha256(conn) == before


def test_a_deal_closed_the_same_way_twice_counts_as_closed_the_first_time(tmp_path: Path) -> None:
    path = unpacked(2, tmp_path)
    with sqlite3.connect(path) as plain:
        (deal,) = plain.execute(
            "SELECT id FROM deals WHERE status = 'won' AND (SELECT max(seq) FROM stage_moves"
            " WHERE deal_id = deals.id) > 0 ORDER BY id LIMIT 1"
        ).fetchone()
        plain.execute(
            "INSERT INTO stage_moves (deal_id, seq, at, from_kind, to_kind, owner_id, amount, cause, version)"
            " SELECT deal_id, seq + 1, at, to_kind, to_kind, owner_id, 12345, cause, version FROM stage_moves"
            " WHERE deal_id = ? ORDER BY seq DESC LIMIT 1",
            (deal,),
        )
        plain.execute("UPDATE deals SET close_amount = 12345 WHERE id = ?", (deal,))
    plain.close()
    with open_database(path) as db, db.read() as conn:
        assert not [each for each in check.check(conn).problems if each[0] == "deal.closes"]


def test_how_long_deals_were_in_stages_follows_from_any_older_history(tmp_path: Path) -> None:
    path = unpacked(3, tmp_path)
    with sqlite3.connect(path) as plain:
        left = plain.execute(
            "SELECT id, deal_id FROM stage_moves WHERE from_kind = 'open' AND seq = 2 ORDER BY id"
        ).fetchall()
        assert len(left) > 4
        (still, first), (_move, no_time), (_move, no_path), (_move, elsewhere) = left[:4]
        plain.execute("UPDATE stage_moves SET seq = -seq - 1 WHERE deal_id = ? AND seq >= 2", (first,))
        plain.execute("UPDATE stage_moves SET seq = -seq WHERE seq < 0")
        plain.execute(
            "INSERT INTO stage_moves (version, cause, deal_id, seq, at, from_kind, from_stage_id, to_kind,"
            " to_stage_id) SELECT 1, 'user', deal_id, 2, at - 1, from_kind, from_stage_id, from_kind,"
            " from_stage_id FROM stage_moves WHERE id = ?",
            (still,),
        )
        plain.execute("UPDATE stage_moves SET at = NULL WHERE deal_id = ? AND seq < 2", (no_time,))
        plain.execute("UPDATE deals SET path_known = 0 WHERE id = ?", (no_path,))
        plain.execute(
            "UPDATE deals SET funnel_id = (SELECT id FROM funnels WHERE id <> funnel_id) WHERE id = ?",
            (elsewhere,),
        )
    plain.close()
    with open_database(path) as db, db.read() as conn:
        assert not [each for each in check.check(conn).problems if each[0] == "history.stays"]
        told = (
            "SELECT deal_id, count(stay), min(stay) FROM stage_moves WHERE deal_id IN (?, ?, ?, ?) GROUP BY 1"
        )
        found = {row[0]: row[1:] for row in conn.exec_driver_sql(told, (first, no_time, no_path, elsewhere))}
    assert found[first][0] > 1 and found[first][1] > 1
    assert found[no_time][1] == -(1 << 62)
    assert found[no_path][0] == found[elsewhere][0] == 0


def test_who_brought_deals_to_stages_follows_from_any_older_history(tmp_path: Path) -> None:
    path = unpacked(4, tmp_path)
    with sqlite3.connect(path) as plain:
        (many,) = plain.execute(
            "SELECT deal_id FROM stage_moves GROUP BY 1 ORDER BY count(*) DESC"
        ).fetchone()
        others = plain.execute(
            "SELECT DISTINCT deal_id FROM stage_moves WHERE seq = 2 AND deal_id <> ?", (many,)
        )
        (elsewhere,), (nobody,), (foreign,) = others.fetchmany(3)
        plain.execute("INSERT INTO managers (id, version, name, active, folded) VALUES (70, 1, 'Z', 1, 'z')")
        plain.execute(
            "INSERT INTO managers (id, version, name, active, folded) VALUES (262144, 1, 'Y', 1, 'y')"
        )
        plain.execute("UPDATE stage_moves SET actor_id = 70 WHERE deal_id = ? AND seq % 2", (many,))
        plain.execute("UPDATE stage_moves SET actor_id = NULL WHERE deal_id = ?", (nobody,))
        plain.execute("UPDATE stage_moves SET actor_id = 262144 WHERE deal_id = ? AND seq = 0", (foreign,))
        plain.execute(
            "UPDATE deals SET funnel_id = (SELECT id FROM funnels WHERE id <> funnel_id) WHERE id = ?",
            (elsewhere,),
        )
    plain.close()
    with open_database(path) as db, db.read() as conn:
        assert not [each for each in check.check(conn).problems if each[0] == "history.brought"]
        every = conn.exec_driver_sql("SELECT id, funnel_id, brought FROM deals").all()
        told = {row.id: row.brought for row in every}
        ways = "SELECT s.funnel_id, to_kind, to_stage_id, actor_id FROM stage_moves LEFT JOIN stages s"
        ways += " ON s.id = to_stage_id WHERE deal_id = ? ORDER BY seq"
        for deal, funnel, text in every:
            moves = [(0, *row[1:]) for row in conn.exec_driver_sql(ways, (deal,)) if row[0] in (None, funnel)]
            assert of_new(conn, 1, moves) == [text]
    assert chr(48 + 70 % 64) + chr(48 + 1) + "0" in told[many]
    assert told[foreign] is None
    assert {told[nobody][place::4] for place in (1, 2, 3)} == {"0" * (len(told[nobody]) // 4)}
    assert set(told[elsewhere][::4]) <= {"!"}
