"""A manager matrix as a sheet of its own: a grid of counts, a heat map and a chart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.results import Column, Report
from funneldesk.exporting.sheet_charts import Beside, grid_chart


@dataclass(frozen=True, slots=True)
class MatrixWords:
    """The name of the sheet, the heads of columns and the words of cells."""

    sheet: str
    label: Callable[[Column], str]
    text_of: Callable[[Mapping[str, Any], Column], str]


def write_matrix(book: Any, report: Report, words: MatrixWords, styles: Any) -> None:
    """Stages down, managers across (or turned), the count in the cell, shaded as a heat map."""
    sheet = book.add_worksheet(words.sheet)
    columns = {column.key: column for column in report.columns}
    side, head = columns["stage"], columns["manager"]
    if report.extra["turned"]:
        side, head = head, side
    lines: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for row in report.rows:
        lines.setdefault(
            (row["stage"],) if side.key == "stage" else (row["scope"], row["manager"]), []
        ).append(row)
    down, across = list(lines.values()), next(iter(lines.values()))
    sheet.write_string(0, 0, words.label(side), styles.header_left)
    for place, row in enumerate(across, start=1):
        sheet.write_string(0, place, words.text_of(row, head), styles.header)
    for number, own in enumerate(down, start=1):
        sheet.write_string(number, 0, words.text_of(own[0], side))
        for place, row in enumerate(own, start=1):
            styles.write(sheet, (number, place), columns["count"], row["count"], "")
    scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#56B4E9"}
    # the team's numbers would make all others pale
    last = (len(down) - 1, len(across)) if report.extra["turned"] else (len(down), len(across) - 1)
    if min(last) > 0:
        sheet.conditional_format(1, 1, *last, scale)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, len(across), 14)
    sheet.freeze_panes(1, 1)
    title = f"{words.label(side)} / {words.label(head)}: {words.label(columns['count'])}"
    drawn = grid_chart(words.sheet, title, last, styles.code(columns["count"]), stacked=True)
    Beside(book, sheet, len(across) + 2, 0).put([drawn] if drawn else [])
