"""A table as its charts see it: the cells of its columns and rows, and their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.results import Column, Report, Type
from funneldesk.exporting.report_json import money_units
from funneldesk.exporting.sheet_charts import NEUTRAL, SERIES, Cells, Series

MOST = 24  # rows drawn, as on the screen; the table has all
_COLOURS = {
    "lost": "#E69F00",
    "lost_amount": "#E69F00",
    "open": "#56B4E9",
    # beside `won` in one chart
    "created": "#56B4E9",
    "leads": "#56B4E9",
    "closed": "#56B4E9",
    "won": "#0072B2",
    "won_amount": "#0072B2",
    "plan": NEUTRAL,
    "fact": "#0072B2",
    "unanswered": "#E69F00",
    "lost_median_days": "#E69F00",
    # of what is owed: the later, the darker
    "not_due": "#56B4E9",
    "d1_30": "#F6EE8E",
    "d31_60": "#E69F00",
    "d61_90": "#B8500A",
    "d90_plus": "#4A1F00",
    "no_due_date": NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class Written:
    """A table in a sheet: where it stands, what its cells hold, and the words of its charts."""

    sheet: str
    report: Report
    label: Callable[[Column], str]
    text_of: Callable[[Mapping[str, Any], Column], str]
    code: Callable[[Column], str]  # the number format of a column
    first: int  # the row of the sheet, from 0, with its first row; the heads stand over it
    totals: int = -1  # the row with its first total where they stand one under the other
    title: str = ""
    below: bool = False  # it stands under the table of the report
    middle: str = ""  # what the lines through the middle of a scatter are
    more: Callable[[int], str] = lambda _count: ""  # that so many rows are in the table only

    def has(self, *keys: str) -> bool:
        """Whether all of these are columns of it."""
        return set(keys) <= {column.key for column in self.report.columns}

    def place(self, key: str) -> int:
        """The number of a column from 0."""
        return next(n for n, column in enumerate(self.report.columns) if column.key == key)

    def text(self, row: int, key: str) -> str:
        """A cell as it is written in words."""
        return self.text_of(self.report.rows[row], self.report.column(key))

    def cells(self, rows: Sequence[int], left: str, right: str = "") -> Cells:
        """The cells of some rows of the table, of one column or of some beside each other."""
        places = self.place(left), self.place(right or left)
        data = tuple(self._value(row, left) for row in rows)
        return Cells(self.sheet, tuple(self.first + row for row in rows), *places, data)

    def series(self, key: str, rows: Sequence[int], category: str, number: int = 0, **more: Any) -> Series:
        """Numbers of a column with their names; its head is the name of the series."""
        names = self.cells(rows, category, more.pop("until", ""))
        own = self.report.column(key)
        given = {"name": self.label(own), "colour": colour_of(key, number), **more}
        return Series(categories=names, values=self.cells(rows, key), code=self.code(own), **given)

    def total(self, column: Column) -> Any:
        """What the cell of a total holds."""
        return self._held(column, self.report.totals.get(column.key))

    def titled(self, title: str, left: int = 0) -> str:
        """The title, and behind it how many rows are not drawn."""
        said = self.more(left) if left > 0 else ""
        return f"{title} ({said})" if said else title

    def _value(self, row: int, key: str) -> Any:
        column = self.report.column(key)
        if column.type in (Type.TEXT, Type.FLAG):
            return self.text(row, key)
        return self._held(column, self.report.rows[row].get(key))

    def _held(self, column: Column, value: Any) -> Any:
        money = column.type is Type.MONEY and value is not None
        return money_units(value, self.report.currency) if money else value


def colour_of(key: str, number: int) -> str:
    """The colour of a series by what it counts, else by its number in the chart (from 0)."""
    return _COLOURS.get(key, SERIES[number % len(SERIES)])
