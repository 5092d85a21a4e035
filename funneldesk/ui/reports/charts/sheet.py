"""What a chart module draws on: the report, the look, and panels that are kept between reports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from funneldesk.domain.results import Report
from funneldesk.report_words import cell_text, column_label
from funneldesk.text import format_money_short, with_currency
from funneldesk.ui.reports.charts.canvas import Canvas
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.look import Look

# the right edge of areas that reach over the labels
FAR = 1e15


def shares(top: float) -> list[float]:
    """Round places along an axis of percents from 0 to `top`."""
    step = 0.25 if top > 0.5 else (0.1 if top > 0.25 else 0.05)
    return [step * number for number in range(round(top / step) + 1)]


def round_numbers(top: float) -> list[float]:
    """Round places along an axis of numbers from 0 to `top`, some four of them."""
    power = 10.0 ** math.floor(math.log10(top / 4))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= top / 5)
    return [step * number for number in range(int(top / step) + 1)]


@dataclass
class Panel:
    """A plot with its heading and key; `height`, `width` and `column` in pixels at 100 %.

    Of `columns` around 0, 1, …, each at least `column` wide, a screen shows as many as there is room for.
    """

    canvas: Canvas
    title: str = ""
    entries: list[Entry] = field(default_factory=list)
    height: float = 240
    width: float = 300
    columns: int = 0
    column: float = 0

    def room_for(self, wide: float) -> int:
        """How many of its columns can be read in `wide` pixels, the names at their left included."""
        room = wide - self.canvas.getAxis("left").minimumWidth()  # as wide as it will be laid out
        return min(self.columns, max(1, int(room / self.canvas.look.px(self.column))))


@dataclass
class Sheet:
    """Given to a chart module; `hints` holds the median days by stage where they are known."""

    report: Report
    look: Look
    hints: Mapping[str, float] = field(default_factory=dict)
    panels: list[Panel] = field(default_factory=list)
    spare: list[Canvas] = field(default_factory=list)

    def panel(self, title: str = "", *, height: float = 240, width: float = 300) -> Panel:
        """Another plot, one kept from before when there is one."""
        canvas = self.spare.pop(0) if self.spare else Canvas(self.look)
        canvas.begin(self.look)
        made = Panel(canvas, title, height=height, width=width)
        self.panels.append(made)
        return made

    def text(self, row: Mapping[str, Any], key: str) -> str:
        """A value of a row as the table writes it."""
        return cell_text(self.report, self.report.column(key), row.get(key), row)

    def money(self, row: Mapping[str, Any], key: str) -> str:
        """A sum in full with its currency."""
        return with_currency(self.text(row, key), self.report.currency)

    def short(self, row: Mapping[str, Any], key: str) -> str:
        """A sum in thousands or millions."""
        value = row.get(key)
        return "–" if value is None else format_money_short(value, self.report.currency)

    def tip(self, head: str, row: Mapping[str, Any], *keys: str) -> str:
        """Lines for the mouse: a head, then "name: value" of each key."""
        by = tuple(self.report.extra.get("by", ()))
        lines = [head]
        for key in keys:
            if key in row:
                column = self.report.column(key)
                shown = self.money(row, key) if column.type == "money" else self.text(row, key)
                lines.append(f"{column_label(key, by)}: {shown}")
        return "\n".join(lines)
