"""What is left out and why, where the chances come from, what may be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.errors import UserError
from funneldesk.reports import probability
from funneldesk.reports.catalog import CATALOG, compute, compute_all, deals_behind
from funneldesk.reports.columns import brought_to, columns
from funneldesk.reports.moves import effective
from tests.reports.golden import at, golden, stages

START = at("2025-01-01")


def deal(number: int, status: str = "open", reach: int = 1, **more: object) -> DealFact:
    """A deal created on day `number` of 2025, closed ten days later, worth 1000.00."""
    created = START + number * DAY
    closed = None if status == "open" else created + 10 * DAY
    full = 5 if status == "won" else reach
    made = DealFact(
        id=number,
        created_at=created,
        status=status,
        stage=reach if status == "open" else 0,
        reach=full,
        visited=(1 << reach) - 1,
        strict=reach,
        lost_at=reach if status == "lost" else None,
        entered_at=created,
        closed_at=closed,
        path_known=True,
        staged=True,
        owner=1,
        amount=100_000,
    )
    return made._replace(**more)  # type: ignore[arg-type]


def facts(deals: Sequence[DealFact], **more: object) -> FunnelFacts:
    made = FunnelFacts(1, "F", stages(), START + 400 * DAY, "USD", tuple(deals))
    return replace(made, **more)  # type: ignore[arg-type]


def test_an_unknown_path_counts_in_wins_and_money_but_at_no_stage() -> None:
    imported = deal(1, "won", 4, visited=0, strict=0, path_known=False)
    lost = deal(2, "lost", 0, visited=0, path_known=False)
    report = compute(facts([imported, lost, deal(3)]), ReportRequest("stage-funnel"))
    assert [row["count"] for row in report.rows] == [1, 0, 0, 0]
    assert (report.totals["created"], report.totals["won"], report.totals["lost"]) == (3, 1, 1)
    assert report.totals["won_by_rule"] == 0
    assert report.totals["win_rate"] == 0.5
    assert report.totals["won_amount"] == 100_000
    assert report.excluded["unknown_path"] == 2
    finished = compute(facts([imported, lost]), ReportRequest("finished-funnel"))
    assert (finished.totals["finished"], finished.totals["lost_at_creation"]) == (2, 0)
    assert finished.rows[0]["entered"] == 0
    by_stage = compute(facts([imported, lost]), ReportRequest("lost"))
    assert (by_stage.totals["lost"], by_stage.excluded["unknown_path"]) == (1, 2)
    assert sum(row["lost"] for row in by_stage.rows) == 0
    cycle = compute(facts([imported, lost]), ReportRequest("cycle"))
    assert [row["n"] for row in cycle.rows] == [1, 1]


def test_a_deal_without_a_creation_date_is_left_out_of_periods_only() -> None:
    some = facts([deal(1), deal(2)._replace(created_at=None)])
    whole = compute(some, ReportRequest("stage-funnel"))
    assert (whole.totals["created"], whole.excluded["no_created_at"]) == (2, 0)
    january = compute(some, ReportRequest("stage-funnel", start=START, end=START + 31 * DAY))
    assert (january.totals["created"], january.excluded["no_created_at"]) == (1, 1)


def test_a_period_is_half_open() -> None:
    some = facts([deal(0), deal(1), deal(2)])
    request = ReportRequest("stage-funnel", start=START, end=START + 2 * DAY)
    assert deals_behind(some, request, None, "created") == (0, 1)


def test_what_is_left_out_of_sums_is_counted_by_its_cause() -> None:
    some = facts([deal(1, amount=None), deal(2, amount=None, no_rate=True), deal(3, staged=False), deal(4)])
    report = compute(some, ReportRequest("stage-funnel"))
    assert (report.excluded["no_amount"], report.excluded["no_rate"]) == (1, 1)
    assert (report.excluded["no_stages"], report.totals["created"]) == (1, 3)
    assert report.rows[0]["amount"] == 100_000


def test_a_cycle_that_ends_before_it_begins_is_a_data_error() -> None:
    wrong = deal(5, "won")
    wrong = wrong._replace(closed_at=START)
    report = compute(facts([wrong, deal(1, "won")]), ReportRequest("cycle"))
    assert (report.rows[0]["n"], report.excluded["negative_cycle"]) == (1, 1)
    assert report.extra["negative"] == (5,)


def test_own_history_is_shrunk_to_the_template_and_never_falls() -> None:
    some = golden()
    own = probability.history(probability.resolved(some), probability.template(some))
    # (W + 10 pi)/(n + 10) with resolved 9/9/8/6, won 4
    expected = [(4 + 2) / 19, (4 + 4) / 19, (4 + 6) / 18, (4 + 8) / 16]
    assert own == pytest.approx(expected)
    assert probability.chosen(replace(some, probability_source="history")) == pytest.approx(expected)
    falling = replace(some, stages=stages((0.9, 0.4, 0.3, 0.8)))
    pooled = probability.history(probability.resolved(falling), probability.template(falling))
    assert pooled == sorted(pooled)


def test_only_the_last_twelve_months_train_the_history() -> None:
    old = deal(1, "won")
    recent = deal(300, "lost", 2)
    assert [each.id for each in probability.resolved(facts([old, recent]))] == [300]


def test_chances_given_for_the_whole_funnel_hold_for_a_filtered_part() -> None:
    some = facts([deal(1, reach=2)], probability_source="history", probabilities=(0.1, 0.5, 0.6, 0.7))
    report = compute(some, ReportRequest("stage-funnel", rule=Rule.CURRENT))
    assert report.rows[1]["weighted_amount"] == pytest.approx(50_000)


def test_a_step_is_credited_to_whoever_brought_the_deal_in() -> None:
    some = golden()
    moves = effective(some.moves)
    by_id = {each.id: each for each in some.deals}

    def credit(own: list[MoveFact], deal_id: int) -> list[int]:
        reach = by_id[deal_id].reach
        found = brought_to(columns(own), np.array([deal_id]), np.array([reach]), 4)
        return [int(each[0]) for each in found][:reach]

    assert credit(moves[2], 2) == [2, 2, 2, 2]
    changed = [move._replace(actor=1 if move.seq < 2 else None) for move in moves[5]]
    assert credit(changed, 5) == [1, 1, NONE]


def test_a_clear_key_stage_is_named() -> None:
    deals = [deal(n, "lost", 1) for n in range(40)] + [deal(100 + n, "lost", 2) for n in range(40)]
    deals += [deal(200 + n, "lost", 3) for n in range(15)] + [deal(300 + n, "won", 4) for n in range(45)]
    report = compute(facts(deals), ReportRequest("key-stage"))
    assert [row["resolved"] for row in report.rows] == [140, 100, 60, 45]
    assert report.totals["key_stage"] == "S3"
    assert report.totals["turning_point"] == "S3"
    assert report.rows[2]["bootstrap_share"] > 0.99
    assert 0 < report.rows[2]["gain"] < 1
    assert compute(facts(deals), ReportRequest("key-stage")) == report


def test_a_doubtful_key_stage_is_two_candidates() -> None:
    deals = [deal(n, "lost", 1) for n in range(27)] + [deal(100 + n, "lost", 2) for n in range(11)]
    deals += [deal(200 + n, "lost", 3) for n in range(9)] + [deal(300 + n, "won", 4) for n in range(20)]
    report = compute(facts(deals), ReportRequest("key-stage"))
    assert report.totals["key_stage"] is None
    assert {report.totals["candidate_1"], report.totals["candidate_2"]} == {"S2", "S3"}


def test_a_manager_far_below_the_team_is_flagged_and_the_counts_stay() -> None:
    deals = [deal(n, "won" if n % 2 else "lost", owner=1) for n in range(60)]
    deals += [deal(100 + n, "won" if n == 0 else "lost", owner=2) for n in range(60)]
    deals += [deal(200 + n, "won", owner=None) for n in range(3)]
    report = compute(facts(deals, managers={1: "A", 2: "B"}), ReportRequest("managers"))
    flags = {row["manager"]: row["flag"] for row in report.rows}
    assert flags == {"A": "boost", "B": "leak", None: "few"}
    assert report.totals["deals"] == 123


def test_what_cannot_be_asked_is_told_with_what_can() -> None:
    some = facts([])
    wrong = [
        ReportRequest("weather"),
        ReportRequest("finished-funnel", population=Population.ACTIVE),
        ReportRequest("managers", rule=Rule.STRICT),
        ReportRequest("lost", by=("weather",)),
        ReportRequest("lost", by=("stage", "stage")),
        ReportRequest("cycle", by=("stage",)),
    ]
    codes = []
    for request in wrong:
        with pytest.raises(UserError) as caught:
            compute(some, request)
        codes.append(caught.value.code)
        assert "known" in caught.value.params
    assert codes == [
        "report.unknown",
        "report.population",
        "report.rule",
        "report.by",
        "report.by",
        "report.by",
    ]


def test_a_report_by_stage_is_of_one_funnel() -> None:
    some = facts([])
    with pytest.raises(ValueError, match="one funnel"):
        compute_all([some, some], ReportRequest("lost", by=("stage",)))
    assert compute_all([some, some], ReportRequest("lost", by=("reason",))).rows == ()


@pytest.mark.parametrize("name", list(CATALOG))
def test_an_empty_funnel_answers_without_figures(name: str) -> None:
    report = compute(facts([]), ReportRequest(name))
    assert report.name == name
    nothing = compute(facts([], stages=()), ReportRequest(name))
    assert all(isinstance(row, dict) for row in nothing.rows)
