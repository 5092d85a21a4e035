"""When a rule may act: a condition on the deal or the lead, and the kind of activity that sets it off.

Kept as JSON: `{"kind": "call", "if": ...}`, the condition as `domain.condition.spec_of` gives it.
"""

from __future__ import annotations

import json
from typing import Any, Final

from funneldesk.domain.condition import Group, group_from, spec_of
from funneldesk.domain.rule import Event, Rule
from funneldesk.store.queries import conditions
from funneldesk.store.transaction import Transaction

_WHOLE: Final = ("amount", "manager_id", "source_id", "product_id")


def tree_of(rule: Rule) -> Group:
    """The condition of a rule; an empty one lets everything through."""
    return group_from(_raw(rule).get("if"))


def activity_kind(rule: Rule) -> str:
    """The kind of activity that sets the rule off; "" = any."""
    return str(_raw(rule).get("kind", ""))


def dumps(tree: Group, kind: str = "") -> str | None:
    """A condition as it is kept."""
    raw: dict[str, Any] = {"kind": kind} if kind else {}
    if tree:
        raw["if"] = spec_of(tree)
    return json.dumps(raw, ensure_ascii=False) if raw else None


def record_kind(rule: Rule) -> str:
    """The kind of record whose fields the condition asks for."""
    return "lead" if rule.event == Event.LEAD_ARRIVED else "deal"


def holds(tx: Transaction, rule: Rule, kind: str, record_id: int) -> bool:
    """Whether a record passes the condition of a rule.  Raises UserError `condition.gone`."""
    tree = tree_of(rule)
    if not tree:
        return True
    return kind == record_kind(rule) and conditions.passes(tx.conn, kind, record_id, tree, now=tx.at)


def typed(field: str, value: str) -> object:
    """A value that was kept as text, as the column takes it."""
    return int(value) if field in _WHOLE and value else value


def _raw(rule: Rule) -> dict[str, Any]:
    return json.loads(rule.condition) if rule.condition else {}
