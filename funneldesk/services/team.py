"""Managers: added, renamed, merged, deactivated; and the small lists (sources, products, reasons)."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.activity import Activity
from funneldesk.domain.billing import Invoice
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.folding import fold
from funneldesk.domain.goals import Plan
from funneldesk.domain.lead import Lead
from funneldesk.domain.repeat import Repeat
from funneldesk.domain.team import CurrencyRate, LossReason, Manager, Product, Source
from funneldesk.errors import UserError
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, Transaction

ListRecord = Manager | Source | Product | LossReason


def add_manager(db: Database, name: str, *, actor: Actor | None = None) -> Change:
    """Add a manager.  Raises `name.empty`, `name.taken`."""
    return _add(db, Manager(name=_free(name)), "manager.created", actor)


def add_source(db: Database, name: str, *, actor: Actor | None = None) -> Change:
    """Add a source of prospects."""
    return _add(db, Source(name=_free(name)), "list.created", actor)


def add_product(db: Database, name: str, *, actor: Actor | None = None) -> Change:
    """Add a product."""
    return _add(db, Product(name=_free(name)), "list.created", actor)


def add_loss_reason(
    db: Database, name: str, *, outcome: str | None = None, actor: Actor | None = None
) -> Change:
    """Add a loss reason, in the group `outcome`."""
    return _add(db, LossReason(name=_free(name), outcome=outcome), "list.created", actor)


def rename(db: Database, record: ListRecord, name: str, *, actor: Actor | None = None) -> Change:
    """Rename a manager or an entry of a list.  Raises `name.empty`, `name.taken`."""
    fresh = _free(name)
    code = "manager.renamed" if isinstance(record, Manager) else "list.renamed"
    with db.transaction(Label(code, {"old": record.name, "name": fresh}), actor=actor) as tx:
        _refuse_taken(tx, type(record), fresh, record.id)
        tx.update(type(record), record.id, name=fresh)
    return tx.change


def set_active(db: Database, manager_id: int, active: bool, *, actor: Actor | None = None) -> Change:
    """Deactivate a manager who left (deals and figures stay), or bring one back."""
    with db.transaction(Label("manager.activated"), actor=actor) as tx:
        manager = tx.get(Manager, manager_id)
        code = "manager.activated" if active else "manager.deactivated"
        tx.label = Label(code, {"name": manager.name})
        tx.update(Manager, manager_id, active=active)
    return tx.change


def merge_managers(db: Database, manager_id: int, into_id: int, *, actor: Actor | None = None) -> Change:
    """Give all of a manager (clients, deals, activities, history) to another and remove the first."""
    if manager_id == into_id:
        raise UserError("manager.merge_self")
    with db.transaction(Label("manager.merged"), actor=actor) as tx:
        gone, kept = tx.get(Manager, manager_id), tx.get(Manager, into_id)
        tx.label = Label("manager.merged", {"name": gone.name, "into": kept.name})
        links: tuple[tuple[type[Any], str, str], ...] = (
            (Company, "company", "manager_id"),
            (Person, "person", "manager_id"),
            (Lead, "lead", "manager_id"),
            (Deal, "deal", "manager_id"),
            (Activity, "activity", "manager_id"),
            (Activity, "activity", "given_by_id"),
            (Repeat, "repeat", "manager_id"),
            (Invoice, "invoice", "manager_id"),
            (StageMove, "stage_move", "actor_id"),
            (StageMove, "stage_move", "owner_id"),
        )
        for cls, kind, column in links:
            ids = [record.id for record in tx.all(cls, **{column: manager_id})]
            tx.bulk_update(kind, [column], ids, [[into_id]] * len(ids))
        _merge_plans(tx, manager_id, into_id)
        tx.delete(Manager, manager_id)
    return tx.change


def _merge_plans(tx: Transaction, manager_id: int, into_id: int) -> None:
    """What both have planned for a month is one goal from now on."""
    for plan in tx.all(Plan, manager_id=manager_id):
        known = tx.all(Plan, manager_id=into_id, month=plan.month, measure=plan.measure)
        if known:
            tx.update(Plan, known[0].id, value=known[0].value + plan.value)
            tx.delete(Plan, plan.id)
        else:
            tx.update(Plan, plan.id, manager_id=into_id)


def set_rate(db: Database, currency: str, day: str, rate: str, *, actor: Actor | None = None) -> Change:
    """Set the rate of a currency from an ISO day on: units of the accounting currency per unit."""
    with db.transaction(Label("rate.set", {"currency": currency, "day": day}), actor=actor) as tx:
        known = tx.all(CurrencyRate, currency=currency, day=day)
        if known:
            tx.update(CurrencyRate, known[0].id, rate=rate)
        else:
            tx.insert(CurrencyRate(currency=currency, day=day, rate=rate))
    return tx.change


def get_or_add(tx: Transaction, cls: type[Any], name: str) -> int:
    """The id of the entry called `name` (letter case ignored), made when there is none."""
    found = tx.all(cls, folded=fold(name))
    return int(found[0].id) if found else tx.insert(cls(name=name.strip()))


def _add(db: Database, record: ListRecord, code: str, actor: Actor | None) -> Change:
    with db.transaction(Label(code, {"name": record.name}), actor=actor) as tx:
        _refuse_taken(tx, type(record), record.name, 0)
        tx.insert(record)
    return tx.change


def _refuse_taken(tx: Transaction, cls: type[Any], name: str, own_id: int) -> None:
    if any(found.id != own_id for found in tx.all(cls, folded=fold(name))):
        raise UserError("name.taken", name=name)


def _free(name: str) -> str:
    if not name.strip():
        raise UserError("name.empty")
    return name.strip()
