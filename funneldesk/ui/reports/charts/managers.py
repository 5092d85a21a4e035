"""Managers compared: win rates with their ranges beside the team's, and money won."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt

from funneldesk.text import _, format_number, format_percent
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet, shares

ROW = 34
MOST = 24  # managers drawn; the table has all
SIGNS = {"leak": ("t", "leak"), "boost": ("t1", "boost")}


def draw(sheet: Sheet) -> None:
    """At the left dots with 95 % whiskers, at the right bars of won and expected money."""
    rows = list(sheet.report.rows[:MOST])
    names = [sheet.text(row, "manager") for row in rows]
    _rates(sheet, rows, names)
    _money(sheet, rows, names)


def _rates(sheet: Sheet, rows: list[Mapping[str, Any]], names: list[str]) -> None:
    look = sheet.look
    panel = sheet.panel(_("Win rate"), height=ROW * len(rows) + 30, width=430)
    canvas = panel.canvas
    highs = [row["win_rate_high"] for row in rows if row["win_rate_high"] is not None]
    top = next(share for share in (0.25, 0.5, 0.75, 1.0) if share >= min(max(highs, default=1.0), 1.0))
    ticks = shares(top)
    canvas.view((0, top), (-0.5, len(rows) - 0.5), down=True)
    canvas.categories(names, [float(i) for i in range(len(rows))])
    canvas.numbers("bottom", format_percent)
    canvas.getAxis("bottom").setTicks([[(v, format_percent(v, 0)) for v in ticks]])
    for share in ticks:
        canvas.line([share, share], [-0.5, len(rows) - 0.5], look.pen("line"))
    team = sheet.report.totals.get("win_rate")
    if team is not None:
        dashed = look.pen("text", 1.5, Qt.PenStyle.DashLine)
        canvas.line([team, team], [-0.5, len(rows) - 0.5], dashed)
        panel.entries.append(Entry(_("team: {rate}").format(rate=format_percent(team)), line=dashed))
    for i, row in enumerate(rows):
        _rate(sheet, panel, i, row, names[i], top)
    canvas.fit(top, -0.02 * top)
    panel.entries += [
        Entry(_("▲ above the others")),
        Entry(_("▼ below the others")),
        Entry(_("● no sure difference (line: 95% range)")),
    ]


def _rate(sheet: Sheet, panel: Panel, i: int, row: Mapping[str, Any], name: str, top: float) -> None:
    look, canvas = sheet.look, panel.canvas
    closed = row["won"] + row["lost"]
    label = f"{format_number(row['won'])}/{format_number(closed)}"
    few = closed < 10
    token = "quiet" if few else "text"
    rate = format_percent(row["win_rate"]) if row["win_rate"] is not None else ""
    more = ("  " + label + ("  " + _("too few") if few else "")) if closed else "  " + _("none closed")
    canvas.words(top, i, rate, more=more, token=token, font=look.font(12, bold=not few), gap=12)
    tip = sheet.tip(name, row, "deals", "open", "won", "lost", "win_rate", "won_amount", "cycle_median_days")
    canvas.hit((-1, FAR), (i - 0.5, i + 0.5), i, "won" if row["won"] else "deals", tip)
    if row["win_rate"] is None:
        return
    pen = look.pen("outline" if few else "fill_outline", 3 if not few else 2)
    canvas.line([row["win_rate_low"], row["win_rate_high"]], [i, i], pen)
    symbol, colour = SIGNS.get(row["flag"] or "", ("o", "neutral"))
    canvas.mark(row["win_rate"], i, symbol, look.color(colour), 14 if row["flag"] in SIGNS else 11)


def _money(sheet: Sheet, rows: list[Mapping[str, Any]], names: list[str]) -> None:
    look = sheet.look
    panel = sheet.panel(_("Won and expected amount"), height=ROW * len(rows) + 30, width=430)
    canvas = panel.canvas
    most = max((row["won_amount"] + row["expected_amount"] for row in rows), default=0) or 1
    canvas.view((0, most), (-0.5, len(rows) - 0.5 + 22 / ROW), down=True)
    places = [float(i) for i in range(len(rows))]
    canvas.categories(names, places)
    won, expected = [row["won_amount"] for row in rows], [row["expected_amount"] for row in rows]
    stripes = look.hatch("won", Qt.BrushStyle.BDiagPattern)
    canvas.bars([0] * len(rows), places, won, 0.56, look.color("won"))
    canvas.bars(won, places, expected, 0.56, look.color("waiting"), hatch=stripes)
    panel.entries += [
        Entry(_("won"), look.color("won")),
        Entry(_("expected of open deals"), look.color("waiting"), stripes),
    ]
    for i, row in enumerate(rows):
        end = row["won_amount"] + row["expected_amount"]
        more = "  + " + sheet.short(row, "expected_amount") if row["expected_amount"] else ""
        bold = look.font(12, bold=True)
        canvas.words(end, i, sheet.short(row, "won_amount"), more=more, font=bold, gap=6)
        tip = sheet.tip(names[i], row, "won", "won_amount", "open", "expected_amount")
        canvas.hit((row["won_amount"], end), (i - 0.4, i + 0.4), i, "open", tip)
        canvas.hit((0, FAR), (i - 0.4, i + 0.4), i, "won", tip)
    canvas.fit(most)
