"""Loss reasons: their groups, whether they name a competitor, in which funnel they are offered."""

from __future__ import annotations

from typing import Any

from funneldesk.domain.change import Change, Label
from funneldesk.domain.folding import fold
from funneldesk.domain.naming import checked_name
from funneldesk.domain.team import LossReason
from funneldesk.errors import UserError
from funneldesk.store.database import Database
from funneldesk.store.queries import lists
from funneldesk.store.transaction import Actor

_FIELDS = frozenset({"name", "outcome", "competitor", "advice", "funnel_id"})


def update(db: Database, reason_id: int, *, actor: Actor | None = None, **values: Any) -> Change:
    """Change a reason: its name, group (`outcome`), advice, whether it names a competitor, its funnel.

    Raises `name.empty`, `name.long`, `name.taken`.
    """
    wrong = values.keys() - _FIELDS
    if wrong:
        raise AssertionError(f"not to be changed this way: {sorted(wrong)}")
    with db.transaction(Label("list.changed"), actor=actor) as tx:
        reason = tx.get(LossReason, reason_id)
        name = checked_name(str(values.get("name", reason.name)), reason.name)
        if any(r.id != reason_id for r in tx.all(LossReason, folded=fold(name))):
            raise UserError("name.taken", name=name)
        tx.label = Label("list.changed", {"name": name})
        tx.update(LossReason, reason_id, **{**values, "name": name})
    return tx.change


def add(db: Database, name: str, funnel_id: int | None = None, *, actor: Actor | None = None) -> Change:
    """Add a reason at the end, for one funnel or for all.  Raises as `update`."""
    fresh = checked_name(name)
    with db.transaction(Label("list.created", {"name": fresh}), actor=actor) as tx:
        if tx.all(LossReason, folded=fold(fresh)):
            raise UserError("name.taken", name=fresh)
        place = max((reason.position for reason in lists.loss_reasons(tx.conn)), default=0) + 1
        tx.insert(LossReason(name=fresh, position=place, funnel_id=funnel_id))
    return tx.change
