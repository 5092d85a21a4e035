"""Dates and moments of a column by one strict format that all its cells agree on.

A date that could be read in two ways is never guessed: the whole column decides, else it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from funneldesk.domain.clock import to_micros
from funneldesk.domain.folding import fold
from funneldesk.importing.staging import DATE, MARK, Cell


class Order(StrEnum):
    """The order of day and month in dates of digits."""

    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A column that fits two orders: an example and how each order would read it (ISO)."""

    example: str
    dmy: str
    mdy: str

    @property
    def examples(self) -> tuple[str, ...]:
        """The cells to show."""
        return (self.example,)


_TIME = r"(?:[T\s,]+(?:в\s+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\.?)?)?"
_ZONE = r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(rf"^(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}{_ZONE}$", re.I)
_DIGITS = re.compile(rf"^(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}})(?:\s*г\.?)?{_TIME}{_ZONE}$", re.I)
_DAY_MONTH = re.compile(
    rf"^(\d{{1,2}})[\s.-]+([^\W\d_]+)\.?[\s.,-]+(\d{{4}}|\d{{2}})(?:\s*(?:г|r)\.?)?{_TIME}{_ZONE}$", re.I
)
_MONTH_DAY = re.compile(rf"^([^\W\d_]+)\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(\d{{4}}){_TIME}{_ZONE}$", re.I)
_COMPACT = re.compile(r"^(19|20)(\d{2})(\d{2})(\d{2})$")
_WEEKDAY = re.compile(r"^[^\W\d_]{2,12}\.?,\s*(?=\d)")
_SERIAL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - local, its zone is the base's

_MONTHS = (
    "jan января январь янв stycznia styczen sty",
    "feb февраля февраль фев февр lutego luty lut",
    "mar марта март мар marca marzec",
    "apr апреля апрель апр kwietnia kwiecien kwi",
    "may мая май maja maj",
    "jun июня июнь июн czerwca czerwiec cze",
    "jul июля июль июл lipca lipiec lip",
    "aug августа август авг sierpnia sierpien sie",
    "sep sept сентября сентябрь сен сент wrzesnia wrzesien wrz",
    "oct октября октябрь окт pazdziernika pazdziernik paz",
    "nov ноября ноябрь ноя нояб listopada listopad lis",
    "dec декабря декабрь дек grudnia grudzien gru",
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_ENGLISH = "january february march april may june july august september october november december"
_MONTH.update({word: number for number, word in enumerate(_ENGLISH.split(), 1)})


def find_order(cells: Sequence[Cell]) -> Order | Ambiguous | None:
    """The order of day and month that the texts of a column agree on.

    None = nothing in it depends on the order.  One day above 12 is enough; a dot means day first
    unless a cell proves otherwise.
    """
    day_first = month_first = False
    doubtful: tuple[str, int, int, int] | None = None
    dots = True
    doubted: set[str] = set()  # the signs between the numbers of cells that fit two orders
    proved: set[str] = set()  # those that stand in a cell which fits one
    for cell in dict.fromkeys(c for c in cells if isinstance(c, str) and not c.startswith(MARK)):
        found = _DIGITS.match(cell.strip())
        if not found:
            continue
        a, sign, b = int(found.group(1)), found.group(2), int(found.group(3))
        if a > 12 >= b:
            day_first = True
            proved.add(sign)
        elif b > 12 >= a:
            month_first = True
            proved.add(sign)
        elif a == b or a > 12 or b > 12:
            continue
        else:
            doubted.add(sign)
            if doubtful is not None and (not dots or sign == "."):
                continue
            doubtful = (cell.strip(), a, b, _year(found.group(4)))
            dots = dots and sign == "."
    # 25.03.2026 says nothing of 03/05/2026 in the same column: two hands wrote them.
    if doubtful is None or doubted <= proved | ({"."} if day_first else set()):
        if day_first and not month_first:
            return Order.DMY
        if month_first and not day_first:
            return Order.MDY
    if doubtful is None:
        return Order.DMY if day_first else None
    if dots and not month_first:
        return Order.DMY
    example, a, b, year = doubtful
    return Ambiguous(example, f"{year:04}-{b:02}-{a:02}", f"{year:04}-{a:02}-{b:02}")


def read_moment(cell: Cell, order: Order | None, zone: ZoneInfo) -> int | None:
    """A cell -> microseconds UTC; a time without zone is meant in `zone`.  None = not a date."""
    found = _read(cell, order)
    if found is None:
        return None
    try:
        if found.tzinfo is None:
            found = found.replace(tzinfo=zone).astimezone(UTC)
        return to_micros(found)
    except (OverflowError, ValueError):
        return None


def read_date(cell: Cell, order: Order | None, zone: ZoneInfo) -> str | None:
    """A cell -> an ISO date; a moment with a zone gives its day in `zone`.  None = not a date."""
    found = _read(cell, order)
    if found is None:
        return None
    try:
        return (found.astimezone(zone) if found.tzinfo else found).date().isoformat()
    except (OverflowError, ValueError):
        return None


def _read(cell: Cell, order: Order | None) -> datetime | None:
    if isinstance(cell, str):
        if cell.startswith(DATE):
            cell = cell[2:]
        try:
            return _read_text(cell.strip(), order)
        except (ValueError, OverflowError):
            return None
    if isinstance(cell, bool) or cell is None:
        return None
    if 20_000 <= cell <= 60_000:
        return _SERIAL_EPOCH + timedelta(seconds=round(float(cell) * 86_400))
    if isinstance(cell, int) and _COMPACT.match(str(cell)):
        return _read(str(cell), order)
    return None


def _read_text(text: str, order: Order | None) -> datetime | None:
    if text[4:5] == "-" and text[:4].isascii() and text[7:8] == "-":
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    if found := _YEAR_FIRST.match(text):
        year, _sign, month, day = found.group(1, 2, 3, 4)
        return _build(int(year), int(month), int(day), found.groups()[4:])
    if found := _DIGITS.match(text):
        a, b, year = int(found.group(1)), int(found.group(3)), _year(found.group(4))
        if order is None and a != b:
            return None
        day, month = (a, b) if order is not Order.MDY else (b, a)
        return _build(year, month, day, found.groups()[4:])
    if len(text) == 5 and text.isdecimal() and text.isascii():
        return _read(int(text), order)  # the number of a day, as a spreadsheet writes it into a csv
    text = _WEEKDAY.sub("", text)
    if found := _DAY_MONTH.match(text):
        number = _MONTH.get(fold(found.group(2)))
        if number:
            return _build(_year(found.group(3)), number, int(found.group(1)), found.groups()[3:])
    if found := _MONTH_DAY.match(text):
        number = _MONTH.get(fold(found.group(1)))
        if number:
            return _build(int(found.group(3)), number, int(found.group(2)), found.groups()[3:])
    if _COMPACT.match(text):
        return _build(int(text[:4]), int(text[4:6]), int(text[6:]), (None,) * 5)
    return None


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _build(year: int, month: int, day: int, rest: Sequence[str | None]) -> datetime | None:
    hour, minute, second, half, zone = rest
    h = int(hour or 0)
    if half:
        if not 1 <= h <= 12:
            return None
        h = h % 12 + (12 if half[0].lower() == "p" else 0)
    if h > 23 or date(year, month, day).year < 1900:
        return None
    found = datetime(year, month, day, h, int(minute or 0), int(second or 0))  # noqa: DTZ001 - local yet
    if zone is None:
        return found
    if zone[0] in "+-":
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        shift = timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)
        found -= shift
    return found.replace(tzinfo=UTC)
