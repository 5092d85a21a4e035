"""How long deals were in each stage, as text: for reports that count lengths and look at no move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from funneldesk.domain.facts import Groups


@dataclass(frozen=True, slots=True)
class StaysAsked:
    """The stays that a report counts: of the deals with stages that `deals` chooses, or of `every` deal.

    Those whose path is not known are left out either way; the deals come in these groups.
    """

    deals: Groups
    every: bool = False


class Lasting(NamedTuple):
    """Deals open in one stage (rank 0 = none that is known), alike in what else is asked of them."""

    rank: int
    path_known: bool
    staged: bool
    entered: str  # microseconds divided by commas, NONE where not known


@dataclass(frozen=True, slots=True)
class StayTable:
    """Stays that are over, by rank from 1, in microseconds divided by commas (NONE = not known); the others.

    Stays that are over are those asked for; the others are of every open deal that `deals` of `StaysAsked`
    chooses, or of every one there is.
    """

    over: Sequence[str]
    lasting: Sequence[Lasting]
