from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from funneldesk.domain.change import Change, Label
from funneldesk.errors import Cancelled, UserError
from funneldesk.ui.tasks import TaskRunner

CHANGE = Change(1, 0, "me", Label("x"))
BASE: Any = object()


LONG = 60  # seconds; whoever waits that long has been forgotten


def _wait(gate: threading.Event) -> bool:
    """Wait until the test lets go; a thread that is let go by time alone makes the order of things chance."""
    return gate.wait(LONG)


def _numbered(work: Any, number: int, _db: Any) -> int:
    return int(work(number))


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    made = TaskRunner(BASE)
    yield made
    made.stop()


def test_a_result_comes_back_in_the_windows_thread(runner: TaskRunner, qtbot: QtBot) -> None:
    seen: list[tuple[Any, Any, Any]] = []
    runner.read(
        lambda db: (db, threading.current_thread()),
        lambda result: seen.append((*result, threading.current_thread())),
    )
    qtbot.waitUntil(lambda: bool(seen))
    db, worker, window = seen[0]
    assert db is BASE
    assert worker is not threading.main_thread()
    assert window is threading.main_thread()


def test_a_long_read_does_not_hold_up_a_write(runner: TaskRunner, qtbot: QtBot) -> None:
    gate = threading.Event()
    seen: list[str] = []
    runner.read(lambda _db: _wait(gate), lambda _r: seen.append("read"))
    runner.write(lambda _db: 1, lambda _r: seen.append("write"))
    qtbot.waitUntil(lambda: seen == ["write"])
    gate.set()
    qtbot.waitUntil(lambda: seen == ["write", "read"])


def test_a_written_change_is_announced_before_the_caller_hears(runner: TaskRunner, qtbot: QtBot) -> None:
    seen: list[Any] = []
    runner.changed.connect(lambda change: seen.append(change))
    runner.write(lambda _db: CHANGE, lambda _r: seen.append("done"))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == [CHANGE, "done"]


def test_a_newer_read_of_the_same_key_replaces_older_ones(runner: TaskRunner, qtbot: QtBot) -> None:
    begun, gate = threading.Event(), threading.Event()
    ran: list[int] = []
    seen: list[int] = []

    def work(number: int) -> int:
        begun.set()
        _wait(gate)
        ran.append(number)
        return number

    for number in range(5):
        runner.read(partial(_numbered, work, number), seen.append, key="search")
        assert begun.wait(LONG)  # the first is under way: those after it wait
    gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [4]
    assert ran == [0, 4]


def test_a_result_for_a_widget_that_is_gone_is_dropped(runner: TaskRunner, qtbot: QtBot) -> None:
    gate = threading.Event()
    seen: list[int] = []
    receiver = QObject()
    runner.read(lambda _db: _wait(gate), lambda _r: seen.append(1), receiver=receiver)
    runner.read(lambda _db: 2, lambda _r: seen.append(2))
    receiver.deleteLater()
    qtbot.waitUntil(lambda: not isValid(receiver))
    gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [2]


class _Receiver(QObject):
    def __init__(self, seen: list[int]) -> None:
        super().__init__()
        self.seen = seen

    def ask(self, runner: TaskRunner, gate: threading.Event) -> None:
        runner.write(lambda _db: _wait(gate), lambda _r: self.seen.append(1))


def test_a_function_made_in_a_method_belongs_to_its_widget(runner: TaskRunner, qtbot: QtBot) -> None:
    gate = threading.Event()
    seen: list[int] = []
    receiver = _Receiver(seen)
    receiver.ask(runner, gate)
    runner.write(lambda _db: 2, lambda _r: seen.append(2))
    receiver.deleteLater()
    qtbot.waitUntil(lambda: not isValid(receiver))
    gate.set()
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [2]


def test_what_a_person_can_mend_goes_to_the_window_or_to_the_caller(runner: TaskRunner, qtbot: QtBot) -> None:
    def fail(_db: Any) -> None:
        raise UserError("name.empty")

    shown: list[Exception] = []
    runner.user_error.connect(lambda error: shown.append(error))
    mine: list[Exception] = []
    runner.write(fail, failed=mine.append)
    qtbot.waitUntil(lambda: bool(mine))
    assert not shown
    runner.write(fail)
    qtbot.waitUntil(lambda: bool(shown))
    assert len(mine) == 1


def test_a_bug_is_reported_and_the_thread_lives_on(runner: TaskRunner, qtbot: QtBot) -> None:
    bugs: list[Exception] = []
    seen: list[int] = []
    runner.crashed.connect(lambda error: bugs.append(error))
    runner.read(lambda _db: 1 // 0)
    runner.read(lambda _db: 7, seen.append)
    qtbot.waitUntil(lambda: seen == [7])
    assert [type(bug) for bug in bugs] == [ZeroDivisionError]


def test_a_job_tells_its_progress_and_stops_when_asked(runner: TaskRunner, qtbot: QtBot) -> None:
    def work(_db: Any, progress: Any, cancelled: Any) -> None:
        for step in range(LONG * 200):
            progress(step, 1000, "rows")
            if cancelled():
                raise Cancelled
            time.sleep(0.005)

    told: list[tuple[int, int, str]] = []
    ended: list[str] = []
    failures: list[Exception] = []
    job = runner.run(work, failed=failures.append)
    job.progress.connect(lambda *args: told.append(args))
    job.finished.connect(lambda: ended.append("end"))
    qtbot.waitUntil(lambda: len(told) > 2)
    job.cancel()
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], Cancelled)
    assert ended == ["end"]
    assert told[0][1:] == (1000, "rows")


def test_work_given_early_waits_for_the_base(qtbot: QtBot) -> None:
    runner = TaskRunner()
    seen: list[Any] = []
    runner.read(lambda db: db, seen.append)
    qtbot.wait(30)
    assert not seen
    runner.attach(BASE)
    qtbot.waitUntil(lambda: seen == [BASE])
    runner.stop()


def test_what_was_asked_to_be_written_is_written_before_the_end(qtbot: QtBot) -> None:
    runner = TaskRunner(BASE)
    gate = threading.Event()
    ran: list[str] = []
    runner.write(lambda _db: _wait(gate))
    runner.write(lambda _db: ran.append("write"))
    runner.read(lambda _db: _wait(gate))
    runner.read(lambda _db: ran.append("read"))

    watching = threading.Event()

    def let_go(_db: Any, _progress: Any, cancelled: Any) -> None:
        watching.set()
        while not cancelled():  # until the end has begun
            time.sleep(0.005)
        gate.set()

    runner.run(let_go)
    assert watching.wait(LONG)
    runner.stop()
    assert ran == ["write"]


def test_a_long_write_is_stopped_at_the_end(qtbot: QtBot) -> None:
    runner = TaskRunner(BASE)
    begun, ended = threading.Event(), threading.Event()

    def work(_db: Any, _progress: Any, cancelled: Any) -> None:
        begun.set()
        while not cancelled():
            time.sleep(0.01)
        ended.set()
        raise Cancelled

    job = runner.run(work, writes=True)
    assert begun.wait(LONG)
    assert runner.long_write() is job
    runner.stop()
    assert ended.is_set()


def test_a_long_write_that_has_ended_holds_nobody_up(runner: TaskRunner, qtbot: QtBot) -> None:
    job = runner.run(lambda _db, _progress, _cancelled: 1, writes=True)
    with qtbot.waitSignal(job.finished):
        pass
    assert runner.long_write() is None


def test_a_job_that_has_ended_is_forgotten(runner: TaskRunner, qtbot: QtBot) -> None:
    job = runner.run(lambda _db, _progress, _cancelled: 1)
    with qtbot.waitSignal(job.finished):
        pass
    left = weakref.ref(job)
    del job
    qtbot.waitUntil(lambda: gc.collect() >= 0 and left() is None)


def test_in_tests_everything_can_happen_at_once(qtbot: QtBot) -> None:
    runner = TaskRunner(BASE, synchronous=True)
    seen: list[Any] = []
    runner.read(lambda _db: 1, seen.append)
    runner.run(lambda _db, _progress, _cancelled: 2, seen.append)
    assert seen == [1, 2]


def test_the_failure_of_a_write_is_told_though_its_window_is_gone(runner: TaskRunner, qtbot: QtBot) -> None:
    gate = threading.Event()
    told: list[Exception] = []
    mine: list[Exception] = []
    runner.user_error.connect(lambda error: told.append(error))
    receiver = QObject()

    def fail(_db: Any) -> None:
        _wait(gate)
        raise UserError("record.stale")

    runner.write(fail, lambda _r: None, mine.append, receiver=receiver)
    receiver.deleteLater()
    qtbot.waitUntil(lambda: not isValid(receiver))
    gate.set()
    qtbot.waitUntil(lambda: bool(told))
    assert not mine


def test_the_end_stops_a_long_job_that_only_reads(runner: TaskRunner, qtbot: QtBot) -> None:
    began = threading.Event()
    ended: list[bool] = []

    def work(_db: Any, _progress: Any, cancelled: Any) -> None:
        began.set()
        until = time.monotonic() + LONG
        while time.monotonic() < until and not cancelled():
            time.sleep(0.005)
        ended.append(cancelled())

    runner.run(work)
    assert began.wait(LONG)
    runner.stop()
    assert ended == [True]


def test_what_comes_after_the_end_is_closed_and_not_delivered(runner: TaskRunner, qtbot: QtBot) -> None:
    began, gate = threading.Event(), threading.Event()
    done: list[int] = []
    dropped: list[int] = []

    def late() -> int:
        began.set()
        _wait(gate)
        return 2

    runner.background(lambda: 1, done.append, dropped=dropped.append)
    runner.background(late, done.append, dropped=dropped.append)
    assert began.wait(LONG)  # the first has arrived and is not delivered yet, the second is under way
    threading.Timer(0.05, gate.set).start()
    runner.stop()
    qtbot.wait(20)
    assert (done, sorted(dropped)) == ([], [1, 2])
