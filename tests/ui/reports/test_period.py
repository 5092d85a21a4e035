from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from funneldesk.domain.clock import DAY, start_of_day
from funneldesk.report_words import period_text
from funneldesk.ui.reports.period import Period, bounds, days, period_title

WARSAW = ZoneInfo("Europe/Warsaw")


@pytest.mark.parametrize(("kind", "first", "last"), [
    ("this_month", "2026-01-01", "2026-01-31"),
    ("last_month", "2025-12-01", "2025-12-31"),
    ("this_quarter", "2026-01-01", "2026-03-31"),
    ("last_quarter", "2025-10-01", "2025-12-31"),
    ("this_year", "2026-01-01", "2026-12-31"),
    ("last_year", "2025-01-01", "2025-12-31"),
    ("last_90", "2025-10-18", "2026-01-15"),
])  # fmt: skip
def test_named_periods_cross_years_and_quarters(kind: str, first: str, last: str) -> None:
    found = days(Period(kind), date(2026, 1, 15))
    assert [str(day) for day in found] == [first, last]


def test_last_days_are_as_many_as_named() -> None:
    for count in (90, 365):
        first, last = days(Period(f"last_{count}"), date(2026, 3, 1))
        assert first is not None
        assert last is not None
        assert (last - first).days + 1 == count


def test_the_end_is_the_start_of_the_day_after_across_a_clock_change() -> None:
    start, end = bounds(Period("custom", "2026-03-29", "2026-03-29"), date(2026, 6, 1), WARSAW)
    assert start == start_of_day(date(2026, 3, 29), WARSAW)
    assert end is not None
    assert start is not None
    assert end - start == 23 * DAY // 24


def test_all_time_has_no_bounds() -> None:
    assert bounds(Period(), date(2026, 1, 1), WARSAW) == (None, None)


def test_a_period_is_told_with_both_days() -> None:
    start, end = bounds(Period("this_quarter"), date(2026, 11, 23), WARSAW)
    assert period_text(start, end, WARSAW) == "Oct 1, 2026 – Dec 31, 2026"
    assert period_title(Period("custom", "2026-01-05", None)) == "from Jan 5, 2026"
    assert period_title(Period("custom", None, "2026-01-05")) == "to Jan 5, 2026"
