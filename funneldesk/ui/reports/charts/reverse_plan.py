"""The reverse plan: from the goal back over the stages to what is to be done today, beside what is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from funneldesk.domain.ahead import Ahead
from funneldesk.report_words import ahead_stages, ahead_work, column_label
from funneldesk.text import _, format_number
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Panel, Sheet

ROW = 34
HALF = 0.31  # of a bar's thickness
THIN = 0.26


@dataclass(frozen=True, slots=True)
class _Step:
    """A row: how many it takes (None = cannot be told), how many there are (None = not counted yet).

    Without a need it has no bars: what is there would look like enough.
    """

    name: str
    need: int | None
    there: int | None
    tip: str
    surer: tuple[int, ...] = ()  # the need for 80 and for 90 %


def draw(sheet: Sheet) -> None:
    """The goal on top, under it the stages back to the first; beside them the contacts of a working day."""
    left: Ahead | None = sheet.report.extra.get("ahead")
    steps = _stages(sheet, left)
    if not steps:
        return
    panel = sheet.panel(_("From the goal back to the first stage"), height=ROW * len(steps) + 8, width=560)
    _bars(sheet, panel, steps)
    look = sheet.look
    panel.entries.append(Entry(column_label("need"), look.color("waiting")))
    if left is not None:
        panel.entries.append(Entry(_("Open here or further on, and won in the period"), look.color("won")))
    if any(step.surer for step in steps):
        for key, pen in zip(("need_80", "need_90"), _pens(sheet), strict=True):
            panel.entries.append(Entry(column_label(key), line=pen, upright=True))
    days = _day(sheet, left)
    if days:
        panel = sheet.panel(_("Contacts a working day"), height=ROW * len(days) + 8, width=430)
        _bars(sheet, panel, days)
        panel.entries.append(Entry(_("Needed"), look.color("waiting")))
        panel.entries.append(Entry(column_label("done_today"), look.color("won")))


def _stages(sheet: Sheet, left: Ahead | None) -> list[_Step]:
    """The goal and the stages from the last to the first; none without a goal or a chance."""
    report = sheet.report
    goal = report.totals["target_wins"]
    if goal is None or not any(row["need"] for row in report.rows):
        return []
    more = ahead_stages(report)
    keys = "target_wins", *(("target_amount",) if report.totals["target_amount"] is not None else ())
    tip = sheet.tip(column_label("won"), report.totals, *keys)
    if left is not None:
        tip += "\n" + _("Won in the period: {count}").format(count=format_number(left.won))
    steps = [_Step(column_label("won"), goal, None if left is None else left.won, tip)]
    for place, row in reversed(list(enumerate(report.rows))):
        name = sheet.text(row, "stage")
        tip = sheet.tip(name, row, "probability", "need", "need_80", "need_90")
        if more is not None:
            beside = Sheet(more, sheet.look).tip("", more.rows[place], "open", "there", "still")
            tip += beside
        surer = (row["need_80"], row["need_90"]) if row["need_80"] and row["need_90"] else ()
        there = None if left is None else left.stages[place]["there"]
        steps.append(_Step(name, row["need"], there, tip, surer))
    return steps


def _day(sheet: Sheet, left: Ahead | None) -> list[_Step]:
    """Calls and other contacts; none where no day is left or nothing is known of them."""
    work = ahead_work(sheet.report)
    if left is None or work is None or not any(row["per_day"] for row in work.rows):
        return []
    told = Sheet(work, sheet.look)
    keys = "per_day", "done_today", "in_all", "for_open", "for_new", "per_win"
    names = [told.text(row, "kind") for row in work.rows]
    return [
        _Step(name, row["per_day"], row["done_today"], told.tip(name, row, *keys))
        for name, row in zip(names, work.rows, strict=True)
    ]


def _bars(sheet: Sheet, panel: Panel, steps: Sequence[_Step]) -> None:
    """A broad bar for what it takes, a narrow one in it for what is there, both in words behind them."""
    look, canvas = sheet.look, panel.canvas
    known = [(float(place), step) for place, step in enumerate(steps) if step.need is not None]
    ends = [0 if step.need is None else max(step.need, step.there or 0, *step.surer) for step in steps]
    most = max(ends) or 1
    places = [place for place, _step in known]
    canvas.view((0, most), (-0.5, len(steps) - 0.5), down=True)
    canvas.categories([step.name for step in steps], [float(place) for place in range(len(steps))])
    needs = [step.need or 0 for _place, step in known]
    canvas.bars([0] * len(known), places, needs, 2 * HALF, look.color("waiting"))
    there = [step.there or 0 for _place, step in known]
    if any(there):
        canvas.bars([0] * len(known), places, there, THIN, look.color("won"))
    for which, pen in enumerate(_pens(sheet)):
        told = [(place, step.surer[which]) for place, step in known if step.surer]
        canvas.strokes([((need, place - HALF), (need, place + HALF)) for place, need in told], pen)
    for place, step in enumerate(steps):
        if step.need is None:
            canvas.words(0, place, _("no data"), token="quiet", font=look.font(12), gap=8)
        else:
            text = format_number(step.need)
            if step.there is not None:
                text = _("{fact} of {plan}").format(fact=format_number(step.there), plan=text)
            canvas.words(ends[place], place, text, font=look.font(12, bold=True), gap=8)
        canvas.hit((0, FAR), (place - 0.45, place + 0.45), None, "need", step.tip, opens=False)
    canvas.fit(most)


def _pens(sheet: Sheet) -> tuple[QPen, QPen]:
    """For what it takes to be 80 and 90 % sure."""
    return sheet.look.pen("text", 1.5), sheet.look.pen("text", 1.5, Qt.PenStyle.DotLine)
