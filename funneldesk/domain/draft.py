"""A funnel redesigned on paper: its new stages, and which of the present ones each takes in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from funneldesk.domain.folding import fold
from funneldesk.domain.funnel import Stage
from funneldesk.domain.linter import result_of


@dataclass(frozen=True, slots=True)
class DraftStage:
    """A stage of a draft; `takes` are ids of present stages whose deals and history become its own."""

    name: str
    takes: tuple[int, ...] = ()


def as_it_is(stages: Sequence[Stage]) -> tuple[DraftStage, ...]:
    """The present funnel as a draft."""
    return tuple(DraftStage(stage.name, (stage.id,)) for stage in stages)


def mapped(stages: Sequence[Stage], names: Sequence[str]) -> tuple[DraftStage, ...]:
    """Stages called `names`, each taking in what of the present ones fits it best.

    The same name comes first, then the same result (`linter.result_of`), then the place in the funnel.
    """
    takes: list[list[int]] = [[] for _name in names]
    for rank, stage in enumerate(stages):
        takes[_fitting(stage, rank, len(stages), names)].append(stage.id)
    return tuple(DraftStage(name, tuple(ids)) for name, ids in zip(names, takes, strict=True))


def _fitting(stage: Stage, rank: int, count: int, names: Sequence[str]) -> int:
    same = next((n for n, name in enumerate(names) if fold(name) == fold(stage.name)), None)
    if same is not None:
        return same
    result = result_of(stage.name)
    if result:
        alike = next((n for n, name in enumerate(names) if result_of(name) == result), None)
        if alike is not None:
            return alike
    return min(rank * len(names) // max(count, 1), len(names) - 1)


def taken(draft: Sequence[DraftStage], stage_id: int, place: int | None) -> tuple[DraftStage, ...]:
    """The draft in which the stage at `place` (None = no one) takes in a present stage."""
    found = []
    for rank, stage in enumerate(draft):
        rest = tuple(i for i in stage.takes if i != stage_id)
        found.append(replace(stage, takes=(*rest, stage_id) if rank == place else rest))
    return tuple(found)
