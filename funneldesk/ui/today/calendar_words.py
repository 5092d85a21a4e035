"""Days and months in the words of the language."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QLocale

from funneldesk.text import format_date_short
from funneldesk.ui.widgets.fields import number_locale


def weekday_words(day: date) -> str:
    """A day of the week with its number: Mon 5."""
    return f"{weekday_name(day)} {day.day}"


def weekday_name(day: date) -> str:
    """A day of the week, short."""
    return number_locale().standaloneDayName(day.isoweekday(), QLocale.FormatType.ShortFormat)


def month_words(day: date) -> str:
    """A month and its year."""
    name = number_locale().standaloneMonthName(day.month, QLocale.FormatType.LongFormat)
    return f"{name[:1].upper()}{name[1:]} {day.year}"


def span_words(first: date, last: date) -> str:
    """Two days that a span begins and ends on."""
    return f"{format_date_short(first)} – {format_date_short(last)}"
