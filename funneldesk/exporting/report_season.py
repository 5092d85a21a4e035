"""The seasons of a forecast in a spreadsheet: a sheet of their own, with real numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.results import Column, Type
from funneldesk.exporting.sheet_charts import SERIES, Beside, Cells, Chart, Series


@dataclass(frozen=True, slots=True)
class SeasonTable:
    """Heads, and rows of a name with its numbers; `type` says how all of them are written."""

    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[float | None]]]
    type: Type


@dataclass(frozen=True, slots=True)
class SeasonWords:
    """The sheet: without tables there is too little history, and the note says so."""

    sheet: str
    title: str
    note: str
    tables: Sequence[SeasonTable] = ()


def write_season(book: Any, words: SeasonWords, name: str, styles: Any) -> None:
    """The index by month, and under it the chances by quarter."""
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, words.title, styles.title)
    sheet.write_string(1, 0, words.note, styles.note)
    top = 3
    charts = Beside(book, sheet, max((len(table.heads) for table in words.tables), default=0) + 1, top)
    for table in words.tables:
        charts.put([_chart(name, table, top, styles)])
        for place, head in enumerate(table.heads):
            sheet.write_string(top, place, head, styles.header if place else styles.header_left)
        column = Column("season", table.type)
        for number, (label, values) in enumerate(table.rows, start=top + 1):
            sheet.write_string(number, 0, label)
            for place, value in enumerate(values, start=1):
                styles.write(sheet, (number, place), column, value, "")
        top += len(table.rows) + 3
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 4, 16)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _chart(sheet: str, table: SeasonTable, top: int, styles: Any) -> Chart:
    """A line for each column of numbers, through the months; a bar for each at a stage."""
    rows = tuple(range(top + 1, top + 1 + len(table.rows)))
    code = styles.code(Column("season", table.type))
    series = tuple(
        Series(
            (top, place), Cells(sheet, rows, 0, 0), Cells(sheet, rows, place, place), code, SERIES[place - 1]
        )
        for place in range(1, len(table.heads))
    )
    kind = "line" if table.type is Type.NUMBER else "bar"
    return Chart(kind, " / ".join(table.heads[1:]), series)
