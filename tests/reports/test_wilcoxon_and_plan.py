"""The signed-rank test and the least number of trials, against scipy."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from funneldesk.reports.statistics import least_trials, wilcoxon


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(-10_000, 10_000), min_size=6, max_size=40, unique_by=abs))
def test_without_ties_the_signed_rank_p_is_scipys_exact_one(values: list[int]) -> None:
    values = [value for value in values if value]
    referee = stats.wilcoxon(values, method="exact").pvalue
    assert wilcoxon(values) == pytest.approx(referee, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-6, 6).filter(bool), min_size=14, max_size=80))
def test_with_many_ties_it_is_scipys_normal_one(values: list[int]) -> None:
    if len({abs(value) for value in values}) == len(values):
        return
    referee = stats.wilcoxon(values, method="asymptotic", correction=False).pvalue
    assert wilcoxon(values) == pytest.approx(referee, abs=1e-9)


def test_with_few_ties_every_sign_pattern_is_counted() -> None:
    # ranks 1.5 1.5 3 4 5 6 of 64 patterns: the sum of all is reached by one, of none by one
    assert wilcoxon([1, 1, 2, 3, 4, 5]) == pytest.approx(2 / 64)
    assert wilcoxon([1, -1, 2, -3, 4, -5]) == pytest.approx(1.0, abs=0.2)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 60), st.floats(0.02, 1.0), st.sampled_from([0.5, 0.8, 0.9]))
def test_the_least_number_of_trials_is_enough_and_one_less_is_not(wins: int, p: float, sure: float) -> None:
    found = least_trials(wins, p, sure)
    assert stats.binom.sf(wins - 1, found, p) >= sure - 1e-9
    assert found == wins or stats.binom.sf(wins - 1, found - 1, p) < sure + 1e-9


@pytest.mark.parametrize("wins", [10_000, 1_000_000, 999_999_999])
@pytest.mark.parametrize("p", [0.02, 0.1, 0.9])
def test_a_goal_beyond_all_bounds_is_counted_too(wins: int, p: float) -> None:
    """It took minutes for a million, and hours for a slip of the keyboard."""
    found = least_trials(wins, p, 0.8)
    rounding = 1e-4 if wins > 1_000_000 else 1e-6  # of the logarithms of such factorials
    step = 1 / (found * p * (1 - p)) ** 0.5  # no single trial changes the chance by more
    assert stats.binom.sf(wins - 1, found, p) == pytest.approx(0.8, abs=max(rounding, step))
    assert stats.binom.sf(wins - 1, found, p) >= 0.8 - rounding
    assert stats.binom.sf(wins - 1, found - 1, p) < 0.8 + rounding


def test_ten_wins_at_a_fifth_need_61_and_69() -> None:
    assert (least_trials(10, 0.2, 0.8), least_trials(10, 0.2, 0.9)) == (61, 69)
