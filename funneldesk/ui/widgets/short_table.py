"""The dress of short tables: whole rows to choose, heads over their columns, air in the cells."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QTableWidget

from funneldesk.ui.theme import ROW_HEIGHT, Theme


def dress_table(table: QTableWidget, theme: Theme, numbers: Collection[int] = ()) -> None:
    """Dress a table whose heads are set; columns of `numbers` have their heads at the right."""
    table.setStyleSheet("QTableView::item { padding: 0 8px; }")
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.px(ROW_HEIGHT))
    table.horizontalHeader().setHighlightSections(False)
    for column in range(table.columnCount()):
        side = Qt.AlignmentFlag.AlignRight if column in numbers else Qt.AlignmentFlag.AlignLeft
        head = table.horizontalHeaderItem(column)
        assert head is not None
        head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
