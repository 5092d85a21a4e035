"""Ages in steps: a few hundred different ones of any number of deals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from funneldesk.reports.ladder import Ladder

if TYPE_CHECKING:
    import numpy as np

POWERS = 10  # ages 1, 2, 4 ... 512 days
_GROWTH = 1.03
_HOURS = 24


def coarse(ages: np.ndarray) -> np.ndarray:
    """Ages (days) in steps of 3 %, and of an hour below a day."""
    import numpy as np

    hours = np.round(ages * _HOURS) / _HOURS
    steps: np.ndarray = np.where(ages < 1, hours, _GROWTH ** _exponents(ages))
    return steps


def _exponents(ages: np.ndarray) -> np.ndarray:
    import numpy as np

    found: np.ndarray = np.round(np.log(np.maximum(ages, 1)) / np.log(_GROWTH))
    return found


class AgeSteps:
    """All that `coarse` makes of ages up to `age` days, or 512, and the powers of two: `days`."""

    def __init__(self, age: float) -> None:
        import numpy as np

        many = math.ceil(math.log(max(age, 2**POWERS / 2)) / math.log(_GROWTH)) + 2
        hours, grown = np.arange(_HOURS + 1) / _HOURS, _GROWTH ** np.arange(many)
        self.days = np.union1d(2.0 ** np.arange(POWERS), np.concatenate((hours, grown)))
        self._ladder = Ladder(self.days)
        # steps lie percents apart: the last digit of a power does not matter
        self._of_hours, self._of_grown = (
            np.searchsorted(self.days, each * (1 - 1e-9)) for each in (hours, grown)
        )

    def of(self, ages: np.ndarray) -> np.ndarray:
        """The place of each of some ages among `days`, as `coarse` takes it."""
        import numpy as np

        hours = np.round(np.minimum(ages, 1) * _HOURS).astype(np.int64)
        found: np.ndarray = np.where(
            ages < 1, self._of_hours[hours], self._of_grown[_exponents(ages).astype(np.int64)]
        )
        return found

    def below(self, ages: np.ndarray) -> np.ndarray:
        """Of each how many steps are less."""
        return self._ladder.below(ages)

    def until(self, ages: np.ndarray) -> np.ndarray:
        """Of each how many steps are not greater."""
        return self._ladder.until(ages)
