"""The stage funnel: left-aligned bars, what goes on between them, a lighter tip for what still waits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt

from funneldesk.report_words import column_label
from funneldesk.report_words.cells import range_text
from funneldesk.text import _, format_days, format_number, format_percent
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet

THICK = 0.56  # of a row; the rest is for the words between the bars
ROW = 46


def draw(sheet: Sheet) -> None:
    """Bars of `count` by stage, then won; with the rule "now" no conversions, as it is a stock."""
    report = sheet.report
    flow = report.rule != "current" and report.population != "activity"
    won = report.totals.get("won_by_rule")
    names = [str(row["stage"]) for row in report.rows]
    last = won is not None
    rows = len(names) + last
    panel = sheet.panel(height=ROW * rows + 8, width=560)
    canvas, look = panel.canvas, sheet.look
    most = max([row["count"] for row in report.rows] + ([won or 0] if last else []), default=0) or 1
    canvas.view((0, most), (-0.38, rows - 0.52 + 0.06), down=True)
    places = [float(i) for i in range(rows)]
    canvas.categories([*names, *([_("Won")] if last else [])], places)
    counts = [row["count"] for row in report.rows]
    # a tip is part of the bar only where the bar counts by reach
    tips = [row["waiting"] if flow and report.rule == "reached" else 0 for row in report.rows]
    full = [count - tip for count, tip in zip(counts, tips, strict=True)]
    canvas.bars([0] * len(full), places[: len(full)], full, THICK, look.color("won"))
    if any(tips):
        stripes = look.hatch("won", Qt.BrushStyle.BDiagPattern)
        canvas.bars(full, places[: len(full)], tips, THICK, look.color("waiting"), hatch=stripes)
        panel.entries += [
            Entry(_("went on or lost"), look.color("won")),
            Entry(_("still waiting there"), look.color("waiting"), stripes),
        ]
    for i, row in enumerate(report.rows):
        _label(sheet, panel, i, row, most)
        if flow:
            _between(sheet, panel, i, row)
    if last:
        canvas.bars([0], [places[-1]], [won or 0], THICK, look.color("boost"))
        _won(sheet, panel, len(names), won or 0, most)
    canvas.fit(most)


def _label(sheet: Sheet, panel: Panel, i: int, row: Mapping[str, Any], most: float) -> None:
    more = f"   {format_percent(row['share'])}   {sheet.short(row, 'amount')}"
    bold = sheet.look.font(bold=True)
    panel.canvas.words(row["count"], i, sheet.text(row, "count"), more=more, font=bold, gap=6)
    tip = sheet.tip(str(row["stage"]), row, "count", "share", "amount", "weighted_amount")
    days = sheet.hints.get(str(row["stage"]))
    if days is not None:
        tip += "\n" + _("Half stay no longer than {days} days").format(days=format_days(days))
    panel.canvas.hit((0, FAR), (i - THICK / 2, i + THICK / 2), i, "count", tip)


def _between(sheet: Sheet, panel: Panel, i: int, row: Mapping[str, Any]) -> None:
    if row["step_conversion"] is None:
        return
    decided = row["advanced"] + row["lost"]
    text = f"▼ {format_percent(row['step_conversion'])}"
    spread = range_text(row, "step_conversion")
    told = [_("{went} of {decided} went on").format(
        went=format_number(row["advanced"]), decided=format_number(decided)
    )]  # fmt: skip
    if row["lost"]:
        told.append(_("{count} lost").format(count=format_number(row["lost"])))
    if row["waiting"]:
        told.append(_("{count} waiting").format(count=format_number(row["waiting"])))
    few = decided < 10
    if few:
        told.append(_("too few"))
    more = [f"  ({spread})"] if spread else []
    more += [f"  ·  {each}" for each in told]
    # in little room the percent, its range and what comes last stay longest; mouse and table tell the rest
    spare = [*range(1, len(more)), 0]
    token = "quiet" if few else "text"
    font = sheet.look.small(bold=not few)
    panel.canvas.words(0, i + 0.5, text, more=more, spare=spare, token=token, font=font)
    tip = sheet.tip(str(row["stage"]), row, "entered", "advanced", "lost", "waiting", "step_conversion")
    panel.canvas.hit((0, FAR), (i + THICK / 2, i + 1 - THICK / 2), i, "advanced", tip)


def _won(sheet: Sheet, panel: Panel, i: int, won: float, most: float) -> None:
    report = sheet.report
    totals = report.totals
    more = ""
    if totals.get("overall_conversion") is not None:
        more = "   " + _("{share} of all created").format(share=format_percent(totals["overall_conversion"]))
    if totals.get("won_amount") is not None:
        more += f"   {sheet.short(totals, 'won_amount')}"
    bold = sheet.look.font(bold=True)
    panel.canvas.words(won, i, format_number(won), more=more, font=bold, gap=6)
    tip = sheet.tip(column_label("won"), totals, "won", "won_amount", "win_rate", "overall_conversion")
    opens = report.column("won_by_rule").opens
    panel.canvas.hit((0, FAR), (i - THICK / 2, i + THICK / 2), None, "won_by_rule", tip, opens=opens)
