"""The deals that a forecast learns from, as arrays: they are looked at together, in a dozen ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from funneldesk.domain.clock import DAY
from funneldesk.domain.deal_table import DealTable
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.reports.columns import OPEN, WON
from funneldesk.reports.deal_columns import standing_now
from funneldesk.reports.probability import training_days

if TYPE_CHECKING:
    import numpy as np

_KINDS = {  # of numbers, by field; a float of nothing known is nan
    "id": "i8", "created_at": "f8", "closed_at": "f8", "reach": "i8", "amount": "f8", "status": "U4",
    "path_known": "?", "staged": "?", "owner": "f8",
}  # fmt: skip


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
    owner: np.ndarray  # nan throughout where it is not asked for

    def decided(self, as_of: int, training_months: int) -> np.ndarray:
        """Which are `probability.resolved`."""
        since = as_of - training_days(training_months) * DAY
        found: np.ndarray = ~self.open & self.known & self.staged & (self.closed >= since)
        return found


def learnt(facts: FunnelFacts) -> Learnt:
    """All deals of the funnel, whatever part of it is looked at."""
    every = facts.whole or facts
    return of_deals(every.deals) if every.learnt is None else _of_table(every.learnt, every.as_of)


def of_deals(deals: Sequence[DealFact]) -> Learnt:
    """These deals."""
    import numpy as np

    # all fields of a deal at once: to come back to each of them takes longer than to write it down
    told = map(itemgetter(*(DealFact._fields.index(name) for name in _KINDS)), deals)
    found = np.fromiter(told, np.dtype(list(_KINDS.items())), len(deals))
    column = {name: np.ascontiguousarray(found[name]) for name in _KINDS}
    return Learnt(
        column["id"], column["created_at"], column["closed_at"], column["reach"], column["amount"],
        column["status"] == "open", column["status"] == "won", column["path_known"], column["staged"],
        column["owner"],
    )  # fmt: skip


def _of_table(table: DealTable, as_of: int) -> Learnt:
    import numpy as np

    def known(values: np.ndarray) -> np.ndarray:
        return np.where(values == NONE, np.nan, values)

    deals = standing_now(table, as_of)
    owner = known(deals.owner) if "owner" in table.columns else np.broadcast_to(np.nan, len(deals.id))
    return Learnt(
        deals.id, known(deals.created), known(deals.closed), deals.reach, known(deals.amount),
        deals.kind == OPEN, deals.kind == WON, deals.known, deals.staged, owner,
    )  # fmt: skip
