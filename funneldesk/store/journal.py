"""The journal's form: images as bytes, entries written, read back, applied backwards and forwards."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Change, Edit, JournalEntry, Label, Op
from funneldesk.store import bulk, closes, search, stays
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.old_images import fitted
from funneldesk.store.places import with_places

_COMPRESS_FROM = 2_000
_CHUNK = 500
# columns of words that are ours
_CODES = frozenset({"kind", "status", "currency", "to_kind", "from_kind", "cause", "record_kind", "mode"})


def pack(image: Any) -> bytes | None:
    """An image as bytes: JSON, compressed when large; None stays None."""
    if image is None:
        return None
    raw = json.dumps(image, ensure_ascii=False, separators=(",", ":")).encode()
    return zlib.compress(raw, 1) if len(raw) >= _COMPRESS_FROM else raw


def unpack(data: bytes | None) -> Any:
    """The image that `pack` made."""
    if data is None:
        return None
    return json.loads(data if data[:1] in b'{["n' else zlib.decompress(data))


# made once: every change writes them
_DROP_UNDONE = sa.update(t.journal).where(t.journal.c.state == "undone").values(state="dropped")
_ENTER, _ENTER_EDITS = sa.insert(t.journal), sa.insert(t.journal_edits)


def write_entry(conn: sa.Connection, change: Change, *, actor_id: int | None, barrier: bool = False) -> None:
    """Write a change and its edits; what was undone before can no longer be redone."""
    conn.execute(_DROP_UNDONE)
    conn.execute(
        _ENTER,
        {
            "id": change.journal_id,
            "at": change.at,
            "who": change.who,
            "actor_id": actor_id,
            "label": change.label.code,
            "params": json.dumps(dict(change.label.params), ensure_ascii=False),
            "summary": json.dumps(dict(change.summary), ensure_ascii=False) if change.summary else None,
            "state": "done",
            "barrier": barrier,
            "edits": sum(map(_span, change.edits)),
        },
    )
    conn.execute(
        _ENTER_EDITS,
        [
            {
                "journal_id": change.journal_id,
                "seq": seq,
                "op": str(edit.op),
                "kind": edit.kind,
                "record_id": edit.ids[0] if edit.op is Op.RANGE else edit.record_id,
                "last_id": edit.ids[1] if edit.op is Op.RANGE else None,
                "before": pack(edit.before),
                "after": pack(edit.after),
            }
            for seq, edit in enumerate(change.edits)
        ],
    )


def _span(edit: Edit) -> int:
    if edit.op in (Op.BATCH, Op.CUT):
        return len(edit.ids)
    return edit.ids[1] - edit.ids[0] + 1 if edit.op is Op.RANGE else 1


def read_entry(conn: sa.Connection, journal_id: int) -> JournalEntry | None:
    """One line of the journal."""
    row = conn.execute(sa.select(t.journal).where(t.journal.c.id == journal_id)).one_or_none()
    return None if row is None else _entry(row)


def entries(conn: sa.Connection, limit: int | None = None) -> list[JournalEntry]:
    """The journal, newest first; entries that an undo and a new change left behind are not shown."""
    query = sa.select(t.journal).where(t.journal.c.state != "dropped").order_by(t.journal.c.id.desc())
    return [_entry(row) for row in conn.execute(query.limit(limit))]


def _entry(row: Any) -> JournalEntry:
    kind = row.label.split(".", 1)[0]
    label = Label(row.label, json.loads(row.params))
    return JournalEntry(row.id, row.at, row.who, label, kind, row.edits, row.state == "undone", row.barrier)


def read_edits(conn: sa.Connection, journal_id: int) -> list[Edit]:
    """The edits of an entry in the order they were made.

    What an undo removed of a range stays in the table: `_apply_range` reads one at a time, for all of
    an import would fill the memory.
    """
    column = t.journal_edits.c
    after = sa.case((column.op != str(Op.RANGE), column.after)).label("after")
    query = sa.select(column.op, column.kind, column.record_id, column.last_id, column.before, after)
    found = []
    for row in conn.execute(query.where(column.journal_id == journal_id).order_by(column.seq)):
        op = Op(row.op)
        before, after = fitted(row.kind, unpack(row.before)), fitted(row.kind, unpack(row.after))
        ids: tuple[int, ...] = ()
        if op is Op.RANGE:
            ids = (row.record_id, row.last_id)
        elif op is Op.BATCH:
            ids = tuple(after["ids"])
        elif op is Op.CUT:
            ids = tuple(row[0] for row in before["rows"])
        found.append(Edit(op, row.kind, row.record_id, before, after, ids))
    return found


def next_undo(conn: sa.Connection) -> int | None:
    """The entry that undo would take back: the last one done, unless it is a barrier."""
    row = conn.execute(
        sa.select(t.journal.c.id, t.journal.c.barrier)
        .where(t.journal.c.state == "done")
        .order_by(t.journal.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None or row.barrier else int(row.id)


def last_done(conn: sa.Connection) -> int | None:
    """The newest entry that is done."""
    found = conn.scalar(sa.select(sa.func.max(t.journal.c.id)).where(t.journal.c.state == "done"))
    return None if found is None else int(found)


def next_redo(conn: sa.Connection) -> int | None:
    """The entry that redo would do again."""
    found = conn.scalar(sa.select(sa.func.min(t.journal.c.id)).where(t.journal.c.state == "undone"))
    return None if found is None else int(found)


def holds(conn: sa.Connection, journal_id: int) -> bool:
    """Whether an entry is done, not undone, and not taken back by a later one that holds."""
    column = t.journal.c
    state = conn.scalar(sa.select(column.state).where(column.id == journal_id))
    return state == "done" and journal_id not in taken_back(conn)


def taken_back(conn: sa.Connection, *, wholly: bool = False) -> dict[int, int]:
    """Entry -> the later one that has taken it back (`wholly`: only those of which nothing was left)."""
    column = t.journal.c
    query = sa.select(column.id, column.params, column.summary)
    query = query.where(column.label == "history.taken_back", column.state == "done")
    found: dict[int, int] = {}
    void: set[int] = set()  # takings back that were taken back themselves
    for row in conn.execute(query.order_by(column.id.desc())):
        if row.id in void:
            continue
        entry = int(json.loads(row.params)["entry"])
        void.add(entry)
        if not wholly or not json.loads(row.summary)["left"]:
            found[entry] = row.id
    return found


def apply(conn: sa.Connection, journal_id: int, *, forward: bool) -> list[Edit]:
    """Take an entry back or do it again, edit by edit, and mark it; the edits are returned."""
    edits = read_edits(conn, journal_id)
    ordered = list(enumerate(edits)) if forward else list(enumerate(edits))[::-1]
    for kind, part in groupby(ordered, key=lambda item: item[1].kind):
        steps = list(part)
        count = sum(_span(edit) for _seq, edit in steps)
        with bulk.indexes_afterwards(conn, kind, count):
            for op, run in groupby(steps, key=lambda step: step[1].op):
                if op in (Op.INSERT, Op.DELETE):
                    _apply_rows(conn, kind, [edit for _seq, edit in run], insert=(op is Op.INSERT) == forward)
                    continue
                for seq, edit in run:
                    _apply_edit(conn, journal_id, seq, edit, forward=forward)
    conn.execute(
        sa.update(t.journal).where(t.journal.c.id == journal_id).values(state="done" if forward else "undone")
    )
    closes.refresh(conn, edits)
    stays.refresh(conn, edits)
    search.refresh(conn, edits, later=True)
    return edits


def _apply_edit(conn: sa.Connection, journal_id: int, seq: int, edit: Edit, *, forward: bool) -> None:
    if edit.op is Op.RANGE:
        _apply_range(conn, journal_id, seq, edit, forward=forward)
    elif edit.op is Op.BATCH:
        _apply_batch(conn, edit, forward=forward)
    elif edit.op is Op.CUT:
        _apply_cut(conn, edit, forward=forward)
    else:
        _apply_one(conn, edit, forward=forward)


def _apply_one(conn: sa.Connection, edit: Edit, *, forward: bool) -> None:
    table = t.table_of(edit.kind)
    image = edit.after if forward else edit.before
    assert image is not None
    statement = sa.update(table).where(table.c.id == edit.record_id)
    conn.execute(statement.values(version=table.c.version + 1, **image))


def _apply_rows(conn: sa.Connection, kind: str, edits: Sequence[Edit], *, insert: bool) -> None:
    """A run of records made or removed, put back or taken out together."""
    table = t.table_of(kind)
    if insert:
        rows = [edit.after if edit.op is Op.INSERT else edit.before for edit in edits]
        conn.execute(sa.insert(table), [dict(row) for row in rows if row is not None])
        return
    for start in range(0, len(edits), _CHUNK):
        part = [edit.record_id for edit in edits[start : start + _CHUNK]]
        conn.execute(sa.delete(table).where(table.c.id.in_(part)))


def _apply_batch(conn: sa.Connection, edit: Edit, *, forward: bool) -> None:
    image = edit.after if forward else edit.before
    assert image is not None
    write_batch(conn, edit.kind, image["columns"], image["ids"], image["rows"])


def _apply_cut(conn: sa.Connection, edit: Edit, *, forward: bool) -> None:
    if forward:
        delete_rows(conn, edit.kind, edit.ids)
    else:
        image = edit.before
        assert image is not None
        insert_rows(conn, edit.kind, image["columns"], [tuple(row) for row in image["rows"]])


def delete_rows(conn: sa.Connection, kind: str, ids: Sequence[int]) -> None:
    """Remove many rows."""
    table = t.table_of(kind)
    conn.execute(sa.delete(table).where(among(table.c.id, ids)))


def write_batch(
    conn: sa.Connection, kind: str, columns: Sequence[str], ids: Sequence[int], rows: Iterable[Sequence[Any]]
) -> None:
    """Set `columns` of many records, one row of values per id."""
    table = t.table_of(kind)
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("b_id"))
        .values(version=table.c.version + 1, **{c: sa.bindparam(f"v_{c}") for c in columns})
    )
    data = [
        {"b_id": i, **{f"v_{c}": v for c, v in zip(columns, row, strict=True)}}
        for i, row in zip(ids, rows, strict=True)
    ]
    if data:
        conn.execute(statement, data)


def insert_rows(
    conn: sa.Connection, kind: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert many rows of plain values at the driver's speed."""
    if rows:
        insert_columns(conn, kind, dict(zip(columns, zip(*rows, strict=True), strict=True)))


def insert_columns(conn: sa.Connection, kind: str, data: Mapping[str, Sequence[Any]]) -> None:
    """As `insert_rows`, by column a value per row.  What is the same in all rows stands in the statement."""
    if kind == "deal":
        data = with_places(conn, data)
    elif kind == "stage_move":
        data = stays.with_stays(data)
    quote = conn.dialect.identifier_preparer.quote
    table = t.table_of(kind)
    others = [(name, values) for name, values in data.items() if name != "id"]
    same = {name: told for name, values in others if (told := _the_same(name, values)) is not None}
    names = ", ".join(quote(table.c[name].name) for name in data)
    places = ", ".join(same.get(name, "?") for name in data)
    sql = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({places})"
    conn.exec_driver_sql(
        sql, list(zip(*[values for name, values in data.items() if name not in same], strict=True))
    )


def _the_same(name: str, values: Sequence[Any]) -> str | None:
    """The one value of a column as it is written in SQL; None when rows differ, and of what people wrote:
    statements come into the log.
    """
    first = values[0]
    plain = first is None or isinstance(first, int) or (name in _CODES and first.isidentifier())
    if not plain or first != values[-1] or values.count(first) < len(values):
        return None
    if isinstance(first, str):
        return f"'{first}'"
    return "NULL" if first is None else str(int(first))


def _as_json(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A column as it stands in the table; fractions with all their digits, which JSON would round."""
    plain = sa.type_coerce(column, sa.types.NullType())
    if isinstance(column.type, sa.Float):
        return sa.case((plain.is_(None), None), else_=sa.func.json(sa.func.printf("%!.17g", plain)))
    return plain


def _apply_range(conn: sa.Connection, journal_id: int, seq: int, edit: Edit, *, forward: bool) -> None:
    table = t.table_of(edit.kind)
    first, last = edit.ids
    where = sa.and_(table.c.id >= first, table.c.id <= last)
    mine = sa.and_(t.journal_edits.c.journal_id == journal_id, t.journal_edits.c.seq == seq)
    # what is kept of who brought a deal to its stages is done again with it: see `brought`
    columns = [*t.COLUMNS[edit.kind], *(["brought"] if edit.kind == "deal" else ())]
    if forward:
        image = unpack(conn.scalar(sa.select(t.journal_edits.c.after).where(mine)))
        assert image is not None, "a range that was undone keeps what it removed"
        of_column = zip(image["columns"], zip(*image["rows"], strict=True), strict=bool(image["rows"]))
        filled = {name: values for name, values in of_column if values.count(None) < len(values)}
        if filled:
            insert_columns(conn, edit.kind, filled)
        conn.execute(sa.update(t.journal_edits).where(mine).values(after=None))
        return
    # SQLite writes the image itself; building the rows here would take three times as long.
    row = sa.func.json_array(*[_as_json(table.c[c]) for c in columns])
    written = sa.func.json_object(
        "columns", sa.func.json(json.dumps(columns)), "rows", sa.func.json_group_array(row)
    )
    raw = str(conn.scalar(sa.select(written).where(where))).encode()
    conn.execute(sa.update(t.journal_edits).where(mine).values(after=zlib.compress(raw, 1)))
    conn.execute(sa.delete(table).where(where))
