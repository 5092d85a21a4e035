"""What the desktop hands to the running program (macOS)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk.services import bases
from funneldesk.settings import Settings
from funneldesk.ui.host import Host
from funneldesk.ui.opened_files import OpenedFiles


@pytest.fixture
def host(qtbot: QtBot, qapp: QApplication) -> Iterator[Host]:
    made = Host(qapp, Settings(theme="light", language="en"))
    filter_ = OpenedFiles(qapp, made)
    made.start(None)
    yield made
    qapp.removeEventFilter(filter_)
    made.end()
    if made.welcome_window is not None:
        made.welcome_window.close()


def hand_over(app: QApplication, path: Path) -> None:
    app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile(str(path))))


def test_a_base_is_opened(host: Host, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    base = tmp_path / "sales.FUNNELDESK"
    bases.new_base(base, template="general", currency="PLN", zone="Europe/Warsaw").close()
    hand_over(qapp, base)
    qtbot.waitUntil(
        lambda: host.window is not None and host.window.built and host.window.context.tasks.db is not None,
    )
    assert host.window is not None
    assert host.window.context.db.path == base


def test_a_spreadsheet_goes_to_the_import_and_other_files_nowhere(
    host: Host, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Path | None] = []
    assert host._beginnings is not None
    assert host.welcome_window is not None
    commands = host.welcome_window._commands
    monkeypatch.setattr(host.welcome_window, "_commands", replace(commands, import_file=taken.append))
    for name in ("list.xlsx", "picture.png"):
        hand_over(qapp, tmp_path / name)
    assert taken == [tmp_path / "list.xlsx"]
