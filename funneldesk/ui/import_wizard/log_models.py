"""The tables of the list of imports: the imports, and what one of them made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableView

from funneldesk.domain.import_log import ImportLine, MadeRecord
from funneldesk.text import N_, _, format_number
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.import_wizard.file_grid import cell_style
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.labels import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
FILE, WHEN, WHO, NEW, UPDATED, STATE = range(6)
_HEADS = (N_("File"), N_("When"), N_("Who"), N_("New rows"), N_("Updates"), N_("Now"))
STATES = {
    "done": (N_("in the base"), "circle-check", "success"),
    "undone": (N_("undone"), "undo-2", "quiet"),
    "taken_back": (N_("taken back"), "undo-2", "quiet"),
}


class ImportsModel(QAbstractTableModel):
    """One import a row."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self.lines: tuple[ImportLine, ...] = ()

    def show(self, lines: Sequence[ImportLine]) -> None:
        """Show these imports."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if across and role == _ROLE.TextAlignmentRole and section in (NEW, UPDATED):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return _(_HEADS[section]) if across and role == _ROLE.DisplayRole else None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], index.column()
        if role == _ROLE.DisplayRole:
            return self._text(line, column)
        if role == _ROLE.ToolTipRole and column == FILE:
            return plain_tooltip(line.file)
        if role == _ROLE.TextAlignmentRole and column in (NEW, UPDATED):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == _ROLE.DecorationRole and column == STATE:
            return theme_icon(self._theme, STATES[line.state][1], STATES[line.state][2])
        if role == _ROLE.ForegroundRole and (line.state != "done" or column in (WHEN, WHO)):
            return QColor(self._theme.quiet)
        return None

    def _text(self, line: ImportLine, column: int) -> str:
        if column == FILE:
            return " ".join(line.file.split())
        if column == WHEN:
            return moment(line.at, self._zone)
        if column == WHO:
            return line.who or "–"
        if column == STATE:
            return _(STATES[line.state][0])
        return format_number(line.counts["created" if column == NEW else "updated"])


class MadeModel(QAbstractTableModel):
    """What an import made: what it is, its name, a word more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.records: Sequence[MadeRecord] = ()

    def show(self, records: Sequence[MadeRecord]) -> None:
        """Show these records."""
        self.beginResetModel()
        self.records = records
        self.endResetModel()

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return _("Name") if section == 0 else _("Details")
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record = self.records[index.row()]
        if role == _ROLE.DisplayRole:
            text = record.name if index.column() == 0 else record.more
            return " ".join(text[:200].split())
        if role == _ROLE.ForegroundRole and index.column() == 1:
            return QColor(self._theme.quiet)
        return None


def moment(at: int, zone: ZoneInfo) -> str:
    """A day and the time of day."""
    from funneldesk.domain.clock import from_micros
    from funneldesk.text import format_date

    return f"{format_date(at, zone)}, {from_micros(at).astimezone(zone):%H:%M}"


def plain_table(theme: Theme, model: QAbstractTableModel, name: str) -> QTableView:
    """A table of rows without a grid."""
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setStyleSheet(cell_style(theme))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.px(28))
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table
