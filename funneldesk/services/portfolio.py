"""Portfolio transfer: the load of each manager, a preview, and the move as one change."""

from __future__ import annotations

from funneldesk.domain import clock
from funneldesk.domain.change import Change, Label
from funneldesk.domain.portfolio import Load, Wish
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.store.database import Database
from funneldesk.store.queries import portfolio as queries
from funneldesk.store.queries.importing import rows_where
from funneldesk.store.transaction import Actor, Transaction

MANY = 50  # records; from so many on they are kept as one batch


def loads(db: Database) -> list[Load]:
    """What every manager carries now."""
    with db.read() as conn:
        return queries.loads(conn, clock.now())


def preview(db: Database, wish: Wish) -> dict[str, int]:
    """Kind -> how many records the wish moves."""
    with db.read() as conn:
        return {kind: len(ids) for kind, ids in queries.moving(conn, wish).items()}


def transfer(db: Database, wish: Wish, *, actor: Actor | None = None) -> Change:
    """Move it.  Raises `transfer.nobody`, `transfer.self`, `transfer.nothing`."""
    if not wish.to_ids:
        raise UserError("transfer.nobody")
    if wish.from_id in wish.to_ids:
        raise UserError("transfer.self")
    with db.transaction(Label("portfolio.moved"), actor=actor) as tx:
        names = [tx.get(Manager, i).name for i in wish.to_ids]
        giver = tx.find(Manager, wish.from_id or None)
        moving = queries.moving(tx.conn, wish)
        if not moving:
            raise UserError("transfer.nothing")
        count = sum(len(ids) for ids in moving.values())
        tx.label = Label(
            "portfolio.moved" if giver is not None else "portfolio.given",
            {"count": count, "name": giver.name if giver is not None else "", "to": ", ".join(names)},
        )
        for kind, ids in moving.items():
            receivers = [_receiver(kind, wish, row) for row in rows_where(tx.conn, kind, "id", ids)]
            _give(tx, kind, ids, receivers)
    return tx.change


def _receiver(kind: str, wish: Wish, row: dict[str, int | None]) -> int:
    """To whom a record goes: everything of one client to the same manager."""
    if kind == "company":
        anchor = row["id"]
    elif kind == "person":
        anchor = row["company_id"] or row["id"]
    else:
        anchor = row["company_id"] or row["person_id"] or row["id"]
    return wish.to_ids[(anchor or 0) % len(wish.to_ids)]


def _give(tx: Transaction, kind: str, ids: list[int], receivers: list[int]) -> None:
    if len(ids) >= MANY:
        tx.bulk_update(kind, ["manager_id"], ids, [[receiver] for receiver in receivers])
        return
    for record, receiver in zip(ids, receivers, strict=True):
        tx.put(kind, record, {"manager_id": receiver})
