"""The deals that a forecast learns from, as arrays: they are looked at together, in a dozen ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.reports.population import values_of
from funneldesk.reports.probability import training_days

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True)
class Learnt:
    """Arrays of one length, a value per deal; times in microseconds, money in minor units, nan = unknown."""

    id: np.ndarray
    created: np.ndarray
    closed: np.ndarray
    reach: np.ndarray
    amount: np.ndarray
    open: np.ndarray  # of bool, as those that follow
    won: np.ndarray
    known: np.ndarray
    staged: np.ndarray

    def decided(self, as_of: int, training_months: int) -> np.ndarray:
        """Which are `probability.resolved`."""
        since = as_of - training_days(training_months) * DAY
        found: np.ndarray = ~self.open & self.known & self.staged & (self.closed >= since)
        return found


def learnt(facts: FunnelFacts) -> Learnt:
    """All deals of the funnel, whatever part of it is looked at."""
    import numpy as np

    deals = (facts.whole or facts).deals
    status = list(values_of(deals, "status"))

    def numbers(name: str, dtype: type) -> np.ndarray:
        return np.fromiter(values_of(deals, name), dtype, len(deals))

    def floats(name: str) -> np.ndarray:
        every = (np.nan if value is None else value for value in values_of(deals, name))
        return np.fromiter(every, float, len(deals))

    def standing(wanted: str) -> np.ndarray:
        return np.fromiter(map(wanted.__eq__, status), bool, len(deals))

    return Learnt(
        numbers("id", np.int64), floats("created_at"), floats("closed_at"), numbers("reach", np.int64),
        floats("amount"), standing("open"), standing("won"), numbers("path_known", bool),
        numbers("staged", bool),
    )  # fmt: skip
