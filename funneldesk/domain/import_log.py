"""Imports that were run, as their list shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import.  `state` is done, undone (by Ctrl+Z; can be done again) or taken_back."""

    entry: int
    at: int  # microseconds UTC
    who: str
    file: str
    kind: str
    counts: Mapping[str, int] = field(default_factory=dict)  # read = the sum of the five others
    records: Mapping[str, int] = field(default_factory=dict)
    state: str = "done"


@dataclass(frozen=True, slots=True)
class MadeRecord:
    """A record that an import made and that is still there."""

    kind: str
    id: int
    name: str
    more: str = ""
    card: tuple[str, int] | None = None  # the card that shows it
