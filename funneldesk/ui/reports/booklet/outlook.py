"""The forecast of a month as a bar: won so far, what is expected, and the range of eight of ten futures."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from funneldesk.domain.results import Report
from funneldesk.text import _, format_money
from funneldesk.ui.reports.booklet.blocks import Block, stack, words
from funneldesk.ui.reports.paper import INK, QUIET, Paper


def future(paper: Paper, width: float, report: Report) -> Block:
    """The bar, and the same in words."""
    totals = report.totals
    won = totals["won_amount"] or 0
    low, middle, high = (totals[key] or 0 for key in ("amount_p10", "amount_p50", "amount_p90"))

    if not (won or high):
        return words(paper, width, _("Nothing is won or expected this month."), 9.5)

    def money(value: float) -> str:
        return format_money(round(value), report.currency, cents=False)

    if low == high:  # nothing that is open can be won in the rest of the month
        text = _("By the end of this month: {middle}. Won so far: {won}.")
    else:
        text = _(
            "By the end of this month: {middle}. In eight cases of ten: {low} to {high}. Won so far: {won}."
        )
    text = text.format(middle=money(middle), low=money(low), high=money(high), won=money(won))
    if low == high:
        return stack(paper, [words(paper, width, text, 9.5), _bar(paper, won, low, middle, high)], 3)
    note = _("Solid: won; striped: expected; line: eight cases of ten.")
    return stack(
        paper,
        [
            words(paper, width, text, 9.5),
            _bar(paper, won, low, middle, high),
            words(paper, width, note, 8, color=QUIET),
        ],
        3,
    )


def _bar(paper: Paper, won: float, low: float, middle: float, high: float) -> Block:
    look = paper.look
    most = max(won, middle, high) or 1.0

    def draw(painter: QPainter, box: QRectF) -> None:
        wide = (box.width() - look.px(4)) / most
        top, high_px = box.top() + look.px(3), box.height() - look.px(6)
        painter.setPen(look.outline())
        painter.setBrush(look.color("won"))
        painter.drawRect(QRectF(box.left(), top, won * wide, high_px))
        rest = QRectF(box.left() + won * wide, top, max(0.0, middle - won) * wide, high_px)
        painter.setBrush(look.color("waiting"))
        painter.drawRect(rest)
        painter.setBrush(look.hatch("won", Qt.BrushStyle.BDiagPattern))
        painter.drawRect(rest)
        painter.setPen(QPen(QColor(INK), look.px(2)))
        y = box.center().y()
        ends = [box.left() + end * wide for end in (low, high)]
        painter.drawLine(QPointF(ends[0], y), QPointF(ends[1], y))
        for x in ends:
            painter.drawLine(QPointF(x, y - look.px(5)), QPointF(x, y + look.px(5)))

    return Block(look.px(24), draw)
