"""Work per stage: what an entry into each stage takes of each kind, wasted work included and not."""

from __future__ import annotations

from funneldesk.report_words import column_label
from funneldesk.text import _
from funneldesk.ui.reports.charts import facets
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import Sheet

ROW = 38
_TOLD = ("done", "entered", "per_entry", "median_success")


def draw(sheet: Sheet) -> None:
    """Of the team: stages down, kinds across, all bars on one scale; a stroke at the median."""
    report, look = sheet.report, sheet.look
    rows = [(place, row) for place, row in enumerate(report.rows) if row.get("scope") == "team"]
    stages = list(dict.fromkeys(row["stage"] for _place, row in rows))
    kinds = {row["kind"]: sheet.text(row, "kind") for _place, row in rows}
    order = list(kinds)
    numbers = [row[key] or 0.0 for _place, row in rows for key in ("per_entry", "median_success")]
    most = max(numbers, default=0.0) or 1.0
    cells = {}
    for place, row in rows:
        known, middle = row["per_entry"], row["median_success"]
        more = "  ·  " + sheet.text(row, "median_success")
        if known is None:
            more = "  " + sheet.text(row, "per_entry") if row["done"] else ""
        cells[stages.index(row["stage"]), order.index(row["kind"])] = facets.Cell(
            row=place,
            share=None if known is None else known / most,
            text=sheet.text(row, "per_entry"),
            more=more,
            # beside no bar it would look like one
            stroke=None if middle is None or round(known or 0.0, 1) == 0 else middle / most,
            key="entered",
            tip=sheet.tip(f"{row['stage']} · {kinds[row['kind']]}", row, *_TOLD),
            opens=row["entered"] > 0,
        )
    facets.draw(sheet, facets.Grid(stages, [*kinds.values()], cells, ROW))
    if not sheet.panels:
        return
    sheet.panels[0].title = _("Activities for each deal that came to the stage, whole team")
    sheet.panels[-1].entries += [
        Entry(column_label("per_entry"), look.color("won")),
        Entry(column_label("median_success"), line=look.pen("text", 3), upright=True),
    ]
