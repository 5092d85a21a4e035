"""Time in stages: boxes of the quantiles, and the curves of those still there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from funneldesk.text import _, format_days, format_number, format_percent
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.look import Look
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet, shares

ROW = 40
POINTS = 300
MOST_MEDIANS = 6  # times the end of the middle stage; the tail of a curve beyond is left to the table
# one style and colour per line, so that neither alone tells them apart
STYLES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotDotLine,
)
# lines have no outline: the pale fills are drawn in their readable forms
WIDTHS = (1.75, 3.0)
COLOURS = ("won", "boost", "leak", "lost_text", "waiting_text", "quiet", "text")


def draw(sheet: Sheet) -> None:
    """Quantile boxes by stage at the left, Kaplan-Meier curves with a 50 % guide at the right."""
    rows = sheet.report.rows
    boxes(sheet, _("Days in the stage"), [str(row["stage"]) for row in rows], rows, "visits", "censored")
    _curves(sheet)


def boxes(
    sheet: Sheet, title: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]], n_key: str, opens: str
) -> None:
    """A box from a quarter to three quarters, a bar at the half, a whisker to nine of ten."""
    look = sheet.look
    panel = sheet.panel(title, height=ROW * len(rows) + 30, width=430)
    canvas = panel.canvas
    ends = [_end(row) for row in rows]
    most = max(ends, default=0) or 1
    canvas.view((0, most), (-0.5, len(rows) - 0.5), down=True)
    canvas.categories(names, [float(i) for i in range(len(rows))])
    canvas.numbers("bottom", lambda value: format_number(value))
    for i, row in enumerate(rows):
        _box(sheet, panel, i, row, ends[i], most)
        if row["p50"] is not None or row.get("longest") is not None:
            text = _("half within {days} days").format(days=sheet.text(row, "p50"))
            more = "   " + _("of {count}").format(count=sheet.text(row, n_key))
            if row[n_key] < 10:
                more += "  " + _("too few")
            canvas.words(ends[i], i, text, more=more, font=look.font(12), gap=8)
        keys = (n_key, "censored", "p25", "p50", "p75", "p90", "mean", "completed_mean", "longest")
        tip = sheet.tip(names[i], row, *dict.fromkeys(keys))
        canvas.hit((0, FAR), (i - 0.4, i + 0.4), i, opens, tip, opens=bool(row[opens]))
    canvas.fit(most)
    panel.entries += [
        Entry(_("middle half of the deals, bar: half"), look.color("waiting")),
        Entry(_("up to nine of ten"), line=look.pen("fill_outline", 2)),
    ]


def _end(row: Mapping[str, Any]) -> float:
    known = [row[key] for key in ("p90", "p75", "p50", "p25") if row[key] is not None]
    return float(known[0]) if known else 0.0


def _box(sheet: Sheet, panel: Panel, i: int, row: Mapping[str, Any], end: float, most: float) -> None:
    look, canvas = sheet.look, panel.canvas
    low, half, high = row["p25"], row["p50"], row["p75"]
    if low is None:
        return
    top = high if high is not None else end
    canvas.line([top, end], [i, i], look.pen("fill_outline", 2))
    canvas.bars([low], [float(i)], [max(top - low, most * 0.002)], 0.5, look.color("waiting"))
    if half is not None:
        canvas.line([half, half], [i - 0.32, i + 0.32], look.pen("text", 3))
    if row["p90"] is not None:
        canvas.line([end, end], [i - 0.16, i + 0.16], look.pen("fill_outline", 2))


def _curves(sheet: Sheet) -> None:
    look = sheet.look
    curves = sheet.report.extra.get("curves", {})
    rows = {str(row["stage"]): row for row in sheet.report.rows}
    high = max(300.0, ROW * len(rows) + 30)
    panel = sheet.panel(_("Share still in the stage after so many days"), height=high, width=430)
    canvas = panel.canvas
    most = _longest_shown([_end(row) for row in rows.values()])
    canvas.view((0, most), (0, 1.02))
    frame(panel, sheet, most)
    for number, (stage, curve) in enumerate(curves.items()):
        if not curve:
            continue
        pen = line_of(look, number)
        xs, ys = steps(curve, most, 1.0)
        canvas.line(xs, ys, pen)
        panel.entries.append(Entry(stage, line=pen))
    if any(_end(row) > most for row in rows.values()):
        panel.entries.append(Entry(_("longer stays: see the table")))


def _longest_shown(ends: Sequence[float]) -> float:
    """How many days the curves show: one stage that takes very long does not squeeze all others."""
    known = [end for end in ends if end]
    return min(max(known) * 1.6, median(known) * MOST_MEDIANS) if known else 1.0


def line_of(look: Look, number: int) -> QPen:
    """The line of the curve of that number; the second of a style is heavier: prints may have no colours."""
    again = number // len(STYLES) % 2
    return look.pen(COLOURS[number % len(COLOURS)], WIDTHS[again], STYLES[number % len(STYLES)])


def frame(panel: Panel, sheet: Sheet, most: float, top: float = 1.0) -> None:
    """Axes of days and percent, faint quarters, and the 50 % guide."""
    look, canvas = sheet.look, panel.canvas
    canvas.numbers("bottom", lambda value: format_days(value) if value % 1 else format_number(value))
    canvas.numbers("left", lambda value: format_percent(value, 0))
    ticks = shares(top)
    canvas.getAxis("left").setTicks([[(v, format_percent(v, 0)) for v in ticks]])
    for share in ticks[1:]:
        canvas.line([0, most], [share, share], look.pen("line"))
    if top <= 0.5:  # at the top it would guide nothing
        return
    canvas.line([0, most], [0.5, 0.5], look.pen("quiet", 1, Qt.PenStyle.DashLine))


def steps(curve: Sequence[tuple[float, float]], most: float, start: float) -> tuple[list[float], list[float]]:
    """A step line through (t, value), thinned to what a screen can show, cut at `most`."""
    inside = [pair for pair in curve if pair[0] <= most]
    stride = max(1, len(inside) // POINTS)
    thinned = inside[::stride] if stride > 1 else inside
    if inside and thinned[-1] != inside[-1]:
        thinned = [*thinned, inside[-1]]
    xs, ys, value = [0.0], [start], start
    for t, after in thinned:
        xs += [t, t]
        ys += [value, after]
        value = after
    return [*xs, most], [*ys, value]
