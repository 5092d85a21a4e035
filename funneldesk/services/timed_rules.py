"""Rules that time sets off: deals at a standstill.  Each standstill sets a rule off once."""

from __future__ import annotations

from funneldesk.domain import clock
from funneldesk.domain.change import Change, Label
from funneldesk.domain.rule import Event, Rule
from funneldesk.services import automation
from funneldesk.store.database import Database
from funneldesk.store.queries import rules as queries
from funneldesk.store.transaction import Actor


def run(db: Database, *, now: int | None = None, actor: Actor | None = None) -> Change:
    """Let every timed rule act on what it has not acted on yet: one change, empty when there is nothing.

    What is undone does not come back: that a rule has fired is kept beside the journal.
    """
    moment = clock.now() if now is None else now
    count = 0
    with db.transaction(Label("rules.run"), actor=actor) as tx:
        for rule in tx.all(Rule, active=True, event=str(Event.STALE)):
            known = queries.fired_for(tx.conn, rule.id)
            for deal_id, since in queries.standing_still(tx.conn, rule, moment):
                if (deal_id, since) not in known and automation.fire(tx, rule, "deal", deal_id):
                    queries.mark_fired(tx, rule.id, deal_id, since)
                    count += 1
        tx.label = Label("rules.run", {"count": count})
    return tx.change


def count(db: Database, rule: Rule, *, now: int | None = None) -> int:
    """How many deals stand still now in the sense of a rule, whatever its condition."""
    with db.read() as conn:
        return len(queries.standing_still(conn, rule, clock.now() if now is None else now))
