"""The view of long tables: rows of one height, a delegate that asks little, columns to choose."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QLocale, QMimeData, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from funneldesk.settings import Settings
from funneldesk.text import _
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import ROW_HEIGHT, Theme
from funneldesk.ui.widgets.paged_model import HEADING, RAW, Index, PagedModel, Row, TableColumn

PAD = 8


class RowDelegate(QStyledItemDelegate):
    """Paints a cell with one question to the model: its text."""

    def __init__(self, theme: Theme, model: PagedModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._theme = theme
        self._keys = tuple(column.key for column in model.columns)
        self._right = tuple(column.numeric for column in model.columns)
        self._selected = theme.color("selected")
        self._band = theme.color("sunken")
        self._hover = theme.color("surface" if not theme.dark else "sunken")
        self._line = QPen(theme.color("line"))
        self._text = QPen(theme.color("text"))
        self._waiting = theme.color("hover")
        self._pens: dict[str, QPen] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area = option.rect
        column = index.column()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self._selected)
        painter.setPen(self._line)
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        row = self._rows.row_data(index.row())
        if row is None:
            bar = area.adjusted(PAD, area.height() // 3, -max(PAD, area.width() // 4), -area.height() // 3)
            painter.fillRect(bar, self._waiting)
            return
        if HEADING in row:
            self._paint_heading(painter, option, str(row[HEADING]))
            return
        key = self._keys[column]
        text = row.get(key)
        if not text:
            return
        painter.setPen(self._pen(row.get(f"{key}.color")))
        inside = area.adjusted(PAD, 0, -PAD, 0)
        metrics = option.fontMetrics
        if (
            len(text) * metrics.maxWidth() > inside.width()
            and metrics.horizontalAdvance(text) > inside.width()
        ):
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        side = Qt.AlignmentFlag.AlignRight if self._right[column] else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inside, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        """Each cell paints its part of one line that runs over the whole row."""
        area, table = option.rect, option.widget
        painter.save()
        painter.setClipRect(area)
        chosen = option.state & QStyle.StateFlag.State_Selected
        painter.fillRect(area, self._selected if chosen else self._band)
        painter.setPen(self._line)
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        font = painter.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self._text)
        whole = area.adjusted(PAD - area.left(), 0, 0, 0)
        if isinstance(table, QTableView):
            whole.setWidth(max(whole.width(), table.viewport().width() - PAD))
        painter.drawText(whole, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)
        painter.restore()

    def _pen(self, token: str | None) -> QPen:
        if not token:
            return self._text
        if token not in self._pens:
            self._pens[token] = QPen(self._theme.color(token))
        return self._pens[token]


class PagedTable(QTableView):
    """A table over a PagedModel.  `name` is under which its columns and widths are remembered."""

    opened = Signal(int)  # Enter or a double click on the record with this id
    ids_selected = Signal(object)  # list of the ids selected
    sort_wished = Signal(str, bool)  # column key, descending: the screen sorts by SQL
    heading_clicked = Signal(int)  # the (negative) id of a group's heading
    menu_wished = Signal(QPoint)  # context menu of the selection, global position

    def __init__(
        self,
        name: str,
        model: PagedModel,
        settings: Settings,
        tasks: TaskRunner,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._rows = model
        self._settings = settings
        self._tasks = tasks
        self._sort: tuple[str, bool] | None = None
        self.setModel(model)
        self.setItemDelegate(RowDelegate(theme, model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda spot: self.menu_wished.emit(self.viewport().mapToGlobal(spot))
        )
        side = self.verticalHeader()
        side.setVisible(False)
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setMinimumSectionSize(16)
        side.setDefaultSectionSize(theme.px(36 if settings.comfortable_rows else ROW_HEIGHT))
        self._dress_header(theme)
        self.doubleClicked.connect(lambda index: self._open(index.row(), again=True))
        self.clicked.connect(lambda index: self._click_heading(index.row()))
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(800)
        self._save.timeout.connect(self._remember)

    # -- what a screen calls ------------------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """The ids of the selected rows, in their order."""
        found = [self._rows.id_at(row) for row in self._selected_rows()]
        return [record_id for record_id in found if record_id > 0]

    def select_id(self, record_id: int) -> None:
        """Select and show one record, when it is in the list."""
        ids = self._rows.ids()
        if record_id in ids:
            row = list(ids).index(record_id)
            self.selectRow(row)
            self.scrollTo(self._rows.index(row, 0))

    def set_sort(self, key: str, descending: bool) -> None:
        """Show which column the rows are sorted by."""
        self._sort = (key, descending)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        number = next((i for i, c in enumerate(self._rows.columns) if c.key == key), -1)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(number >= 0)
        header.setSortIndicator(number, order)

    def shown_columns(self) -> list[TableColumn]:
        """The columns that are visible, from left to right."""
        header = self.horizontalHeader()
        order = [header.logicalIndex(i) for i in range(header.count())]
        return [self._rows.columns[i] for i in order if not self.isColumnHidden(i)]

    def set_column_shown(self, key: str, shown: bool) -> None:
        """Show or hide a column, and remember it."""
        number = next(i for i, c in enumerate(self._rows.columns) if c.key == key)
        self.setColumnHidden(number, not shown)
        self._remember()

    def show_columns(self, keys: Sequence[str]) -> None:
        """Show exactly these columns in this order (the first one always), and remember it."""
        header = self.horizontalHeader()
        wanted = [key for key in keys if any(c.key == key for c in self._rows.columns)]
        for number, column in enumerate(self._rows.columns):
            self.setColumnHidden(number, number != 0 and column.key not in wanted)
        for place, key in enumerate(wanted):
            number = next(i for i, c in enumerate(self._rows.columns) if c.key == key)
            header.moveSection(header.visualIndex(number), place)
        self._remember()

    def copy(self) -> None:
        """Put the selected rows on the clipboard as tab-separated text and as HTML."""
        rows, columns = self._selected_rows(), self.shown_columns()
        if rows:
            self._tasks.read(
                lambda db: self._rows.fetch_now(db, rows),
                lambda found: _to_clipboard(found, columns),
                receiver=self,
            )

    # -- inside -------------------------------------------------------------------------------

    def _open(self, row: int, *, again: bool = False) -> None:
        record_id = self._rows.id_at(row)
        if record_id > 0:
            self.opened.emit(record_id)
        elif not again:  # a double click has told of its first one
            self.heading_clicked.emit(record_id)

    def _click_heading(self, row: int) -> None:
        if row < self._rows.rowCount() and self._rows.id_at(row) < 0:
            self.heading_clicked.emit(self._rows.id_at(row))

    def _selected_rows(self) -> list[int]:
        rows: set[int] = set()
        selection: Any = self.selectionModel().selection()  # a list, which the stubs do not say
        for block in (selection[i] for i in range(selection.count())):
            rows.update(range(block.top(), block.bottom() + 1))
        return sorted(rows)

    def _dress_header(self, theme: Theme) -> None:
        header = self.horizontalHeader()
        header.ensurePolished()
        header.setSortIndicatorShown(True)  # to leave room for its mark beside each head
        # With the table's own selection a head asks every row whether its column is selected.
        header.setSelectionModel(QItemSelectionModel(self._rows, self))
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setMinimumSectionSize(theme.px(48))
        header.setFixedHeight(theme.px(ROW_HEIGHT + 2))
        header.setSectionsClickable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)
        header.sectionClicked.connect(self._clicked)
        shown = self._settings.columns.get(self._name)
        widths = self._settings.widths.get(self._name, {})
        keys = [column.key for column in self._rows.columns]
        for number, column in enumerate(self._rows.columns):
            head = header.sectionSizeHint(number)
            self.setColumnWidth(number, widths.get(column.key) or max(theme.px(column.width), head))
            self.setColumnHidden(number, column.key not in shown if shown else not column.shown)
        header.setSortIndicatorShown(False)
        for place, key in enumerate(k for k in shown or () if k in keys):
            header.moveSection(header.visualIndex(keys.index(key)), place)
        header.sectionResized.connect(lambda *_sizes: self._save.start())
        header.sectionMoved.connect(lambda *_places: self._save.start())

    def _remember(self) -> None:
        self._settings.columns[self._name] = [column.key for column in self.shown_columns()]
        self._settings.widths[self._name] = {
            column.key: self.columnWidth(number)
            for number, column in enumerate(self._rows.columns)
            if not self.isColumnHidden(number)
        }
        self._settings.save()

    def _clicked(self, number: int) -> None:
        column = self._rows.columns[number]
        if column.sortable:
            again = self._sort is not None and self._sort[0] == column.key
            descending = bool(again and self._sort and not self._sort[1])
            self.set_sort(column.key, descending)
            self.sort_wished.emit(column.key, descending)
        elif self._sort is not None:
            self.set_sort(*self._sort)

    def _choose_columns(self, spot: QPoint) -> None:
        menu = self.column_menu()
        menu.exec(self.horizontalHeader().mapToGlobal(spot))
        menu.deleteLater()

    def column_menu(self) -> QMenu:
        """The menu of columns to show."""
        menu = QMenu(self)
        title = menu.addAction(_("Columns"))
        title.setEnabled(False)
        for number, column in enumerate(self._rows.columns):
            action = QAction(column.title.replace("&", "&&"), menu)
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(number))
            action.setEnabled(number != 0)
            action.toggled.connect(lambda on, key=column.key: self.set_column_shown(key, on))
            menu.addAction(action)
        return menu

    # Qt overrides

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.ids_selected.emit(self.selected_ids())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


def _to_clipboard(rows: Sequence[Row], columns: Sequence[TableColumn]) -> None:
    heads = [column.title for column in columns]
    lines = [[cell_text(row, column.key) for column in columns] for row in rows]
    plain = "\n".join("\t".join(_one_line(cell) for cell in line) for line in (heads, *lines))
    cells = "".join(
        "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in line) + "</tr>"
        for tag, line in (("th", heads), *(("td", line) for line in lines))
    )
    mime = QMimeData()
    mime.setText(plain)
    mime.setHtml(f"<table>{cells}</table>")
    QGuiApplication.clipboard().setMimeData(mime)


def cell_text(row: Row, key: str) -> str:
    """A cell as a spreadsheet reads it: numbers bare, with the system's decimal mark."""
    number = row.get(f"{key}{RAW}")
    if number is None:
        return str(row.get(key) or "")
    return format(number, "f").replace(".", QLocale.system().decimalPoint())


def _one_line(cell: str) -> str:
    return " ".join(cell.split()) if any(c in cell for c in "\t\n\r") else cell
