"""A table of typed cells as .xlsx with real types, or as .csv; data never becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.clock import from_micros
from funneldesk.domain.money import from_minor
from funneldesk.errors import UserError
from funneldesk.exporting.files import atomic_buffer, atomic_write
from funneldesk.exporting.report_csv import safe_text
from funneldesk.exporting.report_xlsx import money_format, sheet_name
from funneldesk.exporting.sheet_cells import WORDS, CellTexts

_EVERY = 500  # rows between two tellings of how far it is


class Cell(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"  # (minor units, currency)
    MOMENT = "moment"  # microseconds UTC
    DAY = "day"  # ISO text
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class OutColumn:
    """A column: its head and what its cells hold."""

    title: str
    cell: Cell = Cell.TEXT
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written and on how many cells there is a note."""

    rows: int
    notes: int = 0


def write_table(
    path: Path,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[Any]],
    *,
    zone: ZoneInfo,
    currency: str,
    words: Mapping[str, str] = WORDS,
    told: Callable[[int], None] = lambda _rows: None,
) -> Written:
    """Write rows to `path`, all or nothing; the ending chooses .xlsx or .csv.

    A text longer than a cell of .xlsx holds goes on on a sheet of notes (named by `words`); characters
    that no file can hold are left out and noted.  `told` hears how many rows are done, and may raise
    to stop.  Raises UserError `export.format` for another ending, `export.failed`.
    """
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise UserError("export.format", path=str(path))
    texts = CellTexts(words)
    write = _csv if ending == ".csv" else _xlsx
    return Written(write(path, columns, rows, zone, currency, texts, told), len(texts.notes))


def _csv(
    path: Path,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[Any]],
    zone: ZoneInfo,
    currency: str,
    texts: CellTexts,
    told: Callable[[int], None],
) -> int:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_text(column.title) for column in columns])
    count = 0
    for count, row in enumerate(rows, 1):
        writer.writerow(
            [_csv_cell(v, c, count, zone, currency, texts) for v, c in zip(row, columns, strict=True)]
        )
        if count % _EVERY == 0:
            told(count)
    atomic_write(path, out.getvalue().encode("utf-8-sig"))
    return count


def _csv_cell(
    value: Any, column: OutColumn, row: int, zone: ZoneInfo, currency: str, texts: CellTexts
) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return safe_text(texts.fit(value, row + 1, column.title, longest=None))
    if column.cell is Cell.MOMENT:
        return from_micros(value).astimezone(zone).isoformat(timespec="seconds")
    if column.cell is Cell.MONEY:
        return str(from_minor(value[0], value[1] or currency))
    if column.cell is Cell.NUMBER:
        return f"{value:.15g}"
    if column.cell is Cell.FLAG:
        return "1" if value else "0"
    return str(value)


def _xlsx(
    path: Path,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence[Any]],
    zone: ZoneInfo,
    currency: str,
    texts: CellTexts,
    told: Callable[[int], None],
) -> int:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with atomic_buffer(path) as buffer:
        book = xlsxwriter.Workbook(buffer, {**options, "constant_memory": True})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        put = _Putter(book, sheet, zone, currency, texts)
        for place, column in enumerate(columns):
            moment = column.cell is Cell.MOMENT
            sheet.set_column(place, place, 20 if moment else 24 if column.wide else 14)
            sheet.write_string(0, place, column.title, bold)
        count = 0
        for count, row in enumerate(rows, 1):
            for place, (value, column) in enumerate(zip(row, columns, strict=True)):
                if value is not None and value != "":
                    put.cell(count, place, value, column)
            if count % _EVERY == 0:
                told(count)
        _notes(book, texts, bold)
        book.close()
    return count


class _Putter:
    """Puts one value into one cell by the type of its column."""

    def __init__(self, book: Any, sheet: Any, zone: ZoneInfo, currency: str, texts: CellTexts) -> None:
        self._book, self._sheet, self._zone = book, sheet, zone
        self._currency, self._texts = currency, texts
        self._when = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._money: dict[str, Any] = {}

    def cell(self, row: int, place: int, value: Any, column: OutColumn) -> None:
        """One cell that is not empty; a date that no spreadsheet knows stays a text."""
        sheet = self._sheet
        kind = Cell.TEXT if isinstance(value, str) and column.cell is not Cell.DAY else column.cell
        if kind is Cell.MOMENT:
            local = from_micros(value).astimezone(self._zone).replace(tzinfo=None, microsecond=0)
            self._dated(row, place, local, self._when)
        elif kind is Cell.DAY:
            try:
                day = date.fromisoformat(str(value))
            except ValueError:
                self._text(row, place, str(value), column)
                return
            self._dated(row, place, datetime(day.year, day.month, day.day), self._day)  # noqa: DTZ001
        elif kind is Cell.MONEY:
            code = str(value[1] or self._currency)
            if code not in self._money:
                self._money[code] = self._book.add_format({"num_format": money_format(code)})
            sheet.write_number(row, place, float(from_minor(value[0], code)), self._money[code])
        elif kind is Cell.NUMBER:
            sheet.write_number(row, place, float(value))
        elif kind is Cell.FLAG:
            sheet.write_boolean(row, place, bool(value))
        else:
            self._text(row, place, str(value), column)

    def _dated(self, row: int, place: int, local: datetime, shape: Any) -> None:
        if local.year < 1900:
            self._sheet.write_string(row, place, local.isoformat(" "))
        else:
            self._sheet.write_datetime(row, place, local, shape)

    def _text(self, row: int, place: int, text: str, column: OutColumn) -> None:
        fitting = self._texts.fit(text, row + 1, column.title)
        if fitting:
            self._sheet.write_string(row, place, fitting)


def _notes(book: Any, texts: CellTexts, bold: Any) -> None:
    """What the cells could not hold, on a sheet of its own."""
    if not texts.notes:
        return
    words = {**WORDS, **texts.words}
    sheet = book.add_worksheet(sheet_name(words["notes"]))
    for place, head in enumerate(("row", "column", "what", "text")):
        sheet.write_string(0, place, words[head], bold)
    for line, note in enumerate(texts.notes, 1):
        sheet.write_number(line, 0, note.row)
        sheet.write_string(line, 1, note.column)
        sheet.write_string(line, 2, words[note.why])
        for place, part in enumerate(note.rest, 3):
            sheet.write_string(line, place, part)
