"""Finished deals: passed and lost by stage, once in deals and once in money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt

from funneldesk.text import _, format_number, format_percent
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet

THICK = 0.62
ROW = 38


def draw(sheet: Sheet) -> None:
    """Two panels of the same rows: stacked passed then lost."""
    _side(sheet, _("Deals"), "passed", "lost", money=False)
    _side(sheet, _("Amount"), "passed_amount", "lost_amount", money=True)


def _side(sheet: Sheet, title: str, passed: str, lost: str, *, money: bool) -> None:
    rows, look = sheet.report.rows, sheet.look
    panel = sheet.panel(title, height=ROW * len(rows) + 8, width=430)
    canvas = panel.canvas
    most = max((row[passed] + row[lost] for row in rows), default=0) or 1
    canvas.view((0, most), (-0.5, len(rows) - 0.5), down=True)
    places = [float(i) for i in range(len(rows))]
    canvas.categories([str(row["stage"]) for row in rows], places)
    stripes = look.hatch("fill_outline", Qt.BrushStyle.BDiagPattern)
    canvas.bars([0] * len(rows), places, [row[passed] for row in rows], THICK, look.color("won"))
    starts, ends = [row[passed] for row in rows], [row[lost] for row in rows]
    canvas.bars(starts, places, ends, THICK, look.color("lost"), hatch=stripes)
    panel.entries += [
        Entry(_("passed on"), look.color("won")),
        Entry(_("lost at this stage"), look.color("lost"), stripes),
    ]
    for i, row in enumerate(rows):
        _row(sheet, panel, i, row, (passed, lost), money=money)
    canvas.fit(most)


def _row(
    sheet: Sheet,
    panel: Panel,
    i: int,
    row: Mapping[str, Any],
    keys: tuple[str, str],
    *,
    money: bool,
) -> None:
    passed, lost = row[keys[0]], row[keys[1]]
    canvas, look = panel.canvas, sheet.look
    inside = sheet.short(row, keys[0]) if money else format_number(passed)
    bold = look.font(12, bold=True)
    canvas.words(0, i, inside, color=look.over("won"), font=bold, gap=6, within=passed)
    if money:
        text, more = sheet.short(row, keys[1]), "  " + _("lost")
    else:
        decided = row["entered"]
        text = format_percent(row["conversion"])
        more = f"  {format_number(passed)}/{format_number(decided)}"
        if lost:
            more += "  ·  " + _("{count} lost").format(count=format_number(lost))
        if decided < 10:
            more += "  ·  " + _("too few")
    canvas.words(passed + lost, i, text, more=more, font=bold, gap=6)
    shown = ("entered", "passed", "passed_amount", "lost", "lost_amount", "conversion")
    tip = sheet.tip(str(row["stage"]), row, *shown)
    half = THICK / 2
    canvas.hit((passed, FAR), (i - half, i + half), i, "lost", tip, opens=row["lost"] > 0)
    canvas.hit((0, passed), (i - half, i + half), i, "passed", tip, opens=row["passed"] > 0)
