"""Leaks: the rate of each slice with its range, and a stroke where the others stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funneldesk.report_words import column_label
from funneldesk.text import _, format_number, format_percent, ngettext
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.managers import SIGNS
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet, shares

ROW = 34
MOST = 14  # rows drawn, the dearest leaks and the surest boosts first; the table has all
_TOLD = ("advanced", "resolved", "rate", "reference", "shrunk", "q", "cost")


def draw(sheet: Sheet) -> None:
    """Dots with 95% whiskers, x of n and the cost at the right edge."""
    rows = _chosen(sheet.report.rows)
    look = sheet.look
    panel = sheet.panel(column_label("rate"), height=ROW * len(rows) + 30, width=640)
    canvas = panel.canvas
    canvas.view((0, 1), (-0.5, len(rows) - 0.5), down=True)
    names = [f"{sheet.text(row, 'slice')} · {row['step']}" for _place, row in rows]
    canvas.categories(names, [float(i) for i in range(len(rows))])
    canvas.numbers("bottom", format_percent)
    canvas.getAxis("bottom").setTicks([[(share, format_percent(share, 0)) for share in shares(1.0)]])
    for share in shares(1.0):
        canvas.line([share, share], [-0.5, len(rows) - 0.5], look.pen("line"))
    for i, (place, row) in enumerate(rows):
        _slice(sheet, panel, i, row)
        tip = sheet.tip(names[i], row, *_TOLD)
        canvas.hit((-1, FAR), (i - 0.5, i + 0.5), place, "resolved", tip, opens=row["resolved"] > 0)
    canvas.fit(1.0, -0.02)
    panel.entries += [
        Entry(_("▲ above the others")),
        Entry(_("▼ below the others")),
        Entry(_("● no sure difference (line: 95% range)")),
        Entry(_("the others"), line=look.pen("text", 2), upright=True),
    ]
    rest = len(sheet.report.rows) - len(rows)
    if rest:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        panel.entries.append(Entry(text.format(count=rest)))


def _chosen(rows: tuple[Mapping[str, Any], ...]) -> list[tuple[int, Mapping[str, Any]]]:
    """(place in the table, row): the flagged ones first, then by q."""
    order = {"leak": 0, "boost": 1}

    def weight(pair: tuple[int, Mapping[str, Any]]) -> tuple[int, float, int]:
        place, row = pair
        flagged = order.get(row["flag"] or "", 2)
        return flagged, float(place) if flagged == 0 else (1.0 if row["q"] is None else row["q"]), place

    return sorted(enumerate(rows), key=weight)[:MOST]


def _slice(sheet: Sheet, panel: Panel, i: int, row: Mapping[str, Any]) -> None:
    look, canvas = sheet.look, panel.canvas
    few = row["resolved"] < 10
    text = format_percent(row["rate"]) if row["rate"] is not None else "–"
    more = f"  {format_number(row['advanced'])}/{format_number(row['resolved'])}"
    if row["cost"]:
        more += "  −" + sheet.short(row, "cost")
    elif few:
        more += "  " + _("too few")
    token = "quiet" if few else "text"
    canvas.words(1.0, i, text, more=more, token=token, font=look.font(12, bold=not few), gap=12)
    if row["reference"] is not None:
        canvas.line([row["reference"]] * 2, [i - 0.3, i + 0.3], look.pen("text", 2))
    if row["rate"] is None:
        return
    canvas.line([row["low"], row["high"]], [i, i], look.pen("outline" if few else "fill_outline", 2))
    symbol, colour = SIGNS.get(row["flag"] or "", ("o", "neutral"))
    canvas.mark(row["rate"], i, symbol, look.color(colour), 14 if row["flag"] in SIGNS else 11)
