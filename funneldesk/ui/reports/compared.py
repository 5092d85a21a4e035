"""Tables beside a report's own: a week's team, losses, what is to be done, an earlier period, seasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from funneldesk.domain.results import Report
from funneldesk.report_words import (
    ahead_note,
    ahead_stages,
    ahead_title,
    ahead_work,
    comparison_note,
    comparison_report,
    comparison_title,
    prospects_note,
    prospects_report,
    prospects_title,
    season_chances,
    season_note,
    season_report,
    season_title,
    team_report,
    team_title,
    unsuccessful_report,
    unsuccessful_title,
)
from funneldesk.text import _
from funneldesk.ui.reports.table import ReportTable
from funneldesk.ui.theme import SPACE_2, Theme
from funneldesk.ui.widgets.labels import Heading, Quiet

Told = Callable[[Report], str]
Made = Callable[[Report], Report | None]


class Below(QWidget):
    """A heading, a note and tables made of the report; hidden without a heading."""

    def __init__(self, theme: Theme, title: Told, note: Told, tables: Sequence[Made], name: str) -> None:
        super().__init__()
        self._title, self._note, self._made = title, note, tables
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_2, 0, 0)
        column.setSpacing(SPACE_2)
        self.heading = Heading("", 2)
        self.heading.setWordWrap(True)
        self.note = Quiet("", wrap=True)
        column.addWidget(self.heading)
        column.addWidget(self.note)
        self.tables = [ReportTable(theme) for _each in tables]
        for table in self.tables:
            table.setAccessibleName(name)
            column.addWidget(table)
        self.table = self.tables[0]

    def show_report(self, report: Report) -> None:
        """Show what a report has of it."""
        title = self._title(report)
        self.setVisible(bool(title))
        if not title:
            return
        self.heading.setText(title)
        self.note.setText(self._note(report))
        self.note.setVisible(bool(self.note.text()))
        for table, make in zip(self.tables, self._made, strict=True):
            other = make(report)
            table.setVisible(other is not None)
            if other is not None:
                table.show_report(other)


def compared(theme: Theme, zone: ZoneInfo) -> Below:
    """Both numbers, their difference and whether it is more than chance."""
    return Below(
        theme,
        lambda report: comparison_title(report, zone),
        comparison_note,
        [comparison_report],
        _("Comparison with an earlier period"),
    )


def team(theme: Theme) -> Below:
    """The managers of a week."""
    return Below(theme, team_title, lambda _report: "", [team_report], _("The team"))


def unsuccessful(theme: Theme) -> Below:
    """The lost deals of a stage funnel by reason."""
    return Below(
        theme, unsuccessful_title, lambda _report: "", [unsuccessful_report], _("Lost deals by reason")
    )


def ahead(theme: Theme, zone: ZoneInfo) -> Below:
    """What the goal of a reverse plan still takes: work and new deals."""
    return Below(
        theme, ahead_title, lambda report: ahead_note(report, zone), [ahead_work, ahead_stages],
        _("What is still to be done"),
    )  # fmt: skip


def prospects(theme: Theme) -> Below:
    """The sources from which the new deals of a reverse plan are to come."""
    return Below(
        theme, prospects_title, prospects_note, [prospects_report], _("New leads by source")
    )  # fmt: skip


def seasons(theme: Theme) -> Below:
    """The seasons that a forecast knows of."""
    return Below(theme, season_title, season_note, [season_report, season_chances], _("Season"))
