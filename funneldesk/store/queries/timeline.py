"""Everything that happened to a client or a deal: activities, stage moves, changes of fields, imports."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.card import TimelineItem
from funneldesk.domain.change import Op
from funneldesk.store import journal
from funneldesk.store import tables as t
from funneldesk.store.queries.billing import billing_items

# Kept columns, keys and order say nothing to a person.
_HIDDEN = frozenset(
    """id version name_key sort_key updated_at position key folded status stage_id entered_at closed_at
    visited lost_from_id path_known next_due_at next_activity_id last_done_at number record_kind record_id
    field_id company_id person_id deal_id lead_id created_at""".split()
)
# ... but for these of the record itself.
_SHOWN = {
    "company": frozenset[str](),
    "person": frozenset({"company_id", "position"}),
    "deal": frozenset({"company_id", "person_id"}),
}
_LINKS = {"company_id": t.companies, "person_id": t.people}
_BATCHES = 40  # bulk changes looked into, newest first


def client_timeline(
    conn: sa.Connection, kind: str, client_id: int, limit: int = 50
) -> tuple[list[TimelineItem], bool]:
    """The newest `limit` things that happened to a client, and whether there is more."""
    acts, moves = t.activities.c, t.stage_moves.c
    if kind == "company":
        people = sa.select(t.people.c.id).where(t.people.c.company_id == client_id)
        about: sa.ColumnElement[bool] = sa.or_(acts.company_id == client_id, acts.person_id.in_(people))
    else:
        about = acts.person_id == client_id
    deals = sa.select(t.deals.c.id).where(t.deals.c[f"{kind}_id"] == client_id)
    items = [
        *_activities(conn, about, limit + 1),
        *_moves(conn, moves.deal_id.in_(deals), limit + 1),
        *_changes(conn, kind, client_id, limit + 1),
        *billing_items(conn, kind, client_id, limit + 1),
    ]
    return _cut(items, limit)


def deal_timeline(conn: sa.Connection, deal_id: int, limit: int = 50) -> tuple[list[TimelineItem], bool]:
    """The newest `limit` things that happened to a deal, and whether there is more."""
    items = [
        *_activities(conn, t.activities.c.deal_id == deal_id, limit + 1),
        *_moves(conn, t.stage_moves.c.deal_id == deal_id, limit + 1),
        *_changes(conn, "deal", deal_id, limit + 1),
        *billing_items(conn, "deal", deal_id, limit + 1),
    ]
    return _cut(items, limit)


def _cut(items: list[TimelineItem], limit: int) -> tuple[list[TimelineItem], bool]:
    items.sort(key=lambda item: (item.at is not None, item.at or 0, item.key), reverse=True)
    return items[:limit], len(items) > limit


def _activities(conn: sa.Connection, about: sa.ColumnElement[bool], limit: int) -> list[TimelineItem]:
    """What was done; what is planned stands above the timeline."""
    acts = t.activities.c
    query = (
        sa.select(
            acts.id, acts.kind, acts.subject, acts.result, acts.comment, acts.done_at, acts.created_at,
            t.managers.c.name.label("who"), t.deals.c.title.label("deal"), t.people.c.name.label("person"),
        )
        .select_from(
            t.activities.outerjoin(t.managers, t.managers.c.id == acts.manager_id)
            .outerjoin(t.deals, t.deals.c.id == acts.deal_id)
            .outerjoin(t.people, t.people.c.id == acts.person_id)
        )
        .where(about, sa.or_(acts.done_at.is_not(None), acts.kind == "note"))
        .order_by(sa.func.coalesce(acts.done_at, acts.created_at).desc(), acts.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [
        TimelineItem(
            "activity",
            row.done_at if row.done_at is not None else row.created_at,
            row.who or "",
            f"a{row.id:012}",
            {
                "id": row.id,
                "kind": row.kind,
                "text": row.subject,
                "result": row.result or "",
                "comment": row.comment or "",
                "deal": row.deal or "",
                "person": row.person or "",
            },
        )
        for row in conn.execute(query)
    ]


def _moves(conn: sa.Connection, which: sa.ColumnElement[bool], limit: int) -> list[TimelineItem]:
    moves = t.stage_moves
    before = moves.alias()
    came, went = t.stages.alias(), t.stages.alias()
    query = (
        sa.select(
            moves.c.id, moves.c.at, moves.c.from_kind, moves.c.to_kind, moves.c.cause, moves.c.deal_id,
            moves.c.amount, t.deals.c.currency, t.deals.c.title, came.c.name.label("source"),
            went.c.name.label("target"), t.managers.c.name.label("who"), before.c.at.label("since"),
            t.loss_reasons.c.name.label("reason"), t.deals.c.loss_comment, t.deals.c.closed_at,
        )
        .select_from(
            moves.join(t.deals, t.deals.c.id == moves.c.deal_id)
            .outerjoin(came, came.c.id == moves.c.from_stage_id)
            .outerjoin(went, went.c.id == moves.c.to_stage_id)
            .outerjoin(t.managers, t.managers.c.id == moves.c.actor_id)
            .outerjoin(t.loss_reasons, t.loss_reasons.c.id == moves.c.loss_reason_id)
            .outerjoin(before, sa.and_(before.c.deal_id == moves.c.deal_id, before.c.seq == moves.c.seq - 1))
        )
        .where(which)
        .order_by(moves.c.at.desc(), moves.c.seq.desc())
        .limit(limit)
    )  # fmt: skip
    found = []
    for row in conn.execute(query):
        known = row.at is not None and row.since is not None
        found.append(
            TimelineItem(
                "move",
                row.at,
                row.who or "",
                f"m{row.id:012}",
                {
                    "deal_id": row.deal_id,
                    "title": row.title,
                    "from_kind": row.from_kind,
                    "to_kind": row.to_kind,
                    "from": row.source or "",
                    "to": row.target or "",
                    "days": (row.at - row.since) / 86_400_000_000 if known else None,
                    "reason": row.reason or "",
                    "comment": row.loss_comment or "" if row.at == row.closed_at else "",
                    "amount": row.amount,
                    "currency": row.currency,
                    "cause": row.cause,
                },
            )
        )
    return found


def _changes(conn: sa.Connection, kind: str, record_id: int, limit: int) -> list[TimelineItem]:
    """Journal entries that are in force and touched the record, its contacts or its custom values."""
    edits, entry = t.journal_edits.c, t.journal.c
    inside: list[sa.ColumnElement[bool]] = [
        sa.and_(edits.kind == kind, edits.record_id == record_id, edits.op.in_(["insert", "update"])),
        sa.and_(
            edits.kind == kind, edits.op == "range", edits.record_id <= record_id, edits.last_id >= record_id
        ),
    ]
    for part, ids in _parts(conn, kind, record_id):
        inside.append(sa.and_(edits.kind == part, edits.record_id.in_(ids), edits.op != "range"))
    columns = (
        edits.journal_id, edits.seq, edits.op, edits.kind, edits.before, edits.after, entry.at, entry.who,
        entry.label, entry.params, edits.record_id,
    )  # fmt: skip
    found: dict[int, list[Any]] = {}
    for where in inside:  # one by one: each is answered by the index on (kind, record_id)
        query = (
            sa.select(*columns)
            .select_from(t.journal_edits.join(t.journal, entry.id == edits.journal_id))
            .where(where, entry.state == "done")
            .order_by(edits.journal_id.desc())
            .limit(limit)
        )
        for row in conn.execute(query):
            found.setdefault(row.journal_id, []).append(row)
    points = t.contact_points.c
    touched = [row.record_id for rows in found.values() for row in rows if row.kind == "contact_point"]
    query = sa.select(points.id, points.kind).where(points.id.in_(touched))
    contact_kinds = {row.id: row.kind for row in conn.execute(query)} if touched else {}
    items = [_item(number, rows, kind, contact_kinds) for number, rows in found.items()]
    items += _batches(conn, kind, record_id)
    return [_with_names(conn, item) for item in items if item is not None]


def _with_names(conn: sa.Connection, item: TimelineItem) -> TimelineItem:
    """Links to clients as their names; the small lists are put into names by the card."""
    edits = item.values.get("edits", ())
    if not any(field in _LINKS for field, _old, _new in edits):
        return item

    def named(field: str, value: Any) -> Any:
        table = _LINKS.get(field)
        if table is None or value is None:
            return value
        return conn.scalar(sa.select(table.c.name).where(table.c.id == value))

    shown = tuple((field, named(field, old), named(field, new)) for field, old, new in edits)
    return replace(item, values={**item.values, "edits": shown})


def _parts(conn: sa.Connection, kind: str, record_id: int) -> list[tuple[str, list[int]]]:
    """Records that belong to this one and are edited with it."""
    found = []
    if kind in ("company", "person"):
        points = t.contact_points.c
        found.append(
            (
                "contact_point",
                list(conn.scalars(sa.select(points.id).where(points[f"{kind}_id"] == record_id))),
            )
        )
    values = t.custom_values.c
    mine = sa.select(values.id).where(values.record_kind == kind, values.record_id == record_id)
    found.append(("custom_value", list(conn.scalars(mine))))
    files = t.files.c
    kept = sa.select(files.id).where(files.record_kind == kind, files.record_id == record_id)
    found.append(("file", list(conn.scalars(kept))))
    return [(part, ids) for part, ids in found if ids]


def _item(
    number: int, rows: Sequence[Any], kind: str, contact_kinds: Mapping[int, str]
) -> TimelineItem | None:
    first, key = rows[0], f"j{number:012}"
    params = json.loads(first.params)
    for row in rows:
        if row.kind == kind and row.op == "range":
            return TimelineItem("imported", row.at, row.who, key, {"label": row.label, **params})
        if row.kind == kind and row.op == "insert":
            after = journal.unpack(row.after) or {}  # an old journal may keep only that it was made
            return TimelineItem(
                "created", row.at, row.who, key, {"name": after.get("name") or after.get("title")}
            )
    edits: list[tuple[str, Any, Any]] = []
    for row in sorted(rows, key=lambda r: r.seq):
        before, after = journal.unpack(row.before) or {}, journal.unpack(row.after) or {}
        if row.kind == "contact_point":
            before = {"kind": contact_kinds.get(row.record_id), **before}
        edits += _field_edits(row.kind, kind, before, after)
    if not edits:
        return None
    return TimelineItem("change", first.at, first.who, key, {"edits": tuple(edits)})


def _field_edits(
    part: str, kind: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, Any, Any]]:
    if part == "contact_point":
        what = before.get("kind") or after.get("kind") or "contact"
        return [(what, before.get("value"), after.get("value"))] if "value" in {*before, *after} else []
    if part == "file":
        return [("file", before.get("name"), after.get("name"))] if "name" in {*before, *after} else []
    if part == "custom_value":
        field = before.get("field_id") or after.get("field_id") or 0
        return [(f"field:{field}", before.get("value"), after.get("value"))]
    names = [n for n in {**before, **after} if n not in _HIDDEN or n in _SHOWN.get(kind, ())]
    return [(n, before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n)]


def _batches(conn: sa.Connection, kind: str, record_id: int) -> list[TimelineItem]:
    edits, entry = t.journal_edits.c, t.journal.c
    query = (
        sa.select(edits.journal_id, edits.seq, edits.before, edits.after, entry.at, entry.who)
        .select_from(t.journal_edits.join(t.journal, entry.id == edits.journal_id))
        .where(edits.kind == kind, edits.op == str(Op.BATCH), entry.state == "done")
        .order_by(edits.journal_id.desc())
        .limit(_BATCHES)
    )
    found = []
    for row in conn.execute(query):
        after = journal.unpack(row.after)
        if record_id not in after["ids"]:
            continue
        place = after["ids"].index(record_id)
        before = journal.unpack(row.before)
        old = dict(zip(before["columns"], before["rows"][place], strict=True))
        new = dict(zip(after["columns"], after["rows"][place], strict=True))
        edits_found = _field_edits(kind, kind, old, new)
        if edits_found:
            key = f"b{row.journal_id:012}.{row.seq}"
            found.append(TimelineItem("change", row.at, row.who, key, {"edits": tuple(edits_found)}))
    return found
