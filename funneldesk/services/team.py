"""Managers and the small lists (sources, products, reasons): added, renamed, deactivated; rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.folding import fold
from funneldesk.domain.naming import LONGEST, LONGEST_PRODUCT, checked_name
from funneldesk.domain.team import CurrencyRate, LossReason, Manager, Product, Source
from funneldesk.errors import UserError
from funneldesk.services.billing import NO_OWN, Own
from funneldesk.services.fields import put_own
from funneldesk.services.list_entries import ListRecord
from funneldesk.store import tables as t
from funneldesk.store.database import Database, read_info
from funneldesk.store.transaction import Actor, Transaction, select_records


def add_manager(db: Database, name: str, *, actor: Actor | None = None) -> Change:
    """Add a manager.  Raises `name.empty`, `name.long`, `name.taken`."""
    return _add(db, Manager(name=checked_name(name)), "manager.created", actor)


def add_source(db: Database, name: str, *, actor: Actor | None = None) -> Change:
    """Add a source of prospects."""
    return _add(db, Source(name=checked_name(name)), "list.created", actor)


def add_sources(db: Database, names: Sequence[str], *, actor: Actor | None = None) -> Change:
    """Add those of several sources that are not there yet, in one change."""
    with db.transaction(Label("sources.usual"), actor=actor) as tx:
        for name in names:
            get_or_add(tx, Source, name)
    return tx.change


def add_product(
    db: Database, name: str, *, own: Own = NO_OWN, actor: Actor | None = None, **values: Any
) -> Change:
    """Add a product; price and cost in minor units of `currency`, `own` the values of own fields by id."""
    product = Product(name=checked_name(name, most=LONGEST_PRODUCT), **values)
    with db.transaction(Label("list.created", {"name": product.name}), actor=actor) as tx:
        _refuse_taken(tx, Product, product.name, 0)
        put_own(tx, "product", tx.insert(product), own)
    return tx.change


def update_product(
    db: Database, product_id: int, *, own: Own = NO_OWN, actor: Actor | None = None, **values: Any
) -> Change:
    """Change a product and its own fields; lines of deals keep the price and cost they have."""
    with db.transaction(Label("product.changed"), actor=actor) as tx:
        product = tx.get(Product, product_id)
        if "name" in values:
            values["name"] = checked_name(values["name"], product.name, LONGEST_PRODUCT)
        tx.label = Label("product.changed", {"name": values.get("name", product.name)})
        if "name" in values:
            _refuse_taken(tx, Product, values["name"], product_id)
        tx.update(Product, product_id, **values)
        put_own(tx, "product", product_id, own)
    return tx.change


def add_loss_reason(
    db: Database, name: str, *, outcome: str | None = None, actor: Actor | None = None
) -> Change:
    """Add a loss reason, in the group `outcome`."""
    return _add(db, LossReason(name=checked_name(name), outcome=outcome), "list.created", actor)


def rename(db: Database, record: ListRecord, name: str, *, actor: Actor | None = None) -> Change:
    """Rename a manager or an entry of a list.  Raises `name.empty`, `name.long`, `name.taken`."""
    most = LONGEST_PRODUCT if isinstance(record, Product) else LONGEST
    fresh = checked_name(name, record.name, most)
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


def rates(db: Database) -> list[CurrencyRate]:
    """All rates, by currency, the newest first."""
    with db.read() as conn:
        found = select_records(conn, CurrencyRate, order=t.currency_rates.c.day.desc())
    return sorted(found, key=lambda rate: rate.currency)


def set_rate(db: Database, currency: str, day: str, rate: str, *, actor: Actor | None = None) -> Change:
    """Set the rate of a currency from an ISO day on: units of the accounting currency per unit.

    Raises `rate.currency`, `rate.own`, `rate.unreadable`, `date.unreadable`.
    """
    code, text, since = _code(currency), _decimal(rate), _day(day)
    with db.transaction(Label("rate.set", {"currency": code, "day": since}), actor=actor) as tx:
        if code == read_info(tx.conn).currency:
            raise UserError("rate.own", currency=code)
        known = tx.all(CurrencyRate, currency=code, day=since)
        if known:
            tx.update(CurrencyRate, known[0].id, rate=text)
        else:
            tx.insert(CurrencyRate(currency=code, day=since, rate=text))
    return tx.change


def delete_rate(db: Database, currency: str, day: str, *, actor: Actor | None = None) -> Change:
    """Take a rate away; the one before it holds again.  Raises `rate.none`."""
    code, since = _code(currency), _day(day)
    with db.transaction(Label("rate.deleted", {"currency": code, "day": since}), actor=actor) as tx:
        known = tx.all(CurrencyRate, currency=code, day=since)
        if not known:
            raise UserError("rate.none", currency=code, day=since)
        tx.delete(CurrencyRate, known[0].id)
    return tx.change


def get_or_add(tx: Transaction, cls: type[Any], name: str) -> int:
    """The id of the entry called `name` (letter case ignored), made when there is none."""
    found = tx.all(cls, folded=fold(name))
    return int(found[0].id) if found else tx.insert(cls(name=checked_name(name)))


def _add(db: Database, record: ListRecord, code: str, actor: Actor | None) -> Change:
    with db.transaction(Label(code, {"name": record.name}), actor=actor) as tx:
        _refuse_taken(tx, type(record), record.name, 0)
        tx.insert(record)
    return tx.change


def _refuse_taken(tx: Transaction, cls: type[Any], name: str, own_id: int) -> None:
    if any(found.id != own_id for found in tx.all(cls, folded=fold(name))):
        raise UserError("name.taken", name=name)


def _code(currency: str) -> str:
    code = currency.strip().upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise UserError("rate.currency", currency=currency.strip() or "?")
    return code


def _decimal(rate: str) -> str:
    bare = "".join(rate.split()).replace(",", ".")
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise UserError("rate.unreadable", value=rate) from error
    if not value.is_finite() or not 0 < value < 10**9:
        raise UserError("rate.unreadable", value=rate)
    return format(value.normalize(), "f")


def _day(day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise UserError("date.unreadable", value=day) from error
