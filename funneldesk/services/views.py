"""Saved views: a named list, board or report with its settings."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.fields import SavedView
from funneldesk.domain.folding import fold
from funneldesk.domain.naming import checked_name
from funneldesk.errors import UserError
from funneldesk.services import ordering
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, select_records


def views(db: Database, screen: str) -> list[SavedView]:
    """The views of a screen, in their order."""
    with db.read() as conn:
        return select_records(
            conn, SavedView, t.saved_views.c.screen == screen, order=t.saved_views.c.position
        )


def spec_of(view: SavedView) -> dict[str, Any]:
    """The settings a view keeps; an unreadable one is empty."""
    try:
        found = json.loads(view.spec)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def save(
    db: Database, screen: str, name: str, spec: Mapping[str, Any], *, actor: Actor | None = None
) -> Change:
    """Keep settings under a name; a view of that name is replaced.  Raises `name.empty`."""
    fresh = checked_name(name)
    text = json.dumps(dict(spec), ensure_ascii=False, sort_keys=True)
    with db.transaction(Label("view.saved", {"name": fresh}), actor=actor) as tx:
        known = tx.all(SavedView, screen=screen)
        same = [view for view in known if fold(view.name) == fold(fresh)]
        if same:
            tx.update(SavedView, same[0].id, name=fresh, spec=text)
        else:
            place = max((view.position for view in known), default=-1) + 1
            tx.insert(SavedView(screen=screen, name=fresh, spec=text, position=place))
    return tx.change


def rename(db: Database, view_id: int, name: str, *, actor: Actor | None = None) -> Change:
    """Call a view otherwise.  Raises `name.empty`, `name.taken`."""
    with db.transaction(Label("view.saved"), actor=actor) as tx:
        view = tx.get(SavedView, view_id)
        fresh = checked_name(name, view.name)
        tx.label = Label("view.saved", {"name": fresh})
        others = [v for v in tx.all(SavedView, screen=view.screen) if v.id != view_id]
        if any(fold(other.name) == fold(fresh) for other in others):
            raise UserError("name.taken", name=fresh)
        tx.update(SavedView, view_id, name=fresh)
    return tx.change


def move(db: Database, view_id: int, by: int, *, actor: Actor | None = None) -> Change:
    """Put a view further down (1) or up (-1) among those of its screen."""
    with db.transaction(Label("view.saved"), actor=actor) as tx:
        view = tx.get(SavedView, view_id)
        tx.label = Label("view.saved", {"name": view.name})
        ordering.shift(tx, SavedView, view_id, by, screen=view.screen)
    return tx.change


def arrange(
    db: Database, screen: str, items: Sequence[tuple[str, Mapping[str, Any]]], *, actor: Actor | None = None
) -> Change:
    """Let a screen have exactly these views (name and settings) in this order; names are known by folding."""
    with db.transaction(Label("view.arranged"), actor=actor) as tx:
        known = {fold(view.name): view for view in tx.all(SavedView, screen=screen)}
        for place, (name, spec) in enumerate(items):
            text = json.dumps(dict(spec), ensure_ascii=False, sort_keys=True)
            view = known.pop(fold(name), None)
            if view is None:
                tx.insert(SavedView(screen=screen, name=name, spec=text, position=place))
            elif (view.spec, view.position) != (text, place):
                tx.update(SavedView, view.id, spec=text, position=place)
        for gone in known.values():
            tx.delete(SavedView, gone.id)
    return tx.change


def delete(db: Database, view_id: int, *, actor: Actor | None = None) -> Change:
    """Remove a view."""
    with db.transaction(Label("view.deleted"), actor=actor) as tx:
        view = tx.get(SavedView, view_id)
        tx.label = Label("view.deleted", {"name": view.name})
        tx.delete(SavedView, view_id)
    return tx.change
