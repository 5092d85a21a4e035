"""Backups in the settings: what a person sees of them, makes and puts back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.errors import UserError
from funneldesk.services import backups, bases, team
from funneldesk.store.database import Database
from funneldesk.ui.settings.backups import BackupsSection
from tests.ui.shell_kit import make_context


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general") as made:
        team.add_manager(made, "<b>Ann</b>")
        yield made


def test_a_backup_is_made_listed_looked_into_and_put_back(qtbot: QtBot, db: Database) -> None:
    context = make_context(db)
    asked: list[Path] = []
    context.restore = asked.append
    section = BackupsSection(context)
    qtbot.addWidget(section)
    assert section.list.count() == 0
    assert section.inside.text() == "No backup yet."
    assert not section.restore_button.isEnabled()
    section.make_button.click()
    assert section.list.count() == 1
    assert "made by hand" in section.list.item(0).text()
    assert "0 deals" in section.inside.text()
    assert "New manager <b>Ann</b>" in section.inside.text()
    section.restore_button.click()
    assert asked == [backups.backups(db)[0].path]


def test_a_copy_that_failed_its_checks_is_shown_as_that(
    qtbot: QtBot, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.make(db, backups.Why.ASKED)
    monkeypatch.setattr(backups, "check_file", lambda _path: ["standing: deal 1"])
    with pytest.raises(UserError):
        backups.make(db, backups.Why.DAY)
    section = BackupsSection(make_context(db))
    qtbot.addWidget(section)
    shown = sorted("has not passed" in section.list.item(row).text() for row in range(section.list.count()))
    assert shown == [False, True]


def test_a_file_that_is_no_base_cannot_be_restored(qtbot: QtBot, db: Database) -> None:
    made = backups.make(db, backups.Why.ASKED)
    made.path.write_bytes(b"something else")
    section = BackupsSection(make_context(db))
    qtbot.addWidget(section)
    assert "not a FunnelDesk base" in section.inside.text()
    assert not section.restore_button.isEnabled()


def test_a_base_open_for_reading_only_offers_no_writing(qtbot: QtBot, db: Database) -> None:
    context = make_context(db)
    context.read_only = True
    section = BackupsSection(context)
    qtbot.addWidget(section)
    assert not section.make_button.isEnabled()
