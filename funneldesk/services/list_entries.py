"""Entries of the small lists (managers, sources, products, loss reasons): read, merged, removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.fields import CustomValue
from funneldesk.domain.goals import Plan
from funneldesk.domain.rule import Rule, params_of
from funneldesk.domain.team import LossReason, Manager, Product, Source
from funneldesk.errors import UserError
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import lists
from funneldesk.store.references import referring
from funneldesk.store.transaction import Actor, Transaction

ListRecord = Manager | Source | Product | LossReason


def entries(db: Database, kind: str) -> Sequence[ListRecord]:
    """The entries of a list by the kind of its records, in the order in which they are offered."""
    with db.read() as conn:
        if kind == "manager":
            return lists.managers(conn)
        if kind == "source":
            return lists.sources(conn)
        return lists.products(conn) if kind == "product" else lists.loss_reasons(conn)


def merge(
    db: Database, cls: type[ListRecord], gone_id: int, into_id: int, *, actor: Actor | None = None
) -> Change:
    """Give everything that refers to an entry to another one of its list, and remove the first.

    Raises `manager.merge_self`, `list.merge_self`; `record.gone` when one of them is not there any more.
    """
    kind = t.KIND_OF[cls]
    code = "manager" if cls is Manager else "list"
    if gone_id == into_id:
        raise UserError(f"{code}.merge_self")
    with db.transaction(Label(f"{code}.merged"), actor=actor) as tx:
        gone, kept = tx.get(cls, gone_id), tx.get(cls, into_id)
        tx.label = Label(f"{code}.merged", {"name": gone.name, "into": kept.name})
        if also := _ALSO.get(kind):
            also(tx, gone_id, into_id)
        for (of, column), ids in referring(tx.conn, kind, gone_id).items():
            tx.bulk_update(of, [column], ids, [[into_id]] * len(ids))
        tx.delete(cls, gone_id)
    return tx.change


def remove(db: Database, cls: type[ListRecord], record_id: int, *, actor: Actor | None = None) -> Change:
    """Remove an entry that nothing refers to.  Raises `list.in_use` with the number of records that do."""
    kind = t.KIND_OF[cls]
    with db.transaction(Label("list.removed"), actor=actor) as tx:
        gone = tx.get(cls, record_id)
        tx.label = Label("list.removed", {"name": gone.name})
        using = {("rule", rule.id) for rule in _rules(tx, kind, record_id)}
        for (of, _column), ids in referring(tx.conn, kind, record_id).items():
            using |= {(of, each) for each in ids}
        if using:
            told = [each for each in using if each[0] != "stage_move"] or using
            raise UserError("list.in_use", name=gone.name, n=len(told))
        for value in _own_values(tx, kind, record_id):
            tx.delete(CustomValue, value.id)
        tx.delete(cls, record_id)
    return tx.change


def _rules(tx: Transaction, kind: str, to: int) -> list[Rule]:
    if kind != "manager":
        return []
    return [rule for rule in tx.select(Rule) if params_of(rule).manager_id == to]


def _own_values(tx: Transaction, kind: str, record_id: int) -> list[CustomValue]:
    return tx.all(CustomValue, record_kind=kind, record_id=record_id)


def _managers_too(tx: Transaction, gone: int, into: int) -> None:
    """What both have planned for a month is one goal from now on; rules give work to who is left."""
    for plan in tx.all(Plan, manager_id=gone):
        known = tx.all(Plan, manager_id=into, month=plan.month, measure=plan.measure)
        if known:
            tx.update(Plan, known[0].id, value=known[0].value + plan.value)
            tx.delete(Plan, plan.id)
    for rule in _rules(tx, "manager", gone):
        tx.update(Rule, rule.id, params=replace(params_of(rule), manager_id=into).dumps())


def _products_too(tx: Transaction, gone: int, into: int) -> None:
    """Values of own fields go along where the other product has none."""
    there = {value.field_id for value in _own_values(tx, "product", into)}
    for value in _own_values(tx, "product", gone):
        if value.field_id in there:
            tx.delete(CustomValue, value.id)
        else:
            tx.put("custom_value", value.id, {"record_id": into})


_ALSO: dict[str, Callable[[Transaction, int, int], Any]] = {
    "manager": _managers_too,
    "product": _products_too,
}
