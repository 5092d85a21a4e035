from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import isotonic_regression

from funneldesk.reports.slices import judge
from funneldesk.reports.statistics import (
    benjamini_hochberg,
    entropy,
    fisher_exact,
    kaplan_meier,
    mean,
    median,
    non_decreasing,
    percentiles,
    shrink_weight,
    wilson,
    win_incidence,
    win_incidence_until,
)

counts = st.integers(0, 60)
lengths = st.lists(st.integers(0, 12).map(float), max_size=30)


@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (30, 900, 0.0234, 0.0472),
    ],
)
def test_wilson_gives_the_values_of_newcombe(x: int, n: int, low: float, high: float) -> None:
    assert wilson(x, n) == pytest.approx((low, high), abs=1e-4)


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) == (None, None)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy(pair: tuple[int, int]) -> None:
    x, n = pair
    referee = stats.binomtest(x, n).proportion_ci(method="wilson")
    assert wilson(x, n) == pytest.approx((referee.low, referee.high), abs=1e-6)


def test_fisher_on_the_lady_tasting_tea() -> None:
    assert fisher_exact(3, 1, 1, 3) == pytest.approx(0.4857, abs=1e-4)


@given(counts, counts, counts, counts)
def test_fisher_agrees_with_scipy(a: int, b: int, c: int, d: int) -> None:
    referee = stats.fisher_exact([[a, b], [c, d]]).pvalue
    assert fisher_exact(a, b, c, d) == pytest.approx(referee, rel=1e-6, abs=1e-12)


def test_fisher_stays_exact_on_large_tables() -> None:
    table = [[5000, 45_000], [5600, 44_400]]
    assert fisher_exact(*table[0], *table[1]) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)


def test_benjamini_and_hochbergs_own_example_rejects_four() -> None:
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    p += [0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1]
    assert sum(q <= 0.05 for q in benjamini_hochberg(p)) == 4


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_agrees_with_scipy(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(list(stats.false_discovery_control(p)), abs=1e-12)


def test_kaplan_meier_medians_of_the_leukaemia_trial() -> None:
    treated = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    running = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    assert kaplan_meier(treated, running).quantile(0.5) == 23
    assert kaplan_meier(placebo, []).quantile(0.5) == 8
    assert kaplan_meier(treated, running).quantile(0.9) is None
    assert kaplan_meier(treated, running).longest == 35


@given(lengths, lengths)
def test_kaplan_meier_agrees_with_scipy(completed: list[float], running: list[float]) -> None:
    mine = kaplan_meier(completed, running)
    if not completed:
        assert mine.curve == ()
        return
    data = stats.CensoredData(uncensored=completed, right=running)
    referee = stats.ecdf(data).sf
    for t, s in mine.curve:
        assert s == pytest.approx(float(referee.evaluate(t)), abs=1e-9)


def test_a_tie_with_the_quantile_counts_as_reached() -> None:
    # 1 - 1/10 seven times over and so on: S meets 0.25 only up to rounding.
    curve = kaplan_meier([float(t) for t in range(1, 13)], [])
    assert curve.quantile(0.75) == 9
    assert curve.quantile(0.25) == 3


@given(lengths, lengths)
def test_wins_by_age_without_losses_or_running_deals_are_the_share_won(
    won: list[float], lost: list[float]
) -> None:
    curve = win_incidence(won, lost, [])
    for t, share in curve:
        expected = sum(each <= t for each in won) / (len(won) + len(lost))
        assert share == pytest.approx(expected)


def test_losses_are_a_competing_end_not_a_censoring() -> None:
    ((age, share),) = win_incidence([2.0], [1.0, 1.0, 1.0], [])
    assert age == 2
    assert share == pytest.approx(0.25)


@given(lengths, lengths, lengths, st.floats(0, 60))
def test_wins_of_many_until_an_age_are_those_of_all(
    won: list[float], lost: list[float], running: list[float], age: float
) -> None:
    ages, shares = win_incidence_until(age, *map(np.array, (won, lost, running)))
    found = list(zip(ages.tolist(), shares.tolist(), strict=True))
    assert found == [each for each in win_incidence(won, lost, running) if each[0] <= age]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.lists(st.floats(0, 1), min_size=1))
def test_percentiles_are_numpys_linear_ones(values: list[float], shares: list[float]) -> None:
    assert percentiles(values, shares) == pytest.approx(list(np.quantile(values, shares)))
    assert mean(values) == pytest.approx(float(np.mean(values)), rel=1e-9, abs=1e-6)


def test_an_empty_sample_has_no_figures() -> None:
    assert (median([]), mean([]), percentiles([], (0.1, 0.9))) == (None, None, [None, None])


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.5, 50)), min_size=1, max_size=20))
def test_pooling_adjacent_violators_agrees_with_scipy(pairs: list[tuple[float, float]]) -> None:
    values, weights = [v for v, _ in pairs], [w for _, w in pairs]
    mine = non_decreasing(values, weights)
    assert mine == pytest.approx(list(isotonic_regression(values, weights=weights).x), abs=1e-9)
    assert all(a <= b + 1e-12 for a, b in pairwise(mine))


def test_entropy_is_a_bit_at_even_odds_and_nothing_when_sure() -> None:
    assert entropy(0.5) == pytest.approx(1)
    assert entropy(0) == entropy(1) == 0
    assert entropy(0.2) == pytest.approx(float(stats.entropy([0.2, 0.8], base=2)))


def test_equal_slices_shrink_fully_and_different_ones_little() -> None:
    assert shrink_weight([(10, 100), (10, 100)]) == 100
    assert shrink_weight([(10, 100), (90, 100)]) == 5
    assert shrink_weight([(0, 0)]) == 100
    # By hand: mu .3, s2 .02, D = .02 - .21/2*.04 = .0158, M = .19/.0158
    slices = [(8, 50), (22, 50)]
    mu, s2 = 0.3, 0.14**2
    spread = s2 - mu * (1 - mu) / 2 * (2 / 50)
    assert shrink_weight(slices) == pytest.approx((mu * (1 - mu) - s2) / spread)


def test_a_slice_far_below_the_others_is_a_leak_and_a_small_one_is_not_judged() -> None:
    verdicts = judge([(5, 100), (50, 100), (48, 100), (0, 9)])
    assert [each.flag for each in verdicts] == ["leak", "boost", "boost", "few"]
    assert verdicts[3].q is None
    assert verdicts[0].reference == pytest.approx(98 / 209)


def test_of_thirty_equal_sellers_nobody_is_flagged() -> None:
    rng = np.random.default_rng(3)
    slices = [(int(rng.binomial(40, 0.3)), 40) for _ in range(30)]
    assert {each.flag for each in judge(slices)} == {"none"}


def test_one_slice_alone_has_no_reference() -> None:
    (only,) = judge([(5, 50)])
    assert (only.reference, only.q, only.flag) == (None, None, "few")
    assert not math.isnan(only.shrunk or 0)
