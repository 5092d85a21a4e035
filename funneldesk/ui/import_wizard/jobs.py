"""One piece of work at a time, in a worker thread, whose answer counts only while it is wanted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from funneldesk.errors import Cancelled, UserError
from funneldesk.ui.context import AppContext
from funneldesk.ui.tasks import Job

READING, LOOKING, CHECKING, WRITING, UNDOING = "reading", "looking", "checking", "writing", "undoing"

_TURN = 0.0005  # seconds


class Jobs(QObject):
    """What is under way (`busy`), how far it is, and what went wrong."""

    failed = Signal(object)  # UserError or Cancelled
    busy_changed = Signal(str)
    progressed = Signal(int, int)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._ticket: object | None = None
        self.busy = ""
        # Planning is plain Python; at the usual 5 ms a turn each cell that is painted would wait so long.
        sys.setswitchinterval(_TURN)

    def writing(self) -> bool:
        """Whether the base is being written to for this import."""
        return self.busy in (WRITING, UNDOING)

    def cancel(self) -> None:
        """Stop what is under way; it leaves no trace."""
        if self._job is not None:
            self._job.cancel()

    def _stop(self) -> None:
        """Stop it and want its answer no more."""
        self.cancel()
        self._end()

    def _set_busy(self, what: str) -> None:
        if what != self.busy:
            self.busy = what
            self.busy_changed.emit(what)

    def _run(
        self,
        what: str,
        title: str,
        go: Callable[..., Any],
        done: Callable[[Any], None],
        *,
        writes: bool = False,
        on_end: Callable[[bool], None] | None = None,
    ) -> None:
        """Run one thing at a time; a later one makes the answers of an earlier one void."""
        ticket = object()
        self._ticket = ticket
        self._job = None
        self._set_busy(what)

        def finished(result: Any) -> None:
            mine = self._ticket is ticket
            if on_end is not None:
                on_end(mine)
            if mine:
                self._end()
                done(result)

        def broke(error: Exception) -> None:
            mine = self._ticket is ticket
            if on_end is not None:
                on_end(False)
            if mine:
                self._end()
                self._show_error(error)

        job = self._context.tasks.run(go, finished, broke, title=title, receiver=self, writes=writes)
        if self._ticket is ticket and self.busy == what:
            self._job = job
            job.progress.connect(lambda part, total, _text: self.progressed.emit(part, total))

    def _end(self) -> None:
        self._ticket = None
        self._job = None
        self._set_busy("")

    def _show_error(self, error: Exception) -> None:
        if isinstance(error, UserError | Cancelled):
            self.failed.emit(error)
