"""The first rows of the file as a grid, where a click says which row heads the columns."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from funneldesk.importing.header import column_letter
from funneldesk.text import _
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.import_wizard.views import PREVIEW_COLUMNS, FileView
from funneldesk.ui.theme import BODY, Theme
from funneldesk.ui.widgets.labels import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
_LONGEST = 200


def cell_style(theme: Theme) -> str:
    """Cells as far from their edge as the words of the head, and lines as quiet as all others."""
    return f"QTableView {{ gridline-color: {theme.line}; }} QTableView::item {{ padding: 0 6px; }}"


class FileGridModel(QAbstractTableModel):
    """Rows as they stand in the file."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: FileView | None = None
        self._bold = theme.font(BODY, bold=True)

    def show(self, view: FileView) -> None:
        """Show a file."""
        self.beginResetModel()
        self._view = view
        self.endResetModel()

    def number(self, row: int) -> int:
        """The number in the file of a row of the grid."""
        return self._view.rows[row][0] if self._view else 0

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() or self._view is None else len(self._view.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._view is None else min(self._view.sheet.columns, PREVIEW_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if role == _ROLE.DisplayRole:
            across = orientation == Qt.Orientation.Horizontal
            return column_letter(section) if across else str(self.number(section))
        hidden = self._view is not None and orientation == Qt.Orientation.Vertical
        if hidden and self._view is not None and self.number(section) in self._view.hidden:
            if role == _ROLE.DecorationRole:
                return theme_icon(self._theme, "eye-off", "quiet", 14)
            if role == _ROLE.ToolTipRole:
                return _("This row is hidden in the file. It is read like the others.")
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        view = self._view
        if view is None or not index.isValid():
            return None
        number, cells = view.rows[index.row()]
        text = cells[index.column()] if index.column() < len(cells) else ""
        if role == _ROLE.DisplayRole:
            return " ".join(text[:_LONGEST].split())
        if role == _ROLE.ToolTipRole:
            return plain_tooltip(text) if len(text) > 20 else None
        return self._dress(number, view, role)

    def _dress(self, number: int, view: FileView, role: int) -> Any:
        header = view.header
        if number in (header, view.above) and number:
            if role == _ROLE.FontRole:
                return QFont(self._bold)
            if role == _ROLE.BackgroundRole:
                return QColor(self._theme.selected)
        elif (number < header or number in view.hidden) and role == _ROLE.ForegroundRole:
            return QColor(self._theme.disabled)
        return None


class FileGrid(QTableView):
    """The grid; `header_chosen` carries the number of the row that was clicked."""

    header_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = FileGridModel(theme)
        self.setModel(self._model)
        self.setAccessibleName(_("First rows of the file"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setStyleSheet(cell_style(theme))
        self.verticalHeader().setDefaultSectionSize(theme.px(26))
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.verticalHeader().setSectionsClickable(True)
        self.verticalHeader().sectionClicked.connect(self._choose)
        self.horizontalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        )
        self.horizontalHeader().setHighlightSections(False)
        self.verticalHeader().setHighlightSections(False)
        self.clicked.connect(lambda index: self._choose(index.row()))

    def show_file(self, view: FileView) -> None:
        """Show the first rows of a file."""
        self._model.show(view)
        self.clearSpans()
        for merged in view.merges:
            self.setSpan(*merged)
        widest = self._theme.px(220)
        narrowest = self._theme.px(72)
        metrics = self.fontMetrics()
        across = {(row, column) for row, column, _high, wide in view.merges if wide > 1}
        for column in range(self._model.columnCount()):
            texts = [
                cells[column]
                for row, (_n, cells) in enumerate(view.rows[:30])
                if column < len(cells) and (row, column) not in across
            ]
            width = max((metrics.horizontalAdvance(text[:60]) for text in texts), default=0) + 24
            self.setColumnWidth(column, min(max(width, narrowest), widest))
        at = next((i for i, (number, _c) in enumerate(view.rows) if number == view.header), 0)
        self.setCurrentIndex(self._model.index(at, 0))
        self.clearSelection()
        self.scrollToTop()

    def _choose(self, row: int) -> None:
        self.header_chosen.emit(self._model.number(row))

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._choose(self.currentIndex().row())
            return
        super().keyPressEvent(event)
