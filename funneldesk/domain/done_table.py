"""What was done as columns, as `MoveTable` tells moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DONE = ("deal", "lead", "done", "kind")


@dataclass(frozen=True, slots=True)
class DoneTable:
    """Activities done until T but notes: whole numbers, NONE where nothing is known.

    Those asked for of DONE: `deal`, `lead`, `done` (when) and `kind`, a place in `kinds`.
    """

    columns: Mapping[str, Any]  # of anything that holds whole numbers
    kinds: tuple[str, ...]
    kept: dict[str, Any] = field(default_factory=dict)  # what was made of the columns, for whoever asks again
