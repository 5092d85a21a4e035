"""A card's move with its commit against the same statements in plain sqlite3, in the same run.

Run: python -m tests.benchmarks.bench_move [--size DEALS] [--moves N].  Every move goes through
`services.moving.move` on one copy of the base; what it asks of SQLite is then asked again on another copy
without anything around it.  Moves take turns with their replays, and the middle of all is taken.  A size
other than 100,000 is compared with 100,000.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

import sqlalchemy as sa

from funneldesk.domain.funnel import Stage
from funneldesk.services import moving
from funneldesk.store import sqlite_file
from funneldesk.store import tables as t
from funneldesk.store.database import Database, open_database
from funneldesk.store.transaction import select_records
from tests.benchmarks.report_base import kept_base

SIZE = 100_000
WARM = 10  # moves before those that are measured
MOST, MOST_SLOWER = 4.0, 1.5

Asked = tuple[str, Any, bool]  # statement, parameters, whether there are many of them


class Took(NamedTuple):
    """Milliseconds of the middle move: by the clock, and of the processor."""

    move: float
    plain: float
    move_cpu: float
    plain_cpu: float
    statements: int


@contextmanager
def listening() -> Iterator[list[Asked]]:
    """What is asked of SQLite by any engine meanwhile."""
    asked: list[Asked] = []

    def told(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        asked.append((statement, parameters, many))

    sa.event.listen(sa.Engine, "before_cursor_execute", told)
    try:
        yield asked
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", told)


def replay(con: Any, asked: list[Asked]) -> None:
    """The same statements, and the commit."""
    for statement, parameters, many in asked:
        if statement.startswith("BEGIN") and con.in_transaction:
            con.execute("COMMIT")  # what was only read before the move
        if many:
            con.executemany(statement, parameters)
        else:
            con.execute(statement, parameters).fetchall()
    con.execute("COMMIT")


def next_stages(db: Database, count: int) -> list[tuple[int, int]]:
    """Some open deals and the stage after theirs."""
    deal = t.deals.c
    with db.read() as conn:
        stages = [stage.id for stage in select_records(conn, Stage, order=t.stages.c.position)]
        after = dict(pairwise(stages))
        query = sa.select(deal.id, deal.stage_id).where(deal.status == "open", deal.stage_id.in_(after))
        rows = [(each, after[stage]) for each, stage in conn.execute(query.order_by(deal.id))]
    return Random(5).sample(rows, count)


def measure(size: int, moves: int) -> Took:
    """The middle of so many moves in a base of `size` deals."""
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / each for each in ("moved.funneldesk", "replayed.funneldesk")]
        for path in paths:
            shutil.copy(kept_base(size), path)
        times: list[tuple[float, ...]] = []
        with open_database(paths[0]) as db:
            con = sqlite_file.connect(paths[1])
            for deal_id, stage_id in next_stages(db, WARM + moves):
                times.append(_move(db, con, deal_id, stage_id))
            con.close()
    move, plain, move_cpu, plain_cpu, asked = (median(each) for each in zip(*times[WARM:], strict=True))
    return Took(move, plain, move_cpu, plain_cpu, round(asked))


def _move(db: Database, con: Any, deal_id: int, stage_id: int) -> tuple[float, ...]:
    with listening() as asked:
        move, move_cpu = _milliseconds(lambda: moving.move(db, [deal_id], moving.stage(stage_id)))
    plain, plain_cpu = _milliseconds(lambda: replay(con, asked))
    return move, plain, move_cpu, plain_cpu, len(asked)


def _milliseconds(work: Callable[[], Any]) -> tuple[float, float]:
    """By the clock and of the processor."""
    begun, cpu = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - cpu) * 1000


def show(name: str, value: str, ratio: float, most: float) -> bool:
    """A line of the table; whether the target is met."""
    met = ratio <= most
    print(f"{name:34}{value:>26}{ratio:8.2f}  <= {most:g}  {'met' if met else 'MISSED'}", flush=True)
    return met


def main() -> int:
    """Print the table; 1 when a target was missed."""
    words = argparse.ArgumentParser()
    words.add_argument("--size", type=int, default=SIZE)
    words.add_argument("--moves", type=int, default=100)
    given = words.parse_args()
    print(f"{'ms of the middle move':34}{'move / plain':>26}{'ratio':>8}  target")
    met, first = True, None
    for size in dict.fromkeys((SIZE, given.size)):
        took = measure(size, given.moves)
        met &= show(
            f"{size} deals, {took.statements} statements", f"{took.move:.2f} / {took.plain:.2f}",
            took.move / took.plain, MOST,
        )  # fmt: skip
        print(f"{'  of the processor':34}{f'{took.move_cpu:.2f} / {took.plain_cpu:.2f}':>26}"
              f"{took.move_cpu / took.plain_cpu:8.2f}")  # fmt: skip
        if first is None:
            first = took
        else:
            slower = took.move / first.move
            met &= show(f"{size} to {SIZE} deals", f"{took.move:.2f} / {first.move:.2f}", slower, MOST_SLOWER)
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
