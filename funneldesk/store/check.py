"""Whether a base is whole: SQLite's own checks, the program's invariants, and a hash of the content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import StageMove, replay
from funneldesk.store import closes, findings, places, references, search, search_later, stays
from funneldesk.store import engine as sqlite_engine
from funneldesk.store import tables as t
from funneldesk.store.moves import slots_of, standing_values
from funneldesk.store.next_step import KEPT, next_steps

Problem = tuple[str, str]  # a code, and where
_BROKEN = frozenset({"sqlite", "index", "unreadable"})


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`problems` are codes with details; empty = sound."""

    problems: tuple[Problem, ...]
    content_sha256: str

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def beyond_repair(self) -> bool:
        """Whether the file itself is damaged, so that only what is readable can be saved."""
        return any(code in ("sqlite", "unreadable") for code, _detail in self.problems)


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


def check(conn: sa.Connection, *, thorough: bool = False) -> CheckResult:
    """Every check there is, on one consistent view of the base; `thorough`: each text of the search too.

    What cannot even be read is a finding too, never an error: a damaged base may hold anything.  When the
    file itself or an index is damaged, nothing more is looked at: what is read of it means little.
    """
    raw = conn.connection.dbapi_connection
    parts: tuple[tuple[str, Callable[[], Iterable[Problem]]], ...] = (
        ("deal.standing", lambda: _standing_problems(conn)),
        ("deal.closes", lambda: _close_problems(conn)),
        ("deal.place", lambda: [("deal.place", f"deal {i}") for i in places.problems(conn)]),
        ("history.stays", lambda: [("history.stays", f"deal {i}") for i in stays.problems(conn)]),
        ("deal.next_step", lambda: _next_step_problems(conn)),
        ("search", lambda: _index_problems(conn)),
        ("records", lambda: _record_problems(conn)),
    )
    if thorough:
        parts = (*parts, ("search", lambda: _text_problems(conn)))
    problems = _tried(
        "sqlite", lambda: [_of_the_file(text) for text in sqlite_engine.integrity_problems(raw)]
    )
    if any(code in _BROKEN for code, _detail in problems):
        return CheckResult(tuple(problems), "")
    for name, part in parts:
        problems += _tried(name, part)
    content = ""
    try:
        content = content_sha256(conn)
    except Exception as error:  # noqa: BLE001 - what a damaged base raises is not known beforehand
        problems.append(("unreadable", f"content: {_said(error)}"))
    return CheckResult(tuple(problems), content)


def _of_the_file(text: str) -> Problem:
    """What SQLite says of a file, by what can be done about it."""
    words = text.lower()
    if words.startswith("foreign key"):
        return "record.dangling", text
    if "fts5" in words or "search_index" in words:
        return "search", text
    return ("index" if " index " in words else "sqlite"), text


def _tried(name: str, part: Callable[[], Iterable[Problem]]) -> list[Problem]:
    try:
        return list(part())
    except Exception as error:  # noqa: BLE001 - see `check`
        return [("unreadable", f"{name}: {_said(error)}")]


def _said(error: Exception) -> str:
    """The engine's own words, without the statement and its address."""
    return str(getattr(error, "orig", None) or error) or type(error).__name__


def _record_problems(conn: sa.Connection, limit: int = 50) -> Iterator[Problem]:
    """Keys, pointers, numbers and counters that disagree."""
    for kind, record, _right in islice(findings.wrong_keys(conn), limit):
        yield "record.keys", f"{kind} {record}"
    foreign = {(p.kind, p.column) for p in references.pointers() if p.where().foreign_keys}
    for lost in findings.dangling(conn):
        if (lost.kind, lost.column) not in foreign:  # SQLite's own check tells of those
            ids = ", ".join(map(str, lost.missing[:5]))
            yield "record.dangling", f"{lost.kind}.{lost.column} -> {lost.target} {ids}"
    for kind, gone in findings.hanging_on_nothing(conn):
        yield "record.hanging", f"{kind} {', '.join(map(str, gone[:5]))}"
    for deal, _funnel in findings.misplaced(conn)[:limit]:
        yield "deal.funnel", f"deal {deal}"
    for value, _number in findings.wrong_numbers(conn)[:limit]:
        yield "value.number", f"custom_value {value}"
    for kind, needed in findings.behind(conn).items():
        yield "counter.behind", f"{kind} {needed}"
    for entry, held in islice(findings.wrong_counts(conn).items(), limit):
        yield "journal.count", f"entry {entry}: {held}"


def _standing_problems(conn: sa.Connection, limit: int = 50) -> Iterator[Problem]:
    for code, deal in islice(wrong_standings(conn), limit):
        yield code, f"deal {deal}"


def wrong_standings(conn: sa.Connection) -> Iterator[tuple[str, int]]:
    """(code, deal) of histories with gaps, out of order or broken, and of deals that differ from theirs."""
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
    seen = set()
    place = names.index("deal_id")
    for deal_id, rows in groupby(moves, key=lambda row: row[place]):
        seen.add(deal_id)
        row = deals.get(deal_id)
        if row is None:
            continue
        history: list[StageMove] = [t.record_from("stage_move", r) for r in rows]
        if [m.seq for m in history] != list(range(len(history))):
            yield "history.gap", deal_id
        times = [m.at for m in history if m.at is not None]
        if times != sorted(times):
            yield "history.order", deal_id
        if broken_links(history):
            yield "history.chain", deal_id
        wanted = standing_values(replay(history, slots.get(row.funnel_id, {})))
        if any(getattr(row, name) != wanted[name] for name in kept):
            yield "deal.standing", deal_id
    yield from (("history.missing", deal) for deal in sorted(deals.keys() - seen))


def broken_links(history: Sequence[StageMove]) -> dict[int, tuple[str | None, int | None]]:
    """Move -> where it should come from, of moves that do not begin where the one before ended."""
    found = {}
    before: tuple[str | None, int | None] = (None, None)
    for move in history:
        if (move.from_kind, move.from_stage_id) != before:
            found[move.id] = before
        before = move.to_kind, move.to_stage_id
    return found


def _close_problems(conn: sa.Connection) -> Iterator[Problem]:
    for code, names in closes.FINDINGS.items():
        for deal in closes.problems(conn, names=names):
            yield code, f"deal {deal}"


def _next_step_problems(conn: sa.Connection, limit: int = 50) -> list[Problem]:
    return [("deal.next_step", f"deal {i}") for i in wrong_next_steps(conn)[:limit]]


def wrong_next_steps(conn: sa.Connection) -> list[int]:
    """Deals whose kept next step does not follow from their activities."""
    kept = {
        row[0]: dict(zip(KEPT, row[1:], strict=True))
        for row in conn.execute(sa.select(t.deals.c.id, *[t.deals.c[n] for n in KEPT]))
    }
    wanted = next_steps(conn, sorted(kept))
    return [i for i in kept if kept[i] != wanted[i]]


def _text_problems(conn: sa.Connection) -> list[Problem]:
    wrong = search.differing(conn)
    return [("search.text", str(wrong))] if wrong else []


def _index_problems(conn: sa.Connection) -> list[Problem]:
    found: list[Problem] = []
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
