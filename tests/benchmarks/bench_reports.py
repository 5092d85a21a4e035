"""Every report over 100,000 deals with 600,000 moves, against the sum over a covering index of the same rows.

Run: python -m tests.benchmarks.bench_reports [DEALS] [--only WORD] [--base FILE].
Each report runs in a process of its own: the facts read, the figures counted from them, and the whole as the
window asks for it (the middle of several runs, the first left out; processor time, so that others at work on
the machine do not count).  The limit is the sum over the narrowest
index of the deals, with the moves and activities where the report looks at them, in the same process.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from funneldesk.domain import clock
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.reports import catalog
from funneldesk.services import reporting
from funneldesk.store.database import open_database
from funneldesk.store.sqlite_file import sqlite_module
from tests.benchmarks.report_base import kept_base, limits_of

DEALS = 100_000
LEAST_SECONDS = 1.0  # of running a report, so that its middle means something


@dataclass(frozen=True, slots=True)
class Case:
    """A report as asked for; `most` = how many times the limit it may take, `most_ms` = its figures alone."""

    name: str
    request: ReportRequest
    most: float | None = None
    most_ms: float | None = None


def cases(now: int) -> list[Case]:
    """Every report of the catalogue as it opens, and those that have a target in other ways."""
    quarter: dict[str, Any] = {"start": now - 180 * clock.DAY, "end": now - 90 * clock.DAY}
    year: dict[str, Any] = {"start": now - 365 * clock.DAY}
    tier: dict[str, Any] = {"where": (("custom:Tier", "gold"),)}
    most = {
        "stage-funnel": 2.0, "finished-funnel": 2.0, "manager-matrix": 2.0, "lost": 2.0, "dynamics": 2.5,
        "stage-times": 3.0, "active-funnel": 2.0, "activities": 10.0, "reaction": 10.0,
    }  # fmt: skip
    figures = {
        "forecast": 300.0,
        "key-stage": 300.0,
        "leaks": 300.0,
        "reverse-plan": 300.0,
        "managers": 300.0,
    }
    found = [Case(name, ReportRequest(name), most.get(name), figures.get(name)) for name in catalog.CATALOG]
    found += [
        Case("stage-funnel cohort of a year", ReportRequest("stage-funnel", **year), 2.5),
        Case("stage-funnel visited", ReportRequest("stage-funnel", rule=Rule.VISITED), 2.0),
        Case("stage-funnel current", ReportRequest("stage-funnel", rule=Rule.CURRENT), 2.0),
        Case("stage-funnel of a manager", ReportRequest("stage-funnel", managers=(3,)), 2.0),
        Case("stage-funnel a year ago", ReportRequest("stage-funnel", as_of=now - 365 * clock.DAY), 10.0),
        Case("stage-funnel strict", ReportRequest("stage-funnel", rule=Rule.STRICT), 10.0),
        Case(
            "stage-funnel activity",
            ReportRequest("stage-funnel", population=Population.ACTIVITY, **quarter),
            10.0,
        ),
        Case("stage-funnel custom field", ReportRequest("stage-funnel", **tier), 10.0),
        Case("lost by reason", ReportRequest("lost", by=("reason",)), 2.0),
        Case("lost by manager", ReportRequest("lost", by=("manager",)), 2.0),
        Case("lost by source", ReportRequest("lost", by=("source",)), 2.0),
        Case("lost by stage and reason", ReportRequest("lost", by=("stage", "reason")), 2.0),
        Case("lost by stage, reason and manager", ReportRequest("lost", by=("stage", "reason", "manager"))),
        Case("lost custom field", ReportRequest("lost", by=("reason",), **tier), 10.0),
        Case("dynamics by week", ReportRequest("dynamics", by=("week",)), 2.5),
        Case("stage-times of a quarter", ReportRequest("stage-times", **quarter), 3.0),
    ]
    return found


def milliseconds(work: Callable[[], Any]) -> float:
    """The middle of several runs; the first is left out."""
    work()
    found: list[float] = []
    while len(found) < 3 or (sum(found) < LEAST_SECONDS * 1000 and len(found) < 25):
        start = time.process_time()
        work()
        found.append((time.process_time() - start) * 1000)
    return median(found)


def limit_of(path: Path, request: ReportRequest) -> float:
    """The sum over a covering index of the rows that the report is about, in milliseconds."""
    info = catalog.info_of(request)
    tables = ["deals"]
    past = request.as_of is not None or request.rule is Rule.STRICT
    tables += ["stage_moves"] * bool(info.needs_moves(request) or past)
    tables += ["activities"] * (info.activities or info.done_by_deal)
    con = sqlite_module().connect(str(limits_of(path)), isolation_level=None)
    con.execute("PRAGMA cache_size=-64000")

    def sums() -> None:
        for table in tables:
            con.execute(f"SELECT owner, sum(value), count(value) FROM {table} GROUP BY owner").fetchall()

    return milliseconds(sums)


def measure(path: Path, case: Case) -> dict[str, float]:
    """Facts, figures, whole and limit of one case in milliseconds."""
    request = case.request
    with open_database(path, read_only=True) as db:
        limit = limit_of(path, request)
        found = reporting.facts(db, request)
        facts = milliseconds(lambda: reporting.facts(db, request))
        gc.disable()  # as the window does while it counts: see `reporting.run`
        figures = milliseconds(lambda: catalog.compute_all(found, request))
        gc.enable()
        whole = milliseconds(lambda: reporting.run(db, request))
    return {"limit": limit, "facts": facts, "figures": figures, "whole": whole}


def verdict(case: Case, took: dict[str, float]) -> tuple[str, bool]:
    """The target in words, and whether it is kept."""
    if case.most is not None:
        return f"<= {case.most:g}x", took["whole"] <= case.most * took["limit"]
    if case.most_ms is not None:
        return f"figures <= {case.most_ms:g} ms", took["figures"] <= case.most_ms
    return "", True


def main() -> int:
    """Print the table; 1 when a report is over its target."""
    options = argparse.ArgumentParser()
    options.add_argument("deals", nargs="?", type=int, default=DEALS)
    options.add_argument("--only", default="")
    options.add_argument("--base", type=Path)
    options.add_argument("--one", help=argparse.SUPPRESS)
    args = options.parse_args()
    path = args.base or kept_base(args.deals)
    every = {case.name: case for case in cases(clock.now())}
    if args.one:
        print(json.dumps(measure(path, every[args.one])))
        return 0
    print(f"{path}\n{'':32}{'limit':>8}{'facts':>9}{'figures':>9}{'whole':>9}{'ratio':>8}  target")
    over = 0
    for name, case in every.items():
        if args.only not in name:
            continue
        command = [sys.executable, "-m", "tests.benchmarks.bench_reports", "--base", str(path), "--one", name]
        took = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        target, kept = verdict(case, took)
        over += not kept
        print(
            f"{name:32}{took['limit']:8.1f}{took['facts']:9.1f}{took['figures']:9.1f}{took['whole']:9.1f}"
            f"{took['whole'] / took['limit']:8.1f}  {target}{'' if kept else '  OVER'}",
            flush=True,
        )
    print(f"{over} over their target")
    return int(over > 0)


if __name__ == "__main__":
    raise SystemExit(main())
