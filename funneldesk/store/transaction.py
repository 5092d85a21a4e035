"""One user action on the base: records put, history appended, the journal written in the same commit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.change import Change, Edit, Label, Op
from funneldesk.errors import StaleRecord, UserError
from funneldesk.store import bulk, closes, journal, search, search_text, stays
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.derive import derive

R = TypeVar("R")
KEPT_ON_DEAL = frozenset(
    {"status", "stage_id", "entered_at", "closed_at", "visited", "lost_from_id", "path_known"}
)

_FEW = 200  # records removed together; so many are told apart


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it: the manager at this computer, when one is chosen."""

    manager_id: int | None = None
    name: str = ""


class Transaction:
    """What a service writes through.  Made only by `Database.transaction`."""

    def __init__(self, conn: sa.Connection, label: Label, actor: Actor) -> None:
        self.conn = conn
        self.actor = actor
        self.label = label
        self.at = clock.now()
        self.summary: dict[str, Any] = {}
        self.barrier = False
        self.search_later = False  # many new records come into the search index afterwards
        self.fired: set[tuple[int, str, int]] = set()  # (rule, kind, record) of this change
        self._edits: list[Edit] = []
        self._deals_to_refresh: set[int] = set()
        self._told: set[int] = set()  # moves made with what is kept of them
        self.change = Change(0, self.at, actor.name, label)

    # Reading -----------------------------------------------------------------
    def get(self, cls: type[R], record_id: int) -> R:
        """The record, or UserError `record.gone`."""
        found = self.find(cls, record_id)
        if found is None:
            raise UserError("record.gone", kind=t.KIND_OF[cls], id=record_id)
        return found

    def find(self, cls: type[R], record_id: int | None) -> R | None:
        """The record or None."""
        if record_id is None:
            return None
        kind = t.KIND_OF[cls]
        row = self.conn.execute(_one(kind), {_ID: record_id}).one_or_none()
        return None if row is None else t.record_from(kind, row)

    def select(self, cls: type[R], *where: sa.ColumnElement[bool], order: Any = None) -> list[R]:
        """All records that fulfil the conditions, by id unless `order` says otherwise."""
        return select_records(self.conn, cls, *where, order=order)

    def all(self, cls: type[R], **equal: Any) -> list[R]:
        """All records whose columns have the given values, by id."""
        return equal_records(self.conn, cls, **equal)

    # Writing -----------------------------------------------------------------
    def reserve(self, kind: str, count: int = 1) -> int:
        """Ids that no other record of `kind` ever had or will have: the first of `count` in a row."""
        return reserve(self.conn, kind, count)

    def insert(self, record: Any, **kept: Any) -> int:
        """Put a new record (its id, when 0, is given now) and return its id.

        `kept`: of a move, the last of its deal, what is kept beside it (`store.stays`).
        """
        kind = t.KIND_OF[type(record)]
        values = derive(kind, asdict(record))
        if not values["id"]:
            values["id"] = self.reserve(kind)
        self.conn.execute(_insert(kind), {**values, **kept})
        if kept:
            self._told.add(values["id"])
        self._note(Edit(Op.INSERT, kind, values["id"], None, values))
        return int(values["id"])

    def update(
        self, cls: type[Any], record_id: int, *, expected_version: int | None = None, **values: Any
    ) -> bool:
        """Set columns of a record; False when nothing differed.

        With `expected_version` a record changed since is refused (`StaleRecord`).
        """
        kind = t.KIND_OF[cls]
        if kind == "deal" and KEPT_ON_DEAL & values.keys():
            raise AssertionError("a deal's standing changes only by a move")
        return self.put(kind, record_id, values, expected_version)

    def put(
        self, kind: str, record_id: int, values: Mapping[str, Any], expected_version: int | None = None
    ) -> bool:
        """As `update`, for the store's own modules, kept columns included."""
        table = t.table_of(kind)
        wanted = derive(kind, self._with_contact_kind(kind, record_id, dict(values)))
        row = self.conn.execute(_whole(kind), {_ID: record_id}).mappings().one_or_none()
        if row is None:
            raise UserError("record.gone", kind=kind, id=record_id)
        if expected_version is not None and row["version"] != expected_version:
            theirs = {name: row[name] for name in values}
            raise StaleRecord(kind, record_id, dict(values), theirs)
        changed = {name: value for name, value in wanted.items() if row[name] != value}
        if not changed:
            return False
        if "updated_at" in table.c:
            changed["updated_at"] = self.at
        self.conn.execute(_update(kind), {_ID: record_id, "version": row["version"] + 1, **changed})
        self._note(Edit(Op.UPDATE, kind, record_id, {name: row[name] for name in changed}, changed))
        return True

    def _with_contact_kind(self, kind: str, record_id: int, values: dict[str, Any]) -> dict[str, Any]:
        if kind == "contact_point" and "value" in values and "kind" not in values:
            column = t.contact_points.c
            values["kind"] = self.conn.scalar(sa.select(column.kind).where(column.id == record_id))
        return values

    def delete(self, cls: type[Any], record_id: int) -> None:
        """Remove a record; whatever refers to it must have been removed or turned before."""
        kind = t.KIND_OF[cls]
        table = t.table_of(kind)
        wanted = sa.select(*[table.c[name] for name in t.COLUMNS[kind]]).where(table.c.id == record_id)
        row = self.conn.execute(wanted).mappings().one_or_none()
        if row is None:
            raise UserError("record.gone", kind=kind, id=record_id)
        self.conn.execute(sa.delete(table).where(table.c.id == record_id))
        self._note(Edit(Op.DELETE, kind, record_id, dict(row), None))

    def many(self, kind: str, count: int) -> AbstractContextManager[None]:
        """Around the bulk inserts of `count` records of a kind: its indexes are made at the end."""
        return bulk.indexes_afterwards(self.conn, kind, count)

    def bulk_insert(self, kind: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert many rows whose ids (from `reserve`) run without a gap; journalled as one range.

        Columns left out stay empty ("version" is 1); kept columns are the caller's to fill
        (`store.derive`).
        """
        if rows:
            self.bulk_insert_columns(kind, dict(zip(columns, zip(*rows, strict=True), strict=True)))

    def bulk_insert_columns(self, kind: str, data: Mapping[str, Sequence[Any]]) -> None:
        """As `bulk_insert`, by column a value per row; there is at least one row."""
        self.assert_alive()
        ids = data["id"]
        first, last = ids[0], ids[-1]
        if last - first + 1 != len(ids):
            raise AssertionError("ids of a bulk insert must run without a gap")
        if "version" not in data:
            data = {**data, "version": [1] * len(ids)}
        journal.insert_columns(self.conn, kind, data)
        owners = self._owners_elsewhere(kind, data) if kind in search_text.KINDS else None
        self._edits.append(Edit(Op.RANGE, kind, first, owners, None, (first, last)))

    def _owners_elsewhere(self, kind: str, data: Mapping[str, Sequence[Any]]) -> dict[str, list[int]] | None:
        """Owners that this transaction did not make itself: their search text changes too."""
        found: dict[str, list[int]] = {}
        for owner, ids in search_text.owners_of_columns(kind, data).items():
            made: list[tuple[int, int]] = []
            for edit in self._edits:
                if edit.op is Op.RANGE and edit.kind == owner:
                    search.join_spans(made, edit.ids[0], edit.ids[1])
            if ids and any(a <= min(ids) and max(ids) <= b for a, b in made):
                continue
            rest = sorted(i for i in ids if not any(a <= i <= b for a, b in made))
            if rest:
                found[owner] = rest
        return found or None

    def bulk_update(
        self, kind: str, columns: Sequence[str], ids: Sequence[int], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Set `columns` of many records, one row of values per id; before and after kept as one batch.

        Raises UserError `record.gone` when one of them is not there.
        """
        if not ids:
            return
        self.assert_alive()
        table = t.table_of(kind)
        if "updated_at" in table.c and "updated_at" not in columns:
            columns = [*columns, "updated_at"]
            rows = [[*row, self.at] for row in rows]
        before: dict[int, list[Any]] = {}
        wanted = [table.c[c] for c in columns]
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            for row in self.conn.execute(sa.select(table.c.id, *wanted).where(table.c.id.in_(part))):
                before[row[0]] = list(row[1:])
        gone = next((i for i in ids if i not in before), None)
        if gone is not None:
            raise UserError("record.gone", kind=kind, id=gone)
        journal.write_batch(self.conn, kind, columns, ids, rows)
        images = {"columns": list(columns), "ids": list(ids)}
        self._edits.append(
            Edit(
                Op.BATCH,
                kind,
                ids[0],
                {**images, "rows": [before[i] for i in ids]},
                {**images, "rows": [list(row) for row in rows]},
                tuple(ids),
            )
        )

    def bulk_delete(self, kind: str, ids: Sequence[int]) -> None:
        """Remove many records; whatever refers to them must have been removed or turned before.

        A few are kept as an edit each, many as one, the id first in each row.
        """
        if not ids:
            return
        self.assert_alive()
        table = t.table_of(kind)
        columns = list(t.COLUMNS[kind])
        wanted = sa.select(*[table.c[c] for c in columns]).where(among(table.c.id, ids)).order_by(table.c.id)
        rows = [list(row) for row in self.conn.execute(wanted)]
        journal.delete_rows(self.conn, kind, ids)
        if len(rows) <= _FEW:
            for row in rows:
                self._note(Edit(Op.DELETE, kind, row[0], dict(zip(columns, row, strict=True)), None))
            return
        image = {"columns": columns, "rows": rows}
        gone = tuple(row[0] for row in rows)
        self._edits.append(Edit(Op.CUT, kind, gone[0], image, None, gone))
        if kind == "activity":
            place = columns.index("deal_id")
            self._deals_to_refresh.update(row[place] for row in rows if row[place])

    @property
    def touched(self) -> bool:
        """Whether anything was written so far that the journal will tell of."""
        return bool(self._edits)

    def assert_alive(self) -> None:
        """SQLite rolls back by itself when the disk is full: never go on outside a transaction."""
        raw = self.conn.connection.dbapi_connection
        if not getattr(raw, "in_transaction", True):
            raise UserError("base.full", path="")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part that may fail: what it wrote is taken back, then the error goes on."""
        kept = len(self._edits)
        self.conn.exec_driver_sql("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            del self._edits[kept:]
            self.conn.exec_driver_sql("ROLLBACK TO attempt")
            self.conn.exec_driver_sql("RELEASE attempt")
            raise
        self.conn.exec_driver_sql("RELEASE attempt")

    def forget_images(self) -> None:
        """Keep of the edits so far only which records they touched (for what must not be undone)."""
        self._edits = [Edit(edit.op, edit.kind, edit.record_id, None, None, edit.ids) for edit in self._edits]

    # The end -----------------------------------------------------------------
    def refresh_next_step(self, deal_ids: Sequence[int]) -> None:
        """Bring the kept next step of deals up to date before the commit (bulk writers call it)."""
        self._deals_to_refresh.update(deal_ids)

    def _note(self, edit: Edit) -> None:
        self._edits.append(edit)
        if edit.kind == "activity":
            for image in (edit.before, edit.after):
                if image and image.get("deal_id"):
                    self._deals_to_refresh.add(image["deal_id"])
            if edit.op is Op.UPDATE:
                column = t.activities.c
                deal = self.conn.scalar(sa.select(column.deal_id).where(column.id == edit.record_id))
                if deal:
                    self._deals_to_refresh.add(deal)

    def finish(self) -> None:
        """Bring what is kept up to date and write the journal; called by the database before the commit."""
        from funneldesk.store.next_step import refresh_deals

        if self._deals_to_refresh:
            refresh_deals(self, sorted(self._deals_to_refresh))
        if not self._edits:
            return
        closes.refresh(self.conn, self._edits)
        stays.refresh(self.conn, self._edits, self._told)
        search.refresh(self.conn, self._edits, fresh=True, later=self.search_later)
        self.change = Change(
            self.reserve("journal"), self.at, self.actor.name, self.label, tuple(self._edits), self.summary
        )
        journal.write_entry(self.conn, self.change, actor_id=self.actor.manager_id, barrier=self.barrier)


def select_records(
    conn: sa.Connection, cls: type[R], *where: sa.ColumnElement[bool], order: Any = None
) -> list[R]:
    """Records of one kind as frozen dataclasses."""
    kind = t.KIND_OF[cls]
    query = _every(kind).where(*where).order_by(t.table_of(kind).c.id if order is None else order)
    return [t.record_from(kind, row) for row in conn.execute(query)]


@cache
def _every(kind: str) -> sa.Select[Any]:
    """All records of a kind, the columns as its fields: to make it costs as much as to run it."""
    table = t.table_of(kind)
    return sa.select(*[table.c[name] for name in t.COLUMNS[kind]])


def equal_records(conn: sa.Connection, cls: type[R], *, order: str = "id", **equal: Any) -> list[R]:
    """Records whose columns have the given values, in the order of a column, by a statement made once."""
    kind = t.KIND_OF[cls]
    if None in equal.values():  # asked for in other words than a value
        column = t.table_of(kind).c
        where = [column[name] == value for name, value in equal.items()]
        return select_records(conn, cls, *where, order=column[order])
    asked = {f"of_{name}": value for name, value in equal.items()}
    return [t.record_from(kind, row) for row in conn.execute(_equal(kind, tuple(equal), order), asked)]


# Statements on one record, made once: to make one takes longer than to run it.
_ID = "one_id"  # no column is called so


@cache
def _one(kind: str) -> sa.Select[Any]:
    return _every(kind).where(t.table_of(kind).c.id == sa.bindparam(_ID))


@cache
def _equal(kind: str, names: tuple[str, ...], order: str) -> sa.Select[Any]:
    column = t.table_of(kind).c
    asked = [column[name] == sa.bindparam(f"of_{name}") for name in names]
    return _every(kind).where(*asked).order_by(column[order])


@cache
def _whole(kind: str) -> sa.Select[Any]:
    """With what is kept beside the record."""
    table = t.table_of(kind)
    return sa.select(table).where(table.c.id == sa.bindparam(_ID))


@cache
def _insert(kind: str) -> sa.Insert:
    return sa.insert(t.table_of(kind))


@cache
def _update(kind: str) -> sa.Update:
    """Of the columns that come as parameters."""
    table = t.table_of(kind)
    return sa.update(table).where(table.c.id == sa.bindparam(_ID))


_NEXT = sa.select(t.sequences.c.next).where(t.sequences.c.kind == sa.bindparam("of_kind"))
_GIVE = sa.update(t.sequences).where(t.sequences.c.kind == sa.bindparam("of_kind"))


def reserve(conn: sa.Connection, kind: str, count: int = 1) -> int:
    """The first of `count` fresh ids of `kind` (1, 2, ...); none is ever given twice, undo or not."""
    first = conn.scalar(_NEXT, {"of_kind": kind})
    if first is None:
        conn.execute(sa.insert(t.sequences).values(kind=kind, next=1 + count))
        return 1
    conn.execute(_GIVE, {"of_kind": kind, "next": first + count})
    return int(first)
