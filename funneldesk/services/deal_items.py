"""The lines of a deal.  Its amount follows their sum until somebody types another amount.

The rule needs no mark: an amount that equals the sum of the lines (or is unknown) follows them,
one that differs was typed and stays; the first line takes the amount over.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.deal import Deal
from funneldesk.domain.items import QUANTITY, WHOLE, DealItem, totals
from funneldesk.domain.money import from_minor, to_minor
from funneldesk.domain.team import Product
from funneldesk.errors import UserError
from funneldesk.services.moving import MOST
from funneldesk.store.database import Database
from funneldesk.store.queries.rates import Rates, rates
from funneldesk.store.transaction import Actor, Transaction


def add(
    db: Database,
    deal_id: int,
    *,
    product_id: int | None = None,
    name: str = "",
    quantity: int = QUANTITY,
    price: int | None = None,
    discount: int = 0,
    actor: Actor | None = None,
) -> Change:
    """Put a line at the end; name, price and cost come from the product where they are not given.

    Raises `name.empty`, `item.quantity`, `item.discount`, `rate.missing`, `deal.amount_too_large`.
    """
    with db.transaction(Label("deal.items"), actor=actor) as tx:
        deal = tx.get(Deal, deal_id)
        tx.label = Label("deal.items", {"title": deal.title})
        before = tx.all(DealItem, deal_id=deal_id)
        product = tx.find(Product, product_id)
        shown = name.strip() or (product.name if product is not None else "")
        if not shown:
            raise UserError("name.empty")
        item = DealItem(
            deal_id=deal_id,
            product_id=product_id,
            name=shown,
            quantity=quantity,
            price=price if price is not None else price_for(tx, product, deal) or 0,
            cost=cost_for(tx, product, deal),
            discount=discount,
            position=max((known.position for known in before), default=-1) + 1,
        )
        _check(item)
        tx.insert(item)
        _follow(tx, deal, before)
    return tx.change


def update(db: Database, item_id: int, *, actor: Actor | None = None, **values: Any) -> Change:
    """Change a line.  Raises as `add`."""
    with db.transaction(Label("deal.items"), actor=actor) as tx:
        item = tx.get(DealItem, item_id)
        deal = tx.get(Deal, item.deal_id)
        tx.label = Label("deal.items", {"title": deal.title})
        before = tx.all(DealItem, deal_id=deal.id)
        if "product_id" in values and values["product_id"] != item.product_id:
            values["cost"] = cost_for(tx, tx.find(Product, values["product_id"]), deal)
        if "name" in values and not str(values["name"]).strip():
            raise UserError("name.empty")
        tx.update(DealItem, item_id, **values)
        _check(tx.get(DealItem, item_id))
        _follow(tx, deal, before)
    return tx.change


def remove(db: Database, item_id: int, *, actor: Actor | None = None) -> Change:
    """Take a line away."""
    with db.transaction(Label("deal.items"), actor=actor) as tx:
        item = tx.get(DealItem, item_id)
        deal = tx.get(Deal, item.deal_id)
        tx.label = Label("deal.items", {"title": deal.title})
        before = tx.all(DealItem, deal_id=deal.id)
        tx.delete(DealItem, item_id)
        _follow(tx, deal, before)
    return tx.change


def take_sum(db: Database, deal_id: int, *, actor: Actor | None = None) -> Change:
    """Make the amount the sum of the lines again."""
    with db.transaction(Label("deal.changed"), actor=actor) as tx:
        deal = tx.get(Deal, deal_id)
        tx.label = Label("deal.changed", {"title": deal.title})
        tx.update(Deal, deal_id, amount=totals(tx.all(DealItem, deal_id=deal_id)).amount)
    return tx.change


def price_for(tx: Transaction, product: Product | None, deal: Deal) -> int | None:
    """The price of a product in the currency of a deal."""
    return None if product is None else _in_currency(tx, product.price, product.currency, deal.currency)


def cost_for(tx: Transaction, product: Product | None, deal: Deal) -> int | None:
    """The cost of a product in the currency of a deal."""
    return None if product is None else _in_currency(tx, product.cost, product.currency, deal.currency)


def _in_currency(tx: Transaction, minor: int | None, source: str | None, target: str | None) -> int | None:
    return None if minor is None else exchanged(rates(tx.conn), minor, source, target)


def exchanged(known: Rates, minor: int, source: str | None, target: str | None) -> int:
    """`minor` of one currency in another at the newest rates.  Raises `rate.missing`."""
    source, target = source or known.currency, target or known.currency
    if source == target:
        return minor
    middle = known.convert(minor, source, None)
    if middle is None:
        raise UserError("rate.missing", currency=source)
    one = Decimal(1) if target == known.currency else known.newest(target)
    if one is None:
        raise UserError("rate.missing", currency=target)
    return to_minor(from_minor(middle, known.currency) / one, target)


def _check(item: DealItem) -> None:
    if not 0 < item.quantity <= 10**12:
        raise UserError("item.quantity")
    if not 0 <= item.discount <= WHOLE:
        raise UserError("item.discount")
    if abs(item.price) > MOST or abs(totals([item]).amount) > MOST:
        raise UserError("deal.amount_too_large")


def _follow(tx: Transaction, deal: Deal, before: list[DealItem]) -> None:
    if before and deal.amount is not None and deal.amount != totals(before).amount:
        return  # typed by hand
    after = tx.all(DealItem, deal_id=deal.id)
    if after:
        amount = totals(after).amount
        if abs(amount) > MOST:
            raise UserError("deal.amount_too_large")
        tx.update(Deal, deal.id, amount=amount)
