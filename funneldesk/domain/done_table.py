"""What was done as columns told in text, as `MoveTable` tells moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DONE = ("deal", "lead", "done", "kind")


@dataclass(frozen=True, slots=True)
class DoneTable:
    """Activities done until T but notes: whole numbers divided by commas, NONE where nothing is known.

    Those asked for of DONE: `deal`, `lead`, `done` (when) and `kind`, a place in `kinds`.
    """

    columns: Mapping[str, str]
    kinds: tuple[str, ...]
    kept: dict[str, Any] = field(default_factory=dict)  # what was made of the columns, for whoever asks again
