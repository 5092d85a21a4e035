"""Who brought a deal to its stages, kept on it as text (`domain.brought`).

`deals.brought` follows from the moves of the deal.  It is kept with what `closes` keeps; deals that come by
the thousand bring it along, for to write it afterwards takes longer than to write them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.brought import BITS, LOW, MOST, WIDE, WON, entry
from funneldesk.domain.deal import Status
from funneldesk.store import tables as t

_OPEN, _WON = str(Status.OPEN), str(Status.WON)
_DIGITS = ", ".join(f"{LOW} + (actor >> {BITS * place} & {(1 << BITS) - 1})" for place in range(3))

# In a query of `deals`.  Of the moves to one place min() takes the first, and SQLite keeps the order of a
# subquery for group_concat.
OF_DEAL: sa.ColumnElement[str] = sa.literal_column(
    f"""(SELECT CASE WHEN coalesce(max(actor), 0) <= {MOST}
    THEN coalesce(group_concat(char(coalesce({LOW} + slot, {ord(WON)}), {_DIGITS}), ''), '') END
FROM (SELECT coalesce(m.actor_id, 0) AS actor, s.slot, min(m.seq) AS first
    FROM stage_moves AS m LEFT JOIN stages AS s ON s.id = m.to_stage_id AND m.to_kind = '{_OPEN}'
    WHERE m.deal_id = deals.id
        AND (m.to_kind = '{_WON}' OR m.to_kind = '{_OPEN}' AND s.funnel_id = deals.funnel_id)
    GROUP BY m.to_kind, m.to_stage_id ORDER BY first))""",
    sa.Text(),
)


def of_new(
    conn: sa.Connection, count: int, moves: Iterable[tuple[int, str, int | None, int | None]]
) -> list[str | None]:
    """The texts of `count` deals about to be made in stages of their own funnels.

    `moves`: all of theirs, each deal's in their order: its place among the deals, kind and stage that it goes
    to, actor.
    """
    stage = t.stages.c
    slots = {row.id: row.slot for row in conn.execute(sa.select(stage.id, stage.slot))}
    found: list[str | None] = [""] * count
    known: dict[Any, str | None] = {}  # most deals begin alike
    for deal, kind, to, actor in moves:
        way = found[deal], kind, to, actor
        if way not in known:
            known[way] = _gone_on(found[deal], kind, None if to is None else slots[to], actor)
        found[deal] = known[way]
    return found


def _gone_on(text: str | None, kind: str, slot: int | None, actor: int | None) -> str | None:
    """A text after one more move."""
    if text is None or (kind != _WON and (kind != _OPEN or slot is None)):
        return text
    told = entry(None if kind == _WON else slot, actor)
    if told[0] in text[::WIDE]:
        return text
    return None if (actor or 0) > MOST else text + told
