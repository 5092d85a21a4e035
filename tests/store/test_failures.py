"""Locked, full, damaged, forbidden and a disk that fails are told apart."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from funneldesk.store.engine import sqlite_module
from funneldesk.store.failures import told_as
from funneldesk.text import ERRORS

WORDS = {
    "database or disk is full": "base.full",
    "disk I/O error": "base.disk",
    "database is locked": "base.busy",
    "database disk image is malformed": "base.damaged",
    "file is not a database": "base.damaged",
    'fts5: corruption found reading blob 10 from table "search_index"': "base.damaged",
    "vtable constructor failed: search_index": "base.damaged",
    "attempt to write a readonly database": "base.read_only",
}


@pytest.mark.parametrize("words", WORDS)
def test_what_sqlite_says_becomes_a_sentence_of_its_own(tmp_path: Path, words: str) -> None:
    found = told_as(sqlite_module().OperationalError(words), tmp_path / "b.funneldesk")
    assert found is not None and found.code == WORDS[words]
    assert found.code in ERRORS


def test_a_disk_without_room_that_fails_is_called_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1_000))
    found = told_as(sqlite_module().OperationalError("disk I/O error"), tmp_path / "b.funneldesk")
    assert found is not None and found.code == "base.full"


def test_a_bug_is_none_of_them(tmp_path: Path) -> None:
    assert told_as(sqlite_module().OperationalError("no such column: x"), tmp_path) is None
