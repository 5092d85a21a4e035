"""Losses: count and money side by side, in the rows of the table; of too many the greatest."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from funneldesk.report_words import cell_text
from funneldesk.report_words.labels import LABELS
from funneldesk.text import _, format_number, format_percent, ngettext
from funneldesk.ui.reports.charts import crossed_losses
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet

ROW = 34
MOST = 14  # rows drawn; the table has all


def draw(sheet: Sheet) -> None:
    """Bars of lost deals with their loss rate, and of lost money with its share; of two groupings a map."""
    if len(sheet.report.extra["by"]) == 2:
        crossed_losses.draw(sheet)
        return
    rows = list(enumerate(sheet.report.rows))
    if len(rows) > MOST:  # crossed ones stand by stage: the first would fill the chart
        rows = sorted(rows, key=lambda each: (-each[1]["lost"], -each[1]["lost_amount"]))[:MOST]
    names = [_name(sheet, row) for _index, row in rows]
    _side(sheet, _("Lost deals"), rows, names, "lost")
    _side(sheet, _("Lost amount"), rows, names, "lost_amount")
    rest = len(sheet.report.rows) - len(rows)
    if rest:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        sheet.panels[0].entries.append(Entry(text.format(count=rest)))


def _name(sheet: Sheet, row: Any) -> str:
    report = sheet.report
    keys = [key for key in LABELS if key in row]
    return " / ".join(cell_text(report, report.column(key), row[key], row) for key in keys)


def _side(sheet: Sheet, title: str, rows: list[tuple[int, Any]], names: list[str], key: str) -> None:
    look, money = sheet.look, key == "lost_amount"
    panel = sheet.panel(title, height=ROW * len(rows) + 8, width=430)
    canvas = panel.canvas
    most = max((row[key] for _index, row in rows), default=0) or 1
    canvas.view((0, most), (-0.5, len(rows) - 0.5), down=True)
    places = [float(i) for i in range(len(rows))]
    canvas.categories(names, places)
    stripes = look.hatch("fill_outline", Qt.BrushStyle.BDiagPattern)
    wide = [row[key] for _index, row in rows]
    canvas.bars([0] * len(rows), places, wide, 0.58, look.color("lost"), hatch=stripes)
    for i, (index, row) in enumerate(rows):
        _label(sheet, panel, i, row, key, most)
        shown = ("lost", "lost_share", "lost_amount", "lost_amount_share", "base", "loss_rate")
        tip = sheet.tip(names[i], row, *shown)
        canvas.hit((0, FAR), (i - 0.45, i + 0.45), index, "lost", tip, opens=row["lost"] > 0)
    canvas.fit(most)
    if not money:
        panel.entries.append(Entry(_("in brackets: loss rate and what it is out of")))


def _label(sheet: Sheet, panel: Panel, i: int, row: Any, key: str, most: float) -> None:
    bold = sheet.look.font(12, bold=True)
    if key == "lost_amount":
        text, more = sheet.short(row, key), "   " + format_percent(row["lost_amount_share"])
    else:
        text, more = sheet.text(row, key), "   " + format_percent(row["lost_share"])
        if row["loss_rate"] is not None:
            more += (
                "   ("
                + _("{rate} of {base}").format(
                    rate=format_percent(row["loss_rate"]), base=format_number(row["base"])
                )
                + ")"
            )
    panel.canvas.words(row[key], i, text, more=more, font=bold, gap=6)
