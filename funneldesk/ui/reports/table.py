"""The table of a report: the chart's numbers to read, copy and click."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from funneldesk.domain.results import Report
from funneldesk.report_words import Shown, has_total_row, is_few, opens_deals, shown_columns, total_name
from funneldesk.text import _
from funneldesk.ui.theme import ROW_HEIGHT, SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.labels import plain_tooltip

MEASURED = 300  # rows looked at for the width of a column
SHORTEST_WORDS = 160  # a column of words is not narrowed below this
MOST_ROWS = 16  # shown at once; a longer table scrolls inside itself

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
Row = Mapping[str, Any]


class ReportModel(QAbstractTableModel):
    """Rows of a report as text; the totals are the last row where they have its columns."""

    def __init__(self, theme: Theme, report: Report | None = None) -> None:
        super().__init__()
        self._theme = theme
        self.report = report
        self.columns: list[Shown] = []
        self._order: list[int] = []
        self._total = False
        if report is not None:
            self.set_report(report)

    def set_report(self, report: Report) -> None:
        """Show another report in its own order."""
        self.beginResetModel()
        self.report = report
        self.columns = shown_columns(report)
        self._order = list(range(len(report.rows)))
        self._total = has_total_row(report)
        self.endResetModel()

    def row_index(self, row: int) -> int | None:
        """The report's row in a line of the table; None = the totals."""
        return self._order[row] if row < len(self._order) else None

    def row_values(self, row: int) -> Row:
        """The values of a line."""
        assert self.report is not None
        index = self.row_index(row)
        return self.report.totals if index is None else self.report.rows[index]

    def opens(self, row: int, column: int) -> bool:
        """Whether a cell's number leads to deals."""
        assert self.report is not None
        return opens_deals(self.report, self.row_values(row), self.columns[column])

    def text(self, row: int, column: int) -> str:
        """What a cell says."""
        assert self.report is not None
        shown = self.columns[column]
        if column == 0 and self.row_index(row) is None:
            return total_name(shown)
        return shown.text(self.report, self.row_values(row))

    # Qt overrides

    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._order) + self._total

    def columnCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            label = self.columns[section].label
            return two_lines(label) if role == Qt.ItemDataRole.DisplayRole else label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(row, column)
        if role == Qt.ItemDataRole.FontRole and self._strong(row):
            return self._theme.font(bold=True)
        if role == Qt.ItemDataRole.ToolTipRole and not self.columns[column].numeric:
            return plain_tooltip(self.text(row, column))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if self.report is None:
            return
        rows, down = self.report.rows, order == Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        self._order = list(range(len(rows)))
        if 0 <= column < len(self.columns):
            key = self.columns[column].column.key
            known = [i for i in self._order if rows[i].get(key) is not None]
            known.sort(key=lambda i: rows[i][key], reverse=down)
            # unknown ones stay at the end either way
            self._order = known + [i for i in self._order if rows[i].get(key) is None]
        self.layoutChanged.emit()

    def _align(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.columns[column].numeric else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def _strong(self, row: int) -> bool:
        return self.row_index(row) is None or self.row_values(row).get("scope") == "team"

    def _colour(self, row: int, column: int) -> Any:
        assert self.report is not None
        shown, values = self.columns[column], self.row_values(row)
        flag = values.get("flag") if shown.column.key == "flag" else None
        if flag in ("leak", "boost"):
            return self._theme.color(f"{flag}_text")
        if flag is not None or is_few(self.report, values, shown.range_of or shown.column.key):
            return self._theme.color("quiet")
        return self._theme.color("accent") if self.opens(row, column) else None


def two_lines(label: str, letters: int = 11) -> str:
    """A long head broken at the space nearest to its middle."""
    spaces = [i for i, letter in enumerate(label) if letter == " "]
    if len(label) <= letters or not spaces:
        return label
    at = min(spaces, key=lambda i: abs(i - len(label) / 2))
    return f"{label[:at]}\n{label[at + 1 :]}"


class ReportTable(QTableView):
    """`opened` carries (row or None, key) of the number a person clicked or pressed Enter on."""

    opened = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows = ReportModel(theme)
        self.setModel(self.rows)
        self.setAccessibleName(_("Table of the report"))
        self.setShowGrid(False)
        self.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(theme.px(ROW_HEIGHT))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setMinimumSectionSize(theme.px(56))
        head.setSectionsClickable(True)
        head.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self.clicked.connect(self._clicked)

    def show_report(self, report: Report) -> None:
        """Show another report, columns as wide as what is in them."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.rows.set_report(report)
        self._spread()
        self.setVisible(bool(report.columns))

    def selected_text(self) -> tuple[str, str]:
        """The selected cells, or the whole table with its heads, as tab-separated text and HTML."""
        picked = self.selectedIndexes()
        whole = len(picked) < 2
        rows = sorted({i.row() for i in picked}) if not whole else list(range(self.rows.rowCount()))
        columns = sorted({i.column() for i in picked}) if not whole else list(range(len(self.rows.columns)))
        lines = [[self.rows.columns[c].label for c in columns]] if whole else []
        lines += [[self.rows.text(r, c) for c in columns] for r in rows]
        plain = "\n".join("\t".join(line) for line in lines)
        cells = ("".join(f"<td>{escape(cell)}</td>" for cell in line) for line in lines)
        return plain, "<table>" + "".join(f"<tr>{line}</tr>" for line in cells) + "</table>"

    def copy(self) -> None:
        """Put the selected cells, or the whole table, on the clipboard."""
        plain, html = self.selected_text()
        data = QMimeData()
        data.setText(plain)
        data.setHtml(html)
        QGuiApplication.clipboard().setMimeData(data)

    def _spread(self) -> None:
        """Columns as wide as their words; what is left of the width goes to all, most to the first."""
        metrics, head = QFontMetrics(self._theme.font(bold=True)), self.horizontalHeader()
        pad, widths = self._theme.px(2 * SPACE_2 + SPACE_3), []
        for column, shown in enumerate(self.rows.columns):
            texts = two_lines(shown.label).split("\n")
            texts += [self.rows.text(row, column) for row in range(min(self.rows.rowCount(), MEASURED))]
            widths.append(max(metrics.horizontalAdvance(text) for text in texts) + pad)
        self._shorten(widths, sum(widths) - self.viewport().width())
        free = self.viewport().width() - sum(widths)
        share = max(0, free // (len(widths) + 2)) if widths else 0
        for column, wide in enumerate(widths):
            head.resizeSection(column, wide + share * (3 if column == 0 else 1))
        lines = max((two_lines(shown.label).count("\n") + 1 for shown in self.rows.columns), default=1)
        head.setFixedHeight(metrics.lineSpacing() * lines + self._theme.px(SPACE_3))
        self.setFixedHeight(self.sizeHint().height())

    def _shorten(self, widths: list[int], over: int) -> None:
        """Take what is over from the long words, so that numbers stay in sight; the mouse tells the whole."""
        least = self._theme.px(SHORTEST_WORDS)
        words = [place for place, shown in enumerate(self.rows.columns) if not shown.numeric]
        if over > sum(max(0, widths[place] - least) for place in words):
            return  # the table is wider all the same: then its words need not be cut
        for place in sorted(words, key=lambda place: -widths[place]):
            cut = max(0, min(over, widths[place] - least))
            widths[place] -= cut
            over -= cut

    def _clicked(self, index: QModelIndex) -> None:
        if self.rows.opens(index.row(), index.column()):
            self.opened.emit(self.rows.row_index(index.row()), self.rows.columns[index.column()].column.key)

    # Qt overrides

    def sizeHint(self) -> QSize:
        rows = min(self.rows.rowCount(), MOST_ROWS)
        head = self.horizontalHeader().height()
        bar = self.horizontalScrollBar().sizeHint().height() if self._too_wide() else 0
        return QSize(400, head + rows * self._theme.px(ROW_HEIGHT) + bar + 4)

    def _too_wide(self) -> bool:
        return self.horizontalHeader().length() > self.viewport().width()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width() and self.rows.report is not None:
            self._spread()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        hot = index.isValid() and self.rows.opens(index.row(), index.column())
        shape = Qt.CursorShape.PointingHandCursor if hot else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._clicked(self.currentIndex())
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: Any) -> None:
        # a table that shows all its rows leaves the wheel to the page
        if self.rows.rowCount() <= MOST_ROWS and not event.angleDelta().x():
            event.ignore()
            return
        super().wheelEvent(event)
