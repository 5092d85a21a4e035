"""Imports in the journal, and the records that one of them made."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.import_log import ImportLine, MadeRecord
from funneldesk.store import journal
from funneldesk.store import tables as t

_COUNTS = ("read", "created", "updated", "duplicates", "skipped", "rejected", "waiting", "blank")
# kind -> the column that names a record, the one that says more
_SHOWN = {
    "company": ("name", "city"), "person": ("name", "position"), "lead": ("title", "company_name"),
    "deal": ("title", "status"), "activity": ("subject", "kind"), "invoice": ("number", "due_date"),
    "payment": ("day", "currency"),
}  # fmt: skip
_CARDS = ("company", "person", "deal")


def import_lines(conn: sa.Connection) -> list[ImportLine]:
    """Every import that was run, the newest first; those that an undo and new work left behind are not."""
    column = t.journal.c
    query = sa.select(column.id, column.at, column.who, column.params, column.summary, column.state)
    query = query.where(column.label == "import.run", column.state != "dropped").order_by(column.id.desc())
    back = journal.taken_back(conn)
    found = []
    for row in conn.execute(query):
        said: dict[str, Any] = json.loads(row.summary) if row.summary else {}
        state = "undone" if row.state != "done" else "taken_back" if row.id in back else "done"
        counts = {name: int(said.get(name, 0)) for name in _COUNTS}
        file = str(said.get("file") or json.loads(row.params).get("file", ""))
        records = dict(said.get("records", {}))
        found.append(
            ImportLine(row.id, row.at, row.who, file, str(said.get("kind", "")), counts, records, state)
        )
    return found


def made_spans(conn: sa.Connection, kind: str) -> list[tuple[int, int, int]]:
    """(entry, first id, last id) of the records of a kind that imports made."""
    edit, entry = t.journal_edits.c, t.journal.c
    query = (
        sa.select(edit.journal_id, edit.record_id, sa.func.coalesce(edit.last_id, edit.record_id))
        .join(t.journal, entry.id == edit.journal_id)
        .where(entry.label == "import.run", entry.state == "done", edit.kind == kind,
               edit.op.in_(["range", "insert"]))
        .order_by(edit.journal_id, edit.record_id)
    )  # fmt: skip
    spans: list[tuple[int, int, int]] = []
    for number, first, last in conn.execute(query):
        if spans and spans[-1][0] == number and spans[-1][2] == first - 1:
            spans[-1] = (number, spans[-1][1], last)
        else:
            spans.append((number, first, last))
    return spans


def made_records(conn: sa.Connection, entry: int) -> list[MadeRecord]:
    """The records that an import made and that are still there, kind by kind, by name."""
    edit = t.journal_edits.c
    found: list[MadeRecord] = []
    for kind, (name, more) in _SHOWN.items():
        if kind not in t.KINDS:
            continue
        table = t.table_of(kind)
        last = sa.func.coalesce(edit.last_id, edit.record_id)
        mine = sa.exists().where(
            edit.journal_id == entry, edit.kind == kind, edit.op.in_(["range", "insert"]),
            table.c.id.between(edit.record_id, last),
        )  # fmt: skip
        wanted = [table.c.id, _text(table, name), _text(table, more)]
        if kind == "activity":
            wanted += [table.c.deal_id, table.c.company_id]
        order = table.c.sort_key if "sort_key" in table.c else wanted[1]
        for row in conn.execute(sa.select(*wanted).where(mine).order_by(order, table.c.id)):
            card = (kind, row[0]) if kind in _CARDS else None
            if kind == "activity":
                card = ("deal", row[3]) if row[3] else ("company", row[4]) if row[4] else None
            found.append(MadeRecord(kind, row[0], str(row[1] or ""), str(row[2] or ""), card))
    return found


def _text(table: sa.Table, name: str) -> Any:
    return table.c[name] if name in table.c else sa.literal("")
