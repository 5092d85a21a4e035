"""Many deals as columns told in text, as `MoveTable` tells moves: for reports that need no deal by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from funneldesk.domain.rates import Rates

# Kept whatever T is: what the history does not tell.
ALWAYS = ("id", "created", "manager", "staged")
# How a deal stands now; of a past moment the history tells it.
STANDING = ("kind", "stage", "slots", "known", "closed", "closer")
MONEY = ("amount", "foreign")
FLAGS = ("staged", "kind", "known", "foreign", "comment")  # none has more than four values


@dataclass(frozen=True, slots=True)
class DealTable:
    """Whole numbers divided by commas, NONE where nothing is known; `kind` 0 open, 1 won, 2 lost.

    ALWAYS, and some of STANDING, MONEY (of now: as at the close), `source`, `reason`, `comment`, `lead` and
    `entered`.
    Those of FLAGS named in `flags` come as one column of this name, two bits each.
    `bits`: (slot of a live stage, its rank); `ranks`: of stages by id; `currencies`: by id of the deals
    that are `foreign`.
    """

    columns: Mapping[str, str]
    flags: tuple[str, ...] = ()
    bits: tuple[tuple[int, int], ...] = ()
    ranks: Mapping[int, int] = field(default_factory=dict)
    currencies: Mapping[int, str] = field(default_factory=dict)
    money: Rates | None = None  # to convert those
