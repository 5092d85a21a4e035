"""A report beside the same report of an earlier period: both numbers, the difference, and chance's part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.results import Column, Compared, Comparison, Report, ReportRequest, Span, Type
from funneldesk.errors import UserError
from funneldesk.reports.statistics import fisher_exact

SURE = 0.05
FEW = 10
_NUMBERS = (Type.COUNT, Type.MONEY, Type.RATE, Type.POINTS, Type.DAYS, Type.NUMBER)
_NO_NUMBER = ("rank", "minimum_n", "window_days", "hanging_after")
# A rate -> what it counts and out of what; only for these can chance be told.
_PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "win_rate": ("won", ("won", "lost")),
    "overall_conversion": ("won", ("created",)),
    "step_conversion": ("advanced", ("advanced", "lost")),
    "conversion": ("passed", ("entered",)),
    "loss_rate": ("lost", ("base",)),
    "probability": ("won", ("resolved",)),
    "kept_share": ("kept", ("checked",)),
    "own_share": ("own_count", ("count",)),
}
_RATE_PARTS = {"sources": ("won", ("leads",)), "leaks": ("advanced", ("resolved",))}


def earlier(request: ReportRequest, span: Span, as_of: int, zone: ZoneInfo) -> ReportRequest:
    """The question about the period before, or a year before, as it stood equally long after its beginning.

    Whole months are compared with as many whole months, other periods with as many days.  A period
    without an end lasts until T.  Any two dates are looked at equally long after their end, or, while the
    period asked about still runs, after their beginning.  UserError `report.no_period` without a
    beginning, `report.compare_backwards` where the other period ends before it begins.
    """
    if request.start is None:
        raise UserError("report.no_period")
    if span is Span.ANY:
        return _any_two_dates(request, as_of)
    first = clock.local_date(request.start, zone)
    end = clock.local_date(as_of, zone) + timedelta(days=1)
    if request.end is not None:
        end = clock.local_date(request.end, zone)
    if span is Span.YEAR:
        before, until = _year_before(first), _year_before(end)
    elif first.day == end.day == 1:
        months = (end.year - first.year) * 12 + end.month - first.month
        before, until = _months_before(first, months), first
    else:
        before, until = first - (end - first), first
    start = clock.start_of_day(before, zone)
    moment = min(as_of, as_of - (request.start - start))
    return replace(request, start=start, end=clock.start_of_day(until, zone), as_of=moment, live=False)


def _any_two_dates(request: ReportRequest, as_of: int) -> ReportRequest:
    first, until = request.compare_start, request.compare_end
    if first is None or until is None:
        raise UserError("report.no_period")
    if until <= first:
        raise UserError("report.compare_backwards")
    assert request.start is not None
    ended = request.end is not None and request.end <= as_of
    moment = until + (as_of - (request.end or 0)) if ended else first + (as_of - request.start)
    return replace(request, start=first, end=until, as_of=min(as_of, moment), live=False)


def _months_before(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # the 29th of February
        return date(day.year - 1, 3, 1)


def compare(report: Report, before: Report, span: Span) -> Report:
    """`report` with its comparison; rows are known by their words, those of one period only have no other."""
    words = report.naming()
    old = {_label(row, words): row for row in before.rows}
    now = {_label(row, words): row for row in report.rows}
    found = _lines(report, (), report.total_columns, report.totals, before.totals)
    # rows named by their time have no partner, and rows of one name could not be told apart
    if now.keys() & old.keys() and len(now) == len(report.rows) and len(old) == len(before.rows):
        for label in (*now, *(label for label in old if label not in now)):
            found += _lines(report, label, report.columns, now.get(label), old.get(label))
    made = Comparison(span, before.start, before.end, before.as_of, tuple(found))
    return replace(report, comparison=made)


def _label(row: Mapping[str, Any], words: Sequence[str]) -> tuple[str | None, ...]:
    return tuple(row.get(key) for key in words)


def _lines(
    report: Report,
    label: tuple[str | None, ...],
    columns: Sequence[Column],
    now: Mapping[str, Any] | None,
    before: Mapping[str, Any] | None,
) -> list[Compared]:
    now, before = now or {}, before or {}
    found = []
    for column in columns:
        if column.type not in _NUMBERS or column.key in _NO_NUMBER or _is_end(column):
            continue
        one, two = _value(column, now), _value(column, before)
        if not one and not two:
            continue
        change = None if one is None or two is None else one - two
        p, verdict = _verdict(report.name, column, now, before)
        found.append(Compared(label, column.key, one, two, change, p, verdict))
    return found


def _value(column: Column, row: Mapping[str, Any]) -> int | float | None:
    """A number of a row; a row that is not there counts nothing."""
    value = row.get(column.key)
    if value is None and not row and column.type in (Type.COUNT, Type.MONEY):
        return 0
    return value


def _is_end(column: Column) -> bool:
    """Whether it is the end of a range, not a figure of its own."""
    return column.key in ("low", "high") or column.key.endswith(("_low", "_high"))


def _verdict(
    name: str, column: Column, now: Mapping[str, Any], before: Mapping[str, Any]
) -> tuple[float | None, str | None]:
    """Fisher's p of a rate in both periods, and what it says: higher, lower, none, few; None = not asked."""
    parts = _RATE_PARTS.get(name) if column.key == "rate" else _PARTS.get(column.key)
    if column.type is not Type.RATE or parts is None or not now or not before:
        return None, None
    (one, of_one), (two, of_two) = _counts(parts, now), _counts(parts, before)
    if min(of_one, of_two) < FEW or one > of_one or two > of_two:
        return None, "few"
    p = fisher_exact(one, of_one - one, two, of_two - two)
    if p > SURE:
        return p, "none"
    return p, "higher" if one * of_two > two * of_one else "lower"


def _counts(parts: tuple[str, tuple[str, ...]], row: Mapping[str, Any]) -> tuple[int, int]:
    counted, whole = parts
    return row.get(counted) or 0, sum(row.get(key) or 0 for key in whole)
