"""kill -9 in the middle of work: nothing committed is lost, nothing is half done, the base opens at once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from funneldesk.services import bases, deals, funnels
from funneldesk.services.deals import NewDeal
from funneldesk.store import tables as t
from funneldesk.store.database import Database, open_database

KILLS = 3  # two hundred of each in tests/campaign
# Moves deals to and fro; says after each commit how many it has made.
_MOVES = """
import sys
from funneldesk.services import deals
from funneldesk.services.deals import WON, stage
from funneldesk.store.database import open_database
db = open_database(sys.argv[1])
print("ready", flush=True)
made = 0
while True:
    for place in (stage(2), stage(3), WON, stage(1)):
        deals.move(db, [1, 2, 3], place)
        made += 1
        print(made, flush=True)
"""
# A sample of many deals is one bulk insert in one transaction.
_BULK = """
import sys
from funneldesk.services import demo
from funneldesk.store.database import open_database
db = open_database(sys.argv[1])
print("ready", flush=True)
demo.make_sample(db, deals=24_000, language="en", now=1_774_000_000_000_000,
                 progress=lambda done, total, _t: print(done, flush=True))
"""


def reopened(path: Path) -> Database:
    """The base, which must open within two seconds of our own work: others may be busy too."""
    begun = time.process_time()
    db = open_database(path)
    took = time.process_time() - begun
    assert took < 2, f"{took:.1f} s"
    return db


def run_and_kill(script: str, path: Path, after: float, lines: int = 0) -> list[str]:
    """Run a script until it has said `lines` lines and `after` seconds more; what it said before it died."""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _n in range(lines + 1)]
        assert said[0] == "ready"
        time.sleep(after)
        process.kill()
        said += process.stdout.read().split()
        process.wait()
    return said


def test_a_kill_among_moves_loses_no_committed_move_and_leaves_no_half(db: Database, place: Path) -> None:
    deals.create(db, NewDeal("Third"), funnel_id=1)
    db.close()
    rng = random.Random(11)
    for _number in range(KILLS):
        with reopened(place) as before:
            known = _moves(before)
        said = run_and_kill(_MOVES, place, rng.uniform(0.02, 0.3))
        committed = int(said[-1]) if said[-1] != "ready" else 0
        with reopened(place) as after:
            assert bases.check(after).problems == ()
            made = _moves(after) - known
            # each change moves three deals, but the first may find some of them there already
            assert made >= 3 * committed - 3
            last = _last_change_moves(after)
            assert last in (1, 2, 3)


def _moves(db: Database) -> int:
    with db.read() as conn:
        return conn.scalar(sa.select(sa.func.count()).select_from(t.stage_moves)) or 0


def _last_change_moves(db: Database) -> int:
    """How many moves the newest entry of the journal wrote: a half one would have too few."""
    with db.read() as conn:
        newest = conn.scalar(sa.select(sa.func.max(t.journal.c.id)))
        edits = conn.execute(
            sa.select(t.journal_edits.c.kind).where(t.journal_edits.c.journal_id == newest)
        ).all()
        entry = conn.execute(sa.select(t.journal.c.edits).where(t.journal.c.id == newest)).scalar_one()
    assert entry == len(edits)
    return sum(row.kind == "stage_move" for row in edits)


def test_a_kill_inside_a_bulk_insert_leaves_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "bulk.funneldesk"
    with bases.new_base(path, template="rent", language="en") as db:
        before = bases.check(db)
        journal = _entries(db)
    rng = random.Random(7)
    for number in range(KILLS):
        said = run_and_kill(_BULK, path, rng.uniform(0, 0.6), lines=number % 3)
        assert int(said[-1] if said[-1] != "ready" else 0) < 24_000
        with reopened(path) as db:
            assert bases.check(db) == before
            assert _entries(db) == journal
            assert len(funnels.views(db)) == 1


def _entries(db: Database) -> int:
    with db.read() as conn:
        return conn.scalar(sa.select(sa.func.count()).select_from(t.journal)) or 0
