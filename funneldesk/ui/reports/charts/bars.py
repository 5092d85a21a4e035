"""Plain bars: one panel per number, in the rows of the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from funneldesk.domain.results import Type
from funneldesk.report_words import column_label
from funneldesk.text import ngettext
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import FAR, Sheet

ROW, TIGHT_ROW = 34, 22
FEW = 12  # so many rows have room to spare
MOST = 24  # rows drawn; the table has all


class _Bars(NamedTuple):
    key: str
    colour: str
    opens: str  # the number a click opens the deals of


class _Spec(NamedTuple):
    category: str
    panels: tuple[_Bars, ...]
    newest: bool = False  # of too many rows the last are drawn, not the first


SPECS: Mapping[str, _Spec] = {
    "active-funnel": _Spec("stage", (_Bars("open", "won", "open"), _Bars("amount", "waiting", "open"))),
    "dynamics": _Spec(
        "period", (_Bars("created", "waiting", "created"), _Bars("won", "won", "won")), newest=True
    ),
    "leads-deals": _Spec(
        "period",
        (_Bars("lead_amount", "won", "lead_won"), _Bars("direct_amount", "waiting", "direct_won")),
        newest=True,
    ),
    "wins-when": _Spec("label", (_Bars("closed", "waiting", "closed"), _Bars("won", "won", "won"))),
    "sources": _Spec("source", (_Bars("deals", "waiting", "deals"), _Bars("revenue", "won", "won"))),
}


def draw(sheet: Sheet) -> None:
    """The panels that belong to the report."""
    report = sheet.report
    spec = SPECS[report.name]
    first = max(0, len(report.rows) - MOST) if spec.newest else 0
    rows = list(report.rows[first : first + MOST])
    names = [sheet.text(row, spec.category) for row in rows]
    # a panel of nothing but zeros tells nothing that its total does not
    told = [bars for bars in spec.panels if any(row[bars.key] for row in rows)]
    for bars in told or spec.panels[:1]:
        _panel(sheet, bars, rows, names, first)
    rest = len(report.rows) - len(rows)
    if rest:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        sheet.panels[0].entries.append(Entry(text.format(count=rest)))


def _row(many: int) -> int:
    return ROW if many <= FEW else TIGHT_ROW


def _panel(sheet: Sheet, bars: _Bars, rows: list[Mapping[str, Any]], names: list[str], first: int) -> None:
    report, look = sheet.report, sheet.look
    panel = sheet.panel(column_label(bars.key), height=_row(len(rows)) * len(rows) + 8, width=430)
    canvas = panel.canvas
    values = [row[bars.key] or 0 for row in rows]
    most = max(values, default=0) or 1
    canvas.view((0, most), (-0.5, len(rows) - 0.5), down=True)
    places = [float(i) for i in range(len(rows))]
    canvas.categories(names, places)
    canvas.bars([0] * len(rows), places, values, 0.58, look.color(bars.colour))
    is_money = report.column(bars.key).type is Type.MONEY
    told = [c.key for c in report.columns if c.type in (Type.COUNT, Type.MONEY, Type.RATE, Type.DAYS)]
    for i, row in enumerate(rows):
        text = sheet.short(row, bars.key) if is_money else sheet.text(row, bars.key)
        if row.get("marks") and panel is sheet.panels[0]:
            text = f"{text}  ▸ {row['marks']}"
        canvas.words(values[i], i, text, font=look.font(12, bold=True), gap=6)
        tip = sheet.tip(names[i], row, *told)
        canvas.hit((0, FAR), (i - 0.45, i + 0.45), first + i, bars.opens, tip, opens=row[bars.opens] > 0)
    canvas.fit(most)
