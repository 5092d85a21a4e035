"""Numbers looked for in a table are where a search finds them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.reports.age_steps import AgeSteps, coarse
from funneldesk.reports.ladder import Ladder

RUNGS = st.one_of(
    st.lists(st.floats(0, 2000), min_size=1, max_size=60, unique=True),
    st.lists(st.integers(0, 90).map(lambda n: n / 24), min_size=1, max_size=60, unique=True),
    st.integers(1, 1500).map(lambda age: AgeSteps(age).days.tolist()),
)
ANY = st.floats(allow_nan=False)


@given(RUNGS, st.lists(ANY, max_size=20))
def test_a_place_on_a_ladder_is_that_of_a_search(rungs: list[float], values: list[float]) -> None:
    ladder = np.array(sorted(abs(each) for each in rungs))
    beside = [np.nextafter(ladder, end) for end in (-np.inf, np.inf)]
    asked = np.concatenate((ladder, *beside, np.array(values, dtype=float)))
    assert Ladder(ladder).below(asked).tolist() == np.searchsorted(ladder, asked, "left").tolist()
    assert Ladder(ladder).until(asked).tolist() == np.searchsorted(ladder, asked, "right").tolist()


@given(st.floats(0, 3000), st.lists(st.floats(0, 1), max_size=20))
def test_the_step_of_an_age_is_the_coarse_age(age: float, parts: list[float]) -> None:
    steps = AgeSteps(age)
    ages = np.concatenate((max(age, 512.0) * np.array([0.0, 1.0, *parts]), np.arange(120) / 48))
    told = steps.days[steps.of(ages)]
    assert told.tolist() == pytest.approx(coarse(ages).tolist(), rel=1e-8)
    assert np.all(np.abs(told - ages) <= np.maximum(0.016 * ages, 1 / 48 + 1e-9))
