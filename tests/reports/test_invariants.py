"""What must hold of any history: random moves, every report."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts, MoveFact
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports.catalog import CATALOG, compute, compute_all, deals_behind, deals_behind_all
from tests.reports.golden import at, deal_fact, stages

START = at("2025-01-01")
K = 4
places = st.sampled_from([("open", k) for k in (0, 1, 2, 3, 4)] + [("won", 0), ("lost", 0)])
people = st.sampled_from([None, 1, 2, 3])


@st.composite
def histories(draw: st.DrawFn) -> FunnelFacts:
    deals, moves = [], []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        when = START + draw(st.integers(0, 60)) * DAY
        created = draw(st.sampled_from([when, when, when, None]))
        own: list[MoveFact] = []
        kind: str | None = None
        rank = 0
        for seq in range(draw(st.integers(1, 6))):
            to_kind, to_rank = draw(places)
            own.append(
                MoveFact(number, seq, when, kind, rank, to_kind, to_rank, draw(people), draw(people), None)
            )
            kind, rank = to_kind, to_rank
            when += draw(st.integers(0, 20)) * DAY
        amount = draw(st.sampled_from([None, 0, 12_345, 990_000]))
        fact = deal_fact(number, created, draw(people), amount, own, K)
        fact = fact._replace(
            staged=draw(st.sampled_from([True, True, True, False])),
            loss_reason_id=draw(people) if fact.status == "lost" else None,
            source_id=draw(people),
            company_id=draw(people),
            no_rate=amount is None and draw(st.booleans()),
        )
        deals.append(fact)
        moves += own
    return FunnelFacts(
        funnel_id=1,
        funnel="F",
        stages=stages(),
        as_of=START + 200 * DAY,
        currency="EUR",
        deals=tuple(deals),
        moves=tuple(moves),
        probability_source=draw(st.sampled_from(["template", "history"])),
        managers={1: "A", 2: "B", 3: "C"},
    )


periods = st.sampled_from([(None, None), (START + 10 * DAY, START + 45 * DAY), (START + 20 * DAY, None)])


def requests_of(name: str) -> list[ReportRequest]:
    info = CATALOG[name]
    groupings: list[tuple[str, ...]] = [(each,) for each in info.by] or [()]
    crossed = [("stage", "manager"), ("client", "reason"), ("stage", "reason", "manager")]
    groupings += [by for by in crossed if len(by) <= info.by_most and set(by) <= set(info.by)]
    return [
        ReportRequest(name, population=population, rule=rule, by=by)
        for population in info.populations
        for rule in (info.rules or (None,))
        for by in groupings
    ]


@pytest.mark.parametrize("name", list(CATALOG))
@settings(max_examples=40, deadline=None)
@given(facts=histories(), period=periods)
def test_a_number_and_the_deals_behind_it_agree(
    name: str, facts: FunnelFacts, period: tuple[int | None, int | None]
) -> None:
    for request in requests_of(name):
        request = replace(request, start=period[0], end=period[1])
        report = compute(facts, request)
        for column in report.columns:
            for index, row in enumerate(report.rows):
                if column.opens:
                    behind = deals_behind(facts, request, index, column.key)
                    assert len(behind) == len(set(behind)) == row[column.key]
        for column in report.total_columns:
            if column.opens and report.totals[column.key] is not None:
                behind = deals_behind(facts, request, None, column.key)
                assert len(behind) == len(set(behind)) == report.totals[column.key]
        assert all(isinstance(n, int) and n >= 0 for n in report.excluded.values())


@settings(max_examples=80, deadline=None)
@given(facts=histories(), period=periods)
def test_created_is_open_and_won_and_lost(facts: FunnelFacts, period: tuple[int | None, int | None]) -> None:
    for rule in Rule:
        request = ReportRequest("stage-funnel", rule=rule, start=period[0], end=period[1])
        report = compute(facts, request)
        totals = report.totals
        assert totals["created"] == totals["open"] + totals["won"] + totals["lost"]
        for row in report.rows:
            assert row["entered"] == row["advanced"] + row["lost"] + row["waiting"]


@settings(max_examples=80, deadline=None)
@given(facts=histories())
def test_reached_and_strict_never_grow_from_stage_to_stage(facts: FunnelFacts) -> None:
    for rule in (Rule.REACHED, Rule.STRICT):
        report = compute(facts, ReportRequest("stage-funnel", rule=rule))
        bars = [row["count"] for row in report.rows] + [report.totals["won_by_rule"]]
        assert bars == sorted(bars, reverse=True)


@settings(max_examples=80, deadline=None)
@given(facts=histories())
def test_the_shares_of_now_add_up_to_the_open_deals_with_a_known_place(facts: FunnelFacts) -> None:
    report = compute(facts, ReportRequest("stage-funnel", rule=Rule.CURRENT))
    placed = sum(deal.staged and deal.status == "open" and deal.stage > 0 for deal in facts.deals)
    if report.totals["open"]:
        total = sum(row["share"] for row in report.rows)
        assert total == pytest.approx(placed / report.totals["open"])


@settings(max_examples=80, deadline=None)
@given(facts=histories(), period=periods)
def test_what_passed_one_stage_entered_the_next(
    facts: FunnelFacts, period: tuple[int | None, int | None]
) -> None:
    report = compute(facts, ReportRequest("finished-funnel", start=period[0], end=period[1]))
    for row, after in pairwise(report.rows):
        assert row["passed"] == after["entered"]
    totals = report.totals
    assert totals["finished"] == totals["won"] + totals["lost"]
    unknown = report.excluded["unknown_path"]
    assert report.rows[0]["entered"] == totals["finished"] - totals["lost_at_creation"] - unknown


@settings(max_examples=60, deadline=None)
@given(facts=histories(), period=periods)
def test_the_columns_of_the_matrix_add_up_to_the_team(
    facts: FunnelFacts, period: tuple[int | None, int | None]
) -> None:
    request = ReportRequest("manager-matrix", start=period[0], end=period[1])
    report = compute(facts, request)
    steps = compute(facts, ReportRequest("stage-funnel", start=period[0], end=period[1]))
    now = compute(facts, ReportRequest("stage-funnel", rule=Rule.CURRENT))
    for stage, funnel, current in zip(facts.stages, steps.rows, now.rows, strict=True):
        *own, team = [row for row in report.rows if row["stage"] == stage.name]
        for key in ("count", "amount", "expected_amount", "advanced", "resolved"):
            assert sum(row[key] or 0 for row in own) == pytest.approx(team[key] or 0)
        assert team["count"] == current["count"]
        assert team["step_conversion"] == pytest.approx(funnel["step_conversion"])


@settings(max_examples=60, deadline=None)
@given(facts=histories(), other=histories())
def test_reports_over_several_funnels_are_the_sum_of_them(facts: FunnelFacts, other: FunnelFacts) -> None:
    moved = tuple(deal._replace(id=deal.id + 100) for deal in other.deals)
    other = replace(other, funnel_id=2, deals=moved, moves=())
    for request in (ReportRequest("managers"), ReportRequest("lost", by=("reason",))):
        whole = compute_all([facts, other], request)
        parts = [compute(facts, request), compute(other, request)]
        for key in {"managers": ("deals", "won", "expected_amount"), "lost": ("lost", "lost_amount")}[
            request.name
        ]:
            assert whole.totals[key] == pytest.approx(sum(part.totals[key] for part in parts))
        assert whole.funnel is None
        key = "deals" if request.name == "managers" else "lost"
        ids = deals_behind_all([facts, other], request, None, key)
        assert len(ids) == whole.totals[key]


@settings(max_examples=60, deadline=None)
@given(facts=histories())
def test_an_activity_entry_is_at_least_one_distinct_deal(facts: FunnelFacts) -> None:
    report = compute(facts, ReportRequest("stage-funnel", population=Population.ACTIVITY))
    for row in report.rows:
        assert 0 <= row["distinct_deals"] <= row["entries"]
        assert (row["entries"] == 0) == (row["distinct_deals"] == 0)
