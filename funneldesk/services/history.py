"""Undo and redo of everything, also after a restart."""

from __future__ import annotations

from dataclasses import dataclass

from funneldesk.domain.change import Change, JournalEntry, Label
from funneldesk.errors import UserError
from funneldesk.store import journal
from funneldesk.store.database import Database


@dataclass(frozen=True, slots=True)
class UndoState:
    """What undo and redo would do now; None = nothing."""

    undo: Label | None
    redo: Label | None


def state(db: Database) -> UndoState:
    """The labels of the next undo and redo."""
    with db.read() as conn:
        back, forth = journal.next_undo(conn), journal.next_redo(conn)
        first = journal.read_entry(conn, back) if back else None
        second = journal.read_entry(conn, forth) if forth else None
    return UndoState(first.label if first else None, second.label if second else None)


def undo(db: Database) -> Change:
    """Take back the last change; UserError `history.nothing_to_undo` when there is none."""
    with db.maintenance() as conn:
        entry = journal.next_undo(conn)
        if entry is None:
            raise UserError("history.nothing_to_undo")
        return _apply(conn, entry, forward=False)


def undo_entry(db: Database, entry_id: int) -> Change:
    """Take that change back; UserError `history.not_last` when others came after it or it is gone."""
    with db.maintenance() as conn:
        if journal.next_undo(conn) != entry_id:
            raise UserError("history.not_last")
        return _apply(conn, entry_id, forward=False)


def redo(db: Database) -> Change:
    """Do the change again that was undone last; UserError `history.nothing_to_redo` when there is none."""
    with db.maintenance() as conn:
        entry = journal.next_redo(conn)
        if entry is None:
            raise UserError("history.nothing_to_redo")
        return _apply(conn, entry, forward=True)


def _apply(conn: object, entry: int, *, forward: bool) -> Change:
    line = journal.read_entry(conn, entry)  # type: ignore[arg-type]
    assert line is not None
    edits = journal.apply(conn, entry, forward=forward)  # type: ignore[arg-type]
    return Change(entry, line.at, line.who, line.label, tuple(edits))


def entries(db: Database, limit: int | None = 200) -> list[JournalEntry]:
    """The journal, newest first."""
    with db.read() as conn:
        return journal.entries(conn, limit)
