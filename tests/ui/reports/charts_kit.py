"""What the tests of charts share: a chart shown, and what its bars and words are."""

from __future__ import annotations

import pyqtgraph as pg
from pytestqt.qtbot import QtBot

from funneldesk.domain.results import Report
from funneldesk.ui.reports.charts.canvas import Canvas
from funneldesk.ui.reports.charts.items import Words
from funneldesk.ui.reports.charts.look import screen_look
from funneldesk.ui.reports.charts.view import ChartView
from funneldesk.ui.theme import choose_theme

KEPT: list[ChartView] = []


def chart(qtbot: QtBot, report: Report, theme: str = "light") -> ChartView:
    view = ChartView(screen_look(choose_theme(theme)))
    # the bot holds only a weak reference, and a plot must not die before its items
    qtbot.addWidget(view)
    KEPT.append(view)
    view.resize(1040, 600)
    view.show()
    view.show_report(report)
    return view


def widths(canvas: Canvas) -> list[list[float]]:
    """The widths of each set of bars, hatches left out."""
    bars = [item for item in canvas._kept if isinstance(item, pg.BarGraphItem)]
    found: list[list[float]] = []
    for item in bars:
        wide = [float(each) for each in item.opts["width"]]
        if not found or found[-1] != wide:
            found.append(wide)
    return found


def words(canvas: Canvas) -> str:
    return "\n".join(item.text() for item in canvas._kept if isinstance(item, Words))
