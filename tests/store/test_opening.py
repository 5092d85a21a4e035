"""Opening a base: what is none, who may, who has it, and what is left by whoever could not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from funneldesk.errors import UserError
from funneldesk.services import bases, team
from funneldesk.store import tables as t
from funneldesk.store.database import SCHEMA, Database, create_database, open_database
from funneldesk.store.lock import BaseLock
from funneldesk.store.sqlite_file import sqlite_module
from tests.store.half_written import leave_half_written


def code_of(path: Path, *, read_only: bool = False) -> str:
    """The code with which opening `path` is refused; the file is as it was."""
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UserError) as refused:
        open_database(path, read_only=read_only).close()
    if before is not None:
        assert path.read_bytes() == before
    return refused.value.code


def test_a_file_that_is_not_there_is_missing(place: Path) -> None:
    assert code_of(place) == "base.missing"
    assert not place.exists()


def test_an_empty_file_is_no_base(place: Path) -> None:
    place.touch()
    assert code_of(place) == "base.empty"


@pytest.mark.parametrize("content", [b"\x00" * 4096, b"PK\x03\x04 a spreadsheet", "Клиенты;Телефон".encode()])
def test_another_file_is_foreign(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    assert code_of(place) == "base.foreign"


def test_a_folder_is_foreign(place: Path) -> None:
    place.mkdir()
    assert code_of(place) == "base.foreign"


def test_a_database_of_another_program_is_foreign(place: Path) -> None:
    con = sqlite3.connect(place)
    con.execute("CREATE TABLE clients (id INTEGER)")
    con.close()
    assert code_of(place) == "base.foreign"


def test_a_base_of_a_newer_program_is_left_as_it_is(db: Database, place: Path) -> None:
    db.close()
    con = sqlite3.connect(place)
    con.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    con.close()
    assert code_of(place) == "base.newer"
    assert code_of(place, read_only=True) == "base.newer"


def test_a_base_cut_short_is_damaged_not_foreign(db: Database, place: Path) -> None:
    db.close()
    place.write_bytes(place.read_bytes()[:50_000])
    assert code_of(place) == "base.damaged"


def test_a_database_of_another_kind_is_refused_by_name() -> None:
    with pytest.raises(UserError) as refused:
        open_database("postgresql://host/sales")
    assert (refused.value.code, refused.value.params) == ("base.url_unsupported", {"url": "postgresql"})


def full(*_args: object, **_values: object) -> None:
    raise sqlite_module().OperationalError("database or disk is full")


@pytest.mark.parametrize(
    "step", ["funneldesk.store.migrate.upgrade", "funneldesk.store.database.write_setting"]
)
def test_a_base_that_could_not_be_made_leaves_its_name_free(
    tmp_path: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "new.funneldesk"
    with monkeypatch.context() as broken:
        broken.setattr(step, full)
        with pytest.raises((UserError, sqlite_module().OperationalError)) as told:
            create_database(place)
    assert "full" in str(told.value)
    assert {left.suffix for left in tmp_path.iterdir()} <= {".lock"}
    create_database(place).close()


def test_a_base_whose_funnel_could_not_be_made_leaves_its_name_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "new.funneldesk"
    with monkeypatch.context() as broken:
        broken.setattr("funneldesk.services.funnels.create_from_template", full)
        with pytest.raises(sqlite_module().OperationalError):
            bases.new_base(place, template="general")
    assert not place.exists()
    bases.new_base(place, template="general").close()


def test_a_base_made_by_another_program_meanwhile_is_not_touched(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = BaseLock.take

    def after_the_other(lock: BaseLock, path: Path) -> None:
        path.write_bytes(b"the base of the other")
        take(lock, path)

    monkeypatch.setattr(BaseLock, "take", after_the_other)
    with pytest.raises(UserError, match=r"base\.exists"):
        create_database(place)
    assert place.read_bytes() == b"the base of the other"


def test_a_note_that_is_being_read_leaves_no_half_of_a_new_one(
    db: Database, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.close()

    def refused(*_args: object) -> None:  # as Windows does
        raise PermissionError

    monkeypatch.setattr("funneldesk.store.lock.os.replace", refused)
    lock = BaseLock(place)
    lock.take(place)
    lock.free()
    assert not list(place.parent.glob("*.new"))


def test_an_upgrade_for_which_there_is_no_room_says_so(
    db: Database, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.maintenance() as conn:
        conn.exec_driver_sql("PRAGMA user_version = 0")
    db.close()
    monkeypatch.setattr("funneldesk.store.migrate.run_migrations", full)
    with pytest.raises(UserError, match=r"base\.full"):
        open_database(place)


def test_a_path_may_be_given_as_a_url(tmp_path: Path) -> None:
    create_database(f"sqlite:///{tmp_path}/my%20base.funneldesk").close()
    assert (tmp_path / "my base.funneldesk").stat().st_size > 0


def test_a_second_opener_is_told_who_has_it_and_may_look(db: Database, place: Path) -> None:
    with pytest.raises(UserError) as refused:
        open_database(place)
    assert refused.value.code == "base.locked"
    assert refused.value.params["pid"] == os.getpid()
    with open_database(place, read_only=True) as looking:
        team.add_source(db, "Fair")
        with looking.read() as conn:
            assert conn.scalar(sa.select(t.sources.c.name)) == "Fair"
        with pytest.raises(UserError, match=r"base\.read_only"):
            team.add_source(looking, "Site")


_HOLD = """
import sys
from funneldesk.store.database import open_database
db = open_database(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_the_lock_of_a_killed_program_is_free_within_two_seconds(db: Database, place: Path) -> None:
    db.close()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(place)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UserError) as refused:
            open_database(place)
        assert refused.value.params["pid"] == holder.pid
        holder.kill()
        holder.wait()
        begun = time.process_time()  # our own work alone: others may be busy too
        open_database(place).close()
        assert time.process_time() - begun < 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_base_opened_through_a_link_is_the_same_base(
    db: Database, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, folder = tmp_path / "link.funneldesk", tmp_path / "folder"
    link.symlink_to(place)
    folder.symlink_to(place.parent)
    monkeypatch.chdir(place.parent)
    for name in (link, folder / place.name, Path(place.name)):
        with pytest.raises(UserError, match=r"base\.locked"):
            open_database(name)
    db.close()
    open_database(link).close()


def test_the_files_of_a_base_are_its_owners_alone(db: Database, place: Path) -> None:
    if os.name != "posix":
        pytest.skip("rights of this kind are of POSIX systems")
    team.add_source(db, "Fair")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in place.parent.glob("base.funneldesk*")}
    secret = {name: oct(mode) for name, mode in modes.items() if not name.endswith(".owner")}
    assert set(secret.values()) == {"0o600"}


_AS_NOBODY = """
import os, sys
from funneldesk.errors import UserError
import funneldesk.store.database as d, sqlalchemy.dialects.sqlite, filelock
os.setgid(65534); os.setuid(65534)
try:
    d.open_database(sys.argv[1]).close()
except UserError as error:
    print(error.code)
"""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another")
@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o600, 0o755), (0o644, 0o755), (0o666, 0o555)])
def test_without_rights_the_message_says_forbidden(
    db: Database, tmp_path: Path, file_mode: int, folder_mode: int
) -> None:
    import tempfile

    db.close()
    with tempfile.TemporaryDirectory() as folder:  # nobody cannot enter pytest's own folders
        target = Path(folder) / "base.funneldesk"
        shutil.copy(db.path, target)
        os.chmod(folder, folder_mode)
        os.chmod(target, file_mode)
        done = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, str(target)], capture_output=True, text=True, check=False
        )
        os.chmod(folder, 0o755)
    assert (done.stdout, done.stderr) == ("base.forbidden\n", "")


_RACE = """
import sys
from funneldesk.errors import UserError
from funneldesk.store.database import open_database
try:
    db = open_database(sys.argv[1])
except UserError as error:
    print(error.code, flush=True)
else:
    print("writer", flush=True)
    sys.stdin.read()
"""


def test_who_has_only_just_begun_is_waited_for(db: Database, place: Path) -> None:
    """Between the lock and the note with its owner's name lies a moment: others used to name nobody then."""
    note = Path(f"{place}.owner")
    told = note.read_bytes()
    note.unlink()
    later = threading.Timer(0.4, note.write_bytes, [told])
    later.start()
    with pytest.raises(UserError) as refused:
        open_database(place)
    later.join()
    assert (refused.value.code, refused.value.params["pid"]) == ("base.locked", os.getpid())


def test_who_let_go_meanwhile_is_followed(db: Database, place: Path) -> None:
    Path(f"{place}.owner").unlink()
    later = threading.Timer(0.4, db.close)
    later.start()
    open_database(place).close()
    later.join()


def test_of_many_openers_at_once_one_writes(db: Database, place: Path) -> None:
    openers = 4  # fifty in tests/campaign
    db.close()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _RACE, str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _n in range(openers)
    ]
    said = [process.stdout.readline().strip() for process in running if process.stdout]
    for process in running:
        process.communicate("")
    assert sorted(said) == ["base.locked"] * (openers - 1) + ["writer"]


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
@pytest.mark.parametrize("read_only", [True, False])
def test_a_base_left_half_written_with_a_rollback_journal_opens_whole(
    db: Database, place: Path, read_only: bool
) -> None:
    content = bases.check(db).content_sha256
    db.close()
    leave_half_written(place)
    assert Path(f"{place}-journal").stat().st_size > 0
    with open_database(place, read_only=read_only) as again:
        found = bases.check(again)
    assert (found.problems, found.content_sha256) == ((), content)


@pytest.mark.skipif(os.name != "posix", reason="Windows gives no rights by mode")
def test_whoever_may_write_a_base_may_lock_it(place: Path) -> None:
    create_database(place).close()
    lock = place.with_name(f"{place.name}.lock")
    for rights in (0o600, 0o660, 0o600):
        place.chmod(rights)
        open_database(place).close()
        assert stat.S_IMODE(lock.stat().st_mode) == rights
