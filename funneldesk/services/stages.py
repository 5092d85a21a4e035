"""Stages taken out of a funnel, funnels put away: the history stays, and one undo brings all back.

A stage that goes is archived and keeps its slot for ever, so that what was visited stays visited.
Its open deals go on by moves that carry their cause and stay out of activity.  Closed deals keep
their history: of a removed stage reports say nothing more, a merged one counts as the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Change, Label
from funneldesk.domain.fields import CustomField
from funneldesk.domain.funnel import Funnel, Stage, merged_kind, ordered
from funneldesk.domain.team import LossReason
from funneldesk.errors import UserError
from funneldesk.reports import probability
from funneldesk.services.moving import positions
from funneldesk.store.database import Database
from funneldesk.store.moves import move_all
from funneldesk.store.queries import card as card_queries
from funneldesk.store.queries import lists
from funneldesk.store.queries import stages as queries
from funneldesk.store.queries.facts import FactsRequest, funnel_facts
from funneldesk.store.transaction import Actor, Transaction

BELOW_ALL = 0  # of a column, see `moving.positions`


@dataclass(frozen=True, slots=True)
class FunnelSheet:
    """A funnel as its editor shows it: live stages in order, open deals by stage, all its deals."""

    funnel: Funnel
    stages: tuple[Stage, ...]
    open_deals: dict[int, int]
    deals: int

    @property
    def open_count(self) -> int:
        """The number of its open deals that stand in a stage."""
        return sum(self.open_deals.get(stage.id, 0) for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Overview:
    """Every funnel in its order, archived ones too, and how many loss reasons the base has."""

    sheets: tuple[FunnelSheet, ...]
    reasons: int
    loss_reasons: tuple[LossReason, ...] = ()
    managers: Mapping[int, str] = field(default_factory=dict)  # those who work here now
    fields: Mapping[int, CustomField] = field(default_factory=dict)  # of deals and clients

    def stages_of(self, funnel_id: int) -> tuple[Stage, ...]:
        """The live stages of a funnel in order."""
        return next((sheet.stages for sheet in self.sheets if sheet.funnel.id == funnel_id), ())


def overview(db: Database) -> Overview:
    """All that the editor of funnels shows, in one consistent view of the base."""
    with db.read() as conn:
        views = lists.funnels(conn, archived=True)
        counts, totals = queries.open_counts(conn), queries.deal_counts(conn)
        sheets = [
            FunnelSheet(
                view.funnel,
                view.stages,
                {stage.id: counts[stage.id] for stage in view.stages if stage.id in counts},
                totals.get(view.funnel.id, 0),
            )
            for view in views
        ]
        reasons = lists.loss_reasons(conn)
        return Overview(
            tuple(sheets),
            len(reasons),
            tuple(reasons),
            {m.id: m.name for m in lists.managers(conn, active_only=True)},
            {f.id: f for f in card_queries.kept_fields(conn, "deal", "company", "person")},
        )


@dataclass(frozen=True, slots=True)
class OwnChance:
    """What the own history says of a stage: the chance to win, and of how many closed deals."""

    chance: float | None
    deals: int


def own_chances(db: Database, funnel_id: int) -> dict[int, OwnChance]:
    """Stage -> its chance by the deals that closed in the time the funnel learns from."""
    with db.read() as conn:
        view = next((v for v in lists.funnels(conn, archived=True) if v.funnel.id == funnel_id), None)
        if view is None:
            return {}
        facts = funnel_facts(conn, view, FactsRequest(as_of=clock.now(), live=True))
    closed = probability.resolved(facts)
    chances = probability.history(closed, probability.template(facts))
    return {
        stage.id: OwnChance(chances[rank - 1], sum(1 for deal in closed if deal.reach >= rank))
        for rank, stage in enumerate(view.stages, 1)
    }


def remove_stage(
    db: Database, stage_id: int, *, to_id: int | None = None, actor: Actor | None = None
) -> Change:
    """Archive a stage; its open deals go to the foot of the stage `to_id`.

    Raises `stage.last`, `stage.needs_target` (open deals and no `to_id`), `stage.bad_target`.
    """
    with db.transaction(Label("stage.removed"), actor=actor) as tx:
        stage, target = _leaving(tx, stage_id, to_id)
        count = _send_on(tx, stage, target, "stage_removed")
        if count and target is not None:
            params: dict[str, Any] = {"name": stage.name, "count": count, "stage": target.name}
            tx.label = Label("stage.removed_to", params)
        else:
            tx.label = Label("stage.removed", {"name": stage.name})
        _archive(tx, stage)
    return tx.change


def merge_stage(db: Database, stage_id: int, into_id: int, *, actor: Actor | None = None) -> Change:
    """Make one stage of two: the open deals of the first go to the foot of the second.

    From now on reports count whatever happened in the first as of the second.
    Raises `stage.bad_target`, `stage.last`.
    """
    with db.transaction(Label("stage.merged"), actor=actor) as tx:
        stage, target = _leaving(tx, stage_id, into_id)
        assert target is not None
        tx.label = Label("stage.merged", {"name": stage.name, "into": target.name})
        merge_into(tx, stage, target, "stage_merged")
    return tx.change


def merge_into(tx: Transaction, stage: Stage, target: Stage, cause: str) -> int:
    """As `merge_stage` inside a transaction; returns how many deals were moved."""
    count = _send_on(tx, stage, target, cause)
    _archive(tx, stage, kind=merged_kind(target.id))
    return count


def drop(tx: Transaction, stage: Stage) -> None:
    """Archive a stage that holds no open deals.  Raises `stage.needs_target`."""
    _send_on(tx, stage, None, "stage_removed")
    _archive(tx, stage)


def archive_funnel(db: Database, funnel_id: int, *, actor: Actor | None = None) -> Change:
    """Put a funnel away: no new deals, off the board; its deals, history and reports stay."""
    return _set_archived(db, funnel_id, True, actor)


def restore_funnel(db: Database, funnel_id: int, *, actor: Actor | None = None) -> Change:
    """Take an archived funnel back into use."""
    return _set_archived(db, funnel_id, False, actor)


def _set_archived(db: Database, funnel_id: int, archived: bool, actor: Actor | None) -> Change:
    code = "funnel.archived" if archived else "funnel.restored"
    with db.transaction(Label(code), actor=actor) as tx:
        tx.label = Label(code, {"name": tx.get(Funnel, funnel_id).name})
        tx.update(Funnel, funnel_id, archived=archived)
    return tx.change


def _leaving(tx: Transaction, stage_id: int, to_id: int | None) -> tuple[Stage, Stage | None]:
    """The stage that goes and where its deals go; both are checked."""
    stage = tx.get(Stage, stage_id)
    if stage.archived:
        raise UserError("record.gone", kind="stage", id=stage_id)
    live = {each.id: each for each in ordered(tx.all(Stage, funnel_id=stage.funnel_id))}
    if len(live) < 2:
        raise UserError("stage.last")
    if to_id is not None and (to_id == stage_id or to_id not in live):
        raise UserError("stage.bad_target")
    return stage, None if to_id is None else live[to_id]


def _send_on(tx: Transaction, stage: Stage, target: Stage | None, cause: str) -> int:
    ids = queries.open_deals(tx.conn, stage.id)
    if not ids:
        return 0
    if target is None:
        raise UserError("stage.needs_target", name=stage.name, count=len(ids))
    places = positions(tx, ids, target, BELOW_ALL)
    tx.bulk_update("deal", ["position"], ids, [[place] for place in places])
    move_all(tx, ids, target, cause)
    steps = [task.id for task in tx.all(Activity, stage_id=stage.id) if task.done_at is None]
    tx.bulk_update("activity", ["stage_id"], steps, [[target.id]] * len(steps))
    return len(ids)


def _archive(tx: Transaction, stage: Stage, **values: Any) -> None:
    tx.update(Stage, stage.id, archived=True, **values)
    rest = ordered(tx.all(Stage, funnel_id=stage.funnel_id))
    for rank, each in enumerate(rest, 1):
        tx.update(Stage, each.id, position=rank)
