from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk import logs, paths
from funneldesk.settings import Settings
from funneldesk.ui import program
from funneldesk.ui.crash import CrashDialog, Crashes
from funneldesk.ui.host import Host
from funneldesk.ui.theme import LIGHT
from funneldesk.ui.widgets.buttons import CopyButton, PrimaryButton

SECRET = "Ann Lark +48 555 123 456"


def fault(kind: type[Exception] = ValueError) -> Exception:
    try:
        raise kind(SECRET)
    except kind as error:
        return error


def shown() -> list[CrashDialog]:
    QApplication.processEvents()
    # one of another test may be closed and not deleted yet
    return [
        each for each in QApplication.topLevelWidgets() if isinstance(each, CrashDialog) and each.isVisible()
    ]


def test_faults_that_come_again_and_again_are_one_dialog(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = [100.0]
    monkeypatch.setattr("funneldesk.ui.crash.time.monotonic", lambda: time[0])
    crashes, same = Crashes(), fault()
    for error in (same, same, fault(KeyError), same):
        crashes.show(LIGHT, error, None)
    (dialog,) = shown()
    told = dialog.report.toPlainText()
    assert (told.count("builtins.ValueError"), told.count("builtins.KeyError")) == (1, 1)
    dialog.accept()
    qtbot.waitUntil(lambda: not shown())
    for _time in range(5):  # as a fault of painting would
        time[0] += 1
        crashes.show(LIGHT, same, None)
    assert shown() == []
    time[0] += 60  # the person tries once more
    crashes.show(LIGHT, same, None)
    (dialog,) = shown()
    dialog.accept()
    qtbot.waitUntil(lambda: not shown())


def test_the_report_is_copied_without_data_and_says_so(qtbot: QtBot) -> None:
    dialog = CrashDialog(LIGHT, fault())
    qtbot.addWidget(dialog)
    dialog.show()
    assert isinstance(dialog.focusWidget(), PrimaryButton)  # Enter goes on
    button = dialog.findChild(CopyButton)
    assert button is not None
    monkey: Any = button
    monkey._back.setInterval(50)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    told = QGuiApplication.clipboard().text()
    assert "builtins.ValueError" in told
    assert not any(part in told for part in SECRET.split())
    assert button.text() == "Copied"
    qtbot.waitUntil(lambda: button.text() == "Copy the report")


def test_a_fault_in_the_work_of_a_base_is_shown(qtbot: QtBot, qapp: QApplication) -> None:
    host = Host(qapp, Settings(theme="light", language="en"))

    context = host._make_context(Path("none.funneldesk"), None)
    context.tasks.crashed.emit(fault())
    (dialog,) = shown()
    assert "builtins.ValueError" in dialog.report.toPlainText()
    dialog.accept()
    qtbot.waitUntil(lambda: not shown())
    host.end()
    context.tasks.stop()


def test_a_fault_at_the_start_is_told_and_kept_and_the_ways_to_begin_stay(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_path: Path, _settings: Settings) -> None:
        raise fault()

    monkeypatch.setattr("funneldesk.ui.host.read_first_page", broken)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    host = Host(qapp, Settings(theme="light", language="en"))
    program._report_bugs(host)
    try:
        program._start(host, Path("any.funneldesk"), None)
        (dialog,) = shown()
        assert "builtins.ValueError" in dialog.report.toPlainText()
        assert host.welcome_window is not None and host.welcome_window.isVisible()
        kept = (paths.log_dir() / logs.FILE).read_text(encoding="utf-8")
        assert "builtins.ValueError" in kept and not any(part in kept for part in SECRET.split())
        dialog.accept()
        host.welcome_window.close()
        qtbot.waitUntil(lambda: not shown())
    finally:
        logs.let_go()
        host.end()
