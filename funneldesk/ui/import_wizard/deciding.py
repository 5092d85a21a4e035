"""What a person decides about the columns and values of a file, and what the values then ask."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from funneldesk.domain.change import Change
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.importing.dates import Order
from funneldesk.importing.fields import Kind, OnDuplicate, field_of
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.presets import mapping_of
from funneldesk.importing.splitting import Split
from funneldesk.importing.units import Unit
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard import work
from funneldesk.ui.import_wizard.collector import MANY
from funneldesk.ui.import_wizard.jobs import LOOKING, READING, WRITING, Jobs
from funneldesk.ui.import_wizard.views import ColumnView, FileView, ValuesView, column_views
from funneldesk.ui.tasks import Job

if TYPE_CHECKING:
    from funneldesk.store.database import Database

_NARROW = 60  # columns; a table this narrow is understood anew within a frame of the window
_PAINTED = 0.1  # seconds after which the step that asks is painted


class Decisions(Jobs):
    """Holds the flow.  Only this object touches it in the window's thread; workers get copies.

    `changed` names what is new: file, columns, values, plan, result.
    """

    changed = Signal(str)

    def __init__(self, context: AppContext, parent: QObject | None = None) -> None:
        super().__init__(context, parent)
        self._flow: ImportFlow | None = None
        self._index: BaseIndex | None = None
        self._ask_job: Job | None = None
        self._edits = 0  # grows with every decision, so that a plan made before it is known as old
        self._funnel_proposed = False
        self._list_proposed = False
        self.file: FileView | None = None
        self.columns: tuple[ColumnView, ...] = ()
        self.values: ValuesView | None = None
        self.spoken: dict[tuple[str, str], str] = {}  # (field, value in the file) -> what it means
        context.hub.changed.connect(self._base_changed)

    @property
    def flow(self) -> ImportFlow | None:
        """The flow, to look at."""
        return self._flow

    @property
    def kind(self) -> Kind | None:
        """What the rows are."""
        return self._flow.request.kind if self._flow else None

    def set_kind(self, kind: Kind) -> None:
        """Say what the rows are."""
        flow = self._flow
        if flow is None or flow.request.kind is kind or self.writing():
            return
        kept = {k: v for k, v in flow.settings.constants.items() if field_of(kind, k)}
        flow.settings = replace(flow.settings, constants=kept, translations={})
        self.spoken, self._index = {}, None
        self._edit(lambda: flow.set_kind(kind), "file")

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
        if field == "stage" and flow.request.create_funnel:
            stages = [stage for stage in flow.request.stages if fold(stage) != fold(value)]
            flow.change_request(stages=tuple(stages if meaning is not None else [*stages, value]))
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

    def translate_all(self, field: str, meanings: Mapping[str, str]) -> None:
        """Read several values of a field as others."""
        flow = self._need()
        for value, meaning in meanings.items():
            self.spoken[field, value] = meaning
            flow.translate(field, value, meaning)
        self._decided()
        self.ask()

    def choose_type(self, key: str, type_: str) -> None:
        """Say of which type a new own field is."""
        self._need().choose_type(key, type_)
        self._decided()
        self.ask()

    def read_as(self, column: int, said: Order | Unit) -> None:
        """Say in which order a column of dates has day and month, or what the sums of a column count."""
        self._need().read_as(column, said)
        self._decided()
        self.ask()

    def change_request(self, **values: Any) -> None:
        """Set on_duplicate, keys, funnel, create_funnel or stages."""
        self._need().change_request(**values)
        self._decided()
        self.ask()

    def split(self, proposal: Split) -> None:
        """Part a column that holds two things; the parts become columns behind the others."""
        flow = self._need()
        self._edit(lambda: flow.split(proposal), "columns", heavy=True)

    def join(self, column: int) -> None:
        """Put a column that was split together again."""
        flow = self._need()
        self._edit(lambda: flow.join(column), "columns", heavy=True)

    def mapping(self) -> dict[str, Any] | None:
        """What is decided now, to be kept under a name."""
        return mapping_of(self._flow) if self._flow is not None else None

    def use_mapping(self, document: dict[str, Any]) -> None:
        """Take the decisions of a named mapping over.  `failed` says when it is none."""
        from funneldesk.services import mappings

        flow = self._need()
        self.spoken = {}
        self._edit(lambda: mappings.use(flow, document), "columns")

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
            if frozen.table is not None and len(frozen.table) >= MANY:
                time.sleep(_PAINTED)  # each cell painted would wait for this thread's turn to end
            view, answer["index"] = work.look(db, frozen, known, stop)
            return view

        def done(view: ValuesView) -> None:
            if self._flow is flow and edits == self._edits:
                self._index, self.values = answer["index"], view
                if not self._propose_list(view) and not self._propose_funnel(view):
                    self.changed.emit("values")

        self._ask_job = self._context.tasks.run(go, done, self._ask_failed, receiver=self)

    def _propose_list(self, view: ValuesView) -> bool:
        """Once per file: what has changed in a list that came before is written, unless a person says no."""
        if self._list_proposed or view.before is None:
            return False
        self._list_proposed = True
        if self._need().request.on_duplicate is not OnDuplicate.SKIP:
            return False
        self.change_request(on_duplicate=OnDuplicate.UPDATE)
        self.changed.emit("columns")
        return True

    def _propose_funnel(self, view: ValuesView) -> bool:
        """Once per file of deals: the funnel whose stages these are, else a new one made of them."""
        flow = self._need()
        if self._funnel_proposed or flow.request.kind not in (Kind.DEALS, Kind.HISTORY):
            return False
        self._funnel_proposed = True
        found = work.likely_funnel(view)
        if found is None or (not found and flow.request.kind is Kind.HISTORY):
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

    def _edit(self, act: Callable[[], None], what: str, *, heavy: bool = False) -> None:
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

        if heavy or (flow.table is not None and len(flow.table.headers) > _NARROW):
            self._run(LOOKING, _("Looking at the columns"), lambda _db, _tell, _stop: act(), done)
            return
        try:
            act()
        except UserError as error:
            self.failed.emit(error)
        else:
            done(None)

    def _need(self) -> ImportFlow:
        assert self._flow is not None, "no file is open"
        return self._flow

    def _decided(self) -> None:
        self._edits += 1

    def _base_changed(self, _change: Change) -> None:
        self._index = None
