"""What the sources bring, where deals leak, how managers sell and what the goal needs."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import ActivityFact, FunnelFacts, LeadFact, MoveFact
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.reports.catalog import compute
from funneldesk.reports.strategy import name_of, takes_many
from tests.reports.golden import at, deal_fact, golden, stages
from tests.reports.test_invariants import histories, periods

MORNING = at("2025-01-06T09:00:00Z")
HOUR = DAY // 24


def rows_by(report: Report, key: str) -> dict[object, dict[str, object]]:
    return {row[key]: dict(row) for row in report.rows}


def lead(number: int, source: int | None, status: str = "new", deal: int | None = None) -> LeadFact:
    return LeadFact(number, MORNING, status, source, 1, deal)


def done(number: int, at_hour: int, **where: int) -> ActivityFact:
    places: dict[str, Any] = {"deal_id": None, "lead_id": None, "company_id": None, "person_id": None} | where
    return ActivityFact(number, "call", MORNING + at_hour * HOUR, 1, **places)


# --- sources


def test_without_leads_every_deal_is_a_lead() -> None:
    facts = golden()
    deals = tuple(d._replace(source_id=1 if d.id <= 7 else None) for d in facts.deals)
    report = compute(replace(facts, deals=deals, sources={1: "Web"}), ReportRequest("sources"))
    assert [row["source"] for row in report.rows] == ["Web", None]
    assert sum(row["leads"] for row in report.rows) == report.totals["leads"] == 14
    assert (report.population, report.rule) == ("cohort", "reached")
    assert report.totals["won"] == 4
    assert report.totals["revenue"] == 215000
    assert all(row["cost"] is None and row["roi"] is None for row in report.rows)


def test_a_lead_and_its_deal_are_one_case() -> None:
    facts = golden()
    won = next(deal for deal in facts.deals if deal.status == "won")
    deals = tuple(d._replace(lead_id=50) if d is won else d for d in facts.deals)
    leads = (lead(50, 2, "converted", won.id), lead(51, 2, "qualified"), lead(52, 2), lead(53, None))
    report = compute(replace(facts, deals=deals, leads=leads, sources={2: "Fair"}), ReportRequest("sources"))
    fair = rows_by(report, "source")["Fair"]
    assert [fair[key] for key in ("leads", "qualified", "deals", "won")] == [3, 2, 1, 1]
    # 14 deals, one of them of a lead, and three leads without a deal
    assert report.totals["leads"] == 17


@settings(max_examples=50, deadline=None)
@given(facts=histories(), period=periods)
def test_the_sources_add_up(facts: FunnelFacts, period: tuple[int | None, int | None]) -> None:
    report = compute(facts, ReportRequest("sources", start=period[0], end=period[1]))
    for key in ("leads", "qualified", "deals", "won", "revenue"):
        assert sum(row[key] for row in report.rows) == report.totals[key]


# --- leaks


def planted(weak: float, seed: int) -> FunnelFacts:
    """Five managers, 80 deals each through the first of four stages; the first passes fewer on."""
    draw = random.Random(seed)
    deals, moves = [], []
    for number in range(1, 401):
        owner = number % 5 + 1
        went_on = draw.random() < (weak if owner == 1 else 0.6)
        own = [MoveFact(number, 1, MORNING, None, 0, "open", 1, owner, owner, None)]
        kind, rank = ("open", 2) if went_on else ("lost", 0)
        own.append(MoveFact(number, 2, MORNING + DAY, "open", 1, kind, rank, owner, owner, None))
        if went_on:
            own.append(MoveFact(number, 3, MORNING + 2 * DAY, "open", 2, "won", 0, owner, owner, None))
        deals.append(deal_fact(number, MORNING, owner, 100_000, own, 4))
        moves += own
    names = {number: f"M{number}" for number in range(1, 6)}
    return replace(golden(), deals=tuple(deals), moves=tuple(moves), stages=stages(), managers=names)


def test_a_planted_leak_is_found_and_priced() -> None:
    found = 0
    for seed in range(20):
        report = compute(planted(0.35, seed), ReportRequest("leaks"))
        row = next(row for row in report.rows if (row["slice"], row["step"]) == ("M1", "S1"))
        if row["flag"] == "leak":
            found += 1
            assert report.rows[0]["slice"] == "M1"
            expected = row["resolved"] * (row["reference"] - row["shrunk"]) * 0.4 * 100_000
            assert row["cost"] == pytest.approx(expected)
    assert found >= 18


def test_where_nobody_differs_hardly_anybody_is_flagged() -> None:
    reports = [compute(planted(0.6, seed), ReportRequest("leaks")) for seed in range(60)]
    flagged = sum(any(row["flag"] in ("leak", "boost") for row in report.rows) for report in reports)
    assert flagged <= 10


@settings(max_examples=40, deadline=None)
@given(facts=histories(), by=st.sampled_from(["manager", "source", "product", "month"]))
def test_the_slices_of_a_step_add_up_to_the_funnel(facts: FunnelFacts, by: str) -> None:
    report = compute(facts, ReportRequest("leaks", by=(by,)))
    funnel = compute(facts, ReportRequest("stage-funnel"))
    for row in funnel.rows:
        own = [each for each in report.rows if each["step"] == row["stage"]]
        assert sum(each["advanced"] for each in own) == row["advanced"]
        assert sum(each["resolved"] for each in own) == row["advanced"] + row["lost"]
    costs = [row["cost"] or 0 for row in report.rows]
    assert costs == sorted(costs, reverse=True)


# --- strategy


@pytest.mark.parametrize(
    ("volume", "depth", "name"),
    [
        (1.5, 0.5, "wide-shallow"),
        (0.5, 1.5, "deep-few"),
        (1.5, 1.5, "intensive"),
        (0.5, 0.5, "under-loaded"),
        (1.0, 1.0, "balanced"),
        (1.5, 0.0, "wide-shallow"),
        (1.2, 0.8, "balanced"),
    ],
)
def test_a_way_of_selling_is_told_by_volume_and_depth(volume: float, depth: float, name: str) -> None:
    assert name_of(volume, depth) == name


def test_many_deals_are_a_quarter_more_than_the_middle_of_the_team() -> None:
    assert takes_many(1.25, 1.0) and takes_many(30.0, 20.0)
    assert not takes_many(1.62, 1.6), "as many as the others, but for a hair"
    assert not takes_many(3.0, 0.0) and not takes_many(0.0, 2.0)


def test_ways_of_selling_need_three_managers_with_ten_closed_deals() -> None:
    facts = planted(0.6, 1)
    calls: list[ActivityFact] = []
    for deal in facts.deals:
        for _ in range({1: 6, 2: 2}.get(deal.owner or 0, 3)):
            calls.append(done(len(calls) + 1, 1, deal_id=deal.id))
    rows = compute(replace(facts, activities=tuple(calls)), ReportRequest("strategy")).rows
    told = {row["manager"]: (row["depth"], row["strategy"]) for row in rows}
    assert told["M1"] == (6, "balanced")  # more work, but as many deals as the others
    assert told["M2"][0] == 2
    assert all(row["profit_per_activity"] is None for row in rows)
    two = tuple(deal for deal in facts.deals if deal.owner in (1, 2))
    few = compute(replace(facts, deals=two, activities=tuple(calls)), ReportRequest("strategy"))
    assert {row["strategy"] for row in few.rows} == {None}


# --- lost clients


def test_what_a_lost_client_had_bought_before() -> None:
    facts = golden()
    won = next(deal for deal in facts.deals if deal.status == "won")
    lost = next(deal for deal in facts.deals if deal.status == "lost")
    before = won._replace(company_id=1, created_at=MORNING, closed_at=MORNING + 10 * DAY, amount=500)
    gone = lost._replace(
        company_id=1, created_at=MORNING + 20 * DAY, closed_at=MORNING + 50 * DAY, reach=1, lost_at=1
    )
    calls = (done(1, -48, company_id=1), done(2, 5, company_id=9))
    facts = replace(facts, deals=(before, gone), activities=calls, companies={1: "Delta"})
    report = compute(facts, ReportRequest("lost-history"))
    row = report.rows[0]
    assert (row["client"], row["prior_won"], row["prior_won_amount"]) == ("Delta", 1, 500)
    assert (row["interaction_days"], row["won_median_days"], row["lost_median_days"]) == (52, 10, 30)
    totals = report.totals
    assert (totals["with_prior_win"], totals["clients"], totals["median_difference_days"]) == (1, 1, 20)
    assert (totals["faster"], totals["slower"], totals["p"]) == (0, 1, None)
    # a win on the very day of the creation is not before it
    same = before._replace(closed_at=gone.created_at)
    assert (
        compute(replace(facts, deals=(same, gone)), ReportRequest("lost-history")).rows[0]["prior_won"] == 0
    )


# --- work per stage and reaction


def test_calls_on_deals_that_never_got_there_count() -> None:
    deals, moves = [], []
    for number in range(1, 6):
        own = [MoveFact(number, 1, MORNING, None, 0, "open", 1, 1, 1, None)]
        if number == 1:
            own.append(MoveFact(number, 2, MORNING + 5 * DAY, "open", 1, "open", 2, 1, 1, None))
        deals.append(deal_fact(number, MORNING, 1, None, own, 4))
        moves += own
    calls = tuple(done(number, 1, deal_id=number) for number in range(1, 6))
    late = done(9, 24 * 6, deal_id=1)  # after the entry
    facts = replace(golden(), deals=tuple(deals), moves=tuple(moves), activities=(*calls, late))
    report = compute(facts, ReportRequest("activities"))
    anna = {row["stage"]: row for row in report.rows if row["scope"] == "manager"}
    assert (anna["S2"]["done"], anna["S2"]["per_entry"], anna["S2"]["median_success"]) == (5, 5, 1)
    assert (anna["S3"]["done"], anna["S3"]["per_entry"], anna["S3"]["median_success"]) == (6, None, None)
    assert (anna["S1"]["done"], anna["S1"]["per_entry"]) == (0, 0)
    team = {row["stage"]: row for row in report.rows if row["scope"] == "team"}
    assert team["S2"]["per_entry"] == 5


def test_a_reaction_is_the_first_activity_or_move_after_the_arrival() -> None:
    leads = tuple(lead(number, None) for number in range(1, 5))
    calls = (done(1, 2, lead_id=1), done(2, 9, lead_id=1), done(3, 4, lead_id=2), done(4, -3, lead_id=3))
    facts = replace(golden(), deals=(), moves=(), leads=leads, activities=calls, as_of=MORNING + 12 * HOUR)
    row = compute(facts, ReportRequest("reaction")).rows[0]
    assert [row[key] for key in ("leads", "answered", "unanswered", "unanswered_day")] == [4, 2, 2, 0]
    assert row["median_hours"] == pytest.approx(3)
    later = compute(replace(facts, as_of=MORNING + 30 * HOUR), ReportRequest("reaction")).rows[0]
    assert later["unanswered_day"] == 2


@settings(max_examples=40, deadline=None)
@given(facts=histories(), period=periods)
def test_leads_are_answered_or_not(facts: FunnelFacts, period: tuple[int | None, int | None]) -> None:
    report = compute(facts, ReportRequest("reaction", start=period[0], end=period[1]))
    for row in (*report.rows, report.totals):
        assert row["leads"] == row["answered"] + row["unanswered"]
        assert (row["median_hours"] is None) == (row["answered"] == 0)
    assert sum(row["leads"] for row in report.rows) == report.totals["leads"]


# --- the goal


def test_ten_wins_at_a_fifth_need_fifty_deals() -> None:
    report = compute(golden(), ReportRequest("reverse-plan", plan=10))
    assert [report.rows[0][key] for key in ("need", "need_80", "need_90")] == [50, 61, 69]
    assert [row["need"] for row in report.rows] == [50, 25, 17, 13]


def test_a_goal_in_money_is_turned_into_wins() -> None:
    # 53,750 minor units on average
    report = compute(golden(), ReportRequest("reverse-plan", plan_amount=100_000))
    assert report.totals["target_wins"] == 2
    none_won = replace(golden(), deals=())
    empty = compute(none_won, ReportRequest("reverse-plan", plan_amount=100_000))
    assert empty.totals["target_wins"] is None
    assert {row["need"] for row in empty.rows} == {None}
