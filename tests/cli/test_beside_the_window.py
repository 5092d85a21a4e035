"""The command line while a window holds the base: what only reads goes on, what writes is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funneldesk.services import bases, clients
from tests.cli.kit import Run, sheet

READ = (
    ("import", "LIST", "--as", "clients", "--dry-run"),
    ("waiting",),
    ("imports",),
    ("undo", "--entry", "1", "--dry-run"),
    ("journal",),
    ("rates",),
    ("check",),
    ("report", "stage-funnel"),
)
WRITE = (
    ("import", "LIST", "--as", "clients"),
    ("import", "LIST", "--as", "clients", "--dry-run", "--save-mapping", "mine"),
    ("waiting", "--drop"),
    ("undo",),
    ("undo", "--entry", "1"),
    ("redo",),
    ("rates", "--set", "USD", "2026-03-01", "90"),
    ("check", "--repair"),
)


@pytest.fixture
def held(base: Path) -> Iterator[None]:
    """The base has changes to look back at, and is open for writing."""
    with bases.new_base(base, template="general", currency="PLN", zone="Europe/Warsaw") as db:
        clients.create_company(db, name="First")
        clients.create_company(db, name="Second")
        yield


@pytest.mark.usefixtures("held")
def test_what_only_reads_goes_on_and_what_writes_is_refused(base: Path, run: Run, tmp_path: Path) -> None:
    file = sheet(tmp_path / "list.csv", "company;phone\nAlder;+48 600 100 200\n")
    before = base.read_bytes()
    refused = {
        words: "is open in another" in run(*(file if word == "LIST" else word for word in words))[2]
        for words in (*READ, *WRITE)
    }
    assert refused == {**dict.fromkeys(READ, False), **dict.fromkeys(WRITE, True)}
    assert base.read_bytes() == before
