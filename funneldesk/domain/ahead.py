"""What a goal still takes, as it is counted beside a reverse plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Prospects:
    """How many must come, the rows by source, and their cost in minor units (None = no cost is known)."""

    total: int
    rows: tuple[Mapping[str, Any], ...]
    cost: float | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is left to do at T for a goal in [start, end); money in minor units, None = not known."""

    start: int
    end: int
    by: str  # how prospects are spread: share or rate
    won: int
    won_amount: int
    missing_wins: float
    expected_wins: float  # of the open deals, by the chance of their stages
    new_wins: float  # what is missing beyond that
    new_deals: int | None
    working_days: int
    start_by: date | None  # who comes later is mostly won after the end
    cycle_days: float | None  # three of four wins take no longer
    decided: int  # the ended deals that the work is learnt from
    stages: tuple[Mapping[str, Any], ...]
    work: tuple[Mapping[str, Any], ...]
    prospects: Prospects | None
