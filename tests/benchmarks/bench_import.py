"""From an xlsx of N x 15 cells to the committed base, and back, against the bare read of the same file.

Run: python -m tests.benchmarks.bench_import [ROWS ...] [--rounds N].  The bare read and the import are
measured in turn, each in a process of its own; medians are shown.  Memory is what all processes of the
import hold at one moment.  The gap is the longest time that the real window (offscreen) does not answer.
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

from tests.benchmarks.import_file import STAGES, make_file

TARGETS = {"import": 4.0, "preview": 1.5, "undo": 2.0, "redo": 4.0}
MEMORY_TARGET, GAP_TARGET = 400, 50
_TICK = 0.02


def bare(path: Path, _folder: Path, pipe: Connection) -> None:
    """Seconds of a bare read of all cells."""
    import python_calamine

    started = time.perf_counter()
    with path.open("rb") as file:
        for _row in python_calamine.load_workbook(file).get_sheet_by_index(0).iter_rows():
            pass
    pipe.send({"bare": time.perf_counter() - started})


def run(path: Path, folder: Path, pipe: Connection) -> None:
    """The import, its undo and its redo."""
    from funneldesk.importing.fields import Kind
    from funneldesk.importing.flow import ImportFlow
    from funneldesk.services import bases, history, imports

    out: dict[str, float] = {}
    with bases.new_base(folder / "b.funneldesk", language="ru", currency="RUB", zone="Europe/Moscow") as db:
        flow = ImportFlow()
        imports.prepare(db, flow)

        def lap(name: str, work: Callable[[], object]) -> None:
            started = time.perf_counter()
            work()
            out[name] = time.perf_counter() - started

        lap("preview", lambda: flow.open(path))
        flow.set_kind(Kind.DEALS)
        flow.change_request(funnel="Продажи", create_funnel=True, stages=STAGES)
        lap("plan", lambda: imports.dry_run(db, flow))
        lap("write", lambda: imports.run_import(db, flow))
        plan = flow.plan
        assert plan is not None and plan.counts["created"] == len(plan.numbers)
        out["records"] = sum(plan.records.values())
        out["import"] = out["preview"] + out["plan"] + out["write"]
        flow.close()
        before = bases.check(db).content_sha256
        lap("undo", lambda: history.undo(db))
        lap("redo", lambda: history.redo(db))
        assert bases.check(db).content_sha256 == before
    pipe.send(out)


def window(path: Path, folder: Path, pipe: Connection) -> None:
    """The same by the window: drop the file, go from step to step, and note every pause."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtWidgets import QApplication

    from funneldesk.services import bases
    from tests.benchmarks.import_window import longest_gaps

    app = QApplication([])
    with bases.new_base(folder / "w.funneldesk", language="ru", currency="RUB", zone="Europe/Moscow") as db:
        pipe.send(longest_gaps(app, db, path))
        pipe.close()
        os._exit(0)


def measured(work: Callable[[Path, Path, Connection], None], path: Path) -> dict[str, float]:
    """What `work` found in a process of its own, and the most memory (MB) it and its children held."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        process = context.Process(target=work, args=(path, Path(name), theirs))
        process.start()
        theirs.close()
        most = 0
        while not ours.poll(_TICK):
            most = max(most, _held(process.pid or 0))
        found: dict[str, float] = ours.recv()
        process.join()
    return {**found, "memory": most / 1e6}


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


def _row(name: str, value: str, ratio: float, target: float, unit: str = "x") -> None:
    verdict = "met" if ratio <= target else "MISSED"
    print(f"{name:24} {value:>10} {ratio:8.1f} {unit:2} {target:6.1f} {unit:2} {verdict}")


def measure(folder: Path, rows: int, rounds: int) -> None:
    """Measure one size and print its table."""
    path = make_file(folder / f"deals{rows}.xlsx", rows)
    limits, found = [], []
    for _round in range(rounds):
        limits.append(measured(bare, path))
        found.append(measured(run, path))
    limit = _median(limits, "bare")
    gaps = measured(window, path)
    written = _median(found, "records")
    print(f"\n{rows} rows, {written:.0f} records; bare read {limit:.2f} s, median of {rounds}")
    print(f"{'':24} {'measured':>10} {'ratio':>11} {'target':>9}")
    for name, target in TARGETS.items():
        seconds = _median(found, name)
        _row(name, f"{seconds:.2f} s", seconds / limit, target)
        if name == "import":
            for part in ("preview", "plan", "write"):
                print(
                    f"  of it {part:16} {_median(found, part):>8.2f} s {_median(found, part) / limit:8.1f} x"
                )
    memory = _median(found, "memory")
    _row("memory of all processes", f"{memory:.0f} MB", memory, MEMORY_TARGET, "MB")
    for part, gap in gaps.items():
        if part == "idle":
            print(f"{'gap, before the import':24} {gap:>7.0f} ms  (what the machine itself does)")
        elif part != "memory":
            _row(f"gap, {part}", f"{gap:.0f} ms", gap, GAP_TARGET, "ms")


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", type=int, default=[100_000])
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        for rows in given.rows:
            measure(Path(name), rows, given.rounds)


if __name__ == "__main__":
    main()
