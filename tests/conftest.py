"""What every test has: folders of its own, English, compiled catalogues, hypothesis with fixed seeds."""

from __future__ import annotations

import gc
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from funneldesk import text

ROOT = Path(__file__).resolve().parent.parent

# The suite tries the same cases every time; `--hypothesis-profile campaign` looks for new ones.
settings.register_profile(
    "suite",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "campaign", parent=settings.get_profile("suite"), derandomize=False, max_examples=2000
)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def _compiled_catalogues() -> None:
    """The .mo files as the .po files are now; they are not kept in git."""
    spec = importlib.util.spec_from_file_location("funneldesk_i18n", ROOT / "installer" / "i18n.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.compile_catalogues(ROOT)


@pytest.fixture(scope="session", autouse=True)
def _clipboard_let_go() -> Iterator[None]:
    """The offscreen platform crashes at the end when it still holds copied data that Python made."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication

        if QApplication.instance() is not None:
            QApplication.clipboard().clear()


PATIENCE_MS = 60_000  # until what is waited for must have come, on a machine with much else to do


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """Who waits for something to come does not say how long; pytest-qt's own five seconds are too few."""
    from pytestqt.qtbot import QtBot

    for name in ("waitUntil", "waitSignal", "waitSignals", "waitExposed", "waitActive"):
        getattr(QtBot, name).__kwdefaults__["timeout"] = PATIENCE_MS


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, data and logs of this computer's user stay out of reach."""
    home = tmp_path / "user"
    monkeypatch.setenv("FUNNELDESK_CONFIG", str(home / "config"))
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in ("FUNNELDESK_DB", "FUNNELDESK_PASSWORD", "FUNNELDESK_NEW_PASSWORD"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _collector_on() -> Iterator[None]:
    """What a test leaves switched off makes the whole run grow by gigabytes."""
    yield
    was_on = gc.isenabled()
    gc.enable()
    assert was_on, "the collector of cycles was left switched off"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Each test begins in English, whatever the one before it spoke."""
    text.set_language("en")
    yield
    text.set_language("en")


@pytest.fixture(autouse=True)
def _hands_off() -> Iterator[None]:
    """No key stays down and no dialog stays open from one test to the next: a list selects by the keys."""
    yield
    if "PySide6.QtTest" not in sys.modules:
        return
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QWindow
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.close()
    none = Qt.KeyboardModifier.NoModifier
    if QGuiApplication.keyboardModifiers() != none:
        QTest.keyRelease(QWindow(), Qt.Key.Key_Shift, none)
