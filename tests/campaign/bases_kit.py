"""Bases for the campaign, and how they are looked at after something was done to them."""

from __future__ import annotations

import gzip
import shutil
import time
from pathlib import Path

from funneldesk.resources import resource_path
from funneldesk.services import bases, demo
from funneldesk.store.check import CheckResult
from funneldesk.store.database import Database, open_database
from tests.campaign.outcome import Outcome

NOW = 1_774_000_000_000_000


def sample(path: Path, deals: int) -> CheckResult:
    """A base of made-up deals, closed; what its checks say."""
    with bases.new_base(path, language="en", currency="EUR", zone="UTC") as db:
        demo.make_sample(db, deals=deals, language="en", now=NOW)
        return bases.check(db)


def old_base(path: Path) -> Path:
    """The kept base of the first schema."""
    packed = resource_path("samples", "schema-1.funneldesk.gz")
    path.write_bytes(gzip.decompress(packed.read_bytes()))
    return path


def clear(folder: Path) -> Path:
    """An empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def reopened(path: Path, outcome: Outcome) -> Database:
    """The base, which must open within two seconds; its first write waits for the check beside it."""
    begun = time.monotonic()
    db = open_database(path)
    took = time.monotonic() - begun
    outcome.most("slowest opening, s", took)
    outcome.expect(took < 2, f"opening took {took:.1f} s")
    return db
