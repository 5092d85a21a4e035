"""From an xlsx of N x 15 cells to the committed base, and back, against the bare read of the same file.

Run: python -m tests.benchmarks.bench_import [ROWS ...] [--rounds N].  The bare read and the import are
measured in turn, each in a process of its own; medians are shown, and beside the time by the clock that
of the processor (all processes together), which a busy machine disturbs less.  Memory is what all
processes of the import hold at one moment.  The gap is the longest time that the real window (offscreen)
does not answer.

Why the import misses four times the bare read: of 5.3 times (processor time, 100,000 rows, 700,054
records), 1.0 is that read itself, 0.3 starting the child and handing the cells over, 0.25 the look into the
sheet's XML for what the reader does not tell (errors, formats, far cells), 0.25 taking the cells in and
understanding the columns; 0.3 reading the values of 15 columns, 0.25 their keys, 0.45 the records made of
them, 0.2 the rest of the plan; 0.55 inserting 700,000 rows, 0.25 SQLite's look for the record that each
foreign key names, 0.8 making the indexes, 0.2 the commit, 0.5 the rest of the writing.  The bare read, the
rows with their foreign keys and their indexes alone are 2.6.

By the clock less: the cells are taken in and the look happens beside the read, where a processor is free.
What the preview must wait for is then 1.3 of processor time; without a free processor it misses its target.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.import_file import STAGES, make_file

if TYPE_CHECKING:
    from funneldesk.store.database import Database

TARGETS = {"import": 4.0, "preview": 1.5, "undo": 2.0, "redo": 4.0}
MEMORY_TARGET, GAP_TARGET = 400, 50
_TICK = 0.02


def bare(path: Path, _folder: Path, pipe: Connection) -> None:
    """Seconds of a bare read of all cells."""
    import python_calamine

    started, used = time.perf_counter(), _processor()
    with path.open("rb") as file:
        for _row in python_calamine.load_workbook(file).get_sheet_by_index(0).iter_rows():
            pass
    found = {"bare": time.perf_counter() - started, "bare cpu": _processor() - used}
    pipe.send(found)
    pipe.send(found)


def _processor() -> float:
    """Seconds of processor time of this process and its children that have ended."""
    return sum(os.times()[:4])


Lap = Callable[[str, Callable[[], object]], None]


def run(path: Path, folder: Path, pipe: Connection) -> None:
    """The import, what it leaves for later, its undo and its redo."""
    from funneldesk.services import bases, history, search

    out: dict[str, float] = {}

    def lap(name: str, work: Callable[[], object]) -> None:
        started, used = time.perf_counter(), _processor()
        work()
        out[name], out[f"{name} cpu"] = time.perf_counter() - started, _processor() - used

    with bases.new_base(folder / "b.funneldesk", language="ru", currency="RUB", zone="Europe/Moscow") as db:
        out["records"] = _import(db, path, lap)
        for unit in ("", " cpu"):
            out[f"import{unit}"] = sum(out[f"{part}{unit}"] for part in ("preview", "plan", "write"))
        lap("later", lambda: search.fill_all(db))
        pipe.send(out)
        before = bases.check(db).content_sha256
        lap("undo", lambda: history.undo(db))
        lap("redo", lambda: history.redo(db))
        assert bases.check(db).content_sha256 == before
    pipe.send(out)


def _import(db: Database, path: Path, lap: Lap) -> int:
    """Import the file; how many records that made."""
    from funneldesk.importing.fields import Kind
    from funneldesk.importing.flow import ImportFlow
    from funneldesk.services import imports

    flow = ImportFlow()
    imports.prepare(db, flow)
    lap("preview", lambda: flow.open(path))
    flow.set_kind(Kind.DEALS)
    flow.change_request(funnel="Продажи", create_funnel=True, stages=STAGES)
    lap("plan", lambda: imports.dry_run(db, flow))
    lap("write", lambda: imports.run_import(db, flow))
    flow.close()
    plan = flow.plan
    assert plan is not None and plan.counts["created"] == len(plan.numbers)
    return sum(plan.records.values())


def window(path: Path, folder: Path, pipe: Connection) -> None:
    """The same by the window: drop the file, go from step to step, and note every pause."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    from funneldesk.services import bases
    from tests.benchmarks.import_window import longest_gaps

    app = QApplication([])
    with bases.new_base(folder / "w.funneldesk", language="ru", currency="RUB", zone="Europe/Moscow") as db:
        gaps = longest_gaps(app, db, path)
        pipe.send(gaps)
        pipe.send(gaps)
        pipe.close()
        os._exit(0)


def measured(work: Callable[[Path, Path, Connection], None], path: Path) -> dict[str, float]:
    """What `work` found in a process of its own; it tells it twice: after the import and at its end.

    With it the most memory (MB) that the process and its children held until then, and afterwards.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        process = context.Process(target=work, args=(path, Path(name), theirs))
        process.start()
        theirs.close()
        for part in ("memory", "memory later"):
            most = 0
            while not ours.poll(_TICK):
                most = max(most, _held(process.pid or 0))
            found = {**found, **ours.recv(), part: most / 1e6}
        process.join()
    return found


def _held(pid: int) -> int:
    """Bytes held by a process and all below it (Linux)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(_held(int(child)) for child in children)


def _median(found: list[dict[str, float]], name: str) -> float:
    return statistics.median(one[name] for one in found)


def _row(name: str, value: str, ratio: float, target: float, note: str = "") -> bool:
    """Print a line; whether the target was met."""
    verdict = "met" if ratio <= target else "MISSED"
    print(f"{name:24} {value:>10} {ratio:9.1f} {target:8.1f}  {verdict:7} {note}", flush=True)
    return ratio <= target


def measure(folder: Path, rows: int, rounds: int) -> bool:
    """Measure one size and print its table; whether every target was met."""
    met = True
    path = make_file(folder / f"deals{rows}.xlsx", rows)
    limits, found = [], []
    for _round in range(rounds):
        limits.append(measured(bare, path))
        found.append(measured(run, path))
    limit, worked = _median(limits, "bare"), _median(limits, "bare cpu")
    written = _median(found, "records")
    print(f"\n{rows} rows, {written:.0f} records; bare read {limit:.2f} s, median of {rounds}")
    print(f"{'':24} {'measured':>10} {'ratio':>9} {'target':>8}")
    for name, target in TARGETS.items():
        seconds = _median(found, name)
        busy = f"{_median(found, f'{name} cpu') / worked:.1f} of processor time"
        met &= _row(name, f"{seconds:.2f} s", seconds / limit, target, busy)
    for part in ("preview", "plan", "write"):
        seconds, used = _median(found, part), _median(found, f"{part} cpu") / worked
        print(f"  import: {part:14} {seconds:>8.2f} s {seconds / limit:9.1f} {used:26.1f}")
    seconds, used = _median(found, "later"), _median(found, "later cpu") / worked
    print(f"  search index, afterwards {seconds:>7.2f} s {seconds / limit:9.1f} {used:26.1f}")
    for name, part in (("import", "memory"), ("undo, redo", "memory later")):
        memory = _median(found, part)
        met &= _row(f"memory {name}, MB", f"{memory:.0f}", memory, MEMORY_TARGET)
    gaps = measured(window, path)
    print(f"{'gap before it, ms':24} {gaps['idle']:>10.0f}  what the machine itself does")
    for part in ("reading", "matching", "checking", "writing"):
        met &= _row(f"gap {part}, ms", f"{gaps[part]:.0f}", gaps[part], GAP_TARGET)
    return met


def main() -> int:
    """Measure every size asked for; 1 when a target was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", type=int, default=[100_000])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        met = [measure(Path(name), rows, given.rounds) for rows in given.rows]
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
