"""The key stage: the chance to win grows from stage to stage, the jump of each marked."""

from __future__ import annotations

from PySide6.QtCore import Qt

from funneldesk.text import _, format_number, format_percent, format_points
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Sheet

ROW = 40


def draw(sheet: Sheet) -> None:
    """Bars of the chance to win at each stage; the lighter end is what the stage added."""
    report, look = sheet.report, sheet.look
    rows = report.rows
    panel = sheet.panel(height=ROW * len(rows) + 30, width=560)
    canvas = panel.canvas
    canvas.view((0, 1.42), (-0.5, len(rows) - 0.5), down=True)
    key = report.totals.get("key_stage")
    names = [f"★ {row['stage']}" if row["stage"] == key else str(row["stage"]) for row in rows]
    places = [float(i) for i in range(len(rows))]
    canvas.categories(names, places)
    canvas.numbers("bottom", str)
    canvas.getAxis("bottom").setTicks([[(v, format_percent(v, 0)) for v in (0, 0.25, 0.5, 0.75, 1.0)]])
    chances = [row["probability"] or 0.0 for row in rows]
    jumps = [max(row["jump"] or 0.0, 0.0) for row in rows]
    stripes = look.hatch("fill_outline", Qt.BrushStyle.BDiagPattern)
    before = [chance - jump for chance, jump in zip(chances, jumps, strict=True)]
    canvas.bars([0] * len(rows), places, before, 0.56, look.color("won"))
    canvas.bars(before, places, jumps, 0.56, look.color("boost"), hatch=stripes)
    canvas.line([0.5, 0.5], [-0.5, len(rows) - 0.5], look.pen("quiet", 1, Qt.PenStyle.DashLine))
    for i, row in enumerate(rows):
        text = format_percent(row["probability"])
        more = f"   {format_number(row['won'])}/{format_number(row['resolved'])}"
        if row["jump"] is not None:
            more += "   " + format_points(row["jump"])
        if row["bootstrap_share"]:
            more += "   " + _("same in {share} of repeats").format(
                share=format_percent(row["bootstrap_share"])
            )
        few = row["resolved"] < 10
        bold = look.font(12, bold=not few)
        token = "quiet" if few else "text"
        canvas.words(chances[i], i, text, more=more, token=token, font=bold, gap=6, backed=True)
        tip = sheet.tip(
            str(row["stage"]), row, "resolved", "won", "probability", "jump", "gain", "bootstrap_share"
        )
        canvas.hit((0, FAR), (i - 0.45, i + 0.45), i, "resolved", tip, opens=row["resolved"] > 0)
    canvas.fit(1.02)
    panel.entries += [
        Entry(_("chance to win of deals that came here"), look.color("won")),
        Entry(_("added by this stage"), look.color("boost"), stripes),
    ]
