"""A report's plots on paper: vectors with their keys, so high that they stay on a page where they can."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter

from funneldesk.domain.results import Report
from funneldesk.ui.reports.booklet.blocks import Block, place
from funneldesk.ui.reports.charts.legend import legend_height, paint_legend
from funneldesk.ui.reports.charts.look import paper_look
from funneldesk.ui.reports.charts.sheet import Panel
from funneldesk.ui.reports.charts.view import draw_chart
from funneldesk.ui.reports.paper import INK, Paper, write

LOWER = 0.85  # of its height a chart may be made to stay on a page


def add_chart(paper: Paper, report: Report, scale: float) -> None:
    """Put the plots of a report on the paper, under each other."""
    for block in chart(paper, report, paper.width, scale):
        place(paper, block, 12)


def chart(paper: Paper, report: Report, width: float, scale: float) -> list[Block]:
    """The plots of a report, each as wide as `width`."""
    look = paper_look(paper.look.family, paper.look.scale * scale)
    return [_panel(paper, panel, width) for panel in draw_chart(report, look, {}, [])]


def _panel(paper: Paper, panel: Panel, width: float) -> Block:
    """Heading, the plot as vectors, its key."""
    canvas = panel.canvas
    look = canvas.look
    key = legend_height(panel.entries, look, width)
    head = look.px(22) if panel.title else 0
    beside = head + key + look.px(8)
    high = min(look.px(panel.height), paper.page_room() - beside)
    rest = paper.room() - beside
    if high * LOWER <= rest < high:  # somewhat lower it need not leave the page
        high = rest
    canvas.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    canvas.setFixedSize(QSizeF(width, high).toSize())
    canvas.show()
    paper.keep(canvas)

    def draw(painter: QPainter, box: QRectF) -> None:
        if panel.title:
            bold = look.font(13, bold=True)
            write(painter, box, panel.title, bold, INK, int(Qt.AlignmentFlag.AlignLeft))
        target = QRectF(box.left(), box.top() + head, canvas.width(), canvas.height())
        canvas.render(painter, target, QRect(0, 0, canvas.width(), canvas.height()))
        below = QRectF(box.left(), target.bottom() + look.px(2), width, key)
        paint_legend(painter, below, panel.entries, look)

    return Block(head + high + key, draw)
