"""Import: a plan is run in one transaction, everything or nothing, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields
from typing import Any

from funneldesk.collector import collector_paused
from funneldesk.domain.change import Change, Label
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.errors import Cancelled
from funneldesk.importing.draft import REFERENCES
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.plan import Batch, History, NewMove, Plan
from funneldesk.importing.plan_history import MOVE_COLUMNS
from funneldesk.importing.presets import mapping_of
from funneldesk.services import automation, backups, living, waiting
from funneldesk.services.import_index import index_from, read_index
from funneldesk.store import brought
from funneldesk.store import tables as t
from funneldesk.store.database import Database, read_setting, write_setting
from funneldesk.store.moves import Place, append_move
from funneldesk.store.queries import importing as queries
from funneldesk.store.transaction import Actor, Transaction

Progress = Callable[[float], None]
_CHUNK = 5_000
_MEMORY = "import.mappings"
_MEMORIES = 200
_NAMED = "import.named"


def remember(conn: Any, flow: ImportFlow) -> None:
    """Keep the mapping of these headers for the next file that has them."""
    known = read_setting(conn, _MEMORY, {})
    known.pop(flow.memory_key(), None)
    known[flow.memory_key()] = flow.memory()
    while len(known) > _MEMORIES:
        del known[next(iter(known))]
    write_setting(conn, _MEMORY, known)


def save_mapping(db: Database, flow: ImportFlow, name: str) -> None:
    """Keep the decisions of a flow under a name, for another file."""
    known = db.setting(_NAMED, {})
    known[name] = mapping_of(flow)
    db.set_setting(_NAMED, known)


def mapping_named(db: Database, name: str) -> dict[str, Any] | None:
    """The decisions that were kept under a name."""
    found: dict[str, Any] | None = db.setting(_NAMED, {}).get(name)
    return found


def prepare(db: Database, flow: ImportFlow) -> None:
    """Tell a flow what the base knows: remembered mappings and custom fields."""
    flow.remembered = db.setting(_MEMORY, {})
    with db.read() as conn:
        rows = queries.custom_rows(conn)
    flow.custom_names = {kind: tuple(row[4] for row in rows if row[0] == kind) for kind, *_ in rows}


def dry_run(db: Database, flow: ImportFlow) -> Plan:
    """Make the plan of a flow against the base as it is now.  Nothing is written."""
    return flow.make_plan(plan_index(db, flow))


def plan_index(db: Database, flow: ImportFlow) -> BaseIndex:
    """What a plan of a flow must know of the base, the last import of the same list included."""
    index = read_index(db, flow.request.kind)
    with db.read() as conn:
        living.attach(conn, flow, index)
    return index


def run_import(
    db: Database,
    flow: ImportFlow,
    *,
    actor: Actor | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Change:
    """Run the plan of a flow in one transaction.

    If the base has changed since the plan was made, it is made anew first, so that what is
    written fits the base.  `Change.summary` holds the counts, `records` made by kind, `file` and
    `kind`.  Raises Cancelled (nothing is written) and UserError.
    """
    step = _Steps(progress, cancelled)
    label = Label("import.run", {"file": flow.file})
    backups.before(db, backups.Why.IMPORT, len(flow.plan.actions) if flow.plan is not None else backups.MANY)
    with collector_paused(), db.transaction(label, actor=actor) as tx:
        tx.search_later = True
        plan = flow.plan
        if plan is None or plan.mark != queries.journal_mark(tx.conn):
            index = index_from(tx.conn, flow.request.kind)
            living.attach(tx.conn, flow, index)
            plan = flow.make_plan(index)
        step.total = _size(plan)
        runner = _Runner(tx, plan, step)
        runner.run()
        waiting.keep(tx, plan)
        vanished = living.remember_run(tx, flow, plan, runner.ref)
        settled = waiting.settle_all(tx)
        for kind, first, count in runner.made():
            automation.imported(tx, kind, first, count, step.check)
        tx.summary = {
            "file": flow.file,
            "kind": str(plan.request.kind),
            **plan.counts,
            "records": plan.records,
            "settled": settled,
            "vanished": vanished,
        }
        if tx.touched:
            remember(tx.conn, flow)
        step.check()
    return tx.change


def write_plan(tx: Transaction, plan: Plan) -> None:
    """Write a plan inside a transaction that is about something else."""
    _Runner(tx, plan, _Steps(None, None)).run()


class _Steps:
    """Progress and cancel, asked for at every chunk."""

    def __init__(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        self._progress, self._cancelled = progress, cancelled
        self._done = 0
        self.total = 1

    def check(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise Cancelled

    def done(self, count: int) -> None:
        self.check()
        self._done += count
        if self._progress is not None:
            self._progress(min(1.0, self._done / max(self.total, 1)))


def _size(plan: Plan) -> int:
    made = sum(len(batch) for batch in plan.made.values())
    changed = sum(len(rows) for rows in plan.changes.values())
    return made + changed + sum(len(h.moves) for h in plan.histories) + len(plan.moves)


class _Runner:
    """Writes a plan: references become ids, kinds go in the order of parents first."""

    def __init__(self, tx: Transaction, plan: Plan, step: _Steps) -> None:
        self._tx, self._plan, self._step = tx, plan, step
        self._first: dict[str, int] = {}

    def run(self) -> None:
        plan = self._plan
        for kind, batch in plan.made.items():
            if len(batch):
                self._first[kind] = self._tx.reserve(kind, len(batch))
        for kind in t.KINDS:
            if kind in plan.made and len(plan.made[kind]):
                with self._tx.many(kind, len(plan.made[kind])):
                    self._insert(kind, plan.made[kind])
            if kind in plan.changes:
                self._update(kind, plan.changes[kind])
        self._histories(plan.histories)
        for move in plan.moves:
            self._move(move)
            self._step.done(1)
        if plan.touched_deals:
            self._tx.refresh_next_step(sorted(plan.touched_deals))

    def made(self) -> list[tuple[str, int, int]]:
        """The leads and deals made: kind, first id, how many."""
        return [
            (kind, self._first[kind], len(self._plan.made[kind]))
            for kind in ("lead", "deal")
            if kind in self._first
        ]

    def ref(self, kind: str, ref: Any) -> Any:
        """The id of a reference."""
        return self._first[kind] - ref - 1 if ref is not None and ref < 0 else ref

    def _insert(self, kind: str, batch: Batch) -> None:
        """Insert in chunks, so that progress moves and cancel is heard; one range in the journal each."""
        turns = {**REFERENCES.get(kind, {})}
        if kind == "custom_value":
            turns["record_id"] = batch.column("record_kind")[0]
        given = {name: batch.column(name) for name in batch.columns}
        defaults = {
            c: v for c, v in _defaults(kind).items() if c != "id" and c not in given and v is not None
        }
        columns = [c for c in t.COLUMNS[kind] if c in given or c in defaults]
        if kind == "deal":
            given["brought"] = self._brought(batch)
            columns.append("brought")
        first, total = self._first[kind], len(batch)
        for start in range(0, total, _CHUNK):
            end = min(start + _CHUNK, total)
            data: dict[str, Sequence[Any]] = {"id": range(first + start, first + end)}
            for column in columns:
                if column in given:
                    part = given[column][start:end]
                    if part[0] is not None or part.count(None) < len(part):
                        data[column] = self._turn(turns[column], part) if column in turns else part
                else:
                    data[column] = [defaults[column]] * (end - start)
            self._tx.bulk_insert_columns(kind, data)
            self._step.done(end - start)

    def _brought(self, deals: Batch) -> list[str | None]:
        """Who brought the deals to their stages: their moves, which come later, are all in the plan."""
        batch = self._plan.made.get("stage_move")
        if batch is None:
            return [None] * len(deals)
        turns = REFERENCES["stage_move"]
        stages, actors = (self._turn(turns[c], batch.column(c)) for c in ("to_stage_id", "actor_id"))
        places = (-ref - 1 for ref in batch.column("deal_id"))
        moves = zip(places, batch.column("to_kind"), stages, actors, strict=True)
        return brought.of_new(self._tx.conn, len(deals), moves)

    def _turn(self, kind: str, refs: Sequence[Any]) -> list[Any]:
        first = self._first.get(kind, 0) - 1
        return [first - r if r is not None and r < 0 else r for r in refs]

    def _update(self, kind: str, changes: dict[int, dict[str, tuple[Any, Any]]]) -> None:
        """Update as batches: records that change in the same columns together."""
        turns = REFERENCES.get(kind, {})
        groups: dict[tuple[str, ...], list[tuple[int, tuple[Any, ...]]]] = {}
        for record, values in changes.items():
            values = self._derived(kind, values)
            columns = tuple(sorted(values))
            row = tuple(self.ref(turns[c], values[c][1]) if c in turns else values[c][1] for c in columns)
            groups.setdefault(columns, []).append((record, row))
        for columns, rows in groups.items():
            rows.sort()
            for start in range(0, len(rows), _CHUNK):
                part = rows[start : start + _CHUNK]
                self._tx.bulk_update(kind, columns, [r for r, _v in part], [v for _r, v in part])
                self._step.done(len(part))

    def _derived(self, kind: str, values: dict[str, tuple[Any, Any]]) -> dict[str, tuple[Any, Any]]:
        from funneldesk.store.derive import derive

        fresh = derive(kind, {column: new for column, (_old, new) in values.items()})
        if "updated_at" in t.COLUMNS[kind]:
            fresh["updated_at"] = self._tx.at
        return {column: (None, new) for column, new in fresh.items()}

    def _histories(self, histories: Sequence[History]) -> None:
        """Replace histories: rows that are there take the new moves, the rest is added or removed.

        A move keeps its id and place in the order, so undo gives every row its old values back.
        """
        if not histories:
            return
        there = queries.move_ids(self._tx.conn, [h.deal_id for h in histories])
        turns = REFERENCES["stage_move"]
        changed: list[tuple[int, tuple[Any, ...]]] = []
        fresh: list[tuple[Any, ...]] = []
        for history in histories:
            old = there.get(history.deal_id, [])
            moves = [
                tuple(
                    self.ref(turns[c], v) if c in turns else v
                    for c, v in zip(MOVE_COLUMNS, move, strict=True)
                )
                for move in history.moves
            ]
            changed.extend((place[1], move) for place, move in zip(old, moves, strict=False))
            next_seq = old[-1][0] + 1 if old else 0
            added = enumerate(moves[len(old) :], next_seq)
            fresh.extend((history.deal_id, seq, *move) for seq, move in added)
            for _seq, surplus in old[len(moves) :]:
                self._tx.delete(StageMove, surplus)
        for start in range(0, len(changed), _CHUNK):
            part = changed[start : start + _CHUNK]
            self._tx.bulk_update("stage_move", MOVE_COLUMNS, [i for i, _m in part], [m for _i, m in part])
            self._step.done(len(part))
        self._add_moves(fresh)
        self._stand(histories)

    def _add_moves(self, fresh: list[tuple[Any, ...]]) -> None:
        if not fresh:
            return
        first = self._tx.reserve("stage_move", len(fresh))
        columns = ("id", "deal_id", "seq", *MOVE_COLUMNS)
        defaults = _defaults("stage_move")
        rest = [c for c in t.COLUMNS["stage_move"] if c not in columns and defaults[c] is not None]
        tail = tuple(defaults[c] for c in rest)
        for start in range(0, len(fresh), _CHUNK):
            part = fresh[start : start + _CHUNK]
            rows = [(first + start + i, *row, *tail) for i, row in enumerate(part)]
            self._tx.bulk_insert("stage_move", [*columns, *rest], rows)
            self._step.done(len(part))

    def _stand(self, histories: Sequence[History]) -> None:
        """Bring the kept columns of the deals to what follows from their new histories."""
        changes = {h.deal_id: {c: (None, v) for c, v in h.values.items()} for h in histories if h.moves}
        self._update("deal", changes)

    def _move(self, move: NewMove) -> None:
        deal = self._tx.get(Deal, move.deal_id)
        reason = self.ref("loss_reason", move.reason)
        if reason is not None or deal.loss_reason_id is not None:
            self._tx.update(Deal, deal.id, loss_reason_id=reason)
        place = Place(move.kind, self.ref("stage", move.stage))
        append_move(self._tx, deal, place, cause="import", loss_reason_id=reason, at=move.at)


def _defaults(kind: str) -> dict[str, Any]:
    """The values of columns that an import does not give: those of a new record."""
    out = {}
    for item in fields(t.KINDS[kind][0]):
        out[item.name] = None if item.default is MISSING else item.default
    return out


__all__ = ["dry_run", "prepare", "read_index", "remember", "run_import"]
