"""What a large import leaves for later is found at once, whatever happens before it is brought in."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from funneldesk.domain.client import ContactKind
from funneldesk.domain.folding import fold
from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import bases, clients, history, imports
from funneldesk.services import search as services
from funneldesk.store import search, search_later
from funneldesk.store.backup import copy_base
from funneldesk.store.database import Database, open_database

KINDS = list(search.CODES)
TOWNS = ["Łódź", "Ёлкино", "Zielona Góra", "Йошкар-Ола", "Straße"]
QUERIES = [
    "фирма", "lodz", "ЕЛКИНО", "firma 1 lo", "+48 500", "500 000 01", "i3@", "Łódź Żółw", "nobody here", "на"
]  # fmt: skip


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(search, "_MANY", 5)
    monkeypatch.setattr(search, "_PART", 25)
    with bases.new_base(tmp_path / "b.funneldesk", language="en", currency="EUR", zone="UTC") as base:
        clients.create_company(base, name="Firma 1 there before", city="Łódź")
        take(base, 30)
        yield base


def take(db: Database, count: int, first: int = 0) -> None:
    """Import deals with their companies and people, so that three kinds come at once."""
    flow = ImportFlow()
    imports.prepare(db, flow)
    rows = [
        f"Deal {n} {TOWNS[n % 5]}\tФирма Firma {n} Żółw\tAnna {n}\t+48 500 {n:06d}\ti{n}@x.pl"
        for n in range(first, first + count)
    ]
    flow.open_text("\n".join(["Deal\tCompany\tContact person\tPhone\tE-mail", *rows]))
    flow.set_kind(Kind.DEALS)
    imports.run_import(db, flow)
    flow.close()


def waiting(db: Database) -> int:
    with db.read() as conn:
        return sum(last - first + 1 for first, last in search_later.spans(conn))


def answers(db: Database) -> list[list[int]]:
    """Everything that the queries find, then the first three of the first two."""
    with db.read() as conn:
        found = [search.find_ids(conn, query, KINDS, None) for query in QUERIES]
        return [*found, *[search.find_ids(conn, query, KINDS, 3) for query in QUERIES[:2]]]


def index(db: Database) -> list[tuple[int, str]]:
    with db.read() as conn:
        return [tuple(r) for r in conn.exec_driver_sql("SELECT rowid, body FROM search_index ORDER BY rowid")]


def rebuilt(db: Database) -> list[tuple[int, str]]:
    with db.maintenance() as conn:
        search.rebuild(conn)
    return index(db)


def sound(db: Database) -> None:
    """The base is whole, the search answers now as it does when all is in, and that is right."""
    assert bases.check(db).problems == ()
    now = answers(db)
    services.fill_all(db)
    assert waiting(db) == 0
    assert bases.check(db).problems == ()
    assert answers(db) == now
    full = index(db)
    assert full == rebuilt(db)
    for query, found in zip(QUERIES, now, strict=False):
        words = fold(query).split()
        if all(len(word) >= 3 and not word[0].isdigit() and word[0] != "+" for word in words):
            assert found == [row for row, body in full if all(word in body for word in words)], query


def test_all_is_found_before_it_is_in_the_index_and_at_every_slice(db: Database) -> None:
    assert waiting(db) == 90
    assert bases.check(db).problems == ()
    first = answers(db)
    assert len(first[0]) == 30
    assert first[-2:] == [first[0][:3], first[1][:3]]
    while services.fill(db, 13):
        assert answers(db) == first
        assert bases.check(db).problems == ()
    sound(db)


def test_a_second_import_waits_beside_the_first(db: Database) -> None:
    services.fill(db, 13)
    take(db, 20, first=30)
    assert waiting(db) == 77 + 60
    sound(db)


def test_undo_and_redo_between(db: Database) -> None:
    services.fill(db, 40)
    full = answers(db)
    history.undo(db)
    assert waiting(db) == 0
    before = answers(db)
    assert [len(found) for found in before] != [len(found) for found in full]
    assert bases.check(db).problems == ()
    history.redo(db)
    assert waiting(db) == 90
    assert answers(db) == full
    history.undo(db)
    assert answers(db) == before
    history.redo(db)
    sound(db)


def test_undo_and_redo_when_all_is_in(db: Database) -> None:
    services.fill_all(db)
    full = answers(db)
    history.undo(db)
    history.redo(db)
    assert answers(db) == full
    sound(db)


@pytest.mark.parametrize("seed", range(4))
def test_records_may_change_and_go_between(db: Database, seed: int) -> None:
    chance = random.Random(seed)
    with db.read() as conn:
        companies = [search.hit_of(i).id for i in search.find_ids(conn, "żółw", ["company"], None)]
    for turn in range(14):
        step = chance.randrange(7)
        if step == 0:
            clients.update(db, ("company", chance.choice(companies)), name=f"Firma Nowa {turn} Straße")
        elif step == 1:
            one = chance.choice(companies)
            clients.update(db, ("company", one), contacts=[(ContactKind.PHONE, f"+48 500 99{turn:04d}")])
        elif step == 2:
            services.fill(db, chance.randrange(1, 30))
        elif step == 3:
            history.undo(db)
        elif step == 4 and history.state(db).redo is not None:
            history.redo(db)
        elif step == 5:
            take(db, 4, first=100 + turn * 4)
        elif step == 6:
            clients.delete(db, [("company", chance.choice(companies))])
        if history.state(db).undo is None or not index_or_waiting(db):
            history.redo(db)
        with db.read() as conn:
            there = {search.hit_of(i).id for i in search.find_ids(conn, "firma", ["company"], None)}
        companies = sorted(there)
        assert bases.check(db).problems == ()
    sound(db)


def index_or_waiting(db: Database) -> bool:
    with db.read() as conn:
        return len(search.find_ids(conn, "firma", ["company"], None)) > 1


def test_an_own_condition_does_not_pass_over_what_waits(db: Database) -> None:
    with db.read() as conn:
        assert search.holding(conn, "company", "name", "firma") is None
        assert search.holding(conn, "lead", "title", "firma") == []
    services.fill_all(db)
    with db.read() as conn:
        assert len(search.holding(conn, "company", "name", "firma") or []) == 31


def test_a_base_that_is_only_looked_at_and_a_copy_find_all_too(db: Database, tmp_path: Path) -> None:
    full = answers(db)
    copy_base(db.path, tmp_path / "copy.funneldesk")
    with open_database(tmp_path / "copy.funneldesk", read_only=True) as copy:
        assert not services.fill(copy)
        assert answers(copy) == full
    with open_database(tmp_path / "copy.funneldesk") as copy:
        sound(copy)


def test_filling_is_no_change_that_could_be_undone(db: Database) -> None:
    before = history.state(db), bases.check(db).content_sha256
    services.fill_all(db)
    assert (history.state(db), bases.check(db).content_sha256) == before
    history.undo(db)
    history.redo(db)
    assert bases.check(db).content_sha256 == before[1]


CHILD = """
import os, sys
sys.path[:0] = {path!r}
from pathlib import Path
from funneldesk.services import bases, search as services
from funneldesk.store import search
from tests.services.test_search_left_for_later import take
search._MANY, search._PART = 5, 25
with bases.open_base(Path({base!r})) as db:
    take(db, 25, first=30)
    for _slice in range({slices}):
        services.fill(db, 9)
    with db.maintenance() as conn:
        if {amid}:
            search.fill(conn, 9)
        print("now", flush=True)
        sys.stdin.read()
"""


@pytest.mark.parametrize(("slices", "amid"), [(0, False), (0, True), (3, True), (12, True)])
def test_a_kill_between_two_slices_or_amid_one_loses_nothing(db: Database, slices: int, amid: bool) -> None:
    """The program is killed with SIGKILL while it holds an unfinished slice."""
    db.close()
    code = CHILD.format(path=sys.path, base=str(db.path), slices=slices, amid=amid)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "now\n"
        child.kill()
    with bases.open_base(db.path) as again:
        assert 90 + 75 - 9 * slices <= waiting(again) <= 90 + 75 - 6 * slices
        assert len(answers(again)[0]) == 55
        history.undo(again)
        assert len(answers(again)[0]) == 30
        history.redo(again)
        sound(again)
