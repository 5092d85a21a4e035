"""Receivables, plan and fact, and what sources return."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.facts import ActivityFact, FunnelFacts, InvoiceFact, Ledger
from funneldesk.domain.goals import Plan, SourceCost
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.reports.catalog import compute, compute_all, deals_behind
from funneldesk.reports.receivables import BUCKETS, KEYS
from tests.reports.golden import at, golden
from tests.reports.test_forecast import steady

TODAY = at("2025-03-01")


def owed(
    client: str | None, due: str | None, amount: int, *, credit: bool = False, manager: int = 1
) -> InvoiceFact:
    return InvoiceFact(1, client, manager, None, due, amount, credit)


def with_ledger(*invoices: InvoiceFact, facts: FunnelFacts | None = None, **more: object) -> FunnelFacts:
    return replace(facts or golden(), ledger=Ledger(invoices=invoices, **more))  # type: ignore[arg-type]


def receivables(facts: FunnelFacts, *by: str) -> Report:
    return compute(facts, ReportRequest("receivables", by=by))


@pytest.mark.parametrize(
    ("due", "bucket"),
    [
        ("2025-03-02", "not_due"),
        ("2025-03-01", "not_due"),
        ("2025-02-28", "d1_30"),
        ("2025-01-30", "d1_30"),
        ("2025-01-29", "d31_60"),
        ("2024-12-31", "d31_60"),
        ("2024-12-30", "d61_90"),
        ("2024-12-01", "d61_90"),
        ("2024-11-30", "d90_plus"),
        (None, "no_due_date"),
    ],
)
def test_a_sum_stands_under_the_days_it_is_overdue(due: str | None, bucket: str) -> None:
    row = receivables(with_ledger(owed("Acme", due, 700))).rows[0]
    assert {key: row[key] for key in KEYS if row[key]} == {bucket: 700}
    assert row["total"] == 700


def test_credit_has_a_row_of_its_own_and_all_add_up() -> None:
    report = receivables(
        with_ledger(
            owed("Acme", "2025-02-01", 900),
            owed("Acme", None, -200, credit=True),
            owed("Bolt", "2025-04-01", 1500),
            owed(None, "2024-01-01", 10),
        )
    )
    assert [(row["label"], row["total"]) for row in report.rows] == [
        ("Bolt", 1500), ("Acme", 900), (None, 10), ("Acme", -200),
    ]  # fmt: skip
    assert report.totals["total"] == 2210
    assert report.totals["max_days_past_due"] == 425


def test_by_manager_and_by_bucket_the_total_is_the_same() -> None:
    facts = with_ledger(owed("Acme", "2025-02-01", 900), owed("Bolt", "2025-04-01", 1500, manager=2))
    by_manager, by_bucket = receivables(facts, "manager"), receivables(facts, "bucket")
    assert [(row["label"], row["total"]) for row in by_manager.rows] == [("Boris", 1500), ("Anna", 900)]
    assert [(row["label"], row["total"]) for row in by_bucket.rows] == [("not_due", 1500), ("d1_30", 900)]
    assert by_manager.totals == by_bucket.totals


@given(
    st.lists(
        st.builds(
            owed,
            st.sampled_from(["Acme", "Bolt", None]),
            st.none() | st.dates().map(str),
            st.integers(1, 10**9),
        )
    )
)
def test_buckets_add_up_to_totals(invoices: list[InvoiceFact]) -> None:
    report = receivables(with_ledger(*invoices))
    whole = sum(invoice.outstanding or 0 for invoice in invoices)
    assert report.totals["total"] == sum(row["total"] for row in report.rows) == whole
    for row in report.rows:
        assert row["total"] == sum(row[key] for key, _last in BUCKETS) + row["no_due_date"] + row["credit"]


def call(number: int, when: str, manager: int | None = 1, kind: str = "call") -> ActivityFact:
    return ActivityFact(number, kind, at(when), manager, None, None, None, None)


def plan_fact(facts: FunnelFacts, **asked: object) -> dict[tuple[str | None, str, str], dict[str, object]]:
    report = compute(facts, ReportRequest("plan-fact", **asked))  # type: ignore[arg-type]
    return {(row["manager"], row["month"], row["measure"]): dict(row) for row in report.rows}


def planned(*plans: tuple[str, int | None, str, int], facts: FunnelFacts | None = None) -> FunnelFacts:
    made = tuple(Plan(month=m, manager_id=who, measure=what, value=value) for m, who, what, value in plans)
    return with_ledger(facts=facts, plans=made)


def test_plan_and_fact_of_the_worked_example() -> None:
    facts = planned(("2025-02", 1, "money", 400_000), ("2025-02", 1, "deals", 4), ("2025-02", 2, "deals", 2))
    rows = plan_fact(facts, start=at("2025-02-01"), end=at("2025-03-01"))
    won = [deal for deal in facts.deals if deal.status == "won" and (deal.closed_at or 0) >= at("2025-02-01")]
    own = [deal for deal in won if deal.owner == 1]
    assert rows["Anna", "2025-02", "deals"]["fact"] == len(own)
    assert rows["Anna", "2025-02", "money"]["fact"] == sum(deal.amount or 0 for deal in own) / 100
    assert rows["Anna", "2025-02", "money"]["plan"] == 4000
    assert rows[None, "2025-02", "deals"]["plan"] == 6
    assert rows[None, "2025-02", "deals"]["fact"] == len(won)
    assert rows["Anna", "2025-02", "deals"]["share"] == pytest.approx(len(own) / 4)
    assert rows["Anna", "2025-02", "deals"]["chance"] is None


def test_the_deals_behind_a_fact_are_as_many_as_the_fact() -> None:
    facts, request = (
        planned(("2025-02", None, "deals", 5)),
        ReportRequest("plan-fact", start=at("2025-01-01")),
    )
    report = compute(facts, request)
    for place, row in enumerate(report.rows):
        if row["measure"] == "deals":
            assert len(deals_behind(facts, request, place, "deals")) == row["fact"]


def test_calls_and_meetings_count_for_who_did_them() -> None:
    done = (
        call(1, "2025-02-03"),
        call(2, "2025-02-28"),
        call(3, "2025-03-01"),
        call(4, "2025-02-07", 2, "meeting"),
        call(5, "2025-02-07", 2, "letter"),
        call(6, "2025-02-08", None),
    )
    facts = replace(planned(("2025-02", 1, "calls", 10)), activities=done)
    rows = plan_fact(facts, start=at("2025-02-01"), end=at("2025-03-01"))
    assert rows["Anna", "2025-02", "calls"]["fact"] == 2
    assert rows["Anna", "2025-02", "calls"]["gap"] == 8
    assert rows["Boris", "2025-02", "meetings"]["fact"] == 1
    assert rows[None, "2025-02", "calls"]["fact"] == 3


def test_what_is_missing_of_calls_and_meetings_is_told_a_working_day() -> None:
    facts = planned(("2025-03", 1, "calls", 50), ("2025-03", 1, "deals", 9), ("2025-02", 1, "meetings", 3),
                    ("2025-03", 1, "meetings", 1), ("2025-04", None, "calls", 45))  # fmt: skip
    done = (call(1, "2025-03-11"), call(2, "2025-03-12"), call(3, "2025-03-12", kind="meeting"))
    # Thursday the 13th: 2 days of this week, 5, 5 and the Monday the 31st
    facts = replace(facts, as_of=at("2025-03-13T10:00:00Z"), activities=done)
    rows = plan_fact(facts, start=at("2025-02-01"), end=at("2025-05-01"))
    assert rows["Anna", "2025-03", "calls"]["per_day"] == 4  # 48 calls on 13 days
    assert rows["Anna", "2025-03", "meetings"]["per_day"] == 0  # done
    assert rows["Anna", "2025-03", "deals"]["per_day"] is None
    assert rows["Anna", "2025-02", "meetings"]["per_day"] is None  # the month is over
    assert rows[None, "2025-04", "calls"]["per_day"] == 3  # 45 on the 22 days of April, rounded up


def test_the_chance_of_the_running_month_falls_with_the_plan() -> None:
    facts = steady(900)
    month = "2026-03"
    found = []
    for wins in (1, 6, 12, 500):
        rows = plan_fact(planned((month, None, "deals", wins), facts=facts))
        found.append(rows[None, month, "deals"]["chance"])
    assert found[0] == 1 and found[-1] == 0
    assert found == sorted(found, reverse=True)  # type: ignore[type-var]


def test_every_month_of_the_period_has_its_rows() -> None:
    facts = planned(("2025-01", None, "deals", 1), ("2025-02", None, "deals", 1))
    rows = plan_fact(facts, start=at("2025-01-01"), end=at("2025-03-01"))
    assert {month for _who, month, _what in rows} == {"2025-01", "2025-02"}


def sourced(*costs: SourceCost, margin: int | None = None) -> FunnelFacts:
    facts = golden()
    deals = tuple(deal._replace(source_id=1, margin=margin) for deal in facts.deals)
    return replace(facts, deals=deals, sources={1: "Exhibition"}, ledger=Ledger(costs=costs))


def cost(amount: int, first: str = "2025-01-01", last: str = "2025-01-31", source: int = 1) -> SourceCost:
    return SourceCost(source_id=source, first_day=first, last_day=last, amount=amount, currency="EUR")


def sources(facts: FunnelFacts, **asked: object) -> dict[str, object]:
    return dict(compute_all([facts], ReportRequest("sources", **asked)).rows[0])  # type: ignore[arg-type]


def test_a_return_is_of_margin_where_it_is_known_else_of_revenue() -> None:
    plain, earned = sources(sourced(cost(50_000))), sources(sourced(cost(50_000), margin=20_000))
    won, revenue = plain["won"], plain["revenue"]
    assert (plain["cost"], plain["roi_of"]) == (50_000, "revenue")
    assert plain["roi"] == pytest.approx((revenue - 50_000) / 50_000)  # type: ignore[operator]
    assert (earned["roi_of"], earned["roi"]) == ("margin", pytest.approx((won * 20_000 - 50_000) / 50_000))  # type: ignore[operator]
    assert plain["cost_per_win"] == pytest.approx(50_000 / won)  # type: ignore[operator]


def test_costs_are_those_of_the_period_and_no_cost_has_no_return() -> None:
    half = sources(sourced(cost(31_000)), start=at("2025-01-01"), end=at("2025-01-11"))
    assert half["cost"] == pytest.approx(10_000)
    none = sources(sourced(cost(31_000, source=9)))
    assert (none["cost"], none["roi"]) == (None, None)
    later = sources(sourced(cost(31_000, "2025-03-01", "2025-03-31")))
    assert later["cost"] == pytest.approx(1000)  # the day of the report, none after it


def test_without_a_win_all_the_cost_is_lost() -> None:
    facts = sourced(cost(100))
    lost = replace(facts, deals=tuple(deal for deal in facts.deals if deal.status == "lost"))
    assert sources(lost)["roi"] == -1


@pytest.mark.parametrize(
    "asked",
    [
        {"managers": (1,)},
        {"where": (("product", "1"),)},
        {"condition": Group((Condition("title", "filled"), Condition("source", "filled")))},
    ],
)
def test_the_cost_of_all_leads_is_not_told_of_a_part(asked: dict[str, Any]) -> None:
    part = compute_all([sourced(cost(50_000))], ReportRequest("sources", **asked))
    costs = ("cost", "cost_per_lead", "cost_per_win", "roi", "projected")
    assert [part.rows[0][key] for key in costs] == [None] * len(costs)
    assert part.excluded["cost_of_all"] == 1


def test_the_cost_of_the_sources_that_are_looked_at_is_told() -> None:
    asked = ReportRequest("sources", condition=Group((Condition("source", "filled"),)))
    report = compute_all([sourced(cost(50_000))], asked)
    assert (report.rows[0]["cost"], report.excluded.get("cost_of_all", 0)) == (50_000, 0)
