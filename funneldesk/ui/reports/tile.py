"""A tile of the overview: a report's totals and its first chart; a click opens the report."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout

from funneldesk.errors import UserError
from funneldesk.report_words import figures, filter_texts, period_text, with_before
from funneldesk.text import _, error_text
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.reports.answer import Answer, is_empty
from funneldesk.ui.reports.charts.look import screen_look
from funneldesk.ui.reports.charts.sheet import Panel
from funneldesk.ui.reports.charts.view import draw_chart
from funneldesk.ui.reports.figures import Figures
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import ElidedLabel, Quiet
from funneldesk.ui.widgets.skeleton import Skeleton

FIGURES = 4
CHART = 480  # the most a chart is high at 100 %

Act = Callable[[], object] | None


class Tile(QFrame):
    """`opened` carries the settings of the report that a person went to."""

    opened = Signal(dict)

    def __init__(self, context: AppContext, name: str, spec: dict[str, Any]) -> None:
        super().__init__()
        self._context = context
        self.name = name
        self.spec = spec
        self.answer: Answer | None = None
        self._acts: tuple[Act, Act, Act] = (None, None, None)
        theme = context.theme
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_3)
        column.setSpacing(SPACE)
        row = QHBoxLayout()
        self.title = push_button(name.replace("&", "&&"), self._open, role="link")
        self.title.setFont(theme.font(bold=True))
        row.addWidget(self.title)
        row.addStretch(1)
        self.more = IconButton(theme, "ellipsis", _("What to do with the tile"), self._open_menu)
        row.addWidget(self.more)
        column.addLayout(row)
        self.about = ElidedLabel("", "small")
        column.addWidget(self.about)
        self.figures = Figures(theme)
        self.figures.opened.connect(lambda _key: self._open())
        column.addWidget(self.figures)
        self.waiting = Skeleton(theme, 4)
        column.addWidget(self.waiting)
        self.waiting.start()
        self.words = Quiet("", wrap=True)
        self.words.hide()
        column.addWidget(self.words)
        column.addStretch(1)
        self._canvas: Any = None
        self._panel: Panel | None = None

    def set_changes(self, earlier: Act, later: Act, remove: Act) -> None:
        """What can be done with it; None where it cannot."""
        self._acts = (earlier, later, remove)

    def show_answer(self, answer: Answer) -> None:
        """Show a counted report."""
        self.waiting.stop()
        self.waiting.hide()
        self.answer = answer
        report = answer.report
        told = [report.funnel or "", period_text(report.start, report.end, self._context.zone)]
        self.about.setText(" · ".join([part for part in told if part] + filter_texts(report)))
        empty = is_empty(report)
        self.words.setText(_("Nothing to count in this period yet.") if empty else "")
        self.words.setVisible(empty)
        self.figures.show_figures([] if empty else with_before(report, figures(report))[:FIGURES])
        self._draw(answer, empty)

    def _draw(self, answer: Answer, empty: bool) -> None:
        look = screen_look(self._context.theme)
        panels = [] if empty else draw_chart(answer.report, look, {}, [self._canvas] if self._canvas else [])
        if not panels:
            if self._canvas is not None:
                self._canvas.hide()
            self._panel = None
            return
        first, *others = panels
        self._panel = first
        for panel in others:
            panel.canvas.deleteLater()
        if self._canvas is None:
            self._canvas = first.canvas
            self._canvas.opened.connect(lambda _row, _key: self._open())
            self._column.insertWidget(self._column.count() - 1, self._canvas)
        self._canvas.setFixedHeight(round(look.px(min(first.height, CHART))))
        self._canvas.setMinimumWidth(look.px(200))
        self._canvas.setAccessibleName(_("Chart: {name}").format(name=self.name))
        self._canvas.show()
        self._fit()

    def _fit(self) -> None:
        """Of many columns the first that have room, so that no words lie on each other."""
        if self._panel is not None and self._panel.columns:
            shown = self._panel.room_for(self.width() - 2 * SPACE_3)
            self._canvas.setXRange(-0.5, shown - 0.5, padding=0)

    def failed(self, error: Exception) -> None:
        """Say why there is nothing."""
        self.waiting.stop()
        self.waiting.hide()
        self.answer = None
        words = error_text(error) if isinstance(error, UserError) else _("This report could not be counted.")
        self.words.setText(words)
        self.words.show()

    def make_menu(self) -> QMenu:
        """The menu of the tile."""
        menu, theme = QMenu(self), self._context.theme
        menu.addAction(theme_icon(theme, "external-link"), _("Open the report"), self._open)
        earlier, later, remove = self._acts
        writable = not self._context.read_only
        for words, icon, act in (
            (_("Move up"), "arrow-up", earlier),
            (_("Move down"), "arrow-down", later),
            (_("Take off the overview"), "trash-2", remove),
        ):
            action = menu.addAction(theme_icon(theme, icon), words)
            action.setEnabled(writable and act is not None)
            if act is not None:
                action.triggered.connect(lambda _on=False, act=act: act())
        return menu

    def _open_menu(self) -> None:
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _open(self) -> None:
        self.opened.emit(self.spec)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
