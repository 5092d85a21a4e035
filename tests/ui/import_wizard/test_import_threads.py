"""The import with real threads: the window stays alive, and cancel leaves nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from funneldesk.services import imports
from funneldesk.store.database import Database
from funneldesk.ui.import_wizard.jobs import READING, WRITING
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.import_wizard.steps import CHECK, RESULT
from funneldesk.ui.main_window import MainWindow
from tests.importing.makers import csv
from tests.ui.import_wizard.kit import HEADS, cells, enter, make_import_window, sha
from tests.ui.shell_kit import drop

ROWS = [
    (f"Client {i}", f"Person {i}", f"+48 22 2{i:06}", f"p{i}@c.example", "Warsaw", "Ann") for i in range(3000)
]


@pytest.fixture
def window(qtbot: QtBot, db: Database) -> Iterator[MainWindow]:
    made = make_import_window(db, synchronous=False)
    qtbot.addWidget(made)
    made.show_page("import")
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.context.tasks.stop()


class Pulse:
    """Beats every few milliseconds; the longest pause is how long the window did not answer.

    `busy` is the longest of which the window's own thread was at work: a machine with much else to do
    makes pauses, but not those.  Seconds.
    """

    def __init__(self) -> None:
        self.longest = self.busy = 0.0
        self._last, self._worked = time.monotonic(), time.thread_time()
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now, worked = time.monotonic(), time.thread_time()
        self.longest = max(self.longest, now - self._last)
        self.busy = max(self.busy, worked - self._worked)
        self._last, self._worked = now, worked


def test_a_file_goes_from_drop_to_imported_while_the_window_answers(
    qtbot: QtBot, window: MainWindow, page: ImportPage, db: Database, tmp_path: Path
) -> None:
    path = csv(tmp_path / "many.csv", [HEADS, *ROWS])
    qtbot.wait(50)
    pulse = Pulse()
    drop(window, path)
    qtbot.waitUntil(lambda: page.session.file is not None)
    enter(page)
    qtbot.waitUntil(lambda: page.session.values is not None)
    enter(page)
    qtbot.waitUntil(lambda: page.step == CHECK)
    enter(page)
    qtbot.waitUntil(lambda: page.session.result is not None)
    assert page.step == RESULT
    assert page.result_step.title.text() == "3,000 rows are in the base"
    assert pulse.busy < 1.0
    assert pulse.longest < 20.0, "the window's thread waited for something"


def test_cancel_in_the_middle_of_writing_leaves_the_base_as_it_was(
    qtbot: QtBot, page: ImportPage, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_CHUNK", 50)
    before = sha(db)
    page.session.paste(cells([HEADS, *ROWS]))
    qtbot.waitUntil(lambda: page.session.file is not None)
    page.next()
    page.next()
    qtbot.waitUntil(lambda: page.step == CHECK)
    page.session.progressed.connect(lambda _done, _total: page.result_step.cancel.click())
    page.next()
    qtbot.waitUntil(lambda: page.session.busy == "" and page.step == CHECK)
    assert page.foot.said() == "Cancelled. Nothing was written."
    assert sha(db) == before
    page.session.progressed.disconnect()
    page.next()  # and the same plan can be run after all
    qtbot.waitUntil(lambda: page.session.result is not None)
    assert page.session.result is not None
    assert page.session.result.counts["created"] == 3000


def test_a_file_dropped_while_an_import_is_written_waits_its_turn(
    qtbot: QtBot, window: MainWindow, page: ImportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "_CHUNK", 50)
    page.session.paste(cells([HEADS, *ROWS]))
    qtbot.waitUntil(lambda: page.session.file is not None)
    page.next()
    page.next()
    qtbot.waitUntil(lambda: page.step == CHECK)
    page.next()
    assert page.session.busy == WRITING
    drop(window, csv(tmp_path / "other.csv", [HEADS, ROWS[0]]))
    assert "Wait" in window.toast.text()
    qtbot.waitUntil(lambda: page.session.result is not None)
    assert page.session.file is not None and page.session.file.name != "other.csv"


def test_a_reading_that_is_cancelled_leaves_no_file_open(
    qtbot: QtBot, page: ImportPage, tmp_path: Path
) -> None:
    page.open_path(csv(tmp_path / "many.csv", [HEADS, *ROWS]))
    assert page.session.busy == READING
    page.session.cancel()
    qtbot.waitUntil(lambda: page.session.busy == "")
    assert page.session.file is None
    assert page.foot.said() == "Cancelled. Nothing was written."


def test_a_file_dropped_during_a_reading_is_the_one_that_is_shown(
    qtbot: QtBot, window: MainWindow, page: ImportPage, tmp_path: Path
) -> None:
    drop(window, csv(tmp_path / "one.csv", [HEADS, *ROWS]))
    drop(window, csv(tmp_path / "two.csv", [HEADS, ROWS[0]]))
    qtbot.waitUntil(lambda: page.session.file is not None and page.session.busy == "")
    qtbot.wait(100)
    assert page.session.file is not None and page.session.file.name == "two.csv"
