"""What is readable of a damaged base comes into a new one; the damaged one is not touched."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from funneldesk.errors import UserError
from funneldesk.resources import resource_path
from funneldesk.services import bases, clients, deals, demo, history, mending
from funneldesk.services.deals import NewDeal
from funneldesk.store import engine as sqlite_engine
from funneldesk.store.database import open_database

NOW = 1_774_000_000_000_000
PAGE = 4096
Spoil = Callable[[bytearray], None]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base of 300 deals with all that belongs to them, closed."""
    path = tmp_path_factory.mktemp("salvage") / "sample.funneldesk"
    with bases.new_base(path, language="en") as db:
        demo.make_sample(db, deals=300, language="en", now=NOW)
        clients.create_company(db, name="Written by hand", contacts=[("phone", "+48 22 000 12 34")])
    return path


@pytest.fixture
def spoilt(sample: Path, tmp_path: Path) -> Callable[[Spoil], Path]:
    """The sample with something done to its bytes."""

    def make(spoil: Spoil) -> Path:
        raw = bytearray(sample.read_bytes())
        spoil(raw)
        path = tmp_path / "base.funneldesk"
        path.write_bytes(raw)
        return path

    return make


def pages_of(path: Path, table: str) -> list[int]:
    """The pages (from 1) that hold the rows of a table: those that its tree leads to."""
    con = sqlite_engine.connect(path, read_only=True)
    root = con.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    con.close()
    raw, found, todo = path.read_bytes(), [], [root]
    while todo:
        page = todo.pop()
        start = (page - 1) * PAGE
        if raw[start] == 0x0D:
            found.append(page)
            continue
        cells = int.from_bytes(raw[start + 3 : start + 5], "big")
        todo.append(int.from_bytes(raw[start + 8 : start + 12], "big"))
        for cell in range(cells):
            at = start + int.from_bytes(raw[start + 12 + 2 * cell : start + 14 + 2 * cell], "big")
            todo.append(int.from_bytes(raw[at : at + 4], "big"))
    return found


def erase(raw: bytearray, pages: list[int]) -> None:
    for page in pages:
        raw[(page - 1) * PAGE : page * PAGE] = bytes(PAGE)


def test_a_sound_base_comes_over_whole(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.funneldesk"
    found = mending.salvage(sample, out)
    assert found.whole and found.lost == {}
    assert mending.examine(out) == mending.examine(sample)
    with open_database(out) as db:
        history.undo(db)  # nothing is lost, so all can be undone still


def test_what_a_page_held_is_told_by_kind_and_the_rest_is_saved(
    sample: Path, tmp_path: Path, spoilt: Callable[[Spoil], Path]
) -> None:
    pages = pages_of(sample, "companies")[1:3]
    path = spoilt(lambda raw: erase(raw, pages))
    before = path.read_bytes()
    out = tmp_path / "out.funneldesk"
    found = mending.salvage(path, out)
    assert path.read_bytes() == before
    lost = found.lost["company"]
    assert lost and not found.whole
    with open_database(sample, read_only=True) as db, db.read() as conn:
        there = set(conn.exec_driver_sql("SELECT id FROM companies").scalars())
    with open_database(out) as db:
        with db.read() as conn:
            saved = set(conn.exec_driver_sql("SELECT id FROM companies").scalars())
        assert saved | set(lost) == there and not saved & set(lost)
        assert bases.check(db).ok
        with pytest.raises(UserError, match="nothing_to_undo"):
            history.undo(db)


def test_the_journal_gives_back_what_was_written_by_hand(
    sample: Path, tmp_path: Path, spoilt: Callable[[Spoil], Path]
) -> None:
    pages = pages_of(sample, "companies")
    path = spoilt(lambda raw: erase(raw, pages))
    out = tmp_path / "out.funneldesk"
    assert mending.salvage(path, out).recalled == 1
    with open_database(out) as db, db.read() as conn:
        assert list(conn.exec_driver_sql("SELECT name FROM companies").scalars()) == ["Written by hand"]


def test_a_base_without_its_head_is_read_all_the_same(
    sample: Path, tmp_path: Path, spoilt: Callable[[Spoil], Path]
) -> None:
    path = spoilt(lambda raw: raw.__setitem__(slice(0, 100), b"x" * 100))
    with pytest.raises(UserError, match=r"base\.damaged"):
        open_database(path)
    found = mending.salvage(path, tmp_path / "out.funneldesk")
    assert found.whole
    assert (
        mending.examine(tmp_path / "out.funneldesk").content_sha256 == mending.examine(sample).content_sha256
    )


def contents_of(raw: bytearray) -> list[int]:
    """The pages of the table of contents below the first."""
    return [
        number
        for number in range(2, len(raw) // PAGE + 1)
        if raw[(number - 1) * PAGE] == 0x0D and b"CREATE INDEX" in raw[(number - 1) * PAGE : number * PAGE]
    ]


def without_first_page(raw: bytearray) -> None:
    erase(raw, [1])


def without_contents(raw: bytearray) -> None:
    assert len(contents_of(raw)) > 4
    erase(raw, [1, *contents_of(raw)])


def without_half_of_the_contents(raw: bytearray) -> None:
    erase(raw, contents_of(raw)[::2])


@pytest.mark.parametrize("spoil", [without_first_page, without_contents, without_half_of_the_contents])
def test_a_base_without_its_first_page_or_contents_comes_back_whole(
    sample: Path, tmp_path: Path, spoilt: Callable[[Spoil], Path], spoil: Spoil
) -> None:
    path = spoilt(spoil)
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"base\.damaged"):
        open_database(path)
    out = tmp_path / "out.funneldesk"
    found = mending.salvage(path, out)
    assert path.read_bytes() == before
    assert (found.lost, found.emptied) == ({}, 0)
    assert all(not found.kept[kind] for kind in found.more)  # empty tables, of which nothing is certain
    assert mending.examine(out).content_sha256 == mending.examine(sample).content_sha256


@pytest.mark.parametrize("table", ["deals", "companies"])
def test_a_byte_that_is_no_text_in_the_contents_loses_nothing(
    sample: Path, tmp_path: Path, spoilt: Callable[[Spoil], Path], table: str
) -> None:
    def spoil(raw: bytearray) -> None:
        sign, at = f"CREATE TABLE {table} (".encode(), -1
        while (at := raw.find(sign, at + 1)) >= 0:
            raw[at + 28] = 0xFF

    path = spoilt(spoil)
    out = tmp_path / "out.funneldesk"
    assert mending.salvage(path, out).whole
    assert mending.examine(out).content_sha256 == mending.examine(sample).content_sha256


def test_what_cannot_be_proved_names_the_damaged_file(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = mending.examine(sample)
    unsound = replace(result, problems=(("tables", "x"),))
    assert not unsound.ok
    monkeypatch.setattr("funneldesk.store.salvage.check", lambda _conn: unsound)
    with pytest.raises(UserError) as told:
        mending.salvage(sample, tmp_path / "out.funneldesk")
    assert told.value.code == "salvage.nothing" and told.value.params["path"] == str(sample)


def test_what_is_written_in_the_log_counts_when_the_first_page_is_gone(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "base.funneldesk"
    shutil.copyfile(sample, path)
    con = sqlite_engine.connect(path)
    con.execute("PRAGMA wal_autocheckpoint=0")
    con.execute("UPDATE companies SET name = 'Renamed later' WHERE id = 3")
    raw, log = bytearray(path.read_bytes()), path.with_name(path.name + "-wal").read_bytes()
    con.close()
    if not log:
        pytest.skip("this engine keeps no log")
    erase(raw, [1])
    path.write_bytes(raw)
    path.with_name(path.name + "-wal").write_bytes(log)
    out = tmp_path / "out.funneldesk"
    mending.salvage(path, out)
    con = sqlite_engine.connect(out, read_only=True)
    assert con.execute("SELECT name FROM companies WHERE id = 3").fetchone() == ("Renamed later",)
    con.close()


def test_leaves_to_which_nothing_leads_any_more_are_found(
    sample: Path, tmp_path: Path, spoilt: Callable[[Spoil], Path]
) -> None:
    con = sqlite_engine.connect(sample, read_only=True)
    tables = ("deals", "stage_moves", "companies")
    roots = [
        con.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        for name in tables
    ]
    con.close()
    raw = sample.read_bytes()
    assert [raw[(root - 1) * PAGE] for root in roots] == [5, 5, 5]  # trees of more than one page
    path = spoilt(lambda raw: erase(raw, roots))
    out = tmp_path / "out.funneldesk"
    found = mending.salvage(path, out)
    assert not found.lost
    assert mending.examine(out).content_sha256 == mending.examine(sample).content_sha256


def test_what_was_removed_does_not_come_back(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "base.funneldesk"
    shutil.copyfile(sample, path)
    con = sqlite_engine.connect(path)
    con.execute("PRAGMA secure_delete=OFF")
    con.execute("PRAGMA foreign_keys=OFF")
    con.execute("DELETE FROM activities")
    con.execute("PRAGMA journal_mode=delete")
    con.close()
    out = tmp_path / "out.funneldesk"
    mending.salvage(path, out)
    con = sqlite_engine.connect(out, read_only=True)
    assert con.execute("SELECT count(*) FROM activities").fetchone() == (0,)
    con.close()


def test_a_base_of_the_first_schema_without_its_first_page_is_saved_too(tmp_path: Path) -> None:
    packed = resource_path("samples", "schema-1.funneldesk.gz")
    old = tmp_path / "old.funneldesk"
    raw = bytearray(gzip.decompress(packed.read_bytes()))
    old.write_bytes(raw)
    spoilt_one = tmp_path / "spoilt.funneldesk"
    erase(raw, [1])
    spoilt_one.write_bytes(raw)
    found = mending.salvage(spoilt_one, tmp_path / "out.funneldesk")
    assert not found.lost
    open_database(old).close()
    assert mending.examine(tmp_path / "out.funneldesk").content_sha256 == mending.examine(old).content_sha256


def test_a_file_that_holds_nothing_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "base.funneldesk"
    path.write_bytes(bytes(byte & 0x7F for byte in random.Random(3).randbytes(40_000)))
    with pytest.raises(UserError, match=r"salvage\.nothing"):
        mending.salvage(path, tmp_path / "out.funneldesk")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["base.funneldesk", "base.funneldesk.lock"]


def test_nothing_is_overwritten(sample: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.funneldesk"
    out.write_text("mine")
    with pytest.raises(UserError, match=r"base\.exists"):
        mending.salvage(sample, out)
    assert out.read_text() == "mine"


def test_a_base_of_the_first_schema_is_saved_into_todays(tmp_path: Path) -> None:
    packed = resource_path("samples", "schema-1.funneldesk.gz")
    old = tmp_path / "old.funneldesk"
    old.write_bytes(gzip.decompress(packed.read_bytes()))
    found = mending.salvage(old, tmp_path / "out.funneldesk")
    assert found.whole
    open_database(old).close()  # upgraded as usual
    assert mending.examine(tmp_path / "out.funneldesk").content_sha256 == mending.examine(old).content_sha256


def test_the_saved_base_takes_the_place_of_the_damaged_one(
    sample: Path, spoilt: Callable[[Spoil], Path]
) -> None:
    pages = pages_of(sample, "activities")[:2]
    path = spoilt(lambda raw: erase(raw, pages))
    damaged = path.read_bytes()
    found, aside = mending.replace(path)
    assert aside.read_bytes() == damaged and aside.name.startswith("base.damaged-")
    assert found.lost.keys() == {"activity"}
    assert mending.examine(path).ok


@pytest.mark.parametrize("journal", [True, False])
def test_a_lost_funnel_is_told_or_recalled_and_takes_no_deals_with_it(tmp_path: Path, journal: bool) -> None:
    path = tmp_path / "base.funneldesk"
    with bases.new_base(path, template="general", language="en") as db:
        for number in range(3):
            deals.create(db, NewDeal(f"Deal {number}"), funnel_id=1)
    con = sqlite_engine.connect(path)
    con.execute("PRAGMA foreign_keys=OFF")
    con.execute("DELETE FROM funnels WHERE id = 1")
    if not journal:
        con.execute("DELETE FROM journal_edits")
    con.close()
    found = mending.salvage(path, tmp_path / "out.funneldesk")
    assert found.kept["deal"] == 3 and found.kept["funnel"] == 1
    assert (found.lost, found.recalled) == (({}, 1) if journal else ({"funnel": (1,)}, 0))
    assert mending.examine(tmp_path / "out.funneldesk").ok


def test_what_a_repair_must_remove_is_told_as_lost(tmp_path: Path) -> None:
    path = tmp_path / "base.funneldesk"
    with bases.new_base(path, template="general", language="en") as db:
        clients.create_company(db, name="Acme", contacts=[("phone", "+48 22 000 12 34")])
    con = sqlite_engine.connect(path)
    con.execute("PRAGMA foreign_keys=OFF")
    con.execute("DELETE FROM companies")
    con.execute("DELETE FROM journal_edits")
    con.close()
    found = mending.salvage(path, tmp_path / "out.funneldesk")
    assert found.lost == {"company": (1,), "contact_point": (1,)}
