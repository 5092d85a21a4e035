"""A disk that fills up, and many programs at one base."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from funneldesk.errors import UserError
from funneldesk.services import backups, bases, deals, demo, history, team
from funneldesk.services.deals import NewDeal
from funneldesk.store import engine as sqlite_engine
from funneldesk.store.database import Database, open_database
from tests.campaign.bases_kit import NOW, clear, reopened, sample
from tests.campaign.forked import Say, forked
from tests.campaign.outcome import Outcome

_SIZE = 24 << 20  # bytes of the small disk
_FULL = ("base.full", "base.disk", "backup.failed")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """A file system of its own with little room (Linux, as root); None where that cannot be had."""
    place = clear(folder / "disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(place)]
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"):
        yield None
        return
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        yield None
        return
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=False)


def disk_full(count: int, folder: Path) -> Outcome:
    """Let the disk fill up at another moment of the work each time: whole or not at all, and said."""
    outcome, rng = Outcome(), random.Random(3)
    pristine = folder / "pristine.funneldesk"
    sample(pristine, 100)
    with small_disk(folder) as disk:
        outcome.figures["by"] = "a file system of 24 MiB" if disk else "a limit of the file's pages"
        for number in outcome.numbers(count):
            _fill(outcome, number, rng, pristine, disk or clear(folder / "run"), limited=disk is None)
    return outcome


def _fill(
    outcome: Outcome, number: int, rng: random.Random, pristine: Path, place: Path, *, limited: bool
) -> None:
    for old in place.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    path = place / "base.funneldesk"
    shutil.copy(pristine, path)
    kind, room = number % 4, int(rng.uniform(0, 900_000))
    filler = place / "filler"
    if not limited:
        free = shutil.disk_usage(place).free
        filler.write_bytes(bytes(max(0, free - 250_000 - room)))

    def work(say: Say) -> None:
        with open_database(path) as db:
            if limited:
                _limit(db, room // 4096)
            try:
                _act(db, kind, say)
            except UserError as error:
                say(f"refused {error.code}")

    ended = forked(work)
    outcome.tried += 1
    filler.unlink(missing_ok=True)
    told = [word for word in ended.said if word.startswith("refused")]
    outcome.count("refused", len(told))
    outcome.expect(ended.status == 0, f"run {number}: ended with {ended.status}")
    outcome.expect(all(word.split()[1] in _FULL for word in told), f"run {number}: {told}")
    committed = [int(word) for word in ended.said if not word.startswith("refused")]
    with reopened(path, outcome) as db:
        problems = bases.check(db).problems
        outcome.expect(problems == (), f"run {number}: {problems[:2]}")
        newest = history.entries(db, 1)[0].id
        outcome.expect(newest == committed[-1], f"run {number}: entry {newest}, committed {committed[-1]}")
        team.add_source(db, "There is room again")


def _limit(db: Database, pages: int) -> None:
    """Where no disk can be made small, the file may not grow."""
    con = sqlite_engine.connect(db.path)
    now = con.execute("PRAGMA page_count").fetchone()[0]
    con.close()
    with db.maintenance() as conn:
        conn.exec_driver_sql(f"PRAGMA max_page_count={now + pages}")


def _act(db: Database, kind: int, say: Say) -> None:
    """Work until the disk is full; the number of each change that was committed is told."""
    say(str(history.entries(db, 1)[0].id))
    for step in range(4_000):
        if kind == 1:
            change = demo.make_sample(db, deals=400, seed=step, language="en", now=NOW)
        elif kind == 2:
            change = deals.create(db, NewDeal("Deal " + "y" * 300), funnel_id=1)
        else:
            if kind == 3:
                backups.make(db, backups.Why.ASKED)
            change = deals.create(
                db, NewDeal(f"Deal {step} " + "x" * (4_000 if kind == 3 else 400)), funnel_id=1
            )
        say(str(change.journal_id))


def openers(count: int, folder: Path) -> Outcome:
    """So many programs open one base at once: one writes, each other is told who."""
    outcome = Outcome(tried=count)
    path = folder / "base.funneldesk"
    sample(path, 20)
    go_read, go_write = os.pipe()
    ours, theirs = os.pipe()
    pids = []
    for _number in range(count):
        pid = os.fork()
        if pid == 0:
            os.close(go_write)
            os.read(go_read, 1)  # all begin when the other end is closed
            try:
                db = open_database(path)
                os.write(theirs, b"w")
                signal.pause()  # holds it until it is killed
                db.close()
            except UserError as error:
                os.write(theirs, b"l" if error.code == "base.locked" and error.params["pid"] else b"x")
            finally:
                os._exit(0)
        pids.append(pid)
    os.close(go_read)
    os.close(go_write)
    said = b""
    while len(said) < count:
        said += os.read(ours, count)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, 9)
        os.waitpid(pid, 0)
    for end in (ours, theirs):
        os.close(end)
    outcome.figures["writers"] = said.count(b"w")
    outcome.expect(said.count(b"w") == 1 and said.count(b"l") == count - 1, said.decode())
    with reopened(path, outcome) as db:
        outcome.expect(bases.check(db).ok, "not whole afterwards")
    return outcome


def backups_under_load(count: int, folder: Path) -> Outcome:
    """Backups while two threads write: each is whole, and its manifest is its own."""
    outcome = Outcome()
    path = folder / "base.funneldesk"
    sample(path, 200)
    stop = threading.Event()
    written = [0, 0]
    with open_database(path) as db:

        def write(place: int) -> None:
            while not stop.is_set():
                team.add_source(db, f"source {place} {written[place]}")
                written[place] += 1

        writers = [threading.Thread(target=write, args=(place,)) for place in range(2)]
        for writer in writers:
            writer.start()
        try:
            for number in range(count):
                bases.back_up(db, folder / "backups" / f"{number}.funneldesk")
        finally:
            stop.set()
            for writer in writers:
                writer.join()
    outcome.figures["changes meanwhile"] = sum(written)
    for number in range(count):
        place = clear(folder / "put back") / "base.funneldesk"
        bases.restore(folder / "backups" / f"{number}.funneldesk", place)
        with open_database(place) as copy:
            problems = bases.check(copy).problems
        outcome.tried += 1
        outcome.expect(problems == (), f"backup {number}: {problems[:2]}")
    return outcome
