"""The comparison with an earlier period, under the table of a report."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from funneldesk.domain.results import Report
from funneldesk.report_words import comparison_note, comparison_report, comparison_title
from funneldesk.text import _
from funneldesk.ui.reports.table import ReportTable
from funneldesk.ui.theme import SPACE_2, Theme
from funneldesk.ui.widgets.labels import Heading, Quiet


class Compared(QWidget):
    """Both numbers, their difference and whether it is more than chance; hidden without a comparison."""

    def __init__(self, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_2, 0, 0)
        column.setSpacing(SPACE_2)
        self.heading = Heading("", 2)
        self.heading.setWordWrap(True)
        column.addWidget(self.heading)
        column.addWidget(Quiet(comparison_note(), wrap=True))
        self.table = ReportTable(theme)
        self.table.setAccessibleName(_("Comparison with an earlier period"))
        column.addWidget(self.table)

    def show_report(self, report: Report) -> None:
        """Show the comparison of a report."""
        other = comparison_report(report)
        self.setVisible(other is not None)
        if other is not None:
            self.heading.setText(comparison_title(report, self._zone))
            self.table.show_report(other)
