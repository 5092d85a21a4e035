"""The grid of a cross table as a sheet: rows, columns, one figure, the sums last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.results import Column, Type
from funneldesk.exporting.sheet_charts import Beside, grid_chart

_SUMS = ("amount", "won_amount")  # of money; an average does not add up
Numbers = Sequence[int | float | None]


@dataclass(frozen=True, slots=True)
class CrossWords:
    """Heads and numbers in their order, the sums at the end of each line; money in minor units."""

    sheet: str
    corner: str
    heads: Sequence[str]
    column: Column
    lines: Sequence[tuple[str, Numbers]]
    foot: tuple[str, Numbers]


def write_cross(book: Any, words: CrossWords, name: str, styles: Any) -> None:
    """Write the grid to a sheet called `name`, shaded as a heat map without its sums."""
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, words.corner, styles.header_left)
    for place, head in enumerate(words.heads, start=1):
        sheet.write_string(0, place, head, styles.header)
    lines = [*words.lines, words.foot]
    for number, (label, values) in enumerate(lines, start=1):
        last = number == len(lines)
        sheet.write_string(number, 0, label, styles.bold_text if last else None)
        for place, value in enumerate(values, start=1):
            bold = last or place == len(values)
            styles.write(sheet, (number, place), words.column, value, "", bold)
    down, across = len(words.lines), len(words.heads) - 1
    if down and across:
        scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#56B4E9"}
        sheet.conditional_format(1, 1, down, across, scale)
    adds_up = words.column.type is Type.COUNT or words.column.key in _SUMS
    chart = grid_chart(name, words.corner, (down, across), styles.code(words.column), stacked=adds_up)
    Beside(book, sheet, len(words.heads) + 2, 0).put([chart] if chart else [])
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(words.heads), 14)
    sheet.freeze_panes(1, 1)
