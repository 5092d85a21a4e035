"""Lost clients: who bought most before, and whether lost deals took longer than won ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt

from funneldesk.report_words import column_label
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet

ROW = 34
MOST = 10  # clients drawn by what they bought; the table has all
HIGH, WIDE = ROW * MOST, 430
SIGNS = 150  # clients drawn by their days, those who bought most first
LEAST = 3  # clients with won and lost deals, for a picture of both
ROOM = 1.08  # of the longest, so that no sign touches the edge
NEAR = 9  # pixels around a sign that answer the mouse
WON, LOST = "won_median_days", "lost_median_days"
_Rows = list[tuple[int, Mapping[str, Any]]]


def draw(sheet: Sheet) -> None:
    """Bars of what was won before; beside them a sign per client at (days of won, days of lost)."""
    rows = list(enumerate(sheet.report.rows))
    bought = [(place, row) for place, row in rows if row["prior_won_amount"]]
    if bought:
        _bought(sheet, bought)
    both = [(place, row) for place, row in rows if row[WON] is not None and row[LOST] is not None]
    if len(both) >= LEAST:
        _lengths(sheet, both)


def _bought(sheet: Sheet, bought: _Rows) -> None:
    """The table stands by this amount, so the first ones are the largest."""
    look, shown = sheet.look, bought[:MOST]
    panel = sheet.panel(column_label("prior_won_amount"), height=ROW * len(shown) + 8, width=WIDE)
    canvas = panel.canvas
    amounts = [row["prior_won_amount"] for _place, row in shown]
    names = [sheet.text(row, "client") for _place, row in shown]
    places = [float(i) for i in range(len(shown))]
    canvas.view((0, amounts[0]), (-0.5, len(shown) - 0.5), down=True)
    canvas.categories(names, places)
    canvas.bars([0] * len(shown), places, amounts, 0.58, look.color("won"))
    for i, (place, row) in enumerate(shown):
        words = sheet.short(row, "prior_won_amount")
        canvas.words(amounts[i], i, words, font=look.font(12, bold=True), gap=6)
        tip = sheet.tip(names[i], row, "prior_won", "prior_won_amount", "lost", "interaction_days", WON, LOST)
        canvas.hit((0, FAR), (i - 0.45, i + 0.45), place, "prior_won", tip)
    canvas.fit(amounts[0])
    _tell_rest(panel, len(bought) - len(shown))


def _tell_rest(panel: Panel, rest: int) -> None:
    if rest > 0:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        panel.entries.append(Entry(text.format(count=rest)))


def _round_days(far: float) -> list[float]:
    """Round numbers along an axis that ends at `far`, none so near the end that it is cut off."""
    step = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000) if far / step <= 7 or step == 5000
    )
    return [float(days) for days in range(0, int(far * 0.97) + 1, step)]


def _lengths(sheet: Sheet, both: _Rows) -> None:
    """Over the dashed line deals were lost slower than others were won."""
    look = sheet.look
    title = _("{up} (up) by {across} (across)")
    panel = sheet.panel(
        title.format(up=column_label(LOST), across=column_label(WON).lower()), height=HIGH, width=WIDE
    )
    canvas = panel.canvas
    right, top = (max(row[key] for _place, row in both[:SIGNS]) * ROOM or 1.0 for key in (WON, LOST))
    canvas.view((0, right), (0, top))
    for side, far in (("bottom", right), ("left", top)):
        canvas.numbers(side, format_number)
        canvas.getAxis(side).setTicks([[(days, format_number(days)) for days in _round_days(far)]])
    dashed = look.pen("quiet", 1, Qt.PenStyle.DashLine)
    end = min(right, top)
    canvas.line([0, end], [0, end], dashed)
    half = NEAR / WIDE * right, NEAR / HIGH * top
    for place, row in both[:SIGNS]:
        x, y = row[WON], row[LOST]
        slower = y > x
        canvas.mark(x, y, "t1" if slower else "t", look.color("leak" if slower else "won"), 11)
        tip = sheet.tip(sheet.text(row, "client"), row, WON, LOST, "lost", "prior_won")
        canvas.hit((x - half[0], x + half[0]), (y - half[1], y + half[1]), place, "lost", tip)
    panel.entries += [
        Entry("▲ " + _("lost slower than won"), look.color("leak")),
        Entry("▼ " + _("lost as fast or faster"), look.color("won")),
        Entry(_("as long"), line=dashed),
    ]
    _tell_rest(panel, len(both) - SIGNS)
