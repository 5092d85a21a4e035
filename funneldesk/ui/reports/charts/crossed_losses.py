"""Losses by two things: a heat map with how many were lost in its cells, and under it the money."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtGui import QBrush

from funneldesk.report_words import cell_text
from funneldesk.report_words.labels import LABELS
from funneldesk.text import _
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.look import column_width
from funneldesk.ui.reports.charts.matrix import MIDDLE
from funneldesk.ui.reports.charts.sheet import Sheet

ROW = 44
COLUMN = 96
DOWN, ACROSS = 14, 10  # values of either grouping that are drawn; the table has all
SHOWN = ("lost", "lost_share", "lost_amount", "lost_amount_share", "base", "loss_rate")


def draw(sheet: Sheet) -> None:
    """The first grouping down (stages in their order), the second across; the most losses in each first."""
    report, look = sheet.report, sheet.look
    sides = [_values(sheet, place, most) for place, most in ((0, DOWN), (1, ACROSS))]
    names, heads = ([name for _value, name in side] for side in sides)
    panel = sheet.panel(_("Lost deals"), height=ROW * len(names) + 62, width=COLUMN * len(heads) + 160)
    canvas = panel.canvas
    canvas.view((-0.5, len(heads) - 0.5), (-0.5, len(names) - 0.5), down=True)
    canvas.categories(names, [float(place) for place in range(len(names))])
    canvas.categories(heads, [float(place) for place in range(len(heads))], side="top")
    at = [{value: place for place, (value, _name) in enumerate(side)} for side in sides]
    cells = {}
    for index, row in enumerate(report.rows):
        y, x = (own.get(row[key]) for own, key in zip(at, LABELS, strict=False))
        if x is not None and y is not None:
            cells[x, y] = index, row
    most = max((row["lost"] for _index, row in cells.values()), default=0) or 1
    bold = look.font(13, bold=True)
    for (x, y), (index, row) in cells.items():
        ground, ink = look.heat(row["lost"] / most)
        canvas.bars([x - 0.47], [float(y)], [0.94], 0.9, brushes=[QBrush(ground)])
        canvas.words(x, y - 0.16, sheet.text(row, "lost"), color=ink, anchor=MIDDLE, font=bold)
        canvas.words(
            x, y + 0.22, sheet.short(row, "lost_amount"), color=ink, anchor=MIDDLE, font=look.small()
        )
        tip = sheet.tip(f"{names[y]} · {heads[x]}", row, *SHOWN)
        canvas.hit((x - 0.47, x + 0.47), (y - 0.45, y + 0.45), index, "lost", tip, opens=row["lost"] > 0)
    told = [(look.small(), sheet.short(row, "lost_amount")) for _index, row in cells.values()]
    panel.columns, panel.column = len(heads), max(COLUMN / 2, column_width(look, heads, told))
    panel.entries += [
        Entry(_("stronger colour = more deals"), look.heat(0.8)[0]),
        Entry(_("below: lost amount")),
    ]
    if len(cells) < len(report.rows):
        panel.entries.append(Entry(_("the largest; all are in the table")))


def _values(sheet: Sheet, place: int, most: int) -> list[tuple[Any, str]]:
    """The values of a grouping with most losses, and their names: stages as they stand, others by losses."""
    report, key = sheet.report, LABELS[place]
    many: Counter[Any] = Counter()
    for row in report.rows:
        many[row[key]] += row["lost"]
    kept = [value for value, _lost in many.most_common(most)]
    if report.extra["by"][place] == "stage":
        kept = [value for value in many if value in kept]
    column = report.column(key)
    return [(value, cell_text(report, column, value, {key: value})) for value in kept]
