"""Rows that wait: kept by an import, brought in as soon as what they name is there.

Every service that makes a deal, a client or an invoice calls `settle` inside its transaction, so
that the rows come in with it and go out with it when it is undone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.arrivals import Waiting
from funneldesk.domain.billing import Invoice
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.deal import Deal
from funneldesk.domain.folding import fold
from funneldesk.store.database import Database
from funneldesk.store.queries import arrivals as queries
from funneldesk.store.transaction import Actor, Transaction

Named = Company | Person | Deal | Invoice
PROBLEM = "problem"  # what a row "wants" that was found but cannot be brought in: it must be mended


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A row that waits, as lists show it; `code` says why a found row could not be brought in."""

    id: int
    kind: str
    wants: str
    key: str
    file: str
    row: int
    at: int
    cells: dict[str, str]
    code: str = ""


def waiting(db: Database) -> list[WaitingRow]:
    """Every row that waits, in the order in which they came."""
    from funneldesk.importing.waiting import shown_cells

    with db.read() as conn:
        found = queries.waiting_rows(conn)
    return [
        WaitingRow(
            w.id, w.kind, w.wants, w.key, w.file, w.row, w.at, shown_cells(w.cells),
            w.folded if w.wants == PROBLEM else "",
        )
        for w in found
    ]  # fmt: skip


def drop(db: Database, ids: Sequence[int], *, actor: Actor | None = None) -> Change:
    """Throw rows that wait away."""
    with db.transaction(Label("waiting.dropped", {"count": len(ids)}), actor=actor) as tx:
        for number in ids:
            tx.delete(Waiting, number)
    return tx.change


def keep(tx: Transaction, plan: Any) -> None:
    """Put the rows of a plan that wait into the base."""
    if not plan.waits:
        return
    first = tx.reserve("waiting", len(plan.waits))
    columns = ("id", "kind", "wants", "key", "folded", "file", "row", "cells", "at")
    kind, file = str(plan.request.kind), plan.request.file
    rows = [
        (first + at, kind, w.wants, w.key, w.folded, file, plan.numbers[w.place], w.cells, tx.at)
        for at, w in enumerate(plan.waits)
    ]
    tx.bulk_insert("waiting", columns, rows)


def settle(tx: Transaction, *records: Named) -> int:
    """Bring in the rows that wait for these records, and those that wait for what comes in so."""
    if not queries.anything_waits(tx.conn):
        return 0
    rows: dict[int, Waiting] = {}
    for record in records:
        wants, keys, folded = _names(record)
        for row in queries.waiting_for(tx.conn, wants, keys, folded):
            rows[row.id] = row
    if not rows:
        return 0
    done = _bring_in(tx, [rows[i] for i in sorted(rows)])
    return done + settle_all(tx) if done else done


def settle_all(tx: Transaction) -> int:
    """Bring in every row whose deal, client or invoice is there now; how many came in."""
    total = 0
    while queries.anything_waits(tx.conn):
        there = queries.named_there(tx.conn)
        names = {
            "deal": {fold(title) for title in there["deal"][1]},
            "client": set(there["client"][1]),
            "invoice": set(there["invoice"][1]),
        }
        ids = [
            number
            for number, wants, key, folded in queries.waiting_names(tx.conn)
            if wants in there and (key in there[wants][0] or folded in names[wants])
        ]
        done = _bring_in(tx, queries.waiting_by_id(tx.conn, ids))
        if not done:
            break
        total += done
    return total


def _names(record: Named) -> tuple[str, list[str], list[str]]:
    external = [record.external_id or ""]
    if isinstance(record, Deal):
        return "deal", external, [fold(record.title)]
    if isinstance(record, Invoice):
        return "invoice", external, [record.number_key]
    return "client", external, [record.name_key]


def _bring_in(tx: Transaction, rows: Sequence[Waiting]) -> int:
    from funneldesk.importing.waiting import ORDER, asked

    groups: dict[tuple[int, tuple[str, ...]], list[Waiting]] = defaultdict(list)
    places = {str(kind): place for place, kind in enumerate(ORDER)}
    for row in rows:
        groups[places[row.kind], asked(row.cells)].append(row)
    done = 0
    for (place, _asked), group in sorted(groups.items(), key=lambda item: item[0]):
        done += _bring_in_group(tx, ORDER[place], group)
    return done


def _wait_on(tx: Transaction, rows: Sequence[tuple[Waiting, Any]]) -> None:
    """Rows that found one thing they name and now wait for another."""
    other = [(row.id, w) for row, w in rows if (row.wants, row.key) != (w.wants, w.key)]
    columns = ("wants", "key", "folded")
    tx.bulk_update(
        "waiting", columns, [i for i, _w in other], [(w.wants, w.key, w.folded) for _i, w in other]
    )


def _bring_in_group(tx: Transaction, kind: Any, group: Sequence[Waiting]) -> int:
    """Plan the rows as an import of their own and write it; what still waits or fails stays."""
    from funneldesk.importing.plan import Action
    from funneldesk.importing.planner import plan_values
    from funneldesk.importing.waiting import revive
    from funneldesk.services.import_index import index_from
    from funneldesk.services.imports import write_plan

    index = index_from(tx.conn, kind)
    index.links.waiting.clear()
    revived = revive(kind, [row.cells for row in group], file=group[0].file, now=tx.at)
    plan = plan_values(revived.request, revived.table, revived.values, index)
    write_plan(tx, plan)
    _wait_on(tx, [(group[w.place], w) for w in plan.waits])
    settled, failed = [], []
    for place, row in enumerate(group):
        if plan.actions[place] is Action.REJECT:
            failed.append((row.id, plan.problems_of(place + 1)))
        elif plan.actions[place] is not Action.WAIT:
            settled.append(row.id)
    tx.bulk_update("waiting", ("settled_at", "cells"), settled, [(tx.at, "{}")] * len(settled))
    tx.bulk_update(
        "waiting",
        ("wants", "folded"),
        [number for number, _problems in failed],
        [(PROBLEM, next((p.code for p in problems if p.fatal), "")) for _number, problems in failed],
    )
    return len(settled)
