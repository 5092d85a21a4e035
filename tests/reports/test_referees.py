"""Every statistical function against a referee that is not ours.

| function | referee |
|---|---|
| wilson | statsmodels `proportion_confint`, here and scipy in `test_statistics` |
| fisher_exact | all tables with the same margins counted with whole numbers; scipy in `test_statistics` |
| benjamini_hochberg | statsmodels `multipletests`; scipy in `test_statistics` |
| kaplan_meier, its quantiles | statsmodels `SurvfuncRight`; fractions without rounding; scipy |
| win_incidence (Aalen-Johansen) | statsmodels `CumIncidenceRight`; products of transition matrices |
| common_odds_ratio (Mantel-Haenszel) | statsmodels `StratifiedTable` |
| unusual_count | scipy's Poisson |
| poisson_binomial, quantiles | every outcome counted; scipy in `test_forecast` |
| wilcoxon | every pattern of signs counted; scipy in `test_wilcoxon_and_plan` |
| least_trials, entropy, non_decreasing, percentiles | scipy and numpy, in the files beside this one |
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from funneldesk.reports.draws import poisson_binomial, quantiles
from funneldesk.reports.statistics import (
    benjamini_hochberg,
    common_odds_ratio,
    fisher_exact,
    kaplan_meier,
    unusual_count,
    wilcoxon,
    wilson,
    win_incidence,
)

lengths = st.lists(st.integers(0, 15).map(float), max_size=25)
small = st.integers(0, 12)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson(pair: tuple[int, int]) -> None:
    low, high = proportion_confint(*pair, method="wilson")
    assert wilson(*pair) == pytest.approx((low, high), abs=1e-6)


@settings(max_examples=150)
@given(small, small, small, small)
def test_fisher_counts_every_table_with_these_margins(a: int, b: int, c: int, d: int) -> None:
    row, column, n = a + b, a + c, a + b + c + d

    def ways(x: int) -> int:
        return math.comb(row, x) * math.comb(n - row, column - x)

    tables = range(max(0, row + column - n), min(row, column) + 1)
    p = Fraction(sum(ways(x) for x in tables if ways(x) <= ways(a)), sum(ways(x) for x in tables))
    assert fisher_exact(a, b, c, d) == pytest.approx(float(p), rel=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_benjamini_hochberg(p_values: list[float]) -> None:
    referee = multipletests(p_values, method="fdr_bh")[1]
    assert benjamini_hochberg(p_values) == pytest.approx(list(referee), abs=1e-12)


@given(lengths, lengths)
def test_kaplan_meier(completed: list[float], running: list[float]) -> None:
    assume(completed)
    referee = SurvfuncRight(completed + running, [1] * len(completed) + [0] * len(running))
    curve = dict(kaplan_meier(completed, running).curve)
    theirs = dict(zip(map(float, referee.surv_times), map(float, referee.surv_prob), strict=True))
    assert curve.keys() == theirs.keys()
    for t, s in curve.items():
        assert s == pytest.approx(theirs[t], abs=1e-12)


@given(lengths, lengths, st.sampled_from([Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)]))
def test_quantiles_of_a_survival_are_those_without_rounding(
    completed: list[float], running: list[float], share: Fraction
) -> None:
    left, exact = Fraction(1), None
    for t in sorted(set(completed)):
        at_risk = sum(each >= t for each in completed + running)
        left *= 1 - Fraction(completed.count(t), at_risk)
        if left <= 1 - share:
            exact = t
            break
    assert kaplan_meier(completed, running).quantile(float(share)) == exact


@given(lengths, lengths, lengths)
def test_wins_by_age_with_losses_as_the_other_end(
    won: list[float], lost: list[float], running: list[float]
) -> None:
    assume(won)
    curve = win_incidence(won, lost, running)
    times = np.array(won + lost + running)
    ends = np.array([1] * len(won) + [2] * len(lost) + [0] * len(running))
    if lost:  # with one kind of end statsmodels has nothing to tell apart
        with np.errstate(divide="ignore", invalid="ignore"):  # of its standard error, where all have ended
            referee = CumIncidenceRight(times, ends)
        theirs = dict(zip(map(float, referee.times), map(float, referee.cinc[0]), strict=True))
        for t, share in curve:
            assert share == pytest.approx(theirs[t], abs=1e-9)
    # Aalen and Johansen's own form: the product of the matrices of moves between open, won and lost
    whole, told = np.eye(3), dict(curve)
    for t in sorted(set(won + lost)):
        at_risk = float((times >= t).sum())
        w, v = float((np.array(won) == t).sum()), float((np.array(lost) == t).sum())
        step = np.eye(3)
        step[0] = [1 - (w + v) / at_risk, w / at_risk, v / at_risk]
        whole = whole @ step
        if t in told:
            assert told[t] == pytest.approx(whole[0, 1], abs=1e-12)


@given(st.lists(st.tuples(*[st.integers(0, 30)] * 4), min_size=1, max_size=6))
def test_the_common_odds_ratio_and_its_range(tables: list[tuple[int, int, int, int]]) -> None:
    kept = [table for table in tables if sum(table)]
    mine = common_odds_ratio(kept)
    along = sum(a * d for a, _b, _c, d in kept)
    across = sum(b * c for _a, b, c, _d in kept)
    assert (mine is None) == (not along or not across)
    if mine is not None:
        referee = StratifiedTable([np.array([[a, b], [c, d]], dtype=float) for a, b, c, d in kept])
        low, high = referee.oddsratio_pooled_confint()
        assert mine == pytest.approx((referee.oddsratio_pooled, low, high), rel=1e-6)


@given(st.integers(0, 60), st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_how_unusual_a_count_is(observed: int, before: list[int]) -> None:
    mean = float(np.mean(before))
    assume(mean > 0)
    phi = max(1.0, float(np.var(before, ddof=1)) / mean) if len(before) > 1 else 1.0
    referee = stats.poisson(mean / phi)
    x = observed / phi
    low, high = referee.cdf(math.floor(x + 1e-12)), referee.sf(math.ceil(x - 1e-12) - 1)
    expected = min(1.0, 2 * min(float(low), float(high)))
    assert unusual_count(observed, before) == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.floats(0, 1), max_size=9))
def test_the_number_of_wins_counts_every_outcome(chances: list[float]) -> None:
    expected = [0.0] * (len(chances) + 1)
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        expected[sum(outcome)] += math.prod(
            p if won else 1 - p for p, won in zip(chances, outcome, strict=True)
        )
    masses = poisson_binomial(chances)
    assert list(masses) == pytest.approx(expected, abs=1e-12)
    for share, found in zip((0.1, 0.5, 0.9), quantiles(masses), strict=True):
        below = math.fsum(expected[:found])
        assert below < share + 1e-9
        assert math.fsum(expected[: found + 1]) >= share - 1e-9


@settings(max_examples=60)
@given(st.lists(st.integers(-5, 5).filter(bool), min_size=6, max_size=11))
def test_wilcoxon_counts_every_pattern_of_signs(values: list[int]) -> None:
    ranks = _ranks([abs(value) for value in values])
    observed = sum(rank for rank, value in zip(ranks, values, strict=True) if value > 0)
    sums = [
        sum(rank for rank, up in zip(ranks, signs, strict=True) if up)
        for signs in itertools.product((False, True), repeat=len(ranks))
    ]
    low, high = sum(each <= observed for each in sums), sum(each >= observed for each in sums)
    assert wilcoxon(values) == pytest.approx(min(1.0, 2 * min(low, high) / len(sums)))


def _ranks(values: Sequence[int]) -> list[Fraction]:
    return [
        Fraction(1 + 2 * sum(other < value for other in values) + sum(other == value for other in values), 2)
        for value in values
    ]
