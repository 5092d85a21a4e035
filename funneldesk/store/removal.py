"""Many records removed at once with all that hangs on them, as the tables' own references say.

What can stand alone (companies, people, leads, deals) is cut loose; what belongs to them alone
goes too.  Services remove few records one by one; this is for whole lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from funneldesk.errors import UserError
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.transaction import Transaction

MANY = 200  # from so many records on, services remove them by this
_STANDING = frozenset({"company", "person", "lead", "deal", "repeat"})
# References to these are properties of a record, not what it hangs on.
_LISTS = frozenset({"manager", "source", "product", "loss_reason", "funnel", "stage", "custom_field"})
_UNCHECKED = {"deal": (("lead", "deal_id"),)}  # references that the tables do not know as keys


def remove_many(tx: Transaction, kind: str, ids: Sequence[int]) -> None:
    """Remove records of `kind`.  Raises UserError `record.gone` when one of them is not there."""
    if not ids:
        return
    table = t.table_of(kind)
    there = set(tx.conn.scalars(sa.select(table.c.id).where(among(table.c.id, ids))))
    gone = next((i for i in ids if i not in there), None)
    if gone is not None:
        raise UserError("record.gone", kind=kind, id=gone)
    for other, column in _references(kind):
        cut_loose(tx, other, column, ids)
    for other, columns in _said_of_records().items():
        c = t.table_of(other).c
        any_of = sa.or_(*[among(c[name], ids) for name in columns])
        mine = sa.select(c.id).where(c.record_kind == kind, any_of).order_by(c.id)
        tx.bulk_delete(other, list(tx.conn.scalars(mine)))
    tx.bulk_delete(kind, sorted(there))


def _said_of_records() -> dict[str, list[str]]:
    """What is kept of records of any kind by `record_kind` and an id: values, files, pairs."""
    found: dict[str, list[str]] = {}
    for other, (_cls, table) in t.KINDS.items():
        names = [name for name in ("record_id", "first_id", "second_id") if name in table.c]
        if "record_kind" in table.c and names:
            found[other] = names
    return found


def _references(kind: str) -> Iterator[tuple[str, str]]:
    """(kind, column) of everything that refers to records of `kind`; what is made last comes first."""
    wanted = t.table_of(kind)
    for other, (_cls, table) in reversed(t.KINDS.items()):
        for column in table.c:
            if any(key.column.table is wanted for key in column.foreign_keys):
                yield other, column.name
    yield from _UNCHECKED.get(kind, ())


def cut_loose(tx: Transaction, kind: str, column: str, ids: Sequence[int]) -> None:
    """Records of `kind` that point at `ids` by `column` stand without, or go with what they hang on."""
    table = t.table_of(kind)
    rest = [c for c in _owners(table) if c.name != column]
    query = sa.select(table.c.id, *rest).where(among(table.c[column], ids)).order_by(table.c.id)
    leaving: list[int] = []
    staying: list[int] = []
    for row in tx.conn.execute(query).all():
        alone = kind not in _STANDING and all(value is None for value in row[1:])
        (leaving if alone or not table.c[column].nullable else staying).append(row[0])
    tx.bulk_update(kind, [column], staying, [[None]] * len(staying))
    remove_many(tx, kind, leaving)


def _owners(table: sa.Table) -> list[sa.Column[int]]:
    """The columns that say what a record hangs on."""
    small = {t.table_of(kind).name for kind in _LISTS}
    return [c for c in table.c if any(key.column.table.name not in small for key in c.foreign_keys)]
