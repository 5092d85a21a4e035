"""Erasing a person without leaving bytes: the tables, the journal's images, the index, the file.

Erasing is a barrier in the journal: nothing before it is undone any more, so that images which
were blanked are never wanted again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from funneldesk.store import journal
from funneldesk.store import tables as t
from funneldesk.store.queries.doubles import hanging, links_to

GONE = "…"  # stands where a name, a phone or an e-mail was
_OWNED = ("person", "contact_point", "custom_value", "file")
_SHORTEST = 4  # letters of a value that is taken out of texts
_PERSONAL = {
    "activity": ("subject", "result", "comment"),
    "lead": ("title", "company_name", "person_name", "phone", "email", "comment", "drop_reason"),
}
_STEP = 500


@dataclass(slots=True)
class Traces:
    """What of a person there is: ids of records by kind (also of those that are gone), and values."""

    ids: dict[str, set[int]] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)

    def add(self, kind: str, ids: Iterable[int]) -> None:
        """More records of a kind."""
        self.ids.setdefault(kind, set()).update(ids)

    def scrubbed(self, text: str) -> str:
        """A text without the person's values."""
        for value in sorted(self.values, key=len, reverse=True):
            if value in text:
                text = text.replace(value, GONE)
        return text


def traces(conn: sa.Connection, person_id: int) -> Traces:
    """Everything of a person that is in the tables now."""
    found = Traces({"person": {person_id}})
    for kind, column in links_to("person"):
        c = t.table_of(kind).c
        found.add(kind, conn.scalars(sa.select(c.id).where(c[column] == person_id)))
    for kind in hanging():
        c = t.table_of(kind).c
        where = sa.and_(c.record_kind == "person", c.record_id == person_id)
        found.add(kind, conn.scalars(sa.select(c.id).where(where)))
    for kind in ("person", "contact_point", "custom_value"):
        table = t.table_of(kind)
        for row in conn.execute(sa.select(table).where(table.c.id.in_(found.ids.get(kind, ())))).mappings():
            names = (
                "name",
                "first_name",
                "last_name",
                "value",
                "tax_id",
                "bank_account",
                "address",
                "comment",
            )
            found.values |= {str(row[n]) for n in names if row.get(n)}
    leads = t.leads
    for row in conn.execute(sa.select(leads).where(leads.c.id.in_(found.ids.get("lead", ())))).mappings():
        found.values |= {str(row[n]) for n in ("person_name", "phone", "email") if row[n]}
    found.values = {value for value in found.values if len(value) >= _SHORTEST}
    return found


def _journal_traces(conn: sa.Connection, found: Traces) -> None:
    """Older images widen what is known: former contacts, values, cards merged into this one."""
    edits = t.journal_edits.c
    query = sa.select(edits.journal_id, edits.op, edits.kind, edits.record_id, edits.before, edits.after)
    known = ("name", "first_name", "last_name", "value", "tax_id", "address", "comment", "phone", "email",
             "person_name", "bank_account")  # fmt: skip
    for row in conn.execute(query.where(edits.op.in_(["insert", "update", "delete"]))):
        images = [image for image in (journal.unpack(row.before), journal.unpack(row.after)) if image]
        owner = any(
            image.get("person_id") in found.ids["person"]
            or (image.get("record_kind") == "person" and image.get("record_id") in found.ids["person"])
            for image in images
        )
        if owner and row.kind in t.KINDS:
            found.add(row.kind, [row.record_id])
        if row.record_id in found.ids.get(row.kind, ()) and row.kind in _OWNED:
            found.values |= {
                str(image[n]) for image in images for n in known if len(str(image.get(n) or "")) >= _SHORTEST
            }
    more = _merged_into(conn, found.ids["person"])
    if more:
        found.add("person", more)
        _journal_traces(conn, found)


def _merged_into(conn: sa.Connection, people: set[int]) -> set[int]:
    """People whose cards were merged into one of these."""
    entry = t.journal.c
    found: set[int] = set()
    for summary in conn.scalars(sa.select(entry.summary).where(entry.label.endswith(".merged"))):
        for kind, keep, gone in json.loads(summary or "{}").get("merged", ()):
            if kind == "person" and keep in people:
                found.update(gone)
    return found - people


def blank_journal(
    conn: sa.Connection, found: Traces, step: Callable[[int, int], None] = lambda _done, _total: None
) -> None:
    """Take a person out of every image and every name of a change in the journal."""
    _journal_traces(conn, found)
    edits = t.journal_edits
    keys = conn.execute(sa.select(edits.c.journal_id, edits.c.seq).order_by(edits.c.journal_id)).all()
    for start in range(0, len(keys), _STEP):
        step(start, len(keys))
        part = keys[start : start + _STEP]
        where = sa.and_(edits.c.journal_id.between(part[0][0], part[-1][0]))
        for row in conn.execute(sa.select(edits).where(where)).all():
            changed = _blanked(row, found)
            if changed:
                mine = sa.and_(edits.c.journal_id == row.journal_id, edits.c.seq == row.seq)
                conn.execute(sa.update(edits).where(mine).values(**changed))
    _blank_labels(conn, found)


def _blanked(row: Any, found: Traces) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for side in ("before", "after"):
        data = getattr(row, side)
        if data is None:
            continue
        image = journal.unpack(data)
        fresh = _image(row, image, found)
        if fresh != image:
            changed[side] = journal.pack(fresh)
    return changed


def _image(row: Any, image: Any, found: Traces) -> Any:
    """An image without the person: of their own records nothing stays, of others their values go."""
    ids = found.ids.get(row.kind, set())
    if isinstance(image, dict) and "rows" in image:
        return _rows(row, image, found)
    if row.record_id in ids and row.op in ("insert", "update", "delete"):
        if row.kind in _OWNED:
            return {name: None if isinstance(value, str) else value for name, value in image.items()}
        personal = _PERSONAL.get(row.kind, ())
        return {
            name: GONE if name in personal and value else _text(value, found) for name, value in image.items()
        }
    return image


def _rows(row: Any, image: Mapping[str, Any], found: Traces) -> Mapping[str, Any]:
    """Rows of a range or a batch."""
    ids, columns = found.ids.get(row.kind, set()), list(image["columns"])
    known = image.get("ids") or [line[columns.index("id")] for line in image["rows"]]
    if not ids.intersection(known):
        return image
    rows = [
        [None if isinstance(value, str) else value for value in line] if i in ids else line
        for i, line in zip(known, image["rows"], strict=True)
    ]
    return {**image, "rows": rows}


def _text(value: Any, found: Traces) -> Any:
    return found.scrubbed(value) if isinstance(value, str) else value


def _blank_labels(conn: sa.Connection, found: Traces) -> None:
    """Names of changes that touched the person."""
    edits, entry = t.journal_edits.c, t.journal.c
    touched: set[int] = set()
    for kind, ids in found.ids.items():
        query = sa.select(edits.journal_id).where(edits.kind == kind, edits.record_id.in_(sorted(ids)))
        touched.update(conn.scalars(query))
    for row in conn.execute(sa.select(entry.id, entry.params).where(entry.id.in_(sorted(touched)))).all():
        params = {name: _text(value, found) for name, value in json.loads(row.params).items()}
        text = json.dumps(params, ensure_ascii=False)
        if text != row.params:
            conn.execute(sa.update(t.journal).where(entry.id == row.id).values(params=text))


def clean_file(conn: sa.Connection) -> None:
    """Contents that no file wants, freed pages and the log of writes leave nothing behind."""
    wanted = sa.select(t.files.c.sha256).where(t.files.c.sha256.is_not(None))
    conn.execute(sa.delete(t.file_contents).where(t.file_contents.c.sha256.not_in(wanted)))
    conn.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('optimize')")
