"""One import under way: drives the flow in worker threads and tells the page what has come of it."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from funneldesk.domain.change import Change
from funneldesk.domain.folding import fold
from funneldesk.errors import Cancelled, UserError
from funneldesk.importing.child import ReadOptions
from funneldesk.importing.dates import Order
from funneldesk.importing.fields import Kind, field_of
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.plan import Plan
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard import work
from funneldesk.ui.import_wizard.views import (
    CheckRows,
    ColumnView,
    FileView,
    ValuesView,
    column_views,
    file_view,
)
from funneldesk.ui.tasks import Job

if TYPE_CHECKING:
    from funneldesk.store.database import Database

_NARROW = 60  # columns; a table this narrow is understood anew within a frame of the window
READING, LOOKING, CHECKING, WRITING, UNDOING = "reading", "looking", "checking", "writing", "undoing"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import has done."""

    change: Change
    counts: dict[str, int]
    records: dict[str, int]
    seconds: float
    undone: bool = False


class ImportSession(QObject):
    """The file, the columns, the plan and the result, whichever there are.

    `changed` names what is new: file, columns, values, plan, result.  What cannot be done comes
    as `failed` with a UserError.  Only this object touches the flow in the window's thread; the
    workers are given copies.
    """

    changed = Signal(str)
    failed = Signal(object)
    busy_changed = Signal(str)
    progressed = Signal(int, int)
    planned = Signal()

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._flow: ImportFlow | None = None
        self._index: BaseIndex | None = None
        self._job: Job | None = None
        self._ask_job: Job | None = None
        self._edits = 0  # grows with every decision, so that a plan made before it is known as old
        self._planned_edits = -1
        self._path: Path | None = None
        self._funnel_proposed = False
        self._ticket: object | None = None
        self._started = 0.0
        self.busy = ""
        self.file: FileView | None = None
        self.columns: tuple[ColumnView, ...] = ()
        self.values: ValuesView | None = None
        self.rows: CheckRows | None = None
        self.result: Outcome | None = None
        self.spoken: dict[tuple[str, str], str] = {}  # (field, value in the file) -> what it means
        self.names: dict[str, dict[int, str]] = {}  # of the small lists, when the plan was made
        context.hub.changed.connect(self._base_changed)

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
        self._funnel_proposed = False
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

    def set_kind(self, kind: Kind) -> None:
        """Say what the rows are."""
        flow = self._flow
        if flow is None or flow.request.kind is kind or self.writing():
            return
        kept = {k: v for k, v in flow.settings.constants.items() if field_of(kind, k)}
        flow.settings = replace(flow.settings, constants=kept, translations={})
        self.spoken, self._index = {}, None
        self._edit(lambda: flow.set_kind(kind), "file")

    def _reshape(self, change: Callable[[ImportFlow, Callable[[], bool]], None]) -> None:
        flow = self._flow
        if flow is None or self.busy in (READING, WRITING):
            return
        fresh = copy.copy(flow)

        def go(_db: Database, _tell: Callable[..., None], stop: Callable[[], bool]) -> FileView:
            change(fresh, stop)
            return file_view(fresh, pasted=self._path is None)

        def done(view: FileView) -> None:
            for name in ("sheet", "header", "table", "given", "settings", "maps", "plan"):
                setattr(flow, name, getattr(fresh, name))
            self._decided()
            self._show_file(view)

        self._stop_all()
        self._run(READING, _("Reading the sheet"), go, done)

    def _show_file(self, view: FileView) -> None:
        assert self._flow is not None
        self.file, self.columns = view, column_views(self._flow)
        self.changed.emit("file")
        self.changed.emit("columns")

    # Columns and values ----------------------------------------------------------------------

    @property
    def flow(self) -> ImportFlow | None:
        """The flow, to look at."""
        return self._flow

    @property
    def path(self) -> Path | None:
        """The file that is open; None for copied cells."""
        return self._path

    @property
    def kind(self) -> Kind | None:
        """What the rows are."""
        return self._flow.request.kind if self._flow else None

    def set_map(self, column: int, field: str | None) -> None:
        """Send a column to a field by hand, or leave it out."""
        self._edit(lambda: self._need().set_map(column, field), "columns")

    def set_constant(self, field: str, text: str) -> None:
        """A value for all rows; an empty one takes it away."""
        flow = self._need()
        if text:
            self._edit(lambda: flow.set_constant(field, text), "columns")
            return
        kept = {k: v for k, v in flow.settings.constants.items() if k != field}
        flow.settings = replace(flow.settings, constants=kept)
        self._edit(flow.understand, "columns")

    def translate(self, field: str, value: str, meaning: str | None) -> None:
        """Read a value as another; None = as it stands."""
        flow = self._need()
        if meaning is None:
            self.spoken.pop((field, value), None)
            words = {f: dict(of) for f, of in flow.settings.translations.items()}
            words.get(field, {}).pop(fold(value), None)
            flow.settings = replace(flow.settings, translations=words)
        else:
            self.spoken[field, value] = meaning
            flow.translate(field, value, meaning)
        self._decided()
        self.ask()

    def answer_order(self, column: int, order: Order) -> None:
        """Say in which order a column of dates has day and month."""
        self._need().answer_order(column, order)
        self._decided()
        self.ask()

    def change_request(self, **values: Any) -> None:
        """Set on_duplicate, funnel, create_funnel or stages."""
        self._need().change_request(**values)
        self._decided()
        self.ask()

    def ask(self) -> None:
        """Look at the values: which questions and new names there are.  `changed` says "values"."""
        flow = self._flow
        if flow is None or self.busy in (READING, WRITING):
            return
        if self._ask_job is not None:
            self._ask_job.cancel()
        frozen, known = copy.copy(flow), self._index
        edits = self._edits
        answer: dict[str, Any] = {}

        def go(db: Database, _tell: Callable[..., None], stop: Callable[[], bool]) -> ValuesView:
            view, answer["index"] = work.look(db, frozen, known, stop)
            return view

        def done(view: ValuesView) -> None:
            if self._flow is flow and edits == self._edits:
                self._index, self.values = answer["index"], view
                if not self._propose_funnel(view):
                    self.changed.emit("values")

        self._ask_job = self._context.tasks.run(go, done, self._ask_failed, receiver=self)

    def _propose_funnel(self, view: ValuesView) -> bool:
        """Once per file of deals: the funnel whose stages these are, else a new one made of them."""
        flow = self._need()
        if self._funnel_proposed or flow.request.kind is not Kind.DEALS:
            return False
        self._funnel_proposed = True
        found = work.likely_funnel(view)
        if found is None:
            return False
        if found:
            self.change_request(funnel=found, create_funnel=False, stages=())
        else:
            name = PurePath(flow.file).stem
            self.change_request(funnel=name, create_funnel=True, stages=view.stages())
        return True

    def _ask_failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self.failed.emit(error)

    def _edit(self, act: Callable[[], None], what: str) -> None:
        """Change the mapping: at once in a narrow table, by a worker in a wide one."""
        flow = self._need()
        if self.busy in (READING, WRITING):
            return

        def done(_result: object) -> None:
            self._decided()
            if self.file is not None:
                self.file = replace(self.file, kind=flow.request.kind)
            self.columns = column_views(flow)
            if what == "file":
                self.changed.emit("file")
            self.changed.emit("columns")
            self.ask()

        if flow.table is not None and len(flow.table.headers) > _NARROW:
            self._run(LOOKING, _("Looking at the columns"), lambda _db, _tell, _stop: act(), done)
            return
        try:
            act()
        except UserError as error:
            self.failed.emit(error)
        else:
            done(None)

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
        self._need().mend(row, column, text)
        self._decided()
        self.make_plan()

    def leave_out(self, row: int, out: bool) -> None:
        """Leave a row out, or take it in again, and check anew."""
        flow = self._need()
        assert flow.table is not None
        # a copy: a worker may be going through the old one
        flow.table = replace(flow.table, left_out=dict(flow.table.left_out))
        flow.leave_out(row, out)
        self._decided()
        self.make_plan()

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
            self.result = Outcome(change, plan.counts, plan.records, seconds)
            self.rows = CheckRows(flow)
            self.changed.emit("result")

        self._run(WRITING, _("Importing"), go, done, writes=True)

    def undo(self) -> None:
        """Take the import back."""
        result = self.result
        if result is None or result.undone or self.busy:
            return

        def done(_change: Change) -> None:
            self.result = replace(result, undone=True)
            self._index = None
            self.changed.emit("result")

        self._run(
            UNDOING, _("Undoing the import"),
            lambda db, _tell, _stop: work.undo(db, result.change), done, writes=True,
        )  # fmt: skip

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

    def writing(self) -> bool:
        """Whether the base is being written to for this import."""
        return self.busy in (WRITING, UNDOING)

    def cancel(self) -> None:
        """Stop what is under way; it leaves no trace."""
        if self._job is not None:
            self._job.cancel()

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

    def _stop_all(self) -> None:
        for job in (self._job, self._ask_job):
            if job is not None:
                job.cancel()
        self._job = self._ask_job = None
        self._set_busy("")

    # Inside ----------------------------------------------------------------------------------

    def _need(self) -> ImportFlow:
        assert self._flow is not None, "no file is open"
        return self._flow

    def _decided(self) -> None:
        self._edits += 1
        self.values = None if self.values is None else self.values

    def _base_changed(self, _change: Change) -> None:
        self._index = None

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


__all__ = ["CHECKING", "LOOKING", "READING", "UNDOING", "WRITING", "ImportSession", "Outcome", "Plan"]
