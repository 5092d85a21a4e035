"""Sales velocity: what the open deals promise per day beside what was won, and what would add to it."""

from __future__ import annotations

from PySide6.QtCore import Qt

from funneldesk.report_words import column_label
from funneldesk.text import _
from funneldesk.ui.reports.charts.sheet import FAR, Sheet

ROW = 44
PROMISED = "velocity_per_day"


def draw(sheet: Sheet) -> None:
    """Two bars of one scale, promised and won; beside them what a point and a day are worth."""
    if sheet.report.rows[0][PROMISED] is None:
        return
    _panel(sheet, _("Money per day"), {PROMISED: "open", "won_per_day": "won"})
    row = sheet.report.rows[0]
    if row["point_worth"] is not None or row["day_worth"] is not None:
        _panel(sheet, _("What would add to the velocity"), {"point_worth": "open", "day_worth": "open"})


def _panel(sheet: Sheet, title: str, opens: dict[str, str]) -> None:
    look, row = sheet.look, sheet.report.rows[0]
    keys = [key for key in opens if row[key] is not None]
    panel = sheet.panel(title, height=ROW * len(keys) + 8, width=430)
    canvas = panel.canvas
    most = max(row[key] for key in keys) or 1
    canvas.view((0, most), (-0.5, len(keys) - 0.5), down=True)
    names = [column_label(key) for key in keys]
    canvas.categories(names, [float(place) for place in range(len(keys))])
    stripes = look.hatch("won", Qt.BrushStyle.BDiagPattern)
    for place, key in enumerate(keys):
        sure = key == "won_per_day"
        fill = look.color("won" if sure else "waiting")
        canvas.bars([0], [float(place)], [row[key]], 0.58, fill, hatch=None if sure else stripes)
        canvas.words(row[key], place, sheet.short(row, key), font=look.font(12, bold=True), gap=6)
        tip = sheet.tip(names[place], row, "open", "won", "win_rate", "won_average", "cycle_mean_days", key)
        canvas.hit((0, FAR), (place - 0.45, place + 0.45), 0, opens[key], tip, opens=row[opens[key]] > 0)
    canvas.fit(most)
