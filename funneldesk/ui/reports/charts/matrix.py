"""Managers by stage: a heat map with the numbers in its cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QBrush, QFont

from funneldesk.report_words import column_label
from funneldesk.text import _, format_percent
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.look import column_width
from funneldesk.ui.reports.charts.sheet import Sheet

ROW = 56
COLUMN = 104
DOWN, ACROSS = 12, 10  # rows and columns of one part on paper; more would be too small to read
MIDDLE = (0.5, 0.5)
SIGNS = {"leak": " ▼", "boost": " ▲"}

Cells = dict[tuple[str, str], tuple[int, Mapping[str, Any]]]


def draw(sheet: Sheet) -> None:
    """Stages down, managers across, or turned; the stronger the colour, the more deals."""
    report, look = sheet.report, sheet.look
    turned = report.extra["turned"]
    sides: dict[str, str] = {}
    heads: dict[str, str] = {}
    cells: Cells = {}
    for index, row in enumerate(report.rows):
        stage, manager = str(row["stage"]), f"{row['scope']}:{row['manager']}"
        side, head = (manager, stage) if turned else (stage, manager)
        people, stages = (sides, heads) if turned else (heads, sides)
        people.setdefault(manager, sheet.text(row, "manager"))
        stages.setdefault(stage, stage)
        cells[(side, head)] = (index, row)
    most = max((row["count"] for row in report.rows if row["scope"] != "team"), default=0) or 1
    for names in _parts(sides, DOWN if look.paper else len(sides)):
        for over in _parts(heads, ACROSS if look.paper else len(heads)):
            _part(sheet, names, over, cells, most)
    sheet.panels[-1].entries += [
        Entry(_("stronger colour = more deals"), look.heat(0.8)[0]),
        Entry(_("below: amount, and how many of the decided went on to the next stage")),
        Entry(_("▼ ▲ surely different from the others")),
    ]


def _parts(names: dict[str, str], most: int) -> list[dict[str, str]]:
    """The names in their order, in as few parts of nearly one size as have at most `most`."""
    number = -(-len(names) // most)
    size = -(-len(names) // number)
    every = list(names.items())
    return [dict(every[start : start + size]) for start in range(0, len(every), size)]


def _part(sheet: Sheet, sides: dict[str, str], heads: dict[str, str], cells: Cells, most: int) -> None:
    # names of stages take three lines
    above = 62 if sheet.report.extra["turned"] else 44
    panel = sheet.panel(height=ROW * len(sides) + above, width=COLUMN * len(heads) + 160)
    rows = [row for row in sheet.report.rows if row["resolved"]]
    steps = [(_step_font(sheet, row), _step(row)) for row in rows]
    panel.columns, panel.column = len(heads), column_width(sheet.look, heads.values(), steps)
    canvas = panel.canvas
    canvas.view((-0.5, len(heads) - 0.5), (-0.5, len(sides) - 0.5), down=True)
    canvas.categories(list(sides.values()), [float(i) for i in range(len(sides))])
    canvas.categories(list(heads.values()), [float(i) for i in range(len(heads))], side="top")
    for column, head in enumerate(heads):
        shown = [(cells[(side, head)], float(y)) for y, side in enumerate(sides) if (side, head) in cells]
        shades = [_shade(sheet, row, most) for (_i, row), _y in shown]
        starts, widths = [column - 0.47] * len(shown), [0.94] * len(shown)
        places = [y for _cell, y in shown]
        canvas.bars(starts, places, widths, 0.9, brushes=[QBrush(ground) for ground, _text in shades])
        for ((index, row), y), (_ground, text) in zip(shown, shades, strict=True):
            _cell(sheet, canvas, (column, y), (index, row), text)


def _step_font(sheet: Sheet, row: Mapping[str, Any]) -> QFont:
    return sheet.look.font(11, bold=row["flag"] in SIGNS)


def _step(row: Mapping[str, Any]) -> str:
    sign = SIGNS.get(row["flag"] or "", "")
    return f"{format_percent(row['step_conversion'])}{sign}  {row['advanced']}/{row['resolved']}"


def _shade(sheet: Sheet, row: Mapping[str, Any], most: float) -> tuple[Any, Any]:
    if row["scope"] == "team":
        return sheet.look.color("sunken"), sheet.look.color("text")
    return sheet.look.heat(row["count"] / most)


def _cell(
    sheet: Sheet, canvas: Any, spot: tuple[float, float], at: tuple[int, Mapping[str, Any]], text: Any
) -> None:
    index, row = at
    look = sheet.look
    x, y = spot
    none = row["count"] == 0 and row["scope"] != "team"
    shade = look.color("quiet") if none else text
    bold = look.font(14, bold=True)
    canvas.words(x, y - 0.24, sheet.text(row, "count"), color=shade, anchor=MIDDLE, font=bold)
    if row["count"]:
        canvas.words(x, y + 0.06, sheet.short(row, "amount"), color=text, anchor=MIDDLE, font=look.small())
    if row["resolved"]:
        shade = look.color("quiet") if row["resolved"] < 10 and none else text
        canvas.words(x, y + 0.3, _step(row), color=shade, anchor=MIDDLE, font=_step_font(sheet, row))
    head = f"{sheet.text(row, 'manager')} · {row['stage']}"
    keys = ("count", "share", "amount", "expected_amount", "probability", "step_conversion", "flag")
    tip = sheet.tip(head, row, *keys)
    if row["resolved"]:
        tip += f"\n{column_label('resolved')}: {row['advanced']}/{row['resolved']}"
    canvas.hit((x - 0.47, x + 0.47), (y - 0.45, y + 0.45), index, "count", tip, opens=row["count"] > 0)
