"""Every benchmark one after the other, and their tables kept together.

Run: python -m tests.benchmarks [NAME ...] [--large] [--write FILE].  NAME is the end of a module's name
(board, growth, import, move, reports, search, start); without any all run but growth.  `--large` measures
moves, reports and imports at more sizes too, and how reports grow from 100,000 to 1,000,000 deals.
`--write FILE` keeps the tables with the machine named.  The status is 1 when a target was missed.
The machine should have nothing else to do.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from funneldesk.store.sqlite_file import sqlite_module

COMMON: dict[str, list[list[str]]] = {
    "start": [[]],
    "board": [[]],
    "search": [[]],
    "move": [[]],
    "reports": [[]],
    "import": [["100000", "--rounds", "3"]],
}
LARGE: dict[str, list[list[str]]] = {
    "move": [["--size", "1000000"]],
    "reports": [["10000"], ["1000000"]],
    "import": [["500000", "--rounds", "1"]],
    "growth": [[]],
}


def machine() -> str:
    """What the tables were measured on, in a line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = ""
    if hasattr(os, "sysconf"):
        memory = f", {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    sqlite = sqlite_module().sqlite_version
    return (
        f"{cores} cores{memory}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, SQLite {sqlite}, {time.strftime('%Y-%m-%d')}, "
        f"load at the start {os.getloadavg()[0]:.1f}"
    )


def run(name: str, words: list[str]) -> tuple[str, bool]:
    """One benchmark, shown as it goes -> what it printed and whether its targets were met."""
    command = [sys.executable, "-m", f"tests.benchmarks.bench_{name}", *words]
    said = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            said.append(line.rstrip())
    if process.returncode not in (0, 1):
        said.append(f"ended with status {process.returncode}")
    return "\n".join(line for line in said if not line.startswith("/")).strip("\n"), process.returncode == 0


def main() -> int:
    """Run what was asked for."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", metavar="NAME")
    words.add_argument("--large", action="store_true")
    words.add_argument("--write", type=Path)
    given = words.parse_args()
    on = machine()
    print(on)
    parts, met = [], True
    for name in given.names or (COMMON | LARGE if given.large else COMMON):
        common = COMMON.get(name, [])
        for arguments in common + (LARGE.get(name, []) if given.large or not common else []):
            title = " ".join([name, *arguments])
            print(f"\n== {title}", flush=True)
            said, good = run(name, arguments)
            met = met and good
            parts.append(f"## {title}\n\n```\n{said}\n```\n")
    if given.write is not None:
        head = (
            "# The last run\n\n`python -m tests.benchmarks --write FILE` measures anew; "
            "the head of each module says what it takes as the limit.\n\n"
        )
        given.write.write_text(head + on + "\n\n" + "\n".join(parts), encoding="utf-8")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
