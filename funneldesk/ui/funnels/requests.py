"""What the editor asks to be written: each is one service, run in the writing thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from funneldesk.domain.change import Change
from funneldesk.domain.draft import DraftStage
from funneldesk.domain.rule import Rule

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.transaction import Actor

Write = Callable[["Database", "Actor"], Change]


def edit_funnel(funnel_id: int, key: str, value: Any) -> Write:
    """Another value of a funnel's field."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import funnels

        return funnels.update_funnel(db, funnel_id, actor=actor, **{key: value})

    return work


def edit_stage(stage_id: int, key: str, value: Any) -> Write:
    """Another value of a stage's field."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import funnels

        return funnels.update_stage(db, stage_id, actor=actor, **{key: value})

    return work


def add_stage(funnel_id: int, name: str) -> Write:
    """A new stage at the end."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import funnels

        return funnels.add_stage(db, funnel_id, name, actor=actor)

    return work


def reorder(funnel_id: int, stage_ids: Sequence[int]) -> Write:
    """The stages in another order."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import funnels

        return funnels.reorder(db, funnel_id, stage_ids, actor=actor)

    return work


def let_go(stage_id: int, target: int | None, *, merge: bool) -> Write:
    """A stage that is removed or merged; its deals go to `target`."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import stages

        if merge and target is not None:
            return stages.merge_stage(db, stage_id, target, actor=actor)
        return stages.remove_stage(db, stage_id, to_id=target, actor=actor)

    return work


def archive(funnel_id: int, archived: bool) -> Write:
    """A funnel put away or taken back."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import stages

        change = stages.archive_funnel if archived else stages.restore_funnel
        return change(db, funnel_id, actor=actor)

    return work


def from_template(key: str, language: str) -> Write:
    """A new funnel from a template."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import funnels

        return funnels.create_from_template(db, key, language=language, actor=actor)

    return work


def from_name(name: str, first_stage: str, language: str) -> Write:
    """A new funnel with one stage."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import funnels

        return funnels.create(db, name, [first_stage], language=language, actor=actor)

    return work


_OF_RULE = ("funnel_id", "event", "stage_id", "days", "condition", "action", "params", "imports")


def put_rule(rule: Rule) -> Write:
    """A rule that is made (id 0) or changed."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import rules

        if not rule.id:
            return rules.add(db, rule, actor=actor)
        return rules.update(db, rule.id, actor=actor, **{name: getattr(rule, name) for name in _OF_RULE})

    return work


def change_rule(rule_id: int, values: dict[str, Any]) -> Write:
    """Other values of a rule."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import rules

        return rules.update(db, rule_id, actor=actor, **values)

    return work


def remove_rule(rule_id: int) -> Write:
    """A rule that goes."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import rules

        return rules.remove(db, rule_id, actor=actor)

    return work


def adopt(funnel_id: int, draft: Sequence[DraftStage]) -> Write:
    """A funnel as it is drafted."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import rehearsal

        return rehearsal.adopt(db, funnel_id, draft, actor=actor)

    return work


def edit_reason(reason_id: int, values: dict[str, Any]) -> Write:
    """Other values of a loss reason."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import loss_reasons

        return loss_reasons.update(db, reason_id, actor=actor, **values)

    return work


def add_reason(name: str, funnel_id: int) -> Write:
    """A loss reason that only this funnel has."""

    def work(db: Database, actor: Actor) -> Change:
        from funneldesk.services import loss_reasons

        return loss_reasons.add(db, name, funnel_id, actor=actor)

    return work
