"""What a formula gives, known before it is worked out: a number, money, a date, a text, yes or no.

A formula whose branches differ (`if([Won] > 3; "A"; 7)`) gives `mixed`.  `settled` turns such a one so
that nothing is calculated with a mixed piece: `if(c; 7; "A") + 1` becomes `if(c; 7 + 1; "A" + 1)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from funneldesk.domain.condition import ValueType
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.formula import FormulaError, Node, parse

NUMBERS = ("number", "money", "yes_no")
COMPARE = ("=", "<>", "<", ">", "<=", ">=")
LOGIC = ("empty", "and", "or", "not")
BRANCHES = 64  # ways through a formula; one with more is not taken apart

_CLIENT: Mapping[str, str] = {
    "created": "date", "open_deals": "number", "open_sum": "money", "won_deals": "number",
    "won_sum": "money", "last_won": "date",
}  # fmt: skip
# What of each kind of record a formula can use beside its own fields, and what each gives.
BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "deal": {
        "amount": "money", "lines_cost": "money", "created": "date", "expected_close": "date",
        "closed": "date", "stage_since": "date", "last_contact": "date",
    },
    "company": _CLIENT,
    "person": _CLIENT,
    "lead": {"created": "date", "closed": "date", "last_contact": "date"},
    "product": {"price": "money", "cost": "money"},
}  # fmt: skip
_OF_FIELD: Mapping[str, str] = {
    FieldType.NUMBER: "number", FieldType.MONEY: "money", FieldType.DATE: "date",
    FieldType.YES_NO: "yes_no", FieldType.CHOICE: "text", FieldType.TEXT: "text",
}  # fmt: skip
_ASKED: Mapping[str, ValueType] = {
    "number": ValueType.NUMBER, "money": ValueType.MONEY, "date": ValueType.DAY, "yes_no": ValueType.FLAG,
}  # fmt: skip


def kinds_of(kind: str, fields: Sequence[CustomField]) -> dict[str, str]:
    """What everything that a formula of a kind of record can use gives."""
    own = {
        f"field:{field.id}": _OF_FIELD[field.type]
        for field in fields
        if field.record_kind == kind and field.type in _OF_FIELD
    }
    return {**BUILT_IN.get(kind, {}), **own}


def asked_as(field: CustomField, fields: Sequence[CustomField]) -> ValueType | None:
    """How a calculated field can be asked for; None = not at all: its formula is broken or too branched."""
    kinds = kinds_of(field.record_kind, fields)
    try:
        tree = settled(parse(field.options or ""), kinds)
    except FormulaError:
        return None
    return _ASKED.get(kind_of(tree, kinds), ValueType.TEXT)


def kind_of(node: Node, kinds: Mapping[str, str]) -> str:
    """What a piece gives; `none` where it is always empty or an error."""
    if node.op in LOGIC:
        return "yes_no"
    if node.op == "value":
        return node.value.kind
    if node.op == "field":
        return kinds.get(node.key, "none")
    if node.op in ("today", "days"):
        return "date" if node.op == "today" else "number"
    found = [kind_of(part, kinds) for part in node.parts]
    if node.op == "if":
        return _either(found[1], found[2])
    if "none" in found:
        return "none"
    if "mixed" in found:
        return "yes_no" if node.op in COMPARE else "mixed"
    if node.op in COMPARE:
        return "yes_no" if comparable(found) else "none"
    return _worked(node.op, found)


def comparable(found: Sequence[str]) -> bool:
    """Whether two kinds can be told apart by size."""
    return found[0] == found[1] or (found[0] in NUMBERS and found[1] in NUMBERS)


def _worked(op: str, found: Sequence[str]) -> str:
    first, last = found[0], found[-1]
    if op in ("min", "max"):
        if len({*found}) == 1 and first != "text":
            return first
    elif op in ("+", "-"):
        if first == "date":
            return "date" if last == "number" else ("number" if op == "-" and last == "date" else "none")
        if op == "+" and first == last == "text":
            return "text"
    elif op == "/" and first in NUMBERS and last in NUMBERS:
        return "money" if first == "money" and last != "money" else "number"
    if any(kind not in NUMBERS for kind in found):
        return "none"
    return "money" if "money" in (found[:1] if op == "round" else found) else "number"


def _either(one: str, other: str) -> str:
    if one == other or other == "none":
        return one
    if one == "none":
        return other
    if {one, other} <= {"number", "money"}:
        return "money"
    return "mixed"


def settled(node: Node, kinds: Mapping[str, str]) -> Node:
    """The same formula with every mixed `if` outside of what is calculated with it.

    Raises FormulaError `deep` where that would take too many branches.
    """
    parts = tuple(settled(part, kinds) for part in node.parts)
    whole = Node(node.op, node.value, node.key, parts)
    if node.op == "if":  # only its condition is calculated with
        return whole if kind_of(parts[0], kinds) != "mixed" else _hoisted(whole, 1, kinds)
    if all(kind_of(part, kinds) != "mixed" for part in parts):
        return whole
    return _hoisted(whole, len(parts), kinds)


def _hoisted(node: Node, operands: int, kinds: Mapping[str, str]) -> Node:
    """An operation on mixed pieces as a tree of `if` with the operation on each of the branches."""
    ways = [_ways(part, kinds) if n < operands else [((), part)] for n, part in enumerate(node.parts)]
    count = 1
    for each in ways:
        count *= len(each)
    if count > BRANCHES:
        raise FormulaError("deep")
    found: Node | None = None
    for chosen in reversed(list(product(*ways))):
        made = Node(node.op, node.value, node.key, tuple(leaf for _tests, leaf in chosen))
        tests = tuple(test for tests, _leaf in chosen for test in tests)
        if found is None:
            found = made
        else:
            found = Node("if", parts=(tests[0] if len(tests) == 1 else Node("and", parts=tests), made, found))
    assert found is not None
    return found


def _ways(node: Node, kinds: Mapping[str, str]) -> list[tuple[tuple[Node, ...], Node]]:
    """The branches of a mixed piece, each with what must hold for it."""
    if node.op != "if" or kind_of(node, kinds) != "mixed":
        return [((), node)]
    test, yes, no = node.parts
    taken = [((test, *tests), leaf) for tests, leaf in _ways(yes, kinds)]
    other = [((Node("not", parts=(test,)), *tests), leaf) for tests, leaf in _ways(no, kinds)]
    return taken + other
