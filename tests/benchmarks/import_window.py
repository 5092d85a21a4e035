"""An import by the real window, step by step, with a clock that notices when the window does not answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from funneldesk.store.database import Database
from funneldesk.ui.import_wizard.steps import CHECK
from tests.ui.import_wizard.kit import enter, import_page, make_import_window
from tests.ui.shell_kit import drop

_PATIENCE = 900.0  # seconds


class Pulse:
    """Beats every millisecond; `longest` is the longest pause since `restart`, in milliseconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.monotonic()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(1)

    def restart(self) -> None:
        """Count anew."""
        self.longest, self._last = 0.0, time.monotonic()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, (now - self._last) * 1000)
        self._last = now


def longest_gaps(app: QApplication, db: Database, path: Path) -> dict[str, float]:
    """The longest pause (ms) of each step of importing `path` by the window."""
    window = make_import_window(db, synchronous=False)
    window.resize(1366, 768)
    window.show_page("import")
    window.show()
    page, pulse, gaps = import_page(window), Pulse(), {}

    def until(name: str, ready: Callable[[], bool]) -> None:
        pulse.restart()
        deadline = time.monotonic() + _PATIENCE
        while not ready() and time.monotonic() < deadline:
            app.processEvents()
            time.sleep(0.0005)
        assert ready(), name
        settled = time.monotonic() + 0.3
        while time.monotonic() < settled:
            app.processEvents()
            time.sleep(0.0005)
        gaps[name] = pulse.longest

    until("start", lambda: window.isVisible())
    begun = time.monotonic()
    until("idle", lambda: time.monotonic() > begun + 2)
    drop(window, path)
    until("reading", lambda: page.session.file is not None)
    enter(page)
    until("matching", lambda: page.session.values is not None)
    enter(page)
    until("checking", lambda: page.step == CHECK)
    enter(page)
    until("writing", lambda: page.session.result is not None)
    gaps.pop("start")
    window.context.tasks.stop()
    return gaps
