"""Calculated fields: their formulas checked, kept, tried on a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funneldesk.domain import clock, formula_kinds
from funneldesk.domain.change import Change, Label
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.folding import fold
from funneldesk.domain.formula import FormulaError, Value, encode, evaluate, fields_of, kept, parse
from funneldesk.domain.naming import checked_name
from funneldesk.errors import UserError
from funneldesk.store.database import Database
from funneldesk.store.queries import calculated as queries
from funneldesk.store.queries import card as card_queries
from funneldesk.store.transaction import Actor

KINDS = tuple(formula_kinds.BUILT_IN)
# Types of own fields that a formula can use.
USABLE = (
    FieldType.NUMBER,
    FieldType.MONEY,
    FieldType.DATE,
    FieldType.YES_NO,
    FieldType.CHOICE,
    FieldType.TEXT,
)


def usable_fields(db: Database, kind: str) -> Sequence[CustomField]:
    """The own fields of a kind of record that formulas can use."""
    with db.read() as conn:
        return [field for field in card_queries.custom_fields(conn, kind) if field.type in USABLE]


def keys_of(names: Mapping[str, str]) -> dict[str, str]:
    """Key -> name turned round, as `domain.formula.parse` takes it."""
    return {" ".join(name.casefold().split()): key for key, name in names.items()}


def add(
    db: Database,
    record_kind: str,
    name: str,
    formula: str,
    names: Mapping[str, str],
    *,
    actor: Actor | None = None,
) -> Change:
    """Add a calculated field; `names` are the keys of fields and what they are called.

    Raises `name.empty`, `name.long`, `name.taken`, `FormulaError`.
    """
    if record_kind not in KINDS:
        raise ValueError(f"no calculated fields on {record_kind}")
    fresh = checked_name(name)
    text = _checked(formula, names)
    with db.transaction(Label("field.created", {"name": fresh}), actor=actor) as tx:
        known = tx.all(CustomField, record_kind=record_kind)
        if any(field.folded == fold(name) for field in known):
            raise UserError("name.taken", name=fresh)
        place = max((field.position for field in known), default=-1) + 1
        kind = str(FieldType.CALCULATED)
        tx.insert(CustomField(record_kind=record_kind, name=fresh, type=kind, options=text, position=place))
    return tx.change


def change(
    db: Database, field_id: int, formula: str, names: Mapping[str, str], *, actor: Actor | None = None
) -> Change:
    """Give a calculated field another formula.  Raises `FormulaError`, `record.gone`."""
    text = _checked(formula, names)
    with db.transaction(Label("field.changed"), actor=actor) as tx:
        field = tx.get(CustomField, field_id)
        tx.label = Label("field.changed", {"name": field.name})
        tx.update(CustomField, field_id, options=text)
    return tx.change


def _checked(formula: str, names: Mapping[str, str]) -> str:
    text = kept(formula, keys_of(names))
    unknown = fields_of(parse(text)) - set(names)
    if unknown:
        raise FormulaError("field", min(unknown))
    return text


def attempt(db: Database, kind: str, record_id: int, formula: str, names: Mapping[str, str]) -> str:
    """What a typed formula gives for a record, as `encode` writes it.  Raises `FormulaError`."""
    tree = parse(_checked(formula, names))
    with db.read() as conn:
        facts: Mapping[str, Value] = queries.facts_of(conn, kind, [record_id], fields_of(tree))[record_id]
    return encode(evaluate(tree, facts, clock.local_date(clock.now(), db.info().zone)))
