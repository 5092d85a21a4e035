"""Search while typing in 100,000 clients: the first 50 rows per keystroke against a full folded scan.

Run: python -m tests.benchmarks.bench_search [BASE].  Target: at most 0.1 of the scan.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from funneldesk.domain.client_list import ClientFilter
from funneldesk.domain.folding import fold
from funneldesk.store.database import Database, open_database
from funneldesk.store.queries import client_list
from tests.benchmarks.client_base import make_base

CLIENTS = 100_000
ROWS = 50
TARGET = 0.1
TYPED = ("ромашка 123", "łódź meb", "+7 (912) 345", "info77", "щербакова", "żółw")


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """The middle of several runs."""
    found = []
    for _run in range(times):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return median(found)


def scan(conn: sa.Connection, text: str) -> int:
    """The limit: every name and contact of the base folded and looked into."""
    wanted, found = fold(text), 0
    fold.cache_clear()
    for table, column in (("companies", "name"), ("people", "name"), ("contact_points", "value")):
        for row in conn.exec_driver_sql(f"SELECT {column} FROM {table}"):
            found += wanted in fold(row[0])
    return found


def first_rows(conn: sa.Connection, text: str, order: list[int]) -> int:
    """What the list does at a keystroke: the ids in their order and the first rows."""
    ids = client_list.client_ids(conn, ClientFilter(text=text), order=order)
    return len(client_list.client_rows(conn, ids[:ROWS]))


def measure(db: Database) -> list[tuple[str, float, float]]:
    """(typed so far, milliseconds, ratio to the scan) for every keystroke."""
    with db.read() as conn:
        limit = milliseconds(lambda: scan(conn, "ромашка"), 3)
        order = client_list.client_ids(conn, ClientFilter())
        found = []
        for typed in TYPED:
            for length in range(1, len(typed) + 1):
                text = typed[:length]
                took = milliseconds(lambda text=text: first_rows(conn, text, order), 3)  # type: ignore[misc]
                found.append((text, took, took / limit))
    print(f"full folded scan: {limit:.0f} ms")
    return found


def main() -> int:
    """Print every keystroke; 1 when one is over the target."""
    with tempfile.TemporaryDirectory() as folder:
        given = sys.argv[1:]
        db = open_database(given[0], read_only=True) if given else make_base(Path(folder) / "b.db", CLIENTS)
        with db:
            rows = measure(db)
    for text, took, ratio in rows:
        print(f"{text!r:18} {took:8.1f} ms  {ratio:6.3f}{'' if ratio <= TARGET else '  over ' + str(TARGET)}")
    ratios = [ratio for _text, _took, ratio in rows]
    print(f"middle {median(ratios):.3f}, worst {max(ratios):.3f}, target {TARGET}")
    return int(max(ratios) > TARGET)


if __name__ == "__main__":
    raise SystemExit(main())
