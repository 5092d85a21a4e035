"""Whether a base is whole: SQLite's own checks, the program's invariants, and a hash of the content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import StageMove, replay
from funneldesk.store import closes, search, search_later
from funneldesk.store import engine as sqlite_engine
from funneldesk.store import tables as t
from funneldesk.store.moves import slots_of, standing_values
from funneldesk.store.next_step import KEPT, next_steps


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`problems` are codes with details; empty = sound."""

    problems: tuple[tuple[str, str], ...]
    content_sha256: str

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def content_sha256(conn: sa.Connection) -> str:
    """SHA-256 over every record of every kind, by id, versions left out.

    The journal, settings, sequences and the search index are not content.
    """
    digest = hashlib.sha256()
    for kind, (_cls, table) in t.KINDS.items():
        names = [name for name in t.COLUMNS[kind] if name != "version"]
        digest.update(f"{kind}:{','.join(names)}\n".encode())
        rows = conn.execution_options(yield_per=5_000).execute(
            sa.select(*[table.c[n] for n in names]).order_by(table.c.id)
        )
        for row in rows:
            digest.update(json.dumps(list(row), ensure_ascii=False, separators=(",", ":")).encode())
            digest.update(b"\n")
    return digest.hexdigest()


def check(conn: sa.Connection) -> CheckResult:
    """Every check there is, on one consistent view of the base."""
    problems = [
        ("sqlite", text) for text in sqlite_engine.integrity_problems(conn.connection.dbapi_connection)
    ]
    problems += _standing_problems(conn)
    problems += [("deal.closes", f"deal {i}") for i in closes.problems(conn)]
    problems += _next_step_problems(conn)
    problems += _index_problems(conn)
    return CheckResult(tuple(problems), content_sha256(conn))


def _standing_problems(conn: sa.Connection, limit: int = 50) -> list[tuple[str, str]]:
    """Deals whose kept stage, entry time or visited stages differ from their history."""
    slots = {f: slots_of(conn, f) for f in conn.scalars(sa.select(t.funnels.c.id))}
    kept = ("status", "stage_id", "entered_at", "closed_at", "visited", "lost_from_id", "path_known")
    deals = {
        row.id: row
        for row in conn.execute(sa.select(t.deals.c.id, t.deals.c.funnel_id, *[t.deals.c[n] for n in kept]))
    }
    names = t.COLUMNS["stage_move"]
    moves = conn.execute(
        sa.select(*[t.stage_moves.c[n] for n in names]).order_by(t.stage_moves.c.deal_id, t.stage_moves.c.seq)
    )
    found: list[tuple[str, str]] = []
    seen = set()
    place = names.index("deal_id")
    for deal_id, rows in groupby(moves, key=lambda row: row[place]):
        seen.add(deal_id)
        row = deals.get(deal_id)
        if row is None:
            continue
        history: list[StageMove] = [t.record_from("stage_move", r) for r in rows]
        if [m.seq for m in history] != list(range(len(history))):
            found.append(("history.gap", f"deal {deal_id}"))
        times = [m.at for m in history if m.at is not None]
        if times != sorted(times):
            found.append(("history.order", f"deal {deal_id}"))
        wanted = standing_values(replay(history, slots[row.funnel_id]))
        if any(getattr(row, name) != wanted[name] for name in kept):
            found.append(("deal.standing", f"deal {deal_id}"))
        if len(found) >= limit:
            return found
    found += [("history.missing", f"deal {i}") for i in sorted(deals.keys() - seen)[:limit]]
    return found


def _next_step_problems(conn: sa.Connection, limit: int = 50) -> list[tuple[str, str]]:
    kept = {
        row[0]: dict(zip(KEPT, row[1:], strict=True))
        for row in conn.execute(sa.select(t.deals.c.id, *[t.deals.c[n] for n in KEPT]))
    }
    wanted = next_steps(conn, sorted(kept))
    wrong = [i for i in kept if kept[i] != wanted[i]]
    return [("deal.next_step", f"deal {i}") for i in wrong[:limit]]


def _index_problems(conn: sa.Connection) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    waiting = [(search.hit_of(first), last - first) for first, last in search_later.spans(conn)]
    for kind in search.CODES:
        low, high = search.row_id(kind, 0), search.row_id(kind, (1 << 48) - 1)
        indexed: Any = conn.exec_driver_sql(
            "SELECT count(*) FROM search_index WHERE rowid BETWEEN ? AND ?", (low, high)
        ).scalar()
        table = t.table_of(kind)
        stored = conn.scalar(sa.select(sa.func.count()).select_from(table))
        for hit, more in waiting:
            if hit.kind == kind:
                part = table.c.id.between(hit.id, hit.id + more)
                indexed += conn.scalar(sa.select(sa.func.count()).select_from(table).where(part))
        if indexed != stored:
            found.append(("search.count", f"{kind}: {indexed} of {stored}"))
    return found
