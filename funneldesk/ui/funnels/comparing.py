"""A stage funnel as a small table, to be laid beside another one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from funneldesk.domain.results import Report
from funneldesk.text import _, format_money_short, format_number, format_percent
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.labels import plain_tooltip
from funneldesk.ui.widgets.short_table import dress_table


class StageTable(QTableWidget):
    """Stage, deals that reached it, their share of all, how many went on, lost there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(0, 5, parent)
        self.setHorizontalHeaderLabels([_("Stage"), _("Reached"), _("Amount"), _("Passed on"), _("Lost")])
        dress_table(self, theme, numbers=range(1, 5))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.verticalHeader().setDefaultSectionSize(theme.px(26))
        head = self.horizontalHeader()
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, 5):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)

    def show_report(self, report: Report) -> None:
        """Show the rows of a stage funnel, Won last."""
        self.setRowCount(len(report.rows) + 1)
        for row, line in enumerate(report.rows):
            self._put(
                row,
                str(line["stage"]),
                format_number(line["count"] or 0),
                format_money_short(line["amount"] or 0, report.currency),
                format_percent(line["step_conversion"]),
                format_number(line["lost"] or 0),
            )
        totals = report.totals
        won = format_money_short(totals["won_amount"] or 0, report.currency)
        self._put(len(report.rows), _("Won"), format_number(totals["won"] or 0), won, "", "")

    def _put(self, row: int, *texts: str) -> None:
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(plain_tooltip(text))
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, item)
