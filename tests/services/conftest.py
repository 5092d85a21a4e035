"""A small base with a funnel, managers and clients, and the one way every service is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.change import Change
from funneldesk.domain.funnel import Stage
from funneldesk.services import bases, clients, history, team
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records

Step = Callable[[], Change]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Funnel "General sale" (1), managers Ann (1) and Bob (2), a company (1) with a person (1)."""
    with bases.new_base(
        tmp_path / "base.funneldesk", template="general", language="en", currency="EUR", zone="UTC"
    ) as base:
        team.add_manager(base, "Ann")
        team.add_manager(base, "Bob")
        clients.create_company(
            base, name="Acme Ltd", contacts=[("phone", "+48 22 000 12 34"), ("email", "INFO@acme.example")]
        )
        clients.create_person(base, name="Eva Lark", company_id=1)
        yield base


def content(db: Database) -> str:
    """The hash of the content; the base must be sound."""
    result = bases.check(db)
    assert result.problems == ()
    return result.content_sha256


def records(db: Database, cls: type[Any]) -> list[Any]:
    """All records of a kind."""
    with db.read() as conn:
        return select_records(conn, cls)


@pytest.fixture
def both_ways(db: Database) -> Callable[[Step], Change]:
    """Runs a step, takes it back, does it again: the content must be that of before, and of after."""

    def run(step: Step) -> Change:
        before = content(db)
        change = step()
        assert change.edits, "the step wrote nothing"
        after = content(db)
        assert after != before
        history.undo(db)
        assert content(db) == before
        history.redo(db)
        assert content(db) == after
        return change

    return run


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A base without anything."""
    with bases.new_base(tmp_path / "empty.funneldesk", language="en", currency="EUR", zone="UTC") as base:
        yield base


@pytest.fixture
def stage_name(db: Database) -> str:
    """What the second stage of the base is called."""
    return str(records(db, Stage)[1].name)
