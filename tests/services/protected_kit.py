"""A base that gets a password: how it is made, opened and looked through."""

from __future__ import annotations

from pathlib import Path

import pytest

from funneldesk.errors import UserError
from funneldesk.services import backups, bases, clients, deals, passwords
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import open_database

NAME, PASSWORD, OTHER = "Zyzzyva Holdings", "Łódź is 8 letters", "quite another one"


def make_base(folder: Path) -> Path:
    """A closed base with a client, a deal, and a backup beside it."""
    place = folder / "base.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as db:
        clients.create_company(db, name=NAME)
        deals.create(db, NewDeal("First", company_id=1, amount=1_000), funnel_id=1)
        backups.make(db, backups.Why.ASKED)
    return place


def content(place: Path) -> str:
    with open_database(place, read_only=True) as db:
        result = bases.check(db, thorough=True)
    assert result.problems == ()
    return result.content_sha256


def readable(folder: Path) -> list[str]:
    """The files under a folder in which the client's name, or anything of SQLite, can be read."""
    signs = (NAME.encode(), NAME.lower().encode(), b"SQLite format 3", b"CREATE TABLE")
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(sign in path.read_bytes() for sign in signs)]


def _opened(place: Path, password: str | None) -> None:
    if password is not None:
        passwords.unlock(place, password)
    open_database(place)


def refused(code: str, place: Path, password: str | None = None) -> None:
    with pytest.raises(UserError) as told:
        _opened(place, password)
    assert told.value.code == code
