"""Where many numbers lie among a few that rise: as `searchsorted` says, in a fifth of the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_FINE = 46  # bits of a float left out of its first ones: its power of two and 1/64 of the way to the next


class Ladder:
    """Numbers from 0 on that rise.

    The first bits of a float, taken as a whole number, rise with it; so a table of them tells from which of
    the rungs on to look.
    """

    def __init__(self, rungs: np.ndarray) -> None:
        import numpy as np

        self.rungs = rungs
        self._and_end = np.append(rungs, np.nan)  # of which no number is beyond
        first = rungs[rungs > 0].view(np.int64) >> _FINE
        self._low = int(first.min(initial=1)) - 1  # what is below the first rung is looked for from there on
        edges = np.arange(self._low, int(first.max(initial=1)) + 2) << _FINE
        self._begin = np.searchsorted(rungs, edges.view(float), side="left")
        self._begin[0] = 0

    def below(self, values: np.ndarray) -> np.ndarray:
        """Of each value how many rungs are less (`side="left"`)."""
        import numpy as np

        return self._climbed(values, np.less)

    def until(self, values: np.ndarray) -> np.ndarray:
        """Of each value how many rungs are not greater (`side="right"`)."""
        import numpy as np

        return self._climbed(values, np.less_equal)

    def _climbed(self, values: np.ndarray, passes: np.ufunc) -> np.ndarray:
        import numpy as np

        first = (values.view(np.int64) >> _FINE) - self._low
        found: np.ndarray = self._begin[np.clip(first, 0, len(self._begin) - 1)]
        ahead = np.flatnonzero(passes(self._and_end[found], values))
        while len(ahead):
            found[ahead] += 1
            ahead = ahead[passes(self._and_end[found[ahead]], values[ahead])]
        return found
