"""What was done after an entry of the journal: which records were changed, which histories went on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Op
from funneldesk.store import journal
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.next_step import KEPT

_OWNERS = {
    "contact_point": {"company_id": "company", "person_id": "person"},
    "stage_move": {"deal_id": "deal"},
}


@dataclass(slots=True)
class Since:
    """`touched` kind -> ids changed later; `moved` = deals whose stage history was written later."""

    touched: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    moved: set[int] = field(default_factory=set)


def owners(kind: str, row: Mapping[str, Any]) -> list[tuple[str, int]]:
    """The records that a part (a phone, a value, a move) belongs to."""
    if kind == "custom_value":
        return [(row["record_kind"], row["record_id"])]
    return [(of, row[c]) for c, of in _OWNERS.get(kind, {}).items() if row.get(c)]


def changed_since(conn: sa.Connection, entry: int) -> Since:
    """Go through the later entries that hold."""
    since = Since()
    pairs = journal.taken_back(conn, wholly=True)
    void = {*pairs, *pairs.values()}  # together they changed nothing
    edit, line = t.journal_edits.c, t.journal.c
    query = (
        sa.select(edit.op, edit.kind, edit.record_id, edit.last_id, edit.before, edit.after)
        .select_from(t.journal_edits.join(t.journal, line.id == edit.journal_id))
        .where(edit.journal_id > entry, line.state == "done", sa.not_(among(edit.journal_id, void)))
    )
    for row in conn.execution_options(yield_per=1_000).execute(query):
        _note(conn, since, row)
    column = t.stage_moves.c
    changed = among(column.id, since.touched["stage_move"])
    since.moved.update(conn.scalars(sa.select(column.deal_id).where(changed)))
    return since


def _note(conn: sa.Connection, since: Since, row: Any) -> None:
    op, kind = Op(row.op), row.kind
    if op is Op.RANGE:
        if kind == "stage_move":
            column = t.stage_moves.c
            inside = column.id.between(row.record_id, row.last_id)
            since.moved.update(conn.scalars(sa.select(column.deal_id).where(inside)))
        return
    before = journal.unpack(row.before)
    if op is Op.UPDATE:
        if kind == "deal" and set(before) <= set(KEPT):
            return  # the next step follows from activities
        since.touched[kind].add(row.record_id)
        images = [before]
    elif op is Op.BATCH:
        if kind == "deal" and set(before["columns"]) <= set(KEPT):
            return
        since.touched[kind].update(before["ids"])
        images = []
    elif op is Op.CUT:
        images = [dict(zip(before["columns"], values, strict=True)) for values in before["rows"]]
    else:
        images = [image for image in (before, journal.unpack(row.after)) if image]
    if kind == "stage_move":
        since.moved.update(image["deal_id"] for image in images if image.get("deal_id"))
    if op in (Op.DELETE, Op.CUT):
        for image in images:  # a part that was taken away changed its owner
            for of, record in owners(kind, image):
                since.touched[of].add(record)
