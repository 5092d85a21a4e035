"""Many deals as columns, as `MoveTable` tells moves: for reports that need no deal by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from funneldesk.domain.rates import Rates

# Kept whatever T is: what the history does not tell.
ALWAYS = ("id", "created", "manager", "staged")
MONEY = ("amount", "foreign")
LEARNT = ("amount", "closed", "created")  # beside their places, what chances are learnt from
FLAGS = ("staged", "foreign", "comment")  # yes or no


class DealPlace(NamedTuple):
    """Where deals are now and how they got there, once for the many alike; numbers as in `DealColumns`."""

    kind: int  # 0 open, 1 won, 2 lost
    stage: int
    reach: int
    visited: int
    known: bool
    staged: bool
    foreign: bool
    reasoned: bool  # of lost ones: whether they have a reason, and a comment
    comment: bool
    reopened: bool


@dataclass(frozen=True, slots=True)
class DealTable:
    """Whole numbers, NONE where nothing is known.

    Of now: `id`, `place` (a number of `places`), and those asked for of `created`, `closed`, `entered`,
    `owner`, `amount` (both as at the close), `source`, `reason`, `lead`.  Of a past moment ALWAYS and some
    of MONEY, `source`, `reason`, `comment`, `lead`, as they are kept with a deal; those of FLAGS named in
    `flags` come as one column of this name, a bit each.  `currencies`: by id of the deals that are foreign.
    """

    columns: Mapping[str, Any]  # of anything that holds whole numbers
    flags: tuple[str, ...] = ()
    places: Mapping[int, DealPlace] = field(default_factory=dict)
    currencies: Mapping[int, str] = field(default_factory=dict)
    money: Rates | None = None  # to convert those
