"""Plan and fact: how much of each plan is done, beside the stroke where it is met."""

from __future__ import annotations

from PySide6.QtCore import Qt

from funneldesk.text import _, format_percent, ngettext
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Sheet

ROW = 32
MOST = 24
TOP = 2.0  # a plan done more than twice is drawn as twice, its number tells the rest


def draw(sheet: Sheet) -> None:
    """The rows that have a plan, the newest month of many."""
    report, look = sheet.report, sheet.look
    rows = [(place, row) for place, row in enumerate(report.rows) if row["plan"]]
    shown = rows[-MOST:]
    if not shown:
        return
    panel = sheet.panel(_("Share of the plan"), height=ROW * len(shown) + 26, width=640)
    canvas = panel.canvas
    canvas.view((0, TOP), (-0.5, len(shown) - 0.5), down=True)
    several = len({row["month"] for _place, row in shown}) > 1
    said = ["month", "manager", "measure"][0 if several else 1 :]
    names = [" · ".join(sheet.text(row, key) for key in said) for _place, row in shown]
    places = [float(i) for i in range(len(shown))]
    canvas.categories(names, places)
    widths = [min(row["share"] or 0.0, TOP) for _place, row in shown]
    stripes = look.hatch("won", Qt.BrushStyle.BDiagPattern)
    met = [(row["share"] or 0) >= 1 for _place, row in shown]
    for wanted, token, hatch in ((True, "won", None), (False, "waiting", stripes)):
        own = [i for i, is_met in enumerate(met) if is_met is wanted]
        if own:
            at, wide = [places[i] for i in own], [widths[i] for i in own]
            canvas.bars([0] * len(own), at, wide, 0.56, look.color(token), hatch=hatch)
    dashed = look.pen("text", 1.5, Qt.PenStyle.DashLine)
    canvas.line([1, 1], [-0.5, len(shown) - 0.5], dashed)
    panel.entries += [
        Entry(_("met"), look.color("won")),
        Entry(_("not met yet"), look.color("waiting"), stripes),
        Entry(_("plan"), line=dashed),
    ]
    for i, (place, row) in enumerate(shown):
        more = "  " + _("{fact} of {plan}").format(fact=sheet.text(row, "fact"), plan=sheet.text(row, "plan"))
        if row["chance"] is not None:
            more += "  " + _("chance {share}").format(share=format_percent(row["chance"]))
        canvas.words(
            max(widths[i], 1.0),
            i,
            format_percent(row["share"]),
            more=more,
            font=look.font(12, bold=True),
            gap=8,
        )
        tip = sheet.tip(names[i], row, "plan", "fact", "share", "chance", "gap")
        canvas.hit((0, FAR), (i - 0.45, i + 0.45), place, "deals", tip, opens=row["deals"] > 0)
    canvas.fit(max(1.0, *widths))
    rest = len(rows) - len(shown)
    if rest:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        panel.entries.append(Entry(text.format(count=rest)))
