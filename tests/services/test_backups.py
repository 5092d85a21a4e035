"""Automatic backups: when they are made, which of them stay, what is seen inside before restoring."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.errors import UserError
from funneldesk.services import backups, bases, team
from funneldesk.services.backups import UNPROVED, Backup, Why
from funneldesk.store import backup as store_backup
from funneldesk.store import look
from funneldesk.store.database import Database, open_database
from funneldesk.store.rotation import DAYS, MONTHS, NEWEST, WEEKS, kept

# after all that the fixture has done
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)


def names(db: Database) -> list[str]:
    return [each.path.name for each in backups.backups(db)]


def test_the_first_start_of_a_day_makes_a_backup_and_the_second_none(db: Database) -> None:
    made = backups.daily(db, now=NOON)
    assert made is not None
    assert made.path.parent == db.path.with_name("base-backups")
    assert backups.daily(db, now=NOON + timedelta(hours=5)) is None
    assert names(db) == [made.path.name]
    with open_database(made.path) as copy:
        assert bases.check(copy).content_sha256 == bases.check(db).content_sha256


def test_a_day_on_which_nothing_changed_needs_no_backup(db: Database) -> None:
    assert backups.daily(db, now=NOON) is not None
    assert backups.daily(db, now=NOON + timedelta(days=1)) is None


def test_only_what_changes_much_is_preceded_by_a_backup(db: Database) -> None:
    assert backups.before(db, Why.IMPORT, backups.MANY - 1) is None
    made = backups.before(db, Why.IMPORT, backups.MANY)
    assert made is not None and made.why == Why.IMPORT


def test_two_backups_of_one_second_have_two_names(db: Database) -> None:
    first, second = (backups.make(db, Why.ASKED, now=NOON) for _ in range(2))
    assert first.path != second.path
    assert len(names(db)) == 2


def test_backups_may_lie_elsewhere(db: Database, tmp_path: Path) -> None:
    backups.set_folder(db, tmp_path / "safe")
    assert backups.make(db, Why.ASKED).path.parent == tmp_path / "safe"
    backups.set_folder(db, None)
    assert names(db) == []


def test_other_files_of_the_folder_are_left_alone(db: Database) -> None:
    folder = backups.folder_of(db)
    folder.mkdir()
    others = ["base.funneldesk", "base.20260101-000000.day.txt", "other.20260101-000000.day.funneldesk"]
    for name in others:
        (folder / name).write_bytes(b"x")
    for day in range(24):
        backups.make(db, Why.DAY, now=NOON + timedelta(days=day))
    assert all((folder / name).exists() for name in others)
    assert len(names(db)) < 16


def test_those_asked_for_by_hand_never_go(db: Database) -> None:
    asked = backups.make(db, Why.ASKED, now=NOON)
    for day in range(1, 20):
        backups.make(db, Why.DAY, now=NOON + timedelta(days=day * 40))
    assert asked.path.exists()


@pytest.fixture
def unsound(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """From here on every copy fails the program's checks; undone, none does."""
    monkeypatch.setattr(backups, "check_file", lambda _path: ["standing: deal 1"])
    return monkeypatch


def fails(make: Callable[[], Backup | None]) -> None:
    with pytest.raises(UserError, match=r"base\.damaged"):
        make()


def test_a_damaged_base_pushes_no_good_backup_out(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(12):
        backups.make(db, Why.DAY, now=NOON + timedelta(days=day))
    before = names(db)
    with monkeypatch.context() as broken:
        broken.setattr(backups, "check_file", lambda _path: ["standing: deal 1"])
        for day in range(13, 23):
            fails(lambda day=day: backups.make(db, Why.DAY, now=NOON + timedelta(days=day)))  # type: ignore[misc]
        assert set(before) <= set(names(db))
        assert len(names(db)) == len(before) + UNPROVED, "a copy at every start must not fill the disk"
    backups.make(db, Why.DAY, now=NOON + timedelta(days=23))
    assert [each for each in names(db) if "unproved" not in each][1:NEWEST] == before[: NEWEST - 1]


def test_a_copy_that_failed_its_checks_goes_when_a_backup_of_its_day_would_have_gone(
    db: Database, unsound: pytest.MonkeyPatch
) -> None:
    """What a backup holds of an erased person is told to be gone by a day: it must not stay for ever."""
    fails(lambda: backups.make(db, Why.DAY, now=NOON))
    fails(lambda: backups.make(db, Why.ASKED, now=NOON + timedelta(minutes=1)))
    unsound.undo()
    held = backups.holding(db, now=NOON + timedelta(hours=1))
    assert (held.rotating, held.by_hand) == (2, 0)
    assert held.until is not None
    last = (held.until - NOON.date()).days
    for day in range(1, last):
        made = NOON + timedelta(days=day)
        (backups.folder_of(db) / f"{db.path.stem}.{made:%Y%m%d-%H%M%S}.day.funneldesk").touch()
    backups._rotate(db)
    assert any(not each.proved for each in backups.backups(db))
    backups.make(db, Why.DAY, now=NOON + timedelta(days=last))
    assert all(each.proved for each in backups.backups(db))


def test_a_copy_that_failed_its_checks_is_no_backup_of_the_day(
    db: Database, unsound: pytest.MonkeyPatch
) -> None:
    fails(lambda: backups.daily(db, now=NOON))
    fails(lambda: backups.daily(db, now=NOON + timedelta(hours=1)))
    assert [each.proved for each in backups.backups(db)] == [False, False]
    unsound.undo()
    made = backups.daily(db, now=NOON + timedelta(hours=2))
    assert made is not None and made.proved and backups.daily(db, now=NOON + timedelta(hours=3)) is None
    manifest = json.loads(made.path.with_name(made.path.name + ".json").read_text(encoding="utf-8"))
    assert (manifest["file"], manifest["sha256"]) == (made.path.name, store_backup.sha256_of(made.path))


def test_what_changes_much_is_not_done_on_the_ground_of_a_copy_that_failed_its_checks(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "last_change", lambda _conn: datetime(2026, 1, 1, tzinfo=UTC))
    with monkeypatch.context() as unsound:
        unsound.setattr(backups, "check_file", lambda _path: ["standing: deal 1"])
        fails(lambda: backups.before(db, Why.IMPORT, backups.MANY))
        fails(lambda: backups.before(db, Why.IMPORT, backups.MANY))
    made = backups.before(db, Why.IMPORT, backups.MANY)
    assert made is not None and made.proved


def test_a_backup_that_was_cut_off_before_its_checks_is_not_taken_for_sound(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_path: Path) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "check_file", killed)
    with pytest.raises(KeyboardInterrupt):
        backups.daily(db, now=NOON)
    monkeypatch.undo()
    assert backups.daily(db, now=NOON) is not None


def test_a_look_inside_tells_what_is_there_and_changes_nothing(db: Database) -> None:
    made = backups.make(db, Why.ASKED)
    digest = store_backup.sha256_of(made.path)
    team.add_manager(db, "Later")
    inside = backups.look_inside(made.path)
    assert (inside.companies, inside.people, inside.deals) == (1, 1, 0)
    assert inside.changes[0][2].code == "person.created"
    assert store_backup.sha256_of(made.path) == digest
    assert sorted(p.name for p in made.path.parent.iterdir()) == [made.path.name, made.path.name + ".json"]


def test_a_look_into_something_else_says_what_it_is(tmp_path: Path) -> None:
    other = tmp_path / "notes.funneldesk"
    other.write_text("not a base", encoding="utf-8")
    with pytest.raises(UserError, match=r"base\.foreign"):
        backups.look_inside(other)


def test_a_restored_backup_is_what_it_was_and_the_former_base_stays_aside(db: Database) -> None:
    content = bases.check(db).content_sha256
    made = backups.make(db, Why.ASKED)
    team.add_manager(db, "Later")
    place = db.path
    db.close()
    aside = bases.restore(made.path, place)
    with open_database(place) as again:
        assert bases.check(again).content_sha256 == content
    assert aside is not None and aside.exists()


START = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.lists(
    st.integers(0, 3 * 366 * 24).map(lambda hours: START + timedelta(hours=hours)), max_size=80, unique=True
)


@given(moments)
def test_the_rotation_keeps_the_newest_and_is_bounded(found: list[datetime]) -> None:
    stay = kept(found)
    newest = sorted(found, reverse=True)
    assert set(newest[:NEWEST]) <= stay <= set(found)
    assert len(stay) <= NEWEST + DAYS + WEEKS + MONTHS
    # a day, week or month that has a backup among the newest of its kind keeps its last one
    for day in sorted({each.date() for each in found}, reverse=True)[:DAYS]:
        assert max(each for each in found if each.date() == day) in stay


@given(moments)
def test_rotating_again_takes_nothing_more(found: list[datetime]) -> None:
    assert kept(kept(found)) == kept(found)


def test_the_rotation_tells_when_the_last_backup_of_today_goes_and_keeps_the_word(db: Database) -> None:
    for number in range(3):
        backups.make(db, Why.DAY, now=NOON + timedelta(days=number))
    backups.make(db, Why.ASKED, now=NOON + timedelta(days=2, hours=1))
    now = NOON + timedelta(days=2, hours=2)
    held = backups.holding(db, now=now)
    assert (held.rotating, held.by_hand) == (3, 1) and held.until is not None
    stay, moment = {each.made_at for each in backups.backups(db)}, now
    old = {each.made_at for each in backups.backups(db) if each.why != Why.ASKED}
    while moment.date() < held.until:
        assert old & stay, "until that day one is still there"
        moment += timedelta(days=1)
        stay = kept([*stay, moment])
    assert not old & stay, "on that day the last one is gone"
    later = backups.holding(db, NOON + timedelta(days=1, hours=12), now=now)
    assert (later.rotating, later.by_hand) == (1, 1), "only those made since somebody was there"
    assert backups.holding(db, now + timedelta(days=1), now=now) == backups.Holding(0, None, 0)
