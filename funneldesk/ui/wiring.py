"""What the window calls of the services, each loaded when it is first used, in a worker's thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from funneldesk.ui.shell import ShellServices

if TYPE_CHECKING:
    from funneldesk.domain.change import Change, Label
    from funneldesk.store.database import Database
    from funneldesk.ui.global_search import Hit


def shell_services() -> ShellServices:
    """Search, undo and redo for the window."""
    return ShellServices(search=search, undo=undo, redo=redo, undo_state=undo_state)


def search(db: Database, text: str, limit: int) -> Sequence[Hit]:
    """Companies, people and deals that match what is typed."""
    from funneldesk.services.search import search as find
    from funneldesk.ui.global_search import Hit

    return [Hit(hit.kind, hit.id, hit.name, hit.more) for hit in find(db, text, limit)]


def undo(db: Database) -> Change:
    """Take back the last change."""
    from funneldesk.services import history

    return history.undo(db)


def redo(db: Database) -> Change:
    """Do again what was undone last."""
    from funneldesk.services import history

    return history.redo(db)


def undo_state(db: Database) -> tuple[Label | None, Label | None]:
    """What undo and redo would do."""
    from funneldesk.services import history

    state = history.state(db)
    return state.undo, state.redo


def open_or_look(path: Path) -> Database:
    """Open a base; when somebody else holds it, for reading only."""
    from funneldesk.errors import UserError
    from funneldesk.store.database import open_database

    try:
        return open_database(path)
    except UserError as error:
        if error.code not in ("base.locked", "base.forbidden"):
            raise
        return open_database(path, read_only=True)
