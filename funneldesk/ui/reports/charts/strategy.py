"""Ways of selling: managers by how many deals and how much work in each, beside the middles of the team."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRectF, Qt

from funneldesk.report_words import cell_text, column_label
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import Panel, Sheet

MOST = 24  # managers drawn, by revenue; the table has all
HIGH, WIDE = 330, 640
LEAST, LARGEST = 9, 34  # pixels across, of no revenue and of the greatest
ROOM = 1.2  # of the greatest number, so that no circle touches the edge
WAYS = {  # by the corner: left or right, bottom or top
    (0, 0): "under-loaded", (1, 0): "wide-shallow", (0, 1): "deep-few", (1, 1): "intensive",
}  # fmt: skip


def draw(sheet: Sheet) -> None:
    """Circles at (deals a month, activities per deal), as large as the revenue; dashed the middles."""
    report = sheet.report
    told = [(place, row) for place, row in enumerate(report.rows) if row["depth"] is not None]
    if not told:
        return
    shown = told[:MOST]
    title = _("{up} (up) by {across} (across)")
    title = title.format(up=column_label("depth"), across=column_label("volume").lower())
    panel = sheet.panel(title, height=HIGH, width=WIDE)
    right, top = (max(row[key] for _place, row in shown) * ROOM or 1.0 for key in ("volume", "depth"))
    panel.canvas.view((0, right), (0, top))
    for side in ("bottom", "left"):
        panel.canvas.numbers(side, _tick)
    _middles(sheet, panel, right, top)
    _circles(sheet, panel, shown, right, top)
    look = sheet.look
    panel.entries.append(Entry(_("larger = more revenue a month"), look.color("waiting")))
    if any(row["strategy"] is None for _place, row in shown):
        panel.entries.append(Entry(_("too few closed deals to tell"), look.color("neutral")))
    rest = len(told) - len(shown)
    if rest:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        panel.entries.append(Entry(text.format(count=rest)))


def _tick(value: float) -> str:
    return format_number(value, 0 if value == round(value) else 1)


def _middles(sheet: Sheet, panel: Panel, right: float, top: float) -> None:
    """The lines that part the ways of selling, each way named in its corner."""
    usual = sheet.report.extra.get("usual")
    if usual is None:
        return
    look, canvas = sheet.look, panel.canvas
    across, up = usual
    dashed = look.pen("quiet", 1, Qt.PenStyle.DashLine)
    canvas.line([across, across], [0, top], dashed)
    canvas.line([0, right], [up, up], dashed)
    column = sheet.report.column("strategy")
    for (east, north), way in WAYS.items():
        words = cell_text(sheet.report, column, way, {"strategy": way})
        anchor = (float(east), 0.0 if north else 1.0)
        spot = (right if east else 0.0, top if north else 0.0)
        canvas.words(*spot, words, anchor=anchor, token="quiet", font=look.small(), gap=-6 if east else 6)
    panel.entries.append(Entry(_("middle of the team"), line=dashed))


def _circles(
    sheet: Sheet, panel: Panel, shown: list[tuple[int, Mapping[str, Any]]], right: float, top: float
) -> None:
    look, canvas = sheet.look, panel.canvas
    most = max(row["revenue_per_month"] for _place, row in shown) or 1
    taken: list[QRectF] = []
    spots = []
    for place, row in shown:
        size = max(LEAST, LARGEST * math.sqrt(row["revenue_per_month"] / most))
        x, y = row["volume"], row["depth"]
        canvas.mark(x, y, "o", look.color("neutral" if row["strategy"] is None else "waiting"), size)
        pixels = x / right * WIDE, (1 - y / top) * HIGH
        taken.append(QRectF(pixels[0] - size / 2, pixels[1] - size / 2, size, size))
        spots.append((place, row, size, pixels))
        half = size / 2 / WIDE * right, size / 2 / HIGH * top
        keys = ("deals", "closed", "volume", "depth", "strategy", "wins_per_month", "revenue_per_month")
        tip = sheet.tip(sheet.text(row, "manager"), row, *keys)
        canvas.hit((x - half[0], x + half[0]), (y - half[1], y + half[1]), place, "deals", tip)
    for _place, row, size, pixels in spots:
        _name(sheet, panel, row, size, pixels, taken)


def _name(
    sheet: Sheet,
    panel: Panel,
    row: Mapping[str, Any],
    size: float,
    pixels: tuple[float, float],
    taken: list[QRectF],
) -> None:
    """The name beside its circle: right, left, above or below, wherever nothing else stands."""
    look = sheet.look
    name, font = sheet.text(row, "manager"), look.font(12, bold=True)
    more = "  " + sheet.short(row, "revenue_per_month")
    wide = look.metrics(font).horizontalAdvance(name) + look.metrics(look.small()).horizontalAdvance(more)
    wide, high = wide / look.px(1), look.metrics(font).height() / look.px(1)
    x, y = pixels
    away = size / 2 + 5
    ways = (  # anchor, gap, left and top edge of the words
        ((0.0, 0.5), away, x + away, y - high / 2),
        ((1.0, 0.5), -away, x - away - wide, y - high / 2),
        ((0.5, 1 + away / high), 0.0, x - wide / 2, y - away - high),
        ((0.5, -away / high), 0.0, x - wide / 2, y + away),
    )
    free = ways[0]
    for way in ways:
        box = QRectF(way[2], way[3], wide, high)
        inside = box.left() >= 0 and box.right() <= WIDE and box.top() >= 0 and box.bottom() <= HIGH
        if inside and not any(box.intersects(other) for other in taken):
            free = way
            break
    taken.append(QRectF(free[2], free[3], wide, high))
    spot, (anchor, gap, *_box) = (row["volume"], row["depth"]), free
    panel.canvas.words(*spot, name, more=more, anchor=anchor, gap=gap, font=font, backed=True)
