"""The plans of a year as a grid: managers and the team down, months across."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from funneldesk.domain.goals import Measure
from funneldesk.domain.money import from_minor
from funneldesk.services.goals import PlanCell
from funneldesk.text import _, format_amount, format_number
from funneldesk.ui.goals.block import Placed
from funneldesk.ui.theme import ROW_HEIGHT, Theme
from funneldesk.ui.widgets.fields import number_locale
from funneldesk.ui.widgets.labels import plain_tooltip

MONTHS = 12
_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
Values = Mapping[tuple[int | None, str], int]  # (manager or the team, month)


def month_name(number: int) -> str:
    """The short name of a month, 1 to 12, as a head."""
    name = number_locale().standaloneMonthName(number, QLocale.FormatType.ShortFormat)
    return name[:1].upper() + name[1:].rstrip(".")


def shared(needs: Sequence[int], room: int) -> list[int]:
    """Widths of columns that fill `room` and are as alike as what each needs allows.

    Where there is not room for all, each has what it needs.
    """
    widths = list(needs)
    left, count = room, len(widths)
    for place in sorted(range(count), key=lambda each: -needs[each]):
        widths[place] = max(needs[place], left // count)
        left, count = left - widths[place], count - 1
    return widths


class PlanModel(QAbstractTableModel):
    """Goals of one measure; the last column is the year together.

    What is typed is told by `typed` (row, column, text); it comes back with the next reading.
    """

    typed = Signal(int, int, str)

    def __init__(self, theme: Theme, currency: str) -> None:
        super().__init__()
        self._theme = theme
        self._currency = currency
        self.people: list[tuple[int | None, str]] = []
        self.year = 2000
        self.measure = Measure.MONEY
        self.editable = True
        self._values: Values = {}

    def show_plans(
        self, people: Sequence[tuple[int | None, str]], year: int, measure: Measure, values: Values
    ) -> None:
        """Show these goals; the place in the grid stays when its rows are the same ones."""
        same = self.people == list(people)
        if not same:
            self.beginResetModel()
        self.people, self.year, self.measure, self._values = list(people), year, measure, dict(values)
        if not same:
            self.endResetModel()
            return
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.people) - 1, MONTHS))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, MONTHS)

    def month(self, column: int) -> str:
        """The month of a column."""
        return f"{self.year:04}-{column + 1:02}"

    def value(self, row: int, column: int) -> int | None:
        """A goal that is set."""
        return self._values.get((self.people[row][0], self.month(column)))

    def shown(self, row: int, column: int) -> tuple[int | None, bool]:
        """The number of a cell, and whether it is only the sum of others."""
        if column == MONTHS:
            known = [self.shown(row, each)[0] for each in range(MONTHS)]
            given = [each for each in known if each is not None]
            return (sum(given) if given else None), True
        own = self.value(row, column)
        if own is not None or self.people[row][0] is not None:
            return own, False
        month = self.month(column)
        summed = [v for (who, when), v in self._values.items() if when == month and who is not None]
        return (sum(summed) if summed else None), True

    def cells(self, placed: Placed) -> list[PlanCell]:
        """What is to be set."""
        return [
            PlanCell(self.month(column), self.people[row][0], self.measure, value)
            for row, column, value in placed.cells
        ]

    def plain(self, row: int, column: int) -> str:
        """A number as a spreadsheet takes it."""
        number = self.shown(row, column)[0]
        if number is None:
            return ""
        units = from_minor(number, self._currency) if self.measure is Measure.MONEY else Decimal(number)
        whole = units == units.to_integral_value()
        if whole:
            return str(int(units))
        return format(units.normalize(), "f").replace(".", number_locale().decimalPoint())

    # Qt overrides

    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.people)

    def columnCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else MONTHS + 1

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        edits = self.editable and index.column() < MONTHS
        return flags | Qt.ItemFlag.ItemIsEditable if edits else flags

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        side = orientation == Qt.Orientation.Vertical
        if role == Qt.ItemDataRole.DisplayRole:
            if side:
                return self.people[section][1]
            return _("Year") if section == MONTHS else month_name(section + 1)
        if role == Qt.ItemDataRole.ToolTipRole and side:
            return plain_tooltip(self.people[section][1])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            across = Qt.AlignmentFlag.AlignLeft if side else Qt.AlignmentFlag.AlignRight
            return across | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.EditRole:
            return self.plain(row, column) if self.value(row, column) is not None else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        number, summed = self.shown(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if number is None else self._words(number)
        if role == Qt.ItemDataRole.FontRole and column == MONTHS:
            return self._theme.font(bold=True)
        if role == Qt.ItemDataRole.ForegroundRole and summed and column < MONTHS:
            return self._theme.color("quiet")
        if role == Qt.ItemDataRole.ToolTipRole and summed and column < MONTHS and number is not None:
            return _("The managers' plans together. Type another number to set a plan of the team's own.")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = "–" if number is None else self._words(number)
            head = self.headerData(column, Qt.Orientation.Horizontal)
            return f"{self.people[row][1]}, {head}: {said}"
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        text = str(value).strip()
        if text != self.data(index, Qt.ItemDataRole.EditRole):
            self.typed.emit(index.row(), index.column(), text)
        return True

    def _words(self, number: int) -> str:
        if self.measure is Measure.MONEY:
            return format_amount(number, self._currency)
        return format_number(number)


class PlanGrid(QTableView):
    """Typed into, pasted into, copied from as a spreadsheet is."""

    typed = Signal(int, int, str)
    pasted = Signal(str, int, int)  # the text, and the cell of its corner
    cleared = Signal(list)  # (row, column) of each

    def __init__(self, theme: Theme, currency: str) -> None:
        super().__init__()
        self._theme = theme
        self._currency = currency
        self._needs: list[int] = []  # pixels for each column; measuring them takes long
        self.plans = PlanModel(theme, currency)
        # told when the editor is closed, or it would be asked for its value a second time
        self.plans.typed.connect(self.typed, Qt.ConnectionType.QueuedConnection)
        self.setModel(self.plans)
        self.setAccessibleName(_("Plans by manager and month"))
        self.setAlternatingRowColors(False)
        self.setCornerButtonEnabled(False)
        self.setStyleSheet("QTableView::item { padding: 0 4px; }")
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        head, side = self.horizontalHeader(), self.verticalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setMinimumSectionSize(theme.px(48))
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setDefaultSectionSize(theme.px(ROW_HEIGHT + 4))
        side.setMinimumWidth(theme.px(150))
        side.setMaximumWidth(theme.px(220))
        self.plans.modelReset.connect(self.fit)
        self.plans.dataChanged.connect(self.fit)

    def fit(self) -> None:
        """Give every column what its figures and its head need; what is left makes the months alike."""
        head = self.horizontalHeader()
        self._needs = [max(self.sizeHintForColumn(c), head.sectionSizeHint(c)) for c in range(MONTHS + 1)]
        self._share()

    def _share(self) -> None:
        """Share the room there is now among columns that are measured."""
        head, needs = self.horizontalHeader(), self._needs
        room = self.viewport().width() - needs[MONTHS]
        for column, width in enumerate([*shared(needs[:MONTHS], room), needs[MONTHS]]):
            head.resizeSection(column, width)

    def picked(self) -> list[tuple[int, int]]:
        """The selected cells that can be set, row by row."""
        found = {(index.row(), index.column()) for index in self.selectedIndexes()}
        return sorted(cell for cell in found if cell[1] < MONTHS)

    def selected_text(self) -> str:
        """The selected cells, tab-separated."""
        picked = {(index.row(), index.column()) for index in self.selectedIndexes()}
        if not picked:
            return ""
        rows = sorted({row for row, _column in picked})
        columns = sorted({column for _row, column in picked})
        return "\n".join("\t".join(self.plans.plain(row, column) for column in columns) for row in rows)

    def whole_text(self) -> str:
        """The whole grid with its heads, tab-separated."""
        across = range(MONTHS + 1)
        heads = [str(self.plans.headerData(c, Qt.Orientation.Horizontal)) for c in across]
        lines = ["\t".join(["", *heads])]
        for row, (_manager, name) in enumerate(self.plans.people):
            lines.append("\t".join([name, *(self.plans.plain(row, column) for column in across)]))
        return "\n".join(lines)

    def copy(self) -> None:
        """Put the selected cells on the clipboard."""
        QGuiApplication.clipboard().setText(self.selected_text())

    def paste(self) -> None:
        """Give what is on the clipboard on; one cell goes into every selected one."""
        text, picked = QGuiApplication.clipboard().text(), self.picked()
        if not text.strip() or not picked or not self.plans.editable:
            return
        bare = text.strip("\r\n")
        if len(picked) > 1 and "\t" not in bare and "\n" not in bare:
            rows = sorted({row for row, _column in picked})
            columns = sorted({column for _row, column in picked})
            text = "\n".join("\t".join([bare] * len(columns)) for _row in rows)
        self.pasted.emit(text, *picked[0])

    def fill_right(self) -> None:
        """Give the goal of the first selected month to the other selected ones of its row."""
        picked = self.picked()
        if not picked or not self.plans.editable:
            return
        rows = sorted({row for row, _column in picked})
        columns = sorted({column for _row, column in picked})
        text = "\n".join("\t".join([self.plans.plain(row, columns[0])] * len(columns)) for row in rows)
        self.pasted.emit(text, rows[0], columns[0])

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._needs:
            self._share()
        else:
            self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self._needs:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Cut):
            self.copy()
            self.cleared.emit(self.picked())
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit(self.picked())
        elif event.key() == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.fill_right()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._down()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: N802
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:  # Enter
            self._down()

    def _down(self) -> None:
        here = self.currentIndex()
        below = self.plans.index(here.row() + 1, here.column())
        if below.isValid():
            self.setCurrentIndex(below)
