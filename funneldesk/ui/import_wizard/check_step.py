"""Step 3: what each row will do, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from funneldesk.importing.fields import OnDuplicate
from funneldesk.importing.plan import Action
from funneldesk.text import N_, _, format_number, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import dress_button
from funneldesk.ui.import_wizard.check_model import CELLS, NUMBER, STATE, WHAT, CheckModel
from funneldesk.ui.import_wizard.file_grid import cell_style
from funneldesk.ui.import_wizard.list_section import GoneTable, ListSection
from funneldesk.ui.import_wizard.replace_popup import ReplacePopup
from funneldesk.ui.import_wizard.row_words import ACTIONS, RowWords, count_sentence
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.views import GONE, INSIDE, LIKELY, CheckRows
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_6, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import FlowLayout, part_of
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

PROBLEMS = "problems"
_TAKEN_OUT = ("import.left_out", "import.total_row", "import.header_again", "import.footer")
_CHIPS: tuple[tuple[Action | str | None, str, str], ...] = (
    (None, "read", N_("All")),
    (Action.CREATE, "created", N_("New rows")),
    (Action.UPDATE, "updated", N_("Updates")),
    (Action.DUPLICATE, "duplicates", N_("Duplicates")),
    (INSIDE, INSIDE, N_("Doubles in the file")),
    (LIKELY, LIKELY, N_("Likely doubles")),
    (Action.SKIP, "skipped", N_("Left out")),
    (Action.WAIT, "waiting", N_("Waiting")),
    (Action.REJECT, "rejected", N_("Rejected")),
    (PROBLEMS, PROBLEMS, N_("With remarks")),
    (GONE, GONE, N_("No longer in the list")),
)
# what they are called in a list that came before and whose changes are written
_OF_LIST = {Action.UPDATE: N_("Changed rows"), Action.DUPLICATE: N_("Unchanged rows")}


class CheckTable(QTableView):
    """The rows; Del leaves those selected out or takes them in again, Ctrl+H replaces in a column."""

    leave_out_wanted = Signal()
    replace_wanted = Signal()

    def __init__(self, theme: Theme, model: CheckModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(_("What each row will do"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        edit = QAbstractItemView.EditTrigger
        self.setEditTriggers(edit.DoubleClicked | edit.EditKeyPressed)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setStyleSheet(cell_style(theme))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(28))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        # in Python, so that a whole painting is one turn beside a worker and not one turn a cell
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.leave_out_wanted.emit()
            return
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_H:
            self.replace_wanted.emit()
            return
        super().keyPressEvent(event)


class CheckStep(QWidget):
    """Chips with counts filter the rows; under them what is chosen in full."""

    save_wanted = Signal()

    def __init__(self, context: AppContext, session: ImportSession) -> None:
        super().__init__()
        self._context = context
        self._session = session
        self._filter: Action | str | None = None
        theme = context.theme
        self.model = CheckModel(theme)
        self.model.mended.connect(session.mend)
        self.table = CheckTable(theme, self.model)
        self.table.leave_out_wanted.connect(self.leave_out)
        self.table.replace_wanted.connect(self.open_replace)
        self.table.selectionModel().selectionChanged.connect(lambda *_both: self._speak_of_selection())
        self.counts = PlainLabel()
        self.counts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_6, SPACE_3, SPACE_6, SPACE_3)
        column.setSpacing(SPACE_2)
        self.listed = ListSection(context, session)
        column.addWidget(self.listed)
        column.addLayout(self._chip_row(theme))
        self.gone = GoneTable(context)
        self.gone.hide()
        column.addWidget(self.table, 1)
        column.addWidget(self.gone, 1)
        column.addWidget(self._detail(theme))
        self.counts.setWordWrap(True)
        hint = Quiet(
            _("F2 or a double click changes a cell. Del leaves the rows selected out."), wrap=True, small=True
        )
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_3)
        foot.addWidget(self.counts, 1)
        hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(hint, 1)
        column.addLayout(foot)
        self.table.selectionModel().currentRowChanged.connect(self._current)

    def _chip_row(self, theme: Theme) -> FlowLayout:
        row = FlowLayout(spacing=SPACE_2, end=True)
        self._group = QButtonGroup(self)
        self.chips: dict[Action | str | None, QPushButton] = {}
        for what, _name, _words in _CHIPS:
            chip = QPushButton()
            chip.setProperty("role", "chip")
            chip.setCheckable(True)
            if isinstance(what, Action):
                dress_button(chip, theme, ACTIONS[what][1], ACTIONS[what][2])
            chip.clicked.connect(lambda _checked=False, w=what: self.filter_by(w))
            self._group.addButton(chip)
            self.chips[what] = chip
            row.addWidget(chip)
        self.replace = push_button(_("Replace…"), self.open_replace, theme=theme, icon="pencil")
        self.replace.setToolTip(_("Ctrl+H: another text in all cells of a column"))
        self.save = push_button(
            _("Save the rejected rows…"), self.save_wanted.emit, theme=theme, icon="file-down"
        )
        row.addWidget(part_of(self.replace, self.save))
        return row

    def _detail(self, theme: Theme) -> QFrame:
        self.detail = QFrame()
        self.detail.setProperty("role", "card")
        row = QHBoxLayout(self.detail)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        row.setSpacing(SPACE_3)
        self.detail_head = PlainLabel("", "strong")
        self.detail_words = Quiet("", wrap=True)
        self.detail_words.setMaximumHeight(theme.px(64))
        self.same = push_button(_("It is the same"), self.take_as_same)
        self.out = push_button("", self.leave_out)
        row.addWidget(self.detail_head)
        row.addWidget(self.detail_words, 1)
        row.addWidget(self.same)
        row.addWidget(self.out)
        return self.detail

    # -- showing ------------------------------------------------------------------------------

    def show_rows(self, rows: CheckRows, names: Mapping[str, Mapping[int, str]]) -> None:
        """Show a plan."""
        self._rows = rows
        counts: dict[str, Any] = {
            **rows.counts,
            PROBLEMS: rows.problem_rows,
            INSIDE: len(rows.places(INSIDE)),
            LIKELY: len(rows.places(LIKELY)),
            GONE: len(rows.compared.vanished) if rows.compared is not None else 0,
        }
        written = rows.compared is not None and rows.plan.request.on_duplicate is OnDuplicate.UPDATE
        self.listed.show_list(rows.compared)
        self.gone.show_list(rows.compared)
        counts["skipped"] -= counts["waiting"]  # those have a chip of their own
        for what, name, words in _CHIPS:
            chip = self.chips[what]
            said = _OF_LIST.get(what, words) if written and isinstance(what, Action) else words
            chip.setText(f"{_(said)}  {format_number(counts[name])}")
            chip.setVisible(what is None or counts[name] > 0 or what == self._filter)
        self.save.setVisible(counts["rejected"] > 0)
        self.counts.setText(count_sentence(rows.counts))
        words_ = RowWords(rows, names, self._context.currency, self._context.zone)
        if not next(counts[name] for what, name, _said in _CHIPS if what == self._filter):
            self._filter = None
        fresh = self.model.columnCount() != CELLS + len(rows.headers)
        self._words = words_
        self._fill()
        if fresh:
            self._widths(rows)

    def filter_by(self, what: Action | str | None) -> None:
        """Show only the rows that do `what`."""
        self._filter = what
        self._fill()

    def _fill(self) -> None:
        for what, chip in self.chips.items():
            chip.setChecked(what == self._filter)
            chip.setProperty("on", "true" if what == self._filter else "")
            chip.style().unpolish(chip)
            chip.style().polish(chip)
        self.table.setVisible(self._filter != GONE)
        self.gone.setVisible(self._filter == GONE)
        self.model.show(self._rows, self._words, self._rows.places(self._filter))
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, STATE))
        self._current(self.table.currentIndex())

    def _widths(self, rows: CheckRows) -> None:
        px = self._context.theme.px
        metrics, head = self.table.fontMetrics(), self.model.headerData
        heads = [str(head(column, Qt.Orientation.Horizontal)) for column in range(CELLS)]
        words = max(metrics.horizontalAdvance(_(words)) for words, _icon, _colour in ACTIONS.values())
        # heads are bold, so a tenth wider
        wide = [int(metrics.horizontalAdvance(text) * 1.12) + px(22) for text in heads]
        self.table.setColumnWidth(STATE, max(words + px(44), wide[STATE]))
        self.table.setColumnWidth(NUMBER, max(px(56), wide[NUMBER]))
        told = rows.problem_rows > 0 or rows.counts["updated"] > 0
        self.table.setColumnWidth(WHAT, max(px(320 if told else 160), wide[WHAT]))
        for column, name in enumerate(rows.headers[:400]):
            texts = [rows.row(place).cells[column] for place in range(min(len(rows.plan.actions), 40))]
            width = max([metrics.horizontalAdvance(t[:60]) for t in (*texts, name + "  ")], default=0) + 24
            self.table.setColumnWidth(CELLS + column, min(max(width, px(64)), px(230)))

    def _current(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        there = index.isValid() and index.row() < self.model.rowCount()
        self.detail.setVisible(there)
        if not there:
            return
        row = self.model.preview(index.row())
        said = self.model.what(index.row())
        head = _("Row {row}: {what}").format(row=format_number(row.number), what=_(ACTIONS[row.action][0]))
        self.detail_head.setText(head)
        self.detail_words.setText(said or _("A new record is made of this row."))
        self.out.setText(_("Take it in") if self._is_out(row) else _("Leave this row out"))
        self.out.setVisible(self._is_out(row) or row.action is not Action.SKIP)
        self.same.setVisible(self._rows.may_be_known(row.place))
        self._speak_of_selection()

    @staticmethod
    def _is_out(row: Any) -> bool:
        return row.action is Action.SKIP and any(p.code in _TAKEN_OUT for p in row.problems)

    def _selected(self) -> list[int]:
        """The rows selected, the current one when none is."""
        model = self.table.selectionModel()
        rows = {model.currentIndex().row()}
        for span in model.selection().toList():  # by spans: asking for each row of 100,000 takes a minute
            rows.update(range(span.top(), span.bottom() + 1))
        return sorted(row for row in rows if 0 <= row < self.model.rowCount())

    def _speak_of_selection(self) -> None:
        rows = self._selected()
        if len(rows) > 1:
            words = ngettext("Leave {count} row out", "Leave {count} rows out", len(rows))
            if self._is_out(self.model.preview(rows[0])):
                words = ngettext("Take {count} row in", "Take {count} rows in", len(rows))
            self.out.setText(words.format(count=format_number(len(rows))))
            self.out.show()

    def leave_out(self) -> None:
        """Leave the rows selected out of the import, or take them in again, as the first of them says."""
        rows = self._selected()
        if rows:
            out = not self._is_out(self.model.preview(rows[0]))
            self._session.leave_out(self.model.numbers(rows), out)

    def take_as_same(self) -> None:
        """The rows selected are the companies that they are like."""
        likely = [row for row in self._selected() if self._rows.may_be_known(self.model.preview(row).place)]
        if likely:
            self._session.take_as_same(self.model.numbers(likely))

    def open_replace(self) -> None:
        """Ask what to replace in the column of the current cell."""
        index = self.table.currentIndex()
        column = max(index.column() - CELLS, 0)
        found = self.model.preview(index.row()).cells[column] if index.isValid() else ""
        popup = ReplacePopup(self._context.theme, self, self._rows.headers, column, found, self.replace_all)
        popup.open_under(self.replace)
        popup.new.setFocus()

    def replace_all(self, column: int, old: str, new: str, whole: bool) -> None:
        """Put another text in all cells of a column, in the rows that are shown."""
        texts = {}
        for number, cell in self.model.texts(column):
            fresh = (new if cell == old else cell) if whole else cell.replace(old, new) if old else cell
            if fresh != cell:
                texts[number, column] = fresh
        if texts:
            self._session.mend_all(texts)
        words = ngettext("{count} cell replaced", "{count} cells replaced", len(texts))
        self._context.toast(words.format(count=format_number(len(texts))))
