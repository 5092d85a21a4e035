"""Copies of a base are known wherever they were put, and go along with its password."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from funneldesk.services import backups, bases, clients, copies, own_copies, passwords
from funneldesk.store.database import open_database

NAME, PASSWORD, OTHER = "Zyzzyva Holdings", "correct horse", "battery staple"


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    passwords.lock_all()
    yield
    passwords.lock_all()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return made(tmp_path / "desk" / "sales.funneldesk")


def made(path: Path, name: str = NAME) -> Path:
    path.parent.mkdir(exist_ok=True)
    with bases.new_base(path, template="general", language="en", currency="EUR", zone="UTC") as db:
        clients.create_company(db, name=name)
    return path


def auto_backup(base: Path, folder: Path | None) -> Path:
    with open_database(base) as db:
        backups.set_folder(db, folder)
        return backups.make(db, backups.Why.ASKED).path


def plain(*paths: Path) -> list[Path]:
    return [path for path in paths if path.read_bytes().startswith(b"SQLite")]


def test_copies_in_other_folders_are_encrypted_too(base: Path, tmp_path: Path) -> None:
    by_hand = tmp_path / "usb" / "friday.funneldesk"
    bases.back_up(base, by_hand)
    former = auto_backup(base, tmp_path / "disk")
    chosen = auto_backup(base, tmp_path / "other disk")
    beside = auto_backup(base, None)
    everywhere = (by_hand, former, chosen, beside)
    assert passwords.set_password(base, PASSWORD) == passwords.Rewritten(4, ())
    assert plain(base, *everywhere) == []
    for path in everywhere:
        assert backups.look_inside(path).companies == 1
        bases.restore(path, tmp_path / f"{path.stem}.restored.funneldesk")  # their manifests fit
    passwords.change(base, PASSWORD, OTHER)
    passwords.lock_all()
    for path in everywhere:
        passwords.unlock(path, OTHER)
    assert passwords.remove(base, OTHER) == passwords.Rewritten(4, ())
    assert len(plain(*everywhere)) == 4


def test_what_is_on_a_disk_that_is_not_there_is_named(base: Path, tmp_path: Path) -> None:
    by_hand = tmp_path / "usb" / "friday.funneldesk"
    bases.back_up(base, by_hand)
    folder = auto_backup(base, tmp_path / "disk").parent
    auto_backup(base, None)
    by_hand.parent.rename(tmp_path / "unplugged")
    folder.rename(tmp_path / "unplugged too")
    folder.mkdir()  # where a disk belongs
    found = passwords.set_password(base, PASSWORD)
    assert (found.copies, found.left, found.alike) == (1, (), ())
    assert set(found.away) == {by_hand, folder}
    assert not found.all_along
    (tmp_path / "unplugged").rename(by_hand.parent)
    passwords.bring(base, by_hand)
    assert plain(by_hand) == []


def test_a_copy_that_was_deleted_is_not_named(base: Path, tmp_path: Path) -> None:
    by_hand = tmp_path / "usb" / "friday.funneldesk"
    bases.back_up(base, by_hand)
    by_hand.unlink()
    assert passwords.set_password(base, PASSWORD) == passwords.Rewritten(0, ())


def test_only_what_is_certainly_a_copy_is_touched_or_offered_for_deletion(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    mine = auto_backup(base, folder)
    twin = auto_backup(made(tmp_path / "branch" / "sales.funneldesk", "Of the branch"), folder)
    locked = auto_backup(other := made(tmp_path / "third" / "sales.funneldesk", "Of the third"), folder)
    passwords.set_password(other, OTHER)
    broken = folder / mine.name.replace(".asked", ".day")
    broken.write_bytes(mine.read_bytes()[:9000])
    worked_on = tmp_path / "usb" / "sales.funneldesk"
    bases.back_up(base, worked_on)
    with open_database(worked_on) as db:
        clients.create_company(db, name="Only there")
    lunch = base.with_name("sales.before-lunch.funneldesk")
    shutil.copy(base, lunch)
    passwords.lock_all()
    found = passwords.set_password(base, PASSWORD)
    assert (found.copies, found.left, found.away) == (1, (), ())
    assert set(found.alike) == {locked, broken, worked_on}
    assert plain(mine, twin, worked_on, lunch) == [twin, worked_on, lunch]


def test_a_copy_that_was_changed_by_damage_is_left_and_one_as_it_was_written_is_known(
    base: Path, tmp_path: Path
) -> None:
    by_hand = tmp_path / "usb" / "friday.funneldesk"
    bases.back_up(base, by_hand)
    whole = by_hand.read_bytes()
    by_hand.write_bytes(whole[:-5000])
    assert passwords.set_password(base, PASSWORD).alike == (by_hand,)
    passwords.remove(base, PASSWORD)
    by_hand.write_bytes(whole)
    by_hand.with_name(by_hand.name + ".json").unlink()
    assert passwords.set_password(base, PASSWORD) == passwords.Rewritten(1, ())


def test_another_base_is_never_brought_under_the_password(base: Path, tmp_path: Path) -> None:
    other = made(tmp_path / "branch" / "sales.funneldesk", "Of the branch")
    passwords.set_password(base, PASSWORD)
    with pytest.raises(Exception, match=r"password\.other_base"):
        passwords.bring(base, other)
    with pytest.raises(Exception, match=r"backup\.same_file"):
        passwords.bring(base, base)
    assert plain(other) == [other]


@pytest.mark.parametrize(
    "note", ["", "{", "[]", "null", '{"files": 3, "folders": {"a": 1}}', '{"files": {"": 1}, "folders": [7]}']
)
def test_a_damaged_note_stops_nothing(base: Path, tmp_path: Path, note: str) -> None:
    copies.note_of(base).write_text(note, encoding="utf-8")
    assert copies.read(base) == copies.Known()
    by_hand = tmp_path / "usb" / "friday.funneldesk"
    bases.back_up(base, by_hand)
    assert list(copies.read(base).files) == [by_hand]


def test_where_no_note_can_be_written_the_backup_is_made_all_the_same(base: Path, tmp_path: Path) -> None:
    copies.note_of(base).mkdir()  # nothing can take that name
    by_hand = tmp_path / "usb" / "friday.funneldesk"
    assert bases.back_up(base, by_hand)["file"] == by_hand.name
    assert copies.read(base) == copies.Known()


def spoil(base: Path) -> None:
    base.write_bytes(bytes(4096) + base.read_bytes()[4096:])


def test_the_newest_good_backup_of_a_damaged_base_is_found_wherever_it_lies(
    base: Path, tmp_path: Path
) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(days=9)
    disk, by_hand = tmp_path / "disk", tmp_path / "usb" / "friday.funneldesk"
    with open_database(base) as db:
        beside = backups.make(db, backups.Why.DAY, now=moment)
        backups.set_folder(db, disk)
        older = backups.make(db, backups.Why.DAY, now=moment + timedelta(days=1))
        newer = backups.make(db, backups.Why.DAY, now=moment + timedelta(days=2))
    bases.back_up(base, by_hand)
    auto_backup(made(tmp_path / "branch" / "sales.funneldesk", "Of the branch"), disk)

    def newest() -> tuple[Path | None, tuple[Path, ...]]:
        found, away = own_copies.newest_good(base)
        return (found.path if found else None), away

    assert newest() == (by_hand, ())
    spoil(base)
    assert newest() == (by_hand, ())
    by_hand.parent.rename(tmp_path / "unplugged")
    assert newest() == (newer.path, (by_hand,))
    newer.path.write_bytes(newer.path.read_bytes()[:-4096])  # not as it was written
    assert newest()[0] == older.path
    disk.rename(tmp_path / "unplugged too")
    assert newest() == (beside.path, (disk, by_hand))
    copies.note_of(base).unlink()
    assert newest() == (beside.path, ())
    beside.path.unlink()
    assert newest() == (None, ())


def test_a_base_from_before_there_was_a_note_still_tells_its_folder(base: Path, tmp_path: Path) -> None:
    made_there = auto_backup(base, tmp_path / "disk")
    copies.note_of(base).unlink()
    found, _away = own_copies.newest_good(base)
    assert found is not None and found.path == made_there


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_copy_is_known_by_one_name(base: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    for folder in ("disk", "link"):
        bases.back_up(base, tmp_path / folder / "friday.funneldesk")
        auto_backup(base, tmp_path / folder)
    assert copies.read(base).folders == (tmp_path / "disk",)
    assert list(copies.read(base).files) == [tmp_path / "disk" / "friday.funneldesk"]
    assert passwords.set_password(base, PASSWORD).copies == 3


def worked(copy: Path, name: str = "Made later") -> None:
    with open_database(copy) as db:
        clients.create_company(db, name=name)


def test_a_copy_of_a_protected_base_that_was_worked_in_is_left_alone(base: Path, tmp_path: Path) -> None:
    passwords.set_password(base, PASSWORD)
    copy = tmp_path / "usb" / "mine.funneldesk"
    bases.back_up(base, copy)
    worked(copy)
    found = passwords.change(base, PASSWORD, OTHER)
    assert (found.left, found.alike) == ((), (copy,))
    beside = auto_backup(base, None)
    worked(beside)
    assert passwords.change(base, OTHER, PASSWORD).left == (beside,)
    assert passwords.delete((copy, beside)) == (copy, beside)
    assert copy.exists() and beside.exists()


def test_a_base_that_came_to_where_its_copy_lay_is_no_copy_of_itself(base: Path, tmp_path: Path) -> None:
    there = tmp_path / "usb"
    bases.back_up(base, there / base.name)
    for each in base.parent.iterdir():
        if each.is_file():
            each.replace(there / each.name)
    moved = there / base.name
    assert passwords.set_password(moved, PASSWORD) == passwords.Rewritten(0, ())
    assert passwords.change(moved, PASSWORD, OTHER) == passwords.Rewritten(0, ())


def test_copies_of_a_base_that_had_the_name_before_are_not_touched(base: Path, tmp_path: Path) -> None:
    copy = tmp_path / "usb" / "old.funneldesk"
    bases.back_up(base, copy)
    base.rename(base.with_name("put away.funneldesk"))
    time.sleep(0.01)
    made(base, "Another")
    assert passwords.set_password(base, PASSWORD) == passwords.Rewritten(0, ())
    assert plain(copy) == [copy]


def test_a_copy_that_was_worked_in_is_protected_when_it_is_named(base: Path, tmp_path: Path) -> None:
    copy = tmp_path / "usb" / "mine.funneldesk"
    bases.back_up(base, copy)
    worked(copy)
    assert passwords.set_password(base, PASSWORD).alike == (copy,)
    passwords.bring(base, copy)
    assert plain(copy) == []
    assert backups.look_inside(copy).companies == 2
    bases.restore(copy, tmp_path / "back.funneldesk")


def test_a_folder_that_does_not_answer_stops_nothing(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = auto_backup(base, None)
    away = base.parent / ("n" * 300)  # the system answers with an error
    copies.note_folder(base, away)
    found, out_of_reach = own_copies.newest_good(base)
    assert found is not None and found.path == beside
    assert out_of_reach == (away,)
    assert passwords.set_password(base, PASSWORD).away == (away,)
