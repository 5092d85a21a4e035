"""Undo and redo of everything, also after a restart."""

from __future__ import annotations

from dataclasses import dataclass

from funneldesk.collector import collector_paused
from funneldesk.domain.change import Change, JournalEntry, Label
from funneldesk.domain.taking_back import TakeBack
from funneldesk.errors import UserError
from funneldesk.store import growth, journal, taking_back
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor


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
            last = journal.last_done(conn)
            too_old = last is not None and growth.beyond(conn, last)
            raise UserError("history.too_old" if too_old else "history.nothing_to_undo")
        return _apply(conn, entry, forward=False)


def undo_entry(db: Database, entry_id: int) -> Change:
    """Take that change back; UserError `history.not_last` when others came after it or it is gone."""
    with db.maintenance() as conn:
        if journal.next_undo(conn) != entry_id:
            raise UserError("history.not_last")
        return _apply(conn, entry_id, forward=False)


def look_back(db: Database, entry_id: int) -> TakeBack:
    """What `take_back` would do with that change now; nothing is written.  Raises as it does."""
    with db.read() as conn:
        return taking_back.look(conn, entry_id)


def take_back(db: Database, entry_id: int, *, actor: Actor | None = None) -> Change:
    """Take that change back, whenever it was made.

    The last change is simply undone.  An older one is taken back by a new change, which leaves what
    people have changed or built upon since (`Change.summary`: entry, removed, restored, left).
    UserError `history.no_entry`, `history.is_barrier`, `history.gone_already`, `history.all_in_use`.
    """
    with db.maintenance() as conn:
        if taking_back.look(conn, entry_id).whole:
            return _apply(conn, entry_id, forward=False)
        line = journal.read_entry(conn, entry_id)
    assert line is not None
    label = Label("history.taken_back", {**line.label.params, "of": line.label.code, "entry": entry_id})
    with db.transaction(label, actor=actor) as tx:
        back = taking_back.look(tx.conn, entry_id)
        if back.nothing:
            raise UserError("history.all_in_use", count=len(back.left))
        taking_back.carry_out(tx, back)
        tx.summary = {
            "entry": entry_id,
            "removed": back.removed(),
            "restored": back.restored(),
            "left": len(back.left),
        }
    return tx.change


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
    with collector_paused():
        edits = journal.apply(conn, entry, forward=forward)  # type: ignore[arg-type]
    return Change(entry, line.at, line.who, line.label, tuple(edits))


def entries(db: Database, limit: int | None = 200) -> list[JournalEntry]:
    """The journal, newest first."""
    with db.read() as conn:
        return journal.entries(conn, limit)
