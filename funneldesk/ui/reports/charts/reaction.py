"""Reaction: how long each manager's leads waited for an answer, and how many have none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt

from funneldesk.report_words import column_label
from funneldesk.text import N_, _, format_number, ngettext
from funneldesk.ui.reports.charts.canvas import Spot
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet, round_numbers

ROW = 34
MOST = 24  # managers drawn; the table has all
LONGEST = (
    4.0  # times the longest median; a whisker that is longer is drawn so long, its number tells the rest
)
FEW = 10
_TOLD = ("leads", "answered", "median_hours", "p90_hours", "unanswered", "unanswered_day", "deals")

# parts of the leads: words, colour, hatch
WAITING = (
    (N_("answered"), "won", None),
    (N_("waiting for up to a day"), "waiting", Qt.BrushStyle.BDiagPattern),
    (N_("waiting for more than a day"), "lost", Qt.BrushStyle.DiagCrossPattern),
)


def draw(sheet: Sheet) -> None:
    """At the left bars to the median with whiskers to nine of ten, at the right answered and unanswered."""
    rows = list(sheet.report.rows[:MOST])
    names = [sheet.text(row, "manager") for row in rows]
    _hours(sheet, rows, names)
    _leads(sheet, rows, names)
    rest = len(sheet.report.rows) - len(rows)
    if rest:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        sheet.panels[0].entries.append(Entry(text.format(count=rest)))


def _hit(sheet: Sheet, panel: Panel, i: int, row: Mapping[str, Any], name: str) -> None:
    tip = sheet.tip(name, row, *_TOLD)
    panel.canvas.hit((-1, FAR), (i - 0.5, i + 0.5), i, "deals", tip, opens=row["deals"] > 0)


def _hours(sheet: Sheet, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    look = sheet.look
    panel = sheet.panel(_("Hours to the first answer"), height=ROW * len(rows) + 30, width=430)
    canvas = panel.canvas
    team = sheet.report.totals.get("median_hours")
    most = _longest(rows)
    canvas.view((0, most), (-0.5, len(rows) - 0.5), down=True)
    canvas.categories(names, [float(i) for i in range(len(rows))])
    canvas.numbers("bottom", format_number)
    digits = 0 if most >= 5 else 1
    canvas.getAxis("bottom").setTicks([[(hour, format_number(hour, digits)) for hour in round_numbers(most)]])
    panel.entries += [
        Entry(column_label("median_hours"), look.color("won")),
        Entry(column_label("p90_hours"), line=look.pen("fill_outline", 2)),
    ]
    known = [(float(i), row["median_hours"]) for i, row in enumerate(rows) if row["median_hours"] is not None]
    canvas.bars([0] * len(known), [y for y, _x in known], [x for _y, x in known], 0.56, look.color("won"))
    if team is not None and len(rows) > 1:
        dashed = look.pen("text", 1.5, Qt.PenStyle.DashLine)
        canvas.line([team, team], [-0.5, len(rows) - 0.5], dashed)
        text = _("team: {hours}").format(hours=sheet.text(sheet.report.totals, "median_hours"))
        panel.entries.append(Entry(text, line=dashed, upright=True))
    whiskers: list[tuple[Spot, Spot]] = []
    for i, row in enumerate(rows):
        whiskers += _whisker(i, row, most)
        _wait(sheet, panel, i, row, most)
        _hit(sheet, panel, i, row, names[i])
    canvas.strokes(whiskers, look.pen("fill_outline", 2))
    canvas.fit(most)


def _longest(rows: Sequence[Mapping[str, Any]]) -> float:
    """How many hours are drawn: the slowest lead of one manager does not squeeze all the medians."""
    medians = [row["median_hours"] for row in rows if row["median_hours"] is not None]
    ends = [row["p90_hours"] for row in rows if row["p90_hours"] is not None]
    longest = max(medians, default=0.0) * LONGEST or math.inf  # all were answered at once
    return float(min(max(ends, default=0.0), longest) or 1.0)


def _whisker(i: int, row: Mapping[str, Any], most: float) -> list[tuple[Spot, Spot]]:
    """From the median to nine of ten, closed by a stroke; an arrow where it goes on beyond the plot."""
    middle, late = row["median_hours"], row["p90_hours"]
    if middle is None:
        return []
    end, inner = min(late, most), min(late, most) * 0.985
    line = ((middle, i), (end, i))
    if late <= most:
        return [line, ((end, i - 0.16), (end, i + 0.16))]
    return [line, ((inner, i - 0.16), (end, i)), ((inner, i + 0.16), (end, i))]


def _wait(sheet: Sheet, panel: Panel, i: int, row: Mapping[str, Any], most: float) -> None:
    look, canvas = sheet.look, panel.canvas
    if row["median_hours"] is None:
        canvas.words(0, i, _("none answered"), token="quiet", font=look.font(12), gap=8, backed=True)
        return
    few = row["answered"] < FEW
    more = "  " + _("nine of ten within {hours}").format(hours=sheet.text(row, "p90_hours"))
    if few:
        more += "  " + _("too few leads")
    bold = look.font(12, bold=not few)
    text, token = sheet.text(row, "median_hours"), "quiet" if few else "text"
    canvas.words(min(row["p90_hours"], most), i, text, more=more, token=token, font=bold, gap=8, backed=True)


def _leads(sheet: Sheet, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    look = sheet.look
    panel = sheet.panel(_("Leads answered and waiting"), height=ROW * len(rows) + 30, width=430)
    canvas = panel.canvas
    most = max((row["leads"] for row in rows), default=0) or 1
    canvas.view((0, most), (-0.5, len(rows) - 0.5 + 22 / ROW), down=True)  # as high as with an axis
    places = [float(i) for i in range(len(rows))]
    canvas.categories(names, places)
    starts = [0] * len(rows)
    parts = (
        [row["answered"] for row in rows],
        [row["unanswered"] - row["unanswered_day"] for row in rows],
        [row["unanswered_day"] for row in rows],
    )
    for (words, token, pattern), widths in zip(WAITING, parts, strict=True):
        if not any(widths):  # a part that nobody has is no part
            continue
        hatch = None if pattern is None else look.hatch("text", pattern)
        canvas.bars(starts, places, widths, 0.56, look.color(token), hatch=hatch)
        panel.entries.append(Entry(_(words), look.color(token), hatch))
        starts = [a + b for a, b in zip(starts, widths, strict=True)]
    for i, row in enumerate(rows):
        more = "  " + _("answered of {count}").format(count=sheet.text(row, "leads"))
        if row["unanswered"]:
            more += "  ·  " + _("{count} waiting").format(count=sheet.text(row, "unanswered"))
        bold = look.font(12, bold=True)
        canvas.words(row["leads"], i, sheet.text(row, "answered"), more=more, font=bold, gap=6)
        _hit(sheet, panel, i, row, names[i])
    canvas.fit(most)
