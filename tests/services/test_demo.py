from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.errors import Cancelled
from funneldesk.services import bases, demo, funnels, history
from funneldesk.services.demo_words import words
from funneldesk.store.database import Database

NOW = clock.to_micros(datetime(2026, 3, 18, 12, tzinfo=UTC))


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Database]:
    made: list[Database] = []

    def run(language: str = "en", **given: Any) -> Database:
        path = tmp_path / f"{len(made)}.funneldesk"
        db = bases.new_base(path, language=language, zone="UTC")
        made.append(db)
        demo.make_sample(db, language=language, **{"now": NOW, **given})
        return db

    return run


def rows(db: Database, sql: str) -> list[tuple[Any, ...]]:
    with db.read() as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql).fetchall()]


def test_the_same_seed_gives_the_same_base_and_another_seed_another(make: Callable[..., Database]) -> None:
    first, again = make(deals=60), make(deals=60)
    other, later = make(deals=60, seed=2), make(deals=60, now=NOW + 86_400_000_000)
    hashes = [bases.check(db).content_sha256 for db in (first, again, other, later)]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


def test_the_hour_of_the_day_does_not_matter(make: Callable[..., Database]) -> None:
    morning = make(deals=20, now=NOW - 5 * 3600 * 1_000_000)
    assert bases.check(morning).content_sha256 == bases.check(make(deals=20)).content_sha256


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_a_sample_base_is_sound_and_speaks_its_language(make: Callable[..., Database], language: str) -> None:
    db = make(language, deals=300)
    assert bases.check(db).problems == ()
    assert {name for (name,) in rows(db, "SELECT name FROM managers")} == set(words(language).managers)
    assert [len(v.stages) for v in funnels.views(db)] == [9, 10]
    assert rows(db, "SELECT count(*) FROM deals") == [(300,)]
    names = " ".join(name for (name,) in rows(db, "SELECT name FROM people UNION SELECT title FROM deals"))
    assert any("а" <= ch <= "я" for ch in names.lower()) == (language == "ru")


def test_a_sample_base_has_something_of_everything_that_screens_show(make: Callable[..., Database]) -> None:
    db = make(deals=300)
    today = NOW - NOW % clock.DAY
    wanted = {
        "open deals": "SELECT count(*) FROM deals WHERE status = 'open'",
        "won deals": "SELECT count(*) FROM deals WHERE status = 'won'",
        "losses with reason and comment": "SELECT count(*) FROM deals WHERE status = 'lost' "
        "AND loss_reason_id IS NOT NULL AND loss_comment IS NOT NULL",
        "competitors": "SELECT count(*) FROM deals WHERE competitor IS NOT NULL",
        "deals without amount": "SELECT count(*) FROM deals WHERE amount IS NULL",
        "deals of individuals": "SELECT count(*) FROM deals WHERE company_id IS NULL",
        "deals without a next step": "SELECT count(*) FROM deals WHERE status = 'open' "
        "AND next_activity_id IS NULL",
        "overdue": f"SELECT count(*) FROM deals WHERE next_due_at < {today}",
        "due today": f"SELECT count(*) FROM deals WHERE next_due_at BETWEEN {today} AND {today + clock.DAY}",
        "due later": f"SELECT count(*) FROM deals WHERE next_due_at > {today + clock.DAY}",
        "stale": "SELECT count(*) FROM deals WHERE status = 'open' "
        f"AND entered_at < {today - 30 * clock.DAY}",
        "returns": "SELECT count(*) FROM stage_moves m JOIN stages a ON a.id = from_stage_id "
        "JOIN stages b ON b.id = to_stage_id WHERE b.position < a.position",
        "skips": "SELECT count(*) FROM stage_moves m JOIN stages a ON a.id = from_stage_id "
        "JOIN stages b ON b.id = to_stage_id WHERE b.position > a.position + 1",
        "reopened": "SELECT count(*) FROM stage_moves WHERE from_kind = 'lost' AND to_kind = 'open'",
        "handed over": "SELECT count(*) FROM stage_moves m JOIN deals d ON d.id = deal_id "
        "WHERE owner_id <> d.manager_id",
        "repeated clients": "SELECT count(*) FROM (SELECT 1 FROM deals GROUP BY person_id "
        "HAVING count(*) > 1)",
        "new leads": "SELECT count(*) FROM leads WHERE status = 'new'",
        "plans of this month": "SELECT count(*) FROM plans WHERE month = '2026-03'",
        "costs of sources": "SELECT count(DISTINCT source_id) > 3 FROM source_costs",
        "marked changes": "SELECT count(*) FROM marks",
        "standards": "SELECT count(DISTINCT kind) > 1 FROM standards",
        "paid invoices": "SELECT count(*) FROM payments",
        "overdue invoices": "SELECT count(*) FROM invoices WHERE due_date < '2026-03-18' "
        "AND id NOT IN (SELECT invoice_id FROM payments)",
        "meetings": "SELECT count(*) FROM activities WHERE kind = 'meeting' AND done_at IS NOT NULL",
    }  # fmt: skip
    missing = [what for what, sql in wanted.items() if rows(db, sql)[0][0] < 1]
    assert missing == []


def test_nothing_has_happened_after_the_day_of_the_sample(make: Callable[..., Database]) -> None:
    db = make(deals=200)
    today = NOW - NOW % clock.DAY
    for table, column in (("stage_moves", "at"), ("activities", "done_at"), ("deals", "created_at")):
        latest, earliest = rows(db, f"SELECT max({column}), min({column}) FROM {table}")[0]
        assert latest < today
        assert earliest > today - 820 * clock.DAY
    for table, column in (("invoices", "date"), ("payments", "date"), ("source_costs", "last_day")):
        assert rows(db, f"SELECT max({column}) < '2026-03-18' FROM {table}") == [(1,)]
    assert rows(db, "SELECT count(*) FROM people WHERE created_at IS NULL") == [(0,)]


def test_managers_differ_as_their_styles_say(make: Callable[..., Database]) -> None:
    db = make(deals=3_000)
    found = rows(
        db,
        "SELECT count(*), sum(status = 'won') * 1.0 / sum(status <> 'open'), avg(amount) "
        "FROM deals GROUP BY manager_id ORDER BY manager_id",
    )
    (many, shallow, small), (few, deep, large), (_n, intensive, _a), (idle, *_r), _balanced = found
    assert many > 2.5 * few and many > 2.5 * idle
    assert shallow < 0.15 < 0.28 < intensive < 0.45 < deep
    assert large > 1.7 * small


def test_one_undo_takes_the_whole_sample_away_and_redo_brings_it_back(tmp_path: Path) -> None:
    with bases.new_base(tmp_path / "a.funneldesk", language="pl") as db:
        empty = bases.check(db).content_sha256
        change: Change = demo.make_sample(db, deals=80, language="pl", now=NOW)
        full = bases.check(db)
        assert change.label.code == "sample.made" and full.ok
        history.undo(db)
        assert bases.check(db).content_sha256 == empty
        history.redo(db)
        assert bases.check(db) == full


def test_a_cancelled_sample_leaves_nothing(tmp_path: Path) -> None:
    with bases.new_base(tmp_path / "a.funneldesk", language="en") as db:
        empty = bases.check(db)
        seen: list[int] = []
        with pytest.raises(Cancelled):
            demo.make_sample(
                db,
                deals=9_000,
                language="en",
                progress=lambda done, _total, _text: seen.append(done),
                cancelled=lambda: bool(seen),
            )
        assert seen == [4_000]
        assert bases.check(db) == empty


@pytest.mark.heavy
def test_a_hundred_thousand_deals_are_made_within_a_minute(tmp_path: Path) -> None:
    with bases.new_base(tmp_path / "a.funneldesk", language="ru") as db:
        begun = time.monotonic()
        demo.make_sample(db, deals=100_000, language="ru", now=NOW)
        assert time.monotonic() - begun < 60
        assert rows(db, "SELECT count(*) FROM stage_moves")[0][0] > 500_000
        assert bases.check(db).ok
