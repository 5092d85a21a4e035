"""Personal data: all that is held on a person written out, and a person erased for good."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Person
from funneldesk.domain.lead import Lead
from funneldesk.errors import UserError
from funneldesk.services import backups
from funneldesk.services.backups import Holding
from funneldesk.store import erasing
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import card as card_queries
from funneldesk.store.queries import files as file_queries
from funneldesk.store.queries import timeline
from funneldesk.store.queries.doubles import hanging, links_to
from funneldesk.store.transaction import Actor, Transaction, select_records

HISTORY = 100_000  # things of the timeline that are written out
ERASED = ".erased.json"  # beside a base: who was erased, so that a restore erases them again


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held on a person: records by kind as columns, own fields, history, contents of files."""

    name: str
    records: Mapping[str, list[dict[str, Any]]]
    own: Mapping[str, str]
    history: list[dict[str, Any]]
    files: list[tuple[str, bytes]] = field(default_factory=list)
    names: Mapping[str, Mapping[int, str]] = field(default_factory=dict)


def held(db: Database, person_id: int) -> Held:
    """Everything that is held on a person.  Raises `record.gone`."""
    with db.read() as conn:
        found = select_records(conn, Person, t.people.c.id == person_id)
        if not found:
            raise UserError("record.gone", kind="person", id=person_id)
        records: dict[str, list[dict[str, Any]]] = {"person": [asdict(found[0])]}
        for kind, column in links_to("person"):
            rows = select_records(conn, t.KINDS[kind][0], t.table_of(kind).c[column] == person_id)
            records.setdefault(kind, []).extend(asdict(row) for row in rows)
        for kind in hanging():
            c = t.table_of(kind).c
            rows = select_records(conn, t.KINDS[kind][0], c.record_kind == "person", c.record_id == person_id)
            records.setdefault(kind, []).extend(asdict(row) for row in rows)
        small = card_queries.names(conn)
        items, _more = timeline.client_timeline(conn, "person", person_id, HISTORY)
        return Held(
            name=found[0].name,
            records={kind: rows for kind, rows in records.items() if rows},
            own={
                v.field.name: v.value for v in card_queries.field_values(conn, "person", person_id) if v.value
            },
            history=[{"what": i.what, "at": i.at, "who": i.who, **i.values} for i in items],
            files=file_queries.contents(conn, "person", person_id),
            names={"manager_id": small.managers, "source_id": small.sources, "product_id": small.products,
                   "loss_reason_id": small.reasons, "stage_id": small.stages},
        )  # fmt: skip


def export(db: Database, person_id: int, path: Path, page: Callable[[Held], str]) -> Path:
    """Write a zip: `person.html` to read (`page` puts it into words), `person.json`, and the files."""
    from funneldesk.exporting.bundle import write_bundle

    found = held(db, person_id)
    plain = {"records": found.records, "own_fields": found.own, "history": found.history}
    parts = [
        ("person.html", page(found).encode()),
        ("person.json", json.dumps(plain, ensure_ascii=False, indent=2, default=str).encode()),
    ]
    write_bundle(path, [*parts, *((f"files/{name}", data) for name, data in found.files)])
    return path


# Erasing ----------------------------------------------------------------------------


def erase(
    db: Database,
    person_id: int,
    *,
    actor: Actor | None = None,
    progress: Callable[..., None] = lambda *_args: None,
) -> Change:
    """Erase a person for good: no undo, no image in the journal, no byte in the file.

    Deals, activities and leads stay for the figures without what they say of the person; what
    hangs on nobody else goes.  Raises `record.gone`.
    """
    with db.transaction(Label("person.erased"), actor=actor) as tx:
        person = tx.get(Person, person_id)
        found = erasing.traces(tx.conn, person_id)
        _take_out(tx, person_id, found)
        erasing.blank_journal(tx.conn, found, lambda done, total: progress(done, total))
        erasing.clean_file(tx.conn)
        tx.barrier = True
        tx.forget_images()
        mark = {"kind": "person", "id": person_id, "created_at": person.created_at, "at": tx.at}
    note_erased(db.path, [mark])
    db.compact()
    return tx.change


def held_by_backups(db: Database, person_id: int) -> Holding:
    """Until when the backups made since a person was there hold them.  Raises `record.gone`."""
    with db.read() as conn:
        found = select_records(conn, Person, t.people.c.id == person_id)
    if not found:
        raise UserError("record.gone", kind="person", id=person_id)
    made = found[0].created_at
    return backups.holding(db, None if made is None else clock.from_micros(made).replace(microsecond=0))


def _take_out(tx: Transaction, person_id: int, found: erasing.Traces) -> None:
    for activity in tx.all(Activity, person_id=person_id):
        if activity.company_id or activity.deal_id or activity.lead_id:
            texts = {name: None for name in ("result", "comment") if getattr(activity, name)}
            tx.update(Activity, activity.id, subject="", person_id=None, **texts)
        else:
            tx.delete(Activity, activity.id)
    for lead in tx.all(Lead, person_id=person_id):
        blank: dict[str, Any] = dict.fromkeys(("person_name", "phone", "email", "comment", "drop_reason"))
        tx.update(Lead, lead.id, title=erasing.GONE, person_id=None, **blank)
    for kind, column in links_to("person"):
        cls = t.KINDS[kind][0]
        for record in tx.all(cls, **{column: person_id}):
            if kind == "contact_point":
                tx.delete(cls, record.id)
                continue
            values: dict[str, Any] = {
                name: found.scrubbed(value)
                for name, value in asdict(record).items()
                if isinstance(value, str) and name in t.table_of(kind).c
            }
            fresh = {name: value for name, value in values.items() if value != getattr(record, name)}
            tx.put(kind, record.id, {**fresh, column: None})
    for kind in hanging():
        cls = t.KINDS[kind][0]
        for record in tx.all(cls, record_kind="person", record_id=person_id):
            tx.delete(cls, record.id)
    tx.delete(Person, person_id)


# The list beside the base --------------------------------------------------------------


def erased_beside(path: Path) -> Path:
    """Where the list of a base's erased people lies."""
    return path.with_name(path.name + ERASED)


def note_erased(path: Path, marks: list[dict[str, Any]]) -> None:
    """Add people (ids and moments only, nothing of what they were) to the list beside a base or a backup."""
    from funneldesk.exporting.files import atomic_write

    place = erased_beside(path)
    known = read_erased(path)
    fresh = [mark for mark in marks if mark not in known]
    if fresh:
        atomic_write(place, json.dumps([*known, *fresh], indent=1).encode())


def read_erased(path: Path) -> list[dict[str, Any]]:
    """The list beside a base or a backup; an unreadable one is an empty one."""
    try:
        found = json.loads(erased_beside(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [mark for mark in found if isinstance(mark, dict)] if isinstance(found, list) else []


def erase_again(db: Database, *lists: list[dict[str, Any]]) -> int:
    """After a restore: erase everybody on the lists who came back; returns how many."""
    count = 0
    for mark in [mark for marks in lists for mark in marks]:
        with db.read() as conn:
            c = t.people.c
            there = select_records(
                conn, Person, c.id == mark.get("id"), c.created_at == mark.get("created_at")
            )
        if there:
            erase(db, there[0].id)
            count += 1
    return count
