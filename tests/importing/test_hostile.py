"""Damaged and hostile files: no crash, no half import, no connection, a message in the user's language."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pytest

from funneldesk import text
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.deal import Deal
from funneldesk.domain.lead import Lead
from funneldesk.errors import UserError
from funneldesk.importing import child
from funneldesk.importing.child import Limits, read_file
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.guessing import guess_kind
from funneldesk.importing.memory import resident
from funneldesk.importing.scratch import throw_away
from funneldesk.importing.staging import Staging
from funneldesk.services import bases, imports
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from tests.importing import hostile, mutations

LIMITS = Limits()
_KINDS = {
    "company": Company,
    "person": Person,
    "contact_point": ContactPoint,
    "deal": Deal,
    "lead": Lead,
}
_PLANNED = 20_000  # rows; files with more are read and not planned here


@dataclass
class Outcomes:
    """How many files ended how; the slowest, the most memory a child took (bytes)."""

    ends: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    rows: int = 0
    biggest: ClassVar[int] = 0

    def __str__(self) -> str:
        return (
            f"{sum(self.ends.values())} files, {self.rows} rows planned; "
            f"longest {self.slowest[0]:.1f} s ({self.slowest[1]}), "
            f"biggest child {self.biggest / 1e6:.0f} MB; {dict(self.ends.most_common())}"
        )


def peak(pid: int) -> int:
    """The most memory that a living process has held since it was started, in bytes; 0 where nobody says.

    What the system tells of ended children (RUSAGE_CHILDREN) will not do: there a child counts for as much
    as its parent held at the fork, and this process has a whole suite behind it.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


@pytest.fixture(autouse=True)
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Note the peak of the reading child as often as its parent looks at it."""
    Outcomes.biggest = 0

    def look(pid: int) -> int:
        Outcomes.biggest = max(Outcomes.biggest, peak(pid))
        return resident(pid)

    monkeypatch.setattr(child, "resident", look)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    place = tmp_path_factory.mktemp("base") / "a.funneldesk"
    with bases.new_base(place, language="en", currency="EUR", zone="UTC") as opened:
        yield opened


def held(db: Database) -> dict[str, int]:
    with db.read() as conn:
        return {kind: len(select_records(conn, cls)) for kind, cls in _KINDS.items()}


def said(error: UserError, file: str) -> None:
    """The sentence of an error is there in every language, each in its own words, and names the file."""
    sentences = set()
    for language in ("en", "ru", "pl"):
        text.set_language(language)
        sentence = text.error_text(error)
        assert "{" not in sentence
        assert file in sentence
        sentences.add(sentence)
    text.set_language("en")
    assert len(sentences) == 3, sentences


def try_file(db: Database, name: str, data: bytes, folder: Path, outcomes: Outcomes) -> None:
    """Read, plan and import one file as the wizard would; say what became of it."""
    path = folder / "list.xls"
    path.write_bytes(data)
    started = time.monotonic()
    try:
        end = imported(db, path, folder, outcomes)
    except UserError as error:
        end = refused(error, path)
    took = time.monotonic() - started
    outcomes.ends[end] += 1
    outcomes.slowest = max(outcomes.slowest, (took, name))
    assert took < LIMITS.seconds + 10, name
    assert Outcomes.biggest <= LIMITS.memory, name


def refused(error: UserError, path: Path) -> str:
    """The code of an error that is said in three languages and leaves nothing behind."""
    said(error, path.name)
    assert error.params.get("reason") != "Forbidden"
    assert not list(path.parent.glob("staging*"))
    return error.code


def imported(db: Database, path: Path, folder: Path, outcomes: Outcomes) -> str:
    staging = folder / "staging"
    read_file(path, staging, limits=LIMITS)
    with closing(ImportFlow()) as flow:
        imports.prepare(db, flow)
        try:
            flow._opened(path.name, Staging(staging), None)
        except UserError:
            throw_away(staging)
            raise
        assert flow.table is not None
        if len(flow.table) > _PLANNED or len(flow.table.columns) > 300:
            throw_away(staging)
            return "read"
        flow.set_kind(guess_kind(flow.table.headers, [column[:200] for column in flow.table.columns]))
        flow.change_request(create_funnel=True)
        try:
            return into_base(db, flow, outcomes)
        finally:
            throw_away(staging)


def into_base(db: Database, flow: ImportFlow, outcomes: Outcomes) -> str:
    """All of the plan or nothing."""
    before = held(db)
    try:
        plan = imports.dry_run(db, flow)
        counts = plan.counts
        parts = ("created", "updated", "duplicates", "skipped", "rejected")
        assert counts["read"] == sum(counts[part] for part in parts) == len(flow.table or ())
        outcomes.rows += counts["read"]
        made = plan.records
        imports.run_import(db, flow)
    except UserError as error:
        assert held(db) == before
        return f"asked: {error.code}"
    after = held(db)
    assert {kind: after[kind] - before[kind] for kind in _KINDS} == {k: made.get(k, 0) for k in _KINDS}
    return "imported"


@pytest.mark.parametrize("name", [pytest.param(n, id=n) for n in list(hostile.SMALL)[::2]])
def test_a_hostile_file_ends_in_a_message_or_in_rows(name: str, base: Database, tmp_path: Path) -> None:
    try_file(base, name, hostile.HOSTILE[name](), tmp_path, Outcomes())


def test_damaged_files_end_in_a_message_or_in_rows(base: Database, tmp_path: Path) -> None:
    outcomes = Outcomes()
    for seed in range(7, 7 + 30 * 89, 89):
        try_file(base, *mutations.damaged(seed, tmp_path), tmp_path, outcomes)
    print(f"\n{outcomes}")
    assert bases.check(base).problems == ()


@pytest.mark.heavy
def test_three_thousand_hostile_and_damaged_files(base: Database, tmp_path: Path) -> None:
    outcomes = Outcomes()
    for name, make in hostile.HOSTILE.items():
        try_file(base, name, make(), tmp_path, outcomes)
    for seed in range(3000 - len(hostile.HOSTILE)):
        try_file(base, *mutations.damaged(seed, tmp_path), tmp_path, outcomes)
        if not seed % 200:
            print(f"\n{outcomes}", flush=True)
    print(f"\n{outcomes}")
    assert bases.check(base).problems == ()


def test_the_child_may_neither_connect_nor_start_programs(tmp_path: Path) -> None:
    import subprocess

    said = subprocess.run(
        [sys.executable, "-c", _TRIES], capture_output=True, text=True, check=True, timeout=300
    )
    assert said.stdout.split() == ["Forbidden"] * 4


_TRIES = """
import os, socket, subprocess
from funneldesk.importing.child import forbid
def connect(): socket.create_connection(("127.0.0.1", 9))
def name(): socket.getaddrinfo("localhost", 80)
def program(): subprocess.run(["true"])
def shell(): os.system("true")
forbid()
for attempt in (connect, name, program, shell):
    try:
        attempt()
        print("done")
    except BaseException as error:
        print(type(error).__name__)
"""
