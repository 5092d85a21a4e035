"""Funnels: made from templates or names, their stages added, renamed and put in order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.folding import fold
from funneldesk.domain.funnel import CLOSES, Funnel, Stage, ordered
from funneldesk.domain.naming import checked_name
from funneldesk.domain.team import LossReason
from funneldesk.errors import UserError
from funneldesk.services.funnel_templates import (
    StarterReason,
    TemplateInfo,
    TemplateStage,
    starter_reasons,
    template,
    templates,
)
from funneldesk.store.database import Database
from funneldesk.store.queries import lists
from funneldesk.store.queries.lists import FunnelView
from funneldesk.store.transaction import Actor, Transaction

MAX_STAGES = 62  # slots are bits of one whole number of the base
STAGE_FIELDS = frozenset(
    {
        "name", "goal", "key_task", "subtasks", "criterion", "required", "checklist", "manager_id", "colour",
        "probability", "limit_days", "kind",
    }
)  # fmt: skip
FUNNEL_FIELDS = frozenset(
    {
        "name", "won_name", "position", "archived", "probability_source", "allow_skip", "allow_back",
        "loss_comment_required", "deal_mode", "loss_task", "season",
        "training_months", "season_months", "expected_close",
    }
)  # fmt: skip


def views(db: Database, *, archived: bool = False) -> list[FunnelView]:
    """The funnels in their order, each with its live stages in order."""
    with db.read() as conn:
        return lists.funnels(conn, archived=archived)


def create_from_template(
    db: Database, key_or_name: str, *, language: str, name: str | None = None, actor: Actor | None = None
) -> Change:
    """Make a funnel from a template (its key, or its name in any language).

    The starter loss reasons come along when the base has none.  Raises `template.unknown`,
    `name.taken` (only for a `name` given; else a number is added).
    """
    info = template(key_or_name, language)
    with db.transaction(Label("funnel.created"), actor=actor) as tx:
        funnel_id = add_from_template(tx, info, language=language, name=name)
        tx.label = Label("funnel.created", {"name": tx.get(Funnel, funnel_id).name})
    return tx.change


def add_from_template(tx: Transaction, info: TemplateInfo, *, language: str, name: str | None = None) -> int:
    """As `create_from_template` inside a transaction; returns the funnel's id."""
    wanted = _checked_name(tx, name) if name is not None else _free_name(tx, info.name)
    funnel_id = tx.insert(
        Funnel(
            name=wanted,
            position=_next_position(tx),
            won_name=info.won_name,
            template=info.key,
            loss_task=info.loss_task or None,
        )
    )
    for rank, stage in enumerate(info.stages, 1):
        tx.insert(
            Stage(
                funnel_id=funnel_id,
                name=stage.name,
                slot=rank - 1,
                position=rank,
                goal=stage.goal,
                key_task=stage.key_task,
                subtasks="\n".join(stage.subtasks) or None,
                criterion=stage.criterion,
                required=json.dumps(stage.required) if stage.required else None,
                checklist="\n".join(stage.checklist) or None,
                limit_days=stage.limit_days,
            )
        )
    ensure_loss_reasons(tx, language)
    _own_reasons(tx, funnel_id, info.reasons)
    return funnel_id


def create(
    db: Database,
    name: str,
    stage_names: Sequence[str],
    *,
    language: str = "en",
    won_name: str | None = None,
    actor: Actor | None = None,
) -> Change:
    """Make a funnel with these open stages in this order.

    Raises `name.empty`, `name.taken`, `funnel.no_stages`, `funnel.too_many_stages`.
    """
    with db.transaction(Label("funnel.created", {"name": name.strip()}), actor=actor) as tx:
        add_funnel(tx, name, stage_names, language=language, won_name=won_name)
    return tx.change


def add_funnel(
    tx: Transaction,
    name: str,
    stage_names: Sequence[str],
    *,
    language: str = "en",
    won_name: str | None = None,
) -> int:
    """As `create` inside a transaction; returns the funnel's id."""
    wanted = [stage.strip() for stage in stage_names if stage.strip()]
    if not wanted:
        raise UserError("funnel.no_stages")
    if len(wanted) > MAX_STAGES:
        raise UserError("funnel.too_many_stages", most=MAX_STAGES)
    funnel = Funnel(name=_checked_name(tx, name), position=_next_position(tx), won_name=won_name)
    funnel_id = tx.insert(funnel)
    for rank, stage in enumerate(wanted, 1):
        if any(fold(stage) == fold(other) for other in wanted[: rank - 1]):
            raise UserError("name.taken", name=stage)
        tx.insert(Stage(funnel_id=funnel_id, name=checked_name(stage), slot=rank - 1, position=rank))
    ensure_loss_reasons(tx, language)
    return funnel_id


def _own_reasons(tx: Transaction, funnel_id: int, reasons: Sequence[StarterReason]) -> None:
    """The loss reasons that only this funnel has."""
    known = {reason.folded for reason in lists.loss_reasons(tx.conn)}
    place = max((reason.position for reason in lists.loss_reasons(tx.conn)), default=0)
    for reason in reasons:
        if fold(reason.name) not in known:
            place += 1
            tx.insert(_reason(reason, place, funnel_id))


def _reason(reason: StarterReason, place: int, funnel_id: int | None = None) -> LossReason:
    return LossReason(
        name=reason.name, outcome=reason.group or None, advice=reason.advice,
        competitor=reason.competitor, position=place, funnel_id=funnel_id,
    )  # fmt: skip


def ensure_loss_reasons(tx: Transaction, language: str) -> None:
    """Put the starter loss reasons when the base has none at all."""
    if lists.loss_reasons(tx.conn):
        return
    for place, reason in enumerate(starter_reasons(language)):
        tx.insert(_reason(reason, place + 1))


def update_funnel(
    db: Database,
    funnel_id: int,
    *,
    expected_version: int | None = None,
    actor: Actor | None = None,
    **values: Any,
) -> Change:
    """Change a funnel's name, won name, rules or place.

    Raises `name.empty`, `name.long`, `name.taken`, `record.stale`.
    """
    _only(FUNNEL_FIELDS, values)
    if values.get("expected_close", CLOSES[0]) not in CLOSES:
        raise ValueError(values["expected_close"])
    if any(values.get(key, 0) < 0 for key in ("training_months", "season_months")):
        raise ValueError(values)
    with db.transaction(Label("funnel.changed"), actor=actor) as tx:
        if "name" in values:
            values["name"] = _checked_name(tx, values["name"], funnel_id)
        name = values.get("name") or tx.get(Funnel, funnel_id).name
        tx.label = Label("funnel.changed", {"name": name})
        tx.update(Funnel, funnel_id, expected_version=expected_version, **values)
    return tx.change


def update_stage(
    db: Database,
    stage_id: int,
    *,
    expected_version: int | None = None,
    actor: Actor | None = None,
    **values: Any,
) -> Change:
    """Change a stage (name, goal, key task, criterion, colour, probability 0..1, limit in days, kind).

    Raises `name.empty`, `name.long`, `name.taken`, `stage.bad_probability`, `record.stale`, `record.gone`.
    """
    _only(STAGE_FIELDS, values)
    chance = values.get("probability")
    if chance is not None and not 0 <= chance <= 1:
        raise UserError("stage.bad_probability")
    with db.transaction(Label("stage.changed"), actor=actor) as tx:
        stage = tx.get(Stage, stage_id)
        if "name" in values:
            values["name"] = _checked_stage(tx, stage.funnel_id, values["name"], stage_id)
        tx.label = Label("stage.changed", {"name": values.get("name", stage.name)})
        tx.update(Stage, stage_id, expected_version=expected_version, **values)
    return tx.change


def add_stage(
    db: Database, funnel_id: int, name: str, *, before_id: int | None = None, actor: Actor | None = None
) -> Change:
    """Add an open stage before another one, or at the end.

    Raises `name.empty`, `name.long`, `name.taken`, `funnel.too_many_stages`.
    """
    with db.transaction(Label("stage.created", {"name": name.strip()}), actor=actor) as tx:
        append_stage(tx, funnel_id, name, before_id=before_id)
    return tx.change


def append_stage(tx: Transaction, funnel_id: int, name: str, *, before_id: int | None = None) -> int:
    """As `add_stage` inside a transaction; returns the stage's id."""
    tx.get(Funnel, funnel_id)
    wanted = _checked_stage(tx, funnel_id, name, 0)
    every = tx.all(Stage, funnel_id=funnel_id)
    # A slot is a bit of stored masks: it belongs to its stage for ever, archived or not.
    slot = max((stage.slot for stage in every), default=-1) + 1
    if slot >= MAX_STAGES:
        raise UserError("funnel.too_many_stages", most=MAX_STAGES)
    live = [stage.id for stage in ordered(every)]
    new_id = tx.insert(Stage(funnel_id=funnel_id, name=wanted, slot=slot, position=len(live) + 1))
    live.insert(live.index(before_id) if before_id in live else len(live), new_id)
    _number(tx, live)
    return new_id


def reorder(db: Database, funnel_id: int, stage_ids: Sequence[int], *, actor: Actor | None = None) -> Change:
    """Put the live stages of a funnel into this order.

    Raises `stage.not_all` unless every one is named once.
    """
    with db.transaction(Label("funnel.changed"), actor=actor) as tx:
        tx.label = Label("funnel.changed", {"name": tx.get(Funnel, funnel_id).name})
        live = {stage.id for stage in ordered(tx.all(Stage, funnel_id=funnel_id))}
        if live != set(stage_ids) or len(live) != len(stage_ids):
            raise UserError("stage.not_all")
        _number(tx, stage_ids)
    return tx.change


def _number(tx: Transaction, stage_ids: Sequence[int]) -> None:
    for rank, stage_id in enumerate(stage_ids, 1):
        tx.update(Stage, stage_id, position=rank)


def _next_position(tx: Transaction) -> int:
    return max((funnel.position for funnel in tx.select(Funnel)), default=0) + 1


def _checked_name(tx: Transaction, name: str, own_id: int = 0) -> str:
    kept = tx.get(Funnel, own_id).name if own_id else ""
    wanted = checked_name(name, kept)
    if any(fold(f.name) == fold(wanted) and f.id != own_id for f in tx.select(Funnel)):
        raise UserError("name.taken", name=wanted)
    return wanted


def _free_name(tx: Transaction, name: str) -> str:
    taken = {fold(funnel.name) for funnel in tx.select(Funnel)}
    found, number = name, 2
    while fold(found) in taken:
        found, number = f"{name} {number}", number + 1
    return found


def _checked_stage(tx: Transaction, funnel_id: int, name: str, own_id: int) -> str:
    kept = tx.get(Stage, own_id).name if own_id else ""
    wanted = checked_name(name, kept)
    for stage in tx.all(Stage, funnel_id=funnel_id, folded=fold(wanted)):
        if stage.id != own_id and not stage.archived:
            raise UserError("name.taken", name=wanted)
    return wanted


def _only(allowed: frozenset[str], values: dict[str, Any]) -> None:
    wrong = values.keys() - allowed
    if wrong:
        raise AssertionError(f"not to be changed this way: {sorted(wrong)}")


__all__ = [
    "FunnelView", "TemplateInfo", "TemplateStage", "add_from_template", "add_funnel", "add_stage",
    "append_stage", "create", "create_from_template", "ensure_loss_reasons",
    "reorder", "template", "templates", "update_funnel", "update_stage", "views",
]  # fmt: skip
