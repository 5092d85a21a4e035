"""Work away from the window: a thread that writes, one that reads, one for long jobs."""

from __future__ import annotations

import inspect
import itertools
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, Signal

from funneldesk.errors import Cancelled, UserError

if TYPE_CHECKING:
    from funneldesk.domain.change import Change
    from funneldesk.store.database import Database

log = logging.getLogger(__name__)

T = TypeVar("T")
Done = Callable[[Any], None]
Failed = Callable[[Exception], None]
ProgressFn = Callable[..., None]
CancelledFn = Callable[[], bool]


class Job(QObject):
    """One piece of work under way.  `progress` carries (done, total, text), `finished` nothing."""

    progress = Signal(int, int, str)
    finished = Signal()

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.title = title
        self._stop = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; it leaves no trace when it does."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()

    def report(self, done: int, total: int = 0, text: str = "") -> None:
        """Called by the work, from its thread."""
        self.progress.emit(done, total, text)


@dataclass(slots=True)
class _Task:
    work: Callable[[Any], Any]
    done: Done | None
    failed: Failed | None
    receiver: QObject | None
    needs_base: bool = True
    writes: bool = False
    dropped: Done | None = None
    key: str | None = None
    ticket: int = 0
    job: Job | None = None
    result: Any = None
    error: Exception | None = None


class TaskRunner(QObject):
    """Runs functions in worker threads and brings what they answer into the window's thread.

    Work given before a base is attached waits for it.  With `synchronous=True` (tests) everything
    runs at once in the caller's thread.  A result for a receiver that is gone is dropped.
    """

    changed = Signal(object)  # Change
    user_error = Signal(object)  # UserError
    crashed = Signal(object)  # Exception
    job_started = Signal(object)  # Job
    _arrived = Signal(object)

    def __init__(self, db: Database | None = None, *, synchronous: bool = False) -> None:
        super().__init__()
        self._db = db
        self._synchronous = synchronous
        self._open = threading.Event()
        if db is not None:
            self._open.set()
        self._tickets = itertools.count(1)
        self._latest: dict[str, int] = {}
        self._lanes: dict[str, queue.SimpleQueue[_Task | None]] = {}
        self._threads: list[threading.Thread] = []
        self._jobs: list[Job] = []  # long jobs that have not ended
        self._writing: list[Job] = []  # those of them that write
        self._stopping = False
        self._arrived.connect(self._deliver)  # queued: it is emitted in the workers' threads

    # -- what screens call --------------------------------------------------------------------

    def read(
        self,
        fn: Callable[[Database], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        *,
        receiver: QObject | None = None,
        key: str | None = None,
    ) -> None:
        """Run `fn(db)` in the reading thread; a newer read with the same `key` replaces this one."""
        ticket = next(self._tickets)
        if key is not None:
            self._latest[key] = ticket
        self._give("read", _Task(fn, done, failed, receiver or _owner(done), key=key, ticket=ticket))

    def write(
        self,
        fn: Callable[[Database], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        *,
        receiver: QObject | None = None,
    ) -> None:
        """Run `fn(db)` in the writing thread; the Change it returns is announced on the hub.

        When the receiver is gone by then, the window tells of a failure: nothing is lost silently.
        """
        self._give("write", _Task(fn, done, failed, receiver or _owner(done), writes=True))

    def run(
        self,
        fn: Callable[[Database, ProgressFn, CancelledFn], T],
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        *,
        title: str = "",
        receiver: QObject | None = None,
        writes: bool = False,
    ) -> Job:
        """Run a long `fn(db, progress, cancelled)`; with `writes` in the writing thread.

        `progress(done, total, text)` and `cancelled()` may be called from the work's thread.
        """
        job = Job(title)

        def work(db: Database) -> T:
            return fn(db, job.report, job.cancelled)

        for jobs in (self._jobs, self._writing) if writes else (self._jobs,):
            jobs.append(job)
        self.job_started.emit(job)
        task = _Task(work, done, failed, receiver or _owner(done), writes=writes, job=job)
        self._give("write" if writes else "heavy", task)
        return job

    def background(
        self,
        fn: Callable[[], T],
        done: Callable[[T], None],
        failed: Failed | None = None,
        *,
        dropped: Callable[[T], None] | None = None,
    ) -> None:
        """Run `fn()` that needs no base (opening one, loading modules).

        A result that comes after `stop` goes to `dropped` instead of `done`, in either thread: to be closed.
        """
        task = _Task(lambda _db: fn(), done, failed, _owner(done), needs_base=False, dropped=dropped)
        self._give("open", task)

    # -- the base -----------------------------------------------------------------------------

    @property
    def db(self) -> Database | None:
        """The base that work is given, when one is open."""
        return self._db

    def attach(self, db: Database) -> None:
        """Let the waiting work begin on `db`."""
        self._db = db
        self._open.set()

    def long_write(self) -> Job | None:
        """The long job that writes (an import), when one is under way or waits."""
        return self._writing[0] if self._writing else None

    def stop(self, timeout: float = 10.0) -> None:
        """End the threads, waiting `timeout` seconds for each; nothing is brought to the window any more.

        Small writes that wait are still done; reads are dropped, long jobs stopped.
        """
        self._stopping = True
        for job in self._jobs:
            job.cancel()
        for lane in self._lanes.values():
            lane.put(None)
        self._open.set()
        for thread in self._threads:
            thread.join(timeout)
        QCoreApplication.sendPostedEvents(self)  # what arrived and was not delivered is dropped now
        self._lanes.clear()
        self._threads.clear()

    def idle(self) -> bool:
        """Whether no work waits in any lane (for tests)."""
        return all(lane.empty() for lane in self._lanes.values())

    # -- inside -------------------------------------------------------------------------------

    def _give(self, lane: str, task: _Task) -> None:
        if self._stopping:
            return
        if self._synchronous:
            self._execute(task)
            self._deliver(task)
            return
        if lane not in self._lanes:
            self._lanes[lane] = queue.SimpleQueue()
            thread = threading.Thread(target=self._serve, args=(self._lanes[lane],), name=f"fd-{lane}")
            thread.daemon = True
            self._threads.append(thread)
            thread.start()
        self._lanes[lane].put(task)

    def _serve(self, lane: queue.SimpleQueue[_Task | None]) -> None:
        while (task := lane.get()) is not None:
            if task.needs_base:
                self._open.wait()
            if self._stopping and (self._db is None or lane is not self._lanes.get("write")):
                return
            if not self._superseded(task):
                self._execute(task)
                if self._stopping or not shiboken6.isValid(self):
                    _drop(task)
                else:
                    self._arrived.emit(task)
            del task  # what it has brought must not be held until the next one comes

    def _superseded(self, task: _Task) -> bool:
        return task.key is not None and self._latest.get(task.key) != task.ticket

    def _execute(self, task: _Task) -> None:
        try:
            if task.job is not None and task.job.cancelled():
                raise Cancelled
            task.result = task.work(self._db)
        except Exception as error:  # noqa: BLE001 - handed to the window: shown, or reported as a bug
            task.error = error

    def _deliver(self, task: _Task) -> None:
        if self._stopping:
            _drop(task)
            return
        if task.job is not None:
            for jobs in (self._jobs, self._writing):
                if task.job in jobs:
                    jobs.remove(task.job)
            task.job.finished.emit()
        if task.error is None:
            change = _change_of(task.result)
            if change is not None:
                self.changed.emit(change)
        gone = task.receiver is not None and not shiboken6.isValid(task.receiver)
        if gone and task.writes and task.error is not None:
            task.failed = None  # it speaks for who is gone
            self._fail(task)
        elif gone or self._superseded(task):
            return
        elif task.error is not None:
            self._fail(task)
        elif task.done is not None:
            task.done(task.result)

    def _fail(self, task: _Task) -> None:
        error = task.error
        assert error is not None
        if task.failed is not None:
            task.failed(error)
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, UserError):
            log.error("work failed", exc_info=error)
            self.crashed.emit(error)
        elif task.failed is None:
            self.user_error.emit(error)


def _drop(task: _Task) -> None:
    """Nobody waits for the result any more; what holds something open is closed."""
    if task.error is not None and not isinstance(task.error, Cancelled | UserError):
        log.error("work failed after its end", exc_info=task.error)
    elif task.error is None and task.dropped is not None:
        task.dropped(task.result)


def _owner(done: Callable[..., None] | None) -> QObject | None:
    """The widget whose method `done` is, or of which a function inside a method speaks as `self`.

    Nothing is called on a deleted one, or from its words.
    """
    while isinstance(done, partial):
        done = done.func
    owner = getattr(done, "__self__", None)
    if isinstance(done, FunctionType) and "self" in done.__code__.co_freevars:
        owner = inspect.getclosurevars(done).nonlocals["self"]
    return owner if isinstance(owner, QObject) else None


def _change_of(result: object) -> Change | None:
    """The change that a result is or has."""
    from funneldesk.domain.change import Change

    change = result if isinstance(result, Change) else getattr(result, "change", None)
    return change if isinstance(change, Change) else None
