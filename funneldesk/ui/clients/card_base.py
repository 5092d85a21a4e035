"""What the cards of clients and deals have in common: head, fields edited in place, conflicts, timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain.card import FieldValue, Names
from funneldesk.domain.change import Change
from funneldesk.domain.fields import CustomField
from funneldesk.errors import StaleRecord, UserError
from funneldesk.text import _, error_text
from funneldesk.ui.clients.common import save
from funneldesk.ui.clients.custom import CustomFields
from funneldesk.ui.clients.files import FilesSection, dropped_files
from funneldesk.ui.clients.inline import InlineText
from funneldesk.ui.clients.quick_entry import NextStep, QuickEntry
from funneldesk.ui.clients.sections import ConflictBanner, FieldGrid, Section
from funneldesk.ui.clients.timeline import TimelineView, edit_value, field_name
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.scroll import ScrollArea
from funneldesk.ui.widgets.skeleton import Skeleton

if TYPE_CHECKING:
    from funneldesk.store.database import Database

HISTORY = 30  # things of the timeline shown at first, and more at each "Show older"


class Card(QWidget):
    """A panel: head, next step, quick entry and, scrolled, sections and timeline.

    The window calls `refresh(change)`; `closed` and `open_card` are what a person asks of it.
    """

    closed = Signal()
    open_card = Signal(str, int)

    def __init__(self, context: AppContext, kind: str, record_id: int) -> None:
        super().__init__()
        self.context = context
        self.kind = kind
        self.record_id = record_id
        self.version = 0
        self.names = Names()
        self.custom_fields: Mapping[int, CustomField] = {}
        self._history = HISTORY
        self._renames = False  # the name is to have the cursor once it is read
        self._build()
        self.build_sections()
        self._finish()
        self.load()

    # -- what a card of its kind gives ---------------------------------------------------------

    def build_sections(self) -> None:
        """Put the sections into `self.column`."""
        raise NotImplementedError

    def read(self, db: Database) -> Any:
        """Read everything shown (in the reading thread); None when the record is gone."""
        raise NotImplementedError

    def show_card(self, card: Any) -> None:
        """Show what was read."""
        raise NotImplementedError

    def value_shown(self, field: str) -> Any:
        """The value of a column as it was read."""
        raise NotImplementedError

    def write_fields(self, db: Database, actor: Any, version: int | None, values: dict[str, Any]) -> Change:
        """Change columns of the record."""
        raise NotImplementedError

    def concerns(self, change: Change) -> bool:
        """Whether a change may alter what is shown."""
        raise NotImplementedError

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self.context.theme
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.gone = EmptyState(
            theme, "circle-x", _("It was removed, or its creation was undone."), _("Close"),
            self.closed.emit, primary=False,
        )  # fmt: skip
        self.gone.hide()
        outer.addWidget(self.gone)
        self.content = QWidget()
        outer.addWidget(self.content, 1)
        frame = QVBoxLayout(self.content)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.setSpacing(0)
        self.head = QVBoxLayout()
        self.head.setContentsMargins(SPACE_4 - SPACE_2, SPACE_3, SPACE_2, SPACE_2)
        self.head.setSpacing(0)
        self._title_row = QHBoxLayout()
        self._title_row.setSpacing(SPACE)
        self.title = InlineText(big=True)
        self.title.setAccessibleName(_("Name"))
        self.title.setReadOnly(self.context.read_only)
        self._title_row.addWidget(self.title, 1)
        self.menu_button = IconButton(theme, "ellipsis", _("More"))
        self.close_button = IconButton(theme, "x", _("Close (Esc)"), self.closed.emit)
        self._title_row.addWidget(self.menu_button)
        self._title_row.addWidget(self.close_button)
        self.head.addLayout(self._title_row)
        frame.addLayout(self.head)
        inner = QWidget()
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_4)
        self.column.setSpacing(SPACE_3)
        self.conflict = ConflictBanner()
        self.column.addWidget(self.conflict)
        self.step = NextStep(self.context)
        self.column.addWidget(self.step)
        self.entry = QuickEntry(self.context)
        self.step.plan_wished.connect(self.begin_plan)
        self.column.addWidget(self.entry)
        self.area = ScrollArea(inner)
        frame.addWidget(self.area, 1)
        self.waiting = Skeleton(theme, 10)
        frame.addWidget(self.waiting, 1)
        self._show_read(False)

    def _finish(self) -> None:
        self.custom = CustomFields(self.context, self.kind, self)
        self.custom.record_id = self.record_id
        self.custom.put.connect(self._put_custom)
        self.column.addWidget(self.custom)
        self.files = FilesSection(self.context, self.kind, self.record_id)
        self.add_section(self.files)
        self.setAcceptDrops(not self.context.read_only)
        self.column.addWidget(rule())
        section = Section(self.context.theme, _("Timeline"))
        self.timeline = TimelineView(self.context, with_deals=self.kind != "deal")
        self.timeline.more_wished.connect(self._show_older)
        section.add(self.timeline)
        self.column.addWidget(section)
        self.column.addStretch(1)

    def add_section(self, section: QWidget) -> None:
        """Put a section with a line above it."""
        self.column.addWidget(rule())
        self.column.addWidget(section)

    def add_text(self, grid: FieldGrid, column: str, label: str = "") -> InlineText:
        """A row of a grid that edits a text column."""
        field = InlineText()
        field.setReadOnly(self.context.read_only)
        field.committed.connect(lambda text: self.put(column, text or None))
        grid.add(column, label or field_name(column, self.names), field)
        return field

    # -- reading ------------------------------------------------------------------------------

    def _show_read(self, read: bool) -> None:
        """Until it is read, empty fields would tell something that is not so: nothing of it is shown."""
        self._read = read
        for widget in (self.title, self.menu_button, self.area):
            widget.setVisible(read)
        if read:
            self.waiting.stop()
        else:
            self.waiting.start()

    def load(self) -> None:
        """Read the card anew."""
        self.context.tasks.read(self.read, self._take, receiver=self, key=f"card-{id(self)}")

    def _take(self, found: Any) -> None:
        self.gone.setVisible(found is None)
        self.content.setVisible(found is not None)
        if found is None:
            return
        card, items, more = found
        self.names = card.names
        self._show_custom(card.fields)
        self.step.show_step(card.planned, needed=self.needs_step(card))
        self.show_card(card)
        self.timeline.show_items(items, more, self.names, self.custom_fields)
        if not self._read:
            self._show_read(True)
            if self._renames:
                self.begin_rename()

    def _show_custom(self, values: Sequence[FieldValue]) -> None:
        self.custom_fields = {value.field.id: value.field for value in values}
        self.custom.show_values(values)

    def refresh(self, change: Change | None) -> None:
        """Something was written: read again when it touches this card."""
        if change is None or self.concerns(change):
            self.load()
        if change is None or change.touches("file"):
            self.files.reload()
            self.load()

    def _show_older(self) -> None:
        self._history += HISTORY
        self.load()

    @property
    def history(self) -> int:
        """How many things of the timeline are wanted."""
        return self._history

    def needs_step(self, card: Any) -> bool:
        """Whether it is a fault when nothing is planned."""
        del card
        return True

    def begin_plan(self) -> None:
        """Put the cursor where the next step is planned."""
        self.entry.set_planning(True)
        self.entry.text.setFocus()

    def begin_rename(self) -> None:
        """Put the cursor into the name, as soon as it is read."""
        self._renames = not self._read
        self.title.setFocus()
        self.title.selectAll()

    # -- writing ------------------------------------------------------------------------------

    def put(self, field: str, value: Any, *, version: int | None = -1) -> None:
        """Change one column: one change, which Ctrl+Z takes back."""
        expected = self.version if version == -1 else version
        shown = self.value_shown(field)
        save(
            self.context,
            lambda db, actor: self.write_fields(db, actor, expected, {field: value}),
            self,
            lambda _change: None,
            lambda error: self._refused(error, field, value, shown),
            toast=False,
        )

    def _refused(self, error: Exception, field: str, value: Any, shown: Any) -> None:
        if isinstance(error, StaleRecord):
            theirs = error.params["theirs"]
            now = theirs.get(field) if isinstance(theirs, dict) else None
            if now == shown:  # somebody changed something else of it: no quarrel
                self.put(field, value, version=None)
                return
            self.load()
            self.conflict.ask(
                field_name(field, self.names),
                self._words(field, now),
                self._words(field, value),
                lambda: self.put(field, value, version=None),
            )
            self.area.ensureWidgetVisible(self.conflict)
            return
        if isinstance(error, UserError):
            self.context.toast(error_text(error), None, error=True)
        self.load()

    def _words(self, field: str, value: Any) -> str:
        return edit_value(field, value, self.names, self.custom_fields, self.context.currency)

    def _put_custom(self, field_id: int, value: str) -> None:
        kind, record_id = self.kind, self.record_id

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import fields

            return fields.set_value(db, field_id, kind, record_id, value, actor=actor)

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self.context.toast(error_text(error), None, error=True)
            self.load()

        save(self.context, write, self, None, failed, toast=False)

    def write(self, make: Callable[[Any, Any], Change], done: Callable[[Change], None] | None = None) -> None:
        """Run a service with a toast that takes it back."""
        save(self.context, make, self, done)

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = dropped_files(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.files.attach(paths)


def rule() -> QFrame:
    """A thin line between two sections."""
    line = QFrame()
    line.setFixedHeight(1)
    line.setProperty("role", "rule")
    line.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return line
