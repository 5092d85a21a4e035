"""How much longer every report takes over ten times the deals.

Run: python -m tests.benchmarks.bench_growth [FEW MANY] [--only NAME ...] [--rounds N].  NAME is that of a
report, or a part of the names of several.
Each report runs whole, as the window asks for it, in a process of its own per base; the two take turns, so
that what slows the machine slows both.  Processor time of the middle run (the first left out), so that others
at work do not count.  The limit is twelve times as long for ten times the deals, and in proportion otherwise.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from funneldesk.domain import clock
from funneldesk.services import reporting
from funneldesk.store.database import open_database
from tests.benchmarks.bench_reports import Case, cases
from tests.benchmarks.report_base import kept_base

FEW, MANY = 100_000, 1_000_000
MOST = 1.2  # times as long as in proportion to the deals
LEAST_SECONDS = 0.3  # of running a short report between two runs of the long one


def serve(path: Path, name: str) -> None:
    """Run the report once for every line that is read, and print the processor time in milliseconds."""
    request = next(case.request for case in cases(clock.now()) if case.name == name)
    with open_database(path, read_only=True) as db:
        for _line in sys.stdin:
            start = time.process_time()
            reporting.run(db, request)
            print((time.process_time() - start) * 1000, flush=True)


class Runner:
    """A report over one base in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.took: list[float] = []

    def once(self) -> float:
        """Milliseconds of one more run; RuntimeError when the process has ended."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError(f"the report ended with status {self.process.wait()}")
        return float(said)

    def some(self) -> None:
        """As many runs as take LEAST_SECONDS, at least one."""
        until = time.perf_counter() + LEAST_SECONDS
        self.took.append(self.once())
        while time.perf_counter() < until:
            self.took.append(self.once())


@contextmanager
def runner(path: Path, name: str) -> Iterator[Runner]:
    """The process of a report, that ends with the block; one run of it is behind."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_growth", "--serve", str(path), name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        found = Runner(process)
        found.once()
        yield found


def measure(paths: list[Path], name: str, rounds: int) -> list[float]:
    """Milliseconds of the middle run over each base."""
    with ExitStack() as stack:
        runners = [stack.enter_context(runner(path, name)) for path in paths]
        for _round in range(rounds):
            for each in runners:
                each.some()
    return [median(each.took) for each in runners]


def chosen(every: Sequence[Case], names: Sequence[str]) -> list[Case]:
    """The report of each name, else those with it in theirs, in their order (no names: all).

    ValueError, with the names there are, when one fits none.
    """
    wanted: set[str] = set()
    known = [case.name for case in every]
    for name in names:
        fits = [name] if name in known else [each for each in known if name in each]
        if not fits:
            raise ValueError(f"no report is called {name!r}; there are: {', '.join(known)}")
        wanted.update(fits)
    return [case for case in every if not names or case.name in wanted]


def main() -> int:
    """Print the table; 1 when a report is over the limit."""
    words = argparse.ArgumentParser()
    words.add_argument("deals", nargs="*", type=int, default=[FEW, MANY])
    words.add_argument("--only", nargs="+", default=[], metavar="NAME")
    words.add_argument("--rounds", type=int, default=3)
    words.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    given = words.parse_args()
    if given.serve:
        serve(Path(given.serve[0]), given.serve[1])
        return 0
    if len(given.deals) != 2:
        words.error("two numbers of deals, or none")
    try:
        asked = chosen(cases(clock.now()), given.only)
    except ValueError as error:
        words.error(str(error))
    few, many = sorted(given.deals)
    most = MOST * many / few
    paths = [kept_base(few), kept_base(many)]
    print(f"{'ms of the processor':36}{few:>10}{many:>12}{'ratio':>8}  limit")
    over = 0
    for case in asked:
        short, long = measure(paths, case.name, given.rounds)
        kept = long <= most * short
        over += not kept
        line = f"{case.name:36}{short:10.1f}{long:12.1f}{long / short:8.1f}  <= {most:g}x"
        print(line + ("" if kept else "  OVER"), flush=True)
    print(f"{over} over the limit")
    return int(over > 0)


if __name__ == "__main__":
    raise SystemExit(main())
