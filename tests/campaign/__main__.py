"""The crash campaign: every promise of "nothing is lost" in full counts, one command, one table.

Run: python -m tests.campaign [--short] [PART ...] [--write FILE].  Without PART all of them; `--short`
takes small counts.  Needs a POSIX system (work is forked and killed); as root the disk that fills up is
a real one.  The status is 1 when anything was not as promised.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.campaign import damaged, kills, limits, random_work, times
from tests.campaign.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Part:
    """A promise, how often it is tried, and how."""

    key: str
    words: str
    target: str
    full: int
    short: int
    run: Callable[[int, Path], Outcome]


def _small_import(count: int, folder: Path) -> Outcome:
    return kills.in_an_import(count, folder, rows=2_000)


PARTS = (
    Part("import", "kill -9 inside an import of 100,000 rows", "0 rows lost, 0 partial, open within 2 s",
         200, 2, kills.in_an_import),
    Part("commits", "kill -9 among small commits", "0 committed rows lost, open within 2 s",
         200, 3, kills.among_commits),
    Part("disk", "disk full", "0 partial, said as such", 100, 3, limits.disk_full),
    Part("openers", "openers at once", "1 writer", 50, 5, limits.openers),
    Part("damaged", "damaged files", "0 crashes, all that checks can see reported", 2_000, 11,
         damaged.damaged_files),
    Part("backups", "backups under load", "all whole", 100, 3, limits.backups_under_load),
    Part("backup-kills", "kill -9 during a backup", "base and backup whole", 50, 2, kills.during_backup),
    Part("restore-kills", "kill -9 during a restore", "something whole", 50, 2, kills.during_restore),
    Part("migration-kills", "kill -9 during an upgrade", "old or new, nothing lost", 50, 2,
         kills.during_migration),
    Part("password-kills", "kill -9 while a password is set", "base and copies whole, none readable", 100, 2,
         kills.during_password),
    Part("times", "time cases, six zones", "0 errors of order or sum", 500, 6, times.time_cases),
    Part("random", "random operations with undo and redo", "0 divergences", 10_000, 100,
         random_work.random_operations),
)  # fmt: skip


def run(part: Part, count: int, *, short: bool) -> tuple[Outcome, float]:
    """Run one part in a folder of its own; what it reached and how many seconds it took."""
    work = _small_import if short and part.key == "import" else part.run
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="funneldesk-campaign-") as name:
        outcome = work(count, Path(name))
    return outcome, time.monotonic() - begun


def row(part: Part, wanted: int, outcome: Outcome, seconds: float) -> str:
    """A line of the table."""
    verdict = "BROKEN" if outcome.wrong else "kept" if outcome.tried >= wanted else "kept as far as it went"
    return f"| {part.words} | {wanted:,}: {part.target} | {outcome.told()} | {verdict} | {seconds:,.0f} |"


HEAD = "| what | target | reached | verdict | seconds |\n|---|---|---|---|---|"


def main(words: Sequence[str] | None = None) -> int:
    """Run what is asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(part.key for part in PARTS))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--count", type=int, metavar="N", help="so often instead, where less must do")
    parser.add_argument("--minutes", type=float, metavar="M", help="so long a part at most")
    parser.add_argument("--write", metavar="FILE", type=Path, help="the table also into this file")
    given = parser.parse_args(words)
    chosen = [part for part in PARTS if not given.parts or part.key in given.parts]
    lines, broken = [HEAD], 0
    print(HEAD, flush=True)
    for part in chosen:
        count = given.count or (part.short if given.short else part.full)
        Outcome.until = None if given.minutes is None else time.monotonic() + given.minutes * 60
        outcome, seconds = run(part, count, short=given.short)
        lines.append(row(part, count, outcome, seconds))
        print(lines[-1], flush=True)
        for words_of in outcome.wrong[:20]:
            print(f"    {words_of}", file=sys.stderr, flush=True)
        broken += bool(outcome.wrong)
    if given.write:
        given.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if broken else 0


if __name__ == "__main__":
    raise SystemExit(main())
