"""The deals behind a number: a list under the report; Enter opens a deal's card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from funneldesk.text import N_, _, format_date, format_money, ngettext
from funneldesk.ui.theme import ROW_HEIGHT, SPACE, SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import ElidedLabel, Quiet, plain_tooltip

_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("client", N_("Client"), 180),
    ("title", N_("Deal"), 186),
    ("state", N_("Stage"), 150),
    ("manager", N_("Manager"), 124),
    ("amount", N_("Amount"), 102),
    ("created_at", N_("Created"), 130),
    ("closed_at", N_("Closed"), 130),
)


class DealModel(QAbstractTableModel):
    """Rows as `services.reporting.deal_rows` gives them."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self.rows: list[Any] = []

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these deals."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def text(self, row: int, key: str) -> str:
        """What a cell says."""
        deal = self.rows[row]
        if key == "state":
            return {"won": _("Won"), "lost": _("Lost")}.get(deal.status) or deal.stage or "–"
        value = getattr(deal, key)
        if key == "amount":
            return format_money(value, deal.currency or "")
        if key in ("created_at", "closed_at"):
            return format_date(value, self._zone)
        return value or "–"

    # Qt overrides

    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(COLUMNS[section][1])
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        key = COLUMNS[index.column()][0]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), key)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(self.text(index.row(), key))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align(index.column())
        if role == Qt.ItemDataRole.FontRole and key == "client":
            return self._theme.font(bold=True)
        if role == Qt.ItemDataRole.ForegroundRole and key == "state":
            status = self.rows[index.row()].status
            return self._theme.color(f"{status}_text") if status in ("won", "lost") else None
        return None

    def _align(self, column: int) -> Qt.AlignmentFlag:
        right = COLUMNS[column][0] == "amount"
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class _Table(QTableView):
    entered_row = Signal(int)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.entered_row.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)


class DealsPanel(QFrame):
    """`opened` carries the id of the deal a person opened; `closed` that the list was put away."""

    opened = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "foot")
        self.model = DealModel(theme, zone)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE)
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        self.heading = ElidedLabel("", "title")
        self.sum = Quiet("")
        row.addWidget(self.heading, 1)
        row.addWidget(self.sum)
        self.why = push_button(_("Why this number"), role="link", theme=theme, icon="info")
        self.why.setCheckable(True)
        self.why.toggled.connect(self._show_why)
        row.addWidget(self.why)
        row.addWidget(IconButton(theme, "x", _("Close the list (Esc)"), self.closed.emit))
        column.addLayout(row)
        self.reason = Quiet("", wrap=True)
        self.reason.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reason.hide()
        column.addWidget(self.reason)
        self.table = _Table()
        self.table.setModel(self.model)
        self.table.setAccessibleName(_("Deals behind the number"))
        self.table.setShowGrid(False)
        self.table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.table.setWordWrap(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.table.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.horizontalHeader().setStretchLastSection(True)
        for number, (_key, _words, width) in enumerate(COLUMNS):
            self.table.setColumnWidth(number, theme.px(width))
        self.table.doubleClicked.connect(lambda index: self._open(index.row()))
        self.table.entered_row.connect(self._open)
        column.addWidget(self.table, 1)

    def show_deals(self, title: str, rows: Sequence[Any], why: str = "") -> None:
        """Show the deals behind a number called `title`, and `why` it is that number when asked."""
        self.reason.setText(why)
        self.model.set_rows(rows)
        count = ngettext("{count} deal", "{count} deals", len(rows)).format(count=len(rows))
        self.heading.setText(f"{title} · {count}")
        currencies = {deal.currency for deal in rows if deal.amount is not None}
        known = sum(deal.amount for deal in rows if deal.amount is not None)
        self.sum.setText(format_money(known, currencies.pop() or "") if len(currencies) == 1 else "")
        self.table.scrollToTop()
        if rows:
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _show_why(self, on: bool) -> None:
        self.reason.setVisible(on)

    def _open(self, row: int) -> None:
        self.opened.emit(self.model.rows[row].id)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)
