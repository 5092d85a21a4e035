"""The sales cycle: how long wins and losses take, and the chance of a win by age."""

from __future__ import annotations

from funneldesk.report_words.cells import cell_text
from funneldesk.text import _, format_percent
from funneldesk.ui.reports.charts.sheet import Sheet
from funneldesk.ui.reports.charts.times import boxes, frame, steps


def draw(sheet: Sheet) -> None:
    """Boxes for won and lost; beside them the share won by age, losses as the other end."""
    report = sheet.report
    column = report.column("outcome")
    names = [cell_text(report, column, row["outcome"], row) for row in report.rows]
    boxes(sheet, _("Days from creation to the close"), names, report.rows, "n", "n")
    curve = report.extra.get("win_by_age", ())
    if not curve:
        return
    look = sheet.look
    panel = sheet.panel(_("Share of created deals won by age, days"), height=220, width=430)
    ends = [row["p90"] for row in report.rows if row["p90"] is not None]
    most = max(max(ends, default=1.0) * 1.25, 1.0)
    # half as high again as the curve, to the next quarter, so that a low one is still read
    top = next(share for share in (0.25, 0.5, 0.75, 1.0) if share >= min(1.0, curve[-1][1] * 1.1))
    panel.canvas.view((0, most), (0, top * 1.02))
    frame(panel, sheet, most, top)
    xs, ys = steps(curve, most, 0.0)
    panel.canvas.line(xs, ys, look.pen("won", 2))
    anchor = (1.0, 1.15) if ys[-1] < top * 0.85 else (1.0, -0.15)
    text = _("{share} won").format(share=format_percent(ys[-1]))
    panel.canvas.words(most * 0.99, ys[-1], text, anchor=anchor, font=look.font(12, bold=True))
