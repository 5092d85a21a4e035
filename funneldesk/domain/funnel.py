"""Funnels and their stages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from funneldesk.domain.chance import default_probability


class DealMode(StrEnum):
    """How a deal goes through its funnel.

    MANUAL: people move it.  AUTOMATIC: its steps are fixed, each makes its key task, and finishing
    that task moves the deal.  STAGELESS: it is only won or lost.
    """

    MANUAL = "manual"
    AUTOMATIC = "automatic"
    STAGELESS = "stageless"


# the date on the deal, without one the pace of its stage; the date alone; the pace alone
CLOSES = ("dates", "dated", "pace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Funnel:
    """An ordered set of open stages ending in one WON and in LOST with reasons."""

    id: int = 0
    version: int = 1
    name: str
    position: int = 0
    won_name: str | None = None
    template: str | None = None
    archived: bool = False
    probability_source: str = "template"  # template, history
    training_months: int = 12  # of history that chances and forecasts learn from; 0 = all
    season_months: int = 0  # of history that seasons learn from; 0 = all
    expected_close: str = "dates"  # when an open deal is expected to close: see `CLOSES`
    season: bool = False  # confirmed: forecasts expect new deals by the seasons of the own history
    allow_skip: bool = True
    allow_back: bool = True
    loss_comment_required: bool = True
    deal_mode: str = DealMode.MANUAL  # of new deals
    loss_task: str | None = None  # the task that losing an automatic deal makes; None = none


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An open stage.  `slot` is its permanent bit in kept masks; `position` its rank, from 1."""

    id: int = 0
    version: int = 1
    funnel_id: int
    name: str
    slot: int
    position: int
    kind: str = "open"  # open, hold; of an archived one also merged:ID, see `merged_into`
    goal: str | None = None
    key_task: str | None = None
    subtasks: str | None = None  # of the key task, one in a line
    criterion: str | None = None
    required: str | None = None  # JSON list of what must be known, see `domain.criteria`
    checklist: str | None = None  # what must be checked off, one in a line
    manager_id: int | None = None  # who is responsible for the key task; None = the deal's manager
    colour: str | None = None
    probability: float | None = None  # 0..1; None = k/(K+1)
    limit_days: float | None = None
    archived: bool = False
    folded: str = ""


def lines_of(text: str | None) -> tuple[str, ...]:
    """The entries of a list that is kept one in a line."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def required_of(stage: Stage) -> tuple[str, ...]:
    """What must be known before a deal may stand in the stage."""
    return tuple(json.loads(stage.required)) if stage.required else ()


def stage_probability(stage: Stage, rank: int, stages: int) -> float:
    """The probability set on the stage, else the template's."""
    if stage.probability is not None:
        return stage.probability
    return default_probability(rank, stages)


_MERGED = "merged:"


def merged_kind(into_id: int) -> str:
    """The kind of a stage that was merged into the stage `into_id` and archived."""
    return f"{_MERGED}{into_id}"


def merged_into(stage: Stage) -> int | None:
    """The stage that an archived one was merged into; None when it was not."""
    if not stage.archived or not stage.kind.startswith(_MERGED):
        return None
    return int(stage.kind.removeprefix(_MERGED))


def places(stages: Sequence[Stage]) -> dict[int, int]:
    """Stage id -> rank (from 1) for all `stages` of one funnel, archived ones too.

    A merged stage stands where the one stands that took it in; a removed one has no rank.
    """
    ranks = {stage.id: rank for rank, stage in enumerate(ordered(stages), 1)}
    into = {stage.id: merged_into(stage) for stage in stages if stage.archived}
    for stage_id, target in into.items():
        while target in into:
            target = into[target]
        if target in ranks:
            ranks[stage_id] = ranks[target]
    return ranks


def ordered(stages: Sequence[Stage]) -> list[Stage]:
    """The live stages in their order; an archived stage keeps its slot but has no rank."""
    return sorted((s for s in stages if not s.archived), key=lambda s: (s.position, s.id))
