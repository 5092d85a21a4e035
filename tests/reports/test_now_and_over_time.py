"""What is under way, how fast it moves and how it changes: active-funnel, velocity, dynamics."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts, Ledger, MoveFact
from funneldesk.domain.goals import Mark
from funneldesk.domain.results import ReportRequest
from funneldesk.reports import dynamics
from funneldesk.reports.catalog import compute
from tests.reports.golden import at, deal_fact, golden, stages
from tests.reports.test_invariants import histories, periods


def column(name: str, key: str, **more: object) -> list[object]:
    report = compute(golden(), replace(ReportRequest(name), **more))  # type: ignore[arg-type]
    return [row[key] for row in report.rows]


def test_the_active_funnel_counts_open_deals_where_they_are() -> None:
    assert column("active-funnel", "open") == [1, 2, 1, 0]
    assert column("active-funnel", "amount") == [0, 95000, 90000, 0]
    assert column("active-funnel", "expected_amount") == pytest.approx([0, 38000, 54000, 0])
    assert column("active-funnel", "oldest_days") == [47.625, 25.625, 28.625, None]


def test_with_few_stays_a_deal_hangs_after_twice_the_median() -> None:
    # medians 2, 8, 5 and 6 days
    assert column("active-funnel", "hanging_after") == [4, 16, 10, 12]
    assert column("active-funnel", "hanging") == [1, 1, 1, 0]


def test_with_twenty_stays_a_deal_hangs_after_nine_of_ten() -> None:
    deals, moves = [], []
    for number in range(1, 31):
        own = [MoveFact(number, 1, at("2025-01-01"), None, 0, "open", 1, 1, 1, None)]
        if number <= 29:
            stayed = at("2025-01-01") + number * DAY
            own.append(MoveFact(number, 2, stayed, "open", 1, "open", 2, 1, 1, None))
        deals.append(deal_fact(number, at("2025-01-01"), 1, 100, own, 4))
        moves += own
    facts = replace(golden(), deals=tuple(deals), moves=tuple(moves), stages=stages())
    row = compute(facts, ReportRequest("active-funnel")).rows[0]
    # S(27) = 3/30: the first time at which no more than a tenth is left
    assert (row["open"], row["hanging_after"], row["hanging"]) == (1, 27, 1)


@settings(max_examples=60, deadline=None)
@given(facts=histories())
def test_the_active_funnel_adds_up_to_the_open_deals(facts: FunnelFacts) -> None:
    report = compute(facts, ReportRequest("active-funnel"))
    placed = sum(row["open"] for row in report.rows)
    assert placed + report.excluded["unknown_path"] == report.totals["open"]
    assert sum(row["hanging"] for row in report.rows) == report.totals["hanging"]
    assert all(row["hanging"] <= row["open"] for row in report.rows)


def test_velocity_by_hand() -> None:
    report = compute(golden(), ReportRequest("velocity"))
    row = report.rows[0]
    assert (report.start, report.end) == (at("2025-03-01") - 90 * DAY, at("2025-03-01"))
    assert (row["open"], row["win_rate"], row["won_average"]) == (4, 0.4, 53750)
    assert row["cycle_mean_days"] == pytest.approx(24.5)
    assert row["velocity_per_day"] == pytest.approx(4 * 0.4 * 53750 / 24.5)
    assert row["won_per_day"] == pytest.approx(215000 / 90)
    # what a point of the win rate and a day of the cycle are worth, a day
    assert row["point_worth"] == pytest.approx(4 * 0.41 * 53750 / 24.5 - 4 * 0.4 * 53750 / 24.5)
    assert row["day_worth"] == pytest.approx(4 * 0.4 * 53750 / 23.5 - 4 * 0.4 * 53750 / 24.5)


def test_a_period_replaces_the_ninety_days() -> None:
    request = ReportRequest("velocity", start=at("2025-01-01"), end=at("2025-02-01"))
    row = compute(golden(), request).rows[0]
    assert (row["won"], row["lost"], row["window_days"]) == (3, 4, 31)
    assert row["won_per_day"] == pytest.approx(175000 / 31)
    # a period that is not over yet has as many days as have gone by
    later = replace(request, end=at("2026-01-01"))
    assert compute(golden(), later).rows[0]["window_days"] == 59


def test_without_wins_there_is_no_velocity_and_a_short_cycle_is_a_day() -> None:
    early = compute(golden("2025-01-02"), ReportRequest("velocity")).rows[0]
    assert (early["win_rate"], early["velocity_per_day"]) == (None, 0)
    facts = golden()
    quick = replace(facts, deals=tuple(d._replace(created_at=d.closed_at) for d in facts.deals))
    row = compute(quick, ReportRequest("velocity")).rows[0]
    assert row["velocity_per_day"] == pytest.approx(4 * 0.4 * 53750)
    assert row["day_worth"] is None


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        ("month", ["2025-01", "2025-02"]),
        ("quarter", ["2025-Q1"]),
        ("week", [f"2025-W{week:02}" for week in range(2, 10)]),
    ],
)
def test_dynamics_has_a_row_for_every_span(span: str, labels: list[str]) -> None:
    found = column("dynamics", "period", by=(span,))
    assert [label for label in found if label in labels] == labels
    assert sum(column("dynamics", "created", by=(span,))) == 14  # type: ignore[arg-type]
    assert sum(column("dynamics", "won", by=(span,))) == 4  # type: ignore[arg-type]
    assert sum(column("dynamics", "lost", by=(span,))) == 6  # type: ignore[arg-type]


def test_spans_begin_at_midnight_of_the_base() -> None:
    facts = golden()
    # half past eleven in the evening in London is the next month in Warsaw
    late = facts.deals[0]._replace(created_at=at("2025-01-31T23:30:00Z"))
    for zone, month in (("UTC", "2025-01"), ("Europe/Warsaw", "2025-02")):
        one = replace(facts, deals=(late,), zone=zone)
        rows = compute(one, ReportRequest("dynamics")).rows
        assert [row["period"] for row in rows if row["created"]] == [month]


@pytest.mark.parametrize(
    ("span", "label"), [("week", "2025-W06"), ("month", "2025-02"), ("quarter", "2025-Q1")]
)
def test_a_marked_change_stands_at_its_span(span: str, label: str) -> None:
    facts = golden()
    marks = (
        Mark(id=2, day="2025-02-06", title="New script", funnel_id=facts.funnel_id),
        Mark(id=1, day="2025-02-05", title="New price list"),
        Mark(id=3, day="2025-02-05", title="Of another funnel", funnel_id=facts.funnel_id + 1),
    )
    told = replace(facts, ledger=Ledger(marks=marks))
    rows = compute(told, ReportRequest("dynamics", by=(span,))).rows
    assert {r["period"]: r["marks"] for r in rows if r["marks"]} == {label: "New price list; New script"}


def test_spans_in_which_nothing_happened_are_rows_too() -> None:
    facts = golden()
    won = next(deal for deal in facts.deals if deal.status == "won")
    one = won._replace(created_at=at("2024-10-15"), closed_at=at("2025-02-03"))
    rows = compute(replace(facts, deals=(one,)), ReportRequest("dynamics")).rows
    assert [row["period"] for row in rows] == ["2024-10", "2024-11", "2024-12", "2025-01", "2025-02"]
    assert [row["created"] for row in rows] == [1, 0, 0, 0, 0]
    wrong = won._replace(created_at=at("0001-01-15"), closed_at=at("2025-02-03"))
    found = compute(replace(facts, deals=(wrong,)), ReportRequest("dynamics", by=("week",))).rows
    assert len(found) == 2


@settings(max_examples=60, deadline=None)
@given(facts=histories(), period=periods)
def test_the_spans_add_up_whatever_their_length(
    facts: FunnelFacts, period: tuple[int | None, int | None]
) -> None:
    totals = []
    for span in ("week", "month", "quarter"):
        report = compute(facts, ReportRequest("dynamics", start=period[0], end=period[1], by=(span,)))
        for key in ("created", "won", "lost", "won_amount"):
            assert sum(row[key] for row in report.rows) == report.totals[key]
        assert [row["period"] for row in report.rows] == sorted({row["period"] for row in report.rows})
        totals.append(report.totals)
    assert totals[0] == totals[1] == totals[2]


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    hours=st.integers(0, 23),
    span=st.sampled_from(dynamics.SPANS),
    zone=st.sampled_from(["UTC", "Europe/Warsaw", "America/Sao_Paulo", "Asia/Kathmandu"]),
)
def test_the_span_after_is_the_same_however_it_is_come_to(
    day: date, hours: int, span: str, zone: str
) -> None:
    its, begin = ZoneInfo(zone), at(f"{day}T{hours:02}:30:00Z")
    walked = dynamics.spans(ReportRequest("dynamics", by=(span,)), its)
    moment = begin
    for _each in range(9):
        alone = dynamics.spans(ReportRequest("dynamics", by=(span,)), its)
        own, moment = dynamics.first_day(moment, span, its), walked(before := moment)
        assert moment == alone(before) > before
        assert dynamics.first_day(moment, span, its) > own == dynamics.first_day(moment - 1, span, its)


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    assert dynamics.span_label(date(2024, 12, 30), "week") == "2025-W01"
    assert dynamics.span_label(date(2026, 12, 28), "week") == "2026-W53"
    assert dynamics.span_label(date(2025, 10, 1), "quarter") == "2025-Q4"
