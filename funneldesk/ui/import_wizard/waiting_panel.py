"""Rows of imports that wait for a deal, a client or an invoice they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.change import Change
from funneldesk.errors import UserError
from funneldesk.field_words import field_title, kind_title
from funneldesk.importing.fields import Kind
from funneldesk.services.waiting import WaitingRow
from funneldesk.text import N_, _, error_text, format_number, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard.log_models import plain_table
from funneldesk.ui.theme import SPACE_2, SPACE_3
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.labels import Quiet, plain_tooltip

if TYPE_CHECKING:
    from funneldesk.store.database import Database

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_HEADS = (N_("What waits"), N_("Waits for"), N_("File"), N_("Row"), N_("Values"))
WHAT, FOR, FILE, ROW, VALUES = range(5)
_WANTED = {"deal": N_("deal"), "client": N_("client"), "invoice": N_("invoice")}
_LONGEST = 300


class WaitingModel(QAbstractTableModel):
    """One waiting row a line."""

    def __init__(self, danger: QColor) -> None:
        super().__init__()
        self._danger = danger
        self.rows: Sequence[WaitingRow] = ()

    def show(self, rows: Sequence[WaitingRow]) -> None:
        """Show these rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        return _(_HEADS[section]) if across and role == _ROLE.DisplayRole else None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self.rows[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return " ".join(self._text(row, column)[:_LONGEST].split())
        if role == _ROLE.ToolTipRole and column in (FOR, VALUES):
            return plain_tooltip(self._text(row, column))
        if role == _ROLE.ForegroundRole and row.code and column == FOR:
            return self._danger
        return None

    @staticmethod
    def _text(row: WaitingRow, column: int) -> str:
        if column == WHAT:
            return kind_title(Kind(row.kind))
        if column == FOR:
            if row.code:
                return error_text(UserError(row.code, column="", value=row.key))
            return f"{_(_WANTED[row.wants])} {row.key}"
        if column == FILE:
            return row.file
        if column == ROW:
            return format_number(row.row)
        return "  ·  ".join(f"{field_title(row.kind, key)}: {value}" for key, value in row.cells.items())


class WaitingPanel(QWidget):
    """The list, and throwing rows away; they come in by themselves with what they name."""

    counted = Signal(int)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        theme = context.theme
        self.model = WaitingModel(QColor(theme.danger))
        self.table = plain_table(theme, self.model, _("Rows that wait"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(VALUES, QHeaderView.ResizeMode.Stretch)
        head.setMaximumSectionSize(theme.px(320))
        self.drop = push_button(_("Throw away"), self.throw_away, theme=theme, icon="trash-2")
        words = Quiet(_("A row comes in by itself as soon as what it names is there."), wrap=True)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_3)
        foot.addWidget(words, 1)
        foot.addWidget(self.drop)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(full)
        self._stack.addWidget(
            EmptyState(
                theme, "hourglass",
                _("A row that names a deal, a client or an invoice that is not there yet waits here for it."),
                title=_("Nothing waits"),
            )
        )  # fmt: skip
        self.table.selectionModel().selectionChanged.connect(lambda *_both: self._speak())

    def reload(self) -> None:
        """Read the rows that wait."""

        def read(db: Database) -> list[WaitingRow]:
            from funneldesk.services import waiting

            return waiting.waiting(db)

        self._context.tasks.read(read, self._show, receiver=self)

    def _show(self, rows: list[WaitingRow]) -> None:
        self.model.show(rows)
        self._stack.setCurrentIndex(0 if rows else 1)
        if rows:
            self.table.setCurrentIndex(self.model.index(0, WHAT))
        self._speak()
        self.counted.emit(len(rows))

    def _selected(self) -> list[int]:
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        return [self.model.rows[row].id for row in sorted(rows)]

    def _speak(self) -> None:
        count = len(self._selected())
        words = ngettext("Throw {count} row away", "Throw {count} rows away", count)
        self.drop.setText(words.format(count=format_number(count)) if count > 1 else _("Throw away"))
        self.drop.setEnabled(count > 0 and not self._context.read_only)

    def throw_away(self) -> None:
        """Throw the rows selected away; the message offers to undo it."""
        ids, me = self._selected(), self._context.me
        if not ids:
            return

        def work(db: Database) -> Change:
            from funneldesk.services import acting, waiting

            return waiting.drop(db, ids, actor=acting.actor(db, me))

        self._context.tasks.write(work, self._context.tell, lambda _error: self.reload())
