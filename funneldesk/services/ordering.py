"""The order that people give to records: one goes further up or down among its like."""

from __future__ import annotations

from typing import Any

from funneldesk.store.transaction import Transaction


def shift(tx: Transaction, cls: type[Any], record_id: int, by: int, **among: Any) -> None:
    """Put a record further down (`by` 1) or up (-1) among those of the same values while there is room."""
    order = sorted(tx.all(cls, **among), key=lambda each: (each.position, each.id))
    place = next(number for number, each in enumerate(order) if each.id == record_id)
    order.insert(max(0, min(place + by, len(order) - 1)), order.pop(place))
    for position, each in enumerate(order):
        tx.update(cls, each.id, position=position)
