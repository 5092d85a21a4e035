"""Entry criteria: what must be known, and checked off, before a deal may stand in a stage.

A stage names what it requires by keys: columns of the deal (`amount`), of its client (`phone`),
custom fields (`custom:7`), and two that are ready-made.  `meeting` is the sense of "scheduled":
place, date and time are known.  `receipt` is the sense of "sent": the client confirmed receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from funneldesk.domain.funnel import Stage, lines_of, required_of

DEAL_FIELDS: Final = (
    "amount", "expected_close", "client", "person_id", "manager_id", "source_id", "product_id", "demand",
    "comment",
)  # fmt: skip
CLIENT_FIELDS: Final = ("phone", "email", "tax_id", "address", "city")
MEETING: Final = "meeting"
RECEIPT: Final = "receipt"
READY_MADE: Final = (MEETING, RECEIPT)
CUSTOM: Final = "custom:"


@dataclass(frozen=True, slots=True, kw_only=True)
class DealCheck:
    """An entry of a checklist that was checked off for a deal; `item` is its text, or a ready-made key."""

    id: int = 0
    version: int = 1
    deal_id: int
    item: str
    at: int


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that is agreed: where and when; `local` is its ISO time in `zone`."""

    place: str
    due_at: int
    local: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person answered when a deal was moved; values by key, money in minor units, days ISO."""

    values: Mapping[str, object] = field(default_factory=dict)
    checked: frozenset[str] = frozenset()
    meeting: Meeting | None = None


def asked_of(stage: Stage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a stage asks: the keys that must be known, and the entries that must be checked off."""
    wanted = required_of(stage)
    checks = (*(key for key in wanted if key == RECEIPT), *lines_of(stage.checklist))
    return tuple(key for key in wanted if key != RECEIPT), checks


def missing(stage: Stage, known: Mapping[str, object], checked: Sequence[str] | frozenset[str]) -> list[str]:
    """What a deal still lacks for a stage: keys not known, then entries not checked off."""
    keys, checks = asked_of(stage)
    lacking = [key for key in keys if known.get(key) in (None, "", False)]
    return lacking + [item for item in checks if item not in checked]
