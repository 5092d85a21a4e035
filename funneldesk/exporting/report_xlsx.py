"""A report as a spreadsheet: a head that says what it is, real numbers, a native chart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from funneldesk.domain.money import minor_digits
from funneldesk.domain.results import Column, Report, Type
from funneldesk.errors import UserError
from funneldesk.exporting.chart_tables import Written
from funneldesk.exporting.files import atomic_buffer
from funneldesk.exporting.report_charts import charts_of
from funneldesk.exporting.report_compared import ComparisonWords, write_comparison
from funneldesk.exporting.report_cross import CrossWords, write_cross
from funneldesk.exporting.report_json import money_units
from funneldesk.exporting.report_matrix import MatrixWords, write_matrix
from funneldesk.exporting.report_season import SeasonWords, write_season
from funneldesk.exporting.sheet_charts import Beside

_LONGEST_CELL = 32_767
_WRAPPED = 60  # letters from which a text takes several lines
_NOTES = 48.0  # letters of a line of the notes where the table is narrower
_USUAL_WIDTH = 8.43
_LINE = 15.0  # points
_FORMATS = {
    Type.COUNT: "#,##0",
    Type.RATE: "0.0%",
    Type.POINTS: "+0.0%;-0.0%;0.0%",
    Type.DAYS: "#,##0.0",
    Type.P: "0.0%",
    Type.NUMBER: "#,##0.00",
}
_WORDS = (Type.TEXT, Type.FLAG)


def _as_it_is(row: Mapping[str, Any], column: Column) -> str:
    value = row[column.key]
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class TableWords:
    """A table beside that of the report, with its heads and the words of its cells."""

    title: str
    report: Report
    labels: Mapping[str, str]
    text_of: Callable[[Mapping[str, Any], Column], str]
    note: str = ""
    totals: str = ""  # what stands before its totals, where they have its columns


@dataclass(frozen=True, slots=True)
class ReportWords:
    """All words of a report's file; here, below the words, everything is a key."""

    title: str
    notes: Sequence[tuple[str, str]] = ()  # (what, value): funnel, period, filters, rule, left out ...
    labels: Mapping[str, str] = field(default_factory=dict)  # key of a column -> its header
    totals: str = ""  # the heading of the totals
    whole_money: bool = False  # whether sums are shown without the currency's decimals
    sheet: str = ""
    compared: ComparisonWords | None = None
    season: SeasonWords | None = None
    below: Sequence[TableWords] = ()  # more tables under the totals
    cross: CrossWords | None = None  # of a cross table: its grid, a sheet of its own
    matrix: str = ""  # the name of the second sheet of a manager matrix
    middle: str = ""  # what the lines through the middle of a chart of points are
    more: Callable[[int], str] = lambda _count: ""  # that so many rows of a table are not in its chart
    # What is written for a cell of words: names, codes put into words, a word for a missing label.
    text_of: Callable[[Mapping[str, Any], Column], str] = _as_it_is

    def label(self, column: Column) -> str:
        """The header of a column, its key where no word is given."""
        return self.labels.get(column.key, column.key)


def write_report(path: Path, report: Report, words: ReportWords) -> None:
    """Write `report` to the .xlsx `path`, all or nothing; UserError export.failed where it cannot be.

    Money in units with the currency's decimals, rates as percent, unknown as an empty cell.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxFileError

    with atomic_buffer(path) as buffer:
        # Data is never a formula, a link or a number by its looks.
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        book = xlsxwriter.Workbook(buffer, options)
        try:
            _fill(book, report, words)
            book.close()
        except XlsxFileError as error:
            raise UserError("export.failed", path=str(path), reason=str(error)) from error


def _fill(book: Any, report: Report, words: ReportWords) -> None:
    sheet = book.add_worksheet(sheet_name(words.sheet or words.title or report.name))
    book.set_properties({"title": words.title})
    styles = _Styles(book, report.currency, whole_money=words.whole_money)
    widths = _widths(report, words)
    top = _head(sheet, words, styles, widths)
    last = _table(sheet, report, words, styles, top)
    _totals(sheet, report, words, styles, last + 2)
    below = last + 5 + len(report.total_columns)
    charts = Beside(book, sheet, _wide(report, words) + 1, top)
    charts.put(charts_of(_written(sheet.get_name(), report, words, styles, top, last)))
    for table in words.below:
        head = below + 1 if table.note else below
        charts.put(charts_of(_written_below(sheet.get_name(), table, words, styles, head + 1)))
        below = _below(sheet, table, styles, below)
    _paper(sheet, widths, top)
    if report.name == "manager-matrix" and report.rows:
        matrix = MatrixWords(sheet_name(words.matrix or "matrix"), words.label, words.text_of)
        write_matrix(book, report, matrix, styles)
    if words.cross is not None:
        write_cross(book, words.cross, sheet_name(words.cross.sheet), styles)
    if words.season is not None:
        write_season(book, words.season, sheet_name(words.season.sheet), styles)
    if report.comparison is not None and words.compared is not None:
        name = sheet_name(words.compared.sheet)
        write_comparison(book, report, report.comparison, words.compared, name, styles)


def _wide(report: Report, words: ReportWords) -> int:
    """How many columns the widest table of the sheet has."""
    return max(len(each.columns) for each in (report, *(table.report for table in words.below)))


def _written(sheet: str, report: Report, words: ReportWords, styles: _Styles, top: int, last: int) -> Written:
    """The table of the report as its charts see it."""
    return Written(
        sheet=sheet,
        report=report,
        label=words.label,
        text_of=words.text_of,
        code=lambda column: styles.code(_as_counts(report, column)),
        first=top + 1,
        totals=last + 3 if report.total_columns != report.columns else -1,
        title=words.title,
        middle=words.middle,
        more=words.more,
    )


def _written_below(sheet: str, table: TableWords, words: ReportWords, styles: _Styles, first: int) -> Written:
    return Written(
        sheet=sheet,
        report=table.report,
        label=lambda column: table.labels[column.key],
        text_of=table.text_of,
        code=styles.code,
        first=first,
        title=table.title,
        below=True,
        more=words.more,
    )


class _Styles:
    """The cell formats of one workbook, by type of column."""

    def __init__(self, book: Any, currency: str, *, whole_money: bool) -> None:
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.what = book.add_format({"font_color": "#5F6368", "valign": "top"})
        self.note = book.add_format({"valign": "top", "text_wrap": True})
        heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EEF3F8"}
        self.header = book.add_format({**heading, "align": "right"})
        self.header_left = book.add_format(heading)
        self.currency = currency
        sums = _FORMATS[Type.COUNT] if whole_money else money_format(currency)
        formats = {**_FORMATS, Type.MONEY: sums}
        self._codes = formats
        self.number = {each: book.add_format({"num_format": code}) for each, code in formats.items()}
        self.bold = {
            each: book.add_format({"num_format": code, "bold": True, "top": 1})
            for each, code in formats.items()
        }
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold_text = book.add_format({"bold": True, "top": 1})

    def code(self, column: Column) -> str:
        """The number format of a column's cells."""
        return self._codes[column.type]

    def write(
        self, sheet: Any, at: tuple[int, int], column: Column, value: Any, text: str, bold: bool = False
    ) -> None:
        """Write one cell with its real type; an unknown number stays an empty cell."""
        if column.type in _WORDS:
            style = self.wrapped if len(text) > _WRAPPED else self.bold_text if bold else None
            sheet.write_string(*at, text[:_LONGEST_CELL], style)
            return
        style = (self.bold if bold else self.number)[column.type]
        if value is None:
            sheet.write_blank(*at, None, style)
        elif column.type is Type.MONEY:
            sheet.write_number(*at, money_units(value, self.currency), style)
        else:
            sheet.write_number(*at, value, style)


def _head(sheet: Any, words: ReportWords, styles: _Styles, widths: Sequence[float]) -> int:
    """Title and notes, these as wide as the table or a page; gives the row where the table begins."""
    sheet.write_string(0, 0, words.title[:_LONGEST_CELL], styles.title)
    last, wide = 1, 0.0
    while wide < _NOTES or last < len(widths) - 1:
        wide += widths[last] if last < len(widths) else _USUAL_WIDTH
        last += 1
    last -= 1  # the last column that was counted
    for row, (what, value) in enumerate(words.notes, start=1):
        sheet.write_string(row, 0, what, styles.what)
        sheet.merge_range(row, 1, row, last, "", styles.note)
        sheet.write_string(row, 1, value[:_LONGEST_CELL], styles.note)
        sheet.set_row(row, _LINE * max(1, math.ceil(len(value) / wide)))  # a merged cell does not grow
    return len(words.notes) + 2


def _table(sheet: Any, report: Report, words: ReportWords, styles: _Styles, top: int) -> int:
    """Header and rows; gives the last row of data."""
    for place, column in enumerate(report.columns):
        style = styles.header_left if column.type in _WORDS else styles.header
        sheet.write_string(top, place, words.label(column), style)
    written = [_as_counts(report, column) for column in report.columns]
    for number, row in enumerate(report.rows, start=top + 1):
        for place, column in enumerate(written):
            text = words.text_of(row, report.columns[place])
            styles.write(sheet, (number, place), column, row[column.key], text)
    last = top + len(report.rows)
    if report.rows:
        sheet.autofilter(top, 0, last, len(report.columns) - 1)
    return last


def _as_counts(report: Report, column: Column) -> Column:
    """A column of numbers that are all whole, e.g. of calls planned and made, without decimals."""
    values = [row[column.key] for row in report.rows if column.type is Type.NUMBER]
    whole = all(value is None or float(value).is_integer() for value in values)
    return replace(column, type=Type.COUNT) if column.type is Type.NUMBER and whole else column


def _totals(sheet: Any, report: Report, words: ReportWords, styles: _Styles, top: int) -> None:
    """One line under the table where totals have its columns, else one line per total."""
    if not report.total_columns:
        return
    if report.total_columns == report.columns:
        _total_row(sheet, report, words.totals, styles, top - 1)
        return
    sheet.write_string(top, 0, words.totals, styles.header_left)
    for number, column in enumerate(report.total_columns, start=top + 1):
        sheet.write_string(number, 0, words.label(column))
        text = words.text_of(report.totals, column)
        styles.write(sheet, (number, 1), column, report.totals[column.key], text)


def _total_row(sheet: Any, report: Report, name: str, styles: _Styles, number: int) -> None:
    for place, column in enumerate(report.columns):
        text = name if place == 0 else ""
        styles.write(sheet, (number, place), column, report.totals[column.key], text, bold=True)


def _below(sheet: Any, words: TableWords, styles: _Styles, top: int) -> int:
    """Another table under the totals; gives the row where the next one begins."""
    report = words.report
    if words.title:
        sheet.write_string(top - 1, 0, words.title, styles.title)
    if words.note:
        sheet.write_string(top, 0, words.note[:_LONGEST_CELL], styles.what)
        top += 1
    for place, column in enumerate(report.columns):
        style = styles.header_left if column.type in _WORDS else styles.header
        sheet.write_string(top, place, words.labels[column.key], style)
    for number, row in enumerate(report.rows, start=top + 1):
        for place, column in enumerate(report.columns):
            text = words.text_of(row, column)
            styles.write(sheet, (number, place), column, row[column.key], text)
    last = top + len(report.rows)
    if report.rows and report.total_columns == report.columns:
        last += 1
        _total_row(sheet, report, words.totals, styles, last)
    return last + 4


def _widths(report: Report, words: ReportWords) -> list[float]:
    """How wide each column is, in letters."""
    found: list[float] = []
    for column in report.columns:
        texts = [words.text_of(row, column) for row in report.rows] if column.type in _WORDS else []
        longest = max((len(text) for text in texts), default=0)
        widest = 40 if longest <= _WRAPPED else 70
        found.append(min(widest, max(12, longest + 2, len(words.label(column)) * 0.6 + 2)))
    longest = max((len(words.label(column)) for column in report.total_columns), default=0)
    if report.columns and report.total_columns != report.columns:
        first = max(len(words.text_of(row, report.columns[0])) for row in report.rows) if report.rows else 0
        widest = 40 if first <= _WRAPPED else 70
        found[0] = min(widest, max(16, longest + 2, first + 2))
    return found


def _paper(sheet: Any, widths: Sequence[float], top: int) -> None:
    for place, wide in enumerate(widths):
        sheet.set_column(place, place, wide)
    sheet.freeze_panes(top + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)
    sheet.set_footer("&C&P / &N")


def money_format(currency: str) -> str:
    """How a spreadsheet shows sums of `currency`: with its decimals."""
    places = minor_digits(currency)
    return "#,##0" + ("." + "0" * places if places else "")


def sheet_name(name: str) -> str:
    """`name` as a sheet may be called: without []:*?/\\, no quote at its ends, at most 31 characters."""
    clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in name)
    clean = clean.strip().strip("'")[:31].strip().strip("'")
    return clean if clean and clean.lower() != "history" else "Report"
