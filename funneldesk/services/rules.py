"""Rules of automation: made, changed, removed, and the log of what they did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from funneldesk.domain.card import Names
from funneldesk.domain.change import Change, Label
from funneldesk.domain.condition_fields import AskField
from funneldesk.domain.fields import CustomField
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.rule import Action, Event, Rule, params_of
from funneldesk.errors import UserError
from funneldesk.store.database import Database
from funneldesk.store.queries import card as card_queries
from funneldesk.store.queries import condition_fields
from funneldesk.store.queries import rules as queries
from funneldesk.store.transaction import Actor

LOG_LINES = 500
_RULE_FIELDS = frozenset(
    {
        "funnel_id",
        "event",
        "stage_id",
        "days",
        "condition",
        "action",
        "params",
        "active",
        "imports",
        "position",
    }
)


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """Every rule in its order, and what is needed to put one into words."""

    rules: tuple[Rule, ...] = ()
    funnels: Mapping[int, Funnel] = field(default_factory=dict)
    stages: Mapping[int, Stage] = field(default_factory=dict)
    fields: Mapping[int, CustomField] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    asked: Mapping[str, Sequence[AskField]] = field(default_factory=dict)  # by deal and lead


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log; `rule` None = it was removed since, `title` "" = the record was."""

    at: int
    rule: Rule | None
    record_kind: str
    record_id: int
    title: str
    outcome: str
    detail: str


def sheet(db: Database) -> RuleSheet:
    """All that the editor of rules shows."""
    with db.read() as conn:
        funnels, stages = queries.places(conn)
        return RuleSheet(
            tuple(queries.in_order(conn)),
            {f.id: f for f in funnels},
            {s.id: s for s in stages},
            {f.id: f for f in card_queries.kept_fields(conn, "deal")},
            card_queries.names(conn),
            {kind: condition_fields.catalogue(conn, kind) for kind in ("deal", "lead")},
        )


def log(db: Database, limit: int = LOG_LINES) -> list[LogLine]:
    """What rules did, newest first."""
    with db.read() as conn:
        runs = queries.runs(conn, limit)
        known = {rule.id: rule for rule in queries.in_order(conn)}
        named = {
            kind: queries.titles(conn, kind, [r.record_id for r in runs if r.record_kind == kind])
            for kind in ("deal", "lead")
        }
    return [
        LogLine(
            run.at, known.get(run.rule_id), run.record_kind, run.record_id,
            named[run.record_kind].get(run.record_id, ""), run.outcome, run.detail or "",
        )
        for run in runs
    ]  # fmt: skip


def add(db: Database, rule: Rule, *, actor: Actor | None = None) -> Change:
    """Make a rule, the last one.  Raises `rule.*` where something is missing."""
    _check(rule)
    with db.transaction(Label("rule.created"), actor=actor) as tx:
        place = max((known.position for known in tx.select(Rule)), default=0) + 1
        tx.insert(replace(rule, position=place))
    return tx.change


def update(db: Database, rule_id: int, *, actor: Actor | None = None, **values: Any) -> Change:
    """Change a rule, or switch it on or off.  Raises `rule.*` where something is missing."""
    wrong = values.keys() - _RULE_FIELDS
    if wrong:
        raise AssertionError(f"not to be changed this way: {sorted(wrong)}")
    with db.transaction(Label("rule.changed"), actor=actor) as tx:
        _check(replace(tx.get(Rule, rule_id), **values))
        tx.update(Rule, rule_id, **values)
    return tx.change


def remove(db: Database, rule_id: int, *, actor: Actor | None = None) -> Change:
    """Remove a rule; the log keeps what it did."""
    with db.transaction(Label("rule.deleted"), actor=actor) as tx:
        tx.delete(Rule, rule_id)
    return tx.change


def _check(rule: Rule) -> None:
    params = params_of(rule)
    if rule.event == Event.STALE and not (rule.days and rule.days > 0):
        raise UserError("rule.no_days")
    if rule.event == Event.LEAD_ARRIVED and rule.action in (Action.MOVE, Action.SET_FIELD):
        raise UserError("rule.leads_do_not_move")
    if rule.action in (Action.CHANGE_OWNER, Action.HAND_OVER) and params.manager_id is None:
        raise UserError("rule.no_manager")
    if rule.action in (Action.TASK, Action.REMIND, Action.HAND_OVER) and not params.text.strip():
        raise UserError("rule.no_text")
    if rule.action == Action.SET_FIELD and not (params.field and params.value):
        raise UserError("rule.no_field")
    if rule.action == Action.MOVE:
        if params.place == "open" and params.stage_id is None:
            raise UserError("rule.no_stage")
        if params.place == "lost" and params.reason_id is None:
            raise UserError("rule.no_reason")
