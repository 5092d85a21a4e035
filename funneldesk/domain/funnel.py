"""Funnels and their stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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
    allow_skip: bool = True
    allow_back: bool = True
    loss_comment_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An open stage.  `slot` is its permanent bit in kept masks; `position` its rank, from 1."""

    id: int = 0
    version: int = 1
    funnel_id: int
    name: str
    slot: int
    position: int
    kind: str = "open"  # open, hold
    goal: str | None = None
    key_task: str | None = None
    criterion: str | None = None
    colour: str | None = None
    probability: float | None = None  # 0..1; None = k/(K+1)
    limit_days: float | None = None
    archived: bool = False
    folded: str = ""


def default_probability(rank: int, stages: int) -> float:
    """The template probability of stage `rank` of `stages` when none is set: k/(K+1)."""
    return rank / (stages + 1)


def stage_probability(stage: Stage, rank: int, stages: int) -> float:
    """The probability set on the stage, else the template's."""
    if stage.probability is not None:
        return stage.probability
    return default_probability(rank, stages)


def ordered(stages: Sequence[Stage]) -> list[Stage]:
    """The live stages in their order; an archived stage keeps its slot but has no rank."""
    return sorted((s for s in stages if not s.archived), key=lambda s: (s.position, s.id))
