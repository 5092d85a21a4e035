"""What a deal sells: its lines, their sums, its margin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

QUANTITY = 1000  # a quantity is kept in thousandths
WHOLE = 10_000  # a discount is kept in hundredths of a percent


@dataclass(frozen=True, slots=True, kw_only=True)
class DealItem:
    """One line: a quantity in thousandths at a price in minor units of the deal's currency.

    Name and cost are those of the product when the line was made; `discount` is in hundredths of
    a percent.
    """

    id: int = 0
    version: int = 1
    deal_id: int
    product_id: int | None = None
    name: str
    quantity: int = QUANTITY
    price: int = 0
    cost: int | None = None
    discount: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the lines of a deal in minor units; `unknown` lines have no cost."""

    amount: int
    cost: int
    unknown: int

    @property
    def margin(self) -> int | None:
        """What is earned; None while the cost of a line is not known."""
        return None if self.unknown else self.amount - self.cost

    @property
    def share(self) -> float | None:
        """The margin as a share of the amount."""
        return self.margin / self.amount if self.margin is not None and self.amount else None


def line_sum(quantity: int, price: int, discount: int = 0) -> int:
    """What a line comes to: quantity × price less the discount, half up."""
    top, bottom = quantity * price * (WHOLE - discount), QUANTITY * WHOLE
    sign = -1 if top < 0 else 1
    return sign * ((abs(top) * 2 + bottom) // (bottom * 2))


def totals(items: Iterable[DealItem]) -> Totals:
    """The sums of all lines."""
    amount = cost = unknown = 0
    for item in items:
        amount += line_sum(item.quantity, item.price, item.discount)
        if item.cost is None:
            unknown += 1
        else:
            cost += line_sum(item.quantity, item.cost)
    return Totals(amount, cost, unknown)
