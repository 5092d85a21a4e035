"""Backups that can be trusted, also when the program dies in the middle."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from funneldesk.errors import UserError
from funneldesk.services import bases, demo, team
from funneldesk.store import backup as store_backup
from funneldesk.store.database import Database, open_database

DAY = 1_774_000_000_000_000
TRIES = 2  # the full counts are in tests/campaign


def sound(path: Path) -> str:
    """The content of a base, which must be whole."""
    with open_database(path) as db:
        result = bases.check(db)
        assert result.problems == ()
        return result.content_sha256


def test_the_manifest_tells_size_and_hash_of_the_copy(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy.funneldesk"
    manifest = store_backup.back_up(db.path, copy)
    assert json.loads((tmp_path / "copy.funneldesk.json").read_text(encoding="utf-8")) == manifest
    again = store_backup.back_up(db.path, copy)
    told = json.loads((tmp_path / "copy.funneldesk.json").read_text(encoding="utf-8"))
    assert told == {**again, "replaces": manifest["sha256"]}
    assert again["size"] == copy.stat().st_size
    assert again["sha256"] == store_backup.sha256_of(copy)


def test_a_backup_is_one_file_without_logs_beside_it(db: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    store_backup.back_up(db.path, folder / "copy.funneldesk")
    assert sorted(p.name for p in folder.iterdir()) == ["copy.funneldesk", "copy.funneldesk.json"]
    if os.name == "posix":
        assert (folder / "copy.funneldesk").stat().st_mode & 0o77 == 0


def damage(path: Path) -> None:
    """Overwrite the inside of a base, its head left alone."""
    raw = bytearray(path.read_bytes())
    rng = random.Random(5)
    for start in range(8192, len(raw) - 4096, 4096):
        raw[start : start + 64] = rng.randbytes(64)
    path.write_bytes(raw)


def test_a_damaged_base_never_overwrites_a_good_backup(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy.funneldesk"
    store_backup.back_up(db.path, copy)
    good = copy.read_bytes()
    db.close()
    damage(db.path)
    bad = db.path.read_bytes()
    with pytest.raises(UserError, match=r"base\.damaged"):
        store_backup.back_up(db.path, copy)
    assert copy.read_bytes() == good
    assert db.path.read_bytes() == bad
    assert list(tmp_path.glob(".*.part*")) == []


def test_a_damaged_backup_is_not_restored(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy.funneldesk"
    store_backup.copy_base(db.path, copy)
    damage(copy)
    content = bases.check(db).content_sha256
    db.close()
    with pytest.raises(UserError, match=r"base\.damaged"):
        bases.restore(copy, db.path)
    assert sound(db.path) == content


def test_a_damaged_base_is_kept_byte_for_byte_when_restored_over(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy.funneldesk"
    store_backup.back_up(db.path, copy)
    content = bases.check(db).content_sha256
    db.close()
    damage(db.path)
    bad = db.path.read_bytes()
    aside = bases.restore(copy, db.path)
    assert aside is not None and aside.read_bytes() == bad
    assert sound(db.path) == content


def test_a_log_left_behind_is_not_played_into_the_restored_base(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy.funneldesk"
    store_backup.back_up(db.path, copy)
    content = bases.check(db).content_sha256
    team.add_source(db, "after the backup")
    log = Path(f"{db.path}-wal")
    if not log.exists():
        pytest.skip("this engine keeps no write-ahead log")
    stale = log.read_bytes()
    db.close()
    db.path.unlink()
    log.write_bytes(stale)
    assert bases.restore(copy, db.path) is None
    assert sound(db.path) == content


def test_a_folder_that_cannot_be_written_is_told(db: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UserError, match=r"backup\.failed"):
        store_backup.back_up(db.path, tmp_path / "file" / "copy.funneldesk")


def test_backups_made_while_somebody_writes_are_whole(db: Database, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            team.add_source(db, f"source {number}")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(TRIES):
            store_backup.back_up(db.path, tmp_path / f"{number}.funneldesk")
    finally:
        stop.set()
        writer.join()
    for number in range(TRIES):
        sound(tmp_path / f"{number}.funneldesk")


_BACK_UP = """
import sys
from pathlib import Path
from funneldesk.store import backup
print("ready", flush=True)
while True:
    backup.back_up(Path(sys.argv[1]), Path(sys.argv[2]))
"""
_RESTORE = """
import sys
from funneldesk.services import bases
print("ready", flush=True)
while True:
    bases.restore(sys.argv[2], sys.argv[1])
"""


def kill_later(script: str, base: Path, copy: Path, after: float) -> None:
    """Run a script on a base and a copy and kill it `after` seconds of work."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(base), str(copy)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(after)
        process.kill()
        process.wait()


def test_a_kill_during_a_backup_leaves_the_base_and_a_whole_backup(db: Database, tmp_path: Path) -> None:
    demo.make_sample(db, deals=100, language="en", now=DAY)
    content = bases.check(db).content_sha256
    db.close()
    copy = tmp_path / "backups" / "copy.funneldesk"
    bases.back_up(db.path, copy)
    for number in range(TRIES):
        kill_later(_BACK_UP, db.path, copy, 0.02 + random.Random(number).random() * 0.15)
        bases.restore(copy, tmp_path / f"{number}.funneldesk")  # refused if copy and manifest disagree
        assert sound(tmp_path / f"{number}.funneldesk") == sound(db.path) == content


def test_a_kill_during_a_restore_leaves_something_whole(db: Database, tmp_path: Path) -> None:
    demo.make_sample(db, deals=100, language="en", now=DAY)
    content = bases.check(db).content_sha256
    db.close()
    copy = tmp_path / "backups" / "copy.funneldesk"
    bases.back_up(db.path, copy)
    for number in range(TRIES):
        kill_later(_RESTORE, db.path, copy, 0.02 + random.Random(number).random() * 0.15)
        if not db.path.exists():  # between two renames: the former base is whole beside it
            newest = max(tmp_path.glob("base.replaced-*.funneldesk"), key=lambda p: p.stat().st_mtime)
            assert sound(newest) == content
        bases.restore(copy, db.path)
        assert sound(db.path) == content
        for old in tmp_path.glob("base.replaced-*"):
            old.unlink()


def test_what_a_killed_copy_left_goes_with_the_next_one(db: Database, tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("whether a process lives is asked on POSIX systems only")
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    dead = tmp_path / f".copy.funneldesk.{gone.pid}.part"
    alive = tmp_path / f".copy.funneldesk.{os.getppid()}.part"
    for piece in (dead, alive):
        piece.write_bytes(b"piece")
    store_backup.back_up(db.path, tmp_path / "copy.funneldesk")
    assert (dead.exists(), alive.exists()) == (False, True)
