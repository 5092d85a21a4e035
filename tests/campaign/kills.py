"""kill -9 in an import, among small commits, in a backup, a restore, an upgrade, while a password is set."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import backups, bases, deals, imports, passwords, privacy
from funneldesk.services.deals import WON, NewDeal, stage
from funneldesk.store import tables as t
from funneldesk.store.check import content_sha256
from funneldesk.store.database import SCHEMA, Database, inspect, open_database
from tests.benchmarks.import_file import STAGES, make_file
from tests.campaign.bases_kit import clear, old_base, reopened, sample
from tests.campaign.forked import Say, forked, spread
from tests.campaign.outcome import Outcome

assert privacy  # loaded before anything is forked


def in_an_import(count: int, folder: Path, *, rows: int = 100_000) -> Outcome:
    """Kill the import of `rows` deals at every part of its way, its commit included."""
    outcome, rng = Outcome(), random.Random(7)
    pristine = folder / "pristine.funneldesk"
    before = sample(pristine, 300)
    flow = ImportFlow()
    with open_database(pristine) as db:
        imports.prepare(db, flow)
        flow.open(make_file(folder / "deals.xlsx", rows))
        flow.set_kind(Kind.DEALS)
        flow.change_request(funnel="Продажи", create_funnel=True, stages=STAGES)
        imports.dry_run(db, flow)
    for number in outcome.numbers(count):
        path = clear(folder / "run") / "base.funneldesk"
        shutil.copy(pristine, path)

        def work(say: Say, path: Path = path) -> None:
            with open_database(path) as db:
                say("0")
                imports.run_import(db, flow, progress=lambda part: say(f"{part:.4f}"))
                say("committed")

        at = rng.random()
        if number % 3 == 2:  # towards the end: what is written last, and the commit
            ended = forked(work, kill_after=spread(rng, 0.01, 2.5), kill_when=lambda word: word >= "0.97")
        else:
            ended = forked(work, kill_after=0.0, kill_when=_from(at))
        outcome.tried += 1
        whole = "committed" in ended.said
        outcome.count("killed after the commit", int(whole))
        with reopened(path, outcome) as db:
            found = bases.check(db)
            outcome.expect(found.problems == (), f"run {number}: {found.problems[:2]}")
            if found.content_sha256 != before.content_sha256:
                made = _count(db, t.deals) - 300
                outcome.count("found committed")
                outcome.expect(made == rows, f"run {number}: {made} of {rows} rows")
            else:
                outcome.expect(not whole, f"run {number}: the committed import is lost")
    flow.close()
    return outcome


def _from(part: float) -> Callable[[str], bool]:
    """Whether a part of the whole, told in words, has come so far."""
    return lambda word: word == "committed" or float(word) >= part


def _count(db: Database, table: sa.Table) -> int:
    with db.read() as conn:
        return conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def among_commits(count: int, folder: Path) -> Outcome:
    """Kill a program that moves three deals at a time; what it said was done must be there."""
    outcome, rng = Outcome(), random.Random(11)
    path = folder / "base.funneldesk"
    with bases.new_base(path, template="general", language="en", zone="UTC") as db:
        for name in ("First", "Second", "Third"):
            deals.create(db, NewDeal(name), funnel_id=1)

    def work(say: Say) -> None:
        with open_database(path) as db:
            say("ready")
            while True:
                for place in (stage(2), stage(3), WON, stage(1)):
                    say(str(deals.move(db, [1, 2, 3], place).journal_id))

    for number in outcome.numbers(count):
        ended = forked(work, kill_after=spread(rng, 0.02, 1.5))
        said = [int(word) for word in ended.said if word not in ("ready", "0")]  # 0: all stood there already
        outcome.tried += 1
        outcome.count("changes committed", len(said))
        with reopened(path, outcome) as db:
            problems = bases.check(db).problems
            outcome.expect(problems == (), f"kill {number}: {problems[:2]}")
            with db.read() as conn:
                last = conn.scalar(sa.select(sa.func.max(t.journal.c.id))) or 0
                if said:
                    outcome.expect(
                        said[-1] <= last <= said[-1] + 1, f"kill {number}: {last}, said {said[-1]}"
                    )
                told = conn.scalar(sa.select(t.journal.c.edits).where(t.journal.c.id == last))
                held = sa.select(sa.func.count()).where(t.journal_edits.c.journal_id == last)
                outcome.expect(conn.scalar(held) == told, f"kill {number}: half a change")
    return outcome


def whole(outcome: Outcome, number: int, paths: Sequence[Path], content: str) -> None:
    """Expect each of these bases without problems and with the content of before."""
    for path in paths:
        with open_database(path) as db:
            found = bases.check(db)
            outcome.expect(found.problems == () and found.content_sha256 == content, f"kill {number}: {path}")


def during_backup(count: int, folder: Path) -> Outcome:
    """Kill a program that backs up over the last backup again and again."""
    outcome, rng = Outcome(), random.Random(5)
    path, copy = folder / "base.funneldesk", folder / "backups" / "copy.funneldesk"
    content = sample(path, 200).content_sha256
    bases.back_up(path, copy)

    def work(say: Say) -> None:
        say("ready")
        while True:
            bases.back_up(path, copy)

    for number in outcome.numbers(count):
        forked(work, kill_after=spread(rng, 0.005, 0.4))
        outcome.tried += 1
        place = clear(folder / "put back") / "base.funneldesk"
        bases.restore(copy, place)  # refused when copy and manifest disagree
        whole(outcome, number, (place, path), content)
    return outcome


def during_restore(count: int, folder: Path) -> Outcome:
    """Kill a program that restores again and again: the base, or the former one beside it, is whole."""
    outcome, rng = Outcome(), random.Random(6)
    home = clear(folder / "home")
    path, copy = home / "base.funneldesk", folder / "copy.funneldesk"
    content = sample(path, 200).content_sha256
    bases.back_up(path, copy)

    def work(say: Say) -> None:
        say("ready")
        while True:
            bases.restore(copy, path)

    for number in outcome.numbers(count):
        forked(work, kill_after=spread(rng, 0.005, 0.5))
        outcome.tried += 1
        there = path
        if not path.exists():  # between two renames
            outcome.count("between two renames")
            there = max(home.glob("base.replaced-*.funneldesk"), key=lambda each: each.stat().st_mtime_ns)
        whole(outcome, number, (there, copy), content)
        bases.restore(copy, path)
        for old in home.glob("base.replaced-*"):
            old.unlink()
    return outcome


def during_migration(count: int, folder: Path) -> Outcome:
    """Kill the upgrade of a base of the first schema: it is old or new, never between, and upgrades then."""
    outcome, rng = Outcome(), random.Random(8)
    first = old_base(folder / "first.funneldesk")
    with open_database(old_base(folder / "whole.funneldesk")) as db, db.read() as conn:
        wanted = content_sha256(conn)

    for number in outcome.numbers(count):
        path = clear(folder / "run") / "old.funneldesk"
        shutil.copy(first, path)

        def work(say: Say, path: Path = path) -> None:
            say("ready")
            open_database(path).close()
            say("done")

        ended = forked(work, kill_after=spread(rng, 0.01, 0.6))
        outcome.tried += 1
        outcome.count("upgraded before the kill", int("done" in ended.said))
        outcome.expect(inspect(path) in (1, SCHEMA), f"kill {number}: neither old nor new")
        with open_database(path) as db:
            found = bases.check(db)
        outcome.expect(found.problems == () and found.content_sha256 == wanted, f"kill {number}: not whole")
        outcome.expect(not list(path.parent.glob(".*.part*")), f"kill {number}: pieces of a copy are left")
    return outcome


def during_password(count: int, folder: Path) -> Outcome:
    """Kill a program that sets a password: base and copies are whole, and the next try brings all along."""
    outcome, rng = Outcome(), random.Random(9)
    content = sample(folder / "base.funneldesk", 20).content_sha256
    word = "eight letters and more"

    for number in outcome.numbers(count):
        path = clear(folder / "run") / "base.funneldesk"
        shutil.copy(folder / "base.funneldesk", path)
        with open_database(path) as db:
            beside = backups.make(db, backups.Why.ASKED).path
            elsewhere = folder / "run" / "elsewhere" / "copy.funneldesk"
            bases.back_up(db, elsewhere)

        def work(say: Say, path: Path = path) -> None:
            say("ready")
            passwords.set_password(path, word)
            say("done")

        ended = forked(work, kill_after=spread(rng, 0.02, 1.2))
        outcome.tried += 1
        outcome.count("protected before the kill", int("done" in ended.said))
        passwords.lock_all()  # nothing is known here of what was done there
        if passwords.needs_one(path):
            outcome.count("found protected")
            passwords.unlock(path, word)
        else:
            whole(outcome, number, [path], content)
            outcome.expect(passwords.set_password(path, word).all_along, f"kill {number}: a copy stayed")
        whole(outcome, number, [path], content)
        for copy in (beside, elsewhere):
            outcome.expect(passwords.needs_one(copy), f"kill {number}: {copy.name} can be read by all")
            place = clear(folder / "put back") / "base.funneldesk"
            bases.restore(copy, place)
            whole(outcome, number, [place], content)
        passwords.lock_all()
    return outcome
