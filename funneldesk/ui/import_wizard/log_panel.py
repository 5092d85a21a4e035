"""The list of imports: what each did, what it made, and taking it back at any later time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.change import Change
from funneldesk.domain.import_log import ImportLine, MadeRecord
from funneldesk.domain.taking_back import TakeBack
from funneldesk.errors import UserError
from funneldesk.record_words import record_words
from funneldesk.text import _, error_text, format_number, label_text, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard.log_models import (
    FILE,
    STATE,
    UPDATED,
    WHO,
    ImportsModel,
    MadeModel,
    moment,
    plain_table,
)
from funneldesk.ui.import_wizard.made import LIST_OF, show_made
from funneldesk.ui.import_wizard.row_words import count_sentence
from funneldesk.ui.import_wizard.waiting_panel import WaitingPanel
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database

_WAITING = 2  # its place in the stack
_NAMED = 12  # of what stays; the others are counted


class LogPanel(QWidget):
    """Imports at the left, the one chosen at the right."""

    closed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._records: Sequence[MadeRecord] = ()
        self._kind = ""  # of the records that are shown
        self._wanted = 0  # the entry to be chosen after reading
        self._stale = True
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_6, SPACE_3, SPACE_6, SPACE_4)
        outer.setSpacing(SPACE_3)
        self._tabs = QHBoxLayout()
        self._tabs.setSpacing(SPACE_2)
        self.runs_tab = push_button(_("Imports"), lambda: self.show_waiting(False), role="chip")
        self.waiting_tab = push_button("", lambda: self.show_waiting(True), role="chip")
        for tab in (self.runs_tab, self.waiting_tab):
            self._tabs.addWidget(tab)
        self._tabs.addStretch(1)
        outer.addLayout(self._tabs)
        self._stack = QStackedLayout()
        outer.addLayout(self._stack, 1)
        full = QWidget()
        row = QHBoxLayout(full)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_3)
        theme = context.theme
        self.model = ImportsModel(theme, context.zone)
        self.table = plain_table(theme, self.model, _("Imports"))
        self.table.selectionModel().currentRowChanged.connect(self._chosen)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(theme.px(56))
        row.addWidget(self.table, 5)
        row.addWidget(self._build_one(), 4)
        self._stack.addWidget(full)
        self._stack.addWidget(
            EmptyState(
                theme, "history", _("Every import stands here, with what it made, and can be taken back."),
                _("Import a spreadsheet…"), self.closed.emit, title=_("Nothing was imported yet"),
            )
        )  # fmt: skip
        self.waiting = WaitingPanel(context)
        self.waiting.counted.connect(self._count_waiting)
        self._stack.addWidget(self.waiting)
        self._waits = False
        self._count_waiting(0)
        context.hub.changed.connect(self._base_changed)

    def _build_one(self) -> QWidget:
        theme = self._context.theme
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        column.setSpacing(SPACE_2)
        self.name = ElidedLabel("", "title")
        self.when = Quiet()
        self.sum = Quiet("", wrap=True)
        self.kinds = QHBoxLayout()
        self.kinds.setSpacing(SPACE_2)
        self.made = MadeModel(theme)
        self.made_table = plain_table(theme, self.made, _("What this import made"))
        self.made_table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.made_table.setColumnWidth(1, theme.px(140))
        self.made_table.activated.connect(self._open)
        self.made_table.doubleClicked.connect(self._open)
        self.what = Quiet("", wrap=True)
        self.left_words = Quiet("", wrap=True, small=True)
        self.take = push_button(_("Take back"), self.take_back, theme=theme, icon="undo-2")
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_3)
        words = QVBoxLayout()
        words.addWidget(self.what)
        words.addWidget(self.left_words)
        foot.addLayout(words, 1)
        foot.addWidget(self.take, 0, Qt.AlignmentFlag.AlignTop)
        for widget in (self.name, self.when, self.sum):
            column.addWidget(widget)
        column.addWidget(PlainLabel(_("What it made and is still there"), "strong"))
        self.listed = push_button(_("Show in the list"), self.show_in_list, theme=theme, icon="list-filter")
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addLayout(self.kinds, 1)
        head.addWidget(self.listed)
        column.addLayout(head)
        column.addWidget(self.made_table, 1)
        column.addLayout(foot)
        return card

    # -- reading ------------------------------------------------------------------------------

    def show_import(self, entry: int = 0) -> None:
        """Read the imports anew and choose one (0 = the one chosen before, else the newest)."""
        line = self.line()
        self._wanted = entry or (line.entry if line else 0)
        self._stale = False

        def read(db: Database) -> list[ImportLine]:
            from funneldesk.services import import_log

            return import_log.lines(db)

        self._context.tasks.read(read, self._show_lines, receiver=self)
        self.waiting.reload()

    def show_waiting(self, waits: bool) -> None:
        """Show the rows that wait, or the imports."""
        self._waits = waits
        for tab, on in ((self.runs_tab, not waits), (self.waiting_tab, waits)):
            tab.setProperty("on", "true" if on else "")
            tab.style().unpolish(tab)
            tab.style().polish(tab)
        self._stack.setCurrentIndex(_WAITING if waits else 0 if self.model.lines else 1)
        if waits:
            self.waiting.table.setFocus()

    def _count_waiting(self, count: int) -> None:
        words = _("Waiting rows")
        self.waiting_tab.setText(f"{words}  {format_number(count)}")
        for tab in (self.runs_tab, self.waiting_tab):
            tab.setVisible(count > 0 or self._waits)
        self.show_waiting(self._waits)

    def line(self) -> ImportLine | None:
        """The import that is chosen."""
        row = self.table.currentIndex().row()
        return self.model.lines[row] if 0 <= row < len(self.model.lines) else None

    def _show_lines(self, lines: list[ImportLine]) -> None:
        self.model.show(lines)
        self.show_waiting(self._waits)
        self.table.setColumnHidden(WHO, not any(line.who for line in lines))
        self.table.setColumnHidden(UPDATED, self._context.theme.scale >= 1.25)
        at = next((row for row, line in enumerate(lines) if line.entry == self._wanted), 0)
        if lines:
            self.table.setCurrentIndex(self.model.index(at, FILE))
            if not self._waits:
                self.table.setFocus()

    def _chosen(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        if not index.isValid():
            return
        line = self.model.lines[index.row()]
        self.name.setText(line.file)
        who = f"  ·  {line.who}" if line.who else ""
        state = self.model.index(index.row(), STATE).data()
        self.when.setText(f"{moment(line.at, self._context.zone)}{who}  ·  {state}")
        self.sum.setText(count_sentence(line.counts))
        self.what.setText("")
        self.left_words.setText("")
        self.take.setVisible(line.state == "done")
        self.take.setEnabled(False)
        self._show_made([])

        def read(db: Database) -> tuple[int, list[MadeRecord], TakeBack | None]:
            from funneldesk.services import history, import_log

            back = history.look_back(db, line.entry) if line.state == "done" else None
            return line.entry, import_log.made(db, line.entry), back

        self._context.tasks.read(read, self._show_one, receiver=self)

    def _show_one(self, found: tuple[int, list[MadeRecord], TakeBack | None]) -> None:
        entry, records, back = found
        line = self.line()
        if line is None or line.entry != entry:
            return
        self._show_made(records)
        if back is not None:
            self.what.setText(back_words(back))
            self.left_words.setText(left_words(back))
            self.take.setEnabled(not back.nothing and not self._context.read_only)

    def _show_made(self, records: Sequence[MadeRecord]) -> None:
        self._records = records
        while (item := self.kinds.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        kinds = list(dict.fromkeys(record.kind for record in records))
        self.chips: dict[str, QPushButton] = {}
        for kind in kinds:
            count = sum(record.kind == kind for record in records)
            chip = push_button(
                f"{record_words(kind)}  {format_number(count)}", partial(self.filter_by, kind), role="chip"
            )
            self.chips[kind] = chip
            self.kinds.addWidget(chip)
        self.kinds.addStretch(1)
        self.filter_by(kinds[0] if kinds else "")

    def filter_by(self, kind: str) -> None:
        """Show only the records of a kind."""
        for of, chip in self.chips.items():
            chip.setProperty("on", "true" if of == kind else "")
            chip.style().unpolish(chip)
            chip.style().polish(chip)
        self.made.show([record for record in self._records if record.kind == kind])
        self._kind = kind
        line = self.line()
        self.listed.setVisible(kind in LIST_OF and line is not None and line.state == "done")

    def show_in_list(self) -> None:
        """Open the list of clients, leads or deals with what this import made."""
        line = self.line()
        if line is not None:
            show_made(self._context, line.entry, [self._kind])

    # -- doing --------------------------------------------------------------------------------

    def _open(self, index: QModelIndex) -> None:
        card = self.made.records[index.row()].card
        if card is not None:
            self._context.open_card(*card)

    def take_back(self) -> None:
        """Take the import back; what was changed or built upon since stays."""
        line, me = self.line(), self._context.me
        if line is None:
            return
        self.take.setEnabled(False)

        def work(db: Database) -> Change:
            from funneldesk.services import acting, history

            return history.take_back(db, line.entry, actor=acting.actor(db, me))

        def done(change: Change) -> None:
            if change.journal_id == line.entry:  # simply undone: Ctrl+Shift+Z does it again
                self._context.toast(_("Undone: {what}").format(what=label_text(change.label)))
            else:
                self._context.tell(change)
            self.show_import()

        self._context.tasks.write(work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._context.toast(error_text(error), error=True)
        self.show_import()

    def _base_changed(self, _change: Change) -> None:
        self._stale = True
        if self.isVisible():
            self.show_import()


def back_words(back: TakeBack) -> str:
    """What taking it back would do."""
    if back.whole:
        return _("Nothing was done since: taking it back leaves everything as it was before.")
    parts = [f"{record_words(kind)} {format_number(n)}" for kind, n in back.removed().items()]
    said = [_("It would remove: {what}.").format(what=", ".join(parts))] if parts else []
    if back.restored():
        words = ngettext(
            "{count} record gets its former values.",
            "{count} records get their former values.",
            back.restored(),
        )
        said.append(words.format(count=format_number(back.restored())))
    return " ".join(said) or _("All that it made has been changed or built upon since.")


def left_words(back: TakeBack) -> str:
    """What would stay, by name."""
    if not back.left:
        return ""
    count = len(back.left)
    head = ngettext(
        "{count} record stays, changed or built upon since:",
        "{count} records stay, changed or built upon since:",
        count,
    )
    names = [" ".join(one.name[:60].split()) for one in back.left[:_NAMED]]
    if count > _NAMED:
        more = ngettext("and {count} more", "and {count} more", count - _NAMED)
        names.append(more.format(count=format_number(count - _NAMED)))
    return f"{head.format(count=format_number(count))} {', '.join(names)}"
