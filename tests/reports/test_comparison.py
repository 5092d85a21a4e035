"""A report beside an earlier period: the right days, both numbers, a verdict on what is more than chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.results import Comparison, Report, ReportRequest, Span
from funneldesk.errors import UserError
from funneldesk.report_words import comparison_note, comparison_report
from funneldesk.reports.catalog import CATALOG, compute
from funneldesk.reports.comparison import compare, earlier
from tests.reports.golden import at, golden

ZONE = ZoneInfo("Europe/Warsaw")


def day(text: str) -> int:
    return clock.start_of_day(date.fromisoformat(text), ZONE)


@pytest.mark.parametrize(
    ("start", "end", "span", "before", "until"),
    [
        ("2026-11-01", "2026-12-01", Span.PREVIOUS, "2026-10-01", "2026-11-01"),
        ("2026-01-01", "2026-04-01", Span.PREVIOUS, "2025-10-01", "2026-01-01"),
        ("2026-03-10", "2026-03-20", Span.PREVIOUS, "2026-02-28", "2026-03-10"),
        ("2026-11-01", "2026-12-01", Span.YEAR, "2025-11-01", "2025-12-01"),
        ("2024-02-29", "2024-03-01", Span.YEAR, "2023-03-01", "2023-03-01"),
    ],
)
def test_the_earlier_period(start: str, end: str, span: Span, before: str, until: str) -> None:
    now = day("2026-11-28") + DAY // 2
    asked = earlier(ReportRequest("managers", start=day(start), end=day(end)), span, now, ZONE)
    assert (asked.start, asked.end) == (day(before), day(until))


def test_both_periods_had_the_same_time() -> None:
    start, now = day("2026-11-01"), day("2026-11-28") + DAY // 2
    asked = earlier(ReportRequest("managers", start=start), Span.PREVIOUS, now, ZONE)
    assert asked.start is not None and asked.as_of is not None
    assert asked.as_of - asked.start == now - start
    assert asked.end == start


def test_without_a_beginning_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(UserError) as error:
        earlier(ReportRequest("managers"), Span.YEAR, 0, ZONE)
    assert error.value.code == "report.no_period"


def report(name: str, start: str, end: str) -> Report:
    return compute(golden(), ReportRequest(name, start=at(start), end=at(end), as_of=None))


def test_both_numbers_and_their_difference() -> None:
    found = compare(
        report("dynamics", "2025-02-01", "2025-03-01"),
        report("dynamics", "2025-01-01", "2025-02-01"),
        Span.PREVIOUS,
    ).comparison
    assert found is not None
    totals = {
        line.key: (line.now, line.before, line.change, line.verdict) for line in found.rows if not line.label
    }
    assert totals["created"] == (1, 13, -12, None)
    assert totals["win_rate"][3] == "few"
    assert not [line for line in found.rows if line.label]  # a month has no partner


def test_a_row_of_one_period_only_stands_beside_nothing() -> None:
    now = report("managers", "2025-01-01", "2025-02-01")
    assert len(now.rows) > 1
    before = replace(now, rows=now.rows[1:])
    made = compare(now, before, Span.PREVIOUS).comparison
    assert made is not None
    gone = str(now.rows[0]["manager"])
    line = next(each for each in made.rows if each.label == (gone,) and each.key == "deals")
    assert (line.now, line.before) == (now.rows[0]["deals"], 0)


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(0, 60)] * 4))
def test_the_verdict_is_fishers(counts: tuple[int, int, int, int]) -> None:
    won, lost, won_before, lost_before = counts
    base = report("dynamics", "2025-01-01", "2025-02-01")

    def totals(a: int, b: int) -> Report:
        rate = a / (a + b) if a + b else None
        return replace(base, rows=(), totals={**base.totals, "won": a, "lost": b, "win_rate": rate})

    made = compare(totals(won, lost), totals(won_before, lost_before), Span.YEAR).comparison
    assert made is not None
    lines = [line for line in made.rows if line.key == "win_rate"]
    if not won and not won_before:
        assert all(line.verdict in ("few", "none") for line in lines)
        return
    line = lines[0]
    if min(won + lost, won_before + lost_before) < 10:
        assert line.verdict == "few" and line.p is None
        return
    p = stats.fisher_exact([[won, lost], [won_before, lost_before]]).pvalue
    assert line.p == pytest.approx(p, abs=1e-9)
    higher = won / (won + lost) > won_before / (won_before + lost_before)
    assert line.verdict == ("none" if p > 0.05 else "higher" if higher else "lower")


@pytest.mark.parametrize("name", [name for name, info in CATALOG.items() if info.compares])
def test_every_report_of_a_period_can_be_compared(name: str) -> None:
    now, before = report(name, "2025-02-01", "2025-03-01"), report(name, "2025-01-01", "2025-02-01")
    made = compare(now, before, Span.PREVIOUS)
    assert made.rows == now.rows and made.comparison is not None
    for line in made.comparison.rows:
        assert line.change is None or line.change == pytest.approx((line.now or 0) - (line.before or 0))


def test_what_is_open_now_is_of_no_period() -> None:
    assert {name for name, info in CATALOG.items() if not info.compares} >= {
        "active-funnel",
        "forecast",
        "receivables",
    }


@pytest.mark.parametrize(
    ("now", "looked_at"),
    [
        ("2026-12-11", "2025-02-11"),  # ten days after the end of either
        ("2026-11-21", "2025-01-21"),  # while it runs: twenty days after the beginning
    ],
)
def test_any_two_dates_stand_as_they_did_when_they_were_as_old(now: str, looked_at: str) -> None:
    asked = ReportRequest(
        "managers", start=day("2026-11-01"), end=day("2026-12-01"), compare=Span.ANY,
        compare_start=day("2025-01-01"), compare_end=day("2025-02-01"),
    )  # fmt: skip
    before = earlier(asked, Span.ANY, day(now), ZONE)
    assert (before.start, before.end) == (day("2025-01-01"), day("2025-02-01"))
    assert before.as_of == day(looked_at)


def test_two_dates_the_wrong_way_round_are_refused() -> None:
    asked = ReportRequest("managers", start=0, compare_start=5, compare_end=5)
    with pytest.raises(UserError) as refused:
        earlier(asked, Span.ANY, 10, ZONE)
    assert refused.value.code == "report.compare_backwards"


def test_periods_that_differ_in_length_are_said_to() -> None:
    week, year = 7 * DAY, 365 * DAY
    asked = replace(report("managers", "2025-02-01", "2025-03-01"), start=0, end=week)
    for length, told in ((week, False), (year, True)):
        other = Comparison(Span.ANY, -length, 0, 0, ())
        assert ("not of one length" in comparison_note(replace(asked, comparison=other))) is told


def test_what_a_row_is_like_is_no_part_of_its_name() -> None:
    found = report("sources", "2025-01-01", "2025-02-01")
    assert any(column.key == "roi_of" for column in found.columns)
    dear = replace(found, rows=tuple({**row, "roi_of": "revenue"} for row in found.rows))
    told = comparison_report(compare(dear, found, Span.PREVIOUS))
    assert told is not None
    names = {row["row"] for row in told.rows} - {"Total"}
    assert names and names <= {row["source"] or "No source" for row in found.rows}
    assert all(row["change"] in ("0", "0.0 points", "–") for row in told.rows), "each has its partner"


def test_a_difference_of_days_is_as_exact_as_the_days() -> None:
    found = report("managers", "2025-01-01", "2025-02-01")

    def said(now: float, before: float) -> str:
        one, two = (replace(found, totals={**found.totals, "cycle_median_days": n}) for n in (now, before))
        told = comparison_report(compare(one, two, Span.PREVIOUS))
        assert told is not None
        return next(str(row["change"]) for row in told.rows if row["figure"] == "Median cycle, days")

    assert (said(54.4, 50.2), said(35.0, 38.0)) == ("+4", "-3")
    assert (said(4.2, 3.1), said(30.2, 30.0)) == ("+1.1", "0")
