"""A base of every schema there ever was opens in today's program with nothing lost."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest

from funneldesk.resources import resource_path
from funneldesk.services import history
from funneldesk.store import check
from funneldesk.store.database import SCHEMA, open_database

BASES = Path(__file__).resolve().parent.parent / "data" / "bases"
FIRST = resource_path("samples", "schema-1.funneldesk.gz")  # travels with the program, for its self-test
# schema -> hash of the content as the program that made the base counted it; a later schema that
# adds columns changes what is counted, so what is compared then is said here
CONTENT = {
    1: "a9b19445f446da90a1077f799678656e2a758c87423486ed77f79308ab2f02dd",
    2: "c36418d6e347c29dd8dc57dbea7487a6d06bc23a990738219f4dfb9207c54a0b",
}
# The schema in work, which gets its base here when nothing more comes into it; None = there is none
IN_WORK: int | None = 3


def unpacked(schema: int, folder: Path) -> Path:
    path = folder / f"old-{schema}.funneldesk"
    kept = FIRST if schema == 1 else BASES / f"schema-{schema}.funneldesk.gz"
    path.write_bytes(gzip.decompress(kept.read_bytes()))
    return path


def test_there_is_a_base_of_every_schema() -> None:
    assert [*sorted(CONTENT), *([] if IN_WORK is None else [IN_WORK])] == list(range(1, SCHEMA + 1))


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
