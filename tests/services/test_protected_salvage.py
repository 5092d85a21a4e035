"""What is readable of a damaged base with a password comes into a new one under the same password."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from funneldesk.services import clients, mending, passwords
from funneldesk.store import cipher
from funneldesk.store import engine as sqlite_engine
from funneldesk.store.database import open_database
from tests.services.protected_kit import PASSWORD, content, make_base, readable, refused


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    passwords.lock_all()
    yield
    passwords.lock_all()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A closed base with a client, deals, and a backup beside it."""
    return make_base(tmp_path)


def test_a_changed_byte_is_seen_and_the_rest_is_saved(base: Path, tmp_path: Path) -> None:
    with open_database(base) as db:
        for number in range(300):
            clients.create_company(db, name=f"Client {number} of the town on the river")
    passwords.set_password(base, PASSWORD)
    with open_database(base, read_only=True) as db, db.read() as conn:
        root = int(conn.scalar(sa.text("SELECT rootpage FROM sqlite_master WHERE name = 'companies'")) or 0)
    spoilt = bytearray(base.read_bytes())
    spoilt[(root - 1) * cipher.PAGE + 100] ^= 1
    base.write_bytes(spoilt)
    result = mending.examine(base)
    assert result.beyond_repair
    assert f"page {root}" in result.problems[0][1]
    out = tmp_path / "saved.funneldesk"
    found = mending.salvage(base, out)
    assert found.kept["deal"] == 1
    assert readable(tmp_path) == []
    passwords.lock_all()
    passwords.unlock(out, PASSWORD)
    content(out)


@pytest.mark.parametrize("change", [False, True])
def test_without_its_first_page_it_is_saved_too(base: Path, tmp_path: Path, change: bool) -> None:
    before = content(base)
    passwords.set_password(base, PASSWORD)
    if change:  # what was written since lies in other pages
        with open_database(base) as db:
            for number in range(300):
                clients.create_company(db, name=f"Client {number} of the town on the river")
            db.compact()
        before = content(base)
    spoilt = bytearray(base.read_bytes())
    spoilt[200] ^= 1
    base.write_bytes(spoilt)
    out = tmp_path / "saved.funneldesk"
    found = mending.salvage(base, out)
    assert found.whole
    assert readable(tmp_path) == []
    assert content(out) == before


def _spoil(base: Path, *pages: int) -> None:
    spoilt = bytearray(base.read_bytes())
    for page in pages:
        spoilt[(page - 1) * cipher.PAGE + 200] ^= 1
    base.write_bytes(spoilt)


def _contents(base: Path) -> list[int]:
    """The pages of the table of contents below the first: without one it cannot be read to its end."""
    whole, found = base.read_bytes(), []
    for page in range(2, len(whole) // cipher.PAGE + 1):
        _spoil(base, page)
        try:
            with contextlib.closing(sqlite_engine.connect(base, read_only=True)) as con:
                con.execute("SELECT name, sql FROM sqlite_master").fetchall()
        except sqlite_engine.database_errors():
            found.append(page)
        base.write_bytes(whole)
    return found


@pytest.mark.parametrize("first", [True, False])
def test_without_a_page_of_its_contents_what_the_others_name_is_saved(
    base: Path, tmp_path: Path, first: bool
) -> None:
    passwords.set_password(base, PASSWORD)
    pages = _contents(base)
    assert len(pages) > 4
    saved = {}
    whole = base.read_bytes()
    for page in pages:
        base.write_bytes(whole)
        _spoil(base, page, *([1] if first else []))
        out = tmp_path / f"saved-{page}.funneldesk"
        found = mending.salvage(base, out)
        assert found.kept["company"] or "company" in (*found.more, *found.lost)
        saved[page] = found
        content(out)
    assert any(found.kept["deal"] and found.kept["company"] for found in saved.values())
    assert readable(tmp_path) == []


def test_many_damaged_pages_are_not_taken_for_a_wrong_password(base: Path) -> None:
    passwords.set_password(base, PASSWORD)
    spoilt = bytearray(base.read_bytes())
    for page in range(0, len(spoilt) // cipher.PAGE, 2):
        spoilt[page * cipher.PAGE + 200] ^= 1
    base.write_bytes(spoilt)
    passwords.lock_all()
    passwords.unlock(base, PASSWORD)
    refused("base.damaged", base)
