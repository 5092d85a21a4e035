"""The head of the tab: what the report is called and answers, what it is asked for, what leaves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.report_words import report_answer, report_title
from funneldesk.text import _
from funneldesk.ui.clients.views import ViewsButton
from funneldesk.ui.context import AppContext
from funneldesk.ui.reports.choice import Choice
from funneldesk.ui.reports.controls import Controls
from funneldesk.ui.reports.entries import EntryButton
from funneldesk.ui.reports.output import OutputBar
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.labels import ElidedLabel, Quiet

VARIANTS = "reports"  # the screen whose saved views they are


class ReportHead(QWidget):
    """`show_variant` is called with a variant that was chosen; `pinned` carries one for the overview."""

    pinned = Signal(dict)

    def __init__(
        self, context: AppContext, choice: Choice, show_variant: Callable[[dict[str, Any]], None]
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        self._sides = 2 * SPACE_4  # the margins at the left and the right
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_2)
        column.setSpacing(SPACE_2)
        # the buttons go under the name where both do not fit beside each other
        self.row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(SPACE_2)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 2)
        self.heading = ElidedLabel("", "headline")
        self.question = Quiet("", wrap=True)
        words.addWidget(self.heading)
        words.addWidget(self.question)
        row.addLayout(words, 1)
        self.entry = EntryButton(context)
        self.output = OutputBar(context)
        self.variants = ViewsButton(
            context, VARIANTS, choice.spec, show_variant, everything=_("All deals of all time")
        )
        self.variants.setToolTip(_("Saved variants of reports"))
        self.pin = IconButton(
            context.theme,
            "layout-dashboard",
            _("Put on the overview"),
            lambda: self.pinned.emit(choice.spec()),
        )
        self.pin.setEnabled(not context.read_only)
        self.bar = QWidget()
        buttons = QHBoxLayout(self.bar)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(SPACE_2)
        for widget in (self.entry, self.pin, self.variants, self.output):
            buttons.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        self.controls = Controls(context, choice)
        column.addWidget(self.controls)

    def show_report(self, name: str) -> None:
        """Head this report."""
        self.heading.setText(report_title(name))
        self.question.setText(report_answer(name))
        self.entry.show_for(name)
        self._arrange()

    def _arrange(self) -> None:
        room = self.width() - self._sides - self.row.spacing()
        beside = self.heading.sizeHint().width() + self.bar.sizeHint().width() <= room
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if way != self.row.direction():
            self.row.setDirection(way)
            side = Qt.AlignmentFlag.AlignTop if beside else Qt.AlignmentFlag.AlignLeft
            self.row.setAlignment(self.bar, side)

    # Qt overrides

    def minimumSizeHint(self) -> QSize:
        """As narrow as with the buttons under the name."""
        least = max(self.bar.minimumSizeHint().width(), self.controls.minimumSizeHint().width())
        return QSize(least + self._sides, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
