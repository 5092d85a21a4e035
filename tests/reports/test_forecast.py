from __future__ import annotations

from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.exporting.report_json import report_to_dict
from funneldesk.report_words import excluded_sentences, note_sentences, rule_sentence
from funneldesk.reports import ageing, draws, outlook
from funneldesk.reports.ageing import Stays, chances, chances_within
from funneldesk.reports.catalog import compute, deals_behind
from funneldesk.reports.timeline import timeline
from tests.reports.golden import MANAGERS, at, deal_fact, golden, stages

TODAY = at("2026-03-10")


def moves_of(deal_id: int, *steps: tuple[int, str, int], amount: int | None = 1000) -> list[MoveFact]:
    """A deal's moves from (time, kind, rank)."""
    found: list[MoveFact] = []
    before: tuple[str | None, int] = (None, 0)
    for seq, (when, kind, rank) in enumerate(steps):
        found.append(MoveFact(deal_id, seq, when, before[0], before[1], kind, rank, 1, 1, amount))
        before = (kind, rank)
    return found


def funnel(deals: list[tuple[DealFact, list[MoveFact]]], as_of: int = TODAY) -> FunnelFacts:
    facts = tuple(deal for deal, _moves in deals)
    moves = tuple(move for _deal, own in deals for move in own)
    return FunnelFacts(1, "Sale", stages(), as_of, "EUR", facts, moves, managers=MANAGERS)


def open_deal(
    deal_id: int, entered: int, rank: int = 1, amount: int | None = 1000, close: str | None = None
) -> tuple[DealFact, list[MoveFact]]:
    steps = moves_of(deal_id, (entered, "open", rank), amount=amount)
    return deal_fact(deal_id, entered, 1, amount, steps, 4)._replace(expected_close=close), steps


def steady(deals: int, seed: int = 1) -> FunnelFacts:
    """Three years in which every deal stays some days in one stage and is then won by 40 % or lost."""
    random, made = Random(seed), []
    first = TODAY - 3 * 365 * DAY
    for number in range(1, deals + 1):
        begun = first + int(random.random() * 3 * 365 * DAY)
        end = begun + int(random.expovariate(1 / 20) * DAY)
        steps = [(begun, "open", 1)]
        if end <= TODAY:
            steps.append((end, "won" if random.random() < 0.4 else "lost", 0))
        own = moves_of(number, *steps, amount=random.randrange(500, 5000))
        made.append((deal_fact(number, begun, 1, own[0].amount, own, 4), own))
    return funnel(made)


def test_the_count_is_the_exact_distribution_of_independent_deals() -> None:
    masses = draws.poisson_binomial([0.1, 0.2, 0.3, 0.4, 0.5])
    assert masses == pytest.approx([0.1512, 0.3714, 0.3274, 0.1274, 0.0214, 0.0012], abs=5e-5)


@given(st.lists(st.floats(0, 1), max_size=40))
def test_the_count_agrees_with_scipy(chances_: list[float]) -> None:
    masses = draws.poisson_binomial(chances_)
    if chances_:
        expected = stats.poisson_binom(chances_).pmf(np.arange(len(chances_) + 1))
        assert masses == pytest.approx(expected, abs=1e-9)
    assert masses.sum() == pytest.approx(1)
    low, middle, high = draws.quantiles(masses)
    assert low <= middle <= high <= len(chances_)


@pytest.mark.parametrize("deals", [1, 2, 127, 128, 129, 300, 1025])
def test_the_count_of_many_deals_agrees_with_scipy(deals: int) -> None:
    chances_ = np.random.default_rng(deals).random(deals) ** 3
    masses = draws.poisson_binomial(chances_)
    expected = stats.poisson_binom(chances_).pmf(np.arange(deals + 1))
    assert len(masses) == deals + 1
    assert masses == pytest.approx(expected, abs=1e-12)


def bets_of(deals: list[tuple[float, float]]) -> draws.Bets:
    """Deals of one stage with their chances and money."""
    chance, money = np.array(deals).T
    return draws.Bets(chance, money, np.zeros(len(deals), dtype=int))


def test_draws_have_the_mean_of_the_chances_and_share_the_luck_of_their_stage() -> None:
    bets = bets_of([(0.3, 1000.0)] * 200)
    sure = [draws.Evidence(30_000, 100_000)]
    unsure = [draws.Evidence(6, 20)]
    _count, money = draws.draw(bets, sure, seed=7)
    assert money.mean() == pytest.approx(60_000, rel=0.015)
    assert money.std() == pytest.approx(1000 * (200 * 0.3 * 0.7) ** 0.5, rel=0.05)
    _count, shaken = draws.draw(bets, unsure, seed=7)
    assert shaken.std() > 2.5 * money.std()


def test_thousands_of_deals_are_summed_as_one_by_one() -> None:
    bets = [(0.2 + 0.0001 * n, 100.0 + n) for n in range(2400)]
    few = draws.draw(bets_of(bets), [draws.Evidence(500, 2000)], seed=3)
    many = draws.draw(bets_of(bets + [(0.001, 1.0)] * 200), [draws.Evidence(500, 2000)], seed=3)
    assert many[1].mean() == pytest.approx(few[1].mean(), rel=0.015)
    assert many[1].std() == pytest.approx(few[1].std(), rel=0.05)


def stays(rows: list[tuple[float, float, float, bool]]) -> Stays:
    """From (begun days ago, length, to close, won); still there = inf."""
    table = np.array([row[:3] for row in rows], dtype=float)
    won = np.array([row[3] for row in rows])
    return Stays(table[:, 0], table[:, 1], table[:, 2], won, np.isfinite(table[:, 2]))


def test_the_chance_by_age_is_that_of_longer_stays_of_ended_deals() -> None:
    inf = float("inf")
    known = stays([(90, 2, 10, True), (90, 5, 6, False), (90, 8, 30, True), (90, inf, inf, False)])
    found = chances(known, np.array([0.0, 2.0, 7.9, 8.0]), 0.5)
    assert found == pytest.approx([(2 + 5) / 13, (1 + 5) / 12, (1 + 5) / 11, 0.5])


def test_the_chance_within_days_asks_only_stays_whose_next_days_are_known() -> None:
    inf = float("inf")
    known = stays(
        [
            (90, 40, 41, True),  # at 10 days: not won within 30
            (90, 12, 20, True),  # at 10 days: won within 30
            (90, inf, inf, False),  # still there: not won within 30
            (35, inf, inf, False),  # at 10 days only 25 days ago: not known yet
        ]
    )
    # won within 30 days of the beginning: 1 of 4; at 8 days the last one is not known, 27 days ago
    centre = 1 / 4
    for won, n in ((1, 4), (1, 4), (1, 4), (1, 3)):
        centre = (won + 10 * centre) / (n + 10)
    expected = (1 + 10 * centre) / (3 + 10)
    assert chances_within(known, np.array([10.0]), 0.9, 30.0) == pytest.approx([expected])


def test_without_any_stay_the_chance_of_the_stage_is_taken() -> None:
    none = stays([(1.0, 1.0, 1.0, True)])
    assert chances_within(none, np.array([3.0]), 0.35, 30.0) == pytest.approx([0.35])


def test_a_move_to_the_same_place_is_no_move_and_unknown_times_lie_before_all() -> None:
    own = [
        MoveFact(1, 0, None, None, 0, "open", 1, None, None, None),
        MoveFact(1, 1, 5 * DAY, "open", 1, "open", 1, None, None, None),
        MoveFact(1, 2, 9 * DAY, "open", 1, "won", 0, None, None, 70),
    ]
    line = timeline(own, np.array([1]), np.array([50.0]))
    assert list(line.kind) == [0, 1]
    assert list(line.amount) == [50, 70]
    assert list(line.standing(-5)) == [0]
    assert list(line.standing(9 * DAY)) == [1]


def forecast(facts: FunnelFacts, **asked: object) -> Report:
    return compute(facts, ReportRequest("forecast", **asked))  # type: ignore[arg-type]


def test_dates_decide_who_counts_and_overdue_ones_are_taken_to_the_period() -> None:
    begun = TODAY - 3 * DAY
    facts = funnel(
        [
            open_deal(1, begun, 1, 1000, "2026-03-20"),
            open_deal(2, begun, 2, 2000, "2026-03-01"),
            open_deal(3, begun, 3, 4000, "2026-04-01"),
        ]
    )
    report = forecast(facts, start=at("2026-03-01"), end=at("2026-04-01"))
    assert [row["expected_count"] for row in report.rows] == pytest.approx([0.2, 0.4, 0, 0])
    assert [row["expected_amount"] for row in report.rows] == pytest.approx([200, 800, 0, 0])
    assert [row["overdue"] for row in report.rows] == [0, 1, 0, 0]
    assert deals_behind(facts, ReportRequest("forecast"), 1, "overdue") == (2,)
    assert report.extra["method"] == "template"


def test_a_day_that_is_today_is_not_overdue() -> None:
    facts = funnel([open_deal(1, TODAY - DAY, 1, 1000, "2026-03-10")])
    assert forecast(facts).rows[0]["overdue"] == 0


def test_without_a_period_it_is_the_month_of_the_date_of_the_report() -> None:
    report = forecast(funnel([open_deal(1, TODAY - DAY)]))
    assert (report.start, report.end) == (at("2026-03-01"), at("2026-04-01"))


def test_nothing_more_is_expected_of_a_period_that_is_over() -> None:
    report = forecast(golden(), start=at("2025-01-01"), end=at("2025-02-01"))
    assert [row["expected_count"] for row in report.rows] == [0, 0, 0, 0]
    assert report.totals["count_p10"] == report.totals["count_p90"] == report.totals["won_count"]


def test_a_deal_without_amount_is_taken_for_the_median_won_one() -> None:
    won = moves_of(9, (TODAY - 9 * DAY, "open", 1), (TODAY - 5 * DAY, "won", 0), amount=700)
    facts = funnel(
        [
            open_deal(1, TODAY - DAY, 1, None, "2026-03-20"),
            (deal_fact(9, TODAY - 9 * DAY, 1, 700, won, 4), won),
        ]
    )
    report = forecast(facts)
    assert report.rows[0]["amount"] == 0
    assert report.rows[0]["expected_amount"] == pytest.approx(report.rows[0]["expected_count"] * 700)
    assert report.excluded["assumed_amount"] == 1
    assert report.totals["won_amount"] == 700


def test_the_chance_to_meet_a_plan_falls_with_the_plan() -> None:
    facts = steady(900)
    chances_ = [forecast(facts, plan=n).totals["plan_chance"] for n in (1, 8, 14, 400)]
    assert chances_[0] == 1 and chances_[-1] == 0
    assert chances_ == sorted(chances_, reverse=True)
    assert forecast(facts, plan_amount=1).totals["plan_chance"] == 1


def test_new_business_is_added_only_when_asked() -> None:
    facts = steady(900)
    plain, more = forecast(facts), forecast(facts, new_business=True)
    assert plain.extra["new_business"] == 0 < more.extra["new_business"]
    assert more.totals["amount_p50"] > plain.totals["amount_p50"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_past_months_lie_in_the_range_of_their_forecast(seed: int) -> None:
    report = forecast(steady(1800, seed))
    assert len(report.extra["backtest"]) >= 12
    assert 0.7 <= report.totals["backtest"] <= 1
    middle = sum(month.count_p50 for month in report.extra["backtest"])
    came = sum(month.won for month in report.extra["backtest"])
    assert middle == pytest.approx(came, rel=0.12)


def test_the_stays_of_many_past_moments_foretell_what_those_of_each_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ageing, "_CELLS", -1)  # as of hundreds of thousands
    facts = steady(900)
    facts = replace(facts, deals=(*facts.deals, open_deal(901, TODAY - 9 * DAY)[0]))
    at_once = forecast(facts, plan=9)
    monkeypatch.setattr(outlook, "past_stays", lambda *_: None)
    alone = forecast(facts, plan=9)
    assert at_once.totals == pytest.approx(alone.totals)
    assert at_once.extra["backtest"] == alone.extra["backtest"] and len(alone.extra["backtest"]) == 18
    for row, other in zip(at_once.rows, alone.rows, strict=True):
        assert row == pytest.approx(other)


def test_the_forecast_is_the_same_each_time() -> None:
    facts = steady(300)
    assert forecast(facts).totals == forecast(facts).totals


def test_by_pace_dates_are_not_looked_at() -> None:
    begun = TODAY - 3 * DAY
    dated = funnel([open_deal(1, begun, close="2026-03-20"), *[]])
    assert forecast(dated, by=("pace",)).rows[0]["overdue"] == 0
    late = funnel([open_deal(1, begun, close="2026-09-20")])
    assert forecast(late, by=("pace",)).rows == forecast(dated, by=("pace",)).rows
    assert forecast(late).rows[0]["expected_count"] == 0


def test_by_dates_alone_a_deal_without_a_date_does_not_count_and_is_told() -> None:
    begun = TODAY - 3 * DAY
    facts = funnel([open_deal(1, begun, close="2026-03-20"), open_deal(2, begun), open_deal(3, begun, 2)])
    both, dated = forecast(facts), forecast(facts, by=("dated",))
    assert both.rows[0]["expected_count"] > dated.rows[0]["expected_count"] == pytest.approx(0.2)
    assert both.rows[1]["expected_count"] > dated.rows[1]["expected_count"] == 0
    assert dated.excluded["no_expected_close"] == 2
    assert "2 open deals without an expected date" in " ".join(excluded_sentences(dated))
    assert "do not count" in rule_sentence(dated) and "whatever date" in rule_sentence(
        forecast(facts, by=("pace",))
    )


@pytest.mark.parametrize("way", ["dates", "dated", "pace"])
def test_without_a_way_asked_for_it_is_the_funnels_own(way: str) -> None:
    facts = replace(funnel([open_deal(1, TODAY - 3 * DAY), open_deal(2, TODAY, close="2026-09-20")]))
    own = forecast(replace(facts, expected_close=way))
    assert own.rows == forecast(facts, by=(way,)).rows and own.extra["by"] == (way,)


def changing() -> FunnelFacts:
    """Of a hundred deals that ended two years ago all were won, of a hundred of this year none."""
    made = []
    for number in range(1, 201):
        recent = number > 100
        begun = TODAY - (200 if recent else 700) * DAY + number * DAY // 10
        own = moves_of(number, (begun, "open", 1), (begun + 10 * DAY, "lost" if recent else "won", 0))
        made.append((deal_fact(number, begun, 1, 1000, own, 4), own))
    made.append(open_deal(999, TODAY - 3 * DAY))
    return funnel(made)


def test_the_chance_is_learnt_from_as_many_months_as_the_funnel_says() -> None:
    year, two, everything = (
        forecast(replace(changing(), training_months=months)).rows[0] for months in (12, 30, 0)
    )
    prior = year["p_template"]
    assert year["p_history"] == pytest.approx(10 * prior / 110)
    assert two["p_history"] == everything["p_history"] == pytest.approx((100 + 10 * prior) / 210)
    assert year["p_age"] < 0.05 < 0.4 < two["p_age"]
    assert forecast(replace(changing(), training_months=3)).extra["decided"] == 0


def test_the_months_that_were_learnt_from_are_told_where_they_are_not_the_usual_year() -> None:
    told = {
        months: " ".join(note_sentences(forecast(replace(changing(), training_months=months))))
        for months in (12, 30, 0)
    }
    assert "Learnt from" not in told[12]
    assert "in the last 30 months" in told[30]
    assert "Learnt from all deals" in told[0]
    made = report_to_dict(forecast(replace(changing(), training_months=0)), ZoneInfo("UTC"))["learnt"]
    assert made == {"way": "dates", "training_months": None, "season_months": None}
