"""Who brought a deal to its stages, as text that is kept on the deal: so no report reads moves for it.

An entry for each open stage of the deal's own funnel that it was ever in, and one for the first time it was
won, in the order in which it first came there.  An entry is WIDE characters: the slot of the stage (WON = it
was won), then the id of whoever moved it there (0 = nobody knows) in three digits of 64, the lowest first.
Ranks are in none of it, so another order of the stages changes no text.  A deal that somebody with an id
above MOST brought anywhere has no text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from funneldesk.domain.facts import Groups

WIDE = 4
BITS = 6  # of the id in a character
LOW = 48  # the character of nought, of slots as of digits; slots are fewer than 64
MOST = (1 << 3 * BITS) - 1
WON = "!"
NEXT = ".000"  # between the texts of two deals; below LOW, as WON, so that neither is a slot
UNTOLD = "!" * WIDE  # instead of a text that there is not


def entry(slot: int | None, actor: int | None) -> str:
    """That `actor` brought the deal to the stage with this slot (None = to be won)."""
    number, digit = actor or 0, (1 << BITS) - 1
    digits = number & digit, number >> BITS & digit, number >> 2 * BITS
    return (WON if slot is None else chr(LOW + slot)) + "".join(chr(LOW + each) for each in digits)


@dataclass(frozen=True, slots=True)
class BroughtAsked:
    """Who brought the deals that `of` chooses to their stages; all deals that `deals` does, in groups."""

    deals: Groups
    of: Groups


class Walked(NamedTuple):
    """Some deals that were in the same stages, and their texts with NEXT between them."""

    reach: int
    lost: bool
    visited: int  # the ranks of the stages they were in, a bit each
    text: str


@dataclass(frozen=True, slots=True)
class BroughtTable:
    """Those of the deals asked for that have stages and a known path; `ranks`: of stages by their slots."""

    walked: Sequence[Walked]
    ranks: Mapping[int, int]
