"""The forecast: won and expected money with its range and the plan; below, past forecasts and what came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from funneldesk.report_words import span_text
from funneldesk.text import _, format_money_short, format_number
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Sheet

ROW = 30
TOTAL = 46
EDGE = 0.015  # left of 0, so that marks there are whole


def draw(sheet: Sheet) -> None:
    """Money of the period at the left with the stages it comes from, graded months at the right."""
    _money(sheet)
    months = sheet.report.extra.get("backtest", ())
    if months:
        _graded(sheet, months)


def _money(sheet: Sheet) -> None:
    report, look = sheet.report, sheet.look
    totals, rows = report.totals, report.rows
    panel = sheet.panel(_("Money of the period"), height=TOTAL + ROW * len(rows) + 10, width=430)
    canvas = panel.canvas
    won, low, middle, high = (
        totals[k] or 0 for k in ("won_amount", "amount_p10", "amount_p50", "amount_p90")
    )
    plan = totals["plan"] if report.column("plan").type == "money" else None
    most = max(won, high, plan or 0, *[row["expected_amount"] for row in rows], 1)
    last = len(rows)
    canvas.view((0, most), (-0.75, last + 0.5), down=True)
    names = [_("Whole period"), *[sheet.text(row, "stage") for row in rows]]
    canvas.categories(names, [float(i) for i in range(len(names))])
    stripes = look.hatch("won", Qt.BrushStyle.BDiagPattern)
    canvas.bars([0], [0.0], [won], 0.6, look.color("won"))
    canvas.bars([won], [0.0], [max(middle - won, 0)], 0.6, look.color("waiting"), hatch=stripes)
    expected = [row["expected_amount"] for row in rows]
    places = [float(i) for i in range(1, last + 1)]
    canvas.bars([0] * last, places, expected, 0.5, look.color("waiting"), hatch=stripes)
    canvas.line([low, high], [0, 0], look.pen("text", 2))
    for end in (low, high):
        canvas.line([end, end], [-0.16, 0.16], look.pen("text", 2))
    panel.entries += [
        Entry(_("won"), look.color("won")),
        Entry(_("expected of open deals"), look.color("waiting"), stripes),
        Entry(_("eight cases of ten"), line=look.pen("text", 2)),
        Entry(_("beside the money of a stage: expected wins")),
    ]
    if plan is not None:
        dashed = look.pen("leak", 2, Qt.PenStyle.DashLine)
        canvas.line([plan, plan], [-0.7, 0.45], dashed)
        panel.entries.append(Entry(_("plan: {amount}").format(amount=_short(sheet, plan)), line=dashed))
    bold = look.font(12, bold=True)
    more = f"  {_short(sheet, low)} – {_short(sheet, high)}"
    canvas.words(max(middle, high, won), 0, _short(sheet, middle), more=more, font=bold, gap=8)
    for place, row in enumerate(rows):
        count = "  " + format_number(row["expected_count"], 1)
        canvas.words(expected[place], place + 1, sheet.short(row, "expected_amount"), more=count, gap=6)
        tip = sheet.tip(
            names[place + 1], row, "open", "amount", "probability", "p_age", "expected_count",
            "expected_amount", "overdue",
        )  # fmt: skip
        canvas.hit((0, FAR), (place + 0.6, place + 1.4), place, "open", tip, opens=row["open"] > 0)
    whole = sheet.tip(
        names[0], totals, "won_count", "won_amount", "amount_p10", "amount_p50", "amount_p90", "plan_chance"
    )
    canvas.hit((0, FAR), (-0.5, 0.5), None, "won_count", whole, opens=totals["won_count"] > 0)
    canvas.fit(most)


def _short(sheet: Sheet, value: float) -> str:
    return format_money_short(round(value), sheet.report.currency)


def _graded(sheet: Sheet, months: Sequence[Any]) -> None:
    """A line from P10 to P90 per month, and a mark where the month really ended."""
    look = sheet.look
    panel = sheet.panel(_("Past forecasts and what came"), height=ROW * len(months) + 34, width=430)
    canvas = panel.canvas
    most = max((max(month.amount_p90, month.amount) for month in months), default=0) or 1
    canvas.view((0, most), (-0.5, len(months) - 0.5), down=True)
    names = [span_text(month.month) for month in months]
    canvas.categories(names, [float(i) for i in range(len(months))])
    for place, month in enumerate(months):
        inside = month.amount_p10 <= month.amount <= month.amount_p90
        for pen in (look.pen("fill_outline", 7), look.pen("waiting", 5)):  # the outline under it
            canvas.line([month.amount_p10, month.amount_p90], [place, place], pen)
        canvas.mark(month.amount, place, "o" if inside else "d", look.color("won" if inside else "leak"), 12)
        edge = max(month.amount, month.amount_p90)
        canvas.words(edge, place, _short(sheet, month.amount), font=look.small(bold=not inside), gap=10)
        tip = _("{month}: {low} – {high} foretold, {came} came").format(
            month=names[place],
            low=_short(sheet, month.amount_p10),
            high=_short(sheet, month.amount_p90),
            came=_short(sheet, month.amount),
        )
        canvas.hit((0, FAR), (place - 0.5, place + 0.5), None, "won_count", tip, opens=False)
    canvas.fit(most, -most * EDGE)
    panel.entries += [
        Entry(_("foretold, eight cases of ten"), line=look.pen("waiting", 5)),
        Entry(_("● came, inside")),
        Entry(_("◆ came, outside")),
    ]
