"""Periods a person chooses by name, as half-open bounds in the base's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.text import N_, _, format_date

ALL = "all"
CUSTOM = "custom"
KINDS: dict[str, str] = {
    ALL: N_("All time"),
    "this_month": N_("This month"),
    "last_month": N_("Last month"),
    "this_quarter": N_("This quarter"),
    "last_quarter": N_("Last quarter"),
    "this_year": N_("This year"),
    "last_year": N_("Last year"),
    "last_90": N_("Last 90 days"),
    "last_365": N_("Last 365 days"),
    CUSTOM: N_("Any two dates…"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A named period, or two days (ISO, both included, either may be None)."""

    kind: str = ALL
    first: str | None = None
    last: str | None = None


def period_title(period: Period) -> str:
    """A period as its button says it."""
    if period.kind != CUSTOM:
        return _(KINDS.get(period.kind, KINDS[ALL]))
    first = date.fromisoformat(period.first) if period.first else None
    last = date.fromisoformat(period.last) if period.last else None
    if first is not None and last is not None:
        return f"{format_date(first)} – {format_date(last)}"
    if first is not None:
        return _("from {day}").format(day=format_date(first))
    return _("to {day}").format(day=format_date(last)) if last is not None else _(KINDS[ALL])


def bounds(period: Period, today: date, zone: ZoneInfo) -> tuple[int | None, int | None]:
    """[start, end) in microseconds UTC; None = no bound."""
    first, last = days(period, today)
    start = None if first is None else clock.start_of_day(first, zone)
    end = None if last is None else clock.start_of_day(last + timedelta(days=1), zone)
    return start, end


def days(period: Period, today: date) -> tuple[date | None, date | None]:
    """The first and the last day of a period."""
    if period.kind == CUSTOM:
        return (
            date.fromisoformat(period.first) if period.first else None,
            date.fromisoformat(period.last) if period.last else None,
        )
    month = today.replace(day=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    day = timedelta(days=1)
    named = {
        "this_month": (month, _next(month, 1) - day),
        "last_month": (_next(month, -1), month - day),
        "this_quarter": (quarter, _next(quarter, 3) - day),
        "last_quarter": (_next(quarter, -3), quarter - day),
        "this_year": (date(today.year, 1, 1), date(today.year, 12, 31)),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
        "last_90": (today - timedelta(days=89), today),
        "last_365": (today - timedelta(days=364), today),
    }
    return named.get(period.kind, (None, None))


def _next(first: date, months: int) -> date:
    """The first of the month `months` later."""
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
