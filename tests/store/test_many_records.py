"""No query grows with the data: SQLite takes 32,766 parameters (fewer here, to be quick)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.change import Label
from funneldesk.domain.deal import Deal
from funneldesk.domain.fields import CustomField
from funneldesk.services import bases, deals, team
from funneldesk.services.deals import stage
from funneldesk.store import engine
from funneldesk.store.database import Database
from funneldesk.store.queries import board
from funneldesk.store.queries.filters import deal_condition
from funneldesk.store.transaction import select_records

MOST = 1_000  # parameters of a query; the store asks in chunks of up to 900
MANY = 1_100
EVERY = list(range(1, MANY + 1))


def _strict(path: Path, *, read_only: bool = False, **_named: Any) -> sqlite3.Connection:
    uri = path.absolute().as_uri() + ("?mode=ro" if read_only else "?mode=rw")
    con = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    con.execute("PRAGMA foreign_keys=ON")
    con.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, MOST)
    return con


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A base with more deals, each of a company in Paris, than a query may have parameters."""
    place = tmp_path / "base.funneldesk"
    with bases.new_base(place, template="general", currency="EUR", zone="UTC") as base:
        team.add_manager(base, "Ann")
        with base.transaction(Label("sample.made")) as tx:
            names: tuple[str, ...] = ("id", "name", "city", "roles", "name_key", "sort_key")
            rows: list[tuple[Any, ...]] = [
                (i, f"Company {i}", "Paris", "client", f"company {i}", f"company {i}") for i in EVERY
            ]
            tx.bulk_insert("company", names, rows)
            names = ("id", "title", "company_id", "funnel_id", "position", "visited", "status", "stage_id",
                     "path_known", "sort_key")  # fmt: skip
            rows = [(i, f"Deal {i}", i, 1, float(i), 1, "open", 1, True, f"deal {i}") for i in EVERY]
            tx.bulk_insert("deal", names, rows)
            names = ("id", "deal_id", "seq", "at", "to_kind", "to_stage_id", "cause")
            tx.bulk_insert("stage_move", names, [(i, i, 0, None, "open", 1, "import") for i in EVERY])
            for kind in ("company", "deal", "stage_move"):
                tx.reserve(kind, MANY)
    monkeypatch.setattr(engine, "sqlite_module", lambda: sqlite3)
    monkeypatch.setattr(engine, "connect", _strict)
    with bases.open_base(place) as strict:
        yield strict


def test_the_next_step_of_many_deals_is_kept_whatever_their_number(db: Database) -> None:
    with db.transaction(Label("activity.planned")) as tx:
        first = tx.reserve("activity", MANY)
        names = ("id", "kind", "subject", "created_at", "due_at", "all_day", "deal_id")
        rows = [(first + i, "call", "", 1, 2, False, deal) for i, deal in enumerate(EVERY)]
        tx.bulk_insert("activity", names, rows)
        tx.refresh_next_step(EVERY)
    with db.read() as conn:
        assert {deal.next_due_at for deal in select_records(conn, Deal)} == {2}


def test_many_deals_are_lost_and_moved_in_one_action(db: Database) -> None:
    with db.read() as conn:
        assert len(board.closing_facts(conn, EVERY).deals) == MANY
        assert board.free_positions(conn, 1, 2, EVERY, None, 1)
        assert board.numbered_anew(conn, 1, 1, EVERY) == []
    deals.move(db, EVERY, stage(2))
    with db.read() as conn:
        assert {deal.stage_id for deal in select_records(conn, Deal)} == {2}


@pytest.mark.parametrize(
    ("field", "value"), [("city", "paris"), ("comment", ""), ("custom:note", "x"), ("client", "Company 7")]
)
def test_a_filter_that_many_records_pass_still_works(db: Database, field: str, value: str) -> None:
    with db.transaction(Label("field.created")) as tx:
        note = tx.insert(CustomField(record_kind="company", name="Note", type="text", position=0))
        tx.reserve("custom_value", MANY)
        names = ("id", "field_id", "record_kind", "record_id", "value")
        tx.bulk_insert("custom_value", names, [(i, note, "company", i, "X") for i in EVERY])
    with db.read() as conn:
        found = select_records(conn, Deal, deal_condition(conn, field, value))
    assert len(found) == (1 if field == "client" else MANY)
