"""Imports remembered: which list, who and when, what they made, and the same list compared with the last."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.arrivals import ImportRun
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.importing import living
from funneldesk.importing.fields import CUSTOM
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.plan import TAG, Action, Plan
from funneldesk.services.bulk import put_tags, put_values
from funneldesk.services.fields import add_field, canonical
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import arrivals as queries
from funneldesk.store.transaction import Transaction, select_records

# The columns that can say of a record that it is no longer in the list; these also have own fields.
MARKS = {
    "company": ("category", "size", "region", "comment"),
    "person": ("category", "position", "comment"),
    "lead": ("comment", "drop_reason"),
    "deal": ("comment", "demand"),
    "invoice": ("comment",),
    "payment": ("comment",),
}
_OWN_FIELDS = ("company", "person", "lead", "deal")


@dataclass(frozen=True, slots=True)
class Named:
    """A record that an import made, met or misses."""

    kind: str
    id: int
    name: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """A file beside the last one of the same list: rows new, changed, the same, and records gone."""

    previous: ImportRun
    new: int
    changed: int
    same: int
    vanished: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """An import that was run, as lists show it."""

    id: int
    kind: str
    file: str
    at: int
    who: str
    counts: dict[str, int]


def attach(conn: Any, flow: ImportFlow, index: BaseIndex) -> None:
    """Tell an index which rows stood word for word in the last file of this list."""
    assert flow.table is not None, "open a file first"
    links = index.links
    links.marks = living.marks(flow.table, flow.maps, flow.settings)
    previous = _previous(conn, flow)
    links.before = living.unpack(previous.rows) if previous is not None else []
    same = living.unchanged(links.marks, links.before)
    there = _names(conn, list(same.values()))
    links.unchanged = {place: pair for place, pair in same.items() if pair in there}
    links.previous = previous


def remember_run(tx: Transaction, flow: ImportFlow, plan: Plan, ref: Callable[[str, int], int]) -> int:
    """Keep what an import did; tag what vanished when that was asked.  Returns how many vanished."""
    assert flow.table is not None, "open a file first"
    links = flow.links
    gone = _vanished(tx.conn, plan, flow)
    counts = plan.counts
    back = 0
    if plan.request.vanished is not None:
        _tag(tx, gone, *plan.request.vanished)
        back = _untag(tx, plan, *plan.request.vanished)
    if not (counts["created"] or counts["updated"] or counts["waiting"] or gone or back):
        return 0
    rows = living.pack(plan, links.marks, ref) if links.marks else ""
    tx.insert(
        ImportRun(
            kind=str(plan.request.kind), file=flow.file, fingerprint=flow.memory_key(), at=tx.at,
            who=tx.actor.name, counts=json.dumps({**counts, "vanished": len(gone)}), rows=rows,
        )
    )  # fmt: skip
    return len(gone)


def compare(db: Database, flow: ImportFlow) -> Comparison | None:
    """The plan of a flow beside the last import of the same list; None when this is the first one."""
    plan, previous = flow.plan, flow.links.previous
    if plan is None or previous is None:
        return None
    with db.read() as conn:
        gone = _vanished(conn, plan, flow)
    counts = plan.counts
    same = sum(action is Action.DUPLICATE for action in plan.actions)
    return Comparison(previous, counts["created"], counts["updated"], same, tuple(gone))


def runs(db: Database, limit: int | None = None) -> list[RunLine]:
    """The imports that were run, the newest first."""
    with db.read() as conn:
        found = queries.import_runs(conn)[:limit]
    return [RunLine(r.id, r.kind, r.file, r.at, r.who, json.loads(r.counts)) for r in found]


def made_by(db: Database, run_id: int) -> list[Named]:
    """What an import made, as far as it is still there, in the order of its rows."""
    with db.read() as conn:
        found = select_records(conn, ImportRun, t.import_runs.c.id == run_id)
        if not found:
            raise UserError("record.gone", kind="import_run", id=run_id)
        made = {
            (link.kind, link.id): link.row
            for link in reversed(living.unpack(found[0].rows))
            if link.action is Action.CREATE
        }
        names = _names(conn, list(made))
    lines = [Named(*pair, names[pair][0], row) for pair, row in made.items() if pair in names]
    return sorted(lines, key=lambda line: line.row)


def previous(db: Database, flow: ImportFlow) -> ImportRun | None:
    """The last import of a list with these headers; None when this is the first one."""
    with db.read() as conn:
        return _previous(conn, flow)


def _previous(conn: Any, flow: ImportFlow) -> ImportRun | None:
    found = queries.import_runs(conn, flow.memory_key())
    return found[0] if found else None


def _vanished(conn: Any, plan: Plan, flow: ImportFlow) -> list[Named]:
    """The records of the last file that are still there and that no row of this one means."""
    assert flow.table is not None
    pairs = living.vanished(plan, flow.links.before)
    if not pairs:
        return []
    names = _names(conn, pairs)
    unread = living.unread_texts(plan, flow.table)
    return [
        Named(*pair, names[pair][0])
        for pair in pairs
        if pair in names and not ({names[pair][0], names[pair][1]} & unread)
    ]


def _names(conn: Any, pairs: Sequence[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str]]:
    """(kind, id) -> (name, number in the other program) of the records that are there."""
    by_kind: dict[str, list[int]] = {}
    for kind, number in pairs:
        by_kind.setdefault(kind, []).append(number)
    return {
        (kind, number): (name, external)
        for kind, ids in by_kind.items()
        for number, name, external in queries.names_of(conn, kind, ids)
    }


def _tag(tx: Transaction, gone: Sequence[Named], field: str, value: str) -> None:
    """Say of records that they are no longer in the list."""
    for kind in dict.fromkeys(line.kind for line in gone):
        ids = sorted(line.id for line in gone if line.kind == kind)
        own = field.removeprefix(TAG).removeprefix(CUSTOM).strip() if kind in _OWN_FIELDS else ""
        if field.startswith(TAG) and own:
            put_tags(tx, kind, ids, own, add=(value,))
        elif field.startswith(CUSTOM) and own:
            _set_own(tx, kind, ids, own, value)
        elif field in MARKS[kind]:
            tx.bulk_update(kind, [field], ids, [[value]] * len(ids))
        else:
            raise UserError("import.unknown_field", field=field, kind=kind)


def _untag(tx: Transaction, plan: Plan, field: str, value: str) -> int:
    """Take the tag off records that stand in the list again; how many had it."""
    kind = living.RECORD_OF.get(plan.request.kind, "")
    if not field.startswith(TAG) or kind not in _OWN_FIELDS:
        return 0
    there: dict[str, set[int]] = {}
    for place, target in enumerate(plan.targets):
        if target > 0:
            there.setdefault("person" if place in plan.persons else kind, set()).add(target)
    name = field.removeprefix(TAG).strip()
    return sum(put_tags(tx, of, sorted(ids), name, remove=(value,)) for of, ids in there.items())


def _set_own(tx: Transaction, kind: str, ids: Sequence[int], name: str, value: str) -> None:
    known = [f for f in tx.all(CustomField, record_kind=kind) if fold(f.name) == fold(name)]
    field = known[0] if known else tx.get(CustomField, add_field(tx, kind, name, FieldType.TEXT))
    put_values(tx, field, dict.fromkeys(ids, canonical(field, value)))
