"""Taking back one older entry of the journal by a new change of its own.

What the entry made is removed and what it changed gets its former values, save what people have
changed or built upon since: that stays, whole, and is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Edit, Op
from funneldesk.domain.deal import StageMove, replay
from funneldesk.domain.taking_back import Left, TakeBack
from funneldesk.errors import UserError
from funneldesk.store import growth, journal
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.moves import slots_of, standing_values
from funneldesk.store.next_step import KEPT
from funneldesk.store.references import parents, pointers, pointing, there
from funneldesk.store.since import changed_since, owners
from funneldesk.store.transaction import KEPT_ON_DEAL, Transaction

_PARTS = ("contact_point", "custom_value", "stage_move")  # they stay and go with what they belong to
_FEW = 200
_UNTOLD = frozenset({"version", "updated_at"})
_HISTORY = KEPT_ON_DEAL | {"funnel_id", "loss_reason_id"}
Values = dict[int, dict[str, tuple[Any, Any]]]  # id -> column -> (before, after)


def look(conn: sa.Connection, entry: int) -> TakeBack:
    """As `plan`, for any entry.

    UserError `history.no_entry`, `history.is_barrier`, `history.gone_already`.
    """
    line = journal.read_entry(conn, entry)
    if line is None:
        raise UserError("history.no_entry", entry=entry)
    if line.barrier:
        raise UserError("history.too_old" if growth.beyond(conn, entry) else "history.is_barrier")
    if not journal.holds(conn, entry):
        raise UserError("history.gone_already")
    whole = journal.next_undo(conn) == entry
    return TakeBack(entry, whole=True) if whole else plan(conn, entry)


def plan(conn: sa.Connection, entry: int) -> TakeBack:
    """What taking `entry` back would do to the base as it is now."""
    edits = journal.read_edits(conn, entry)
    since = changed_since(conn, entry)
    made = _made(conn, edits)
    deals = _deals_moved(conn, edits, made)
    stuck = deals & since.moved
    renew = _renew(conn, edits, stuck)
    restore, left = _restore(conn, edits, made, stuck, renew)
    loosened = {
        (kind, column): [i for i, values in of.items() if column in values]
        for kind, of in restore.items()
        for column in {name for values in of.values() for name in values}
    }
    used = pointing(conn, made, loosened)
    stay: dict[str, set[int]] = defaultdict(set)
    why: dict[tuple[str, int], str] = {}
    for kind, ids in made.items():
        for record in ids & used.get(kind, set()):
            stay[kind].add(record)
            why[kind, record] = "used"
        for record in ids & since.touched.get(kind, set()):
            stay[kind].add(record)
            why[kind, record] = "changed"
    for kind, row in renew:
        for of, record in _needs(kind, row):
            if record in made.get(of, ()):
                stay[of].add(record)
    moves = t.stage_moves.c
    held = among(moves.id, made.get("stage_move", ())) & among(moves.deal_id, stuck)
    stay["stage_move"].update(conn.scalars(sa.select(moves.id).where(held)))
    _keep_what_belongs(conn, made, stay)
    for kind, ids in stay.items():
        if kind not in _PARTS:
            left += [(kind, record, why.get((kind, record), "used")) for record in ids]
    left += [("deal", deal, "changed") for deal in stuck]
    gone = {kind: ids - stay[kind] for kind, ids in made.items() if ids - stay[kind]}
    if pairs := _pairs_of(conn, gone):
        gone["not_double"] = gone.get("not_double", set()) | pairs
    remove = {kind: tuple(sorted(ids)) for kind, ids in gone.items()}
    return TakeBack(
        entry, remove, restore, renew, frozenset(deals - stuck), _named(conn, left),
    )  # fmt: skip


def _pairs_of(conn: sa.Connection, gone: Mapping[str, set[int]]) -> set[int]:
    """What was said since of clients that go: that they are nobody's doubles.  It goes with them."""
    pair = t.not_doubles.c
    found: set[int] = set()
    for kind in ("company", "person"):
        if ids := gone.get(kind):
            one = sa.or_(among(pair.first_id, ids), among(pair.second_id, ids))
            found.update(conn.scalars(sa.select(pair.id).where(pair.record_kind == kind, one)))
    return found


def _made(conn: sa.Connection, edits: Iterable[Edit]) -> dict[str, set[int]]:
    """What the entry made and is still there, by kind."""
    made: dict[str, set[int]] = defaultdict(set)
    single: dict[str, list[int]] = defaultdict(list)
    for edit in edits:
        column = t.table_of(edit.kind).c.id
        if edit.op is Op.RANGE:
            made[edit.kind].update(
                conn.scalars(sa.select(column).where(column.between(edit.ids[0], edit.ids[1])))
            )
        elif edit.op is Op.INSERT:
            single[edit.kind].append(edit.record_id)
    for kind, ids in single.items():
        made[kind] |= there(conn, kind, ids)
    return {kind: ids for kind, ids in made.items() if ids}


def _deals_moved(conn: sa.Connection, edits: Iterable[Edit], made: Mapping[str, set[int]]) -> set[int]:
    """Deals that were there before and whose history the entry wrote."""
    moves = t.stage_moves.c
    ids = set(made.get("stage_move", ()))
    found: set[int] = set()
    for edit in edits:
        if edit.kind == "stage_move":
            if edit.op is Op.UPDATE:
                ids.add(edit.record_id)
            elif edit.op is Op.BATCH:
                ids.update(edit.ids)
            found.update(row["deal_id"] for row in _gone(edit))
    found.update(conn.scalars(sa.select(moves.deal_id).distinct().where(among(moves.id, ids))))
    return there(conn, "deal", found) - made.get("deal", set())


def _gone(edit: Edit) -> list[Mapping[str, Any]]:
    """The rows that an edit removed."""
    if edit.op is Op.DELETE and edit.before is not None:
        return [edit.before]
    if edit.op is Op.CUT and edit.before is not None:
        return [dict(zip(edit.before["columns"], row, strict=True)) for row in edit.before["rows"]]
    return []


def _changes(edits: Iterable[Edit], made: Mapping[str, set[int]]) -> dict[str, Values]:
    """What the entry changed in records it did not make: the first before and the last after."""
    found: dict[str, Values] = defaultdict(dict)

    def note(kind: str, record: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        if record in made.get(kind, ()):
            return
        mine = found[kind].setdefault(record, {})
        for column in before.keys() - _UNTOLD:
            if kind != "deal" or column not in KEPT:
                mine[column] = (mine[column][0] if column in mine else before[column], after[column])

    for edit in edits:
        before, after = edit.before, edit.after
        if before is None or after is None:
            continue
        if edit.op is Op.UPDATE:
            note(edit.kind, edit.record_id, before, after)
        elif edit.op is Op.BATCH:
            columns = before["columns"]
            for record, old, new in zip(edit.ids, before["rows"], after["rows"], strict=True):
                note(
                    edit.kind,
                    record,
                    dict(zip(columns, old, strict=True)),
                    dict(zip(columns, new, strict=True)),
                )
    return found


def _restore(
    conn: sa.Connection,
    edits: Iterable[Edit],
    made: Mapping[str, set[int]],
    stuck: set[int],
    renew: Iterable[tuple[str, Mapping[str, Any]]],
) -> tuple[dict[str, dict[int, dict[str, Any]]], list[tuple[str, int, str]]]:
    """Former values of what is still as the entry left it, and what is not."""
    restore: dict[str, dict[int, dict[str, Any]]] = {}
    left: list[tuple[str, int, str]] = []
    coming = {(kind, row["id"]) for kind, row in renew}
    for kind, of in _changes(edits, made).items():
        table = t.table_of(kind)
        names = sorted({column for values in of.values() for column in values})
        if not names:
            continue
        query = sa.select(table.c.id, *[table.c[name] for name in names]).where(among(table.c.id, of))
        targets = _targets(conn, kind, names, of, coming)
        if kind == "stage_move":
            query = query.where(sa.not_(among(table.c.deal_id, stuck)))
        for row in conn.execute(query):
            now = dict(zip(names, row[1:], strict=True))
            back, other = {}, False
            for column, (before, after) in of[row[0]].items():
                if kind == "deal" and (column in KEPT_ON_DEAL or (row[0] in stuck and column in _HISTORY)):
                    continue  # follows from the history
                if now[column] != after or before in targets.get(column, ()):
                    other = other or now[column] != before
                elif before != after:
                    back[column] = before
            if back:
                restore.setdefault(kind, {})[row[0]] = back
            if other:
                left.append((kind, row[0], "changed"))
    return restore, left


def _targets(
    conn: sa.Connection, kind: str, names: Iterable[str], of: Values, coming: set[tuple[str, int]]
) -> dict[str, set[int]]:
    """By column the former values that point at what is not there any more."""
    found = {}
    for pointer in pointers():
        if pointer.kind == kind and pointer.column in names:
            wanted = {v[pointer.column][0] for v in of.values() if pointer.column in v} - {None}
            gone = wanted - there(conn, pointer.target, wanted)
            found[pointer.column] = {i for i in gone if (pointer.target, i) not in coming}
    return found


def _keep_what_belongs(conn: sa.Connection, made: Mapping[str, set[int]], stay: dict[str, set[int]]) -> None:
    """What stays keeps its own parts, and everything it points at."""
    fresh = {kind: set(ids) for kind, ids in stay.items() if ids}
    belongs = _belongings(conn, made) if fresh else {}
    while fresh:
        found: dict[str, set[int]] = defaultdict(set)
        for kind, ids in fresh.items():
            for target, wanted in parents(conn, kind, ids).items():
                found[target] |= wanted
            for record in ids:
                for part, part_id in belongs.get((kind, record), ()):
                    found[part].add(part_id)
        fresh = {}
        for kind, ids in found.items():
            more = (ids & made.get(kind, set())) - stay[kind]
            if more:
                stay[kind] |= more
                fresh[kind] = more


def _belongings(
    conn: sa.Connection, made: Mapping[str, set[int]]
) -> dict[tuple[str, int], list[tuple[str, int]]]:
    found: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for part in _PARTS:
        if part not in made:
            continue
        table = t.table_of(part)
        query = sa.select(table).where(among(table.c.id, made[part]))
        for row in conn.execute(query).mappings():
            for owner in owners(part, dict(row)):
                found[owner].append((part, row["id"]))
    return found


def _renew(
    conn: sa.Connection, edits: Iterable[Edit], stuck: set[int]
) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Records that the entry removed and that can be put again: all they point at is there."""
    rows = [(edit.kind, row) for edit in edits for row in _gone(edit)]
    known: dict[str, set[int]] = defaultdict(set)
    for kind, row in rows:
        for of, record in ((kind, row["id"]), *_needs(kind, row)):
            known[of].add(record)
    known = {kind: there(conn, kind, ids) for kind, ids in known.items()}
    gone = [
        (kind, row)
        for kind, row in rows
        if row["id"] not in known[kind] and not (kind == "stage_move" and row["deal_id"] in stuck)
    ]
    order = {kind: place for place, kind in enumerate(t.KINDS)}
    coming: dict[str, set[int]] = defaultdict(set)
    found = []
    for kind, row in sorted(gone, key=lambda item: (order[item[0]], item[1]["id"])):
        needs = _needs(kind, row)
        if all(i in coming[of] or i in known[of] for of, i in needs):
            coming[kind].add(row["id"])
            found.append((kind, row))
    return tuple(found)


def _needs(kind: str, row: Mapping[str, Any]) -> list[tuple[str, int]]:
    """What must be there for a record to be there."""
    found = [(p.target, row[p.column]) for p in pointers() if p.kind == kind and row.get(p.column)]
    if kind == "not_double":
        return [(row["record_kind"], row[side]) for side in ("first_id", "second_id")]
    return found + (owners(kind, row) if kind == "custom_value" else [])


def _named(conn: sa.Connection, left: Iterable[tuple[str, int, str]]) -> tuple[Left, ...]:
    """What stays, by name; a part is called by what it belongs to."""
    told: dict[tuple[str, int], str] = {}
    for kind, record, why in left:
        if kind in _PARTS:
            table = t.table_of(kind)
            row = conn.execute(sa.select(table).where(table.c.id == record)).mappings().one()
            told.update(dict.fromkeys(owners(kind, dict(row)), why))
        else:
            told[kind, record] = why
    names: dict[tuple[str, int], str] = {}
    for kind in {kind for kind, _record in told}:
        table = t.table_of(kind)
        column = next(
            (table.c[n] for n in ("name", "title", "subject", "number") if n in table.c), table.c.id
        )
        query = sa.select(table.c.id, column).where(among(table.c.id, [i for k, i in told if k == kind]))
        names.update({(kind, row[0]): str(row[1] or "") for row in conn.execute(query)})
    found = [Left(kind, i, names.get((kind, i), ""), why) for (kind, i), why in told.items()]
    order = {kind: place for place, kind in enumerate(t.KINDS)}
    return tuple(sorted(found, key=lambda one: (order[one.kind], one.name.casefold(), one.id)))


def carry_out(tx: Transaction, back: TakeBack) -> None:
    """Do what `plan` said, in the order that no reference ever hangs."""
    touched = _deals_of(tx.conn, back.remove.get("activity", ()))
    for kind, row in back.renew:
        tx.insert(t.KINDS[kind][0](**row))
        if kind == "activity" and row.get("deal_id"):
            touched.add(row["deal_id"])
    for kind, of in back.restore.items():
        _put_back(tx, kind, of)
    for kind in reversed(t.KINDS):
        tx.bulk_delete(kind, back.remove.get(kind, ()))
    for deal in sorted(back.moved):
        _stand(tx, deal)
    tx.refresh_next_step(sorted(touched))


def _put_back(tx: Transaction, kind: str, of: Mapping[int, Mapping[str, Any]]) -> None:
    if kind == "contact_point" or len(of) < _FEW:
        for record, values in of.items():
            tx.put(kind, record, values)
        return
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for record, values in of.items():
        groups[tuple(sorted(values))].append(record)
    for columns, ids in groups.items():
        ids.sort()
        tx.bulk_update(kind, columns, ids, [[of[i][c] for c in columns] for i in ids])


def _deals_of(conn: sa.Connection, activities: Iterable[int]) -> set[int]:
    column = t.activities.c
    query = sa.select(column.deal_id).distinct().where(among(column.id, activities))
    return {deal for deal in conn.scalars(query) if deal is not None}


def _stand(tx: Transaction, deal: int) -> None:
    """Bring the kept columns of a deal to what follows from the history that is left."""
    funnel = tx.conn.execute(sa.select(t.deals.c.funnel_id).where(t.deals.c.id == deal)).scalar_one()
    column = t.stage_moves.c
    history = tx.select(StageMove, column.deal_id == deal, order=column.seq)
    tx.put("deal", deal, standing_values(replay(history, slots_of(tx.conn, funnel))))
