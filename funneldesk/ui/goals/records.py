"""Costs of sources, marked changes and standards of contact: a table each, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.change import Change
from funneldesk.domain.goals import Mark, SourceCost, Standard, StandardKind
from funneldesk.text import _, format_date, format_money, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.goals.dialogs import CostDialog, MarkDialog, StandardDialog
from funneldesk.ui.theme import ROW_HEIGHT, SPACE_2, SPACE_3
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.services.reporting import ReportChoices
    from funneldesk.store.database import Database

Record = SourceCost | Mark | Standard
Found = tuple[Sequence[Any], "ReportChoices"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is kept in a part: its words, its columns, how a row is told and asked for."""

    record: type[Record]
    icon: str
    add: str
    about: str
    empty_title: str
    heads: tuple[str, ...]
    wide: int  # the column that takes what is left
    read: Callable[[Database], Sequence[Any]]
    cells: Callable[[Any, ReportChoices, AppContext], tuple[str, ...]]
    dialog: Callable[[AppContext, QWidget, Any, ReportChoices], QDialog]
    right: tuple[int, ...] = ()


class RecordsPart(QWidget):
    """A table with Add, Change and Remove; without rows it says what they are for."""

    def __init__(self, context: AppContext, kind: Kind) -> None:
        super().__init__()
        self._context = context
        self._kind = kind
        self._records: Sequence[Any] = ()
        self._choices: ReportChoices | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.stack = QStackedWidget()
        column.addWidget(self.stack)
        self.empty = EmptyState(
            context.theme, kind.icon, kind.about, kind.add, self.add, title=kind.empty_title
        )
        self.empty.button.setEnabled(not context.read_only)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._full())
        self.reload()

    def _full(self) -> QWidget:
        theme, kind, full = self._context.theme, self._kind, QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_3)
        column.addWidget(Quiet(kind.about, wrap=True))
        self.table = QTableWidget(0, len(kind.heads))
        self.table.setAccessibleName(kind.empty_title)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(kind.wide, QHeaderView.ResizeMode.Stretch)
        for number, words in enumerate(kind.heads):
            self.table.setHorizontalHeaderItem(number, self._cell(number, words))
        self.table.doubleClicked.connect(lambda _index: self.change())
        self.table.itemSelectionChanged.connect(self._enable)
        for key, act in ((Qt.Key.Key_Delete, self.remove), (Qt.Key.Key_Return, self.change)):
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)
        column.addWidget(self.table, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        self.add_button = PrimaryButton(kind.add, self.add, theme=theme, icon="plus")
        self.change_button = push_button(_("Change…"), self.change, theme=theme, icon="pencil")
        self.remove_button = push_button(_("Remove"), self.remove, theme=theme, icon="trash-2")
        for button in (self.add_button, self.change_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        return full

    def reload(self) -> None:
        """Read the records anew."""
        read = self._kind.read

        def ask(db: Database) -> Found:
            from funneldesk.services import reporting

            return read(db), reporting.choices(db)

        key = f"goals-{self._kind.record.__name__}"
        self._context.tasks.read(ask, self._show, receiver=self, key=key)

    def _show(self, found: Found) -> None:
        self._records, self._choices = found
        place = max(0, self.table.currentRow())
        self.table.setRowCount(len(self._records))
        for row, record in enumerate(self._records):
            for number, words in enumerate(self._kind.cells(record, self._choices, self._context)):
                self.table.setItem(row, number, self._cell(number, words))
        self.stack.setCurrentIndex(1 if self._records else 0)
        if self._records:
            self.table.setCurrentCell(min(place, len(self._records) - 1), 0)
        self._enable()

    def _cell(self, column: int, words: str) -> QTableWidgetItem:
        side = Qt.AlignmentFlag.AlignRight if column in self._kind.right else Qt.AlignmentFlag.AlignLeft
        item = QTableWidgetItem(words)
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        return item

    def chosen(self) -> Any:
        """The record of the selected row, None without one."""
        row = self.table.currentRow()
        return self._records[row] if 0 <= row < len(self._records) else None

    def _enable(self) -> None:
        writable = not self._context.read_only
        self.add_button.setEnabled(writable)
        for button in (self.change_button, self.remove_button):
            button.setEnabled(writable and self.chosen() is not None)

    def add(self) -> None:
        """Ask for a new one."""
        self._open(None)

    def change(self) -> None:
        """Alter the chosen one."""
        if self.chosen() is not None:
            self._open(self.chosen())

    def _open(self, record: Any) -> None:
        if self._choices is None or self._context.read_only:
            return
        dialog = self._kind.dialog(self._context, self, record, self._choices)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def remove(self) -> None:
        """Take the chosen one away; the toast brings it back."""
        record = self.chosen()
        if record is None or self._context.read_only:
            return

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import goals

            return goals.delete(db, type(record), record.id, actor=actor)

        save(self._context, write, self)


def cost_kind() -> Kind:
    """Costs of sources."""
    return Kind(
        SourceCost,
        "coins",
        _("Enter a cost…"),
        _("What a source cost over some days: an advertisement, an exhibition, a bought list. The report on "
          "sources spreads it by day and counts what it returned."),
        _("Costs of sources"),
        (_("Source"), _("First day"), _("Last day"), _("Amount"), _("Comment")),
        4,
        _read_costs,
        _cost_cells,
        CostDialog,
        right=(3,),
    )  # fmt: skip


def mark_kind() -> Kind:
    """Marked changes."""
    return Kind(
        Mark,
        "flag",
        _("Mark a change…"),
        _("A day worth remembering when numbers move: a new price list, a new script, a new team. The "
          "report on dynamics shows it."),
        _("Marked changes"),
        (_("Day"), _("What changed"), _("Funnel")),
        1,
        _read_marks,
        _mark_cells,
        MarkDialog,
    )  # fmt: skip


def standard_kind() -> Kind:
    """Standards of contact."""
    return Kind(
        Standard,
        "timer",
        _("Set a standard…"),
        _("How often a client with open deals must hear from you, and how soon a new lead is answered."),
        _("Standards of contact"),
        (_("Standard"), _("Holds for")),
        1,
        _read_standards,
        _standard_cells,
        StandardDialog,
    )


def standard_words(standard: Standard) -> str:
    """What a standard asks."""
    limit = standard.limit_
    count = int(limit) if limit == int(limit) else 2
    shown = format_number(limit, 0 if limit == int(limit) else 1)
    if standard.kind == StandardKind.ANSWER:
        words = ngettext("An answer within {count} hour", "An answer within {count} hours", count)
    else:
        words = ngettext(
            "A contact at least every {count} day", "A contact at least every {count} days", count
        )
    return words.format(count=shown)


def _read_costs(db: Database) -> Sequence[Any]:
    from funneldesk.services import goals

    return goals.costs(db)


def _read_marks(db: Database) -> Sequence[Any]:
    from funneldesk.services import goals

    return goals.marks(db)


def _read_standards(db: Database) -> Sequence[Any]:
    from funneldesk.services import goals

    return goals.standards(db)


def _cost_cells(cost: SourceCost, choices: ReportChoices, _context: AppContext) -> tuple[str, ...]:
    names = {source.id: source.name for source in choices.sources}
    return (
        names.get(cost.source_id, "–"),
        _day(cost.first_day),
        _day(cost.last_day),
        format_money(cost.amount, cost.currency),
        cost.comment or "",
    )


def _mark_cells(mark: Mark, choices: ReportChoices, _context: AppContext) -> tuple[str, ...]:
    funnels = {view.funnel.id: view.funnel.name for view in choices.funnels}
    funnel = _("all") if mark.funnel_id is None else funnels.get(mark.funnel_id, "–")
    return _day(mark.day), mark.title, funnel


def _standard_cells(standard: Standard, choices: ReportChoices, _context: AppContext) -> tuple[str, ...]:
    where = []
    if standard.stage_id is not None:
        stages = {s.id: f"{v.funnel.name} · {s.name}" for v in choices.funnels for s in v.stages}
        where.append(stages.get(standard.stage_id, "–"))
    if standard.category:
        where.append(_("clients of the category {name}").format(name=standard.category))
    if not where:
        where = [_("all leads") if standard.kind == StandardKind.ANSWER else _("all open deals")]
    return standard_words(standard), ", ".join(where)


def _day(text: str) -> str:
    return format_date(date.fromisoformat(text))
