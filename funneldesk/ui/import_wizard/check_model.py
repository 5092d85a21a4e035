"""The rows of a dry run as a table that holds only what is on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont

from funneldesk.importing.plan import Action
from funneldesk.text import N_, _, format_number
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.import_wizard.row_words import ACTIONS, RowWords
from funneldesk.ui.import_wizard.views import CheckRows
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.labels import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
STATE, NUMBER, WHAT, CELLS = range(4)  # the cells of the file begin at column CELLS
_HEADS = (N_("Row will be"), N_("Row"), N_("What changes, what is wrong"))
_LONGEST = 200


class CheckModel(QAbstractTableModel):
    """Rows by their places; a cell that is edited asks to be mended."""

    mended = Signal(int, int, str)  # number of the row in the file, column of the file, text

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: CheckRows | None = None
        self._words: RowWords | None = None
        self._places: Sequence[int] = ()
        self._pending: dict[tuple[int, int], str] = {}  # typed, not yet checked
        self._faint = QFont()
        self._faint.setItalic(True)

    def show(self, rows: CheckRows, words: RowWords, places: Sequence[int]) -> None:
        """Show rows of a plan; the view keeps its place when their number stays."""
        same = self._rows is not None and len(places) == len(self._places)
        same = same and self._rows is not None and rows.headers == self._rows.headers
        if not same:
            self.beginResetModel()
        self._rows, self._words, self._places = rows, words, places
        self._pending = {}
        if not same:
            self.endResetModel()
        elif places:
            self.dataChanged.emit(self.index(0, 0), self.index(len(places) - 1, self.columnCount() - 1))

    def preview(self, row: int) -> Any:
        """The row of the dry run that stands there."""
        assert self._rows is not None
        return self._rows.row(self._places[row])

    def numbers(self, rows: Sequence[int]) -> list[int]:
        """The numbers in the file of rows of the table."""
        assert self._rows is not None
        return [self._rows.plan.numbers[self._places[row]] for row in rows]

    def texts(self, column: int) -> list[tuple[int, str]]:
        """(number in the file, text) of a column in all rows shown."""
        return self._rows.texts(column, self._places) if self._rows is not None else []

    def what(self, row: int) -> str:
        """What a row does, in words."""
        return self._words.what(self.preview(row)) if self._words is not None else ""

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._rows is None else CELLS + len(self._rows.headers)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if role != _ROLE.DisplayRole or orientation != Qt.Orientation.Horizontal or self._rows is None:
            return None
        return _(_HEADS[section]) if section < CELLS else self._rows.headers[section - CELLS]

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() >= CELLS else flags

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid() or self._rows is None or index.row() >= len(self._places):
            return None
        row, column = self._rows.row(self._places[index.row()]), index.column()
        if role in (_ROLE.DisplayRole, _ROLE.EditRole, _ROLE.ToolTipRole):
            text = self._text(row, column)
            if role == _ROLE.ToolTipRole:
                said = self._words.of_cell(row, column - CELLS) if self._words and column >= CELLS else ""
                text = f"{text}\n{said}" if said else text
                return plain_tooltip(text) if said or len(text) > 24 else None
            return text if role == _ROLE.EditRole else " ".join(text[:_LONGEST].split())
        if role == _ROLE.DecorationRole and column == STATE:
            _words, icon, token = ACTIONS[row.action]
            return theme_icon(self._theme, icon, token)
        if role == _ROLE.TextAlignmentRole and column == NUMBER:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self._dress(row, column, role)

    def _text(self, row: Any, column: int) -> str:
        if column == STATE:
            return _(ACTIONS[row.action][0])
        if column == NUMBER:
            return format_number(row.number)
        if column == WHAT:
            return self._words.what(row) if self._words is not None else ""
        cell = column - CELLS
        pending = self._pending.get((row.number, cell))
        return row.cells[cell] if pending is None else pending

    def _dress(self, row: Any, column: int, role: int) -> Any:
        theme = self._theme
        if role == _ROLE.ForegroundRole:
            if column == STATE:
                return QColor(getattr(theme, ACTIONS[row.action][2]))
            if column == WHAT:
                return QColor(theme.danger if row.action is Action.REJECT else theme.quiet)
            if column == NUMBER or row.action in (Action.DUPLICATE, Action.SKIP):
                return QColor(theme.quiet)
        if role == _ROLE.BackgroundRole and column >= CELLS and self._rows is not None:
            name = self._rows.headers[column - CELLS]
            if any(problem.column == name for problem in row.problems):
                return QColor(theme.warning_back)
            if any(self._rows.column_of(field) == column - CELLS for field, _old, _new in row.changes):
                return QColor(theme.selected)
        if role == _ROLE.FontRole and (row.number, column - CELLS) in self._pending:
            return self._faint
        return None

    def setData(self, index: Index, value: Any, role: int = _ROLE.EditRole) -> bool:
        if role != _ROLE.EditRole or self._rows is None or index.column() < CELLS:
            return False
        row, cell = self._rows.row(self._places[index.row()]), index.column() - CELLS
        if str(value) == row.cells[cell]:
            return False
        self._pending[row.number, cell] = str(value)
        self.dataChanged.emit(index, index)
        self.mended.emit(row.number, cell, str(value))
        return True
