from __future__ import annotations

from pathlib import Path

import pytest

from funneldesk.errors import UserError
from funneldesk.services import bases, funnels, team, zones
from funneldesk.store.database import Database


def test_a_new_base_has_no_funnel_unless_a_template_is_named(tmp_path: Path) -> None:
    with bases.new_base(tmp_path / "a.funneldesk", language="en") as db:
        assert funnels.views(db) == []
    with bases.new_base(tmp_path / "b.funneldesk", language="pl", template="wynajem") as db:
        assert funnels.views(db)[0].stages[0].name == "Zgłoszenie otrzymane"


@pytest.mark.parametrize(
    ("language", "currency"), [("ru", "RUB"), ("pl", "PLN"), ("en", "USD"), ("de", "USD")]
)
def test_the_currency_follows_the_language(tmp_path: Path, language: str, currency: str) -> None:
    with bases.new_base(tmp_path / "a.funneldesk", language=language) as db:
        assert db.info().currency == currency


def test_what_is_given_goes_before_what_is_guessed(tmp_path: Path) -> None:
    with bases.new_base(tmp_path / "a.funneldesk", language="ru", currency="EUR", zone="Asia/Omsk") as db:
        assert (db.info().currency, db.info().zone.key, db.info().language) == ("EUR", "Asia/Omsk", "ru")


def test_an_unknown_template_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"template\.unknown"):
        bases.new_base(tmp_path / "a.funneldesk", template="nothing like it", language="en")
    assert list(tmp_path.glob("*.funneldesk*")) == []


def test_an_existing_base_is_not_overwritten(db: Database) -> None:
    before = db.path.read_bytes()
    with pytest.raises(UserError, match=r"base\.exists"):
        bases.new_base(db.path, language="en")
    assert db.path.read_bytes() == before


@pytest.mark.parametrize(
    ("value", "zone"), [("Europe/Warsaw", "Europe/Warsaw"), (":Asia/Omsk", "Asia/Omsk"), ("UTC", "UTC")]
)
def test_the_zone_of_the_environment_comes_first(
    value: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", value)
    assert zones.system_zone() == zone


def test_a_zone_that_nobody_knows_is_utc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Nowhere/Atall")
    monkeypatch.setattr(zones, "_of_system", lambda: "../../etc/passwd")
    assert zones.system_zone() == "UTC"


def test_every_windows_zone_that_is_named_exists() -> None:
    from zoneinfo import ZoneInfo

    assert all(ZoneInfo(name) for name in zones._WINDOWS.values())


def test_a_backup_holds_what_is_committed_while_the_base_is_in_use(db: Database, tmp_path: Path) -> None:
    team.add_source(db, "Fair")
    manifest = bases.back_up(db, tmp_path / "backups" / "copy.funneldesk")
    team.add_source(db, "Site")
    with bases.open_base(tmp_path / "backups" / "copy.funneldesk", read_only=True) as copy:
        assert bases.check(copy).ok
        with copy.read() as conn:
            assert conn.exec_driver_sql("SELECT name FROM sources").fetchall() == [("Fair",)]
    assert manifest["file"] == "copy.funneldesk" and len(manifest["sha256"]) == 64


def test_a_base_is_not_backed_up_onto_itself(db: Database) -> None:
    with pytest.raises(UserError, match=r"backup\.same_file"):
        bases.back_up(db, db.path)
    assert bases.check(db).ok


def test_restoring_waits_for_nobody_who_works_in_the_base(db: Database, tmp_path: Path) -> None:
    bases.back_up(db, tmp_path / "copy.funneldesk")
    with pytest.raises(UserError, match=r"base\.locked"):
        bases.restore(tmp_path / "copy.funneldesk", db.path)
    assert bases.check(db).ok


def test_restoring_brings_the_backup_and_keeps_the_former_base(db: Database, tmp_path: Path) -> None:
    backed_up = bases.check(db).content_sha256
    bases.back_up(db, tmp_path / "copy.funneldesk")
    team.add_source(db, "Fair")
    later = bases.check(db).content_sha256
    db.close()
    aside = bases.restore(tmp_path / "copy.funneldesk", db.path)
    assert aside is not None
    with bases.open_base(db.path) as now, bases.open_base(aside) as former:
        assert bases.check(now).content_sha256 == backed_up
        assert bases.check(former).content_sha256 == later


def test_restoring_where_no_base_is_makes_one(db: Database, tmp_path: Path) -> None:
    bases.back_up(db, tmp_path / "copy.funneldesk")
    assert bases.restore(tmp_path / "copy.funneldesk", tmp_path / "new" / "b.funneldesk") is None
    with bases.open_base(tmp_path / "new" / "b.funneldesk") as fresh:
        assert bases.check(fresh).content_sha256 == bases.check(db).content_sha256


def test_a_backup_that_changed_is_not_restored(db: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy.funneldesk"
    bases.back_up(db, copy)
    db.close()
    with bases.open_base(copy) as tampered:
        team.add_source(tampered, "Somebody else's")
    before = db.path.read_bytes()
    with pytest.raises(UserError, match=r"backup\.changed"):
        bases.restore(copy, db.path)
    assert db.path.read_bytes() == before
