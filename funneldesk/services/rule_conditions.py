"""When a rule may act: a few comparisons of values of the deal, all of which must hold.

Kept as JSON: `{"kind": "call", "all": [{"field": "amount", "op": "more", "value": "10000"}]}`.
`kind` is the kind of activity that sets off a rule of `activity_done`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from funneldesk.domain.deal import Deal
from funneldesk.domain.lead import Lead
from funneldesk.domain.rule import Rule
from funneldesk.store.queries.criteria import known_values
from funneldesk.store.transaction import Transaction

OPS: Final = ("is", "is_not", "more", "less", "filled", "empty")
_WHOLE: Final = ("amount", "manager_id", "source_id", "product_id", "person_id")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison; `value` is text: money in minor units, an id, an ISO day."""

    field: str
    op: str
    value: str = ""


def tests_of(rule: Rule) -> tuple[Comparison, ...]:
    """The comparisons of a rule."""
    return tuple(Comparison(**one) for one in _raw(rule).get("all", []))


def activity_kind(rule: Rule) -> str:
    """The kind of activity that sets the rule off; "" = any."""
    return str(_raw(rule).get("kind", ""))


def dumps(tests: tuple[Comparison, ...], kind: str = "") -> str | None:
    """Comparisons as they are kept."""
    raw: dict[str, Any] = {"all": [{"field": t.field, "op": t.op, "value": t.value} for t in tests]}
    if kind:
        raw["kind"] = kind
    return json.dumps(raw, ensure_ascii=False) if tests or kind else None


def _raw(rule: Rule) -> dict[str, Any]:
    return json.loads(rule.condition) if rule.condition else {}


def holds(tx: Transaction, rule: Rule, kind: str, record: Deal | Lead) -> bool:
    """Whether every comparison of a rule holds for a record."""
    tests = tests_of(rule)
    if not tests:
        return True
    if kind == "deal":
        known = known_values(tx.conn, record.id)
    else:
        known = {name: getattr(record, name, None) for name in ("manager_id", "source_id", "comment")}
    return all(_fits(test, known.get(test.field)) for test in tests)


def _fits(test: Comparison, value: object) -> bool:
    empty = value in (None, "", False)
    if test.op in ("filled", "empty"):
        return empty == (test.op == "empty")
    if test.op in ("is", "is_not"):
        return (str(value or "").casefold() == test.value.casefold()) == (test.op == "is")
    if empty:
        return False
    try:
        number, bound = float(str(value)), float(test.value)
    except ValueError:
        return str(value) > test.value if test.op == "more" else str(value) < test.value
    return number > bound if test.op == "more" else number < bound


def typed(field: str, value: str) -> object:
    """A value that was kept as text, as the column takes it."""
    return int(value) if field in _WHOLE and value else value
