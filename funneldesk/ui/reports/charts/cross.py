"""Two properties crossed: a heat map with the chosen figure in its cells and the sums beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QBrush, QColor

from funneldesk.domain.results import Type
from funneldesk.report_words import cross, is_few, money_head
from funneldesk.text import _, format_number
from funneldesk.ui.reports.charts.canvas import Canvas
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.look import column_width
from funneldesk.ui.reports.charts.matrix import MIDDLE
from funneldesk.ui.reports.charts.sheet import Panel, Sheet

ROW = 40
COLUMN = 92
SHOWN = ("deals", "open", "won", "lost", "win_rate", "amount", "won_amount", "won_average")


def draw(sheet: Sheet) -> None:
    """Rows down, columns across, a total after each, more in a stronger colour; one grouping is a table."""
    report = sheet.report
    grid = cross.grid(report)
    if grid is None:
        return
    names = [cross.label_of(report, 0, line) for line in grid.rows] + [_("Total")]
    heads = [cross.label_of(report, 1, line) for line in grid.heads] + [_("Total")]
    panel = sheet.panel(height=ROW * len(names) + 62, width=COLUMN * len(heads) + 160)
    canvas = panel.canvas
    canvas.view((-0.5, len(heads) - 0.5), (-0.5, len(names) - 0.5), down=True)
    canvas.categories(names, [float(place) for place in range(len(names))])
    canvas.categories(heads, [float(place) for place in range(len(heads))], side="top")
    values = [row[grid.figure.key] or 0 for _index, row in grid.cells.values()]
    pen = _Pen(sheet, grid, max(values, default=0) or 1)
    for x in range(len(heads)):
        for y in range(len(names)):
            pen.cell(canvas, x, y, f"{names[y]} · {heads[x]}")
    widest = [(sheet.look.font(13, bold=True), pen.widest)]
    panel.columns, panel.column = len(heads), max(COLUMN / 2, column_width(sheet.look, heads, widest))
    _key(panel, sheet, grid)


class _Pen:
    """Draws cells of one figure."""

    def __init__(self, sheet: Sheet, grid: cross.Grid, most: float) -> None:
        self._sheet, self._grid, self._most = sheet, grid, most
        self._behind = cross.opens(grid.figure)
        self.widest = ""

    def cell(self, canvas: Canvas, x: int, y: int, head: str) -> None:
        """The figure, under it of how many deals it is, on a ground as dark as it is large."""
        index, row, suffix = self._at(x, y)
        sheet, look = self._sheet, self._sheet.look
        is_sum = index is None
        few = row is not None and is_few(sheet.report, row, self._grid.figure.key)
        share = (row[self._grid.figure.key] or 0) / self._most if row and not few else 0.0
        ground, ink = (look.color("sunken"), look.color("text")) if is_sum else look.heat(share)
        canvas.bars([x - 0.47], [float(y)], [0.94], 0.9, brushes=[QBrush(ground)])
        if row is None:
            return
        ink = look.color("quiet") if few else ink
        told = self._text(row)
        self.widest = max(self.widest, told, key=len)
        self._write(canvas, x, y, told, row, ink)
        many = row[self._behind]
        tip = sheet.tip(head, row, *SHOWN)
        key = self._behind + suffix
        canvas.hit((x - 0.47, x + 0.47), (y - 0.45, y + 0.45), index, key, tip, opens=many > 0)

    def _write(self, canvas: Canvas, x: int, y: int, told: str, row: Mapping[str, Any], ink: QColor) -> None:
        look, counts = self._sheet.look, self._grid.figure.type is Type.COUNT
        lift = 0.0 if counts else -0.16
        canvas.words(x, y + lift, told, color=ink, anchor=MIDDLE, font=look.font(13, bold=True))
        if not counts:
            of = row["won"] + row["lost"] if self._grid.figure.type is Type.RATE else row[self._behind]
            under = _("of {count}").format(count=format_number(of))
            canvas.words(x, y + 0.22, under, color=ink, anchor=MIDDLE, font=look.small())

    def _text(self, row: Mapping[str, Any]) -> str:
        figure, sheet = self._grid.figure, self._sheet
        return sheet.short(row, figure.key) if figure.type is Type.MONEY else sheet.text(row, figure.key)

    def _at(self, x: int, y: int) -> tuple[int | None, Mapping[str, Any] | None, str]:
        """(row of the report, its values, the end of the key that opens it) of a cell, or of a sum."""
        right, foot = x == len(self._grid.heads), y == len(self._grid.rows)
        if right and foot:
            return None, self._sheet.report.totals, ""
        if right or foot:
            line = self._grid.rows[y] if right else self._grid.heads[x]
            return None, line, line["key"]
        index, row = self._grid.cells.get((y, x), (-1, None))
        return index, row, ""


def _key(panel: Panel, sheet: Sheet, grid: cross.Grid) -> None:
    look = sheet.look
    panel.title = money_head(sheet.report, grid.figure)
    panel.entries.append(Entry(_("stronger colour = more"), look.heat(0.8)[0]))
    if grid.figure.type is not Type.COUNT:
        panel.entries.append(Entry(_("below: of how many deals")))
    if grid.cut:
        panel.entries.append(Entry(_("the largest, of months the latest; all are in the table")))
