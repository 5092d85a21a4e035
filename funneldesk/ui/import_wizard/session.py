"""One import under way: drives the flow in worker threads and tells the page what has come of it."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from funneldesk.domain.change import Change
from funneldesk.importing.child import ReadOptions
from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard import collector, work
from funneldesk.ui.import_wizard.deciding import Decisions
from funneldesk.ui.import_wizard.jobs import CHECKING, READING, UNDOING, WRITING
from funneldesk.ui.import_wizard.views import (
    CheckRows,
    FileView,
    column_views,
    file_view,
)

if TYPE_CHECKING:
    from funneldesk.store.database import Database


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import has done."""

    change: Change
    counts: dict[str, int]
    records: dict[str, int]
    seconds: float
    undone: bool = False
    left: int = 0  # records that stayed when it was taken back
    again: bool = True  # whether it was simply undone, so that it can be done again


class ImportSession(Decisions):
    """The file, the plan and the result, whichever there are.

    What cannot be done comes as `failed`; `planned` says that the plan is made of all decisions.
    """

    planned = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._planned_edits = -1
        self._path: Path | None = None
        self._started = 0.0
        self.rows: CheckRows | None = None
        self.result: Outcome | None = None
        self.names: dict[str, dict[int, str]] = {}  # of the small lists, when the plan was made

    @property
    def path(self) -> Path | None:
        """The file that is open; None for copied cells."""
        return self._path

    # The file --------------------------------------------------------------------------------

    def open(self, path: Path, options: ReadOptions | None = None) -> None:
        """Read a file; it replaces the one before (not while an import is being written)."""
        if self.writing():
            return
        self._path = path
        self._begin(lambda db, flow, tell, stop: work.read_file(db, flow, path, options, tell, stop), options)

    def paste(self, text: str) -> None:
        """Take copied cells."""
        if self.writing():
            return
        self._path = None
        name = _("Copied cells")
        self._begin(lambda db, flow, _tell, _stop: work.read_text(db, flow, text, name), None)

    def reread(self, *, encoding: str | None, delimiter: str | None) -> None:
        """Read the same file with another encoding or delimiter."""
        if self._path is not None:
            self.open(self._path, ReadOptions(encoding=encoding, delimiter=delimiter))

    def _begin(self, read: Callable[..., None], options: ReadOptions | None) -> None:
        self._stop_all()
        flow = ImportFlow()
        self._drop_flow()
        self.file, self.columns, self.values, self.rows, self.result = None, (), None, None, None
        self.spoken = {}
        self._funnel_proposed = self._list_proposed = False
        fresh = options is None

        def go(db: Database, tell: Callable[..., None], stop: Callable[[], bool]) -> FileView:
            read(db, flow, tell, stop)
            if fresh:
                flow.set_kind(flow.guess_kind())
            return file_view(flow, pasted=self._path is None)

        def done(view: FileView) -> None:
            self._flow = flow
            self._decided()
            self._show_file(view)

        self.changed.emit("file")
        self._run(READING, _("Reading the file"), go, done, on_end=lambda ok: None if ok else flow.close())

    def choose_sheet(self, sheet_id: int) -> None:
        """Take another sheet."""
        self._reshape(lambda flow, stop: flow.choose_sheet(sheet_id, stop))

    def choose_header(self, row: int) -> None:
        """Say which row heads the columns; 0 = none."""
        if self.file is not None and row != self.file.header:
            self._reshape(lambda flow, stop: flow.choose_header(row, stop))

    def _reshape(self, change: Callable[[ImportFlow, Callable[[], bool]], None]) -> None:
        flow = self._flow
        if flow is None or self.busy in (READING, WRITING):
            return
        fresh = copy.copy(flow)

        def go(_db: Database, _tell: Callable[..., None], stop: Callable[[], bool]) -> FileView:
            change(fresh, stop)
            return file_view(fresh, pasted=self._path is None)

        def done(view: FileView) -> None:
            for name in ("sheet", "header", "table", "given", "parted", "settings", "maps", "plan"):
                setattr(flow, name, getattr(fresh, name))
            self._decided()
            self._show_file(view)

        self._stop_all()
        self._run(READING, _("Reading the sheet"), go, done)

    def _show_file(self, view: FileView) -> None:
        assert self._flow is not None
        self._flow.settings = replace(self._flow.settings, translations={})
        self.file, self.columns, self.values = view, column_views(self._flow), None
        self.spoken = {}
        self._funnel_proposed = self._list_proposed = False
        self.changed.emit("file")
        self.changed.emit("columns")

    # The plan --------------------------------------------------------------------------------

    def make_plan(self) -> None:
        """Try the import without writing; `planned` is emitted when there is a plan."""
        flow = self._flow
        if flow is None or self.busy in (READING, WRITING):
            return
        if self.rows is not None and self._planned_edits == self._edits:
            self.planned.emit()
            return
        if self._ask_job is not None:
            self._ask_job.cancel()
        if self.busy == CHECKING and self._job is not None:
            self._job.cancel()
        frozen, known, edits = copy.copy(flow), self._index, self._edits
        answer: dict[str, Any] = {}

        def go(db: Database, _tell: Callable[..., None], stop: Callable[[], bool]) -> CheckRows:
            rows, answer["index"] = work.plan(db, frozen, known, stop)
            return rows

        def done(rows: CheckRows) -> None:
            if self._flow is not flow or edits != self._edits:
                return
            flow.plan, self._index = rows.plan, answer["index"]
            flow.links = answer["index"].links
            self.names = answer["index"].names
            self.rows, self._planned_edits = rows, edits
            self.changed.emit("plan")
            self.planned.emit()

        self._run(CHECKING, _("Checking the rows"), go, done)

    def current(self) -> bool:
        """Whether the plan is made of all that was decided."""
        return self.rows is not None and self._planned_edits == self._edits

    def mend(self, row: int, column: int, text: str) -> None:
        """Put another text in a cell and check anew."""
        self.mend_all({(row, column): text})

    def mend_all(self, texts: dict[tuple[int, int], str]) -> None:
        """Put other texts in cells (row of the file, column) and check anew."""
        flow = self._need()
        flow.settings = replace(flow.settings, mended={**flow.settings.mended, **texts})
        flow.plan = None
        self._decided()
        self.make_plan()

    def leave_out(self, rows: Sequence[int], out: bool) -> None:
        """Leave rows out, or take them in again, and check anew."""
        flow = self._need()
        assert flow.table is not None
        # a copy: a worker may be going through the old one
        flow.table = replace(flow.table, left_out=dict(flow.table.left_out))
        flow.leave_out(*rows, out=out)
        self._decided()
        self.make_plan()

    def take_as_same(self, rows: Sequence[int]) -> None:
        """Rows (their numbers in the file) are the companies that they are like; check anew."""
        flow = self._need()
        flow.change_request(same=flow.request.same | {*rows})
        self._decided()
        self.make_plan()

    def choose_vanished(self, what: tuple[str, str] | None) -> None:
        """What happens with records that are in the list no longer (see `Request.vanished`)."""
        flow = self._need()
        if flow.request.vanished != what:
            flow.choose_vanished(what)
            self.changed.emit("vanished")

    def to_mark(self) -> int:
        """How many records that are in the list no longer an import marks as that."""
        flow, rows = self._flow, self.rows
        if flow is None or rows is None or rows.compared is None or flow.request.vanished is None:
            return 0
        return len(rows.compared.vanished)

    # Writing ---------------------------------------------------------------------------------

    def run(self) -> None:
        """Import in one transaction; `changed` says "result"."""
        flow, me = self._flow, self._context.me
        if flow is None or not self.current() or self.busy:
            return
        self._started = time.monotonic()
        total = len(flow.plan.actions) if flow.plan else 0

        def go(db: Database, tell: Callable[..., None], stop: Callable[[], bool]) -> Change:
            return work.write(db, flow, me, lambda part: tell(int(part * total), total), stop)

        def done(change: Change) -> None:
            plan = flow.plan
            assert plan is not None
            seconds = time.monotonic() - self._started
            self.rows = CheckRows(flow)
            self.result = Outcome(change, self.rows.counts, plan.records, seconds)
            self.changed.emit("result")

        self._run(WRITING, _("Importing"), go, done, writes=True)

    def funnel_written(self) -> int:
        """The id of the funnel that deals were imported into; 0 = whichever is shown."""
        flow, values = self._flow, self.values
        if self.result is None or flow is None or flow.request.kind not in (Kind.DEALS, Kind.HISTORY):
            return 0
        made = 0 if self.result.undone else self.result.change.new_id("funnel")
        known = {funnel.name: funnel.id for funnel in values.base.funnels} if values else {}
        return made or known.get(flow.request.funnel or "", 0)

    def undo(self) -> None:
        """Take the import back."""
        result = self.result
        if result is None or result.undone or self.busy:
            return

        def done(change: Change) -> None:
            left = int(change.summary.get("left", 0)) if change.summary else 0
            again = change.journal_id == result.change.journal_id
            self.result = replace(result, undone=True, left=left, again=again)
            self._index = None
            self.changed.emit("result")

        self._run(
            UNDOING, _("Taking the import back"),
            lambda db, _tell, _stop: work.take_back(db, result.change, self._context.me), done, writes=True,
        )  # fmt: skip

    def _base_changed(self, change: Change) -> None:
        super()._base_changed(change)
        if self.result is not None and not self.writing():
            self._context.tasks.read(work.import_states, self._look_again, receiver=self)

    def _look_again(self, states: dict[int, str]) -> None:
        """The import may have been undone, taken back or done again from elsewhere."""
        result = self.result
        if result is None or self.writing():
            return
        state = states.get(result.change.journal_id, "done")
        if result.undone != (state != "done"):
            self.result = replace(result, undone=state != "done", again=state == "undone", left=0)
            self.changed.emit("result")

    def save_rejects(self, path: Path, done: Callable[[int], None]) -> None:
        """Write the rejected rows with their reasons as a spreadsheet."""
        rows = self.rows
        flow = self._flow
        if flow is None or rows is None:
            return
        frozen = copy.copy(flow)
        frozen.plan = rows.plan
        self._context.tasks.run(
            lambda _db, _tell, _stop: work.save_rejects(frozen, path), done, self._show_error,
            title=_("Saving the rejected rows"), receiver=self,
        )  # fmt: skip

    def elapsed(self) -> float:
        """Seconds since the writing began."""
        return time.monotonic() - self._started

    # Ends ------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Put the file away and begin anew."""
        if self.writing():
            return
        self._stop_all()
        self._drop_flow()
        self.file, self.columns, self.values, self.rows, self.result = None, (), None, None, None
        self.changed.emit("file")

    def _drop_flow(self) -> None:
        flow, self._flow, self._index = self._flow, None, None
        if flow is not None:
            flow.close()
            collector.release()

    def _stop_all(self) -> None:
        if self._ask_job is not None:
            self._ask_job.cancel()
        self._ask_job = None
        self._stop()
