"""Undo and journal in the settings: what is chosen is kept, what there is is told."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.services import backups, bases, growth, history, team
from funneldesk.services.growth import Rule
from funneldesk.ui.choosing import back_up_today
from funneldesk.ui.settings.undoing import UndoSection
from funneldesk.ui.tasks import TaskRunner
from tests.ui.shell_kit import make_context


def test_the_reach_of_undo_is_chosen_and_what_there_is_is_told(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general", language="en") as db:
        team.add_manager(db, "Ann")
        section = UndoSection(make_context(db))
        qtbot.addWidget(section)
        assert (section.days.value(), section.most.value()) == (90, 200)
        assert "2 changes" in section.words.text()
        assert "The oldest of them" in section.words.text()
        section.days.set_value(0)
        section.most.set_value(50)
        section.most.changed.emit()
        assert growth.rule_of(db) == Rule(days=0, megabytes=50)


def test_the_backup_of_a_day_comes_before_what_is_too_old_goes(tmp_path: Path) -> None:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general", language="en") as db:
        team.add_manager(db, "Ann")
        with db.maintenance() as conn:
            conn.exec_driver_sql("UPDATE journal SET at = at - 100 * 86400000000")
        team.add_manager(db, "Bob")  # days count back from the newest change
        said: list[str] = []
        back_up_today(db, TaskRunner(db, synchronous=True), SimpleNamespace(say=said.append))  # type: ignore[arg-type]
        assert said == []
        history.undo(db)
        assert history.state(db).undo is None
        kept = backups.backups(db)
        with bases.open_base(kept[0].path) as copy:
            history.undo(copy)
            history.undo(copy)  # the backup still holds it
