"""A report as a page to read: totals, chart, what was counted and left out, table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from funneldesk.domain.results import Report
from funneldesk.report_words import (
    excluded_sentences,
    figures,
    note_sentences,
    population_sentence,
    rule_sentence,
    team_key,
    with_before,
)
from funneldesk.ui.icons import pixmap
from funneldesk.ui.reports.charts.look import screen_look
from funneldesk.ui.reports.charts.view import ChartView
from funneldesk.ui.reports.compared import ahead, compared, prospects, seasons, team, unsuccessful
from funneldesk.ui.reports.figures import Figures
from funneldesk.ui.reports.findings import Findings
from funneldesk.ui.reports.table import ReportTable
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class Note(QFrame):
    """A sentence the reader must know before believing the numbers."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setStyleSheet("QFrame[role='banner'] { border-radius: 6px; }")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2 - 2, SPACE_3, SPACE_2 - 2)
        row.setSpacing(SPACE_2)
        sign = QLabel()
        sign.setPixmap(pixmap("info", theme.warning_text, theme.px(16)))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        self.label = PlainLabel()
        self.label.setWordWrap(True)
        row.addWidget(self.label, 1)

    def show_notes(self, notes: list[str]) -> None:
        """Show these, or nothing."""
        self.label.setText(" ".join(notes))
        self.setVisible(bool(notes))


PLAN = "ahead"  # what a goal still takes: a part of the chart, too


class ReportView(QScrollArea):
    """`opened` carries (row or None for the totals, key) of a number that was clicked."""

    opened = Signal(object, str)

    def __init__(self, theme: Theme, zone: ZoneInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.report: Report | None = None
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(SPACE_4, SPACE, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        self.figures = Figures(theme)
        self.note = Note(theme)
        self.findings = Findings(theme)
        self.chart = ChartView(screen_look(theme))
        self.counted = Quiet("", wrap=True)
        self.counted.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = ReportTable(theme)
        self.team, self.unsuccessful = team(theme), unsuccessful(theme)
        self.ahead, self.prospects = ahead(theme, zone), prospects(theme)
        self.compared, self.seasons = compared(theme, zone), seasons(theme)
        parts = (
            self.figures, self.note, self.findings, self.chart, self.unsuccessful, self.counted, self.team,
            self.table, self.ahead, self.prospects, self.compared, self.seasons,
        )  # fmt: skip
        for widget in parts:
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(body)
        self.findings.opened.connect(self.opened)
        self.chart.opened.connect(self.opened)
        self.table.opened.connect(self.opened)
        self.team.table.opened.connect(self._open_of_team)
        self.unsuccessful.table.opened.connect(self._open_lost)
        self.figures.opened.connect(lambda key: self.opened.emit(None, key))

    def show_report(self, report: Report) -> None:
        """Show a report; the place in the page stays when it is the same one counted anew."""
        same = self.report is not None and self.report.name == report.name
        before, self.report = self.report, report
        asked_anew = same and before is not None and _question(before) == _question(report)
        self.figures.show_figures(with_before(report, figures(report)))
        self.note.show_notes(note_sentences(report))
        self.findings.show_report(report)
        # the same one brings its own in a moment
        kept = before.extra.get(PLAN) if before is not None and asked_anew else None
        self.chart.show_report(replace(report, extra={PLAN: kept, **report.extra}) if kept else report)
        if not asked_anew:
            self._show_beside(report)
        sentences = [population_sentence(report), rule_sentence(report), *excluded_sentences(report)]
        self.counted.setText(" ".join(sentence for sentence in sentences if sentence))
        self.team.show_report(report)
        self.table.show_report(report)
        self.compared.show_report(report)
        self.seasons.show_report(report)
        self.settle()
        if not same:
            self.verticalScrollBar().setValue(0)

    def _open_of_team(self, row: int | None, key: str) -> None:
        if self.report is not None:
            self.opened.emit(None, team_key(self.report, row, key))

    def _open_lost(self, row: int | None, _key: str) -> None:
        """The deals of a reason are behind a number of the totals that has its own key."""
        report = self.unsuccessful.table.rows.report
        if report is not None:
            values = report.totals if row is None else report.rows[row]
            self.opened.emit(None, values["key"])

    def settle(self) -> None:
        """Give every part its place now rather than with the next events."""
        body = self.widget()
        layout = body.layout() if body is not None else None
        if layout is not None:
            layout.invalidate()
            layout.activate()

    def show_more(self, report: Report) -> None:
        """Show what comes after the rest of the report: lost deals by reason, what a goal still takes."""
        self.report = report
        self._show_beside(report)
        if report.extra.get(PLAN) is not None:
            self.chart.show_report(report)
        self.settle()

    def _show_beside(self, report: Report) -> None:
        for part in (self.unsuccessful, self.ahead, self.prospects):
            part.show_report(report)

    def set_hints(self, hints: Mapping[str, float]) -> None:
        """Tell the chart the median days by stage, for the mouse."""
        if self.report is not None:
            self.chart.show_report(self.report, hints)


def _question(report: Report) -> tuple[object, ...]:
    """What a report was asked about, but for the moment; of a reverse plan its goal and stages, too."""
    plan: tuple[object, ...] = ()
    if "target_wins" in report.totals:
        stages = [row.get("stage") for row in report.rows]
        plan = report.totals["target_wins"], report.totals.get("target_amount"), stages
    return (
        report.name, report.funnel, report.start, report.end, report.population, report.rule,
        sorted(map(str, report.filters.items())), plan,
    )  # fmt: skip
