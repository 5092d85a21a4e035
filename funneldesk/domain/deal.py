"""Deals, the append-only history of their stages, and what follows from a history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

DEMAND_KEY = "deal.demand_required"  # setting of a base: a deal needs what the client first asked for


class Status(StrEnum):
    """The state of a deal, and the kind of place a move leads to."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One possible sale.  Everything under "kept" follows from the stage history."""

    id: int = 0
    version: int = 1
    external_id: str | None = None
    title: str
    company_id: int | None = None
    person_id: int | None = None
    funnel_id: int
    amount: int | None = None  # minor units; None is unknown, not 0
    currency: str | None = None
    manager_id: int | None = None
    source_id: int | None = None
    product_id: int | None = None
    created_at: int | None = None
    expected_close: str | None = None  # ISO date
    loss_reason_id: int | None = None
    loss_comment: str | None = None
    competitor: str | None = None
    demand: str | None = None
    comment: str | None = None
    lead_id: int | None = None
    position: float = 0.0  # order inside a board column
    mode: str | None = None  # see `funnel.DealMode`; None = manual
    skips: str | None = None  # JSON list of the stages that this deal does without
    # Kept by the transaction, equal to `replay` of the moves.
    status: str = Status.OPEN
    stage_id: int | None = None
    entered_at: int | None = None
    closed_at: int | None = None
    visited: int = 0  # bit per stage slot of its funnel
    lost_from_id: int | None = None
    path_known: bool = True
    # Kept from activities: when the next planned one is due, when the last was done.
    next_due_at: int | None = None
    next_activity_id: int | None = None
    last_done_at: int | None = None
    sort_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMove:
    """One row of the history: a deal went from a place to a place.

    A place is a kind and, when open, a stage; an open place without a stage is "somewhere open,
    path unknown", which only an import without history writes.  `at` may be unknown (None): such
    a move lies before any moment.  Rows of a deal are ordered by `seq` alone.
    """

    id: int = 0
    version: int = 1
    deal_id: int
    seq: int
    at: int | None
    from_kind: str | None = None
    from_stage_id: int | None = None
    to_kind: str
    to_stage_id: int | None = None
    actor_id: int | None = None
    owner_id: int | None = None
    amount: int | None = None
    loss_reason_id: int | None = None
    cause: str = "user"  # user, task, rule, import, inferred, stage_removed, stage_merged, funnel_changed


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands by its history."""

    status: str
    stage_id: int | None
    entered_at: int | None
    closed_at: int | None
    visited: int
    lost_from_id: int | None
    path_known: bool


def replay(moves: Iterable[StageMove], slots: Mapping[int, int]) -> Standing:
    """What the kept columns of a deal must be after `moves` (in order of seq).

    `slots` maps the stages of the deal's *current* funnel to their bits; stages of another
    funnel leave no bit.  The path is unknown when any place is open without a stage.
    """
    status: str = Status.OPEN
    stage: int | None = None
    last_open: int | None = None
    entered: int | None = None
    closed: int | None = None
    visited = 0
    lost_from: int | None = None
    known, started = True, False
    for move in moves:
        if started and move.to_kind == status and move.to_stage_id == stage:
            continue
        if move.to_kind == Status.OPEN:
            if move.to_stage_id is None:
                known = False
            elif move.to_stage_id in slots:
                visited |= 1 << slots[move.to_stage_id]
            closed, lost_from, last_open = None, None, move.to_stage_id
        else:
            closed = move.at
            lost_from = last_open if move.to_kind == Status.LOST else None
        status, stage, entered, started = move.to_kind, move.to_stage_id, move.at, True
    return Standing(status, stage, entered, closed, visited, lost_from, known)
