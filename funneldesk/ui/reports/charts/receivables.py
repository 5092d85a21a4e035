"""Receivables: a bar per client of what is owed, parted by how long it is overdue."""

from __future__ import annotations

from PySide6.QtCore import Qt

from funneldesk.report_words import column_label
from funneldesk.text import ngettext
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Sheet

ROW = 34
MOST = 20  # clients drawn; the table has all
# bucket -> colour and hatch; the later, the darker, told apart without colour too
LOOKS = {
    "not_due": ("waiting", None),
    "d1_30": ("lost", Qt.BrushStyle.VerPattern),
    "d31_60": ("lost", Qt.BrushStyle.BDiagPattern),
    "d61_90": ("leak", None),
    "d90_plus": ("leak", Qt.BrushStyle.DiagCrossPattern),
    "no_due_date": ("neutral", Qt.BrushStyle.HorPattern),
}


def draw(sheet: Sheet) -> None:
    """The largest first; credit has no bar."""
    report, look = sheet.report, sheet.look
    rows = [(place, row) for place, row in enumerate(report.rows) if row["total"] > 0]
    shown = rows[:MOST]
    panel = sheet.panel(column_label("total"), height=ROW * len(shown) + 8, width=640)
    canvas = panel.canvas
    most = max((row["total"] for _place, row in shown), default=0) or 1
    canvas.view((0, most), (-0.5, len(shown) - 0.5), down=True)
    names = [sheet.text(row, "label") for _place, row in shown]
    places = [float(i) for i in range(len(shown))]
    canvas.categories(names, places)
    starts = [0] * len(shown)
    for key, (colour, pattern) in LOOKS.items():
        widths = [max(0, row[key]) for _place, row in shown]
        if not any(widths):
            continue
        hatch = None if pattern is None else look.hatch("text", pattern)
        canvas.bars(starts, places, widths, 0.56, look.color(colour), hatch=hatch)
        panel.entries.append(Entry(column_label(key), look.color(colour), hatch))
        starts = [a + b for a, b in zip(starts, widths, strict=True)]
    for i, (place, row) in enumerate(shown):
        canvas.words(row["total"], i, sheet.short(row, "total"), font=look.font(12, bold=True), gap=6)
        tip = sheet.tip(names[i], row, *LOOKS, "max_days_past_due", "invoices")
        canvas.hit((0, FAR), (i - 0.45, i + 0.45), place, "total", tip, opens=False)
    canvas.fit(most)
    rest = len(rows) - len(shown)
    if rest:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        panel.entries.append(Entry(text.format(count=rest)))
