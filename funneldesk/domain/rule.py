"""Rules of automation: when something happens to a deal or a lead, something is done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Event(StrEnum):
    """What sets a rule off."""

    ENTERED = "entered"
    LEFT = "left"
    STALE = "stale"
    WON = "won"
    LOST = "lost"
    LEAD_ARRIVED = "lead_arrived"
    ACTIVITY_DONE = "activity_done"


class Action(StrEnum):
    """What a rule does."""

    TASK = "task"
    REMIND = "remind"
    SET_FIELD = "set_field"
    CHANGE_OWNER = "change_owner"
    MOVE = "move"
    HAND_OVER = "hand_over"  # another owner, and a task for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.  `funnel_id` None = all funnels; `stage_id` narrows entered, left and stale."""

    id: int = 0
    version: int = 1
    funnel_id: int | None = None
    event: str
    stage_id: int | None = None
    days: float | None = None  # of stale: without any action
    condition: str | None = None  # see `domain.rule_conditions`
    action: str
    params: str = "{}"  # JSON object, see `Params`
    active: bool = True
    imports: bool = False  # also set off by what an import makes
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRun:
    """One line of the log: a rule that fired, or why it could not.

    `outcome` is `done`, or a code: `loop` (it had fired already in this change), `refused` (the move
    was not allowed; `detail` has the code), `gone` (what it names is not there any more).
    """

    id: int = 0
    version: int = 1
    rule_id: int
    at: int
    record_kind: str  # deal, lead
    record_id: int
    outcome: str = "done"
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Params:
    """What an action needs to know; each uses only its own."""

    text: str = ""  # of the task or the reminder
    days: float = 0.0  # until it is due; of a reminder, hours / 24
    kind: str = "task"  # of the activity
    manager_id: int | None = None  # None = the owner
    field: str = ""
    value: str = ""
    place: str = "open"  # open, won, lost
    stage_id: int | None = None
    reason_id: int | None = None

    def dumps(self) -> str:
        """As JSON, without what is as usual."""
        usual = Params()
        mine = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps({k: v for k, v in mine.items() if v != getattr(usual, k)}, ensure_ascii=False)


def params_of(rule: Rule) -> Params:
    """The parameters of a rule; ones of a newer program are left out."""
    raw: Mapping[str, Any] = json.loads(rule.params)
    return Params(**{k: v for k, v in raw.items() if k in Params.__slots__})
