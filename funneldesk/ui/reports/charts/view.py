"""A report's chart on the screen: panels side by side, one under the other where it is narrow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollBar, QVBoxLayout, QWidget

from funneldesk.domain.results import Report
from funneldesk.report_words import report_title
from funneldesk.text import _
from funneldesk.ui.reports.charts import (
    activities,
    bars,
    cross,
    cycle,
    finished,
    forecast,
    funnel,
    key_stage,
    leaks,
    lost_history,
    managers,
    matrix,
    pareto,
    plan_fact,
    reaction,
    receivables,
    reverse_plan,
    standards,
    strategy,
    times,
    velocity,
)
from funneldesk.ui.reports.charts.canvas import Canvas
from funneldesk.ui.reports.charts.legend import Legend
from funneldesk.ui.reports.charts.look import Look
from funneldesk.ui.reports.charts.sheet import Panel, Sheet
from funneldesk.ui.theme import SPACE, SPACE_3, SPACE_6
from funneldesk.ui.widgets.labels import PlainLabel

CHARTS: Mapping[str, Callable[[Sheet], None]] = {
    "stage-funnel": funnel.draw,
    "finished-funnel": finished.draw,
    "managers": managers.draw,
    "manager-matrix": matrix.draw,
    "stage-times": times.draw,
    "cycle": cycle.draw,
    "cross-table": cross.draw,
    "lost": pareto.draw,
    "lost-history": lost_history.draw,
    "key-stage": key_stage.draw,
    "leaks": leaks.draw,
    "forecast": forecast.draw,
    "plan-fact": plan_fact.draw,
    "receivables": receivables.draw,
    "reverse-plan": reverse_plan.draw,
    "strategy": strategy.draw,
    "velocity": velocity.draw,
    "activities": activities.draw,
    "reaction": reaction.draw,
    "standards": standards.draw,
    **dict.fromkeys(bars.SPECS, bars.draw),
}
NARROW = 900  # below it panels stand one under the other


def draw_chart(report: Report, look: Look, hints: Mapping[str, float], spare: list[Canvas]) -> list[Panel]:
    """The panels of a report on kept plots (`spare`) or new ones; none without rows."""
    if not report.rows or report.name not in CHARTS:
        return []
    sheet = Sheet(report, look, hints, spare=spare)
    CHARTS[report.name](sheet)
    return sheet.panels


class _Slot(QWidget):
    """Heading, plot and key of one panel."""

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        self.title = PlainLabel("", "strong")
        column.addWidget(self.title)
        column.addWidget(canvas)
        self.bar = QScrollBar(Qt.Orientation.Horizontal)
        self.bar.setAccessibleName(_("Columns of the chart"))
        self.bar.valueChanged.connect(self._show_columns)
        column.addWidget(self.bar)
        self.legend = Legend()
        column.addWidget(self.legend)
        column.addStretch(1)
        self._columns = self._shown = 0

    @property
    def scrolls(self) -> bool:
        """Whether there are more columns than have room."""
        return self._columns > self._shown

    def fit(self, panel: Panel, wide: int) -> None:
        """Show whole columns, as many as have room in `wide` pixels; the names at the left stay."""
        self.legend.fit(wide)
        self._columns = panel.columns
        if panel.columns:
            self._shown = panel.room_for(wide)
            self.bar.setPageStep(self._shown)
            self.bar.setRange(0, panel.columns - self._shown)
            self._show_columns()
        self.bar.setVisible(self.scrolls)

    def _show_columns(self) -> None:
        if self._columns:
            first = self.bar.value() - 0.5
            self.canvas.setXRange(first, first + self._shown, padding=0)


class ChartView(QFrame):
    """`opened` carries (row or None, key) of the number a person clicked."""

    opened = Signal(object, str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.look = look
        self.report: Report | None = None
        self.panels: list[Panel] = []
        self._slots: list[_Slot] = []
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        self._layout.setSpacing(SPACE_6)

    def show_report(self, report: Report, hints: Mapping[str, float] | None = None) -> None:
        """Draw a report on the plots of the one before; nothing is shown of a report without a chart."""
        self.report = report
        kept = [slot.canvas for slot in self._slots]
        self.panels = draw_chart(report, self.look, hints or {}, list(kept))
        for panel in self.panels[len(self._slots) :]:
            slot = _Slot(panel.canvas, self)
            panel.canvas.opened.connect(self.opened)
            self._slots.append(slot)
            self._layout.addWidget(slot, 1)
        for number, slot in enumerate(self._slots):
            slot.setVisible(number < len(self.panels))
            if number < len(self.panels):
                self._fill(slot, self.panels[number], report)
        self.setVisible(bool(self.panels))
        self._turn()

    def picture(self) -> QPixmap:
        """The chart as it stands, for the clipboard; with all its columns where only some have room."""
        scrolled = [panel for panel, slot in zip(self.panels, self._slots, strict=False) if slot.scrolls]
        if not scrolled or self.report is None:
            return self.grab()
        whole = ChartView(self.look)
        whole.show_report(self.report)
        widest = max(panel.width for panel in scrolled)
        whole.resize(round(self.look.px(widest)) + 2 * SPACE_3, whole.sizeHint().height())
        return whole.grab()

    def _fill(self, slot: _Slot, panel: Panel, report: Report) -> None:
        slot.title.setText(panel.title)
        slot.title.setVisible(bool(panel.title))
        slot.canvas.setFixedHeight(round(self.look.px(panel.height)))
        slot.canvas.setMinimumWidth(round(self.look.px(280)))
        slot.legend.set_entries(panel.entries, self.look)
        name = panel.title or report_title(report.name)
        slot.canvas.setAccessibleName(_("Chart: {name}").format(name=name))
        slot.canvas.setAccessibleDescription(_("The table below holds the same numbers."))

    def _turn(self) -> None:
        narrow = self.width() < self.look.px(NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._layout.direction() != way:
            self._layout.setDirection(way)
        shown = max(1, len(self.panels))
        inside = self.width() - 2 * SPACE_3
        wide = inside if narrow else (inside - SPACE_6 * (shown - 1)) // shown
        for slot, panel in zip(self._slots, self.panels, strict=False):
            slot.fit(panel, wide)
        # heights are known now; waiting for the event loop would show a key over its plot
        for slot in self._slots[:shown]:
            slot.column.activate()
        self._layout.activate()
        self.updateGeometry()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self.look.px(320)), super().minimumSizeHint().height())
