"""A base with a password: what it hides, what it lets through, and that no step loses anything."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from funneldesk.errors import UserError
from funneldesk.services import (
    backups,
    bases,
    clients,
    copies,
    demo,
    history,
    passwords,
    search,
)
from funneldesk.store import cipher, sqlite_file
from funneldesk.store import engine as sqlite_engine
from funneldesk.store.backup import sha256_of
from funneldesk.store.database import open_database
from funneldesk.store.first_page import first_page
from funneldesk.store.look import opened
from tests.services.protected_kit import NAME, OTHER, PASSWORD, content, make_base, readable, refused
from tests.store.half_written import leave_half_written


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    passwords.lock_all()
    yield
    passwords.lock_all()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A closed base with a client, deals, and a backup beside it."""
    return make_base(tmp_path)


def test_the_cipher_engine_may_use_wal_and_knows_what_the_other_knows() -> None:
    module = cipher.module()
    assert module.sqlite_version_info >= sqlite_file.SAFE_WAL
    options = {row[0] for row in module.connect(":memory:").execute("PRAGMA compile_options")}
    assert {"ENABLE_FTS5", "HAS_CODEC", "TEMP_STORE=2"} <= options  # 2: nothing temporary on the disk
    old = type("Old", (), {"sqlite_version_info": (3, 51, 2)})
    assert not sqlite_file.wal_is_safe(old)  # type: ignore[arg-type]


def test_with_a_password_nothing_can_be_read_and_nothing_is_lost(base: Path, tmp_path: Path) -> None:
    before = content(base)
    assert len(readable(tmp_path)) == 2
    (tmp_path / "base.replaced-20260101-000000.funneldesk").write_bytes(base.read_bytes())
    assert passwords.set_password(base, PASSWORD) == passwords.Rewritten(2, ())
    assert readable(tmp_path) == []
    passwords.lock_all()
    refused("base.password_needed", base)
    with pytest.raises(UserError, match=r"base\.password_needed"):
        first_page(base)
    refused("base.wrong_password", base, "Łódź is 8 Letters")
    passwords.unlock(base, PASSWORD)
    assert content(base) == before
    with open_database(base) as db:
        clients.create_company(db, name=NAME + " Two")
        with db.read() as conn:
            assert str(conn.scalar(sa.text("PRAGMA journal_mode"))) == "wal"
        assert (tmp_path / "base.funneldesk-wal").stat().st_size > 0
        assert readable(tmp_path) == []  # nor in the log while it is open
    assert oct(base.stat().st_mode)[-3:] == "600"


def test_the_file_is_sqlciphers_and_opens_by_the_password_alone(base: Path) -> None:
    passwords.set_password(base, PASSWORD)
    con = cipher.module().connect(str(base))
    con.execute(f"PRAGMA key = '{PASSWORD}'")
    assert con.execute("SELECT name FROM companies").fetchall() == [(NAME,)]
    assert con.execute("PRAGMA application_id").fetchone()[0] == sqlite_file.APPLICATION_ID
    con.close()


def test_backups_are_protected_too_and_their_manifests_fit(base: Path) -> None:
    passwords.set_password(base, PASSWORD)
    with open_database(base) as db:
        made = backups.make(db, backups.Why.DAY)
        found = backups.backups(db)
    assert len(found) == 2
    for each in found:
        manifest = json.loads(each.path.with_name(each.path.name + ".json").read_text(encoding="utf-8"))
        assert manifest["sha256"] == sha256_of(each.path)
        assert manifest["size"] == each.path.stat().st_size
        assert backups.look_inside(each.path).companies == 1
    with open_database(base) as db:
        clients.create_company(db, name="Later")
    bases.restore(made.path, base)
    with open_database(base) as db, db.read() as conn:
        assert conn.execute(sa.text("SELECT name FROM companies")).scalars().all() == [NAME]


def test_changed_and_removed_the_base_is_the_same(base: Path, tmp_path: Path) -> None:
    before = content(base)
    passwords.set_password(base, PASSWORD)
    with pytest.raises(UserError, match=r"password\.there"):
        passwords.set_password(base, OTHER)
    with pytest.raises(UserError, match=r"base\.wrong_password"):
        passwords.change(base, OTHER, PASSWORD)
    assert passwords.change(base, PASSWORD, OTHER).left == ()
    passwords.lock_all()
    refused("base.wrong_password", base, PASSWORD)
    passwords.unlock(base, OTHER)
    assert content(base) == before
    assert passwords.remove(base, OTHER) == passwords.Rewritten(1, ())
    passwords.lock_all()
    assert content(base) == before
    assert base.read_bytes().startswith(b"SQLite format 3")
    assert len(readable(tmp_path)) == 2
    with pytest.raises(UserError, match=r"password\.none"):
        passwords.remove(base, OTHER)
    with pytest.raises(UserError, match=r"password\.short"):
        passwords.set_password(base, "1234567")


def test_a_backup_under_a_former_password_asks_for_that_one(base: Path, tmp_path: Path) -> None:
    passwords.set_password(base, PASSWORD)
    elsewhere = tmp_path / "usb" / "kept.funneldesk"
    bases.back_up(base, elsewhere)
    copies.note_of(base).unlink()  # as on another computer
    passwords.change(base, PASSWORD, OTHER)
    passwords.lock_all()
    passwords.unlock(base, OTHER)
    with pytest.raises(UserError) as told:
        bases.restore(elsewhere, base)
    assert (told.value.code, told.value.params["path"]) == ("base.password_needed", str(elsewhere))
    passwords.unlock(elsewhere, PASSWORD)
    bases.restore(elsewhere, base)
    passwords.lock_all()
    refused("base.wrong_password", base, OTHER)
    passwords.unlock(base, PASSWORD)
    content(base)


def test_a_copy_that_cannot_be_brought_along_is_named_and_deleted_at_a_word(
    base: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "base.damaged-20260101-000000.funneldesk"
    bad.write_bytes(base.read_bytes()[:9000])
    found = passwords.set_password(base, PASSWORD)
    assert found == passwords.Rewritten(1, (bad,))
    assert passwords.delete(found.left) == ()
    assert not bad.exists()


def test_without_the_part_a_protected_base_says_how_to_get_it(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords.set_password(base, PASSWORD)
    passwords.lock_all()
    cipher.module.cache_clear()
    monkeypatch.setitem(sys.modules, "sqlcipher3.dbapi2", None)
    assert not passwords.is_there()
    refused("base.no_cipher", base, PASSWORD)
    refused("base.password_needed", base)


def test_work_on_a_protected_base_gives_the_same_as_on_another(tmp_path: Path) -> None:
    found = []
    for name in ("plain", "hidden"):
        place = tmp_path / f"{name}.funneldesk"
        bases.new_base(place, language="en", currency="EUR", zone="UTC").close()
        if name == "hidden":
            passwords.set_password(place, PASSWORD)
        with open_database(place) as db:
            demo.make_sample(db, deals=40, language="en", now=1_774_000_000_000_000)
            search.fill_all(db)
            first = bases.check(db)
            clients.create_company(db, name=NAME)
            hits = [hit.name for hit in search.search(db, "zyzzyva", 5)]
            history.undo(db)
            second = bases.check(db)
            db.compact()
            found.append((hits, first, second, bases.check(db, thorough=True)))
    assert found[0] == found[1]
    assert found[0][0] == [NAME]
    assert found[0][1].ok and found[0][1].content_sha256 == found[0][2].content_sha256


def test_a_base_that_is_open_elsewhere_keeps_its_state(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_database(base), pytest.raises(UserError, match=r"base\.locked"):
        passwords.set_password(base, PASSWORD)
    monkeypatch.setattr(sqlite_file.connect, "__kwdefaults__", {"read_only": False, "timeout_ms": 100})
    with opened(base) as conn:  # a reader without the lock, at an older moment
        conn.execute(sa.text("SELECT count(*) FROM companies")).scalar()
        with open_database(base) as db:
            clients.create_company(db, name="Later")
        with pytest.raises(UserError, match=r"base\.busy"):
            passwords.set_password(base, PASSWORD)
    assert not passwords.is_protected(base)
    assert all(each.path.name in readable(base.parent) for each in backups.beside(base))  # as they were


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_through_a_link_the_file_itself_is_protected(base: Path, tmp_path: Path) -> None:
    link = tmp_path / "desk" / "link.funneldesk"
    link.parent.mkdir()
    link.symlink_to(base)
    assert passwords.set_password(link, PASSWORD).copies == 1
    assert link.is_symlink()
    assert readable(tmp_path) == []
    content(link)


def test_a_base_named_from_the_folder_it_lies_in_is_protected(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(base.parent)
    here = Path(base.name)
    assert passwords.set_password(here, PASSWORD).copies == 1
    passwords.change(here, PASSWORD, OTHER)
    assert readable(base.parent) == []
    assert passwords.remove(here, OTHER).copies == 1
    content(base)


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_base_in_a_folder_that_is_a_link_is_protected(base: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked"
    link.symlink_to(base.parent)
    assert passwords.set_password(link / base.name, PASSWORD).copies == 1
    assert readable(base.parent) == []
    content(link / base.name)


def test_what_a_killed_removal_left_goes_when_the_base_is_opened(base: Path) -> None:
    passwords.set_password(base, PASSWORD)
    piece = base.with_name(f".{base.name}.999999999.part")
    piece.write_bytes(b"SQLite format 3")
    base.with_name(base.name + ".owner").write_text("{}", encoding="utf-8")
    open_database(base).close()
    assert not piece.exists()


def test_a_copy_is_not_changed_before_its_turn(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It used to become a file with a log first: killed there, its manifest told of another file."""
    copy = backups.beside(base)[0].path
    before = copy.read_bytes()
    seen = []

    def replace(source: Path, target: Path) -> None:
        if Path(target) == copy:
            seen.append(copy.read_bytes() == before)
        os_replace(source, target)

    os_replace = os.replace
    monkeypatch.setattr("funneldesk.store.recrypt.os.replace", replace)
    passwords.set_password(base, PASSWORD)
    assert seen == [True]


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_a_copy_left_half_written_is_brought_back_and_along(base: Path) -> None:
    copy = backups.beside(base)[0].path
    leave_half_written(copy)
    assert copy.with_name(copy.name + "-journal").stat().st_size > 0
    assert passwords.set_password(base, PASSWORD).left == ()
    assert backups.look_inside(copy).companies == 1
    assert readable(base.parent) == []


_SET = """
import sys
from pathlib import Path
from funneldesk.services import passwords
print("ready", flush=True)
passwords.set_password(Path(sys.argv[1]), sys.argv[2], lambda *_a: print("step", flush=True))
"""


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.95])
def test_a_kill_in_the_middle_leaves_a_whole_base_and_the_next_try_ends_it(base: Path, part: float) -> None:
    before = content(base)
    with subprocess.Popen(
        [sys.executable, "-c", _SET, str(base), PASSWORD], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(part * 0.5)
        process.kill()
    passwords.lock_all()
    try:
        assert content(base) == before
    except UserError:
        passwords.unlock(base, PASSWORD)
        assert content(base) == before
    else:
        assert passwords.set_password(base, PASSWORD).left == ()
    for each in backups.beside(base):
        assert backups.look_inside(each.path).companies == 1
    assert readable(base.parent) == []
    assert list(base.parent.rglob("*.part")) == []


def test_keys_are_shown_nowhere() -> None:
    key = cipher.derive(PASSWORD, b"0123456789abcdef")
    assert not any(shown in repr(key) for shown in (key.raw.hex(), repr(key.raw), PASSWORD))
    assert cipher.derive("\u00f3" * 8, key.salt).raw == cipher.derive("o\u0301" * 8, key.salt).raw


def test_connections_to_a_protected_base_open_quickly(base: Path) -> None:
    passwords.set_password(base, PASSWORD)
    begun = time.process_time()  # our own work alone: others may be busy too
    cipher.derive(PASSWORD, b"0123456789abcdef")
    derived = time.process_time() - begun
    begun = time.process_time()
    for _time in range(10):
        sqlite_engine.connect(base, read_only=True).close()
    assert (time.process_time() - begun) / 10 < derived / 2, "the key is derived at every opening"
