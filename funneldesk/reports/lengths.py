"""How long deals were in each stage: from their moves, or from what is kept of their stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.reports.columns import Stays
from funneldesk.reports.statistics import Survival, kaplan_meier

if TYPE_CHECKING:
    import numpy as np

_LOW = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class Lengths:
    """The stays in one stage whose length is known, in microseconds; and how many others there are."""

    over: np.ndarray  # in ascending order
    lasting: np.ndarray  # until T
    unknown: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.over) + len(self.lasting)

    def survival(self) -> Survival:
        """Kaplan-Meier over them, in days."""
        return kaplan_meier(self.over / DAY, self.lasting / DAY)

    def median(self) -> float | None:
        """The middle in days of those that are over."""
        half = len(self.over) // 2
        if not len(self.over):
            return None
        upper = float(self.over[half] / DAY)
        return upper if len(self.over) % 2 else (float(self.over[half - 1] / DAY) + upper) / 2

    def mean(self) -> float | None:
        """The average in days of those that are over."""
        # whole numbers whose sum may be longer than 64 bits
        high, low = self.over >> 32, self.over & _LOW
        total = (int(high.sum()) << 32) + int(low.sum())
        return total / (len(self.over) * DAY) if len(self.over) else None


def of_moves(found: Stays, here: np.ndarray) -> Lengths:
    """The lengths of those stays `here`."""
    import numpy as np

    known = found.length != NONE
    over = np.sort(found.length[here & known & found.over])
    return Lengths(over, found.length[here & known & ~found.over], int((here & ~known).sum()))


def kept(facts: FunnelFacts, *, staged: bool) -> list[Lengths]:
    """By rank from 1 (`facts.stays` must be there); `staged`: not of deals without stages."""
    import numpy as np

    assert facts.stays is not None
    lasting: list[list[np.ndarray]] = [[] for _stage in facts.stages]
    for each in facts.stays.lasting:
        if each.rank and each.path_known and (each.staged or not staged):
            lasting[each.rank - 1].append(numbers_of(each.entered))
    found = []
    for text, parts in zip(facts.stays.over, lasting, strict=True):
        over = numbers_of(text)
        if not np.all(over[1:] >= over[:-1]):
            over = np.sort(over)
        timed = int(np.searchsorted(over, NONE, side="right")) if len(over) and over[0] <= NONE else 0
        entered = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        since = entered[entered != NONE]
        found.append(Lengths(over[timed:], facts.as_of - since, timed + len(entered) - len(since)))
    return found


def numbers_of(text: str) -> np.ndarray:
    """Whole numbers divided by commas."""
    import numpy as np

    return np.fromstring(text, dtype=np.int64, sep=",")
